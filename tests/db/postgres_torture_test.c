/* Each allocation and each system call fails once, through everything that is done with PostgreSQL:
 * the failure is told, nothing leaks, and what is there afterwards is whole. */
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "harness/test.h"
#include "harness/torture.h"
#include "ports/db/backup.h"
#include "ports/db/migrate.h"
#include "postgres_help.h"

enum {
    RUNS_MAX = 8000,
    FAILURES_SHOWN = 10,
    FILES_MAX = 64,
    FINDINGS_MAX = 16 << 10,
    CALLERS = 3,
    KEPT_ROWS = 2, /* in the backup; the database has one more */
    SECONDS = 240, /* under a sanitizer */
};

static const struct migration steps[] = {
    {1, "step_begin", "SELECT 1", "CREATE TABLE step_made (id bigint PRIMARY KEY)", 1},
    {2, "step_note", "SELECT 1", "ALTER TABLE step_made ADD COLUMN note text", 2},
};
static const struct schema schema = {"step", NULL, 0, steps, 2};
static const struct schema *const schemas[] = {&schema, NULL};

/* What a use has at hand. Its context is of the one run. */
struct bench {
    struct test *t;
    struct pg *pg, second; /* another database of the server, for what a backup holds */
    struct db_options options;
    struct arena arena;
    struct ctx ctx;
    struct pg_caller callers[CALLERS];
    const char *backup, *target;
    int64_t next; /* number to add */
};

/* Failures strike `run`, and spare `before` and `after`, which says what is wrong. */
struct use {
    const char *name;
    enum err (*run)(struct bench *bench);
    const char *(*after)(struct bench *bench, enum err err);
};

static void sql(struct bench *bench, const char *text)
{
    struct test *t = bench->t;
    enum err err = postgres_sql(t->ctx, &bench->pg->server, text, NULL);
    test_note(t, "%s", t->ctx->err.operator);
    REQUIRE(err == ERR_OK);
}

static int64_t number(struct bench *bench, const char *text)
{
    return pg_number(bench->t, bench->pg, text);
}

/* Writes and reads. */

static void *add_one(void *arg)
{
    struct pg_caller *caller = arg;
    caller->err = db_write(caller->pg->db, &caller->ctx, pg_add_number, &caller->n);
    return NULL;
}

/* Where no thread can be had, it is done here. */
static void callers_run(struct bench *bench)
{
    bool apart[CALLERS];
    for (int i = 0; i < CALLERS; i++)
        apart[i] = !pthread_create(&bench->callers[i].thread, NULL, add_one, &bench->callers[i]);
    for (int i = 0; i < CALLERS; i++)
        if (apart[i])
            pthread_join(bench->callers[i].thread, NULL);
        else
            add_one(&bench->callers[i]);
}

static void callers_begin(struct bench *bench)
{
    for (int i = 0; i < CALLERS; i++) {
        struct pg_caller *caller = &bench->callers[i];
        *caller = (struct pg_caller){.pg = bench->pg, .n = bench->next++, .err = ERR_IO};
        arena_init(&caller->arena, PG_MEMORY_MAX);
        caller->ctx = (struct ctx){.arena = &caller->arena, .clock = &bench->pg->clock};
    }
}

static enum err run_work(struct bench *bench)
{
    int64_t count = 0;
    callers_begin(bench);
    TRY(db_open(&bench->ctx, &bench->options, &bench->pg->db));
    callers_run(bench);
    enum err err = db_read(bench->pg->db, &bench->ctx, pg_count, &count);
    db_close(bench->pg->db);
    for (int i = 0; i < CALLERS && !err; i++) {
        err = bench->callers[i].err;
        bench->ctx.err = bench->callers[i].ctx.err;
    }
    return err;
}

/* What was acknowledged is there, what failed is not, and of what is not known either may be. */
static const char *after_work(struct bench *bench, enum err err)
{
    char text[96];
    const char *wrong = NULL;
    (void)err;
    for (int i = 0; i < CALLERS; i++) {
        struct pg_caller *caller = &bench->callers[i];
        snprintf(text, sizeof text, "SELECT count(*) FROM once WHERE n = %" PRId64, caller->n);
        if (caller->err != ERR_PEER && number(bench, text) != (caller->err == ERR_OK))
            wrong = "a write is not as it was told";
        if (caller->err && !caller->ctx.err.operator[0] && !bench->ctx.err.operator[0])
            wrong = "a failure has no words";
        arena_release(&caller->arena);
    }
    return wrong;
}

