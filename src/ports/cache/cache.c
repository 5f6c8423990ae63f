/* Opens the cache by its URL, and looks, puts, drops and counts in it. */
#include "ports/cache/cache.h"

#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "base/buf.h"
#include "base/mem.h"
#include "ports/cache/cache_inside.h"

enum { MARK_LEN = CACHE_KEY_MAX - CACHE_GROUP_MAX, NUMBER_ROOM = 32 };

#define GROUP_FIRST_MAX (UINT64_C(1) << 52) /* with drops still whole in a double, as Lua has it */

static const struct cache_driver *find_driver(struct str url)
{
    struct str scheme;
    if (str_find_char(url, ':') == STR_NONE || !str_cut(&url, ':', &scheme))
        return NULL;
    for (size_t i = 0; cache_drivers[i]; i++)
        if (str_equal(scheme, str_from(cache_drivers[i]->scheme)))
            return cache_drivers[i];
    return NULL;
}

static void count_in(struct cache *cache, struct counter_registry *counters)
{
    if (!counters)
        return;
    counter_register(counters, &cache->hits, COUNTER_TOTAL, "cache_hits_total",
                     "Values that were found in the cache.");
    counter_register(counters, &cache->misses, COUNTER_TOTAL, "cache_misses_total",
                     "Values that were not.");
    counter_register(counters, &cache->makes, COUNTER_TOTAL, "cache_makes_total",
                     "Values that were made to be kept.");
    counter_register(counters, &cache->waits, COUNTER_TOTAL, "cache_waits_total",
                     "Waits for a value that another made.");
}

enum err cache_open(struct ctx *ctx, const struct cache_options *options, struct cache **opened)
{
    const struct cache_driver *driver = find_driver(options->url);
    if (!driver)
        return err_input(&ctx->err, "CACHE_URL",
                         "must begin with memory: or redis: as in redis://127.0.0.1:6379/0");
    struct cache *cache = mem_alloc(sizeof *cache);
    if (!cache)
        return err_memory(&ctx->err);
    cache->driver = driver;
    enum err err = driver->open(ctx, options, &cache->engine);
    if (err) {
        mem_free(cache);
        return err;
    }
    cache_desks_init(cache);
    count_in(cache, options->counters);
    *opened = cache;
    return ERR_OK;
}

void cache_close(struct cache *cache)
{
    cache->driver->close(cache->engine);
    cache_desks_release(cache);
    mem_free(cache);
}

bool cache_look(struct cache *cache, struct ctx *ctx, struct str key, int64_t now_us,
                struct cache_item *item)
{
    return key.len <= CACHE_KEY_MAX &&
           cache->driver->get(cache->engine, ctx, key, now_us, item) == ERR_OK;
}

bool cache_get(struct cache *cache, struct ctx *ctx, struct str key, struct str *value)
{
    struct cache_item item;
    int64_t now_us = clock_now_us(ctx->clock);
    bool hit = cache_look(cache, ctx, key, now_us, &item) && item.fresh_until_us > now_us;
    counter_add(hit ? &cache->hits : &cache->misses, 1);
    if (hit)
        *value = item.value;
    return hit;
}

void cache_keep(struct cache *cache, struct ctx *ctx, struct str key, struct str value,
                int64_t ttl_ms, int64_t stale_ms)
{
    int64_t now_us = clock_now_us(ctx->clock);
    struct cache_item item = {.value = value,
                              .fresh_until_us = now_us + ttl_ms * 1000,
                              .keep_until_us = now_us + (ttl_ms + stale_ms) * 1000};
    ASSERT(ttl_ms > 0 && ttl_ms <= CACHE_TTL_MAX_MS);
    if (key.len > CACHE_KEY_MAX)
        return;
    if (value.len <= CACHE_VALUE_MAX)
        cache->driver->put(cache->engine, ctx, key, now_us, &item);
    else
        cache->driver->drop(cache->engine, ctx, key);
}

void cache_put(struct cache *cache, struct ctx *ctx, struct str key, struct str value,
               int64_t ttl_ms)
{
    cache_keep(cache, ctx, key, value, ttl_ms, 0);
}

void cache_drop(struct cache *cache, struct ctx *ctx, struct str key)
{
    cache_desk_drop(cache, key);
    if (key.len <= CACHE_KEY_MAX)
        cache->driver->drop(cache->engine, ctx, key);
}

/* Counts under the mark, which keeps what is counted apart from values and from other marks. No
 * value's key begins so unless it is meant to. Gives `otherwise` where that cannot be. */
static int64_t count_marked(struct cache *cache, struct ctx *ctx, char mark, struct str key,
                            const struct cache_step *step, int64_t otherwise)
{
    char bytes[CACHE_KEY_MAX] = {mark, '\0'};
    int64_t count;
    ASSERT(key.len <= CACHE_GROUP_MAX);
    memcpy(bytes + MARK_LEN, key.ptr, key.len);
    struct str marked = str_make(bytes, MARK_LEN + key.len);
    enum err err = cache->driver->count(cache->engine, ctx, marked, clock_now_us(ctx->clock), step,
                                        &count);
    return err ? otherwise : count;
}

int64_t cache_count(struct cache *cache, struct ctx *ctx, struct str key, int64_t by,
                    int64_t window_ms)
{
    const struct cache_step step = {.by = by, .window_ms = window_ms};
    ASSERT(window_ms > 0 && window_ms <= CACHE_TTL_MAX_MS);
    return count_marked(cache, ctx, '#', key, &step, by);
}

/* A number that was forgotten begins anew at random: what was kept under an earlier one must not
 * be found again. */
static int64_t count_group(struct cache *cache, struct ctx *ctx, struct str group, int64_t by)
{
    const struct cache_step step = {.by = by,
                                    .first = (int64_t)rand_below(ctx->rand, GROUP_FIRST_MAX),
                                    .window_ms = CACHE_TTL_MAX_MS};
    return count_marked(cache, ctx, '@', group, &step, step.first);
}

enum err cache_group_key(struct cache *cache, struct ctx *ctx, struct str group, struct str key,
                         struct str *in_group)
{
    struct buf bytes;
    int64_t number = count_group(cache, ctx, group, 0);
    buf_init(&bytes, ctx->arena, group.len + key.len + NUMBER_ROOM);
    buf_addf(&bytes, STR_FMT ":%" PRIx64 ":" STR_FMT, STR_ARG(group), (uint64_t)number,
             STR_ARG(key));
    *in_group = buf_str(&bytes);
    return buf_err(&bytes) ? err_memory(&ctx->err) : ERR_OK;
}

void cache_group_drop(struct cache *cache, struct ctx *ctx, struct str group)
{
    count_group(cache, ctx, group, 1);
}

enum err cache_reach(struct cache *cache, struct ctx *ctx)
{
    struct cache_item item;
    enum err err = cache->driver->get(cache->engine, ctx, STR("reach"), clock_now_us(ctx->clock),
                                      &item);
    if (err == ERR_OK || err == ERR_MISSING)
        return ERR_OK;
    return err_fail(&ctx->err, err, "The cache does not answer.",
                    err == ERR_TIMEOUT ? "there was no answer within %d ms"
                                       : "nothing that speaks Redis and lets us in answers there "
                                         "(a command has %d ms)",
                    CACHE_REDIS_COMMAND_MS);
}
