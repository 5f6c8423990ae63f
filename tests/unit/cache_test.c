/* Tests the cache in memory: what it keeps, what it lets go, and who makes what is not there. */
#include "ports/cache/cache.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "harness/test.h"
#include "harness/torture.h"
#include "ports/cache_contract.h"

enum { TTL_MS = 60000, CALLERS = 8, LOOK_MS = 5, LOOKS_MAX = 4000 };

TEST(cache_in_memory_keeps_the_contract)
{
    struct cache *cache = cache_contract_open(t, "memory:", NULL);
    cache_contract_check(t, cache);
    cache_close(cache);
}

TEST(cache_reads_its_url)
{
    static const struct {
        const char *url;
        enum err err;
    } rows[] = {
        {"memory:", ERR_OK},
        {"memory:?size=1M", ERR_OK},
        {"memory:?size=2097152", ERR_OK},
        {"memory:?size=1023K", ERR_INPUT},
        {"memory:?size=", ERR_INPUT},
        {"memory:?size=lots", ERR_INPUT},
        {"memory:64M", ERR_INPUT},
        {"memory", ERR_INPUT},
        {"", ERR_INPUT},
        {"disk:", ERR_INPUT},
        {"redis:", ERR_INPUT},
        {"redis://h/0", ERR_OK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct cache *cache = NULL;
        struct cache_options options = {.url = str_from(rows[i].url)};
        test_note(t, "%s", rows[i].url);
        CHECK_ERR(cache_open(t->ctx, &options, &cache), rows[i].err);
        if (cache)
            cache_close(cache);
        else
            CHECK_TEXT(t->ctx->err.field, "CACHE_URL");
    }
}

static struct str number_key(char text[32], int number)
{
    return str_make(text, (size_t)snprintf(text, 32, "key-%d", number));
}

static int count_kept(struct test *t, struct cache *cache, int count)
{
    int kept = 0;
    char key[32];
    for (int i = 0; i < count; i++) {
        struct str value;
        kept += cache_get(cache, t->ctx, number_key(key, i), &value);
    }
    return kept;
}

/* In 1 MiB there is room for neither 10,000 small values nor 400 large ones. */
TEST(cache_in_memory_stays_in_its_limit)
{
    static const struct {
        int count, len, least;
    } rows[] = {{10000, 1, 1000}, {1000, 2000, 100}, {400, 10000, 20}};
    static char bytes[10000];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct counter_registry counters = {.first = NULL};
        struct cache *cache = cache_contract_open(t, "memory:?size=1M", &counters);
        char key[32];
        test_note(t, "%d of %d", rows[i].count, rows[i].len);
        for (int k = 0; k < rows[i].count; k++)
            cache_put(cache, t->ctx, number_key(key, k), str_make(bytes, (size_t)rows[i].len),
                      TTL_MS);
        int kept = count_kept(t, cache, rows[i].count);
        CHECK(kept >= rows[i].least);
        CHECK(kept * rows[i].len <= CACHE_SIZE_MIN);
        CHECK_INT(kept + cache_contract_count(&counters, "cache_evicted_total"), rows[i].count);
        cache_close(cache);
    }
}

/* What is used again and again outlives a crowd that is used once. */
TEST(cache_in_memory_keeps_what_is_used)
{
    struct cache *cache = cache_contract_open(t, "memory:?size=1M", NULL);
    char key[32];
    cache_put(cache, t->ctx, STR("used"), STR("often"), TTL_MS);
    for (int i = 0; i < 20000; i++) {
        cache_put(cache, t->ctx, number_key(key, i), STR("once"), TTL_MS);
        REQUIRE(str_equal(cache_contract_get(t, cache, "used"), STR("often")));
        if (i % 1000 == 0)
            arena_clear(t->arena);
    }
    cache_close(cache);
}

/* Each key is put, dropped and put again in another order: what hashing makes neighbours of stays
 * to be found. */
TEST(cache_in_memory_closes_gaps)
{
    enum { KEYS = 1000 };
    struct cache *cache = cache_contract_open(t, "memory:?size=1M", NULL);
    char key[32];
    for (int i = 0; i < KEYS; i++)
        cache_put(cache, t->ctx, number_key(key, i), STR("v"), TTL_MS);
    for (int i = 0; i < KEYS; i += 2)
        cache_drop(cache, t->ctx, number_key(key, i));
    for (int i = 0; i < KEYS; i++) {
        struct str value;
        test_note(t, "%d", i);
        CHECK_INT(cache_get(cache, t->ctx, number_key(key, i), &value), i % 2);
    }
    cache_close(cache);
}

