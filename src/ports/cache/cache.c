/* Opens the cache by its URL, and looks, puts, drops and counts in it. */
#include "ports/cache/cache.h"

#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "ports/cache/cache_inside.h"

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

int64_t cache_count(struct cache *cache, struct ctx *ctx, struct str key, int64_t by,
                    int64_t window_ms)
{
    static const char mark[] = {'#', '\0'}; /* no value's key begins so unless it is meant to */
    char bytes[CACHE_KEY_MAX];
    int64_t count = by;
    ASSERT(window_ms > 0 && window_ms <= CACHE_TTL_MAX_MS);
    ASSERT(key.len <= sizeof bytes - sizeof mark);
    memcpy(bytes, mark, sizeof mark);
    memcpy(bytes + sizeof mark, key.ptr, key.len);
    if (cache->driver->count(cache->engine, ctx, str_make(bytes, sizeof mark + key.len),
                             clock_now_us(ctx->clock), by, window_ms, &count))
        return by;
    return count;
}
