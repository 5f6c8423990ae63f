/* Puts, gets, drops, counts and fetches, and looks at what that comes to. */
#include "ports/cache_contract.h"

#include <poll.h>
#include <pthread.h>
#include <string.h>

#include "base/buf.h"

enum { TTL_MS = 60000, CALLERS = 8, WINDOW_MS = 200, PATIENCE = 500, LOOK_MS = 20 };

struct cache *cache_contract_open(struct test *t, const char *url,
                                  struct counter_registry *counters)
{
    struct cache_options options = {.url = str_from(url), .counters = counters};
    struct cache *cache = NULL;
    REQUIRE(cache_open(t->ctx, &options, &cache) == ERR_OK);
    return cache;
}

struct str cache_contract_get(struct test *t, struct cache *cache, const char *key)
{
    struct str value;
    return cache_get(cache, t->ctx, str_from(key), &value) ? value : STR("(none)");
}

int64_t cache_contract_count(const struct counter_registry *counters, const char *name)
{
    for (const struct counter *at = counter_first(counters); at; at = at->next)
        if (strcmp(at->name, name) == 0)
            return counter_value(at);
    return -1;
}

static void check_values(struct test *t, struct cache *cache)
{
    CHECK_STR(cache_contract_get(t, cache, "a"), "(none)");
    cache_put(cache, t->ctx, STR("a"), STR("one"), TTL_MS);
    cache_put(cache, t->ctx, STR("b"), STR("two"), TTL_MS);
    CHECK_STR(cache_contract_get(t, cache, "a"), "one");
    CHECK_STR(cache_contract_get(t, cache, "b"), "two");
    cache_put(cache, t->ctx, STR("a"), STR(""), TTL_MS);
    CHECK_STR(cache_contract_get(t, cache, "a"), "");
    cache_drop(cache, t->ctx, STR("a"));
    cache_drop(cache, t->ctx, STR("a"));
    CHECK_STR(cache_contract_get(t, cache, "a"), "(none)");
    CHECK_STR(cache_contract_get(t, cache, "b"), "two");
}

static void check_bytes(struct test *t, struct cache *cache)
{
    static const char key[] = "k\0e y\r\n\xff", value[] = "v\0\r\n$-1\r\n\xfe";
    struct str found;
    cache_put(cache, t->ctx, STR("k"), STR("another"), TTL_MS);
    cache_put(cache, t->ctx, str_make(key, sizeof key), str_make(value, sizeof value), TTL_MS);
    REQUIRE(cache_get(cache, t->ctx, str_make(key, sizeof key), &found));
    CHECK(str_equal(found, str_make(value, sizeof value)));
    CHECK_STR(cache_contract_get(t, cache, "k"), "another");
}

static struct str make_long(struct test *t, size_t len)
{
    char *bytes = arena_bytes(t->arena, len);
    REQUIRE(bytes);
    for (size_t i = 0; i < len; i++)
        bytes[i] = (char)(i * 31);
    return str_make(bytes, len);
}

static void check_limits(struct test *t, struct cache *cache)
{
    struct str found, whole = make_long(t, CACHE_VALUE_MAX + 1),
                      key = make_long(t, CACHE_KEY_MAX + 1);
    struct str value = str_slice(whole, 0, CACHE_VALUE_MAX / 2);
    struct str longest = str_slice(key, 0, CACHE_KEY_MAX);
    cache_put(cache, t->ctx, longest, value, TTL_MS);
    REQUIRE(cache_get(cache, t->ctx, longest, &found));
    CHECK(str_equal(found, value));
    cache_put(cache, t->ctx, key, value, TTL_MS);
    CHECK(!cache_get(cache, t->ctx, key, &found));
    cache_put(cache, t->ctx, STR("large"), STR("small"), TTL_MS);
    cache_put(cache, t->ctx, STR("large"), whole, TTL_MS);
    CHECK_STR(cache_contract_get(t, cache, "large"), "(none)");
}

static void check_times(struct test *t, struct cache *cache)
{
    cache_put(cache, t->ctx, STR("short"), STR("lived"), 1000);
    fake_clock_turn(&t->clock, SECOND_US - 1);
    CHECK_STR(cache_contract_get(t, cache, "short"), "lived");
    fake_clock_turn(&t->clock, 1);
    CHECK_STR(cache_contract_get(t, cache, "short"), "(none)");
}

