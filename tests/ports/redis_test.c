/* Tests the cache in a real Redis: there, killed, frozen, started again, and of the wrong kind. */
#include <poll.h>
#include <pthread.h>
#include <stdio.h>

#include "harness/folder.h"
#include "harness/test.h"
#include "harness/torture.h"
#include "ports/cache/cache.h"
#include "ports/cache_contract.h"
#include "ports/peer.h"
#include "ports/redis_server.h"

enum { TTL_MS = 60000, LOOK_MS = 20, LOOKS_MAX = 1000, CALLERS = 24, SLOW_MS = 5000 };

static int64_t tick_us(void)
{
    struct clock clock = clock_system();
    return clock_tick_us(&clock);
}

/* Puts and gets until that works: as soon as the pause is over. */
static bool comes_back(struct test *t, struct cache *cache)
{
    for (int i = 0; i < LOOKS_MAX; i++) {
        struct str value;
        cache_put(cache, t->ctx, STR("back"), STR("yes"), TTL_MS);
        if (cache_get(cache, t->ctx, STR("back"), &value))
            return true;
        poll(NULL, 0, LOOK_MS);
    }
    return false;
}

static int64_t lines_of(struct test *t, const char *event)
{
    int64_t count = 0;
    struct str rest = test_log(t), line;
    while (str_cut(&rest, '\n', &line))
        count += str_find(line, str_from(event)) != STR_NONE;
    return count;
}

TEST(redis_keeps_the_contract)
{
    struct redis_server server;
    redis_server_start(t, test_folder(t, "ports/redis_contract"), &server);
    struct cache *cache = cache_contract_open(t, redis_server_url(t, &server, 0), NULL);
    struct cache *other = cache_contract_open(t, redis_server_url(t, &server, 1), NULL);
    cache_contract_check(t, cache);
    cache_put(cache, t->ctx, STR("mine"), STR("here"), TTL_MS);
    CHECK_STR(cache_contract_get(t, other, "mine"), "(none)");
    cache_close(other);
    other = cache_contract_open(t, redis_server_url(t, &server, 0), NULL);
    CHECK_STR(cache_contract_get(t, other, "mine"), "here");
    CHECK_INT(cache_count(other, t->ctx, STR("n"), 1, TTL_MS), 5);
    cache_close(other);
    cache_close(cache);
    redis_server_stop(&server);
}

static struct str key_in_group(struct test *t, struct cache *cache)
{
    struct str key = STR("");
    REQUIRE(cache_group_key(cache, t->ctx, STR("group"), STR("key"), &key) == ERR_OK);
    return key;
}

/* While Redis is away the group has a number of this process, so that those who want the same key
 * still meet; an empty Redis has a new one, and finds nothing under those before. */
TEST(redis_that_is_away_does_not_bring_a_dropped_group_back)
{
    struct redis_server server;
    redis_server_start(t, test_folder(t, "ports/redis_group"), &server);
    struct cache *cache = cache_contract_open(t, redis_server_url(t, &server, 0), NULL);
    REQUIRE(comes_back(t, cache));
    struct str there = key_in_group(t, cache);
    redis_server_stop(&server);
    CHECK(cache_reach(cache, t->ctx) != ERR_OK);
    struct str away = key_in_group(t, cache);
    CHECK(!str_equal(away, there));
    CHECK(str_equal(key_in_group(t, cache), away));
    cache_group_drop(cache, t->ctx, STR("group"));
    CHECK(!str_equal(key_in_group(t, cache), away));
    redis_server_restart(t, &server);
    REQUIRE(comes_back(t, cache));
    CHECK_ERR(cache_reach(cache, t->ctx), ERR_OK);
    CHECK(!str_equal(key_in_group(t, cache), there));
    cache_close(cache);
    redis_server_stop(&server);
}

