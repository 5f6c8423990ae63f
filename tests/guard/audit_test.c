/* The audit trail on both engines: what is written is whole, and whatever is done to it behind the
 * program's back is found and named. */
#include "guard/audit.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "db/engines.h"
#include "guard/audit_watch.h"
#include "guard/guard_schema.h"
#include "harness/torture.h"
#include "ports/db/migrate.h"

enum { ENTRIES = 12, WRITERS = 4, WRITES = 25, LONG = 2 * AUDIT_PAGE_ROWS + 7, TRIES_MAX = 200 };
enum { WAITS_MAX = 20000 };

static const struct audit_key key = {.bytes = "the key of the tests, 32 bytes."};

static const struct schema *const schemas[] = {&guard_schema, NULL};

/* A trail of its own on that engine. */
static void open_trail(struct test *t, const struct engine *engine, struct fixture *fixture)
{
    struct migrate_plan *done = ARENA_NEW(t->arena, struct migrate_plan);
    REQUIRE(done);
    fixture_open(t, engine, fixture);
    db_close(fixture->db);
    struct db_options options = {.url = str_from(fixture->url), .schemas = schemas};
    REQUIRE(db_open(&fixture->worker.ctx, &options, &fixture->db) == ERR_OK);
    REQUIRE(migrate_run(fixture->db, &fixture->worker.ctx, done) == ERR_OK);
}

struct writing {
    int first, count;
    bool fails;
};

static enum err write_some(struct tx *tx, void *arg)
{
    const struct writing *writing = arg;
    for (int i = writing->first; i < writing->first + writing->count; i++)
        TRY(audit_add(tx, &key,
                      &(struct audit_entry){.who = i % 2 ? STR("ada") : STR("bob"),
                                            .action = i % 3 ? "session.begin" : "session.end",
                                            .subject = STR("ses_1"),
                                            .address = STR("192.0.2.1"),
                                            .detail = STR("{\"b\":1,\"a\":\"\xc3\xa4\"}")}));
    return writing->fails ? err_fail(&tx->ctx->err, ERR_CONFLICT, "No.", "as told") : ERR_OK;
}

static enum err write_entries(struct fixture *fixture, int count, bool fails)
{
    return db_write(fixture->db, &fixture->worker.ctx, write_some,
                    &(struct writing){.count = count, .fails = fails});
}

static struct audit_report verify(struct test *t, struct fixture *fixture,
                                  const struct audit_point *known)
{
    struct audit_report report;
    CHECK_ERR(audit_verify(fixture->db, &fixture->worker.ctx, &key, known, &report), ERR_OK);
    return report;
}

static void check_found(struct test *t, struct fixture *fixture, enum audit_fault fault,
                        int64_t number)
{
    struct audit_report report = verify(t, fixture, NULL);
    CHECK_INT(report.fault, fault);
    CHECK_INT(report.number, number);
}

TEST(audit_writes_a_chain_without_gaps)
{
    struct fixture fixture;
    for (const struct engine *engine = engines; engine->name; engine++) {
        open_trail(t, engine, &fixture);
        check_found(t, &fixture, AUDIT_WHOLE, 0);
        CHECK_ERR(write_entries(&fixture, ENTRIES, false), ERR_OK);
        CHECK_ERR(write_entries(&fixture, 3, true), ERR_CONFLICT); /* undone with what failed */
        CHECK_ERR(write_entries(&fixture, 1, false), ERR_OK);
        CHECK_INT(verify(t, &fixture, NULL).last.number, ENTRIES + 1);
        CHECK_INT(verify(t, &fixture, NULL).fault, AUDIT_WHOLE);
        fixture_close(&fixture);
    }
}

