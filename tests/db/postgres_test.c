/* What is PostgreSQL's alone: the pipeline, lost and slow servers, retries, its programs. */
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "harness/folder.h"
#include "harness/postgres.h"
#include "harness/test.h"
#include "harness/torture.h"
#include "ports/db/backup.h"
#include "ports/db/db_inside.h"

enum { WRITERS = 60, ARENA_LIMIT = 16 << 20, TIMEOUT_US = 300000 };

static const enum db_type ints[] = {DB_INT, DB_INT}, texts[] = {DB_TEXT, DB_TEXT};
static const enum db_type all_types[] = {DB_TEXT, DB_INT, DB_BOOL, DB_REAL, DB_BLOB, DB_TEXT};

#define CHANGE(called, text, types, count)                                            \
    {                                                                                 \
        .name = called, .postgres = text, .param_types = types, .param_count = count, \
        .writes = true                                                                \
    }

static const struct query add_once = CHANGE("add_once", "INSERT INTO once (n) VALUES ($1)", ints,
                                            1);
static const struct query add_again = CHANGE(
    "add_again", "INSERT INTO once (n) VALUES ($1) ON CONFLICT DO NOTHING", ints, 1);
static const struct query add_line = CHANGE("add_line",
                                            "INSERT INTO line (owner, n) VALUES ($1, $2)", ints, 2);
static const struct query add_note = CHANGE(
    "add_note", "INSERT INTO note (body, extra) VALUES ($1, $2)", texts, 2);
static const struct query raise_row = CHANGE("raise_row", "UPDATE stock SET free = free + $1", ints,
                                             1);
static const struct query nap = {.name = "nap",
                                 .postgres = "SELECT CAST(pg_sleep(20) AS text)",
                                 .column_types = texts,
                                 .column_count = 1};
static const struct query read_stock = {.name = "read_stock",
                                        .postgres = "SELECT free FROM stock",
                                        .column_types = ints,
                                        .column_count = 1};
static const struct query echo = {
    .name = "echo",
    .postgres = "SELECT CAST($1 AS text), $2, $3, $4, $5, CAST($6 AS jsonb)",
    .param_types = all_types,
    .param_count = 6,
    .column_types = all_types,
    .column_count = 6,
};
static const struct query sum = {
    .name = "sum", .postgres = "SELECT sum(n) FROM once", .column_types = ints, .column_count = 1};

static const char tables[] =
    "CREATE TABLE once (n bigint NOT NULL UNIQUE);"
    "CREATE TABLE owner (id bigint PRIMARY KEY);"
    "CREATE TABLE line (owner bigint NOT NULL REFERENCES owner, n bigint CHECK (n > 0),"
    " UNIQUE (owner, n));"
    "CREATE TABLE note (body text COLLATE \"C\" NOT NULL, extra jsonb);"
    "CREATE TABLE stock (free bigint NOT NULL); INSERT INTO stock VALUES (10);"
    "INSERT INTO owner VALUES (1)";

/* A server with tables, and a context with the real time. */
struct fixture {
    struct postgres server;
    struct clock clock;
    struct db_options options;
    struct db *db;
};

static void fixture_open(struct test *t, const char *folder, struct fixture *fixture)
{
    fixture->clock = clock_system();
    t->ctx->clock = &fixture->clock;
    enum err err = postgres_start(t->ctx, test_folder(t, folder), false, &fixture->server);
    test_note(t, "%s", t->ctx->err.operator);
    REQUIRE(err == ERR_OK);
    test_note(t, "%s", "");
    REQUIRE(postgres_sql(t->ctx, &fixture->server, tables, NULL) == ERR_OK);
    fixture->options = (struct db_options){.url = str_from(fixture->server.url)};
    REQUIRE(db_open(t->ctx, &fixture->options, &fixture->db) == ERR_OK);
}

static void fixture_close(struct fixture *fixture)
{
    db_close(fixture->db);
    postgres_stop(&fixture->server);
}

static int64_t number_of(struct test *t, struct fixture *fixture, const char *text)
{
    struct str said = STR("");
    int64_t number = -1;
    CHECK_ERR(postgres_sql(t->ctx, &fixture->server, text, &said), ERR_OK);
    CHECK_ERR(str_to_int(said, INT64_MIN, INT64_MAX, &number), ERR_OK);
    return number;
}

/* One of many callers, on a thread of its own. */
struct caller {
    struct fixture *fixture;
    struct ctx ctx;
    struct arena arena;
    pthread_t thread;
    int64_t n;
    enum err err;
    _Atomic bool *stop;
    int64_t acknowledged;
};

static void callers_start(struct test *t, struct fixture *fixture, struct caller callers[],
                          size_t count, void *(*body)(void *))
{
    for (size_t i = 0; i < count; i++) {
        struct caller *caller = &callers[i];
        arena_init(&caller->arena, ARENA_LIMIT);
        caller->fixture = fixture;
        caller->ctx = (struct ctx){.arena = &caller->arena, .clock = &fixture->clock};
        caller->n = (int64_t)i;
        REQUIRE(pthread_create(&caller->thread, NULL, body, caller) == 0);
    }
}

static void callers_join(struct caller callers[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        pthread_join(callers[i].thread, NULL);
        arena_release(&callers[i].arena);
    }
}

static enum err add_number(struct tx *tx, void *arg)
{
    const int64_t *number = arg;
    return tx_exec(tx, &add_once, (struct db_value[]){db_int(*number)}, NULL);
}

static enum err add_number_again(struct tx *tx, void *arg)
{
    const int64_t *number = arg;
    return tx_exec(tx, &add_again, (struct db_value[]){db_int(*number)}, NULL);
}

static enum err take_int(struct tx *tx, const struct db_value row[], void *into)
{
    (void)tx;
    int64_t *number = into;
    *number = row[0].number;
    return ERR_OK;
}

/* Values. */

struct echoed {
    struct test *t;
    const struct db_value *sent;
    int rows;
};

