/* Tests of src/web/page_cache.c. */
#include "web/page_cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "harness/test.h"
#include "harness/torture.h"

static void keep(struct page_cache *cache, const char *key, const char *body, int64_t until_us)
{
    page_cache_keep(cache, str_from(key),
                    &(struct kept_page){.head = STR("HTTP/1.1 200 OK\r\n"),
                                        .body = str_from(body),
                                        .etag = STR("\"1\""),
                                        .until_us = until_us,
                                        .drops = page_cache_drops(cache)});
}

/* True where the page under the key is kept and has that body; NULL is none. */
static bool finds(struct page_cache *cache, const char *key, const char *body)
{
    bool render;
    const struct kept_page *page = page_cache_find(cache, str_from(key), 0, &render);
    bool right = page ? body && str_equal(page->body, str_from(body)) : !body;
    if (page)
        page_cache_done(cache, page);
    return right && render == !page;
}

TEST(page_cache_gives_what_was_kept)
{
    struct page_cache *cache;
    REQUIRE(page_cache_open(t->ctx, PAGE_CACHE_MAX, &cache) == ERR_OK);
    CHECK(finds(cache, "/a\n\nen\nbr", NULL));
    keep(cache, "/a\n\nen\nbr", "one", 10);
    CHECK(finds(cache, "/a\n\nen\nbr", "one"));
    CHECK(finds(cache, "/a\n\nde\nbr", NULL));
    keep(cache, "/a\n\nen\nbr", "two", 10);
    CHECK(finds(cache, "/a\n\nen\nbr", "two"));
    page_cache_close(cache);
    page_cache_close(NULL);
}

TEST(page_cache_lets_one_make_what_is_too_old)
{
    struct page_cache *cache;
    const struct kept_page *pages[3];
    bool render;
    REQUIRE(page_cache_open(t->ctx, PAGE_CACHE_MAX, &cache) == ERR_OK);
    keep(cache, "/a", "old", 100);
    pages[0] = page_cache_find(cache, STR("/a"), 99, &render);
    CHECK(!render);
    pages[1] = page_cache_find(cache, STR("/a"), 100, &render);
    CHECK(render);
    pages[2] = page_cache_find(cache, STR("/a"), 101, &render);
    CHECK(!render);
    keep(cache, "/a", "new", 200);
    for (size_t i = 0; i < 3; i++) {
        REQUIRE(pages[i] != NULL);
        CHECK_STR(pages[i]->body, "old");
        page_cache_done(cache, pages[i]);
    }
    CHECK(finds(cache, "/a", "new"));

    /* One who never comes back with it does not keep it old for ever. */
    page_cache_done(cache, page_cache_find(cache, STR("/a"), 200, &render));
    CHECK(render);
    int64_t later_us = 200 + PAGE_CACHE_RENDER_MS * INT64_C(1000);
    page_cache_done(cache, page_cache_find(cache, STR("/a"), later_us - 1, &render));
    CHECK(!render);
    page_cache_done(cache, page_cache_find(cache, STR("/a"), later_us, &render));
    CHECK(render);
    page_cache_close(cache);
}

TEST(page_cache_forgets_by_path)
{
    struct page_cache *cache;
    bool render;
    REQUIRE(page_cache_open(t->ctx, PAGE_CACHE_MAX, &cache) == ERR_OK);
    keep(cache, "/contact\n\nen", "1", 10);
    keep(cache, "/contact/msg_1\n\nen", "2", 10);
    keep(cache, "/\n\nen", "3", 10);
    const struct kept_page *held = page_cache_find(cache, STR("/contact\n\nen"), 0, &render);
    page_cache_drop(cache, STR("/contact"));
    CHECK(finds(cache, "/contact\n\nen", NULL));
    CHECK(finds(cache, "/contact/msg_1\n\nen", NULL));
    CHECK(finds(cache, "/\n\nen", "3"));
    REQUIRE(held != NULL);
    CHECK_STR(held->body, "1");
    page_cache_done(cache, held);
    page_cache_drop(cache, STR(""));
    CHECK(finds(cache, "/\n\nen", NULL));
    page_cache_close(cache);
}

TEST(page_cache_does_not_keep_what_was_made_before_a_change)
{
    struct page_cache *cache;
    REQUIRE(page_cache_open(t->ctx, PAGE_CACHE_MAX, &cache) == ERR_OK);
    struct kept_page page = {
        .body = STR("before"), .until_us = 10, .drops = page_cache_drops(cache)};
    page_cache_drop(cache, STR("/a"));
    page_cache_keep(cache, STR("/a"), &page);
    CHECK(finds(cache, "/a", NULL));
    page.drops = page_cache_drops(cache);
    page_cache_keep(cache, STR("/a"), &page);
    CHECK(finds(cache, "/a", "before"));
    page_cache_close(cache);
}

