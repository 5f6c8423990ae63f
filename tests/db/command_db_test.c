/* The commands that look after the database, as the real program runs them on both engines, with
 * tables and migrations: the sample's. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/io.h"
#include "program.h"
#include "sample_sql.h"

#define NOTHING_TO_DO "Nothing to do: the database is as this release wants it.\n"

static const char item[] = "item_1";

static enum err add_item(struct tx *tx, void *arg)
{
    (void)arg;
    return item_add(tx, str_from(item), STR("code"), STR("a lamp"), 1990, 5, NULL, NULL, STR("{}"),
                    true, 1);
}

static enum err remove_item(struct tx *tx, void *arg)
{
    return item_remove(tx, str_from(item), arg);
}

static enum err find_item(struct tx *tx, void *arg)
{
    return item_find(tx, str_from(item), arg);
}

static void check_answer(struct test *t, struct process_result result, const char *out)
{
    CHECK_INT(result.status, 0);
    CHECK_STR(result.out, out);
}

static void check_refused(struct test *t, struct process_result result, const char *words)
{
    CHECK_INT(result.status, 1);
    CHECK(says(result.err, "stoa: ") && str_ends(result.err, STR("\n")));
    CHECK(says(result.err, words));
}

static void migrate(struct test *t, struct place *place)
{
    REQUIRE(place_run(t, place, sample_stoa, "migrate", NULL).status == 0);
}

/* "sqlite:FILE" */
static const char *database_path(const struct place *place)
{
    return place->fixture.url + sizeof "sqlite:" - 1;
}

static bool is_sqlite(const struct place *place)
{
    return place->fixture.engine == engine_sqlite;
}

static void check_plan(struct test *t, struct place *place)
{
    struct process_result result = place_run(t, place, sample_stoa, "migrate", "--plan");
    struct str out = result.out, line = STR("");
    if (is_sqlite(place)) {
        str_cut(&out, '\n', &line);
        CHECK_STR(line, "There is no database yet: it would be made.");
        CHECK(access(database_path(place), F_OK) < 0);
    }
    result.out = out;
    check_answer(t, result, "would run sample 0001_begin\nwould run sample 0002_item_note\n");
}

TEST(command_migrate_says_what_it_would_do_and_does_it_once)
{
    struct place place;
    for (const struct engine *engine = engines; engine->name; engine++) {
        place_open(t, engine, &place);
        check_plan(t, &place);
        check_plan(t, &place);
        struct process_result result = place_run(t, &place, sample_stoa, "check", NULL);
        CHECK_INT(result.status, 1);
        if (is_sqlite(&place))
            check_refused(t, result, "There is no database yet.");
        else
            CHECK(says(result.out, "migrations: step 1 of sample (0001_begin) has not run\n"));
        check_answer(t, place_run(t, &place, sample_stoa, "migrate", NULL),
                     "ran sample 0001_begin\nran sample 0002_item_note\n");
        check_answer(t, place_run(t, &place, sample_stoa, "migrate", NULL), NOTHING_TO_DO);
        check_answer(t, place_run(t, &place, sample_stoa, "migrate", "--plan"), NOTHING_TO_DO);
        check_answer(t, place_run(t, &place, sample_stoa, "check", NULL),
                     "The database is sound.\n");
        place_close(&place);
    }
}

static void write_file(const char *path, const char *words)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    io_write_all(file, str_from(words));
    close(file);
}

TEST(command_restore_brings_back_what_backup_wrote)
{
    struct place place;
    struct item_find_row row;
    for (const struct engine *engine = engines; engine->name; engine++) {
        int64_t changed = 0;
        char words[PLACE_VARIABLE_MAX];
        place_open(t, engine, &place);
        const char *copy = place_file(t, &place, "copy");
        migrate(t, &place);
        CHECK_ERR(place_write(t, &place, add_item, NULL), ERR_OK);
        snprintf(words, sizeof words, "The backup is in %s.\n", copy);
        check_answer(t, place_run(t, &place, sample_stoa, "backup", copy), words);
        CHECK_ERR(place_write(t, &place, remove_item, &changed), ERR_OK);
        CHECK_ERR(place_read(t, &place, find_item, &row), ERR_MISSING);
        snprintf(words, sizeof words, "Restored from %s. What was there before lies beside it.\n",
                 copy);
        check_answer(t, place_run(t, &place, sample_stoa, "restore", copy), words);
        CHECK_ERR(place_read(t, &place, find_item, &row), ERR_OK);
        CHECK_STR(row.name, "a lamp");
        check_answer(t, place_run(t, &place, sample_stoa, "check", NULL),
                     "The database is sound.\n");
        place_close(&place);
    }
}

/* Each leaves the database as it was. */
TEST(command_backup_and_restore_refuse_wrong_files)
{
    struct place place;
    struct item_find_row row;
    for (const struct engine *engine = engines; engine->name; engine++) {
        place_open(t, engine, &place);
        const char *poem = place_file(t, &place, "poem"), *none = place_file(t, &place, "no/file");
        write_file(poem, "This is a poem, and no backup.\n");
        migrate(t, &place);
        CHECK_ERR(place_write(t, &place, add_item, NULL), ERR_OK);
        check_refused(t, place_run(t, &place, sample_stoa, "backup", poem),
                      "file: is there already; name another");
        check_refused(t, place_run(t, &place, sample_stoa, "backup", none), "No such file");
        check_refused(t, place_run(t, &place, sample_stoa, "restore", none), none);
        check_refused(t, place_run(t, &place, sample_stoa, "restore", poem), "");
        CHECK(access(none, F_OK) < 0);
        CHECK_ERR(place_read(t, &place, find_item, &row), ERR_OK);
        check_answer(t, place_run(t, &place, sample_stoa, "check", NULL),
                     "The database is sound.\n");
        place_close(&place);
    }
}