/* Threads. */

struct crowd {
    struct cache *cache;
    atomic_int wrong;
    pthread_t threads[CALLERS];
};

static void *use_cache(void *arg)
{
    struct crowd *crowd = arg;
    struct arena arena;
    struct clock clock = clock_system();
    struct rand rand = rand_system();
    arena_init(&arena, 1 << 20);
    struct ctx ctx = {.arena = &arena, .clock = &clock, .rand = &rand};
    for (int i = 0; i < 3000; i++) {
        char text[32];
        struct str value, key = number_key(text, (int)rand_below(&rand, 500));
        if (cache_get(crowd->cache, &ctx, key, &value) && !str_equal(value, key))
            crowd->wrong++;
        cache_put(crowd->cache, &ctx, key, key, TTL_MS);
        if (i % 7 == 0)
            cache_drop(crowd->cache, &ctx, key);
        cache_count(crowd->cache, &ctx, STR("all"), 1, TTL_MS);
        arena_clear(&arena);
    }
    arena_release(&arena);
    return NULL;
}

TEST(cache_in_memory_serves_many_threads)
{
    struct crowd crowd = {.cache = cache_contract_open(t, "memory:?size=1M", NULL)};
    for (int i = 0; i < CALLERS; i++)
        REQUIRE(pthread_create(&crowd.threads[i], NULL, use_cache, &crowd) == 0);
    for (int i = 0; i < CALLERS; i++)
        pthread_join(crowd.threads[i], NULL);
    CHECK_INT(crowd.wrong, 0);
    struct clock clock = clock_system();
    t->ctx->clock = &clock; /* the window began by it */
    CHECK_INT(cache_count(crowd.cache, t->ctx, STR("all"), 0, TTL_MS), 3000 * CALLERS);
    cache_close(crowd.cache);
}

/* A maker that is held until the test lets it go on. */
struct gate {
    struct cache *cache;
    atomic_int begun;
    atomic_bool open;
    enum err err;
    const char *value;
    pthread_t thread;
    enum err result;
};

static bool wait_until(atomic_int *number, int least)
{
    for (int i = 0; i < LOOKS_MAX && *number < least; i++)
        poll(NULL, 0, LOOK_MS);
    return *number >= least;
}

static enum err make_behind_gate(struct ctx *ctx, void *arg, struct str *value)
{
    struct gate *gate = arg;
    gate->begun++;
    for (int i = 0; i < LOOKS_MAX && !gate->open; i++)
        poll(NULL, 0, LOOK_MS);
    *value = str_from(gate->value);
    return gate->err ? err_fail(&ctx->err, gate->err, "It cannot be made.", "on purpose") : ERR_OK;
}

static void *fetch_behind_gate(void *arg)
{
    struct gate *gate = arg;
    struct fake_clock clock;
    struct arena arena;
    struct str value;
    arena_init(&arena, 1 << 20);
    fake_clock_init(&clock);
    struct ctx ctx = {.arena = &arena, .clock = &clock.clock};
    gate->result = cache_fetch(gate->cache, &ctx, STR("k"), TTL_MS, make_behind_gate, gate, &value);
    arena_release(&arena);
    return NULL;
}

static void gate_begin(struct test *t, struct gate *gate)
{
    REQUIRE(pthread_create(&gate->thread, NULL, fetch_behind_gate, gate) == 0);
    REQUIRE(wait_until(&gate->begun, 1));
}

static void gate_end(struct gate *gate)
{
    gate->open = true;
    pthread_join(gate->thread, NULL);
}

TEST(cache_gives_the_old_while_another_makes_the_new)
{
    struct gate gate = {.cache = cache_contract_open(t, "memory:", NULL), .value = "new"};
    struct str value;
    /* a minute before the maker's clock begins: stale for it, and for who comes then */
    t->clock.now_us -= MINUTE_US;
    struct gate old = {.cache = gate.cache, .value = "old", .open = true};
    CHECK_ERR(cache_fetch(gate.cache, t->ctx, STR("k"), TTL_MS, make_behind_gate, &old, &value),
              ERR_OK);
    t->clock.now_us += MINUTE_US;
    gate_begin(t, &gate);
    CHECK_ERR(cache_fetch(gate.cache, t->ctx, STR("k"), TTL_MS, make_behind_gate, &old, &value),
              ERR_OK);
    CHECK_STR(value, "old");
    gate_end(&gate);
    CHECK_STR(cache_contract_get(t, gate.cache, "k"), "new");
    CHECK_INT(old.begun, 1);
    cache_close(gate.cache);
}

