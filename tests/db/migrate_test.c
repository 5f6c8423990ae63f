/* Migrations on both engines: once, in order, whole or not at all, and never another's. */
#include "ports/db/migrate.h"

#include <pthread.h>
#include <string.h>

#include "base/buf.h"
#include "db/sample/sample_schema.h"
#include "db/sample/sample_sql.h"
#include "engines.h"
#include "harness/folder.h"
#include "ports/db/backup.h"

#define SAME(text) text, text

static const struct schema_column columns[] = {
    {"id", "int", DB_INT, false, true, NULL},
    {"name", "text", DB_TEXT, false, false, NULL},
    {"note", "text", DB_TEXT, true, false, NULL},
};

static const struct schema_table sample_tables[] = {
    {.name = "sample_item", .columns = columns, .column_count = 3},
};

static const struct migration steps[] = {
    {1, "begin",
     "CREATE TABLE sample_item (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;"
     "INSERT INTO sample_item (id, name) VALUES (1, 'one')",
     "CREATE TABLE sample_item (id bigint PRIMARY KEY, name text NOT NULL);"
     "INSERT INTO sample_item (id, name) VALUES (1, 'one')",
     11},
    {2, "item_note", SAME("ALTER TABLE sample_item ADD COLUMN note TEXT"), 22},
    {3, "broken",
     SAME("INSERT INTO sample_item (id, name) VALUES (2, 'two');"
          "INSERT INTO sample_item (id, name) VALUES (1, 'one again')"),
     33},
};

static const struct migration edited[] = {
    {1, "begin", SAME("SELECT 1"), 12},
};

static const struct schema whole = {"sample", sample_tables, 1, steps, 2};
static const struct schema first = {"sample", NULL, 0, steps, 1};
static const struct schema failing = {"sample", sample_tables, 1, steps, 3};
static const struct schema changed = {"sample", NULL, 0, edited, 1};

static const struct schema *const to_whole[] = {&whole, NULL};
static const struct schema *const to_first[] = {&first, NULL};
static const struct schema *const to_failing[] = {&failing, NULL};
static const struct schema *const to_changed[] = {&changed, NULL};
static const struct schema *const to_none[] = {NULL};

static const enum db_type ints[] = {DB_INT};
static const struct query count_items = {
    .name = "count_items",
    .sqlite = "SELECT COUNT(*) FROM sample_item",
    .postgres = "SELECT COUNT(*) FROM sample_item",
    .column_types = ints,
    .column_count = 1,
};

static enum err take_int(struct tx *tx, const struct db_value row[], void *into)
{
    (void)tx;
    *(int64_t *)into = row[0].number;
    return ERR_OK;
}

static enum err read_items(struct tx *tx, void *arg)
{
    return tx_query(tx, &count_items, NULL, take_int, arg);
}

/* The same database, as another release knows it. */
static void as_release(struct test *t, struct fixture *fixture, const struct schema *const *schemas)
{
    struct db_options options = {.url = str_from(fixture->url), .schemas = schemas};
    db_close(fixture->db);
    test_note(t, "%s", fixture->engine->name);
    REQUIRE(db_open(&fixture->worker.ctx, &options, &fixture->db) == ERR_OK);
}

static size_t left(struct test *t, struct fixture *fixture)
{
    struct migrate_plan *plan = ARENA_NEW(t->arena, struct migrate_plan);
    REQUIRE(plan);
    CHECK_ERR(migrate_plan(fixture->db, &fixture->worker.ctx, plan), ERR_OK);
    return plan->count;
}

static size_t ran(struct test *t, struct fixture *fixture, enum err expected)
{
    struct migrate_plan *done = ARENA_NEW(t->arena, struct migrate_plan);
    REQUIRE(done);
    enum err err = migrate_run(fixture->db, &fixture->worker.ctx, done);
    test_note(t, "%s: %s", fixture->engine->name, fixture->worker.ctx.err.operator);
    CHECK_ERR(err, expected);
    return done->count;
}

TEST(migrate_takes_each_step_once)
{
    struct fixture fixture;
    for (const struct engine *engine = engines; engine->name; engine++) {
        fixture_open(t, engine, &fixture);
        as_release(t, &fixture, to_first);
        CHECK_INT(left(t, &fixture), 1);
        CHECK_INT(ran(t, &fixture, ERR_OK), 1);
        CHECK_INT(ran(t, &fixture, ERR_OK), 0);
        as_release(t, &fixture, to_whole);
        CHECK_INT(left(t, &fixture), 1);
        CHECK_INT(ran(t, &fixture, ERR_OK), 1);
        CHECK_INT(left(t, &fixture), 0);
        fixture_close(&fixture);
    }
}