/* What keeps it from looking is a failure, and no finding. */
static enum err run_check(struct bench *bench)
{
    static const char usual[] = "the setting fsync is off: a crash or a power cut loses data\n";
    struct test *t = bench->t;
    struct db_engine *engine;
    struct buf findings;
    char text[FINDINGS_MAX];
    buf_init_fixed(&findings, text, sizeof text);
    TRY(db_postgres.open(&bench->ctx, &bench->options, &engine));
    enum err err = db_postgres.check(engine, &bench->ctx, &findings);
    db_postgres.close(engine);
    if (!err)
        CHECK_STR(buf_str(&findings), usual);
    return err;
}

/* Migrations. */

static enum err run_migrate(struct bench *bench)
{
    struct migrate_plan *done = ARENA_NEW(&bench->arena, struct migrate_plan);
    if (!done)
        return err_memory(&bench->ctx.err);
    bench->options.schemas = schemas;
    enum err err = db_open(&bench->ctx, &bench->options, &bench->pg->db);
    bench->options.schemas = NULL;
    TRY(err);
    err = migrate_run(bench->pg->db, &bench->ctx, done);
    db_close(bench->pg->db);
    return err;
}

static const char *after_migrate(struct bench *bench, enum err err)
{
    (void)err;
    if (run_migrate(bench))
        return bench->ctx.err.operator;
    if (number(bench, "SELECT count(*) FROM stoa_migration") != 2 ||
        number(bench, "SELECT count(note) FROM step_made") != 0)
        return "the steps were not taken";
    sql(bench, "DROP TABLE step_made; DELETE FROM stoa_migration");
    return NULL;
}

/* Copies. */

static enum err run_backup(struct bench *bench)
{
    TRY(db_open(&bench->ctx, &bench->options, &bench->pg->db));
    enum err err = db_backup(bench->pg->db, &bench->ctx, bench->target);
    db_close(bench->pg->db);
    return err;
}

/* Where it fails it may be there all the same, but then it is whole. */
static const char *after_backup(struct bench *bench, enum err err)
{
    char part[PATH_MAX];
    snprintf(part, sizeof part, "%s.part", bench->target);
    if (access(part, F_OK) == 0 && unlink(part) == 0 && !err)
        return "a part is left";
    if (access(bench->target, F_OK) < 0)
        return err ? NULL : "there is no backup";
    if (db_restore(&bench->ctx, &bench->second.options, bench->target))
        return bench->ctx.err.operator;
    unlink(bench->target);
    int64_t rows = pg_number(bench->t, &bench->second, "SELECT count(*) FROM once");
    return rows == KEPT_ROWS + 1 ? NULL : "the backup is not whole";
}

static enum err run_restore(struct bench *bench)
{
    return db_restore(&bench->ctx, &bench->options, bench->backup);
}

static const char *after_restore(struct bench *bench, enum err err)
{
    int64_t rows = number(bench, "SELECT count(*) FROM once");
    if (rows != KEPT_ROWS && (!err || rows != KEPT_ROWS + 1))
        return "the tables are not whole";
    bool kept = number(bench, "SELECT count(*) FROM pg_namespace"
                              " WHERE nspname LIKE 'before_restore_%'") == 1;
    if (kept != (rows == KEPT_ROWS))
        return "what was there was not kept";
    if (kept)
        sql(bench, "SET client_min_messages = error; DO $$ BEGIN"
                   " EXECUTE (SELECT format('DROP SCHEMA %I CASCADE', nspname)"
                   " FROM pg_namespace WHERE nspname LIKE 'before_restore_%'); END $$;"
                   "INSERT INTO once VALUES (3)");
    return NULL;
}

static const struct use work = {"work", run_work, after_work};
static const struct use check = {"check", run_check, NULL};
static const struct use migrate = {"migrate", run_migrate, after_migrate};
static const struct use backup = {"backup", run_backup, after_backup};
static const struct use restore = {"restore", run_restore, after_restore};

enum { GOING_MS = 100, GOING_MAX = 50 };