TEST(audit_refuses_what_is_no_text)
{
    static char many[AUDIT_DETAIL_MAX + 1];
    const struct audit_entry entries[] = {
        {.who = STR("a\0b"), .action = "x"},
        {.who = STR("\xff"), .action = "x"},
        {.action = "x", .detail = str_make(many, sizeof many)},
        {.action = "x", .subject = str_make(many, AUDIT_TEXT_MAX + 1)},
    };
    memset(many, 'a', sizeof many);
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        struct tx tx = {.ctx = t->ctx};
        CHECK_ERR(audit_add(&tx, &key, &entries[i]), ERR_INPUT);
    }
}

/* What somebody does who has the database and not the key. */
struct tampering {
    const char *name;
    const char *statements[4];
    enum audit_fault fault;
    int64_t number;
};

#define COLUMNS " number, made, who, action, subject, address, detail, hash "

static const struct tampering tamperings[] = {
    {"made", {"UPDATE guard_audit SET made = made + 1 WHERE number = 5"}, AUDIT_CHANGED, 5},
    {"who", {"UPDATE guard_audit SET who = 'eve' WHERE number = 5"}, AUDIT_CHANGED, 5},
    {"action", {"UPDATE guard_audit SET action = 'x' WHERE number = 1"}, AUDIT_CHANGED, 1},
    {"subject", {"UPDATE guard_audit SET subject = '' WHERE number = 12"}, AUDIT_CHANGED, 12},
    {"address", {"UPDATE guard_audit SET address = 'x' WHERE number = 5"}, AUDIT_CHANGED, 5},
    {"detail", {"UPDATE guard_audit SET detail = '{}' WHERE number = 5"}, AUDIT_CHANGED, 5},
    {"letters that move from one field to the next",
     {"UPDATE guard_audit SET subject = 'ses_', address = '1192.0.2.1' WHERE number = 5"},
     AUDIT_CHANGED,
     5},
    {"hash",
     {"UPDATE guard_audit SET hash = (SELECT hash FROM copied WHERE number = 4) WHERE number = 5"},
     AUDIT_CHANGED,
     5},
    {"number", {"UPDATE guard_audit SET number = 99 WHERE number = 5"}, AUDIT_GAP, 5},
    {"deleted", {"DELETE FROM guard_audit WHERE number = 5"}, AUDIT_GAP, 5},
    {"the first deleted", {"DELETE FROM guard_audit WHERE number = 1"}, AUDIT_GAP, 1},
    {"deleted, and the others moved up",
     {"DELETE FROM guard_audit WHERE number >= 5",
      "INSERT INTO guard_audit (" COLUMNS
      ") SELECT number - 1, made, who, action, subject, address, detail, hash FROM copied "
      "WHERE number > 5"},
     AUDIT_CHANGED,
     5},
    {"inserted at the end",
     {"INSERT INTO guard_audit (" COLUMNS
      ") SELECT 13, made, who, action, subject, address, detail, hash FROM copied "
      "WHERE number = 12"},
     AUDIT_CHANGED,
     13},
    {"inserted in between",
     {"DELETE FROM guard_audit WHERE number >= 6",
      "INSERT INTO guard_audit (" COLUMNS
      ") SELECT number + 1, made, who, action, subject, address, detail, hash FROM copied "
      "WHERE number >= 5"},
     AUDIT_CHANGED,
     6},
    {"swapped",
     {"DELETE FROM guard_audit WHERE number IN (5, 6)",
      "INSERT INTO guard_audit (" COLUMNS
      ") SELECT 11 - number, made, who, action, subject, address, detail, hash FROM copied "
      "WHERE number IN (5, 6)"},
     AUDIT_CHANGED,
     5},
    {"the end cut", {"DELETE FROM guard_audit WHERE number > 9"}, AUDIT_CUT, 10},
    {"all cut", {"DELETE FROM guard_audit"}, AUDIT_CUT, 1},
    {"the end cut, and the head with it",
     {"DELETE FROM guard_audit WHERE number > 9",
      "UPDATE guard_audit_head SET number = 9, "
      "hash = (SELECT hash FROM copied WHERE number = 9)"},
     AUDIT_HEAD_CHANGED,
     9},
    {"the head's number", {"UPDATE guard_audit_head SET number = 11"}, AUDIT_HEAD_CHANGED, ENTRIES},
    {"the head's hash",
     {"UPDATE guard_audit_head SET hash = (SELECT hash FROM copied WHERE number = 9)"},
     AUDIT_HEAD_CHANGED,
     ENTRIES},
    {"the head's seal", {"UPDATE guard_audit_head SET seal = hash"}, AUDIT_HEAD_CHANGED, ENTRIES},
    {"the head deleted", {"DELETE FROM guard_audit_head"}, AUDIT_HEAD_MISSING, ENTRIES},
    {"the head of an earlier day",
     {"DELETE FROM guard_audit_head", "INSERT INTO guard_audit_head SELECT * FROM copied_old_head"},
     AUDIT_HEAD_OLD,
     ENTRIES - 1},
};