TEST(migrate_failing_step_leaves_nothing)
{
    struct fixture fixture;
    for (const struct engine *engine = engines; engine->name; engine++) {
        int64_t items = 0;
        fixture_open(t, engine, &fixture);
        as_release(t, &fixture, to_failing);
        CHECK_INT(ran(t, &fixture, ERR_CONFLICT), 2);
        CHECK_INT(left(t, &fixture), 1);
        CHECK_ERR(db_read(fixture.db, &fixture.worker.ctx, read_items, &items), ERR_OK);
        CHECK_INT(items, 1);
        fixture_close(&fixture);
    }
}

static void check_refused(struct test *t, struct fixture *fixture, const char *words)
{
    struct migrate_plan *plan = ARENA_NEW(t->arena, struct migrate_plan);
    struct ctx *ctx = &fixture->worker.ctx;
    REQUIRE(plan);
    CHECK_ERR(migrate_plan(fixture->db, ctx, plan), ERR_CONFLICT);
    CHECK(str_starts(str_from(ctx->err.user), str_from(words)));
    CHECK_INT(ran(t, fixture, ERR_CONFLICT), 0);
}

TEST(migrate_refuses_a_newer_database_and_a_changed_step)
{
    struct fixture fixture;
    for (const struct engine *engine = engines; engine->name; engine++) {
        fixture_open(t, engine, &fixture);
        as_release(t, &fixture, to_whole);
        CHECK_INT(ran(t, &fixture, ERR_OK), 2);
        as_release(t, &fixture, to_first);
        check_refused(t, &fixture, "The database is newer than this release.");
        as_release(t, &fixture, to_none);
        check_refused(t, &fixture, "The database is newer than this release.");
        as_release(t, &fixture, to_changed);
        check_refused(t, &fixture, "A migration was changed after it ran here.");
        as_release(t, &fixture, to_whole);
        CHECK_INT(left(t, &fixture), 0);
        fixture_close(&fixture);
    }
}

/* The engine itself may find something too: that the test's server does not sync. */
static bool is_found(struct test *t, struct fixture *fixture, const char *words)
{
    struct buf out;
    buf_init(&out, t->arena, 1 << 16);
    CHECK_ERR(db_check(fixture->db, &fixture->worker.ctx, &out), ERR_OK);
    return str_find(buf_str(&out), str_from(words)) != STR_NONE;
}

TEST(migrate_check_compares_tables_with_their_schema)
{
    static const char *const changes[][2] = {
        {SAME("ALTER TABLE sample_item DROP COLUMN note")},
        {NULL, NULL},
    };
    struct fixture fixture;
    for (const struct engine *engine = engines; engine->name; engine++) {
        fixture_open(t, engine, &fixture);
        as_release(t, &fixture, to_whole);
        CHECK(is_found(t, &fixture, "step 1 of sample (begin) has not run"));
        CHECK_INT(ran(t, &fixture, ERR_OK), 2);
        CHECK(!is_found(t, &fixture, "sample"));
        CHECK_ERR(run_statements(fixture.db, &fixture.worker.ctx, changes), ERR_OK);
        CHECK(is_found(t, &fixture, "sample_item: 2 of 3 columns are there\n"));
        fixture_close(&fixture);
    }
}

/* The release before goes on with its queries while this one has migrated. */

enum { QUERIES_MAX = 128 };

static enum err ignore_row(struct tx *tx, const struct db_value row[], void *into)
{
    (void)tx, (void)row, (void)into;
    return ERR_OK;
}

/* Runs a query with nulls and ones, and undoes it: ERR_MISSING where it ran. */
static enum err try_query(struct tx *tx, void *arg)
{
    const struct query *query = arg;
    struct db_value args[QUERY_PARAMS_MAX];
    int64_t rows;
    for (int i = 0; i < query->param_count; i++)
        args[i] = query->param_types[i] == DB_INT ? db_int(1) : db_null(query->param_types[i]);
    TRY(query->writes ? tx_exec(tx, query, args, &rows)
                      : tx_query(tx, query, args, ignore_row, NULL));
    return err_fail(&tx->ctx->err, ERR_MISSING, "Undone.", "it ran");
}

static enum err add_as_before(struct tx *tx, void *arg)
{
    struct str id = str_from(arg);
    return item_add(tx, id, id, STR("one"), 100, 5, NULL, NULL, STR("{}"), true, 1);
}

