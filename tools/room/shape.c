/* The kinds of columns, and tables as statements for each engine. */
#include "shape.h"

static const struct kind kinds[] = {
    {"id", "TEXT", "text COLLATE \"C\"", "text", "DB_TEXT", "db_text", "bytes", "struct str ", "",
     DB_TEXT},
    {"text", "TEXT", "text COLLATE \"C\"", "text", "DB_TEXT", "db_text", "bytes", "struct str ", "",
     DB_TEXT},
    {"int", "INTEGER", "bigint", "bigint", "DB_INT", "db_int", "number", "int64_t ", "", DB_INT},
    {"bool", "INTEGER CHECK ($ IN (0, 1))", "boolean", "boolean", "DB_BOOL", "db_bool", "number",
     "bool ", "", DB_BOOL},
    {"real", "REAL", "double precision", "double precision", "DB_REAL", "db_real", "real",
     "double ", "", DB_REAL},
    {"blob", "BLOB", "bytea", "bytea", "DB_BLOB", "db_blob", "bytes", "struct str ", "", DB_BLOB},
    {"money", "INTEGER", "bigint", "bigint", "DB_INT", "db_int", "number", "int64_t ", "_minor",
     DB_INT},
    {"time", "INTEGER", "bigint", "bigint", "DB_INT", "db_int", "number", "int64_t ", "_us",
     DB_INT},
    {"json", "TEXT CHECK (json_valid($))", "jsonb", "text::jsonb", "DB_TEXT", "db_text", "bytes",
     "struct str ", "", DB_TEXT},
};

const char shape_kind_words[] = "id text int bool real blob money time json";

/* Words that an engine keeps for itself. A column so named would need quotes everywhere. */
static const char sql_words[] =
    " add all alter analyse analyze and any array as asc asymmetric between both by cast check "
    "collate column commit concurrently constraint create cross current_date current_time "
    "current_timestamp deferrable delete desc distinct drop end escape except exists false fetch "
    "foreign freeze from full grant group having ilike in index inner insert intersect into is "
    "isnull join key lateral leading left like limit localtime localtimestamp natural not nothing "
    "notnull null offset on only or order outer overlaps placing primary references returning "
    "right select set similar some symmetric table tablesample then to trailing transaction true "
    "unique update user using values variadic verbose when where window with ";

static const char c_words[] =
    " auto bool break case char const continue default do double else enum extern false float for "
    "goto if inline int long register restrict return short signed sizeof static struct switch "
    "true typedef union unsigned void volatile while ";

static bool is_among(struct str words, struct str name)
{
    for (struct str word; str_cut(&words, ' ', &word);)
        if (word.len && str_equal(word, name))
            return true;
    return false;
}

bool shape_is_c_word(struct str name)
{
    return is_among(str_from(c_words), name);
}

bool shape_is_reserved(struct str name)
{
    return shape_is_c_word(name) || is_among(str_from(sql_words), name);
}

const struct kind *shape_find_kind(struct str word)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_equal(word, str_from(kinds[i].word)))
            return &kinds[i];
    return NULL;
}

const struct shape_table *shape_find_table(const struct shape *shape, struct str name)
{
    for (size_t i = 0; i < shape->count; i++)
        if (str_equal(name, shape->tables[i].name))
            return &shape->tables[i];
    return NULL;
}

const struct shape_column *shape_find_column(const struct shape_table *table, struct str name)
{
    for (size_t i = 0; i < table->count; i++)
        if (str_equal(name, table->columns[i].name))
            return &table->columns[i];
    return NULL;
}

void shape_add_type(struct buf *out, const struct kind *kind, struct str column,
                    enum sql_engine engine)
{
    const char *type = engine == SQL_KINDS      ? kind->word
                       : engine == SQL_POSTGRES ? kind->postgres
                                                : kind->sqlite;
    for (const char *c = type; *c; c++)
        if (*c == '$')
            buf_add(out, column);
        else
            buf_addc(out, *c);
}

static void add_column(struct buf *out, const struct shape_column *column, enum sql_engine engine)
{
    buf_addf(out, "    " STR_FMT " ", STR_ARG(column->name));
    shape_add_type(out, column->kind, column->name, engine);
    if (!column->null)
        buf_add(out, STR(" NOT NULL"));
    if (column->refers)
        buf_addf(out, " REFERENCES " STR_FMT, STR_ARG(column->refers->name));
    buf_add(out, STR(",\n"));
}

static void add_key(struct buf *out, const struct shape_table *table)
{
    const char *between = "    PRIMARY KEY (";
    for (size_t i = 0; i < table->count; i++)
        if (table->columns[i].key) {
            buf_addf(out, "%s" STR_FMT, between, STR_ARG(table->columns[i].name));
            between = ", ";
        }
    buf_add(out, STR(")\n"));
}

static void add_index(struct buf *out, const struct shape_table *table,
                      const struct shape_index *index)
{
    buf_addf(out, "CREATE %sINDEX %s ON " STR_FMT, index->unique ? "UNIQUE " : "", index->name,
             STR_ARG(table->name));
    for (size_t i = 0; i < index->count; i++)
        buf_addf(out, "%s" STR_FMT, i ? ", " : " (", STR_ARG(index->parts[i]));
    buf_add(out, STR(");\n"));
}

void shape_add_table(struct buf *out, const struct shape_table *table, enum sql_engine engine)
{
    buf_addf(out, "CREATE TABLE " STR_FMT " (\n", STR_ARG(table->name));
    for (size_t i = 0; i < table->count; i++)
        add_column(out, &table->columns[i], engine);
    add_key(out, table);
    buf_addf(out, ")%s%s;\n", engine == SQL_SQLITE ? " STRICT" : "",
             engine == SQL_SQLITE && table->by_key ? ", WITHOUT ROWID" : "");
    for (size_t i = 0; i < table->index_count; i++)
        add_index(out, table, &table->indexes[i]);
}
