/* Holds parameters against the columns that they are compared with or written into. SQLite does not
 * know what type a parameter is of, so this is read off the text: x = :x, (x, y) < (:x, :y),
 * SET x = :x, INSERT INTO t (x) VALUES (:x), LIMIT :n. What it cannot see, the cross-check on a
 * real server does. */
#include "calls.h"

/* How a parameter meets a column. */
enum meeting { MEETS_COMPARED, MEETS_WRITTEN };

struct place {
    const struct shape *shape;
    const struct call *call;
    const struct sql *sql;
};

/* The column of that name in the tables of the statement; NULL where that is not one kind. */
static const struct shape_column *find_column(const struct place *place, size_t at)
{
    const struct sql_token *token = sql_at(place->sql, at);
    const struct shape_column *found = NULL;
    if (token->kind != SQL_WORD)
        return NULL;
    for (size_t i = 0; i < place->shape->count; i++) {
        const struct shape_table *table = &place->shape->tables[i];
        const struct shape_column *column = shape_find_column(table, token->text);
        bool mentioned = sql_has(place->sql,
                                 tool_text(place->shape->arena, STR_FMT, STR_ARG(table->name)));
        if (!column || !mentioned)
            continue;
        if (found && (found->kind != column->kind || found->null != column->null))
            return NULL;
        found = column;
    }
    return found;
}

static bool is_comparison(const struct sql *sql, size_t i)
{
    static const char *const signs[] = {"=", "<>", "<", ">", "<=", ">="};
    for (size_t k = 0; k < sizeof signs / sizeof *signs; k++)
        if (sql_is(sql, i, signs[k]))
            return true;
    return false;
}

/* A value that is counted with is not the column's any more. */
static bool is_counted(const struct sql *sql, size_t i)
{
    static const char *const signs[] = {"+", "-", "*", "/", "%", "||", "->", "->>"};
    for (size_t k = 0; k < sizeof signs / sizeof *signs; k++)
        if (sql_is(sql, i, signs[k]))
            return true;
    return false;
}

static void check_pair(const struct place *place, size_t parameter, size_t column_at,
                       enum meeting meeting)
{
    const struct sql_token *token = sql_at(place->sql, parameter);
    const struct shape_column *column = find_column(place, column_at);
    if (token->kind != SQL_PARAMETER || !column)
        return;
    const struct call_value *in = &place->call->ins[call_find_in(place->call, token->text)];
    const struct source *source = place->call->source;
    if (in->kind != column->kind)
        source_fail_at(
            source, token->line, ":" STR_FMT " is %s, but " STR_FMT " is %s; declare it so",
            STR_ARG(in->name), in->kind->word, STR_ARG(column->name), column->kind->word);
    if (in->null && !column->null && meeting == MEETS_WRITTEN && !token->part)
        source_fail_at(source, token->line,
                       ":" STR_FMT " may be null, but " STR_FMT " may not; take the ? away",
                       STR_ARG(in->name), STR_ARG(column->name));
    if (in->null && meeting == MEETS_COMPARED && !token->part)
        source_fail_at(source, token->line,
                       "nothing equals null; put the comparison with :" STR_FMT
                       " into [[ … ]], or write IS NOT DISTINCT FROM",
                       STR_ARG(in->name));
}

/* The parameter and the column at the ends of "x = :x" or ":x = x", whole operands both. */
static void check_comparison(const struct place *place, size_t sign, enum meeting meeting)
{
    const struct sql *sql = place->sql;
    size_t right_end = sql_is(sql, sign + 2, ".") ? sign + 3 : sign + 1;
    size_t left_begin = sql_is(sql, sign - 2, ".") ? sign - 3 : sign - 1;
    if (is_counted(sql, right_end + 1) || is_counted(sql, left_begin - 1))
        return;
    check_pair(place, sign + 1, sign - 1, meeting);
    check_pair(place, sign - 1, right_end, meeting);
}

/* Steps over "a" or "t.a" and the comma behind it; false where it is anything else. */
static bool next_single(const struct sql *sql, size_t *at, size_t *single)
{
    *single = sql_is(sql, *at + 1, ".") ? *at + 2 : *at;
    *at = *single + 1;
    if (sql_is(sql, *at, ")"))
        return true;
    return sql_is(sql, (*at)++, ",");
}

