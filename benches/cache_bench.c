/* The cache in memory: a get of 100 bytes by a key of 20, beside a mutex and a copy alone. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "ports/cache/cache.h"

enum { KEYS = 1024, KEY_LEN = 20, VALUE_LEN = 100, GETS = 64, MEMORY_MAX = 1 << 20 };

#define TTL_MS (INT64_C(24) * 3600 * 1000)

struct bench_cache {
    struct cache *cache;
    struct arena arena;
    struct clock clock;
    struct rand rand;
    struct ctx ctx;
    pthread_mutex_t lock;
    size_t next;
    char keys[KEYS][KEY_LEN + 1], values[KEYS][VALUE_LEN];
};

static void get_once(void *state)
{
    struct bench_cache *b = state;
    arena_clear(&b->arena);
    for (int i = 0; i < GETS; i++) {
        struct str value, key = str_make(b->keys[b->next++ % KEYS], KEY_LEN);
        if (!cache_get(b->cache, &b->ctx, key, &value) || value.len != VALUE_LEN)
            abort(); /* all were put, and fit */
    }
}

static void copy_once(void *state)
{
    struct bench_cache *b = state;
    arena_clear(&b->arena);
    for (int i = 0; i < GETS; i++) {
        char *copy = arena_bytes(&b->arena, VALUE_LEN);
        if (!copy)
            abort();
        pthread_mutex_lock(&b->lock);
        memcpy(copy, b->values[b->next++ % KEYS], VALUE_LEN);
        pthread_mutex_unlock(&b->lock);
        __asm__ volatile("" : : "r"(copy) : "memory");
    }
}

static double ours(void *state, int64_t round_us)
{
    return bench_loop(get_once, state, round_us) * GETS;
}

static double bare(void *state, int64_t round_us)
{
    return bench_loop(copy_once, state, round_us) * GETS;
}

static const struct bench_figure figures[] = {
    {"cache_get", BENCH_PER_SECOND, {{"stoa", ours}, {"mutex and copy", bare}}},
    {0},
};

static void close_cache(void *state)
{
    struct bench_cache *b = state;
    if (b->cache)
        cache_close(b->cache);
    pthread_mutex_destroy(&b->lock);
    arena_release(&b->arena);
    free(b);
}

static void fill(struct bench_cache *b)
{
    for (size_t i = 0; i < KEYS; i++) {
        snprintf(b->keys[i], sizeof b->keys[i], "product:%012zu", i);
        memset(b->values[i], (int)i, VALUE_LEN);
        cache_put(b->cache, &b->ctx, str_make(b->keys[i], KEY_LEN),
                  str_make(b->values[i], VALUE_LEN), TTL_MS);
    }
}

static void *open_cache(void)
{
    struct cache_options options = {.url = STR("memory:")};
    struct bench_cache *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->clock = clock_system();
    b->rand = rand_system();
    b->ctx = (struct ctx){.arena = &b->arena, .clock = &b->clock, .rand = &b->rand};
    arena_init(&b->arena, MEMORY_MAX);
    pthread_mutex_init(&b->lock, NULL);
    if (cache_open(&b->ctx, &options, &b->cache) == ERR_OK) {
        fill(b);
        return b;
    }
    fprintf(stderr, "stoa-bench: %s\n", b->ctx.err.operator);
    close_cache(b);
    return NULL;
}

const struct bench_group cache_bench = {"cache", open_cache, close_cache, figures};