TEST(page_cache_lets_the_least_lately_used_go_first)
{
    enum { SIZE = 10000, COUNT = 10 };
    static char body[SIZE + 1];
    struct page_cache *cache;
    memset(body, 'x', SIZE);
    REQUIRE(page_cache_open(t->ctx, COUNT * (SIZE + 1000), &cache) == ERR_OK);
    for (char key[2] = "a"; key[0] < 'a' + COUNT; key[0]++)
        keep(cache, key, body, 10);
    CHECK(finds(cache, "a", body));
    keep(cache, "z", body, 10);
    CHECK(finds(cache, "a", body));
    CHECK(finds(cache, "b", NULL));
    CHECK(finds(cache, "c", body));
    CHECK(finds(cache, "z", body));
    page_cache_close(cache);
}

TEST(page_cache_leaves_out_what_is_too_large)
{
    struct page_cache *cache;
    char *body = arena_bytes(t->arena, PAGE_CACHE_PAGE_MAX + 1);
    REQUIRE(body && page_cache_open(t->ctx, PAGE_CACHE_MAX, &cache) == ERR_OK);
    memset(body, 'x', PAGE_CACHE_PAGE_MAX);
    body[PAGE_CACHE_PAGE_MAX] = '\0';
    keep(cache, "/a", body, 10);
    CHECK(finds(cache, "/a", NULL));
    keep(cache, "/a", body + 1000, 10);
    CHECK(finds(cache, "/a", body + 1000));
    page_cache_close(cache);

    REQUIRE(page_cache_open(t->ctx, 1000, &cache) == ERR_OK);
    keep(cache, "/a", body + PAGE_CACHE_PAGE_MAX - 2000, 10);
    CHECK(finds(cache, "/a", NULL));
    page_cache_close(cache);
}

enum { THREADS = 8, ROUNDS = 3000, KEYS = 40 };

struct crowd {
    struct page_cache *cache;
    _Atomic int64_t tick_us, made, wrong;
};

/* Each page says its own key, over and over. */
static bool is_right(const struct kept_page *page, const char *key)
{
    size_t len = strlen(key);
    for (size_t i = 0; i < page->body.len; i += len)
        if (memcmp(page->body.ptr + i, key, len) != 0)
            return false;
    return page->body.len > 0;
}

static void *read_and_make(void *arg)
{
    struct crowd *crowd = arg;
    char key[16], body[1600];
    for (int round = 0; round < ROUNDS; round++) {
        int64_t tick_us = atomic_fetch_add(&crowd->tick_us, 1);
        uint64_t drops = page_cache_drops(crowd->cache);
        bool render;
        snprintf(key, sizeof key, "/page/%02d", (int)(tick_us * 7 % KEYS));
        const struct kept_page *page = page_cache_find(crowd->cache, str_from(key), tick_us,
                                                       &render);
        if (page && !is_right(page, key))
            atomic_fetch_add(&crowd->wrong, 1);
        if (render) {
            size_t len = strlen(key);
            for (size_t i = 0; i < sizeof body; i++)
                body[i] = key[i % len];
            page_cache_keep(crowd->cache, str_from(key),
                            &(struct kept_page){.body = str_make(body, sizeof body),
                                                .until_us = tick_us + 500,
                                                .drops = drops});
            atomic_fetch_add(&crowd->made, 1);
        }
        if (page)
            page_cache_done(crowd->cache, page);
        if (round % 500 == 499)
            page_cache_drop(crowd->cache, str_from(key));
    }
    return NULL;
}

TEST(page_cache_serves_a_crowd)
{
    struct crowd crowd = {0};
    pthread_t threads[THREADS];
    REQUIRE(page_cache_open(t->ctx, KEYS * 1000, &crowd.cache) == ERR_OK);
    for (size_t i = 0; i < THREADS; i++)
        REQUIRE(pthread_create(&threads[i], NULL, read_and_make, &crowd) == 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    CHECK_INT(atomic_load(&crowd.wrong), 0);
    CHECK(atomic_load(&crowd.made) >= KEYS);
    page_cache_close(crowd.cache);
}

static enum err keep_without_memory(struct test *t, void *arg)
{
    struct page_cache *cache;
    (void)arg;
    TRY(page_cache_open(t->ctx, PAGE_CACHE_MAX, &cache));
    keep(cache, "/a", "one", 10);
    bool kept = finds(cache, "/a", "one");
    CHECK(kept || finds(cache, "/a", NULL));
    keep(cache, "/a", "two", 10);
    CHECK(finds(cache, "/a", "two") || finds(cache, "/a", "one"));
    page_cache_close(cache);
    return kept ? ERR_OK : ERR_MEMORY;
}

TEST(page_cache_without_memory_keeps_nothing)
{
    CHECK(TORTURE_EVERY(t, TORTURE_MEMORY, keep_without_memory, NULL) > 0);
}
