/* Tells every story of the folder to the real program, on both engines. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/story.h"
#include "harness/folder.h"
#include "harness/postgres.h"

enum { SHARES = 4, NAME_MAX_LEN = 64 };

static const char ending[] = ".story";

/* Few, so that a story can meet the limit. */
static const char few_calls[] = "RATE_API=3";

static int is_story(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);
    return len > sizeof ending && strcmp(entry->d_name + len - sizeof ending + 1, ending) == 0;
}

typedef void tell_one(struct test *t, const char *name, void *arg);

/* A share of them: each has the time of a test. */
static void tell_share(struct test *t, int share, tell_one *tell, void *arg)
{
    struct dirent **entries;
    char name[NAME_MAX_LEN];
    int count = scandir(STORIES, &entries, is_story, alphasort);
    REQUIRE(count > 0);
    for (int i = 0; i < count; i++) {
        if (i % SHARES != share) {
            free(entries[i]);
            continue;
        }
        snprintf(name, sizeof name, "%.*s", (int)(strlen(entries[i]->d_name) - sizeof ending + 1),
                 entries[i]->d_name);
        tell(t, name, arg);
        free(entries[i]);
    }
    free(entries);
}

static void tell_on_sqlite(struct test *t, const char *name, void *arg)
{
    (void)arg;
    story_tell(t, name, "sqlite", (const char *const[]){few_calls, NULL});
}

TEST(stories_on_sqlite_first)
{
    tell_share(t, 0, tell_on_sqlite, NULL);
}

TEST(stories_on_sqlite_second)
{
    tell_share(t, 1, tell_on_sqlite, NULL);
}

TEST(stories_on_sqlite_third)
{
    tell_share(t, 2, tell_on_sqlite, NULL);
}

TEST(stories_on_sqlite_last)
{
    tell_share(t, 3, tell_on_sqlite, NULL);
}

/* Each has a database of its own on one server. */
static void tell_on_postgres(struct test *t, const char *name, void *arg)
{
    const struct postgres *server = arg;
    char sql[NAME_MAX_LEN * 2], url[POSTGRES_SERVER_URL_MAX + NAME_MAX_LEN];
    snprintf(sql, sizeof sql, "CREATE DATABASE story_%s", name);
    REQUIRE(postgres_sql(t->ctx, server, sql, NULL) == ERR_OK);
    snprintf(url, sizeof url, "DATABASE_URL=postgres://stoa@127.0.0.1:%d/story_%s", server->port,
             name);
    story_tell(t, name, "postgres", (const char *const[]){url, few_calls, NULL});
}

static void tell_share_on_postgres(struct test *t, int share)
{
    struct postgres server;
    REQUIRE(postgres_start(t->ctx, test_folder(t, "postgres/api"), false, &server) == ERR_OK);
    tell_share(t, share, tell_on_postgres, &server);
    postgres_stop(&server);
}

TEST(stories_on_postgres_first)
{
    tell_share_on_postgres(t, 0);
}

TEST(stories_on_postgres_second)
{
    tell_share_on_postgres(t, 1);
}

TEST(stories_on_postgres_third)
{
    tell_share_on_postgres(t, 2);
}

TEST(stories_on_postgres_last)
{
    tell_share_on_postgres(t, 3);
}
