/* Queries that took long: what is told of them on each engine, and that no value ever is. */
#include "ports/db/explain.h"

#include "base/span.h"
#include "engines.h"

#define SAME(text) \
    {              \
        text, text \
    }

enum { SECRET = 31337 };

static const char *const tables[][2] = {
    {"CREATE TABLE stock (id INTEGER PRIMARY KEY, label TEXT NOT NULL) STRICT",
     "CREATE TABLE stock (id bigint PRIMARY KEY, label text COLLATE \"C\" NOT NULL)"},
    SAME("INSERT INTO stock (id, label) VALUES (31337, 'one')"),
    {NULL, NULL},
};

static const enum db_type types[] = {DB_INT, DB_TEXT};

static const struct query find = {.name = "stock_find",
                                  .sqlite = "SELECT id, label FROM stock WHERE id = ?1",
                                  .postgres = "SELECT id, label FROM stock WHERE id = $1",
                                  .param_types = types,
                                  .param_count = 1,
                                  .column_types = types,
                                  .column_count = 2};

static const struct query rename_query = {.name = "stock_rename",
                                          .sqlite = "UPDATE stock SET label = ?2 WHERE id = ?1",
                                          .postgres = "UPDATE stock SET label = $2 WHERE id = $1",
                                          .param_types = types,
                                          .param_count = 2,
                                          .writes = true};

static enum err look(struct tx *tx, void *arg)
{
    (void)arg;
    return tx_query(tx, &find, (struct db_value[]){db_int(SECRET)}, NULL, NULL);
}

static enum err change(struct tx *tx, void *arg)
{
    int64_t changed;
    (void)arg;
    struct db_value args[] = {db_int(SECRET), db_text(STR("hush-hush"))};
    return tx_exec(tx, &rename_query, args, &changed);
}

static bool told(struct test *t, const char *words)
{
    return str_find(test_log(t), str_from(words)) != STR_NONE;
}

static size_t times_told(struct test *t, const char *words)
{
    struct str rest = test_log(t);
    size_t count = 0, at;
    while ((at = str_find(rest, str_from(words))) != STR_NONE) {
        rest = str_slice(rest, at + 1, rest.len);
        count++;
    }
    return count;
}

static struct db *open_slow(struct test *t, struct fixture *fixture, int64_t slow_us)
{
    struct db *db = NULL;
    const struct db_options options = {.url = str_from(fixture->url), .slow_us = slow_us};
    REQUIRE(db_open(&fixture->worker.ctx, &options, &db) == ERR_OK);
    return db;
}

static void check_both(struct test *t, struct fixture *fixture)
{
    struct ctx *ctx = &fixture->worker.ctx;
    struct db *db = open_slow(t, fixture, 1);
    size_t before = times_told(t, "slow query");
    CHECK_ERR(db_read(db, ctx, look, NULL), ERR_OK);
    CHECK_ERR(db_write(db, ctx, change, NULL), ERR_OK);
    CHECK_INT(times_told(t, "slow query") - before, 2);
    for (int i = 0; i < 3; i++) /* two plans, then none is left */
        db_tell_slow(db, ctx);
    CHECK_INT(times_told(t, "slow query") - before, 4);
    CHECK_ERR(db_read(db, ctx, look, NULL), ERR_OK); /* slow again, within the minute */
    db_tell_slow(db, ctx);
    CHECK_INT(times_told(t, "slow query") - before, 5);
    db_close(db);
}

TEST(explain_tells_slow_queries_and_their_plans)
{
    struct fixture fixture;
    for (const struct engine *engine = engines; engine->name; engine++) {
        fixture_open(t, engine, &fixture);
        CHECK_ERR(run_statements(fixture.db, &fixture.worker.ctx, tables), ERR_OK);
        check_both(t, &fixture);
        fixture_close(&fixture);
    }
    CHECK(told(t, "\"event\":\"slow query\",\"query\":\"stock_find\",\"took_us\":"));
    CHECK(told(t, "\"rows\":1}"));
    CHECK(told(t, "\"query\":\"stock_find\",\"plan\":\"SEARCH stock USING INTEGER PRIMARY KEY"));
    CHECK(told(t, "\"query\":\"stock_find\",\"plan\":\"Index Scan using stock_pkey on stock"));
    CHECK(told(t, "\"query\":\"stock_rename\",\"plan\":\"SEARCH stock"));
    CHECK(told(t, "\"query\":\"stock_rename\",\"plan\":\"Update on stock"));
    CHECK(!told(t, "31337"));
    CHECK(!told(t, "hush-hush"));
}

TEST(explain_carries_the_trace_of_the_slow_one)
{
    struct fixture fixture;
    struct span span;
    fixture_open(t, engine_sqlite, &fixture);
    CHECK_ERR(run_statements(fixture.db, &fixture.worker.ctx, tables), ERR_OK);
    struct db *db = open_slow(t, &fixture, 1);
    struct ctx *ctx = &fixture.worker.ctx;
    ctx->rand = t->ctx->rand;
    span_begin_root(ctx, &span, "work", NULL,
                    STR("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"));
    CHECK_ERR(db_read(db, ctx, look, NULL), ERR_OK);
    span_end(ctx, &span);
    db_tell_slow(db, ctx);
    CHECK_INT(times_told(t, "\"trace\":\"0af7651916cd43dd8448eb211c80319c\""), 2);
    db_close(db);
    fixture_close(&fixture);
}

TEST(explain_is_silent_where_nothing_is_slow)
{
    struct fixture fixture;
    fixture_open(t, engine_sqlite, &fixture);
    CHECK_ERR(run_statements(fixture.db, &fixture.worker.ctx, tables), ERR_OK);
    struct db *db = open_slow(t, &fixture, HOUR_US);
    CHECK_ERR(db_read(db, &fixture.worker.ctx, look, NULL), ERR_OK);
    db_tell_slow(db, &fixture.worker.ctx);
    db_close(db);
    CHECK(!told(t, "slow query"));
    fixture_close(&fixture);
}

/* Spans that ended, by name. */
struct keeper {
    struct tracer tracer;
    size_t count;
    const char *names[8];
    size_t fields[8];
};

static void keep(struct tracer *tracer, const struct span *span)
{
    struct keeper *keeper = (struct keeper *)tracer;
    if (keeper->count == 8)
        return;
    keeper->names[keeper->count] = span->name;
    keeper->fields[keeper->count++] = span->field_count;
}

TEST(explain_aside_each_query_is_a_span)
{
    struct fixture fixture;
    for (const struct engine *engine = engines; engine->name; engine++) {
        struct keeper keeper = {.tracer = {.ended = keep}};
        struct span span;
        fixture_open(t, engine, &fixture);
        struct ctx *ctx = &fixture.worker.ctx;
        CHECK_ERR(run_statements(fixture.db, ctx, tables), ERR_OK);
        ctx->rand = t->ctx->rand;
        span_begin_root(ctx, &span, "work", &keeper.tracer, STR(""));
        CHECK_ERR(db_read(fixture.db, ctx, look, NULL), ERR_OK);
        CHECK_ERR(db_write(fixture.db, ctx, change, NULL), ERR_OK);
        span_end(ctx, &span);
        static const char *const names[] = {"stock_find", "db.read", "stock_rename", "db.write",
                                            "work"};
        CHECK_INT(keeper.count, 5);
        for (size_t i = 0; i < keeper.count && i < 5; i++)
            CHECK_TEXT(keeper.names[i], names[i]);
        CHECK_INT(keeper.fields[3], 3); /* its wait, its commit, its batch */
        CHECK(ctx->db_us > 0);
        fixture_close(&fixture);
    }
}
