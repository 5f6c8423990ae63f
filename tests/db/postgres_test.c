/* What is PostgreSQL's alone: the pipeline, values, broken rules, scripts. */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "harness/test.h"
#include "postgres_help.h"

enum { WRITERS = 60 };

static const enum db_type ints[] = {DB_INT, DB_INT}, texts[] = {DB_TEXT, DB_TEXT};
static const enum db_type all_types[] = {DB_TEXT, DB_INT, DB_BOOL, DB_REAL, DB_BLOB, DB_TEXT};

#define CHANGE(called, text, types, count)                                            \
    {                                                                                 \
        .name = called, .postgres = text, .param_types = types, .param_count = count, \
        .writes = true                                                                \
    }

static const struct query add_line = CHANGE("add_line",
                                            "INSERT INTO line (owner, n) VALUES ($1, $2)", ints, 2);
static const struct query add_note = CHANGE(
    "add_note", "INSERT INTO note (body, extra) VALUES ($1, $2)", texts, 2);
static const struct query raise_row = CHANGE("raise_row", "UPDATE stock SET free = free + $1", ints,
                                             1);

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

TEST(postgres_values_come_back_as_they_went)
{
    struct pg pg;
    pg_open(t, "postgres/values", &pg);
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
        CHECK_ERR(db_read(pg.db, t->ctx, echo_all, &echoed), ERR_OK);
        CHECK_INT(echoed.rows, 1);
    }
    pg_close(&pg);
}

static enum err sum_all(struct tx *tx, void *arg)
{
    return tx_query(tx, &sum, NULL, pg_take_int, arg);
}

TEST(postgres_a_column_of_another_type_says_what_to_write)
{
    struct pg pg;
    int64_t number = 0;
    pg_open(t, "postgres/types", &pg);
    CHECK_ERR(db_read(pg.db, t->ctx, sum_all, &number), ERR_INTERNAL);
    CHECK(strstr(t->ctx->err.operator, "CAST(… AS bigint)"));
    pg_close(&pg);
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
    struct pg pg;
    pg_open(t, "postgres/rules", &pg);
    struct broken_rule rules[] = {
        {&pg_add_once, {db_int(1)}, ERR_OK, ""},
        {&pg_add_once, {db_int(1)}, ERR_CONFLICT, "n"},
        {&pg_add_once, {db_null(DB_INT)}, ERR_INPUT, "n"},
        {&add_line, {db_int(1), db_int(1)}, ERR_OK, ""},
        {&add_line, {db_int(1), db_int(1)}, ERR_CONFLICT, "n"},
        {&add_line, {db_int(9), db_int(1)}, ERR_INPUT, ""},
        {&add_line, {db_int(1), db_int(0)}, ERR_INPUT, ""},
        {&add_note, {db_text(STR("a")), db_text(STR("{\"a\":"))}, ERR_INPUT, ""},
        {&add_note, {db_text(STR("a")), db_text(STR("{\"a\":1}"))}, ERR_OK, ""},
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        test_note(t, "rule %zu", i);
        CHECK_ERR(db_write(pg.db, t->ctx, break_rule, &rules[i]), rules[i].err);
        if (rules[i].err)
            CHECK_TEXT(t->ctx->err.field, rules[i].field);
    }
    pg_close(&pg);
}

static void *write_once(void *arg)
{
    struct pg_caller *caller = arg;
    caller->err = db_write(caller->pg->db, &caller->ctx, pg_add_number, &caller->n);
    return NULL;
}

TEST(postgres_a_conflict_within_a_batch_harms_no_neighbour)
{
    struct pg pg;
    struct pg_caller callers[WRITERS];
    pg_open(t, "postgres/neighbours", &pg);
    CHECK_ERR(postgres_sql(t->ctx, &pg.server, "INSERT INTO once VALUES (30)", NULL), ERR_OK);
    pg_callers_start(t, &pg, callers, WRITERS, write_once);
    pg_callers_join(callers, WRITERS);
    for (int i = 0; i < WRITERS; i++) {
        CHECK_ERR(callers[i].err, i == 30 ? ERR_CONFLICT : ERR_OK);
        if (i == 30)
            CHECK_TEXT(callers[i].ctx.err.field, "n");
    }
    CHECK_INT(pg_number(t, &pg, "SELECT count(*) FROM once"), WRITERS);
    pg_close(&pg);
}