static enum err take_echo(struct tx *tx, const struct db_value row[], void *into)
{
    (void)tx;
    struct echoed *echoed = into;
    struct test *t = echoed->t;
    echoed->rows++;
    for (int i = 0; i < 6; i++) {
        CHECK_INT(row[i].null, echoed->sent[i].null);
        if (row[i].null)
            continue;
        if (all_types[i] == DB_REAL)
            CHECK(row[i].real == echoed->sent[i].real);
        else if (all_types[i] == DB_TEXT || all_types[i] == DB_BLOB)
            CHECK(str_equal(row[i].bytes, echoed->sent[i].bytes));
        else
            CHECK_INT(row[i].number, echoed->sent[i].number);
    }
    return ERR_OK;
}

static enum err echo_all(struct tx *tx, void *arg)
{
    struct echoed *echoed = arg;
    return tx_query(tx, &echo, echoed->sent, take_echo, echoed);
}

static enum err count_once(struct tx *tx, void *arg)
{
    static const struct query query = {
        .name = "count_once",
        .postgres = "SELECT count(*) FROM once",
        .column_types = ints,
        .column_count = 1,
    };
    return tx_query(tx, &query, NULL, take_int, arg);
}

TEST(postgres_values_come_back_as_they_went)
{
    struct fixture fixture;
    fixture_open(t, "postgres/values", &fixture);
    const struct db_value rows[][6] = {
        {db_text(STR("Grüße, 世界 🙂")), db_int(INT64_MIN), db_bool(true), db_real(-0.1),
         db_blob(STR("\0\1\377")), db_text(STR("{\"a\": [1, null]}"))},
        {db_text(STR("")), db_int(INT64_MAX), db_bool(false), db_real(1e308), db_blob(STR("")),
         db_text(STR("\"\""))},
        {db_null(DB_TEXT), db_null(DB_INT), db_null(DB_BOOL), db_null(DB_REAL), db_null(DB_BLOB),
         db_null(DB_TEXT)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct echoed echoed = {t, rows[i], 0};
        CHECK_ERR(db_read(fixture.db, t->ctx, echo_all, &echoed), ERR_OK);
        CHECK_INT(echoed.rows, 1);
    }
    fixture_close(&fixture);
}

static enum err sum_all(struct tx *tx, void *arg)
{
    return tx_query(tx, &sum, NULL, take_int, arg);
}

TEST(postgres_a_column_of_another_type_says_what_to_write)
{
    struct fixture fixture;
    int64_t number = 0;
    fixture_open(t, "postgres/types", &fixture);
    CHECK_ERR(db_read(fixture.db, t->ctx, sum_all, &number), ERR_INTERNAL);
    CHECK(strstr(t->ctx->err.operator, "CAST(… AS bigint)"));
    fixture_close(&fixture);
}

/* Failures, and whose they are. */

struct broken_rule {
    const struct query *query;
    struct db_value args[2];
    enum err err;
    const char *field;
};

static enum err break_rule(struct tx *tx, void *arg)
{
    const struct broken_rule *rule = arg;
    return tx_exec(tx, rule->query, rule->args, NULL);
}

TEST(postgres_broken_rules_are_told_with_their_column)
{
    struct fixture fixture;
    fixture_open(t, "postgres/rules", &fixture);
    struct broken_rule rules[] = {
        {&add_once, {db_int(1)}, ERR_OK, ""},
        {&add_once, {db_int(1)}, ERR_CONFLICT, "n"},
        {&add_once, {db_null(DB_INT)}, ERR_INPUT, "n"},
        {&add_line, {db_int(1), db_int(1)}, ERR_OK, ""},
        {&add_line, {db_int(1), db_int(1)}, ERR_CONFLICT, "n"},
        {&add_line, {db_int(9), db_int(1)}, ERR_INPUT, ""},
        {&add_line, {db_int(1), db_int(0)}, ERR_INPUT, ""},
        {&add_note, {db_text(STR("a")), db_text(STR("{\"a\":"))}, ERR_INPUT, ""},
        {&add_note, {db_text(STR("a")), db_text(STR("{\"a\":1}"))}, ERR_OK, ""},
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        test_note(t, "rule %zu", i);
        CHECK_ERR(db_write(fixture.db, t->ctx, break_rule, &rules[i]), rules[i].err);
        if (rules[i].err)
            CHECK_TEXT(t->ctx->err.field, rules[i].field);
    }
    fixture_close(&fixture);
}

static void *write_once(void *arg)
{
    struct caller *caller = arg;
    caller->err = db_write(caller->fixture->db, &caller->ctx, add_number, &caller->n);
    return NULL;
}

TEST(postgres_a_conflict_within_a_batch_harms_no_neighbour)
{
    struct fixture fixture;
    struct caller callers[WRITERS];
    fixture_open(t, "postgres/neighbours", &fixture);
    CHECK_ERR(postgres_sql(t->ctx, &fixture.server, "INSERT INTO once VALUES (30)", NULL), ERR_OK);
    callers_start(t, &fixture, callers, WRITERS, write_once);
    callers_join(callers, WRITERS);
    for (int i = 0; i < WRITERS; i++) {
        CHECK_ERR(callers[i].err, i == 30 ? ERR_CONFLICT : ERR_OK);
        if (i == 30)
            CHECK_TEXT(callers[i].ctx.err.field, "n");
    }
    CHECK_INT(number_of(t, &fixture, "SELECT count(*) FROM once"), WRITERS);
    fixture_close(&fixture);
}

/* The driver by itself, to stop it between two calls. */
struct alone {
    struct db_engine *engine;
    struct db_connection *connection;
    struct tx tx;
};

static void alone_open(struct test *t, struct fixture *fixture, enum db_role role,
                       struct alone *alone)
{
    REQUIRE(db_postgres.open(t->ctx, &fixture->options, &alone->engine) == ERR_OK);
    REQUIRE(db_postgres.connect(alone->engine, t->ctx, role, &alone->connection) == ERR_OK);
    alone->tx = (struct tx){t->ctx, alone->connection, &db_postgres, role == DB_WRITER};
}

static void alone_close(struct alone *alone)
{
    db_postgres.disconnect(alone->connection);
    db_postgres.close(alone->engine);
}

/* One fn of a batch that adds a number; with `changed` its failure is told at once. */
static enum err alone_add(struct alone *alone, int64_t number, int64_t *changed)
{
    struct db_value args[] = {db_int(number)};
    TRY(db_postgres.savepoint(alone->connection, alone->tx.ctx));
    enum err err = db_postgres.exec(&alone->tx, &add_once, args, changed);
    if (!err)
        return db_postgres.release(alone->connection, alone->tx.ctx);
    TRY(db_postgres.undo(alone->connection, alone->tx.ctx));
    return err;
}

TEST(postgres_a_failure_that_is_waited_for_is_undone_alone)
{
    struct fixture fixture;
    struct alone alone;
    int64_t position = 0, later = 0, changed = 0;
    fixture_open(t, "postgres/undone", &fixture);
    alone_open(t, &fixture, DB_WRITER, &alone);
    CHECK_ERR(db_postgres.begin(alone.connection, t->ctx), ERR_OK);
    CHECK_ERR(alone_add(&alone, 1, NULL), ERR_OK);
    CHECK_ERR(alone_add(&alone, 1, &changed), ERR_CONFLICT);
    CHECK_TEXT(t->ctx->err.field, "n");
    CHECK(db_postgres.is_open(alone.connection));
    CHECK_ERR(alone_add(&alone, 2, &changed), ERR_OK);
    CHECK_INT(changed, 1);
    CHECK_ERR(db_postgres.commit(alone.connection, t->ctx, &position), ERR_OK);
    CHECK_INT(number_of(t, &fixture, "SELECT count(*) FROM once"), 2);
    CHECK_ERR(db_postgres.begin(alone.connection, t->ctx), ERR_OK);
    CHECK_ERR(alone_add(&alone, 3, NULL), ERR_OK);
    CHECK_ERR(db_postgres.commit(alone.connection, t->ctx, &later), ERR_OK);
    CHECK(position > 0 && later > position);
    alone_close(&alone);
    fixture_close(&fixture);
}

TEST(postgres_a_failure_that_nobody_waits_for_fails_the_batch)
{
    struct fixture fixture;
    struct alone alone;
    int64_t position = 0;
    fixture_open(t, "postgres/batch", &fixture);
    alone_open(t, &fixture, DB_WRITER, &alone);
    CHECK_ERR(db_postgres.begin(alone.connection, t->ctx), ERR_OK);
    CHECK_ERR(alone_add(&alone, 1, NULL), ERR_OK);
    CHECK_ERR(alone_add(&alone, 1, NULL), ERR_OK);
    CHECK_ERR(alone_add(&alone, 2, NULL), ERR_OK);
    CHECK_ERR(db_postgres.commit(alone.connection, t->ctx, &position), ERR_BUSY);
    CHECK(strstr(t->ctx->err.operator, "once_n_key"));
    CHECK(!db_postgres.is_open(alone.connection));
    db_postgres.rollback(alone.connection);
    CHECK(!db_postgres.is_broken(alone.connection));
    CHECK_INT(number_of(t, &fixture, "SELECT count(*) FROM once"), 0);
    /* What the server passed over was not prepared, and is prepared again. */
    CHECK_ERR(db_postgres.begin(alone.connection, t->ctx), ERR_OK);
    CHECK_ERR(alone_add(&alone, 1, NULL), ERR_OK);
    CHECK_ERR(db_postgres.commit(alone.connection, t->ctx, &position), ERR_OK);
    alone_close(&alone);
    fixture_close(&fixture);
}

static enum err pass_over_failure(struct tx *tx, void *arg)
{
    int64_t changed, number = *(int64_t *)arg;
    (void)tx_exec(tx, &add_once, (struct db_value[]){db_int(number)}, &changed);
    return tx_exec(tx, &add_once, (struct db_value[]){db_int(number + 1)}, NULL);
}

TEST(postgres_a_failure_that_is_not_passed_up_fails_the_write)
{
    struct fixture fixture;
    int64_t number = 1;
    fixture_open(t, "postgres/passed", &fixture);
    CHECK_ERR(db_write(fixture.db, t->ctx, add_number, &number), ERR_OK);
    CHECK_ERR(db_write(fixture.db, t->ctx, pass_over_failure, &number), ERR_INTERNAL);
    CHECK_INT(number_of(t, &fixture, "SELECT count(*) FROM once"), 1);
    fixture_close(&fixture);
}

static enum err add_many(struct tx *tx, void *arg)
{
    int64_t count = *(int64_t *)arg;
    for (int64_t i = 0; i < count; i++)
        TRY(tx_exec(tx, &add_once, (struct db_value[]){db_int(i)}, NULL));
    return ERR_OK;
}

TEST(postgres_more_commands_than_may_be_under_way)
{
    struct fixture fixture;
    int64_t count = 5000;
    fixture_open(t, "postgres/many", &fixture);
    CHECK_ERR(db_write(fixture.db, t->ctx, add_many, &count), ERR_OK);
    CHECK_INT(number_of(t, &fixture, "SELECT count(*) FROM once"), 5000);
    fixture_close(&fixture);
}

enum { QUERIES = 400 };

static enum err ask_each(struct tx *tx, void *arg)
{
    const struct query *queries = arg;
    for (int i = 0; i < QUERIES; i++) {
        int64_t said = -1;
        TRY(tx_query(tx, &queries[i], NULL, take_int, &said));
        if (said != i)
            return err_fail(&tx->ctx->err, ERR_INTERNAL, "", "%d said %" PRId64, i, said);
    }
    return ERR_OK;
}

TEST(postgres_more_queries_than_are_kept_prepared)
{
    struct fixture fixture;
    struct query *queries = ARENA_ARRAY(t->arena, QUERIES, struct query);
    fixture_open(t, "postgres/queries", &fixture);
    for (int i = 0; i < QUERIES; i++) {
        struct buf text;
        buf_init(&text, t->arena, 64);
        buf_addf(&text, "SELECT CAST(%d AS bigint)%c", i, '\0');
        queries[i] = (struct query){
            .name = "each", .postgres = text.ptr, .column_types = ints, .column_count = 1};
    }
    for (int round = 0; round < 16; round++)
        CHECK_ERR(db_read(fixture.db, t->ctx, ask_each, queries), ERR_OK);
    fixture_close(&fixture);
}

/* Retries. */

struct race {
    struct fixture *fixture;
    int runs;
};

/* Another writer comes between its look and its change: only the first time. */
static enum err race_run(struct tx *tx, void *arg)
{
    struct race *race = arg;
    int64_t free = 0;
    TRY(tx_query(tx, &read_stock, NULL, take_int, &free));
    if (race->runs++ == 0)
        TRY(postgres_sql(tx->ctx, &race->fixture->server, "UPDATE stock SET free = 50", NULL));
    return tx_exec(tx, &raise_row, (struct db_value[]){db_int(free)}, NULL);
}

TEST(postgres_a_serialisation_failure_runs_again)
{
    struct fixture fixture;
    struct race race = {&fixture, 0};
    fixture_open(t, "postgres/serial", &fixture);
    CHECK_ERR(db_write(fixture.db, t->ctx, race_run, &race), ERR_OK);
    CHECK_INT(race.runs, 2);
    CHECK_INT(number_of(t, &fixture, "SELECT free FROM stock"), 100);
    fixture_close(&fixture);
}

/* Slow servers. */

static enum err sleep_long(struct tx *tx, void *arg)
{
    (void)arg;
    return tx_query(tx, &nap, NULL, take_echo, NULL);
}

TEST(postgres_a_slow_statement_ends_at_the_deadline)
{
    struct fixture fixture;
    int64_t number = 1, begun_us;
    fixture_open(t, "postgres/slow", &fixture);
    begun_us = clock_tick_us(t->ctx->clock);
    t->ctx->deadline_us = begun_us + TIMEOUT_US;
    CHECK_ERR(db_read(fixture.db, t->ctx, sleep_long, NULL), ERR_TIMEOUT);
    t->ctx->deadline_us = clock_tick_us(t->ctx->clock) + TIMEOUT_US;
    CHECK_ERR(db_write(fixture.db, t->ctx, sleep_long, NULL), ERR_TIMEOUT);
    CHECK(clock_tick_us(t->ctx->clock) - begun_us < 5 * SECOND_US);
    t->ctx->deadline_us = 0;
    CHECK_ERR(db_write(fixture.db, t->ctx, add_number, &number), ERR_OK);
    fixture_close(&fixture);
}

TEST(postgres_a_server_that_stands_still_is_not_waited_for)
{
    struct fixture fixture;
    int64_t numbers[] = {1, 2}, begun_us;
    fixture_open(t, "postgres/still", &fixture);
    CHECK_ERR(db_write(fixture.db, t->ctx, add_number, &numbers[0]), ERR_OK);
    postgres_pause(&fixture.server);
    begun_us = clock_tick_us(t->ctx->clock);
    t->ctx->deadline_us = begun_us + TIMEOUT_US;
    CHECK_ERR(db_write(fixture.db, t->ctx, add_number, &numbers[1]), ERR_TIMEOUT);
    t->ctx->deadline_us = clock_tick_us(t->ctx->clock) + TIMEOUT_US;
    CHECK_ERR(db_read(fixture.db, t->ctx, sum_all, &numbers[1]), ERR_TIMEOUT);
    CHECK(clock_tick_us(t->ctx->clock) - begun_us < 5 * SECOND_US);
    postgres_go_on(&fixture.server);
    t->ctx->deadline_us = 0;
    CHECK_ERR(db_write(fixture.db, t->ctx, add_number, &numbers[1]), ERR_OK);
    CHECK_INT(number_of(t, &fixture, "SELECT count(*) FROM once"), 2);
    fixture_close(&fixture);
}

/* Lost servers. */

TEST(postgres_a_restart_between_writes_is_not_noticed)
{
    struct fixture fixture;
    int64_t number = 1;
    fixture_open(t, "postgres/restart", &fixture);
    for (int round = 0; round < 3; round++) {
        CHECK_ERR(db_write(fixture.db, t->ctx, add_number, &number), ERR_OK);
        CHECK_ERR(db_read(fixture.db, t->ctx, echo_all,
                          &(struct echoed){t,
                                           (struct db_value[]){db_null(DB_TEXT), db_null(DB_INT),
                                                               db_null(DB_BOOL), db_null(DB_REAL),
                                                               db_null(DB_BLOB), db_null(DB_TEXT)},
                                           0}),
                  ERR_OK);
        number++;
        postgres_kill(&fixture.server);
        REQUIRE(postgres_restart(t->ctx, &fixture.server) == ERR_OK);
    }
    CHECK_INT(number_of(t, &fixture, "SELECT count(*) FROM once"), 3);
    fixture_close(&fixture);
}

enum { READERS = DB_READERS_MAX, OVERTAKEN_TIMES = 1000 };

/* Holds its reader until all the others have theirs. */
static enum err meet(struct tx *tx, void *arg)
{
    int64_t count;
    TRY(count_once(tx, &count));
    pthread_barrier_wait(arg);
    return ERR_OK;
}

struct meeting {
    struct fixture *fixture;
    db_fn *fn;
    void *arg;
    struct ctx ctx;
    struct arena arena;
    pthread_t thread;
    enum err err;
};

static void *read_and_meet(void *arg)
{
    struct meeting *meeting = arg;
    meeting->err = db_read(meeting->fixture->db, &meeting->ctx, meeting->fn, meeting->arg);
    return NULL;
}

static void meeting_start(struct test *t, struct fixture *fixture, struct meeting *meeting,
                          db_fn *fn, void *arg)
{
    *meeting = (struct meeting){.fixture = fixture, .fn = fn, .arg = arg};
    arena_init(&meeting->arena, ARENA_LIMIT);
    meeting->ctx = (struct ctx){.arena = &meeting->arena, .clock = &fixture->clock};
    REQUIRE(pthread_create(&meeting->thread, NULL, read_and_meet, meeting) == 0);
}

static void meeting_join(struct test *t, struct meeting *meeting)
{
    pthread_join(meeting->thread, NULL);
    test_note(t, "%s", meeting->ctx.err.operator);
    CHECK_ERR(meeting->err, ERR_OK);
    arena_release(&meeting->arena);
}

static void pause_ms(int wait_ms)
{
    (void)poll(NULL, 0, wait_ms);
}

static void connect_all_readers(struct test *t, struct fixture *fixture)
{
    struct meeting meetings[READERS];
    pthread_barrier_t all;
    REQUIRE(pthread_barrier_init(&all, NULL, READERS) == 0);
    for (int i = 0; i < READERS; i++)
        meeting_start(t, fixture, &meetings[i], meet, &all);
    for (int i = 0; i < READERS; i++)
        meeting_join(t, &meetings[i]);
    pthread_barrier_destroy(&all);
}

/* Each time that a reader comes back, somebody else was quicker. */
TEST(postgres_who_waits_for_a_reader_and_is_overtaken_waits_on)
{
    struct fixture fixture;
    struct meeting meetings[READERS], last;
    pthread_barrier_t all;
    int64_t count = -1;
    fixture_open(t, "postgres/overtaken", &fixture);
    REQUIRE(pthread_barrier_init(&all, NULL, READERS + 1) == 0);
    for (int i = 0; i < READERS; i++)
        meeting_start(t, &fixture, &meetings[i], meet, &all);
    for (bool all_out = false; !all_out; pause_ms(1)) {
        pthread_mutex_lock(&fixture.db->lock);
        all_out = fixture.db->reader_count == READERS && !fixture.db->idle_count;
        pthread_mutex_unlock(&fixture.db->lock);
    }
    meeting_start(t, &fixture, &last, count_once, &count);
    for (int i = 0; i < OVERTAKEN_TIMES; i++) {
        pause_ms(1);
        pthread_cond_broadcast(&fixture.db->freed);
    }
    pthread_barrier_wait(&all);
    for (int i = 0; i < READERS; i++)
        meeting_join(t, &meetings[i]);
    meeting_join(t, &last);
    CHECK_INT(count, 0);
    pthread_barrier_destroy(&all);
    fixture_close(&fixture);
}

TEST(postgres_a_restart_with_all_readers_idle_is_not_noticed)
{
    struct fixture fixture;
    int64_t count = -1;
    fixture_open(t, "postgres/idle", &fixture);
    connect_all_readers(t, &fixture);
    postgres_kill(&fixture.server);
    REQUIRE(postgres_restart(t->ctx, &fixture.server) == ERR_OK);
    CHECK_ERR(db_read(fixture.db, t->ctx, count_once, &count), ERR_OK);
    CHECK_INT(count, 0);
    fixture_close(&fixture);
}

static enum err ask_what_is_not_there(struct tx *tx, void *arg)
{
    static const struct query query = {.name = "not_there",
                                       .postgres = "SELECT n FROM not_there",
                                       .column_types = ints,
                                       .column_count = 1};
    return tx_query(tx, &query, NULL, take_int, arg);
}

/* As of a database that was not migrated: waiting would not help. */
TEST(postgres_a_table_that_is_not_there_is_no_busy_database)
{
    struct fixture fixture;
    int64_t number;
    fixture_open(t, "postgres/not_there", &fixture);
    CHECK_ERR(db_read(fixture.db, t->ctx, ask_what_is_not_there, &number), ERR_INTERNAL);
    CHECK_ERR(db_write(fixture.db, t->ctx, ask_what_is_not_there, &number), ERR_INTERNAL);
    CHECK(strstr(t->ctx->err.operator, "not_there"));
    fixture_close(&fixture);
}

/* How far the transaction came when the server was lost. */
enum phase { BEFORE_BEGIN, AFTER_BEGIN, AFTER_SENDING, AFTER_ANSWER, PHASES };

static enum err come_to(struct alone *alone, enum phase phase, struct postgres *server)
{
    struct ctx *ctx = alone->tx.ctx;
    int64_t changed, position;
    if (phase == BEFORE_BEGIN)
        postgres_kill(server);
    TRY(db_postgres.begin(alone->connection, ctx));
    if (phase == AFTER_BEGIN)
        postgres_kill(server);
    TRY(alone_add(alone, 1, phase == AFTER_ANSWER ? &changed : NULL));
    postgres_kill(server);
    return db_postgres.commit(alone->connection, ctx, &position);
}

TEST(postgres_a_connection_lost_before_the_commit_may_retry)
{
    struct fixture fixture;
    struct alone alone;
    fixture_open(t, "postgres/phases", &fixture);
    for (enum phase phase = BEFORE_BEGIN; phase < PHASES; phase++) {
        test_note(t, "phase %d", phase);
        alone_open(t, &fixture, DB_WRITER, &alone);
        CHECK_ERR(come_to(&alone, phase, &fixture.server), ERR_BUSY);
        CHECK(db_postgres.is_broken(alone.connection));
        CHECK(db_postgres.may_retry(alone.connection));
        CHECK(!db_postgres.is_open(alone.connection));
        db_postgres.rollback(alone.connection);
        CHECK_ERR(db_postgres.begin(alone.connection, t->ctx), ERR_BUSY);
        alone_close(&alone);
        REQUIRE(postgres_restart(t->ctx, &fixture.server) == ERR_OK);
    }
    CHECK_INT(number_of(t, &fixture, "SELECT count(*) FROM once"), 0);
    fixture_close(&fixture);
}

static void *write_until_stopped(void *arg)
{
    struct caller *caller = arg;
    for (int64_t i = 0; !atomic_load(caller->stop); i++) {
        int64_t number = caller->n * 1000000 + i;
        enum err err = db_write(caller->fixture->db, &caller->ctx, add_number_again, &number);
        if (err)
            i--; /* the same again: it is idempotent */
        else
            caller->acknowledged++;
        arena_clear(&caller->arena);
    }
    return NULL;
}

TEST(postgres_what_was_acknowledged_outlives_kills)
{
    enum { COUNT = 8, KILLS = 4 };
    struct fixture fixture;
    struct caller callers[COUNT] = {0};
    _Atomic bool stop = false;
    int64_t acknowledged = 0;
    fixture_open(t, "postgres/kills", &fixture);
    for (int i = 0; i < COUNT; i++)
        callers[i].stop = &stop;
    callers_start(t, &fixture, callers, COUNT, write_until_stopped);
    for (int i = 0; i < KILLS; i++) {
        pause_ms(200 + 37 * i);
        postgres_kill(&fixture.server);
        REQUIRE(postgres_restart(t->ctx, &fixture.server) == ERR_OK);
    }
    pause_ms(200);
    atomic_store(&stop, true);
    callers_join(callers, COUNT);
    for (int i = 0; i < COUNT; i++) {
        char text[128];
        snprintf(text, sizeof text, "SELECT count(*) FROM once WHERE n / 1000000 = %d", i);
        CHECK(callers[i].acknowledged > 0);
        CHECK_INT(number_of(t, &fixture, text), callers[i].acknowledged);
        acknowledged += callers[i].acknowledged;
    }
    CHECK_INT(number_of(t, &fixture, "SELECT count(*) FROM once"), acknowledged);
    fixture_close(&fixture);
}

/* Addresses. */

TEST(postgres_the_host_that_can_be_written_to_is_found)
{
    struct fixture fixture;
    struct db *db;
    char url[256];
    int64_t number = 1;
    fixture_open(t, "postgres/hosts", &fixture);
    snprintf(url, sizeof url, "postgres://stoa@127.0.0.1:1,127.0.0.1:%d/stoa", fixture.server.port);
    struct db_options options = {.url = str_from(url)};
    REQUIRE(db_open(t->ctx, &options, &db) == ERR_OK);
    CHECK_ERR(db_write(db, t->ctx, add_number, &number), ERR_OK);
    db_close(db);
    fixture_close(&fixture);
}

/* The connection of a role, by an address that names both servers. */
static void alone_open_at(struct test *t, const char *url, enum db_role role, struct alone *alone)
{
    struct fixture named = {.options = {.url = str_from(url)}};
    alone_open(t, &named, role, alone);
}

TEST(postgres_a_standby_is_read_and_takes_over)
{
    struct fixture fixture;
    struct postgres standby;
    struct alone writer, reader;
    char url[256];
    bool reached = true;
    int64_t position = 0, begun_us;
    fixture_open(t, "postgres/primary", &fixture);
    REQUIRE(postgres_start_standby(t->ctx, test_folder(t, "postgres/standby"), &fixture.server,
                                   &standby) == ERR_OK);
    snprintf(url, sizeof url,
             "postgres://stoa@127.0.0.1:%d,127.0.0.1:%d/stoa?target_session_attrs=prefer-standby",
             fixture.server.port, standby.port);
    alone_open_at(t, url, DB_WRITER, &writer);
    alone_open_at(t, url, DB_READER, &reader);
    CHECK_ERR(db_postgres.begin(writer.connection, t->ctx), ERR_OK);
    CHECK_ERR(alone_add(&writer, 1, NULL), ERR_OK);
    CHECK_ERR(db_postgres.commit(writer.connection, t->ctx, &position), ERR_OK);
    CHECK_ERR(db_postgres.has_reached(reader.connection, t->ctx, INT64_MAX, &reached), ERR_OK);
    CHECK(!reached);
    begun_us = clock_tick_us(t->ctx->clock);
    while (!reached && clock_tick_us(t->ctx->clock) - begun_us < 10 * SECOND_US)
        CHECK_ERR(db_postgres.has_reached(reader.connection, t->ctx, position, &reached), ERR_OK);
    CHECK(reached);
    CHECK_ERR(db_postgres.begin(reader.connection, t->ctx), ERR_OK);
    CHECK_ERR(count_once(&reader.tx, &position), ERR_OK);
    CHECK_INT(position, 1);
    CHECK_ERR(db_postgres.commit(reader.connection, t->ctx, &position), ERR_OK);
    postgres_kill(&fixture.server);
    CHECK_ERR(postgres_promote(t->ctx, &standby), ERR_OK);
    alone_close(&writer);
    alone_open_at(t, url, DB_WRITER, &writer);
    CHECK_ERR(db_postgres.begin(writer.connection, t->ctx), ERR_OK);
    CHECK_ERR(alone_add(&writer, 2, NULL), ERR_OK);
    CHECK_ERR(db_postgres.commit(writer.connection, t->ctx, &position), ERR_OK);
    for (int i = 0; i < 2; i++) /* with an answer comes the news that it is the primary now */
        CHECK_ERR(db_postgres.has_reached(reader.connection, t->ctx, INT64_MAX, &reached), ERR_OK);
    CHECK(reached);
    alone_close(&writer);
    alone_close(&reader);
    postgres_stop(&standby);
    fixture_close(&fixture);
}

TEST(postgres_addresses_that_cannot_be)
{
    struct clock clock = clock_system();
    struct db_engine *engine = NULL;
    struct db_connection *connection = NULL;
    struct db_options options = {.url = STR("postgres://stoa@127.0.0.1:port/stoa?nonsense=1")};
    t->ctx->clock = &clock;
    CHECK_ERR(db_postgres.open(t->ctx, &options, &engine), ERR_INPUT);
    CHECK_TEXT(t->ctx->err.field, "DATABASE_URL");
    options.url = STR("postgres://stoa:secret%zz@127.0.0.1/stoa");
    CHECK_ERR(db_postgres.open(t->ctx, &options, &engine), ERR_INPUT);
    CHECK(!strstr(t->ctx->err.operator, "secret") && !strstr(t->ctx->err.user, "secret"));
    CHECK(str_find(test_log(t), STR("secret")) == STR_NONE);
    options.url = STR("postgres://stoa:secret@127.0.0.1:1/stoa");
    REQUIRE(db_postgres.open(t->ctx, &options, &engine) == ERR_OK);
    CHECK_ERR(db_postgres.connect(engine, t->ctx, DB_READER, &connection), ERR_PEER);
    CHECK(!strstr(t->ctx->err.operator, "secret"));
    db_postgres.close(engine);
}

/* Everything that can fail does, once. */

static enum err connect_and_write(struct db_engine *engine, struct ctx *ctx, int64_t number)
{
    struct alone alone = {.engine = engine};
    int64_t position = 0;
    TRY(db_postgres.connect(engine, ctx, DB_WRITER, &alone.connection));
    alone.tx = (struct tx){ctx, alone.connection, &db_postgres, true};
    enum err err = db_postgres.begin(alone.connection, ctx);
    if (!err)
        err = alone_add(&alone, number, NULL);
    if (!err)
        err = db_postgres.commit(alone.connection, ctx, &position);
    if (err)
        db_postgres.rollback(alone.connection);
    db_postgres.disconnect(alone.connection);
    return err;
}

struct tortured {
    struct fixture *fixture;
    int64_t number, acknowledged, unknown;
};

static enum err torture_write(struct test *t, void *arg)
{
    struct tortured *tortured = arg;
    struct db_engine *engine = NULL;
    int64_t number = ++tortured->number;
    /* Where libpq is told that a send failed, it waits for a server that knows of nothing. */
    t->ctx->deadline_us = clock_tick_us(t->ctx->clock) + TIMEOUT_US;
    TRY(db_postgres.open(t->ctx, &tortured->fixture->options, &engine));
    enum err err = connect_and_write(engine, t->ctx, number);
    db_postgres.close(engine);
    CHECK(err == ERR_OK || t->ctx->err.user[0]);
    tortured->acknowledged += err == ERR_OK;
    tortured->unknown += err == ERR_PEER;
    return err;
}

/* What was acknowledged is there, what failed is not, and of what is not known either may be. */
TEST(postgres_every_failure_is_told)
{
    static const enum torture_kind kinds[] = {TORTURE_MEMORY, TORTURE_SYSTEM};
    struct fixture fixture;
    fixture_open(t, "postgres/torture", &fixture);
    struct tortured tortured = {.fixture = &fixture};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        TORTURE_EVERY(t, kinds[i], torture_write, &tortured);
    int64_t there = number_of(t, &fixture, "SELECT count(*) FROM once");
    CHECK(tortured.acknowledged >= 2);
    CHECK(there >= tortured.acknowledged);
    CHECK(there <= tortured.acknowledged + tortured.unknown);
    fixture_close(&fixture);
}

/* Scripts, and the tables as they are. */

static enum err run_script(struct tx *tx, void *arg)
{
    return tx->driver->script(tx, arg);
}

struct described {
    struct buf text;
};

static enum err take_column(struct tx *tx, const struct db_value row[], void *into)
{
    (void)tx;
    struct described *described = into;
    buf_addf(&described->text, STR_FMT " " STR_FMT "%s%s\n", STR_ARG(row[0].bytes),
             STR_ARG(row[1].bytes), row[2].number ? " null" : "", row[3].number ? " key" : "");
    return buf_err(&described->text);
}

static enum err describe_made(struct tx *tx, void *arg)
{
    return tx->driver->describe(tx, "made", take_column, arg);
}

TEST(postgres_scripts_stand_whole_or_not_at_all)
{
    struct fixture fixture;
    struct described described;
    fixture_open(t, "postgres/scripts", &fixture);
    char good[] =
        "CREATE TABLE made (id text COLLATE \"C\" PRIMARY KEY, at bigint, x jsonb NOT NULL);"
        "CREATE INDEX made_at ON made (at)";
    char bad[] = "CREATE TABLE other (id bigint); CREATE TABLE other (id bigint)";
    CHECK_ERR(db_write(fixture.db, t->ctx, run_script, good), ERR_OK);
    CHECK_ERR(db_write(fixture.db, t->ctx, run_script, bad), ERR_INTERNAL);
    CHECK_INT(number_of(t, &fixture, "SELECT count(*) FROM pg_class WHERE relname = 'other'"), 0);
    buf_init(&described.text, t->arena, 4096);
    CHECK_ERR(db_read(fixture.db, t->ctx, describe_made, &described), ERR_OK);
    CHECK_STR(buf_str(&described.text), "id text key\nat bigint null\nx jsonb\n");
    fixture_close(&fixture);
}

/* Backup, check and restore. */

static const char *backup_in(struct test *t, const struct fixture *fixture, int number)
{
    struct buf path;
    const char *text;
    buf_init(&path, t->arena, PATH_MAX);
    buf_addf(&path, "%s.%d.backup", fixture->server.folder, number);
    REQUIRE(str_cstr(t->arena, buf_str(&path), &text) == ERR_OK);
    return text;
}

/* Nobody may have it open meanwhile. */
static enum err restore(struct test *t, struct fixture *fixture, const char *path)
{
    db_close(fixture->db);
    enum err err = db_restore(t->ctx, &fixture->options, path);
    test_note(t, "%s", t->ctx->err.operator);
    struct err_record told = t->ctx->err;
    REQUIRE(db_open(t->ctx, &fixture->options, &fixture->db) == ERR_OK);
    t->ctx->err = told;
    return err;
}

static int64_t kept_schemas(struct test *t, struct fixture *fixture)
{
    return number_of(t, fixture,
                     "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'before_restore_%'");
}

TEST(postgres_a_backup_restores_and_what_was_there_is_kept)
{
    struct fixture fixture;
    fixture_open(t, "postgres/backup", &fixture);
    for (int round = 1; round <= 2; round++) { /* a restored database is backed up as well */
        int64_t number = round;
        const char *path = backup_in(t, &fixture, round);
        CHECK_ERR(db_write(fixture.db, t->ctx, add_number, &number), ERR_OK);
        CHECK_ERR(db_backup(fixture.db, t->ctx, path), ERR_OK);
        CHECK_ERR(postgres_sql(t->ctx, &fixture.server, "DELETE FROM once", NULL), ERR_OK);
        CHECK_ERR(restore(t, &fixture, path), ERR_OK);
        CHECK_INT(number_of(t, &fixture, "SELECT count(*) FROM once"), round);
        CHECK_INT(kept_schemas(t, &fixture), round);
    }
    CHECK_INT(number_of(t, &fixture,
                        "SELECT count(*) FROM pg_constraint WHERE contype = 'f'"
                        " AND conrelid = CAST('line' AS regclass)"),
              1);
    fixture_close(&fixture);
}

/* As a restore leaves it that was killed between setting aside and putting in place. */
TEST(postgres_a_restore_that_was_killed_is_begun_anew)
{
    struct fixture fixture;
    int64_t number = 1;
    fixture_open(t, "postgres/anew", &fixture);
    const char *path = backup_in(t, &fixture, 1);
    CHECK_ERR(db_write(fixture.db, t->ctx, add_number, &number), ERR_OK);
    CHECK_ERR(db_backup(fixture.db, t->ctx, path), ERR_OK);
    CHECK_ERR(postgres_sql(t->ctx, &fixture.server, "ALTER SCHEMA public RENAME TO aside", NULL),
              ERR_OK);
    CHECK_ERR(restore(t, &fixture, path), ERR_OK);
    CHECK_INT(number_of(t, &fixture, "SELECT count(*) FROM once"), 1);
    fixture_close(&fixture);
}

TEST(postgres_a_backup_never_takes_the_place_of_a_file)
{
    struct fixture fixture;
    fixture_open(t, "postgres/taken", &fixture);
    const char *path = backup_in(t, &fixture, 1);
    FILE *file = fopen(path, "we");
    REQUIRE(file && fputs("kept", file) >= 0 && fclose(file) == 0);
    CHECK_ERR(db_backup(fixture.db, t->ctx, path), ERR_INPUT);
    struct stat found;
    CHECK(stat(path, &found) == 0 && found.st_size == 4);
    fixture_close(&fixture);
}

TEST(postgres_a_restore_is_refused_while_the_database_is_in_use)
{
    struct fixture fixture;
    fixture_open(t, "postgres/in_use", &fixture);
    const char *path = backup_in(t, &fixture, 1);
    CHECK_ERR(db_backup(fixture.db, t->ctx, path), ERR_OK);
    CHECK_ERR(db_restore(t->ctx, &fixture.options, path), ERR_BUSY);
    CHECK_INT(kept_schemas(t, &fixture), 0);
    fixture_close(&fixture);
}

TEST(postgres_a_restore_that_fails_changes_nothing)
{
    struct fixture fixture;
    fixture_open(t, "postgres/restore", &fixture);
    const char *none = backup_in(t, &fixture, 1), *cut = backup_in(t, &fixture, 2);
    FILE *file = fopen(none, "we");
    REQUIRE(file && fputs("this is no backup", file) >= 0 && fclose(file) == 0);
    CHECK_ERR(restore(t, &fixture, none), ERR_IO);
    CHECK_ERR(db_backup(fixture.db, t->ctx, cut), ERR_OK);
    struct stat whole;
    REQUIRE(stat(cut, &whole) == 0 && truncate(cut, whole.st_size - 8) == 0);
    CHECK_ERR(restore(t, &fixture, cut), ERR_IO);
    CHECK(!strstr(t->ctx->err.operator, "transaction"));
    CHECK_INT(number_of(t, &fixture, "SELECT count(*) FROM stock"), 1);
    CHECK_INT(kept_schemas(t, &fixture), 0);
    CHECK_ERR(db_backup(fixture.db, t->ctx, "/no/such/folder/x"), ERR_IO);
    fixture_close(&fixture);
}

TEST(postgres_a_missing_program_says_which_package)
{
    struct fixture fixture;
    struct alone alone;
    char path[PATH_MAX + 8];
    fixture_open(t, "postgres/missing", &fixture);
    alone_open(t, &fixture, DB_WRITER, &alone);
    snprintf(path, sizeof path, "%s.backup", fixture.server.folder);
    environ = (char *[]){(char[]){"PATH=/nowhere"}, NULL};
    CHECK_ERR(db_postgres.backup(alone.engine, t->ctx, path), ERR_IO);
    CHECK(strstr(t->ctx->err.operator, "postgresql-client"));
    CHECK(access(path, F_OK) != 0);
    alone_close(&alone);
    fixture_close(&fixture);
}

TEST(postgres_check_finds_what_is_wrong)
{
    struct fixture fixture;
    struct alone alone;
    struct buf findings;
    fixture_open(t, "postgres/check", &fixture);
    alone_open(t, &fixture, DB_WRITER, &alone);
    buf_init(&findings, t->arena, 1 << 16);
    CHECK_ERR(postgres_sql(t->ctx, &fixture.server, "CREATE EXTENSION amcheck", NULL), ERR_OK);
    CHECK_ERR(db_postgres.check(alone.engine, t->ctx, &findings), ERR_OK);
    CHECK_STR(buf_str(&findings), "the setting fsync is off: a crash or a power cut loses data\n");
    static const char damage[] =
        "SET session_replication_role = replica; INSERT INTO line VALUES (77, 1);"
        "SET session_replication_role = DEFAULT;"
        "ALTER TABLE once ADD CONSTRAINT small CHECK (n < 5) NOT VALID;"
        "UPDATE pg_index SET indisvalid = false"
        " WHERE indexrelid = CAST('once_n_key' AS regclass)";
    CHECK_ERR(postgres_sql(t->ctx, &fixture.server, damage, NULL), ERR_OK);
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
    alone_close(&alone);
    fixture_close(&fixture);
}
