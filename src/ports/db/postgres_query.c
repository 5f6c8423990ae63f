/* Queries, changes and scripts within a transaction. */
#include "base/assert.h"
#include "ports/db/postgres_inside.h"

static const struct query save = {.name = "savepoint", .postgres = "SAVEPOINT fn"};

/* A savepoint is made before a fn's first change: what only looks has nothing to undo. */
enum err postgres_enter(struct db_connection *connection, struct ctx *ctx, bool writes)
{
    ASSERT(connection->state != POSTGRES_IDLE);
    if (connection->state == POSTGRES_FAILED)
        return err_fail(&ctx->err, ERR_INTERNAL, "Something went wrong on our side.",
                        "a statement after one that failed; its error was not passed up");
    if (connection->state == POSTGRES_LOST)
        return err_fail(&ctx->err, ERR_BUSY, "The database is busy. Please try again.",
                        "the transaction was lost");
    postgres_heed(connection, ctx);
    if (connection->saved || !connection->in_fn || !(writes || connection->careful))
        return ERR_OK;
    TRY(postgres_send(connection, ctx, &save, NULL));
    connection->saved = true;
    return ERR_OK;
}

enum err postgres_query(struct tx *tx, const struct query *query, const struct db_value args[],
                        tx_row_fn *row, void *into)
{
    PGresult *result = NULL;
    TRY(postgres_enter(tx->connection, tx->ctx, query->writes));
    TRY(postgres_ask(tx->connection, tx->ctx, query, args, &result));
    enum err err = postgres_read_rows(tx, query, result, row, into);
    PQclear(result);
    return err;
}

/* Its failure spoils the batch in any case, and so it needs no savepoint. */
enum err postgres_query_later(struct tx *tx, const struct query *query,
                              const struct db_value args[], tx_row_fn *row, void *into)
{
    struct db_connection *connection = tx->connection;
    if (connection->careful || connection->later_count == POSTGRES_LATER_MAX)
        return postgres_query(tx, query, args, row, into);
    TRY(postgres_enter(connection, tx->ctx, false));
    TRY(postgres_send(connection, tx->ctx, query, args));
    connection->bare |= query->writes && !connection->saved;
    connection->later[connection->later_count++] = (struct postgres_later){
        connection->count - 1, tx->ctx, query, row, into};
    return ERR_OK;
}

enum err postgres_await(struct tx *tx)
{
    return postgres_wait_all(tx->connection, tx->ctx);
}

enum err postgres_exec(struct tx *tx, const struct query *query, const struct db_value args[],
                       int64_t *changed)
{
    PGresult *result = NULL;
    TRY(postgres_enter(tx->connection, tx->ctx, query->writes));
    if (!changed && !tx->connection->careful)
        return postgres_send(tx->connection, tx->ctx, query, args);
    TRY(postgres_ask(tx->connection, tx->ctx, query, args, &result));
    enum err err = ERR_OK;
    if (changed && str_to_int(str_from(PQcmdTuples(result)), 0, INT64_MAX, changed))
        err = err_fail(&tx->ctx->err, ERR_INTERNAL, "Something went wrong on our side.",
                       "%s does not say how many rows it changed", query->name);
    PQclear(result);
    return err;
}

/* A script that failed, or ended the transaction, leaves libpq knowing so. */
enum err postgres_script(struct tx *tx, const char *text)
{
    struct db_connection *connection = tx->connection;
    TRY(postgres_enter(connection, tx->ctx, true));
    postgres_expect(connection, POSTGRES_SCRIPT_MS);
    enum err err = postgres_run(connection, tx->ctx, text);
    if (connection->state != POSTGRES_OPEN)
        return err;
    PGTransactionStatusType status = PQtransactionStatus(connection->pq);
    if (status != PQTRANS_INTRANS)
        connection->state = status == PQTRANS_INERROR && connection->saved ? POSTGRES_FAILED
                                                                           : POSTGRES_LOST;
    return err;
}

static const enum db_type describe_in[] = {DB_TEXT};
static const enum db_type describe_out[] = {DB_TEXT, DB_TEXT, DB_BOOL, DB_BOOL};
static const struct query describe = {
    .name = "describe",
    .postgres = "SELECT a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,"
                " EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary"
                " AND a.attnum = ANY (i.indkey))"
                " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
                " WHERE c.relname = $1 AND c.relkind IN ('r', 'p') AND pg_table_is_visible(c.oid)"
                " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
    .param_types = describe_in,
    .param_count = 1,
    .column_types = describe_out,
    .column_count = 4,
};

enum err postgres_describe(struct tx *tx, const char *table, tx_row_fn *row, void *into)
{
    return postgres_query(tx, &describe, (struct db_value[]){db_text(str_from(table))}, row, into);
}