TEST(postgres_a_failure_that_is_waited_for_is_undone_alone)
{
    struct pg pg;
    struct pg_alone alone;
    int64_t position = 0, later = 0, changed = 0;
    pg_open(t, "postgres/undone", &pg);
    pg_alone_open(t, &pg.options, DB_WRITER, &alone);
    CHECK_ERR(db_postgres.begin(alone.connection, t->ctx), ERR_OK);
    CHECK_ERR(pg_alone_add(&alone, 1, NULL), ERR_OK);
    CHECK_ERR(pg_alone_add(&alone, 1, &changed), ERR_CONFLICT);
    CHECK_TEXT(t->ctx->err.field, "n");
    CHECK(db_postgres.is_open(alone.connection));
    CHECK_ERR(pg_alone_add(&alone, 2, &changed), ERR_OK);
    CHECK_INT(changed, 1);
    CHECK_ERR(db_postgres.commit(alone.connection, t->ctx, &position), ERR_OK);
    CHECK_INT(pg_number(t, &pg, "SELECT count(*) FROM once"), 2);
    CHECK_ERR(db_postgres.begin(alone.connection, t->ctx), ERR_OK);
    CHECK_ERR(pg_alone_add(&alone, 3, NULL), ERR_OK);
    CHECK_ERR(db_postgres.commit(alone.connection, t->ctx, &later), ERR_OK);
    CHECK(position > 0 && later > position);
    pg_alone_close(&alone);
    pg_close(&pg);
}

TEST(postgres_a_failure_that_nobody_waits_for_fails_the_batch)
{
    struct pg pg;
    struct pg_alone alone;
    int64_t position = 0;
    pg_open(t, "postgres/batch", &pg);
    pg_alone_open(t, &pg.options, DB_WRITER, &alone);
    CHECK_ERR(db_postgres.begin(alone.connection, t->ctx), ERR_OK);
    CHECK_ERR(pg_alone_add(&alone, 1, NULL), ERR_OK);
    CHECK_ERR(pg_alone_add(&alone, 1, NULL), ERR_OK);
    CHECK_ERR(pg_alone_add(&alone, 2, NULL), ERR_OK);
    CHECK_ERR(db_postgres.commit(alone.connection, t->ctx, &position), ERR_BUSY);
    CHECK(strstr(t->ctx->err.operator, "once_n_key"));
    CHECK(!db_postgres.is_open(alone.connection));
    db_postgres.rollback(alone.connection);
    CHECK(!db_postgres.is_broken(alone.connection));
    CHECK_INT(pg_number(t, &pg, "SELECT count(*) FROM once"), 0);
    /* What the server passed over was not prepared, and is prepared again. */
    CHECK_ERR(db_postgres.begin(alone.connection, t->ctx), ERR_OK);
    CHECK_ERR(pg_alone_add(&alone, 1, NULL), ERR_OK);
    CHECK_ERR(db_postgres.commit(alone.connection, t->ctx, &position), ERR_OK);
    pg_alone_close(&alone);
    pg_close(&pg);
}

static enum err pass_over_failure(struct tx *tx, void *arg)
{
    int64_t changed, number = *(int64_t *)arg;
    (void)tx_exec(tx, &pg_add_once, (struct db_value[]){db_int(number)}, &changed);
    return tx_exec(tx, &pg_add_once, (struct db_value[]){db_int(number + 1)}, NULL);
}

TEST(postgres_a_failure_that_is_not_passed_up_fails_the_write)
{
    struct pg pg;
    int64_t number = 1;
    pg_open(t, "postgres/passed", &pg);
    CHECK_ERR(db_write(pg.db, t->ctx, pg_add_number, &number), ERR_OK);
    CHECK_ERR(db_write(pg.db, t->ctx, pass_over_failure, &number), ERR_INTERNAL);
    CHECK_INT(pg_number(t, &pg, "SELECT count(*) FROM once"), 1);
    pg_close(&pg);
}

static enum err add_many(struct tx *tx, void *arg)
{
    int64_t count = *(int64_t *)arg;
    for (int64_t i = 0; i < count; i++)
        TRY(tx_exec(tx, &pg_add_once, (struct db_value[]){db_int(i)}, NULL));
    return ERR_OK;
}

TEST(postgres_more_commands_than_may_be_under_way)
{
    struct pg pg;
    int64_t count = 5000;
    pg_open(t, "postgres/many", &pg);
    CHECK_ERR(db_write(pg.db, t->ctx, add_many, &count), ERR_OK);
    CHECK_INT(pg_number(t, &pg, "SELECT count(*) FROM once"), 5000);
    pg_close(&pg);
}

