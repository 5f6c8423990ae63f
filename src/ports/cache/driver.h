/* What an engine does for the cache. Private to ports/cache: a driver fills this table, cache.c and
 * cache_fetch.c call it.
 *
 *     struct cache_item item;
 *     if (driver->get(engine, ctx, key, now_us, &item) == ERR_OK)
 *         …
 *
 * Errors are codes alone: nobody is told of them. Whoever loses its engine logs that once. */
#ifndef STOA_PORTS_CACHE_DRIVER_H
#define STOA_PORTS_CACHE_DRIVER_H

#include "ports/cache/cache.h"

struct cache_engine;

/* A value and its times, by the wall's clock. */
struct cache_item {
    struct str value;
    int64_t fresh_until_us;
    int64_t keep_until_us; /* of put alone */
};

/* What is added to a count, and what the count begins at where there is none. */
struct cache_step {
    int64_t by, first;
    int64_t window_ms;
};

struct cache_driver {
    const char *scheme; /* "memory" */

    enum err (*open)(struct ctx *ctx, const struct cache_options *options,
                     struct cache_engine **engine);
    void (*close)(struct cache_engine *engine);

    /* Into ctx->arena, whether it is fresh or not. ERR_MISSING: there is none. */
    enum err (*get)(struct cache_engine *engine, struct ctx *ctx, struct str key, int64_t now_us,
                    struct cache_item *item);
    enum err (*put)(struct cache_engine *engine, struct ctx *ctx, struct str key, int64_t now_us,
                    const struct cache_item *item);
    enum err (*drop)(struct cache_engine *engine, struct ctx *ctx, struct str key);
    enum err (*count)(struct cache_engine *engine, struct ctx *ctx, struct str key, int64_t now_us,
                      const struct cache_step *step, int64_t *count);
};

extern const struct cache_driver cache_memory, cache_redis;

/* Those that this program has, ended by NULL. Each program defines it: app/wiring.c. */
extern const struct cache_driver *const cache_drivers[];

#endif
