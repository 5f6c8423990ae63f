/* Checks queries by what their text says, then has SQLite prepare them on the empty tables. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls.h"

static _Noreturn void fail(const struct call *call, const char *advice)
{
    source_fail_at(call->source, call->line, STR_FMT " %s", STR_ARG(call->name), advice);
}

/* The last words of a many are LIMIT and how many. */
static void check_many(const struct call *call)
{
    const struct sql *sql = &call->sql;
    const struct sql_token *limit = sql_at(sql, sql->count - 2);
    int64_t number;
    bool is_last = sql_is(sql, sql->count - 3, "limit") && !limit->part && !limit->depth;
    bool ordered = false;
    for (size_t i = 0; i + 1 < sql->count; i++)
        ordered |= sql_is(sql, i, "order") && !sql->list[i].depth && !sql->list[i].part;
    if (!is_last || (limit->kind != SQL_NUMBER && limit->kind != SQL_PARAMETER))
        fail(call, "has no limit; let it end in LIMIT :limit or in LIMIT and a number");
    if (limit->kind == SQL_NUMBER && str_to_int(limit->text, 1, QUERY_ROWS_MAX, &number))
        source_fail_at(call->source, limit->line, "a limit is a number from 1 to %d",
                       QUERY_ROWS_MAX);
    if (!ordered)
        fail(call, "has no order; say by ORDER BY which rows come first");
}

static void check_text(const struct shape *shape, const struct call *call)
{
    if (call->kind == CALL_MANY)
        check_many(call);
    if (call->kind == CALL_EXEC && call->out_count)
        fail(call, "gives no rows; take -- out away, or make it one or many");
    if (call->kind != CALL_EXEC && !call->out_count)
        fail(call, "does not say what it gives; add -- out with names and kinds");
    calls_check_types(shape, call);
}

static bool is_cte(const struct sql *sql, struct str name)
{
    for (size_t i = 0; i + 2 < sql->count; i++)
        if (str_equal_nocase(sql->list[i].text, name) && sql_is(sql, i + 1, "as") &&
            sql_is(sql, i + 2, "("))
            return true;
    return false;
}

/* What SQLite asks while it prepares: whether the statement may do this. */
struct gate {
    const struct shape *shape;
    const struct call *call;
};

static _Noreturn void refuse(const struct gate *gate, struct str table)
{
    source_fail_at(gate->call->source, gate->call->line,
                   STR_FMT " asks for " STR_FMT ", which is no table of " STR_FMT
                           "; ask the room whose table it is",
                   STR_ARG(gate->call->name), STR_ARG(table), STR_ARG(gate->shape->room));
}

/* SQLite also asks for tables of its own, on its way to what the statement names. */
static bool is_named(const struct sql *sql, struct str table)
{
    for (size_t i = 0; i < sql->count; i++)
        if (str_equal_nocase(sql->list[i].text, table) ||
            (str_equal(table, STR("sqlite_master")) &&
             str_starts(sql->list[i].text, STR("sqlite_"))))
            return true;
    return false;
}

static int authorize(void *arg, int action, const char *first, const char *second,
                     const char *database, const char *trigger)
{
    const struct gate *gate = arg;
    struct str table = str_from(first);
    (void)second, (void)database, (void)trigger;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_READ:
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
        if (!shape_find_table(gate->shape, table) && !is_cte(&gate->call->sql, table) &&
            is_named(&gate->call->sql, table))
            refuse(gate, table);
        /* DELETE without WHERE has no plan, but for an answer that is neither yes nor no. */
        return action == SQLITE_DELETE ? SQLITE_IGNORE : SQLITE_OK;
    default:
        return SQLITE_DENY;
    }
}

static void sqlite_must(sqlite3 *db, int failed)
{
    if (!failed)
        return;
    fprintf(stderr, "gen_sql: %s\n", sqlite3_errmsg(db));
    exit(1);
}

static sqlite3 *open_tables(const struct shape *shape)
{
    struct buf ddl;
    sqlite3 *db = NULL;
    buf_init(&ddl, shape->arena, TOOL_OUTPUT_MAX);
    buf_add(&ddl, STR("PRAGMA foreign_keys = ON; PRAGMA automatic_index = OFF;\n"));
    for (size_t i = 0; i < shape->count; i++)
        shape_add_table(&ddl, &shape->tables[i], SQL_SQLITE);
    buf_addc(&ddl, '\0');
    sqlite_must(db, sqlite3_open(":memory:", &db));
    sqlite_must(db, sqlite3_exec(db, ddl.ptr, NULL, NULL, NULL));
    return db;
}

void calls_check(struct calls *calls)
{
    sqlite3 *db = open_tables(calls->shape);
    for (size_t i = 0; i < calls->count; i++) {
        struct gate gate = {calls->shape, &calls->list[i]};
        check_text(calls->shape, &calls->list[i]);
        if (calls->list[i].far)
            continue; /* SQLite cannot read it; the cross-check on a real server does */
        sqlite_must(db, sqlite3_set_authorizer(db, authorize, &gate));
        calls_check_statements(calls, db, &calls->list[i]);
        sqlite_must(db, sqlite3_set_authorizer(db, NULL, NULL));
    }
    sqlite3_close(db);
}
