/* The words that no query and no migration of ours says, and what to say instead. */
#include "sql.h"

enum { IN_NEAR = 1, IN_FAR = 2, IN_QUERY = IN_NEAR | IN_FAR, IN_MIGRATION = 4, IN_BOTH = 7 };

/* `then` is the word behind it; "" is any. */
static const struct rule {
    unsigned where;
    const char *word, *then, *advice;
} rules[] = {
    {IN_BOTH, "insert", "or", "INSERT OR … undoes more than itself; write ON CONFLICT … DO"},
    {IN_BOTH, "update", "or", "UPDATE OR … undoes more than itself; look first, in the same fn"},
    {IN_BOTH, "conflict", "rollback", "ON CONFLICT does one thing here: DO UPDATE or DO NOTHING"},
    {IN_BOTH, "conflict", "abort", "ON CONFLICT does one thing here: DO UPDATE or DO NOTHING"},
    {IN_BOTH, "conflict", "fail", "ON CONFLICT does one thing here: DO UPDATE or DO NOTHING"},
    {IN_BOTH, "conflict", "ignore", "ON CONFLICT does one thing here: DO UPDATE or DO NOTHING"},
    {IN_BOTH, "conflict", "replace", "ON CONFLICT does one thing here: DO UPDATE or DO NOTHING"},
    {IN_BOTH, "deferrable", "", "a deferred check fails the neighbours; let it be checked at once"},
    {IN_BOTH, "deferred", "", "a deferred check fails the neighbours; let it be checked at once"},
    {IN_BOTH, "current_timestamp", "", "the time comes from the context's clock; pass it in"},
    {IN_BOTH, "current_date", "", "the time comes from the context's clock; pass it in"},
    {IN_BOTH, "current_time", "", "the time comes from the context's clock; pass it in"},
    {IN_BOTH, "like", "", "LIKE minds capitals on one engine only; compare with = or >= and <"},
    {IN_BOTH, "ilike", "", "only PostgreSQL knows ILIKE; compare lower(x) with ="},
    {IN_BOTH, "glob", "", "only SQLite knows GLOB; compare with = or >= and <"},
    {IN_BOTH, "regexp", "", "only SQLite knows REGEXP; compare with = or >= and <"},
    {IN_NEAR, "returning", "", "a change gives no rows; make the id before, and read in a one"},
    {IN_QUERY, "offset", "", "OFFSET reads all that it skips; page by key: (made, id) < (…)"},
    {IN_QUERY, "natural", "", "NATURAL joins by whatever columns there are; write ON"},
    {IN_QUERY, "right", "join", "write it as LEFT JOIN, with the tables the other way round"},
    {IN_QUERY, "right", "outer", "write it as LEFT JOIN, with the tables the other way round"},
    {IN_QUERY, "full", "join", "write it as two queries, or as a UNION of LEFT JOINs"},
    {IN_QUERY, "full", "outer", "write it as two queries, or as a UNION of LEFT JOINs"},
    {IN_QUERY, "indexed", "by", "only SQLite knows INDEXED BY; let the engine choose"},
    {IN_QUERY, "not", "indexed", "only SQLite knows NOT INDEXED; let the engine choose"},
    {IN_MIGRATION, "autoincrement", "", "only SQLite knows AUTOINCREMENT; use an id"},
    {IN_MIGRATION, "trigger", "", "there are no triggers; say it where the change is made"},
    {IN_MIGRATION, "view", "", "there are no views; write the query into sql/"},
    {IN_MIGRATION, "temporary", "", "a migration makes what stays; leave TEMPORARY away"},
    {IN_MIGRATION, "temp", "", "a migration makes what stays; leave TEMP away"},
};

/* The words a statement may begin with: none of them begins a transaction, attaches a file, or
 * sets how the engine works. */
static const struct {
    unsigned where;
    const char *word;
} heads[] = {
    {IN_QUERY, "select"}, {IN_BOTH, "with"},        {IN_BOTH, "insert"},    {IN_BOTH, "update"},
    {IN_BOTH, "delete"},  {IN_MIGRATION, "create"}, {IN_MIGRATION, "drop"}, {IN_MIGRATION, "alter"},
};

static void check_head(const struct source *source, const struct sql_token *token, unsigned where,
                       const struct sql *sql, size_t i)
{
    for (size_t k = 0; k < sizeof heads / sizeof *heads; k++)
        if ((heads[k].where & where) && sql_is(sql, i, heads[k].word))
            return;
    source_fail_at(source, token->line, "\"" STR_FMT "\" begins no statement of a %s; %s",
                   STR_ARG(token->text), where & IN_QUERY ? "query" : "migration",
                   where & IN_QUERY
                       ? "there are SELECT, WITH, INSERT, UPDATE and DELETE"
                       : "there are CREATE, ALTER, DROP, WITH, INSERT, UPDATE and DELETE");
}

/* count(*) and a * b are fine. */
static bool is_star(const struct sql *sql, size_t i)
{
    return sql_is(sql, i, "*") && (sql_is(sql, i - 1, "select") || sql_is(sql, i - 1, ".") ||
                                   sql_is(sql, i - 1, ",") || sql_is(sql, i - 1, "distinct"));
}

static void check_token(const struct source *source, const struct sql *sql, size_t i,
                        unsigned where)
{
    const struct sql_token *token = sql_at(sql, i);
    for (size_t k = 0; k < sizeof rules / sizeof *rules; k++)
        if ((rules[k].where & where) && sql_is(sql, i, rules[k].word) &&
            (!*rules[k].then || sql_is(sql, i + 1, rules[k].then)))
            source_fail_at(source, token->line, "%s", rules[k].advice);
    if (is_star(sql, i))
        source_fail_at(source, token->line, "name the columns; * is others after a migration");
    if ((where & IN_QUERY) && token->kind == SQL_TYPE)
        source_fail_at(source, token->line,
                       "@" STR_FMT " is a type of a migration; a parameter is :" STR_FMT,
                       STR_ARG(token->text), STR_ARG(token->text));
    if (where == IN_MIGRATION && (token->kind == SQL_PARAMETER || token->part))
        source_fail_at(source, token->line, "a migration has no parameters; write the value");
}

void sql_check_words(const struct source *source, const struct sql *sql, enum sql_use use)
{
    static const unsigned uses[] = {
        [SQL_IS_QUERY] = IN_NEAR, [SQL_IS_FAR] = IN_FAR, [SQL_IS_MIGRATION] = IN_MIGRATION};
    unsigned where = uses[use];
    bool begins = true;
    for (size_t i = 0; i < sql->count; i++) {
        if (begins)
            check_head(source, sql_at(sql, i), where, sql, i);
        check_token(source, sql, i, where);
        begins = sql_is(sql, i, ";");
    }
    if (!sql->count || !begins)
        source_fail_at(source, sql->count ? sql->list[sql->count - 1].line : source->line,
                       "a statement ends with a ;");
}
