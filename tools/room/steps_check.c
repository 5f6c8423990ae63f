/* Runs migrations on an empty database and compares what they make with tables.tbl, as facts. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "steps.h"

enum { FACTS_MAX = SHAPE_TABLES_MAX * (2 * SHAPE_COLUMNS_MAX + SHAPE_INDEXES_MAX + 2) };

/* "column sample_item.note text?", and where it is said. */
struct fact {
    struct str text;
    int line;
};

struct facts {
    struct fact *list;
    size_t count;
};

/* The same facts as add_shape_facts makes, of the database. */
static const char facts_of_database[] =
    "WITH t AS (SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*') "
    "SELECT 'table ' || t.name || iif(l.wr, ' by_key', '') FROM t "
    "    JOIN pragma_table_list AS l ON l.schema = 'main' AND l.name = t.name "
    "UNION ALL SELECT 'column ' || t.name || '.' || c.name || ' ' || lower(c.type) || "
    "    iif(c.\"notnull\", '', '?') FROM t, pragma_table_info(t.name) AS c "
    "UNION ALL SELECT 'key ' || t.name || ' ' || ifnull((SELECT group_concat(name, ' ') FROM "
    "    (SELECT name FROM pragma_table_info(t.name) WHERE pk ORDER BY pk)), '') FROM t "
    "UNION ALL SELECT 'ref ' || t.name || '.' || f.\"from\" || ' ' || f.\"table\" "
    "    FROM t, pragma_foreign_key_list(t.name) AS f "
    "UNION ALL SELECT iif(i.\"unique\", 'unique ', 'index ') || i.name || ' on ' || t.name || "
    "    ': ' || (SELECT group_concat(ifnull(name, '(…)') || iif(\"desc\", ' DESC', ''), ' ') "
    "    FROM (SELECT name, \"desc\" FROM pragma_index_xinfo(i.name) WHERE key ORDER BY seqno)) "
    "    || iif(i.partial, ' WHERE …', '') FROM t, pragma_index_list(t.name) AS i "
    "    WHERE i.origin <> 'pk'";

static struct str next_fact(struct facts *facts, struct str text, int line)
{
    if (facts->count == FACTS_MAX) {
        fputs("gen_schema: there are too many tables; raise SHAPE_TABLES_MAX\n", stderr);
        exit(1);
    }
    facts->list[facts->count++] = (struct fact){text, line};
    return text;
}

#define FACT(facts, arena, line, ...) \
    next_fact(facts, str_from(tool_text(arena, __VA_ARGS__)), line)

static struct str joined(struct arena *arena, const struct str *parts, size_t count)
{
    struct buf out;
    buf_init(&out, arena, TOOL_OUTPUT_MAX);
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_addc(&out, ' ');
        buf_add(&out, parts[i]);
    }
    return buf_str(&out);
}

static void add_column_facts(struct arena *arena, struct facts *facts,
                             const struct shape_table *table)
{
    struct str keys[SHAPE_COLUMNS_MAX];
    size_t key_count = 0;
    for (size_t i = 0; i < table->count; i++) {
        const struct shape_column *column = &table->columns[i];
        FACT(facts, arena, column->line, "column " STR_FMT "." STR_FMT " %s%s",
             STR_ARG(table->name), STR_ARG(column->name), column->kind->word,
             column->null ? "?" : "");
        if (column->refers)
            FACT(facts, arena, column->line, "ref " STR_FMT "." STR_FMT " " STR_FMT,
                 STR_ARG(table->name), STR_ARG(column->name), STR_ARG(column->refers->name));
        if (column->key)
            keys[key_count++] = column->name;
    }
    FACT(facts, arena, table->line, "key " STR_FMT " " STR_FMT, STR_ARG(table->name),
         STR_ARG(joined(arena, keys, key_count)));
}

static void add_shape_facts(struct arena *arena, struct facts *facts, const struct shape *shape)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct shape_table *table = &shape->tables[i];
        FACT(facts, arena, table->line, "table " STR_FMT "%s", STR_ARG(table->name),
             table->by_key ? " by_key" : "");
        add_column_facts(arena, facts, table);
        for (size_t k = 0; k < table->index_count; k++) {
            const struct shape_index *index = &table->indexes[k];
            FACT(facts, arena, index->line, "%s %s on " STR_FMT ": " STR_FMT,
                 index->unique ? "unique" : "index", index->name, STR_ARG(table->name),
                 STR_ARG(joined(arena, index->parts, index->count)));
        }
    }
}

static _Noreturn void fail_step(sqlite3 *db, const struct step *step, const char *begin,
                                const char *statement)
{
    int offset = sqlite3_error_offset(db), line = 1;
    const char *at = statement + (offset > 0 ? offset : 0);
    for (const char *c = begin; c < at; c++)
        line += *c == '\n';
    source_fail_at(&step->source, line, "%s", sqlite3_errmsg(db));
}