TEST(redis_may_be_killed_and_started_again)
{
    struct redis_server server;
    struct counter_registry counters = {.first = NULL};
    redis_server_start(t, test_folder(t, "ports/redis_killed"), &server);
    struct cache *cache = cache_contract_open(t, redis_server_url(t, &server, 0), &counters);
    REQUIRE(comes_back(t, cache));
    CHECK_INT(cache_count(cache, t->ctx, STR("n"), 1, TTL_MS), 1);
    redis_server_stop(&server);
    int64_t begun_us = tick_us();
    for (int i = 0; i < 1000; i++)
        CHECK_STR(cache_contract_get(t, cache, "back"), "(none)");
    cache_put(cache, t->ctx, STR("back"), STR("lost"), TTL_MS);
    cache_drop(cache, t->ctx, STR("back"));
    CHECK_INT(cache_count(cache, t->ctx, STR("n"), 1, TTL_MS), 1); /* of this process alone */
    CHECK_INT(cache_count(cache, t->ctx, STR("n"), 1, TTL_MS), 2);
    CHECK(tick_us() - begun_us < SLOW_MS * INT64_C(1000));
    CHECK(cache_contract_count(&counters, "cache_failures_total") > 0);
    CHECK_INT(lines_of(t, "cache is away"), 1);
    redis_server_restart(t, &server);
    CHECK(comes_back(t, cache));
    CHECK_INT(lines_of(t, "cache is away"), 1);
    CHECK_INT(lines_of(t, "cache is back"), 1);
    cache_close(cache);
    redis_server_stop(&server);
}

/* Between two calls: the kept connection is gone, and nobody notices. */
TEST(redis_may_be_started_again_unnoticed)
{
    struct redis_server server;
    struct counter_registry counters = {.first = NULL};
    redis_server_start(t, test_folder(t, "ports/redis_restarted"), &server);
    struct cache *cache = cache_contract_open(t, redis_server_url(t, &server, 0), &counters);
    REQUIRE(comes_back(t, cache));
    redis_server_stop(&server);
    redis_server_restart(t, &server);
    CHECK_STR(cache_contract_get(t, cache, "back"), "(none)");
    cache_put(cache, t->ctx, STR("back"), STR("again"), TTL_MS);
    CHECK_STR(cache_contract_get(t, cache, "back"), "again");
    CHECK_INT(cache_contract_count(&counters, "cache_failures_total"), 0);
    CHECK_INT(lines_of(t, "cache is away"), 0);
    cache_close(cache);
    redis_server_stop(&server);
}

TEST(redis_may_be_frozen)
{
    struct redis_server server;
    redis_server_start(t, test_folder(t, "ports/redis_frozen"), &server);
    struct cache *cache = cache_contract_open(t, redis_server_url(t, &server, 0), NULL);
    REQUIRE(comes_back(t, cache));
    redis_server_freeze(&server, true);
    int64_t begun_us = tick_us();
    for (int i = 0; i < 1000; i++)
        CHECK_STR(cache_contract_get(t, cache, "back"), "(none)");
    CHECK(tick_us() - begun_us < SLOW_MS * INT64_C(1000));
    redis_server_freeze(&server, false);
    CHECK(comes_back(t, cache));
    cache_close(cache);
    redis_server_stop(&server);
}

/* Who is in a hurry does not speak for the others. */
TEST(redis_is_not_given_up_by_who_is_in_a_hurry)
{
    struct redis_server server;
    redis_server_start(t, test_folder(t, "ports/redis_hurry"), &server);
    struct cache *cache = cache_contract_open(t, redis_server_url(t, &server, 0), NULL);
    REQUIRE(comes_back(t, cache));
    redis_server_freeze(&server, true);
    t->ctx->deadline_us = clock_tick_us(t->ctx->clock) + 5000;
    CHECK_STR(cache_contract_get(t, cache, "back"), "(none)");
    redis_server_freeze(&server, false);
    t->ctx->deadline_us = 0;
    CHECK_STR(cache_contract_get(t, cache, "back"), "yes");
    CHECK_INT(lines_of(t, "cache is away"), 0);
    cache_close(cache);
    redis_server_stop(&server);
}

TEST(redis_that_is_none_is_a_cache_without_anything)
{
    static const struct scene scenes[][1] = {
        {{"HTTP/1.1 400 Bad\r\n\r\n", PEER_CLOSES}},
        {{"$2000000\r\n", PEER_FLOODS}},
        {{"+", PEER_FLOODS}},
        {{"+OK\r\n+OK\r\n", PEER_KEEPS}},
        {{"$100\r\n", PEER_DRIPS}},
        {{":1\r\n", PEER_KEEPS}},
        {{"-ERR unknown command\r\n", PEER_KEEPS}},
        {{"$3\r\nabc\r\n", PEER_KEEPS}},
        {{"", PEER_CLOSES}},
    };
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++) {
        struct peer peer;
        char url[64];
        struct str value;
        peer_start(t, &peer, scenes[i], 1);
        snprintf(url, sizeof url, "redis://127.0.0.1:%d", peer.port);
        struct cache *cache = cache_contract_open(t, url, NULL);
        test_note(t, "scene %zu", i);
        CHECK(!cache_get(cache, t->ctx, STR("a"), &value));
        cache_put(cache, t->ctx, STR("a"), STR("b"), TTL_MS);
        cache_drop(cache, t->ctx, STR("a"));
        cache_count(cache, t->ctx, STR("a"), 1, TTL_MS);
        cache_close(cache);
        peer_stop(&peer);
    }
}

