/* Statements on SQLite: values in, rows out, changes, and scripts. */
#include <inttypes.h>

#include "base/assert.h"
#include "base/log.h"
#include "ports/db/sqlite_inside.h"

static int bind(sqlite3_stmt *statement, int place, const struct db_value *value)
{
    static const char nothing[1] = "";
    const char *bytes = value->bytes.ptr ? value->bytes.ptr : nothing;
    if (value->null)
        return sqlite3_bind_null(statement, place);
    switch (value->type) {
    case DB_INT:
    case DB_BOOL:
        return sqlite3_bind_int64(statement, place, value->number);
    case DB_REAL:
        return sqlite3_bind_double(statement, place, value->real);
    case DB_TEXT:
        return sqlite3_bind_text64(statement, place, bytes, value->bytes.len, SQLITE_STATIC,
                                   SQLITE_UTF8);
    case DB_BLOB:
        return sqlite3_bind_blob64(statement, place, bytes, value->bytes.len, SQLITE_STATIC);
    }
    ASSERT_UNREACHABLE("a switch over every kind");
}

static enum err bind_all(struct tx *tx, sqlite3_stmt *statement, const struct query *query,
                         const struct db_value args[])
{
    for (int i = 0; i < query->param_count; i++)
        if (bind(statement, i + 1, &args[i]) != SQLITE_OK)
            return sqlite_fail(tx->connection, tx->ctx, query->name);
    return ERR_OK;
}

/* What SQLite may hand out for a column of each kind: a sum of whole reals is stored as an int. */
static bool is_of(enum db_type type, int stored)
{
    switch (type) {
    case DB_INT:
    case DB_BOOL:
        return stored == SQLITE_INTEGER;
    case DB_REAL:
        return stored == SQLITE_FLOAT || stored == SQLITE_INTEGER;
    case DB_TEXT:
        return stored == SQLITE_TEXT;
    case DB_BLOB:
        return stored == SQLITE_BLOB;
    }
    ASSERT_UNREACHABLE("a switch over every kind");
}

/* Text is taken as a blob: as such it needs no NUL behind it, and so no copy. */
static enum err read_value(struct tx *tx, const struct query *query, sqlite3_stmt *statement,
                           int column, struct db_value *value)
{
    sqlite3_value *from = sqlite3_column_value(statement, column); /* this thread's alone */
    int stored = sqlite3_value_type(from);
    *value = (struct db_value){.type = query->column_types[column], .null = stored == SQLITE_NULL};
    if (value->null)
        return ERR_OK;
    if (!is_of(value->type, stored))
        return err_fail(&tx->ctx->err, ERR_INTERNAL, "Something went wrong on our side.",
                        "column %d of %s is not of the declared kind", column + 1, query->name);
    if (value->type == DB_REAL)
        value->real = sqlite3_value_double(from);
    else if (value->type == DB_TEXT || value->type == DB_BLOB)
        value->bytes = str_make(sqlite3_value_blob(from), (size_t)sqlite3_value_bytes(from));
    else
        value->number = sqlite3_value_int64(from);
    return ERR_OK;
}

static enum err read_row(struct tx *tx, const struct query *query, sqlite3_stmt *statement,
                         tx_row_fn *row, void *into)
{
    struct db_value values[QUERY_COLUMNS_MAX];
    for (int i = 0; i < query->column_count; i++)
        TRY(read_value(tx, query, statement, i, &values[i]));
    return row ? row(tx, values, into) : ERR_OK;
}

static int step(struct tx *tx, sqlite3_stmt *statement)
{
    tx->connection->ctx = tx->ctx;
    int result = sqlite3_step(statement);
    tx->connection->ctx = NULL;
    return result;
}

/* SQLite's json_valid says no as well where memory ran out: a rule is broken that is broken twice.
 * It fails before the first row, and what the statement did until then is undone. */
static int step_surely(struct tx *tx, sqlite3_stmt *statement)
{
    int result = step(tx, statement);
    if (result != SQLITE_CONSTRAINT_CHECK)
        return result;
    sqlite3_reset(statement);
    return step(tx, statement);
}

static enum err step_all(struct tx *tx, const struct query *query, sqlite3_stmt *statement,
                         tx_row_fn *row, void *into)
{
    for (;;) { /* as many as the statement's own LIMIT allows, until the deadline */
        int result = step_surely(tx, statement);
        if (result == SQLITE_DONE)
            return ERR_OK;
        if (result != SQLITE_ROW)
            return sqlite_fail(tx->connection, tx->ctx, query->name);
        TRY(read_row(tx, query, statement, row, into));
    }
}

static enum err run(struct tx *tx, const struct query *query, const struct db_value args[],
                    tx_row_fn *row, void *into)
{
    sqlite3_stmt *statement;
    TRY(sqlite_cache_take(tx->connection, tx->ctx, query, &statement));
    ASSERT(!row || sqlite3_column_count(statement) == query->column_count);
    enum err err = bind_all(tx, statement, query, args);
    if (!err)
        err = step_all(tx, query, statement, row, into);
    sqlite_cache_give(&tx->connection->cache, query, statement);
    return err;
}

enum err sqlite_query(struct tx *tx, const struct query *query, const struct db_value args[],
                      tx_row_fn *row, void *into)
{
    return run(tx, query, args, row, into);
}

enum err sqlite_exec(struct tx *tx, const struct query *query, const struct db_value args[],
                     int64_t *changed)
{
    TRY(run(tx, query, args, NULL, NULL));
    if (changed)
        *changed = sqlite3_changes64(tx->connection->handle);
    return ERR_OK;
}

enum err sqlite_script(struct tx *tx, const char *text)
{
    struct db_connection *connection = tx->connection;
    connection->scripted = true;
    connection->ctx = tx->ctx;
    int result = sqlite3_exec(connection->handle, text, NULL, NULL, NULL);
    connection->ctx = NULL;
    return result == SQLITE_OK ? ERR_OK : sqlite_fail(connection, tx->ctx, "a script");
}

static const enum db_type describe_in[] = {DB_TEXT};
static const enum db_type describe_out[] = {DB_TEXT, DB_TEXT, DB_BOOL, DB_BOOL};
static const struct query describe = {
    .name = "describe",
    .sqlite = "SELECT name, type, NOT \"notnull\" AND pk = 0, pk > 0 FROM pragma_table_info(?1) "
              "ORDER BY cid",
    .param_types = describe_in,
    .param_count = 1,
    .column_types = describe_out,
    .column_count = 4,
};

enum err sqlite_describe(struct tx *tx, const char *table, tx_row_fn *row, void *into)
{
    return run(tx, &describe, (struct db_value[]){db_text(str_from(table))}, row, into);
}
