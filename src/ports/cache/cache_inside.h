/* What the files of the cache share: the engine, the counters, and the desks where those meet who
 * want the same value. Private to ports/cache.
 *
 *     if (cache_look(cache, ctx, key, now_us, &item) && item.fresh_until_us > now_us)
 *         … */
#ifndef STOA_PORTS_CACHE_CACHE_INSIDE_H
#define STOA_PORTS_CACHE_CACHE_INSIDE_H

#include "base/thread.h"
#include "ports/cache/driver.h"

enum { CACHE_DESKS = 16 };

struct cache_making;

/* Where those meet who want the same value: a desk for some of the keys. */
struct cache_desk {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct cache_making *first; /* under the lock */
};

struct cache {
    const struct cache_driver *driver;
    struct cache_engine *engine;
    struct counter hits, misses, makes, waits;
    struct cache_desk desks[CACHE_DESKS];
};

void cache_desks_init(struct cache *cache);
void cache_desks_release(struct cache *cache);

/* What is being made of the key just now is not kept. */
void cache_desk_drop(struct cache *cache, struct str key);

/* True where it is there; it may be stale. */
bool cache_look(struct cache *cache, struct ctx *ctx, struct str key, int64_t now_us,
                struct cache_item *item);

/* Keeps it for stale_ms beyond its time. */
void cache_keep(struct cache *cache, struct ctx *ctx, struct str key, struct str value,
                int64_t ttl_ms, int64_t stale_ms);

#endif