static void run(struct test *t, struct fixture *fixture, const char *statement)
{
    const char *const statements[][2] = {{statement, statement}, {NULL, NULL}};
    enum err err = run_statements(fixture->db, &fixture->worker.ctx, statements);
    test_note(t, "%s: %s", statement, fixture->worker.ctx.err.operator);
    REQUIRE(err == ERR_OK);
}

static void put_back(struct test *t, struct fixture *fixture)
{
    run(t, fixture, "DELETE FROM guard_audit");
    run(t, fixture, "INSERT INTO guard_audit SELECT * FROM copied");
    run(t, fixture, "DELETE FROM guard_audit_head");
    run(t, fixture, "INSERT INTO guard_audit_head SELECT * FROM copied_head");
}

static void copy(struct test *t, struct fixture *fixture)
{
    CHECK_ERR(write_entries(fixture, ENTRIES - 2, false), ERR_OK);
    run(t, fixture, "CREATE TABLE copied_old_head AS SELECT * FROM guard_audit_head");
    CHECK_ERR(write_entries(fixture, 2, false), ERR_OK);
    run(t, fixture, "CREATE TABLE copied AS SELECT * FROM guard_audit");
    run(t, fixture, "CREATE TABLE copied_head AS SELECT * FROM guard_audit_head");
}

TEST(audit_finds_whatever_is_done_to_the_tables)
{
    struct fixture fixture;
    for (const struct engine *engine = engines; engine->name; engine++) {
        open_trail(t, engine, &fixture);
        copy(t, &fixture);
        for (size_t i = 0; i < sizeof tamperings / sizeof *tamperings; i++) {
            const struct tampering *tampering = &tamperings[i];
            for (size_t j = 0; j < 4 && tampering->statements[j]; j++)
                run(t, &fixture, tampering->statements[j]);
            test_note(t, "%s, %s", engine->name, tampering->name);
            check_found(t, &fixture, tampering->fault, tampering->number);
            put_back(t, &fixture);
        }
        check_found(t, &fixture, AUDIT_WHOLE, 0);
        fixture_close(&fixture);
    }
}

/* Else the next entry would hide it under a new seal. */
TEST(audit_adds_nothing_behind_an_altered_head)
{
    struct fixture fixture;
    for (const struct engine *engine = engines; engine->name; engine++) {
        open_trail(t, engine, &fixture);
        copy(t, &fixture);
        run(t, &fixture, "DELETE FROM guard_audit WHERE number > 9");
        run(t, &fixture,
            "UPDATE guard_audit_head SET number = 9, "
            "hash = (SELECT hash FROM copied WHERE number = 9)");
        CHECK_ERR(write_entries(&fixture, 1, false), ERR_INTERNAL);
        check_found(t, &fixture, AUDIT_HEAD_CHANGED, 9);
        fixture_close(&fixture);
    }
}