enum { QUERIES = 400 };

static enum err ask_each(struct tx *tx, void *arg)
{
    const struct query *queries = arg;
    for (int i = 0; i < QUERIES; i++) {
        int64_t said = -1;
        TRY(tx_query(tx, &queries[i], NULL, pg_take_int, &said));
        if (said != i)
            return err_fail(&tx->ctx->err, ERR_INTERNAL, "", "%d said %" PRId64, i, said);
    }
    return ERR_OK;
}

TEST(postgres_more_queries_than_are_kept_prepared)
{
    struct pg pg;
    struct query *queries = ARENA_ARRAY(t->arena, QUERIES, struct query);
    pg_open(t, "postgres/queries", &pg);
    for (int i = 0; i < QUERIES; i++) {
        struct buf text;
        buf_init(&text, t->arena, 64);
        buf_addf(&text, "SELECT CAST(%d AS bigint)%c", i, '\0');
        queries[i] = (struct query){
            .name = "each", .postgres = text.ptr, .column_types = ints, .column_count = 1};
    }
    for (int round = 0; round < 16; round++)
        CHECK_ERR(db_read(pg.db, t->ctx, ask_each, queries), ERR_OK);
    pg_close(&pg);
}

/* Retries. */

struct race {
    struct pg *pg;
    int runs;
};

/* Another writer comes between its look and its change: only the first time. */
static enum err race_run(struct tx *tx, void *arg)
{
    struct race *race = arg;
    int64_t free = 0;
    TRY(tx_query(tx, &read_stock, NULL, pg_take_int, &free));
    if (race->runs++ == 0)
        TRY(postgres_sql(tx->ctx, &race->pg->server, "UPDATE stock SET free = 50", NULL));
    return tx_exec(tx, &raise_row, (struct db_value[]){db_int(free)}, NULL);
}

TEST(postgres_a_serialisation_failure_runs_again)
{
    struct pg pg;
    struct race race = {&pg, 0};
    pg_open(t, "postgres/serial", &pg);
    CHECK_ERR(db_write(pg.db, t->ctx, race_run, &race), ERR_OK);
    CHECK_INT(race.runs, 2);
    CHECK_INT(pg_number(t, &pg, "SELECT free FROM stock"), 100);
    pg_close(&pg);
}

static enum err ask_what_is_not_there(struct tx *tx, void *arg)
{
    static const struct query query = {.name = "not_there",
                                       .postgres = "SELECT n FROM not_there",
                                       .column_types = ints,
                                       .column_count = 1};
    return tx_query(tx, &query, NULL, pg_take_int, arg);
}

/* As of a database that was not migrated: waiting would not help. */
TEST(postgres_a_table_that_is_not_there_is_no_busy_database)
{
    struct pg pg;
    int64_t number;
    pg_open(t, "postgres/not_there", &pg);
    CHECK_ERR(db_read(pg.db, t->ctx, ask_what_is_not_there, &number), ERR_INTERNAL);
    CHECK_ERR(db_write(pg.db, t->ctx, ask_what_is_not_there, &number), ERR_INTERNAL);
    CHECK(strstr(t->ctx->err.operator, "not_there"));
    pg_close(&pg);
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
    struct pg pg;
    struct described described;
    pg_open(t, "postgres/scripts", &pg);
    char good[] =
        "CREATE TABLE made (id text COLLATE \"C\" PRIMARY KEY, at bigint, x jsonb NOT NULL);"
        "CREATE INDEX made_at ON made (at)";
    char bad[] = "CREATE TABLE other (id bigint); CREATE TABLE other (id bigint)";
    CHECK_ERR(db_write(pg.db, t->ctx, run_script, good), ERR_OK);
    CHECK_ERR(db_write(pg.db, t->ctx, run_script, bad), ERR_INTERNAL);
    CHECK_INT(pg_number(t, &pg, "SELECT count(*) FROM pg_class WHERE relname = 'other'"), 0);
    buf_init(&described.text, t->arena, 4096);
    CHECK_ERR(db_read(pg.db, t->ctx, describe_made, &described), ERR_OK);
    CHECK_STR(buf_str(&described.text), "id text key\nat bigint null\nx jsonb\n");
    pg_close(&pg);
}