static size_t opening(const struct sql *sql, size_t close)
{
    size_t i = close;
    while (i > 0 && !(sql_is(sql, i, "(") && sql_at(sql, i)->depth == sql_at(sql, close)->depth))
        i--;
    return i;
}

/* Two lists in parentheses, one of columns. */
static void check_lists(const struct place *place, size_t columns, size_t values,
                        enum meeting meeting)
{
    const struct sql *sql = place->sql;
    size_t a = columns + 1, b = values + 1, column, value;
    int depth = sql_at(sql, values)->depth;
    while (!sql_is(sql, a, ")") && next_single(sql, &a, &column)) {
        value = b;
        while (b < sql->count && !(sql_at(sql, b)->depth == depth + 1 && sql_is(sql, b, ",")) &&
               !(sql_at(sql, b)->depth == depth && sql_is(sql, b, ")")))
            b++;
        if (b == value + 1)
            check_pair(place, value, column, meeting);
        if (!sql_is(sql, b, ","))
            return;
        b++;
    }
}

/* INSERT INTO t (a, b) VALUES (:a, :b): the columns' count is SQLite's to check. */
static void check_insert(const struct place *place, size_t values)
{
    const struct sql *sql = place->sql;
    if (sql_is(sql, values - 1, ")") && sql_is(sql, values + 1, "("))
        check_lists(place, opening(sql, values - 1), values + 1, MEETS_WRITTEN);
}

static void check_limit(const struct place *place, size_t limit)
{
    const struct sql_token *token = sql_at(place->sql, limit + 1);
    if (token->kind != SQL_PARAMETER)
        return;
    const struct call_value *in = &place->call->ins[call_find_in(place->call, token->text)];
    if (in->kind->travels != DB_INT || in->null)
        source_fail_at(place->call->source, token->line, ":" STR_FMT " is a limit; declare it int",
                       STR_ARG(in->name));
}

/* SQLite puts nulls before all else, PostgreSQL behind. */
static void check_order(const struct place *place, size_t by)
{
    const struct sql *sql = place->sql;
    for (size_t i = by + 1; i < sql->count && !sql_is(sql, i, "limit"); i++) {
        const struct shape_column *column = find_column(place, i);
        size_t next = i + 1 + (sql_is(sql, i + 1, "asc") || sql_is(sql, i + 1, "desc"));
        bool ends = sql_is(sql, next, ",") || sql_is(sql, next, "limit") ||
                    sql_is(sql, next, ")") || sql_is(sql, next, ";");
        if (column && column->null && ends)
            source_fail_at(place->call->source, sql_at(sql, i)->line,
                           STR_FMT " may be null; say NULLS FIRST or NULLS LAST behind it",
                           STR_ARG(column->name));
    }
}

void calls_check_types(const struct shape *shape, const struct call *call)
{
    const struct sql *sql = &call->sql;
    struct place place = {shape, call, sql};
    const struct sql_token *set = NULL; /* from it to WHERE, an = writes */
    for (size_t i = 0; i < sql->count; i++) {
        if (sql_is(sql, i, "set"))
            set = sql_at(sql, i);
        else if (set && sql_at(sql, i)->depth == set->depth &&
                 (sql_is(sql, i, "where") || sql_is(sql, i, "from")))
            set = NULL;
        if (sql_is(sql, i, "values"))
            check_insert(&place, i);
        else if (sql_is(sql, i, "limit"))
            check_limit(&place, i);
        else if (sql_is(sql, i, "by") && sql_is(sql, i - 1, "order"))
            check_order(&place, i);
        else if (is_comparison(sql, i) && sql_is(sql, i - 1, ")") && sql_is(sql, i + 1, "("))
            check_lists(&place, opening(sql, i - 1), i + 1, MEETS_COMPARED);
        else if (is_comparison(sql, i))
            check_comparison(&place, i,
                             set && sql_at(sql, i)->depth == set->depth ? MEETS_WRITTEN
                                                                        : MEETS_COMPARED);
    }
}