static enum err find_end(struct tx *tx, void *arg)
{
    return audit_end(tx, &key, arg);
}

TEST(audit_checkpoints_find_a_trail_that_was_put_back)
{
    struct fixture fixture;
    struct audit_point end, read;
    char text[AUDIT_POINT_MAX];
    open_trail(t, engine_sqlite, &fixture);
    copy(t, &fixture);
    CHECK_ERR(write_entries(&fixture, 5, false), ERR_OK);
    CHECK_ERR(db_read(fixture.db, &fixture.worker.ctx, find_end, &end), ERR_OK);
    audit_point_format(&end, text);
    CHECK_ERR(audit_point_parse(str_from(text), &read), ERR_OK);
    CHECK_INT(verify(t, &fixture, &read).fault, AUDIT_WHOLE);
    put_back(t, &fixture);
    check_found(t, &fixture, AUDIT_WHOLE, 0); /* from within it is as it was */
    CHECK_INT(verify(t, &fixture, &read).fault, AUDIT_CUT);
    CHECK_INT(verify(t, &fixture, &read).number, ENTRIES + 1);
    CHECK_ERR(write_entries(&fixture, 6, false), ERR_OK); /* and another one in its place */
    CHECK_INT(verify(t, &fixture, &read).fault, AUDIT_REPLACED);
    CHECK_INT(verify(t, &fixture, &read).number, ENTRIES + 5);
    fixture_close(&fixture);
}

TEST(audit_points_are_read_as_they_are_written)
{
    static const char *const wrong[] = {"", "1", "1:", "1:00", "0:00", "x:00", "-1:00"};
    struct audit_point point = {.number = 7}, read;
    char text[AUDIT_POINT_MAX];
    memset(point.hash, 0xa5, sizeof point.hash);
    audit_point_format(&point, text);
    CHECK_ERR(audit_point_parse(str_from(text), &read), ERR_OK);
    CHECK(read.number == 7 && memcmp(read.hash, point.hash, sizeof read.hash) == 0);
    text[sizeof "7:" - 1] = 'g';
    CHECK_ERR(audit_point_parse(str_from(text), &read), ERR_INPUT);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK_ERR(audit_point_parse(str_from(wrong[i]), &read), ERR_INPUT);
}

TEST(audit_walks_a_long_trail_in_pages)
{
    struct fixture fixture;
    for (const struct engine *engine = engines; engine->name; engine++) {
        open_trail(t, engine, &fixture);
        CHECK_ERR(write_entries(&fixture, LONG, false), ERR_OK);
        size_t taken = fixture.worker.arena.taken;
        CHECK_INT(verify(t, &fixture, NULL).last.number, LONG);
        CHECK(fixture.worker.arena.taken <= taken + (1 << 20));
        run(t, &fixture, "UPDATE guard_audit SET who = 'eve' WHERE number = 1001");
        check_found(t, &fixture, AUDIT_CHANGED, 1001);
        fixture_close(&fixture);
    }
}

static bool logged(struct test *t, const struct audit_point *point)
{
    char text[AUDIT_POINT_MAX];
    audit_point_format(point, text);
    return str_find(test_log(t), str_from(text)) != STR_NONE;
}

