/* Has SQLite prepare each combination of a query's parts: columns, plan, what empty tables give. */
#include <sqlite3.h>
#include <stdio.h>

#include "calls.h"

struct trial {
    struct calls *calls;
    sqlite3 *db;
    const struct call *call;
    unsigned parts;
    struct call_text text;
    sqlite3_stmt *statement;
};

static _Noreturn void fail(const struct trial *trial, const char *advice)
{
    source_fail_at(trial->call->source, trial->call->line, STR_FMT " %s",
                   STR_ARG(trial->call->name), advice);
}

/* SQLite says at which byte; the token that stands there has a line. */
static _Noreturn void fail_at_token(const struct trial *trial)
{
    const struct sql *sql = &trial->call->sql;
    int offset = sqlite3_error_offset(trial->db), line = sql_at(sql, 0)->line;
    for (size_t i = 0; i < sql->count; i++)
        if (offset >= 0 && trial->text.starts[i] <= (size_t)offset)
            line = sql->list[i].line;
    source_fail_at(trial->call->source, line, "%s; tables.tbl says what there is",
                   sqlite3_errmsg(trial->db));
}

static sqlite3_stmt *prepare(const struct trial *trial, const char *text)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(trial->db, text, -1, &statement, NULL))
        fail_at_token(trial);
    return statement;
}

/* A column of a table that stands behind LEFT JOIN may be null whatever the table says. */
enum joined { JOINED_INNER, JOINED_OUTER, JOINED_BOTH };

static enum joined find_joined(const struct sql *sql, struct str table)
{
    bool inner = false, outer = false;
    for (size_t i = 0; i < sql->count; i++) {
        size_t left = sql_is(sql, i - 2, "outer") ? i - 3 : i - 2;
        bool is_left = sql_is(sql, i - 1, "join") && sql_is(sql, left, "left");
        if (is_left && sql_is(sql, i, "("))
            return JOINED_BOTH;
        if (!str_equal_nocase(sql->list[i].text, table))
            continue;
        outer |= is_left;
        inner |= !is_left && (sql_is(sql, i - 1, "join") || sql_is(sql, i - 1, "from") ||
                              sql_is(sql, i - 1, ","));
    }
    return outer && inner ? JOINED_BOTH : outer ? JOINED_OUTER : JOINED_INNER;
}

/* A result that is a table's column is of its kind, and may be null as it may. */
static void check_origin(const struct trial *trial, const struct call_value *out,
                         const struct shape_column *column, enum joined joined)
{
    const struct source *source = trial->call->source;
    bool may = column->null || joined == JOINED_OUTER;
    if (out->kind != column->kind)
        source_fail_at(source, out->line, STR_FMT " is declared %s, but is %s in its table",
                       STR_ARG(out->name), out->kind->word, column->kind->word);
    if (joined == JOINED_BOTH || out->null == may || sql_has(&trial->call->sql, "union"))
        return;
    source_fail_at(source, out->line,
                   may ? STR_FMT " may be null; declare it with a ?"
                       : STR_FMT " is never null; take the ? away",
                   STR_ARG(out->name));
}

static void check_column(const struct trial *trial, int i)
{
    const struct call_value *out = &trial->call->outs[i];
    struct str name = str_from(sqlite3_column_name(trial->statement, i));
    struct str table = str_from(sqlite3_column_table_name(trial->statement, i));
    struct str origin = str_from(sqlite3_column_origin_name(trial->statement, i));
    if (!str_equal(name, out->name))
        source_fail_at(trial->call->source, out->line,
                       "column %d is called \"" STR_FMT "\" by the statement and \"" STR_FMT
                       "\" here; order them alike, or write AS " STR_FMT,
                       i + 1, STR_ARG(name), STR_ARG(out->name), STR_ARG(out->name));
    const struct shape_table *of = shape_find_table(trial->calls->shape, table);
    const struct shape_column *column = of ? shape_find_column(of, origin) : NULL;
    if (column)
        check_origin(trial, out, column, find_joined(&trial->call->sql, table));
}

static void check_columns(const struct trial *trial)
{
    const struct call *call = trial->call;
    int count = sqlite3_column_count(trial->statement);
    bool reads = sqlite3_stmt_readonly(trial->statement);
    if (call->kind == CALL_EXEC && reads)
        fail(trial, "changes nothing; make it one or many");
    if (call->kind != CALL_EXEC && !reads)
        fail(trial, "changes something; make it exec, and read by another query");
    if (count != (int)call->out_count)
        source_fail_at(call->source, call->line,
                       STR_FMT " gives %d columns, but -- out names %zu; name each",
                       STR_ARG(call->name), count, call->out_count);
    for (int i = 0; i < count; i++)
        check_column(trial, i);
}

/* SCAN x USING INDEX y that the limit ends: nothing is filtered, sorted or gathered. */
static bool is_page(const struct trial *trial, struct str plan)
{
    const struct sql *sql = &trial->call->sql;
    static const char *const gathers[] = {"group", "distinct", "union", "having"};
    if (trial->call->kind != CALL_MANY || str_find(plan, STR("SCAN")) != 0 ||
        str_find(plan, STR("USING")) == STR_NONE || str_find(plan, STR("TEMP B-TREE")) != STR_NONE)
        return false;
    for (size_t i = 0; i < sizeof gathers / sizeof *gathers; i++)
        if (sql_has(sql, gathers[i]))
            return false;
    for (size_t i = 0; i < sql->count; i++) {
        const struct sql_token *token = &sql->list[i];
        bool shown = !token->part || (trial->parts >> (token->part - 1) & 1);
        if (shown && (sql_is(sql, i, "and") || sql_is(sql, i, "or")))
            return false;
        if (sql_is(sql, i, "where") && !sql_is(sql, i + 1, "true"))
            return false;
    }
    return true;
}