static void check_counts(struct test *t, struct cache *cache)
{
    cache_put(cache, t->ctx, STR("n"), STR("a value"), TTL_MS);
    CHECK_INT(cache_count(cache, t->ctx, STR("n"), 1, TTL_MS), 1);
    CHECK_INT(cache_count(cache, t->ctx, STR("n"), 5, TTL_MS), 6);
    CHECK_INT(cache_count(cache, t->ctx, STR("m"), 1, TTL_MS), 1);
    CHECK_INT(cache_count(cache, t->ctx, STR("n"), -2, TTL_MS), 4);
    CHECK_STR(cache_contract_get(t, cache, "n"), "a value");
}

/* The window is over by the engine's own clock, whichever that is. */
static void check_windows(struct test *t, struct cache *cache)
{
    int64_t count = cache_count(cache, t->ctx, STR("w"), 1, WINDOW_MS);
    CHECK_INT(count, 1);
    for (int i = 0; i < PATIENCE && (i == 0 || count != 1); i++) {
        poll(NULL, 0, LOOK_MS);
        fake_clock_turn(&t->clock, LOOK_MS * 1000);
        count = cache_count(cache, t->ctx, STR("w"), 1, WINDOW_MS);
    }
    CHECK_INT(count, 1);
}

/* Groups. */

static struct str key_in(struct test *t, struct cache *cache, const char *group, const char *key)
{
    struct str whole = STR("");
    REQUIRE(cache_group_key(cache, t->ctx, str_from(group), str_from(key), &whole) == ERR_OK);
    return whole;
}

static void put_in(struct test *t, struct cache *cache, const char *group, const char *key,
                   const char *value)
{
    cache_put(cache, t->ctx, key_in(t, cache, group, key), str_from(value), TTL_MS);
}

static struct str get_in(struct test *t, struct cache *cache, const char *group, const char *key)
{
    struct str value;
    return cache_get(cache, t->ctx, key_in(t, cache, group, key), &value) ? value : STR("(none)");
}

static void check_groups(struct test *t, struct cache *cache)
{
    put_in(t, cache, "prices", "eur", "one");
    put_in(t, cache, "prices", "usd", "two");
    put_in(t, cache, "names", "eur", "Euro");
    cache_put(cache, t->ctx, STR("eur"), STR("alone"), TTL_MS);
    CHECK_INT(cache_count(cache, t->ctx, STR("prices"), 1, TTL_MS), 1);
    CHECK_STR(get_in(t, cache, "prices", "eur"), "one");
    CHECK_STR(get_in(t, cache, "prices", "usd"), "two");
    struct str late = key_in(t, cache, "prices", "eur");
    cache_group_drop(cache, t->ctx, STR("prices"));
    cache_put(cache, t->ctx, late, STR("late"), TTL_MS);
    CHECK_STR(get_in(t, cache, "prices", "eur"), "(none)");
    CHECK_STR(get_in(t, cache, "prices", "usd"), "(none)");
    CHECK_STR(get_in(t, cache, "names", "eur"), "Euro");
    CHECK_STR(cache_contract_get(t, cache, "eur"), "alone");
    put_in(t, cache, "prices", "eur", "new");
    cache_group_drop(cache, t->ctx, STR("new to it"));
    CHECK_STR(get_in(t, cache, "prices", "eur"), "new");
}

/* A group in a group goes with it, and alone. */
static void check_groups_in_groups(struct test *t, struct cache *cache)
{
    struct str outer = key_in(t, cache, "shop", "7"), key, value;
    REQUIRE(cache_group_key(cache, t->ctx, outer, STR("eur"), &key) == ERR_OK);
    cache_put(cache, t->ctx, key, STR("one"), TTL_MS);
    put_in(t, cache, "shop", "name", "Seven");
    cache_group_drop(cache, t->ctx, outer);
    CHECK_STR(get_in(t, cache, "shop", "name"), "Seven");
    REQUIRE(cache_group_key(cache, t->ctx, outer, STR("eur"), &key) == ERR_OK);
    CHECK(!cache_get(cache, t->ctx, key, &value));
    cache_put(cache, t->ctx, key, STR("two"), TTL_MS);
    cache_group_drop(cache, t->ctx, STR("shop"));
    CHECK(!str_equal(key_in(t, cache, "shop", "7"), outer));
}

