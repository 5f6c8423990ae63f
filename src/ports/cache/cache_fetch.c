/* Makes what is not kept: one makes, the others wait for it or take what is old. */
#include <string.h>
#include <time.h>

#include "base/hash.h"
#include "base/log.h"
#include "ports/cache/cache_inside.h"

/* A value that is being made; on the stack of its maker. Under the desk's lock. */
struct cache_making {
    struct cache_making *next;
    struct str key;
    bool done, dropped;
    int waiting; /* who still look at it: the maker stays for them */
    enum err err;
    struct str value;
    const struct err_record *why;
};

void cache_desks_init(struct cache *cache)
{
    for (size_t i = 0; i < CACHE_DESKS; i++) {
        pthread_mutex_init(&cache->desks[i].lock, NULL);
        thread_cond_init(&cache->desks[i].changed);
    }
}

void cache_desks_release(struct cache *cache)
{
    for (size_t i = 0; i < CACHE_DESKS; i++) {
        pthread_cond_destroy(&cache->desks[i].changed);
        pthread_mutex_destroy(&cache->desks[i].lock);
    }
}

static struct cache_desk *desk_of(struct cache *cache, struct str key)
{
    static const struct hash_key any = {0, 0};
    return &cache->desks[hash_str(&any, key) % CACHE_DESKS];
}

/* Who is at work on the key, or NULL. Under the lock. */
static struct cache_making *find(const struct cache_desk *desk, struct str key)
{
    struct cache_making *at = desk->first;
    while (at && !str_equal(at->key, key))
        at = at->next;
    return at;
}

void cache_desk_drop(struct cache *cache, struct str key)
{
    struct cache_desk *desk = desk_of(cache, key);
    pthread_mutex_lock(&desk->lock);
    struct cache_making *making = find(desk, key);
    if (making)
        making->dropped = true;
    pthread_mutex_unlock(&desk->lock);
}

/* Puts it on the desk unless the key is there already: then gives that. Under the lock. */
static struct cache_making *begin(struct cache_desk *desk, struct cache_making *making)
{
    struct cache_making *other = find(desk, making->key);
    if (other)
        return other;
    making->next = desk->first;
    desk->first = making;
    return NULL;
}

static void take_off(struct cache_desk *desk, const struct cache_making *making)
{
    struct cache_making **at = &desk->first;
    while (*at != making)
        at = &(*at)->next;
    *at = making->next;
}

/* The others copy what was made out of the maker's arena, or its failure; then it is gone. */
static void finish(struct cache_desk *desk, struct cache_making *making)
{
    pthread_mutex_lock(&desk->lock);
    take_off(desk, making);
    making->done = true;
    pthread_cond_broadcast(&desk->changed);
    while (making->waiting)
        pthread_cond_wait(&desk->changed, &desk->lock);
    pthread_mutex_unlock(&desk->lock);
}

/* What the maker ran out of is its own; all else would be the same again. */
static bool is_own(enum err err)
{
    return err == ERR_TIMEOUT || err == ERR_MEMORY;
}

/* What waiting came to. Again: the maker ran out of something, another is to be the maker. Tired:
 * it took too long. */
enum outcome { TAKEN, AGAIN, TIRED };

/* Under the lock. */
static enum outcome take_result(struct ctx *ctx, const struct cache_making *making, enum err *err,
                                struct str *value)
{
    if (!making->done)
        return TIRED;
    if (is_own(making->err))
        return AGAIN;
    *err = making->err;
    if (making->err)
        ctx->err = *making->why;
    else if (str_copy(ctx->arena, making->value, value))
        *err = err_memory(&ctx->err);
    return TAKEN;
}

static int64_t end_of_wait_us(const struct ctx *ctx)
{
    struct clock clock = clock_system();
    int64_t wait_us = CACHE_WAIT_MS * INT64_C(1000);
    int64_t left_us = ctx->deadline_us - clock_tick_us(ctx->clock);
    if (ctx->deadline_us && left_us < wait_us)
        wait_us = left_us > 0 ? left_us : 0;
    return clock_tick_us(&clock) + wait_us;
}

/* Under the lock, which is held again when it returns. */
static enum outcome wait_for(struct cache_desk *desk, struct ctx *ctx, struct cache_making *making,
                             int64_t until_us, enum err *err, struct str *value)
{
    making->waiting++;
    while (!making->done && thread_cond_wait(&desk->changed, &desk->lock, until_us))
        ;
    enum outcome outcome = take_result(ctx, making, err, value);
    making->waiting--;
    pthread_cond_broadcast(&desk->changed);
    return outcome;
}