/* A line of the plan that reads a table from its beginning to its end. */
static bool is_scan(struct str line, struct str plan, struct arena *arena)
{
    struct str rest = line, name;
    if (str_find(line, STR("USING AUTOMATIC")) != STR_NONE)
        return true;
    if (!str_equal(source_take_word(&rest), STR("SCAN")) ||
        str_find(line, STR("CONSTANT ROW")) != STR_NONE)
        return false;
    name = source_take_word(&rest);
    if (str_starts(name, STR("(")))
        return false;
    static const char *const made[] = {"MATERIALIZE", "CO-ROUTINE"};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        const char *says = tool_text(arena, "%s " STR_FMT "\n", made[i], STR_ARG(name));
        if (str_find(plan, str_from(says)) != STR_NONE)
            return false;
    }
    return true;
}

static struct str read_plan(const struct trial *trial)
{
    struct buf plan;
    const char *text = tool_text(trial->calls->arena, "EXPLAIN QUERY PLAN " STR_FMT,
                                 STR_ARG(trial->text.text));
    buf_init(&plan, trial->calls->arena, TOOL_OUTPUT_MAX);
    sqlite3_stmt *statement = prepare(trial, text);
    while (sqlite3_step(statement) == SQLITE_ROW)
        buf_addf(&plan, "%s\n", (const char *)sqlite3_column_text(statement, 3));
    sqlite3_finalize(statement);
    return buf_str(&plan);
}

/* True where a table is read whole. */
static bool check_plan(const struct trial *trial)
{
    struct str plan = read_plan(trial), rest = plan, line;
    bool scans = false;
    while (str_cut(&rest, '\n', &line)) {
        if (!is_scan(line, plan, trial->calls->arena))
            continue;
        scans = !is_page(trial, plan);
        if (scans && !trial->call->scan.len)
            source_fail_at(trial->call->source, trial->call->line,
                           STR_FMT " reads a whole table (" STR_FMT
                                   "); add an index to tables.tbl, or say why: -- scan: …",
                           STR_ARG(trial->call->name), STR_ARG(line));
    }
    return scans;
}

static void bind_sample(const struct trial *trial, const struct call_value *in, int number)
{
    sqlite3_stmt *statement = trial->statement;
    struct str json = STR("{}");
    if (in->null)
        return;
    if (in->kind->travels == DB_INT || in->kind->travels == DB_BOOL)
        sqlite3_bind_int64(statement, number, 1);
    else if (in->kind->travels == DB_REAL)
        sqlite3_bind_double(statement, number, 1);
    else
        sqlite3_bind_text(statement, number, json.ptr, (int)json.len, SQLITE_STATIC);
}

/* An expression has no table to ask, but a sum over nothing shows its type, and if it is null. */
static void check_result(const struct trial *trial, int i)
{
    static const int stored[] = {[DB_INT] = SQLITE_INTEGER,
                                 [DB_BOOL] = SQLITE_INTEGER,
                                 [DB_REAL] = SQLITE_FLOAT,
                                 [DB_TEXT] = SQLITE_TEXT,
                                 [DB_BLOB] = SQLITE_BLOB};
    const struct call_value *out = &trial->call->outs[i];
    int type = sqlite3_column_type(trial->statement, i);
    if (type == SQLITE_NULL && !out->null)
        source_fail_at(trial->call->source, out->line,
                       STR_FMT " is null where there are no rows; declare it with a ?, or write "
                               "COALESCE",
                       STR_ARG(out->name));
    if (type != SQLITE_NULL && type != stored[out->kind->travels])
        source_fail_at(trial->call->source, out->line, STR_FMT " is declared %s, but is not",
                       STR_ARG(out->name), out->kind->word);
}

static void check_empty(const struct trial *trial)
{
    int number = 0;
    for (size_t i = 0; i < trial->call->in_count; i++)
        if (call_uses(&trial->call->ins[i], trial->parts))
            bind_sample(trial, &trial->call->ins[i], ++number);
    if (sqlite3_step(trial->statement) == SQLITE_ROW)
        for (int i = 0; i < (int)trial->call->out_count; i++)
            check_result(trial, i);
}

void calls_check_statements(struct calls *calls, struct sqlite3 *db, const struct call *call)
{
    struct trial trial = {.calls = calls, .db = db, .call = call};
    bool scans = false;
    for (; trial.parts < 1u << call->sql.part_count; trial.parts++) {
        trial.text = call_render(calls->arena, call, SQL_SQLITE, trial.parts);
        trial.statement = prepare(&trial, trial.text.text.ptr);
        check_columns(&trial);
        scans |= check_plan(&trial);
        if (call->kind != CALL_EXEC)
            check_empty(&trial);
        sqlite3_finalize(trial.statement);
    }
    if (call->scan.len && !scans)
        fail(&trial, "reads no whole table; take -- scan: away");
}