/* A query that knows the column of the last step is of this release. */
static bool is_of_before(const struct query *query)
{
    return !strstr(query->sqlite, "note");
}

static int try_queries(struct fixture *fixture, enum err results[QUERIES_MAX])
{
    int count = 0;
    for (; count < QUERIES_MAX && sample_queries[count]; count++) {
        union {
            const struct query *query;
            void *arg;
        } passed = {.query = sample_queries[count]};
        results[count] = db_write(fixture->db, &fixture->worker.ctx, try_query, passed.arg);
    }
    return count;
}

/* The new release comes, migrates and goes; the old one has its statements prepared all along. */
static void migrate_beside(struct test *t, struct fixture *fixture)
{
    static const struct schema *const now[] = {&sample_schema, NULL};
    struct fixture beside = *fixture;
    struct db_options options = {.url = str_from(fixture->url), .schemas = now};
    REQUIRE(db_open(&fixture->worker.ctx, &options, &beside.db) == ERR_OK);
    CHECK_INT(ran(t, &beside, ERR_OK), 1);
    db_close(beside.db);
}

TEST(migrate_leaves_the_release_before_its_queries)
{
    struct fixture fixture;
    enum err before[QUERIES_MAX] = {ERR_OK}, after[QUERIES_MAX] = {ERR_OK};
    struct schema old = {"sample", NULL, 0, sample_schema.migrations,
                         sample_schema.migration_count - 1};
    const struct schema *const to_old[] = {&old, NULL};
    for (const struct engine *engine = engines; engine->name; engine++) {
        fixture_open(t, engine, &fixture);
        as_release(t, &fixture, to_old);
        CHECK_INT(ran(t, &fixture, ERR_OK), sample_schema.migration_count - 1);
        CHECK_ERR(db_write(fixture.db, &fixture.worker.ctx, add_as_before, (char[]){"a"}), ERR_OK);
        int count = try_queries(&fixture, before), of_before = 0;
        migrate_beside(t, &fixture);
        CHECK_ERR(db_write(fixture.db, &fixture.worker.ctx, add_as_before, (char[]){"b"}), ERR_OK);
        CHECK_INT(try_queries(&fixture, after), count);
        for (int i = 0; i < count; i++) {
            bool old_one = is_of_before(sample_queries[i]);
            test_note(t, "%s: %s", engine->name, sample_queries[i]->sqlite);
            CHECK(old_one ? after[i] == before[i] && before[i] != ERR_INTERNAL
                          : before[i] == ERR_INTERNAL && after[i] != ERR_INTERNAL);
            of_before += old_one;
        }
        CHECK(of_before > 10 && of_before < count);
        fixture_close(&fixture);
    }
}

/* Processes that begin at the same time all migrate. */

enum { MIGRATORS = 3 };

struct migrator {
    struct worker worker;
    struct db *db;
    pthread_t thread;
    enum err err;
    size_t count;
};

static void *migrate_one(void *arg)
{
    struct migrator *migrator = arg;
    struct ctx *ctx = &migrator->worker.ctx;
    struct migrate_plan *done = ARENA_NEW(ctx->arena, struct migrate_plan);
    migrator->err = done ? migrate_run(migrator->db, ctx, done) : ERR_MEMORY;
    migrator->count = done ? done->count : 0;
    return NULL;
}

TEST(migrate_at_the_same_time_takes_each_step_once)
{
    struct fixture fixture;
    struct migrator migrators[MIGRATORS];
    for (const struct engine *engine = engines; engine->name; engine++) {
        size_t count = 0;
        fixture_open(t, engine, &fixture);
        struct db_options options = {.url = str_from(fixture.url), .schemas = to_whole};
        for (int i = 0; i < MIGRATORS; i++) {
            worker_init(&migrators[i].worker, t);
            REQUIRE(db_open(&migrators[i].worker.ctx, &options, &migrators[i].db) == ERR_OK);
        }
        for (int i = 0; i < MIGRATORS; i++)
            REQUIRE(pthread_create(&migrators[i].thread, NULL, migrate_one, &migrators[i]) == 0);
        for (int i = 0; i < MIGRATORS; i++) {
            pthread_join(migrators[i].thread, NULL);
            test_note(t, "%s: %s", engine->name, migrators[i].worker.ctx.err.operator);
            CHECK_ERR(migrators[i].err, ERR_OK);
            count += migrators[i].count;
            db_close(migrators[i].db);
            worker_release(&migrators[i].worker);
        }
        CHECK_INT(count, 2);
        fixture_close(&fixture);
    }
}