/* Statement by statement, so that a mistake has its line. */
static void run_step(sqlite3 *db, const struct step *step, const char *text)
{
    const char *rest = text;
    while (*rest) {
        sqlite3_stmt *statement = NULL;
        const char *begin = rest;
        while (*begin == ' ' || *begin == '\n')
            begin++;
        if (sqlite3_prepare_v2(db, begin, -1, &statement, &rest))
            fail_step(db, step, text, begin);
        while (statement && sqlite3_step(statement) == SQLITE_ROW)
            continue;
        if (sqlite3_finalize(statement))
            fail_step(db, step, text, begin);
    }
}

static sqlite3 *run_steps(const struct steps *steps, enum sql_engine engine)
{
    sqlite3 *db = NULL;
    if (sqlite3_open(":memory:", &db) ||
        sqlite3_exec(db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL)) {
        fprintf(stderr, "gen_schema: %s\n", sqlite3_errmsg(db));
        exit(1);
    }
    for (size_t i = 0; i < steps->count; i++)
        run_step(db, &steps->list[i], steps->list[i].texts[engine]);
    return db;
}

/* Gives the first column of each row. */
static void add_database_facts(struct arena *arena, struct facts *facts, sqlite3 *db,
                               const char *query)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, query, -1, &statement, NULL)) {
        fprintf(stderr, "gen_schema: %s\n", sqlite3_errmsg(db));
        exit(1);
    }
    while (sqlite3_step(statement) == SQLITE_ROW)
        FACT(facts, arena, 0, "%s", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
}

static bool has_fact(const struct facts *facts, struct str text)
{
    for (size_t i = 0; i < facts->count; i++)
        if (str_equal(facts->list[i].text, text))
            return true;
    return false;
}

/* Of what a fact is: "sample_item.note" of a column, "sample_item_name" of an index. */
static struct str subject(struct str text)
{
    source_take_word(&text);
    return source_take_word(&text);
}

static const struct fact *find_about(const struct facts *facts, struct str about)
{
    for (size_t i = 0; i < facts->count; i++)
        if (str_equal(subject(facts->list[i].text), about) &&
            !str_starts(facts->list[i].text, STR("table ")))
            return &facts->list[i];
    return NULL;
}

static void compare(const struct facts *said, const struct facts *made, const struct shape *shape)
{
    const struct source *source = &shape->source;
    for (size_t i = 0; i < said->count; i++) {
        const struct fact *fact = &said->list[i];
        const struct fact *other = find_about(made, subject(fact->text));
        if (has_fact(made, fact->text))
            continue;
        if (other && !has_fact(said, other->text))
            source_fail_at(source, fact->line,
                           "here is \"" STR_FMT "\", but the migrations make \"" STR_FMT
                           "\"; mend this row, or write a migration",
                           STR_ARG(fact->text), STR_ARG(other->text));
        source_fail_at(source, fact->line,
                       "no migration makes \"" STR_FMT "\"; write one, or remove this row",
                       STR_ARG(fact->text));
    }
    for (size_t i = 0; i < made->count; i++)
        if (!has_fact(said, made->list[i].text))
            source_fail_at(source, 1,
                           "the migrations make \"" STR_FMT "\", which does not stand here; add "
                           "it, or write a migration that drops it",
                           STR_ARG(made->list[i].text));
}

/* A table that is not STRICT would take any text for a number. */
static void check_strict(struct arena *arena, sqlite3 *db, const struct shape *shape)
{
    struct facts loose = {tool_alloc(arena, FACTS_MAX, sizeof *loose.list), 0};
    add_database_facts(arena, &loose, db,
                       "SELECT name FROM pragma_table_list WHERE schema = 'main' "
                       "AND NOT strict AND name NOT GLOB 'sqlite_*'");
    for (size_t i = 0; i < loose.count; i++) {
        const struct shape_table *table = shape_find_table(shape, loose.list[i].text);
        source_fail_at(&shape->source, table ? table->line : 1,
                       "the migrations make " STR_FMT " without @strict; write ) @strict;",
                       STR_ARG(loose.list[i].text));
    }
}

void steps_check(struct arena *arena, const struct steps *steps, const struct shape *shape)
{
    struct facts said = {tool_alloc(arena, FACTS_MAX, sizeof *said.list), 0};
    struct facts made = {tool_alloc(arena, FACTS_MAX, sizeof *made.list), 0};
    add_shape_facts(arena, &said, shape);
    sqlite3 *db = run_steps(steps, SQL_KINDS);
    add_database_facts(arena, &made, db, facts_of_database);
    sqlite3_close(db);
    compare(&said, &made, shape);
    db = run_steps(steps, SQL_SQLITE);
    check_strict(arena, db, shape);
    sqlite3_close(db);
}
