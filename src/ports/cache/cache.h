/* The cache: what may be forgotten at any time, kept to be found quickly.
 *
 *     static enum err make_prices(struct ctx *ctx, void *arg, struct str *value) { … }
 *
 *     TRY(cache_fetch(ports->cache, ctx, STR("prices:eur"), 60000, make_prices, shop, &json));
 *
 *     if (!cache_get(cache, ctx, key, &value))            a miss; or by hand
 *         cache_put(cache, ctx, key, value, 60000);
 *     cache_drop(cache, ctx, key);
 *
 *     if (cache_count(cache, ctx, STR("sign_in:192.0.2.1"), 1, 60000) > 10)
 *         return err_fail(&ctx->err, ERR_RATE, …);
 *
 * A cache never fails: where its engine is away, a get is a miss, a put is dropped, and a count
 * goes on in this process alone. So what is dropped while the engine is away may be seen again
 * until its time is over: nothing that has to be right stands in a cache.
 *
 * To drop many keys at once, keep them in a group:
 *
 *     TRY(cache_group_key(cache, ctx, STR("prices"), STR("eur"), &key));     then as any other key
 *     cache_group_drop(cache, ctx, STR("prices"));
 *
 * A value is copied into ctx->arena; keys and values are bytes. One that is too large is not kept.
 * Times are by the wall's clock. Any thread may call. */
#ifndef STOA_PORTS_CACHE_CACHE_H
#define STOA_PORTS_CACHE_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/counter.h"
#include "base/ctx.h"
#include "base/str.h"

enum {
    CACHE_KEY_MAX = 512,
    CACHE_GROUP_MAX = CACHE_KEY_MAX - 2, /* and of a count's key */
    CACHE_VALUE_MAX = 1 << 20,           /* less where memory: has less than 64M */
    CACHE_STALE_MAX_MS = 60000,      /* beyond its time, or as long again: while another is made */
    CACHE_WAIT_MS = 3000,            /* for one who makes the same value */
    CACHE_SIZE_MIN = 1 << 20,        /* of memory: */
    CACHE_REDIS_CONNECTIONS = 16,    /* opened when needed */
    CACHE_REDIS_COMMAND_MS = 250,    /* connecting is one, too */
    CACHE_REDIS_PAUSE_MS = 100,      /* before it is tried again; doubles */
    CACHE_REDIS_PAUSE_MAX_MS = 5000, /* up to this */
};

#define CACHE_SIZE_PRESET (INT64_C(64) << 20)
#define CACHE_TTL_MAX_MS  (INT64_C(30) * 24 * 3600 * 1000)

struct cache; /* opened once a process */

struct cache_options {
    struct str url; /* "memory:", "memory:?size=64M", "redis://[user:password@]host[:port][/db]" */
    struct counter_registry *counters; /* may be NULL; outlives the cache */
};

/* Opens it; Redis is reached by the first that needs it. ERR_INPUT with the field CACHE_URL for a
 * URL that cannot be. */
enum err cache_open(struct ctx *ctx, const struct cache_options *options, struct cache **opened);
void cache_close(struct cache *cache); /* nobody is inside any more */

bool cache_get(struct cache *cache, struct ctx *ctx, struct str key, struct str *value);
void cache_put(struct cache *cache, struct ctx *ctx, struct str key, struct str value,
               int64_t ttl_ms);

/* Also what is being made of it just now in this process is not kept. */
void cache_drop(struct cache *cache, struct ctx *ctx, struct str key);

/* Adds to the key's count and returns it. The count begins at 0 with the first addition, and again
 * window_ms later. Its key is another than that of a value. */
int64_t cache_count(struct cache *cache, struct ctx *ctx, struct str key, int64_t by,
                    int64_t window_ms);

/* The key's name in a group, in ctx->arena: "prices:5f3a…:eur", whose number is the group's and is
 * found in the cache. That is one look more than the key alone (with Redis one way there and back),
 * and up to 15 bytes. It is good until the group is dropped, so ask anew in each request. A group
 * may be in another: its name is then what this gave. Fails for want of memory alone. */
enum err cache_group_key(struct cache *cache, struct ctx *ctx, struct str group, struct str key,
                         struct str *in_group);

/* Gives the group another number: one command, however many keys there are. What stands under the
 * old number is never found again, also what is being made of it just now; it takes its room until
 * its time is over or the engine needs the room. A number that the engine forgot, 30 days after
 * the group began at the latest, drops the group. */
void cache_group_drop(struct cache *cache, struct ctx *ctx, struct str group);

/* Whether the engine answers, for who looks after it; changes nothing in it. */
enum err cache_reach(struct cache *cache, struct ctx *ctx);

/* Makes the value, in ctx->arena. */
typedef enum err cache_make(struct ctx *ctx, void *arg, struct str *value);

/* What is kept, or else what `make` makes of it, which is then kept. Of those in this process who
 * want the same at the same time one makes it. The others take what was kept before, for up to
 * CACHE_STALE_MAX_MS beyond its time, or wait for CACHE_WAIT_MS and are told the same, an error
 * too; then they make their own. Where make fails and there is an old value, that is taken. */
enum err cache_fetch(struct cache *cache, struct ctx *ctx, struct str key, int64_t ttl_ms,
                     cache_make *make, void *arg, struct str *value);

#endif