static int files_open(void)
{
    int count = 0;
    for (int fd = 0; fd < FILES_MAX; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

/* The run itself, with the n-th failing, or none where n is 0; true while there was one to fail. A
 * server still ends the session of the run before, with its locks, when this one begins. */
static bool strike(struct bench *bench, const struct use *use, enum torture_kind kind, int64_t n)
{
    struct test *t = bench->t;
    const struct err_record *record = &bench->ctx.err;
    if (n)
        torture_arm(kind, n);
    enum err err = use->run(bench);
    bool met = torture_disarm();
    for (int i = 0; !met && err == ERR_BUSY && i < GOING_MAX; i++) {
        poll(NULL, 0, GOING_MS);
        err = use->run(bench);
    }
    test_note(t, "%s, failure %" PRId64 ": %s", use->name, n, record->operator);
    if (!met)
        CHECK_ERR(err, ERR_OK);
    if (err)
        CHECK(err != ERR_INPUT && err != ERR_CONFLICT && err != ERR_MISSING && err != ERR_LIMIT &&
              record->code == err && record->operator[0] && record->where);
    const char *wrong = use->after ? use->after(bench, err) : NULL;
    test_note(t, "%s, failure %" PRId64 " (%s): %s", use->name, n, err_name(err),
              wrong ? wrong : "");
    CHECK(!wrong);
    return met;
}

/* Nothing stays allocated, open, or unburied: the server is the one child. */
static bool strike_apart(struct bench *bench, const struct use *use, enum torture_kind kind,
                         int64_t n)
{
    struct test *t = bench->t;
    struct arena kept = *t->arena;
    int64_t blocks = torture_live_blocks();
    int files = files_open();
    arena_init(t->arena, TEST_ARENA_MAX);
    arena_init(&bench->arena, PG_MEMORY_MAX);
    bench->ctx = (struct ctx){.arena = &bench->arena, .clock = &bench->pg->clock};
    bool met = strike(bench, use, kind, n);
    arena_release(&bench->arena);
    arena_release(t->arena);
    *t->arena = kept;
    CHECK_INT(torture_live_blocks() - blocks, 0);
    CHECK_INT(files_open() - files, 0);
    CHECK_INT(waitpid(-1, NULL, WNOHANG), 0);
    return met;
}

/* First one run that fails nowhere: what is allocated once, at a first use, is not the use's. */
static void strike_every(struct bench *bench, const struct use *use, enum torture_kind kind)
{
    struct test *t = bench->t;
    int64_t n = 1;
    strike_apart(bench, use, kind, 0);
    while (n < RUNS_MAX && t->failures < FAILURES_SHOWN && strike_apart(bench, use, kind, n))
        n++;
    CHECK(n > 1 && n < RUNS_MAX);
    printf("# %s: %" PRId64 " failures of %s\n", use->name, n - 1,
           kind == TORTURE_MEMORY ? "memory" : "system calls");
}

static void make_copies(struct bench *bench, char *backup_path, char *target_path)
{
    struct test *t = bench->t;
    struct pg *second = &bench->second;
    snprintf(backup_path, PATH_MAX, "%.4000s.backup", bench->pg->server.folder);
    snprintf(target_path, PATH_MAX, "%.4000s.target", bench->pg->server.folder);
    bench->backup = backup_path;
    bench->target = target_path;
    *second = *bench->pg;
    snprintf(second->server.url, sizeof second->server.url,
             "postgres://stoa@127.0.0.1:%d/other?gssencmode=disable", second->server.port);
    second->options.url = str_from(second->server.url);
    sql(bench, "CREATE DATABASE other");
    sql(bench, "INSERT INTO once VALUES (1), (2)");
    REQUIRE(db_backup(bench->pg->db, t->ctx, bench->backup) == ERR_OK);
    sql(bench, "INSERT INTO once VALUES (3)");
}

static void torture(struct test *t, const char *folder, const struct use *use)
{
    struct pg pg;
    char backup_path[PATH_MAX], target_path[PATH_MAX];
    struct bench bench = {.t = t, .pg = &pg, .next = 1000};
    alarm(SECONDS);
    pg_open(t, folder, &pg);
    make_copies(&bench, backup_path, target_path);
    bench.options = pg.options;
    db_close(pg.db);
    strike_every(&bench, use, TORTURE_MEMORY);
    strike_every(&bench, use, TORTURE_SYSTEM);
    postgres_stop(&pg.server);
}

TEST(postgres_writes_and_reads_with_every_failure)
{
    torture(t, "postgres/torture/work", &work);
}

TEST(postgres_checks_with_every_failure)
{
    torture(t, "postgres/torture/check", &check);
}

TEST(postgres_migrates_with_every_failure)
{
    torture(t, "postgres/torture/migrate", &migrate);
}

TEST(postgres_backs_up_with_every_failure)
{
    torture(t, "postgres/torture/backup", &backup);
}

TEST(postgres_restores_with_every_failure)
{
    torture(t, "postgres/torture/restore", &restore);
}
