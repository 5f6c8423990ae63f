/* The real program is killed while many write to it, and the database with it: each message that
 * was acknowledged is there once. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "harness/folder.h"
#include "harness/postgres.h"
#include "letters.h"
#include "site.h"

enum {
    KILLS = 15, /* where TORTURE_KILLS does not say more */
    KILLS_MAX = 1000000,
    WRITERS = 8,
    KILLS_EACH = 60, /* of one database: each look through it takes longer */
    AFTER_MS_MIN = 20,
    AFTER_MS_MAX = 150,
    DATABASE_EACH = 3, /* so often it is the database that is killed */
    SECONDS_EACH = 10, /* for one kill, at the most */
};

static int64_t kills_wanted(void)
{
    const char *text = getenv("TORTURE_KILLS");
    int64_t count = KILLS;
    return text && str_to_int(str_from(text), 1, KILLS_MAX, &count) ? KILLS : count;
}

static void pause_a_while(struct test *t)
{
    int64_t ms = AFTER_MS_MIN + (int64_t)rand_below(t->ctx->rand, AFTER_MS_MAX - AFTER_MS_MIN);
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

static void kill_one(struct test *t, struct service *service, struct postgres *postgres)
{
    if (postgres) {
        postgres_kill(postgres);
        REQUIRE(postgres_restart(t->ctx, postgres) == ERR_OK);
    } else {
        service_kill(service);
        REQUIRE(service_restart(t, service) == ERR_OK);
    }
}

static void kill_some(struct test *t, const char *folder, const char *url,
                      struct postgres *postgres, int64_t kills)
{
    struct service service;
    struct letters letters;
    const char *environment[] = {url, NULL};
    REQUIRE(service_start(t, test_folder(t, folder), environment, &service) == ERR_OK);
    letters_begin(t, &letters, service.port, WRITERS, 0);
    for (int64_t i = 0; i < kills; i++) {
        pause_a_while(t);
        kill_one(t, &service, i % DATABASE_EACH == 1 ? postgres : NULL);
    }
    pause_a_while(t);
    letters_end(t, &letters);
    letters_check(t, &letters, &service);
    CHECK(letters.repeated > 0);
    CHECK_INT(service_stop(&service), 0);
    site_check_data(t, &service);
}

TEST(kill_loses_and_doubles_no_message_on_sqlite)
{
    int64_t kills = kills_wanted();
    alarm((unsigned)(kills * SECONDS_EACH));
    for (int64_t done = 0; done < kills && !t->failures; done += KILLS_EACH) {
        struct arena_mark mark = arena_mark(t->arena);
        int64_t left = kills - done;
        kill_some(t, "torture/kill/sqlite", NULL, NULL, left < KILLS_EACH ? left : KILLS_EACH);
        arena_rewind(t->arena, mark);
    }
}

TEST(kill_loses_and_doubles_no_message_on_postgres)
{
    struct postgres postgres;
    char url[POSTGRES_SERVER_URL_MAX + 16], sql[64];
    int64_t kills = kills_wanted();
    alarm((unsigned)(kills * SECONDS_EACH));
    REQUIRE(postgres_start(t->ctx, test_folder(t, "postgres/serve"), true, &postgres) == ERR_OK);
    for (int64_t done = 0; done < kills && !t->failures; done += KILLS_EACH) {
        struct arena_mark mark = arena_mark(t->arena);
        int64_t left = kills - done;
        snprintf(sql, sizeof sql, "CREATE DATABASE kills_%lld", (long long)done);
        REQUIRE(postgres_sql(t->ctx, &postgres, sql, NULL) == ERR_OK);
        snprintf(url, sizeof url, "DATABASE_URL=postgres://stoa@127.0.0.1:%d/%s", postgres.port,
                 sql + sizeof "CREATE DATABASE");
        kill_some(t, "torture/kill/postgres", url, &postgres,
                  left < KILLS_EACH ? left : KILLS_EACH);
        arena_rewind(t->arena, mark);
    }
    postgres_stop(&postgres);
}