TEST(audit_logs_checkpoints)
{
    struct fixture fixture;
    struct audit_watch *watch;
    struct audit_point first, last;
    struct ctx *ctx = &fixture.worker.ctx;
    open_trail(t, engine_sqlite, &fixture);
    CHECK_ERR(write_entries(&fixture, 2, false), ERR_OK);
    CHECK_ERR(db_read(fixture.db, ctx, find_end, &first), ERR_OK);
    REQUIRE(audit_watch_open(ctx, fixture.db, &key, 1, &watch) == ERR_OK);
    for (int i = 0; i < WAITS_MAX && !logged(t, &first); i++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    CHECK(logged(t, &first));
    CHECK_ERR(write_entries(&fixture, 2, false), ERR_OK);
    CHECK_ERR(db_read(fixture.db, ctx, find_end, &last), ERR_OK);
    audit_watch_close(watch);
    CHECK(logged(t, &last)); /* at the end, if not before */
    run(t, &fixture, "UPDATE guard_audit_head SET seal = hash");
    REQUIRE(audit_watch_open(ctx, fixture.db, &key, AUDIT_WATCH_MS, &watch) == ERR_OK);
    audit_watch_close(watch);
    CHECK(str_find(test_log(t), STR("audit checkpoint failed")) != STR_NONE);
    fixture_close(&fixture);
}

struct writer {
    struct worker worker;
    struct db *db;
    pthread_t thread;
    enum err err;
};

static void *write_many(void *arg)
{
    struct writer *writer = arg;
    writer->err = ERR_OK;
    for (int i = 0; i < WRITES && !writer->err; i++) {
        struct writing writing = {.first = i, .count = 1};
        writer->err = ERR_BUSY;
        for (int tried = 0; tried < TRIES_MAX && writer->err == ERR_BUSY; tried++)
            writer->err = db_write(writer->db, &writer->worker.ctx, write_some, &writing);
    }
    return NULL;
}

/* Two funnels, as two processes have them. */
TEST(audit_stays_whole_among_concurrent_writers)
{
    struct fixture fixture;
    struct db *other;
    for (const struct engine *engine = engines; engine->name; engine++) {
        struct writer writers[WRITERS];
        open_trail(t, engine, &fixture);
        struct db_options options = {.url = str_from(fixture.url), .schemas = schemas};
        REQUIRE(db_open(&fixture.worker.ctx, &options, &other) == ERR_OK);
        for (int i = 0; i < WRITERS; i++) {
            worker_init(&writers[i].worker, t);
            writers[i].db = i % 2 ? other : fixture.db;
            REQUIRE(pthread_create(&writers[i].thread, NULL, write_many, &writers[i]) == 0);
        }
        for (int i = 0; i < WRITERS; i++) {
            pthread_join(writers[i].thread, NULL);
            CHECK_ERR(writers[i].err, ERR_OK);
            worker_release(&writers[i].worker);
        }
        db_close(other);
        CHECK_INT(verify(t, &fixture, NULL).last.number, WRITERS * WRITES);
        CHECK_INT(verify(t, &fixture, NULL).fault, AUDIT_WHOLE);
        fixture_close(&fixture);
    }
}

/* As a process does that begins and ends. */
static enum err write_one_and_verify(struct test *t, void *arg)
{
    struct fixture *fixture = arg;
    struct worker worker;
    struct audit_report report = {.fault = AUDIT_WHOLE};
    struct db_options options = {.url = str_from(fixture->url), .schemas = schemas};
    struct db *db;
    worker_init(&worker, t);
    enum err err = db_open(&worker.ctx, &options, &db);
    if (!err) {
        err = db_write(db, &worker.ctx, write_some, &(struct writing){.count = 1});
        if (!err)
            err = audit_verify(db, &worker.ctx, &key, NULL, &report);
        db_close(db);
    }
    CHECK_INT(report.fault, AUDIT_WHOLE);
    worker_release(&worker);
    return err;
}

TEST(audit_is_whole_whatever_memory_fails)
{
    struct fixture fixture;
    open_trail(t, engine_sqlite, &fixture);
    db_close(fixture.db); /* SQLite closes no file that another one in this process has locked */
    TORTURE_EVERY(t, TORTURE_MEMORY, write_one_and_verify, &fixture);
    struct db_options options = {.url = str_from(fixture.url), .schemas = schemas};
    REQUIRE(db_open(&fixture.worker.ctx, &options, &fixture.db) == ERR_OK);
    CHECK_INT(verify(t, &fixture, NULL).fault, AUDIT_WHOLE);
    fixture_close(&fixture);
}
