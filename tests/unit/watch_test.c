/* Tests of the watch: its thread looks, and who may read what it sees. */
#include "watch/watch.h"

#include <time.h>

#include "asked.h"
#include "harness/folder.h"
#include "ports/db/migrate.h"

enum { PATIENCE_MS = 20000 };

static struct db *open_it(struct test *t, const char *folder)
{
    struct buf url;
    struct db *db = NULL;
    struct migrate_plan *done = ARENA_NEW(t->arena, struct migrate_plan);
    REQUIRE(done);
    buf_init(&url, t->arena, 1024);
    buf_addf(&url, "sqlite:%s/watch.db", folder);
    REQUIRE(db_open(t->ctx, &(struct db_options){.url = buf_str(&url)}, &db) == ERR_OK);
    REQUIRE(migrate_run(db, t->ctx, done) == ERR_OK);
    return db;
}

TEST(watch_looks_before_it_is_asked_and_again)
{
    const char *folder = test_folder(t, "watch");
    struct db *db = open_it(t, folder);
    struct watch watch;
    struct clock clock = clock_system();
    t->ctx->clock = &clock;
    const struct watch_options options = {.db = db, .folder = folder};
    REQUIRE(watch_open(&watch, t->ctx, &options) == ERR_OK);
    int64_t first_us = atomic_load(&watch.ready.looked_us);
    CHECK_INT(ready_wrong(&watch.ready, clock_tick_us(&clock)), 0);
    for (int i = 0; i < PATIENCE_MS && atomic_load(&watch.ready.looked_us) == first_us; i++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    CHECK(atomic_load(&watch.ready.looked_us) > first_us);
    watch_close(&watch);
    watch_close(&watch); /* once is enough, twice does no harm */
    db_close(db);
}

static bool may_read(struct test *t, const char *address, const char *host, const char *headers,
                     const char *net)
{
    struct asked asked;
    struct buf head;
    struct address_nets nets;
    buf_init(&head, t->arena, 1024);
    buf_addf(&head, "GET /metrics HTTP/1.1\r\nHost: %s\r\n%s\r\n", host, headers);
    buf_addc(&head, '\0');
    REQUIRE(buf_err(&head) == ERR_OK);
    REQUIRE(address_nets_parse(t->ctx, "WATCH_FROM", str_from(net), &nets) == ERR_OK);
    ask(t, &asked, head.ptr);
    REQUIRE(address_parse(str_from(address), &asked.request.client) == ERR_OK);
    return watch_may_read(&asked.request, &nets);
}

TEST(watch_is_read_from_this_machine_and_named_networks)
{
    CHECK(may_read(t, "127.0.0.1", "localhost:8080", "", ""));
    CHECK(may_read(t, "::1", "[::1]:8080", "", ""));
    CHECK(may_read(t, "127.0.0.1", "127.0.0.1", "", "10.0.0.0/8"));
    CHECK(may_read(t, "10.1.2.3", "stoa.internal", "", "10.0.0.0/8"));
    CHECK(!may_read(t, "10.1.2.3", "stoa.internal", "", ""));
    CHECK(!may_read(t, "192.0.2.1", "localhost", "", "10.0.0.0/8"));
}

TEST(watch_is_not_read_through_a_proxy_or_a_page)
{
    CHECK(!may_read(t, "127.0.0.1", "evil.example", "", ""));
    CHECK(!may_read(t, "127.0.0.1", "localhost.evil.example", "", ""));
    CHECK(!may_read(t, "127.0.0.1", "localhost", "X-Forwarded-For: 192.0.2.1\r\n", ""));
    CHECK(!may_read(t, "10.1.2.3", "stoa.example", "Via: 1.1 edge\r\n", "10.0.0.0/8"));
}

TEST(watch_takes_the_empty_list_for_this_machine)
{
    struct asked asked;
    ask_with(t, &asked, "GET", "");
    REQUIRE(address_parse(STR("192.0.2.1"), &asked.request.client) == ERR_OK);
    CHECK(!watch_may_read(&asked.request, NULL));
}