static enum err restore_meanwhile(struct tx *tx, void *arg)
{
    (void)tx;
    struct test *t = ((void **)arg)[0];
    struct place *place = ((void **)arg)[1];
    check_refused(t, place_run(t, place, sample_stoa, "restore", ((void **)arg)[2]),
                  "The database is in use. Stop what uses it, then try again.");
    check_answer(t, place_run(t, place, sample_stoa, "migrate", "--plan"), NOTHING_TO_DO);
    return ERR_OK;
}

TEST(command_restore_waits_for_nobody_who_uses_the_database)
{
    struct place place;
    for (const struct engine *engine = engines; engine->name; engine++) {
        place_open(t, engine, &place);
        const char *copy = place_file(t, &place, "copy");
        migrate(t, &place);
        CHECK_INT(place_run(t, &place, sample_stoa, "backup", copy).status, 0);
        CHECK_ERR(place_read(t, &place, restore_meanwhile, (void *[]){t, &place, (void *)copy}),
                  ERR_OK);
        CHECK_INT(place_run(t, &place, sample_stoa, "restore", copy).status, 0);
        place_close(&place);
    }
}

/* The real program does not know the sample's tables, and so stands for an older release. */
TEST(command_of_an_older_release_changes_nothing)
{
    struct place place;
    for (const struct engine *engine = engines; engine->name; engine++) {
        place_open(t, engine, &place);
        migrate(t, &place);
        check_refused(t, place_run(t, &place, stoa, "migrate", NULL),
                      "The database is newer than this release. Run the release that made it, or "
                      "restore a backup from before.");
        check_refused(t, place_run(t, &place, stoa, "migrate", "--plan"), "is newer");
        struct process_result result = place_run(t, &place, stoa, "check", NULL);
        check_refused(t, result, "The database is not sound; see above.");
        CHECK(says(result.out, "migrations: step 1 of sample (0001_begin) ran here and is not "
                               "known\n"));
        check_answer(t, place_run(t, &place, sample_stoa, "migrate", "--plan"), NOTHING_TO_DO);
        place_close(&place);
    }
}

static const struct {
    const char *command, *word;
} commands[] = {
    {"migrate", NULL}, {"migrate", "--plan"}, {"backup", "copy"},
    {"check", NULL},   {"restore", "poem"},
};

/* Every command says so by itself, and none tells the password. */
static void check_unreachable(struct test *t, struct place *place, const char *url,
                              const char *words)
{
    place_set_url(place, url);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        const char *word = commands[i].word;
        if (word && word[0] != '-')
            word = place_file(t, place, word);
        struct process_result result = place_run(t, place, sample_stoa, commands[i].command, word);
        check_refused(t, result, words);
        CHECK_INT(result.out.len, 0);
        CHECK(!says(result.err, "secret"));
    }
    CHECK(access(place_file(t, place, "copy"), F_OK) < 0);
}

static void sql(struct test *t, const struct place *place, const char *text)
{
    REQUIRE(postgres_sql(t->ctx, &place->fixture.postgres, text, NULL) == ERR_OK);
}

/* From now on a role of the server's has to say its password. */
static void lock_server(struct test *t, const struct place *place)
{
    char path[PATH_MAX + 32];
    sql(t, place, "CREATE ROLE clerk LOGIN PASSWORD 'right'");
    snprintf(path, sizeof path, "%s/pg_hba.conf", place->fixture.postgres.folder);
    write_file(path, "host all clerk 127.0.0.1/32 scram-sha-256\n"
                     "host all all 127.0.0.1/32 trust\n");
    sql(t, place, "SELECT pg_reload_conf()");
}

TEST(command_that_reaches_no_server_says_why)
{
    struct place place;
    char url[PLACE_VARIABLE_MAX];
    int port;
    place_open(t, engine_postgres, &place);
    port = place.fixture.postgres.port;
    write_file(place_file(t, &place, "poem"), "no backup");
    lock_server(t, &place);
    snprintf(url, sizeof url, "postgres://clerk:secret@127.0.0.1:%d/stoa", port);
    check_unreachable(t, &place, url, "password authentication failed for user \"clerk\"");
    snprintf(url, sizeof url, "postgres://stoa:secret@127.0.0.1:%d/shop", port);
    check_unreachable(t, &place, url, "database \"shop\" does not exist");
    check_unreachable(t, &place, "postgres://stoa:secret%zz@127.0.0.1/shop",
                      "must look like postgres://user@host/name");
    check_unreachable(t, &place, "postgres://stoa:secret@no.such.host.invalid/shop",
                      "The database cannot be reached.");
    postgres_stop(&place.fixture.postgres);
    snprintf(url, sizeof url, "postgres://stoa:secret@127.0.0.1:%d/stoa", port);
    check_unreachable(t, &place, url, "Connection refused");
    place_close(&place);
}

TEST(command_that_finds_no_file_says_why)
{
    struct place place;
    place_open(t, engine_sqlite, &place);
    write_file(place_file(t, &place, "poem"), "no backup");
    check_unreachable(t, &place, "mysql://stoa:secret@host/shop", "DATABASE_URL: must be a URL");
    check_unreachable(t, &place, "sqlite:", "DATABASE_URL: must name a file");
    check_unreachable(t, &place, "sqlite:/dev/null/stoa.db", "Not a directory");
    place_close(&place);
}