/* The gate opens when the second one waits. */
static void *open_gate_when_waited_for(void *arg)
{
    struct gate *gate = ((struct gate **)arg)[0];
    const struct counter_registry *counters = ((void **)arg)[1];
    for (int i = 0; i < LOOKS_MAX && cache_contract_count(counters, "cache_waits_total") < 1; i++)
        poll(NULL, 0, LOOK_MS);
    gate->open = true;
    return NULL;
}

TEST(cache_tells_those_who_wait_what_the_maker_met)
{
    static const struct {
        enum err maker, waiter;
        int made_again;
    } rows[] = {{ERR_OK, ERR_OK, 0},
                {ERR_PEER, ERR_PEER, 0},
                {ERR_TIMEOUT, ERR_OK, 1},
                {ERR_MEMORY, ERR_OK, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct counter_registry counters = {.first = NULL};
        struct gate gate = {.cache = cache_contract_open(t, "memory:", &counters),
                            .value = "made",
                            .err = rows[i].maker};
        struct gate own = {.value = "made", .open = true};
        void *both[] = {&gate, &counters};
        pthread_t opener;
        struct str value;
        test_note(t, "%s", err_name(rows[i].maker));
        gate_begin(t, &gate);
        REQUIRE(pthread_create(&opener, NULL, open_gate_when_waited_for, both) == 0);
        err_clear(&t->ctx->err);
        CHECK_ERR(cache_fetch(gate.cache, t->ctx, STR("k"), TTL_MS, make_behind_gate, &own, &value),
                  rows[i].waiter);
        pthread_join(opener, NULL);
        gate_end(&gate);
        CHECK_ERR(gate.result, rows[i].maker);
        CHECK_INT(own.begun, rows[i].made_again);
        if (rows[i].waiter)
            CHECK_TEXT(t->ctx->err.user, "It cannot be made.");
        else
            CHECK_STR(value, "made");
        cache_close(gate.cache);
    }
}

TEST(cache_does_not_keep_what_was_dropped_meanwhile)
{
    struct gate gate = {.cache = cache_contract_open(t, "memory:", NULL), .value = "old"};
    gate_begin(t, &gate);
    cache_drop(gate.cache, t->ctx, STR("k"));
    gate_end(&gate);
    CHECK_ERR(gate.result, ERR_OK);
    CHECK_STR(cache_contract_get(t, gate.cache, "k"), "(none)");
    cache_close(gate.cache);
}

TEST(cache_waits_no_longer_than_the_deadline)
{
    struct gate gate = {.cache = cache_contract_open(t, "memory:", NULL), .value = "late"};
    struct gate own = {.value = "own", .open = true};
    struct str value;
    gate_begin(t, &gate);
    t->ctx->deadline_us = clock_tick_us(t->ctx->clock) + 50000;
    CHECK_ERR(cache_fetch(gate.cache, t->ctx, STR("k"), TTL_MS, make_behind_gate, &own, &value),
              ERR_OK); /* the hands of its clock stand still: there is time to make its own */
    CHECK_STR(value, "own");
    gate_end(&gate);
    cache_close(gate.cache);
}

/* Without memory. */

static enum err make_copy(struct ctx *ctx, void *arg, struct str *value)
{
    (void)arg;
    return str_copy(ctx->arena, STR("made"), value) ? err_memory(&ctx->err) : ERR_OK;
}

static enum err use_without(struct test *t, void *arg)
{
    struct cache *cache;
    struct str value = STR("");
    struct cache_options options = {.url = STR("memory:?size=1M")};
    (void)arg;
    TRY(cache_open(t->ctx, &options, &cache));
    cache_put(cache, t->ctx, STR("a"), STR("one"), TTL_MS);
    bool hit = cache_get(cache, t->ctx, STR("a"), &value);
    CHECK(!hit || str_equal(value, STR("one")));
    int64_t count = cache_count(cache, t->ctx, STR("n"), 1, TTL_MS);
    CHECK_INT(count, 1);
    count = cache_count(cache, t->ctx, STR("n"), 1, TTL_MS);
    CHECK(count == 1 || count == 2);
    cache_group_drop(cache, t->ctx, STR("g"));
    enum err err = cache_group_key(cache, t->ctx, STR("g"), STR("f"), &value);
    if (!err)
        err = cache_fetch(cache, t->ctx, value, TTL_MS, make_copy, NULL, &value);
    CHECK(err || str_equal(value, STR("made")));
    cache_close(cache);
    return err;
}

TEST(cache_outlives_a_lack_of_memory)
{
    TORTURE_EVERY(t, TORTURE_MEMORY, use_without, NULL);
}