/* One fetch. */
struct fetching {
    struct cache *cache;
    struct ctx *ctx;
    struct str key;
    int64_t ttl_ms;
    cache_make *make;
    void *arg;
    struct cache_item old;
    bool has_old;
};

static int64_t choose_stale_ms(int64_t ttl_ms)
{
    return ttl_ms < CACHE_STALE_MAX_MS ? ttl_ms : CACHE_STALE_MAX_MS;
}

static enum err make_alone(const struct fetching *fetching, struct str *value)
{
    counter_add(&fetching->cache->makes, 1);
    return fetching->make(fetching->ctx, fetching->arg, value);
}

static bool was_dropped(struct cache_desk *desk, const struct cache_making *making)
{
    pthread_mutex_lock(&desk->lock);
    bool dropped = making->dropped;
    pthread_mutex_unlock(&desk->lock);
    return dropped;
}

/* Another may have made it between our look and our turn. */
static bool is_there_now(const struct fetching *fetching, struct str *value)
{
    struct cache_item item;
    int64_t now_us = clock_now_us(fetching->ctx->clock);
    if (!cache_look(fetching->cache, fetching->ctx, fetching->key, now_us, &item) ||
        item.fresh_until_us <= now_us)
        return false;
    *value = item.value;
    return true;
}

/* A drop that comes between the look and the put is undone by the put: hence a second look. */
static enum err make_and_keep(const struct fetching *fetching, struct cache_desk *desk,
                              const struct cache_making *making, struct str *value)
{
    struct cache *cache = fetching->cache;
    TRY(make_alone(fetching, value));
    if (was_dropped(desk, making))
        return ERR_OK;
    cache_keep(cache, fetching->ctx, fetching->key, *value, fetching->ttl_ms,
               choose_stale_ms(fetching->ttl_ms));
    if (was_dropped(desk, making))
        cache->driver->drop(cache->engine, fetching->ctx, fetching->key);
    return ERR_OK;
}

static enum err make_for_all(const struct fetching *fetching, struct cache_desk *desk,
                             struct cache_making *making, struct str *value)
{
    if (!is_there_now(fetching, value))
        making->err = make_and_keep(fetching, desk, making, value);
    making->why = &fetching->ctx->err;
    making->value = *value; /* nobody looks at it behind an err */
    finish(desk, making);
    return making->err;
}

/* TAKEN, with the result; AGAIN: `mine` is on the desk; TIRED. */
static enum outcome take_turn(const struct fetching *fetching, struct cache_desk *desk,
                              struct cache_making *mine, enum err *err, struct str *value)
{
    int64_t until_us = end_of_wait_us(fetching->ctx);
    enum outcome outcome = AGAIN;
    pthread_mutex_lock(&desk->lock);
    for (struct cache_making *other; outcome == AGAIN && (other = begin(desk, mine));) {
        if (fetching->has_old) {
            *value = fetching->old.value;
            outcome = TAKEN;
        } else {
            counter_add(&fetching->cache->waits, 1);
            outcome = wait_for(desk, fetching->ctx, other, until_us, err, value);
        }
    }
    pthread_mutex_unlock(&desk->lock);
    return outcome;
}

static enum err make_or_wait(const struct fetching *fetching, struct str *value)
{
    struct cache_making mine = {.key = fetching->key};
    struct cache_desk *desk = desk_of(fetching->cache, fetching->key);
    enum err err = ERR_OK;
    switch (take_turn(fetching, desk, &mine, &err, value)) {
    case AGAIN:
        return make_for_all(fetching, desk, &mine, value);
    case TIRED:
        TRY(ctx_check_deadline(fetching->ctx));
        return make_alone(fetching, value);
    case TAKEN:
    default:
        return err;
    }
}

enum err cache_fetch(struct cache *cache, struct ctx *ctx, struct str key, int64_t ttl_ms,
                     cache_make *make, void *arg, struct str *value)
{
    struct fetching fetching = {
        .cache = cache, .ctx = ctx, .key = key, .ttl_ms = ttl_ms, .make = make, .arg = arg};
    int64_t now_us = clock_now_us(ctx->clock);
    fetching.has_old = cache_look(cache, ctx, key, now_us, &fetching.old);
    bool fresh = fetching.has_old && fetching.old.fresh_until_us > now_us;
    counter_add(fresh ? &cache->hits : &cache->misses, 1);
    *value = fetching.old.value;
    if (fresh)
        return ERR_OK;
    enum err err = make_or_wait(&fetching, value);
    if (!err || !fetching.has_old)
        return err;
    log_failure_rarely(ctx, "what the cache has is old and cannot be made anew");
    *value = fetching.old.value;
    return ERR_OK;
}
