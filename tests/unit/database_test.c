/* The commands that look after the database, as the real program runs them on SQLite. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "harness/folder.h"
#include "harness/process.h"
#include "harness/test.h"

static bool has(struct str text, const char *part)
{
    return str_find(text, str_from(part)) != STR_NONE;
}

/* A data folder of the test's own, and the program run in it. */
struct place {
    const char *folder;
    char data[512];
};

static struct place place_make(struct test *t, const char *name)
{
    struct place place = {.folder = test_folder(t, name)};
    snprintf(place.data, sizeof place.data, "STOA_DATA=%s", place.folder);
    return place;
}

static const char *inside(struct test *t, const struct place *place, const char *name)
{
    struct buf path;
    const char *text = NULL;
    buf_init(&path, t->arena, 1024);
    buf_addf(&path, "%s/%s", place->folder, name);
    REQUIRE(str_cstr(t->arena, buf_str(&path), &text) == ERR_OK);
    return text;
}

static struct process_result stoa(struct test *t, const struct place *place, const char *command,
                                  const char *word, const char *url)
{
    struct process_result result = {0};
    char variable[512] = "DATABASE_URL";
    if (url)
        snprintf(variable, sizeof variable, "DATABASE_URL=%s", url);
    const char *argv[] = {test_built(t, "stoa"), command, word, NULL};
    const char *environment[] = {place->data, variable, NULL};
    REQUIRE(process_run(t, argv, environment, &result) == ERR_OK);
    test_note(t, "stoa %s: " STR_FMT STR_FMT, command, STR_ARG(result.out), STR_ARG(result.err));
    return result;
}

TEST(database_is_made_migrated_and_sound)
{
    struct place place = place_make(t, "database/made");
    CHECK_INT(stoa(t, &place, "migrate", NULL, NULL).status, 0);
    struct process_result result = stoa(t, &place, "migrate", NULL, NULL);
    CHECK_INT(result.status, 0);
    CHECK_STR(result.out, "Nothing to do: the database is as this release wants it.\n");
    CHECK(access(inside(t, &place, "stoa.db"), F_OK) == 0);
    result = stoa(t, &place, "check", NULL, NULL);
    CHECK_INT(result.status, 0);
    CHECK_STR(result.out, "The database is sound.\n");
}

/* A mistyped name must not become an empty database. */
TEST(database_that_is_not_there_is_told_and_not_made)
{
    struct place place = place_make(t, "database/absent");
    struct process_result result = stoa(t, &place, "migrate", "--plan", NULL);
    CHECK_INT(result.status, 0);
    CHECK(str_starts(result.out, STR("There is no database yet: it would be made.\n")));
    CHECK_INT(stoa(t, &place, "migrate", "--plan", "sqlite:below/stoa.db").status, 0);
    CHECK_INT(stoa(t, &place, "backup", inside(t, &place, "copy"), NULL).status, 1);
    result = stoa(t, &place, "check", NULL, NULL);
    CHECK_INT(result.status, 1);
    CHECK(str_starts(result.err, STR("stoa: There is no database yet. (")));
    CHECK(rmdir(place.folder) == 0); /* nothing was made in it */
    CHECK_INT(stoa(t, &place, "migrate", "--plan", NULL).status, 0);
    CHECK(access(place.folder, F_OK) < 0);
}

TEST(database_url_names_a_file_in_the_data_folder_or_anywhere)
{
    struct place place = place_make(t, "database/url");
    char url[512];
    CHECK_INT(stoa(t, &place, "migrate", NULL, "sqlite:other.db").status, 0);
    CHECK(access(inside(t, &place, "other.db"), F_OK) == 0);
    snprintf(url, sizeof url, "sqlite:%s", inside(t, &place, "absolute.db"));
    CHECK_INT(stoa(t, &place, "migrate", NULL, url).status, 0);
    CHECK(access(inside(t, &place, "absolute.db"), F_OK) == 0);
    struct process_result result = stoa(t, &place, "migrate", NULL, "mysql://host/shop");
    CHECK_INT(result.status, 1);
    CHECK(str_starts(result.err, STR("stoa: DATABASE_URL: must be a URL of one of these kinds: ")));
}

TEST(database_backup_never_overwrites_and_restore_brings_it_back)
{
    struct place place = place_make(t, "database/backup");
    const char *copy = inside(t, &place, "copy");
    REQUIRE(stoa(t, &place, "migrate", NULL, NULL).status == 0);
    CHECK_INT(stoa(t, &place, "backup", copy, NULL).status, 0);
    CHECK(access(copy, F_OK) == 0);
    struct process_result result = stoa(t, &place, "backup", copy, NULL);
    CHECK_INT(result.status, 1);
    CHECK(has(result.err, "there"));
    CHECK_INT(stoa(t, &place, "restore", copy, NULL).status, 0);
    CHECK_INT(stoa(t, &place, "check", NULL, NULL).status, 0);
    CHECK_INT(stoa(t, &place, "restore", inside(t, &place, "none"), NULL).status, 1);
    CHECK_INT(stoa(t, &place, "check", NULL, NULL).status, 0);
}

TEST(database_that_is_none_is_refused_and_left_alone)
{
    struct place place = place_make(t, "database/none");
    static const char poem[] = "This is a poem, and it is longer than the head of a database is.\n"
                               "It must be as long as it was when all of this is over.\n";
    int file = open(inside(t, &place, "stoa.db"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    REQUIRE(write(file, poem, sizeof poem) == (ssize_t)sizeof poem);
    close(file);
    static const char *const commands[] = {"check", "migrate"};
    for (size_t i = 0; i < 2; i++) {
        struct process_result result = stoa(t, &place, commands[i], NULL, NULL);
        CHECK_INT(result.status, 1);
        CHECK(has(result.err, "stoa: "));
    }
    CHECK_INT(stoa(t, &place, "restore", inside(t, &place, "stoa.db"), "sqlite:new.db").status, 1);
    char read_back[sizeof poem];
    file = open(inside(t, &place, "stoa.db"), O_RDONLY | O_CLOEXEC);
    REQUIRE(read(file, read_back, sizeof read_back) == (ssize_t)sizeof read_back);
    close(file);
    CHECK(memcmp(read_back, poem, sizeof poem) == 0);
}

TEST(database_check_finds_a_damaged_page)
{
    struct place place = place_make(t, "database/damaged");
    REQUIRE(stoa(t, &place, "migrate", NULL, NULL).status == 0);
    const char *copy = inside(t, &place, "copy.db");
    REQUIRE(stoa(t, &place, "backup", copy, NULL).status == 0);
    char noise[4096];
    memset(noise, 0x5a, sizeof noise);
    int file = open(copy, O_WRONLY | O_CLOEXEC);
    REQUIRE(pwrite(file, noise, sizeof noise, 4096) == (ssize_t)sizeof noise);
    close(file);
    CHECK_INT(stoa(t, &place, "check", NULL, "sqlite:copy.db").status, 1);
    CHECK_INT(stoa(t, &place, "restore", copy, NULL).status, 1);
    CHECK_INT(stoa(t, &place, "check", NULL, NULL).status, 0);
}
