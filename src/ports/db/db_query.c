/* A statement on its way to the engine: checked, measured, and traced by its name. */
#include <math.h>

#include "base/assert.h"
#include "base/span.h"
#include "ports/db/db_slow.h"
#include "ports/db/driver.h"

/* What one engine would take and another refuse is refused by both. */
static enum err check_value(struct tx *tx, const struct db_value *value)
{
    if (value->null)
        return ERR_OK;
    if (value->type == DB_TEXT &&
        (str_find_char(value->bytes, '\0') != STR_NONE || !str_is_utf8(value->bytes)))
        return err_input(&tx->ctx->err, "", "A text must be UTF-8 without a NUL.");
    if (value->type == DB_REAL && isnan(value->real))
        return err_input(&tx->ctx->err, "", "A number must be one.");
    return ERR_OK;
}

static enum err check(struct tx *tx, const struct query *query, const struct db_value args[])
{
    TRY(ctx_check_deadline(tx->ctx));
    for (int i = 0; i < query->param_count; i++) {
        ASSERT(args[i].type == query->param_types[i]);
        TRY(check_value(tx, &args[i]));
    }
    return ERR_OK;
}

/* A statement under way. The clock is read where somebody wants to know. */
struct running {
    struct tx *tx;
    const struct query *query;
    struct span span;
    int64_t begun_us, rows;
    bool traced;
};

static void begin(struct running *running, struct tx *tx, const struct query *query)
{
    running->tx = tx;
    running->query = query;
    running->rows = 0;
    running->traced = tx->ctx->span && tx->ctx->span->tracer;
    running->begun_us = tx->slow ? clock_tick_us(tx->ctx->clock) : 0;
    if (!running->traced)
        return;
    span_begin(tx->ctx, &running->span, query->name);
    span_set(&running->span, field_text("db.system.name", tx->driver->scheme));
}

static enum err end(struct running *running, enum err err)
{
    struct tx *tx = running->tx;
    if (running->traced) {
        span_set(&running->span, field_int("rows", running->rows));
        span_fail(&running->span, err);
        span_end(tx->ctx, &running->span);
    }
    int64_t took_us = tx->slow ? clock_tick_us(tx->ctx->clock) - running->begun_us : 0;
    if (tx->slow && took_us >= tx->slow->limit_us)
        db_slow_note(tx->slow, tx->ctx, running->query, took_us, running->rows);
    return err;
}

/* Counts the rows on their way. */
struct rows {
    tx_row_fn *row;
    void *into;
    int64_t count;
};

static enum err take_row(struct tx *tx, const struct db_value row[], void *into)
{
    struct rows *rows = into;
    rows->count++;
    return rows->row ? rows->row(tx, row, rows->into) : ERR_OK;
}

enum err tx_query(struct tx *tx, const struct query *query, const struct db_value args[],
                  tx_row_fn *row, void *into)
{
    struct running running;
    struct rows rows = {row, into, 0};
    ASSERT(tx->writes || !query->writes);
    TRY(check(tx, query, args));
    begin(&running, tx, query);
    enum err err = tx->driver->query(tx, query, args, take_row, &rows);
    running.rows = rows.count;
    return end(&running, err);
}

enum err tx_query_later(struct tx *tx, const struct query *query, const struct db_value args[],
                        tx_row_fn *row, void *into)
{
    struct running running;
    ASSERT(tx->writes && tx->driver->query_later);
    TRY(check(tx, query, args));
    begin(&running, tx, query);
    return end(&running, tx->driver->query_later(tx, query, args, row, into));
}

enum err tx_await(struct tx *tx)
{
    ASSERT(tx->driver->await);
    return tx->driver->await(tx);
}

enum err tx_exec(struct tx *tx, const struct query *query, const struct db_value args[],
                 int64_t *changed)
{
    struct running running;
    ASSERT(tx->writes);
    TRY(check(tx, query, args));
    begin(&running, tx, query);
    enum err err = tx->driver->exec(tx, query, args, changed);
    running.rows = !err && changed ? *changed : 0;
    return end(&running, err);
}
