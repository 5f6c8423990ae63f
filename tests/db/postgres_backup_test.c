/* Backup, check and restore of a PostgreSQL, by its own programs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "harness/test.h"
#include "ports/db/backup.h"
#include "postgres_help.h"
#include <libpq-fe.h>

enum { LOOKS_MAX = 500, LOOK_MS = 20 };

static const char *backup_in(struct test *t, const struct pg *pg, int number)
{
    struct buf path;
    const char *text;
    buf_init(&path, t->arena, PATH_MAX);
    buf_addf(&path, "%s.%d.backup", pg->server.folder, number);
    REQUIRE(str_cstr(t->arena, buf_str(&path), &text) == ERR_OK);
    return text;
}

/* Nobody may have it open meanwhile. */
static enum err restore(struct test *t, struct pg *pg, const char *path)
{
    db_close(pg->db);
    enum err err = db_restore(t->ctx, &pg->options, path);
    test_note(t, "%s", t->ctx->err.operator);
    struct err_record told = t->ctx->err;
    REQUIRE(db_open(t->ctx, &pg->options, &pg->db) == ERR_OK);
    t->ctx->err = told;
    return err;
}

static int64_t kept_schemas(struct test *t, struct pg *pg)
{
    return pg_number(t, pg,
                     "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'before_restore_%'");
}

TEST(postgres_a_backup_restores_and_what_was_there_is_kept)
{
    struct pg pg;
    pg_open(t, "postgres/backup", &pg);
    for (int round = 1; round <= 2; round++) { /* a restored database is backed up as well */
        int64_t number = round;
        const char *path = backup_in(t, &pg, round);
        CHECK_ERR(db_write(pg.db, t->ctx, pg_add_number, &number), ERR_OK);
        CHECK_ERR(db_backup(pg.db, t->ctx, path), ERR_OK);
        CHECK_ERR(postgres_sql(t->ctx, &pg.server, "DELETE FROM once", NULL), ERR_OK);
        CHECK_ERR(restore(t, &pg, path), ERR_OK);
        CHECK_INT(pg_number(t, &pg, "SELECT count(*) FROM once"), round);
        CHECK_INT(kept_schemas(t, &pg), round);
    }
    CHECK_INT(pg_number(t, &pg,
                        "SELECT count(*) FROM pg_constraint WHERE contype = 'f'"
                        " AND conrelid = CAST('line' AS regclass)"),
              1);
    pg_close(&pg);
}

/* As a restore leaves it that was killed between setting aside and putting in place. */
TEST(postgres_a_restore_that_was_killed_is_begun_anew)
{
    struct pg pg;
    int64_t number = 1;
    pg_open(t, "postgres/anew", &pg);
    const char *path = backup_in(t, &pg, 1);
    CHECK_ERR(db_write(pg.db, t->ctx, pg_add_number, &number), ERR_OK);
    CHECK_ERR(db_backup(pg.db, t->ctx, path), ERR_OK);
    CHECK_ERR(postgres_sql(t->ctx, &pg.server, "ALTER SCHEMA public RENAME TO aside", NULL),
              ERR_OK);
    CHECK_ERR(restore(t, &pg, path), ERR_OK);
    CHECK_INT(pg_number(t, &pg, "SELECT count(*) FROM once"), 1);
    pg_close(&pg);
}

TEST(postgres_a_backup_never_takes_the_place_of_a_file)
{
    struct pg pg;
    pg_open(t, "postgres/taken", &pg);
    const char *path = backup_in(t, &pg, 1);
    FILE *file = fopen(path, "we");
    REQUIRE(file && fputs("kept", file) >= 0 && fclose(file) == 0);
    CHECK_ERR(db_backup(pg.db, t->ctx, path), ERR_INPUT);
    struct stat found;
    CHECK(stat(path, &found) == 0 && found.st_size == 4);
    pg_close(&pg);
}

TEST(postgres_a_restore_is_refused_while_the_database_is_in_use)
{
    struct pg pg;
    pg_open(t, "postgres/in_use", &pg);
    const char *path = backup_in(t, &pg, 1);
    CHECK_ERR(db_backup(pg.db, t->ctx, path), ERR_OK);
    CHECK_ERR(db_restore(t->ctx, &pg.options, path), ERR_BUSY);
    CHECK_TEXT(t->ctx->err.user, "The database is in use. Stop what uses it, then try again.");
    CHECK_INT(kept_schemas(t, &pg), 0);
    pg_close(&pg);
}

static void *restore_beside(void *arg)
{
    struct pg_caller *caller = arg;
    caller->err = db_restore(&caller->ctx, &caller->pg->options, caller->path);
    return NULL;
}

/* Stops a restore where it sets the tables aside. */
static PGconn *hold_schema(struct test *t, const struct pg *pg)
{
    PGconn *holder = PQconnectdb(pg->server.url);
    PGresult *result = PQexec(holder, "BEGIN; ALTER SCHEMA public OWNER TO stoa");
    REQUIRE(PQresultStatus(result) == PGRES_COMMAND_OK);
    PQclear(result);
    return holder;
}