TEST(redis_wants_the_right_password)
{
    struct redis_server server;
    char url[64];
    redis_server_start(t, test_folder(t, "ports/redis_password"), &server);
    snprintf(url, sizeof url, "redis://:wrong@127.0.0.1:%d", server.port);
    struct cache *cache = cache_contract_open(t, url, NULL);
    cache_put(cache, t->ctx, STR("a"), STR("b"), TTL_MS);
    CHECK_STR(cache_contract_get(t, cache, "a"), "(none)");
    CHECK_INT(lines_of(t, "cache is away"), 1);
    CHECK_INT(lines_of(t, "wrong"), 0);
    CHECK(cache_reach(cache, t->ctx) != ERR_OK);
    cache_close(cache);
    redis_server_stop(&server);
}

/* More threads than connections, while it is killed and started again. */

struct crowd {
    struct cache *cache;
    atomic_int right, wrong;
    atomic_bool stops;
};

static void *use_cache(void *arg)
{
    struct crowd *crowd = arg;
    struct arena arena;
    struct clock clock = clock_system();
    struct rand rand = rand_system();
    arena_init(&arena, 4 << 20);
    struct ctx ctx = {.arena = &arena, .clock = &clock, .rand = &rand};
    while (!crowd->stops) {
        char text[32];
        struct str value;
        struct str key = str_make(
            text, (size_t)snprintf(text, sizeof text, "key-%d", (int)rand_below(&rand, 50)));
        if (cache_get(crowd->cache, &ctx, key, &value))
            ++*(str_equal(value, key) ? &crowd->right : &crowd->wrong);
        cache_put(crowd->cache, &ctx, key, key, TTL_MS);
        arena_clear(&arena);
    }
    arena_release(&arena);
    return NULL;
}

static bool goes_on(struct crowd *crowd)
{
    int before = crowd->right;
    for (int i = 0; i < LOOKS_MAX && crowd->right < before + 100; i++)
        poll(NULL, 0, LOOK_MS);
    return crowd->right >= before + 100;
}

TEST(redis_serves_a_crowd_through_a_restart)
{
    struct redis_server server;
    pthread_t threads[CALLERS];
    redis_server_start(t, test_folder(t, "ports/redis_crowd"), &server);
    struct crowd crowd = {.cache = cache_contract_open(t, redis_server_url(t, &server, 0), NULL)};
    for (int i = 0; i < CALLERS; i++)
        REQUIRE(pthread_create(&threads[i], NULL, use_cache, &crowd) == 0);
    CHECK(goes_on(&crowd));
    redis_server_stop(&server);
    poll(NULL, 0, LOOK_MS);
    redis_server_restart(t, &server);
    CHECK(goes_on(&crowd));
    crowd.stops = true;
    for (int i = 0; i < CALLERS; i++)
        pthread_join(threads[i], NULL);
    CHECK_INT(crowd.wrong, 0);
    cache_close(crowd.cache);
    redis_server_stop(&server);
}

static enum err use_without(struct test *t, void *arg)
{
    struct cache *cache;
    struct str value = STR("");
    struct cache_options options = {.url = str_from(arg)};
    TRY(cache_open(t->ctx, &options, &cache));
    cache_put(cache, t->ctx, STR("a"), STR("one"), TTL_MS);
    bool hit = cache_get(cache, t->ctx, STR("a"), &value);
    CHECK(!hit || str_equal(value, STR("one")));
    cache_drop(cache, t->ctx, STR("a"));
    enum err err = cache_group_key(cache, t->ctx, STR("g"), STR("a"), &value);
    cache_group_drop(cache, t->ctx, STR("g"));
    cache_close(cache);
    TRY(err);
    return hit ? ERR_OK : ERR_MEMORY;
}

TEST(redis_outlives_a_lack_of_memory)
{
    struct redis_server server;
    redis_server_start(t, test_folder(t, "ports/redis_memory"), &server);
    char *url = (char *)(uintptr_t)redis_server_url(t, &server, 0);
    char copy[128];
    snprintf(copy, sizeof copy, "%s", url); /* each run begins with an empty arena */
    TORTURE_EVERY(t, TORTURE_MEMORY, use_without, copy);
    redis_server_stop(&server);
}
