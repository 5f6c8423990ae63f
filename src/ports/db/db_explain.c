/* Asks the engine for the plan of a query. */
#include "base/log.h"
#include "ports/db/db_inside.h"
#include "ports/db/explain.h"

static const enum db_type sqlite_types[] = {DB_INT, DB_INT, DB_INT, DB_TEXT};
static const enum db_type postgres_types[] = {DB_TEXT};

static const char *const type_names[] = {
    [DB_INT] = "bigint", [DB_BOOL] = "boolean", [DB_REAL] = "double precision",
    [DB_TEXT] = "text",  [DB_BLOB] = "bytea",
};

struct explanation {
    const struct query *query;
    struct buf *plan;
};

/* What does not fit is left out. */
static enum err take_line(struct tx *tx, const struct db_value row[], void *into)
{
    struct explanation *explanation = into;
    struct buf *plan = explanation->plan;
    size_t before = plan->len;
    struct str line = row[tx->driver == &db_postgres ? 0 : 3].bytes;
    if (before)
        buf_addc(plan, '\n');
    buf_add(plan, line);
    if (buf_err(plan))
        buf_rewind(plan, before);
    return ERR_OK;
}

static enum err ask(struct tx *tx, struct explanation *explanation, struct buf *text)
{
    bool postgres = tx->driver == &db_postgres;
    buf_addc(text, '\0');
    if (buf_err(text))
        return err_fail(&tx->ctx->err, ERR_LIMIT, "The plan cannot be made.",
                        "%s is too long to be explained", explanation->query->name);
    const struct query *its = explanation->query;
    struct db_value nothing[QUERY_PARAMS_MAX];
    for (int i = 0; i < its->param_count; i++)
        nothing[i] = db_null(its->param_types[i]);
    const struct query query = {.name = "explain",
                                .sqlite = text->ptr,
                                .postgres = text->ptr,
                                .param_types = its->param_types,
                                .param_count = postgres ? 0 : its->param_count,
                                .column_types = postgres ? postgres_types : sqlite_types,
                                .column_count = postgres ? 1 : 4};
    return tx->driver->query(tx, &query, nothing, take_line, explanation);
}

static enum err explain_sqlite(struct tx *tx, struct explanation *explanation, struct buf *text)
{
    buf_addf(text, "EXPLAIN QUERY PLAN %s", explanation->query->sqlite);
    return ask(tx, explanation, text);
}

static void add_list(struct buf *text, const struct query *query, bool types)
{
    for (int i = 0; i < query->param_count; i++)
        buf_addf(text, "%s%s", i ? ", " : " (", types ? type_names[query->param_types[i]] : "NULL");
    if (query->param_count)
        buf_addc(text, ')');
}

/* A plan that is forced to be for any value is not the one for the NULLs that stand here. */
static enum err explain_postgres(struct tx *tx, struct explanation *explanation, struct buf *text)
{
    const struct query *query = explanation->query;
    buf_add(text, STR("SET LOCAL plan_cache_mode = force_generic_plan; PREPARE stoa_plan"));
    add_list(text, query, true);
    buf_addf(text, " AS %s", query->postgres);
    buf_addc(text, '\0');
    if (buf_err(text))
        return err_memory(&tx->ctx->err);
    TRY(tx->driver->script(tx, text->ptr));
    buf_clear(text);
    buf_add(text, STR("EXPLAIN EXECUTE stoa_plan"));
    add_list(text, query, false);
    return ask(tx, explanation, text);
}

static enum err explain(struct db *db, struct ctx *ctx, struct db_connection *connection,
                        struct explanation *explanation)
{
    struct tx tx = {.ctx = ctx, .connection = connection, .driver = db->driver};
    struct buf text;
    buf_init(&text, ctx->arena, EXPLAIN_QUERY_MAX);
    TRY(db->driver->begin(connection, ctx));
    enum err err = db->driver == &db_postgres ? explain_postgres(&tx, explanation, &text)
                                              : explain_sqlite(&tx, explanation, &text);
    db->driver->rollback(connection);
    return err;
}

/* The connection is of no further use: it remembers a query that is gone. */
enum err db_explain(struct db *db, struct ctx *ctx, const struct query *query, struct buf *plan)
{
    struct db_connection *connection;
    struct explanation explanation = {query, plan};
    TRY(db->driver->connect(db->engine, ctx, DB_READER, &connection));
    enum err err = explain(db, ctx, connection, &explanation);
    db->driver->disconnect(connection);
    return err;
}

void db_tell_slow(struct db *db, struct ctx *ctx)
{
    char bytes[EXPLAIN_PLAN_MAX];
    struct buf plan;
    struct span span = {.tracer = NULL}; /* so that the line is found by the trace */
    const struct query *query = db_slow_next(&db->slow, &span.trace);
    if (!query)
        return;
    buf_init_fixed(&plan, bytes, sizeof bytes);
    struct ctx its = *ctx;
    its.span = &span;
    if (db_explain(db, &its, query, &plan))
        log_failure(&its, "the plan of a slow query cannot be told");
    else
        log_warn(&its, "plan of a slow query", field_text("query", query->name),
                 field_str("plan", buf_str(&plan)));
}
