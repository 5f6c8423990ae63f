/* Named queries, as a room's sql folder has them (docs/database.md).
 *
 *     -- item_find: one
 *     -- What one item is.
 *     -- in  id id
 *     -- out id id, name text, note text?
 *     SELECT id, name, note FROM sample_item WHERE id = :id;
 *
 *     struct calls *calls = calls_read(&arena, shape, "tests/db/sample/sql");
 *     calls_check(calls);
 *     calls_write(calls, "sample_sql.h", "sample_sql.c");
 *
 * Optional parts [[ … ]] make a statement for each combination of them: a set of parts is a number
 * with the bit of each part, the first part's lowest. */
#ifndef STOA_TOOLS_ROOM_CALLS_H
#define STOA_TOOLS_ROOM_CALLS_H

#include "sql.h"

enum { CALLS_MAX = 1000, CALL_SOURCES_MAX = 500 };

enum call_kind { CALL_ONE, CALL_MANY, CALL_EXEC };

/* A parameter or a column of the result. */
struct call_value {
    struct str name;
    const struct kind *kind;
    bool null;
    bool outside;   /* stands outside of optional parts, as every column does */
    unsigned parts; /* that it stands in */
    int line;
};

struct call {
    const struct source *source, *postgres_source;
    struct str name, words, scan;
    enum call_kind kind;
    bool changed; /* tells how many rows changed */
    bool far;     /* PostgreSQL's alone: `sql` is its text */
    struct call_value ins[QUERY_PARAMS_MAX], outs[QUERY_COLUMNS_MAX];
    size_t in_count, out_count;
    struct sql sql, postgres; /* postgres has no token where the text is the same */
    int line;
};

struct calls {
    struct arena *arena;
    const struct shape *shape;
    struct tool_files files;
    struct source sources[CALL_SOURCES_MAX];
    struct call list[CALLS_MAX];
    size_t count;
};

/* One combination of parts as an engine is given it. */
struct call_text {
    struct str text; /* ended by NUL */
    size_t *starts;  /* of each token in it */
};

struct calls *calls_read(struct arena *arena, const struct shape *shape, const char *folder);
void calls_check(struct calls *calls);
void calls_write(struct calls *calls, const char *header_path, const char *code_path);

size_t call_find_in(const struct call *call, struct str name); /* or in_count */

/* True where the value stands in the statement that has these parts. */
bool call_uses(const struct call_value *value, unsigned parts);

struct call_text call_render(struct arena *arena, const struct call *call, enum sql_engine engine,
                             unsigned parts);

/* Holds parameters against the columns that they meet in the text. */
void calls_check_types(const struct shape *shape, const struct call *call);

/* Prepares every combination on the empty tables. */
struct sqlite3;
void calls_check_statements(struct calls *calls, struct sqlite3 *db, const struct call *call);

#endif
