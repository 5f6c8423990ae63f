/* Migrations on both engines: once, in order, whole or not at all, and never another's. */
#include "ports/db/migrate.h"

#include <string.h>

#include "base/buf.h"
#include "db/sample/sample_schema.h"
#include "engines.h"
#include "harness/folder.h"
#include "ports/db/backup.h"

#define EACH_ENGINE(engine) (const struct engine *engine = engines; engine->name; engine++)
#define SAME(text)          text, text

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
    for
        EACH_ENGINE(engine)
        {
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
    for
        EACH_ENGINE(engine)
        {
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
    for
        EACH_ENGINE(engine)
        {
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
    for
        EACH_ENGINE(engine)
        {
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

#define OLD_ITEM(id, listed)                                                                 \
    "INSERT INTO sample_item (id, code, name, price, free, held, sold, facts, listed, made)" \
    " VALUES ('" id "', '" id "', 'Assam', 499, 5, 0, 0, '{}', " listed ", 7)"
#define OLD_SALE(id, item)                                             \
    "INSERT INTO sample_sale (id, item, quantity, total, state, made)" \
    " VALUES ('" id "', '" item "', 1, 499, 'held', 8)"
#define OLD_HOLD(item) \
    "UPDATE sample_item SET free = free - 1, held = held + 1 WHERE id = '" item "' AND free >= 1"

/* What the release before the newest migration asked, word for word: these never change. */
static const char *const asked_before[][2] = {
    {OLD_ITEM("itm_1", "1"), OLD_ITEM("itm_1", "TRUE")},
    {SAME(OLD_HOLD("itm_1"))},
    {SAME(OLD_SALE("sal_1", "itm_1"))},
    {NULL, NULL},
};
static const char *const asked_after[][2] = {
    {OLD_ITEM("itm_2", "1"), OLD_ITEM("itm_2", "TRUE")},
    {SAME(OLD_HOLD("itm_1"))},
    {SAME(OLD_HOLD("itm_2"))},
    {SAME(OLD_SALE("sal_2", "itm_2"))},
    {SAME("DELETE FROM sample_sale WHERE id = 'sal_1'")},
    {NULL, NULL},
};

static const struct query sum_held = {
    .name = "sum_held",
    .sqlite = "SELECT CAST(SUM(held) AS bigint) FROM sample_item WHERE listed AND made = 7",
    .postgres = "SELECT CAST(SUM(held) AS bigint) FROM sample_item WHERE listed AND made = 7",
    .column_types = (const enum db_type[]){DB_INT},
    .column_count = 1,
};

static enum err read_held(struct tx *tx, void *arg)
{
    return tx_query(tx, &sum_held, NULL, take_int, arg);
}

/* During a release both run: the old one has the database open while the new one migrates it. */
TEST(migrate_leaves_the_release_before_at_work)
{
    struct schema before = sample_schema;
    struct fixture old;
    before.migration_count--;
    const struct schema *const old_schemas[] = {&before, NULL};
    const struct schema *const new_schemas[] = {&sample_schema, NULL};
    for (const struct engine *engine = engines; engine->name; engine++) {
        int64_t held = 0;
        fixture_open(t, engine, &old);
        as_release(t, &old, old_schemas);
        CHECK_INT(ran(t, &old, ERR_OK), before.migration_count);
        CHECK_ERR(run_statements(old.db, &old.worker.ctx, asked_before), ERR_OK);
        struct fixture new = old;
        struct db_options options = {.url = str_from(old.url), .schemas = new_schemas};
        REQUIRE(db_open(&old.worker.ctx, &options, &new.db) == ERR_OK);
        CHECK_INT(ran(t, &new, ERR_OK), 1);
        CHECK_ERR(run_statements(old.db, &old.worker.ctx, asked_after), ERR_OK);
        CHECK_ERR(db_read(old.db, &old.worker.ctx, read_held, &held), ERR_OK);
        CHECK_INT(held, 3);
        db_close(new.db);
        fixture_close(&old);
    }
}
