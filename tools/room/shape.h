/* The shape of a room's tables, as its tables.tbl says it (src/ports/db/schema.h shows one).
 *
 *     struct shape *shape = shape_read(&arena, "sample", "tests/db/sample/tables.tbl");
 *     for (size_t i = 0; i < shape->count; i++)
 *         shape_add_table(&ddl, &shape->tables[i], SQL_SQLITE);
 *
 * What stands behind a # on a row is what the documentation says of it. */
#ifndef STOA_TOOLS_ROOM_SHAPE_H
#define STOA_TOOLS_ROOM_SHAPE_H

#include "ports/db/query.h"
#include "source.h"
#include "tool.h"

enum {
    SHAPE_TABLES_MAX = 64,
    SHAPE_COLUMNS_MAX = QUERY_COLUMNS_MAX,
    SHAPE_INDEXES_MAX = 16,
    SHAPE_PARTS_MAX = 8, /* columns of an index */
    SHAPE_NAME_MAX = 60, /* PostgreSQL cuts what is longer than 63 */
};

/* What SQL is written for. SQL_KINDS is for comparing shapes: there the type of a column is the
 * word of its kind, which SQLite keeps and gives back. */
enum sql_engine { SQL_SQLITE, SQL_POSTGRES, SQL_KINDS };

/* A kind of value: how each engine keeps it and how C holds it. */
struct kind {
    const char *word;
    const char *sqlite, *postgres; /* the column's type; $ is its name */
    const char *cast;              /* what PostgreSQL reads the parameter as */
    const char *type;              /* its enum db_type, in C's words */
    const char *make, *member;     /* db_text, and the member of struct db_value */
    const char *held;              /* "struct str " */
    const char *unit;              /* the end of its name in C: "_minor" */
    enum db_type travels;
};

struct shape_table;

struct shape_column {
    struct str name, words;
    const struct kind *kind;
    bool null, key;
    const struct shape_table *refers; /* whose id it is, or NULL */
    int line;
};

struct shape_index {
    const char *name; /* the table's and the columns', by _ */
    bool unique;
    struct str parts[SHAPE_PARTS_MAX];
    size_t count;
    int line;
};

struct shape_table {
    struct str name, words;
    struct shape_column columns[SHAPE_COLUMNS_MAX];
    size_t count;
    struct shape_index indexes[SHAPE_INDEXES_MAX];
    size_t index_count;
    bool by_key; /* SQLite keeps its rows in the order of the key, and has no other */
    int line;
};

struct shape {
    struct arena *arena;
    struct source source; /* for telling where a row stands */
    struct str room, words;
    struct shape_table tables[SHAPE_TABLES_MAX];
    size_t count;
};

struct shape *shape_read(struct arena *arena, const char *room, const char *path);

const struct kind *shape_find_kind(struct str word); /* or NULL */
const struct shape_table *shape_find_table(const struct shape *shape, struct str name);
const struct shape_column *shape_find_column(const struct shape_table *table, struct str name);

/* A name that no engine, and not C, takes for something else. */
bool shape_is_reserved(struct str name);
bool shape_is_c_word(struct str name);

/* The table and its indexes as statements. */
void shape_add_table(struct buf *out, const struct shape_table *table, enum sql_engine engine);

/* A column's type behind its name: TEXT, or INTEGER CHECK (loud IN (0, 1)). */
void shape_add_type(struct buf *out, const struct kind *kind, struct str column,
                    enum sql_engine engine);

/* The words for kinds, "id text …", for telling somebody who wrote another. */
extern const char shape_kind_words[];

#endif