/* Fetching. */

struct maker {
    int made;
    enum err err;
    const char *value;
};

static enum err make(struct ctx *ctx, void *arg, struct str *value)
{
    struct maker *maker = arg;
    maker->made++;
    *value = str_from(maker->value);
    return maker->err ? err_fail(&ctx->err, maker->err, "It cannot be made.", "on purpose")
                      : ERR_OK;
}

static void check_fetch(struct test *t, struct cache *cache)
{
    struct maker maker = {.value = "first"};
    struct str value;
    for (int i = 0; i < 3; i++) {
        CHECK_ERR(cache_fetch(cache, t->ctx, STR("f"), 1000, make, &maker, &value), ERR_OK);
        CHECK_STR(value, "first");
    }
    CHECK_INT(maker.made, 1);
    CHECK_STR(cache_contract_get(t, cache, "f"), "first");
    fake_clock_turn(&t->clock, SECOND_US);
    CHECK_STR(cache_contract_get(t, cache, "f"), "(none)");
    maker.value = "second";
    CHECK_ERR(cache_fetch(cache, t->ctx, STR("f"), 1000, make, &maker, &value), ERR_OK);
    CHECK_STR(value, "second");
    cache_drop(cache, t->ctx, STR("f"));
    maker.value = "third";
    CHECK_ERR(cache_fetch(cache, t->ctx, STR("f"), 1000, make, &maker, &value), ERR_OK);
    CHECK_STR(value, "third");
}

static void check_failing_fetch(struct test *t, struct cache *cache)
{
    struct maker maker = {.value = "good"};
    struct str value;
    CHECK_ERR(cache_fetch(cache, t->ctx, STR("g"), 1000, make, &maker, &value), ERR_OK);
    fake_clock_turn(&t->clock, SECOND_US);
    maker.err = ERR_PEER;
    CHECK_ERR(cache_fetch(cache, t->ctx, STR("g"), 1000, make, &maker, &value), ERR_OK);
    CHECK_STR(value, "good");
    CHECK_ERR(cache_fetch(cache, t->ctx, STR("h"), 1000, make, &maker, &value), ERR_PEER);
    CHECK_INT(maker.made, 3);
}

/* Many who want the same at once. */

struct stampede {
    struct cache *cache;
    atomic_int made, right;
};

static enum err make_slowly(struct ctx *ctx, void *arg, struct str *value)
{
    struct stampede *stampede = arg;
    stampede->made++;
    poll(NULL, 0, LOOK_MS * 5);
    return str_copy(ctx->arena, STR("slow"), value);
}

static void *fetch_slow(void *arg)
{
    struct stampede *stampede = arg;
    struct arena arena;
    struct clock clock = clock_system();
    struct rand rand = rand_system();
    struct str value;
    arena_init(&arena, 1 << 20);
    struct ctx ctx = {.arena = &arena, .clock = &clock, .rand = &rand};
    if (!cache_fetch(stampede->cache, &ctx, STR("slow"), TTL_MS, make_slowly, stampede, &value) &&
        str_equal(value, STR("slow")))
        stampede->right++;
    arena_release(&arena);
    return NULL;
}

static void check_stampede(struct test *t, struct cache *cache)
{
    struct stampede stampede = {.cache = cache};
    pthread_t threads[CALLERS];
    for (int i = 0; i < CALLERS; i++)
        REQUIRE(pthread_create(&threads[i], NULL, fetch_slow, &stampede) == 0);
    for (int i = 0; i < CALLERS; i++)
        pthread_join(threads[i], NULL);
    CHECK_INT(stampede.right, CALLERS);
    CHECK_INT(stampede.made, 1);
}

void cache_contract_check(struct test *t, struct cache *cache)
{
    check_values(t, cache);
    check_bytes(t, cache);
    check_limits(t, cache);
    check_times(t, cache);
    check_counts(t, cache);
    check_windows(t, cache);
    check_groups(t, cache);
    check_groups_in_groups(t, cache);
    CHECK_ERR(cache_reach(cache, t->ctx), ERR_OK);
    check_fetch(t, cache);
    check_failing_fetch(t, cache);
    check_stampede(t, cache);
}