TEST(postgres_nobody_connects_while_it_is_restored)
{
    struct pg pg;
    struct db *other;
    int64_t number = 1, alone = 0;
    pg_open(t, "postgres/restored", &pg);
    struct pg_caller restorer = {.path = backup_in(t, &pg, 1)};
    CHECK_ERR(db_write(pg.db, t->ctx, pg_add_number, &number), ERR_OK);
    CHECK_ERR(db_backup(pg.db, t->ctx, restorer.path), ERR_OK);
    db_close(pg.db);
    PGconn *holder = hold_schema(t, &pg);
    pg_callers_start(t, &pg, &restorer, 1, restore_beside);
    for (int i = 0; i < LOOKS_MAX && !alone; i++) {
        pg_pause_ms(LOOK_MS);
        alone = pg_number(t, &pg,
                          "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                          " AND mode = 'ExclusiveLock'");
    }
    CHECK_INT(alone, 1);
    CHECK_ERR(db_open(t->ctx, &pg.options, &other), ERR_BUSY);
    CHECK_TEXT(t->ctx->err.user, "The database is being restored. Try again later.");
    CHECK_ERR(db_restore(t->ctx, &pg.options, restorer.path), ERR_BUSY);
    PQfinish(holder);
    pg_callers_join(&restorer, 1);
    test_note(t, "%s", restorer.ctx.err.operator);
    CHECK_ERR(restorer.err, ERR_OK);
    REQUIRE(db_open(t->ctx, &pg.options, &pg.db) == ERR_OK);
    CHECK_ERR(db_read(pg.db, t->ctx, pg_count, &number), ERR_OK);
    CHECK_INT(number, 1);
    pg_close(&pg);
}

TEST(postgres_a_restore_that_fails_changes_nothing)
{
    struct pg pg;
    pg_open(t, "postgres/restore", &pg);
    const char *none = backup_in(t, &pg, 1), *cut = backup_in(t, &pg, 2);
    FILE *file = fopen(none, "we");
    REQUIRE(file && fputs("this is no backup", file) >= 0 && fclose(file) == 0);
    CHECK_ERR(restore(t, &pg, none), ERR_IO);
    CHECK_ERR(db_backup(pg.db, t->ctx, cut), ERR_OK);
    struct stat whole;
    REQUIRE(stat(cut, &whole) == 0 && truncate(cut, whole.st_size - 8) == 0);
    CHECK_ERR(restore(t, &pg, cut), ERR_IO);
    CHECK(!strstr(t->ctx->err.operator, "transaction"));
    CHECK_INT(pg_number(t, &pg, "SELECT count(*) FROM stock"), 1);
    CHECK_INT(kept_schemas(t, &pg), 0);
    CHECK_ERR(db_backup(pg.db, t->ctx, "/no/such/folder/x"), ERR_IO);
    pg_close(&pg);
}

TEST(postgres_a_missing_program_says_which_package)
{
    struct pg pg;
    struct pg_alone alone;
    char path[PATH_MAX + 8];
    pg_open(t, "postgres/missing", &pg);
    pg_alone_open(t, &pg.options, DB_WRITER, &alone);
    snprintf(path, sizeof path, "%s.backup", pg.server.folder);
    environ = (char *[]){(char[]){"PATH=/nowhere"}, NULL};
    CHECK_ERR(db_postgres.backup(alone.engine, t->ctx, path), ERR_IO);
    CHECK(strstr(t->ctx->err.operator, "postgresql-client"));
    CHECK(access(path, F_OK) != 0);
    pg_alone_close(&alone);
    pg_close(&pg);
}

TEST(postgres_check_finds_what_is_wrong)
{
    struct pg pg;
    struct pg_alone alone;
    struct buf findings;
    pg_open(t, "postgres/check", &pg);
    pg_alone_open(t, &pg.options, DB_WRITER, &alone);
    buf_init(&findings, t->arena, 1 << 16);
    CHECK_ERR(postgres_sql(t->ctx, &pg.server, "CREATE EXTENSION amcheck", NULL), ERR_OK);
    CHECK_ERR(db_postgres.check(alone.engine, t->ctx, &findings), ERR_OK);
    CHECK_STR(buf_str(&findings), "the setting fsync is off: a crash or a power cut loses data\n");
    static const char damage[] =
        "SET session_replication_role = replica; INSERT INTO line VALUES (77, 1);"
        "SET session_replication_role = DEFAULT;"
        "ALTER TABLE once ADD CONSTRAINT small CHECK (n < 5) NOT VALID;"
        "UPDATE pg_index SET indisvalid = false"
        " WHERE indexrelid = CAST('once_n_key' AS regclass)";
    CHECK_ERR(postgres_sql(t->ctx, &pg.server, damage, NULL), ERR_OK);
    buf_clear(&findings);
    enum err err = db_postgres.check(alone.engine, t->ctx, &findings);
    test_note(t, "%s", t->ctx->err.operator);
    CHECK_ERR(err, ERR_OK);
    static const char *const wanted[] = {"the index once_n_key is not valid",
                                         "the constraint small of once was never validated",
                                         "1 rows of line break line_owner_fkey"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        test_note(t, "%s in " STR_FMT, wanted[i], STR_ARG(buf_str(&findings)));
        CHECK(str_find(buf_str(&findings), str_from(wanted[i])) != STR_NONE);
    }
    pg_alone_close(&alone);
    pg_close(&pg);
}
