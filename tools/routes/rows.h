/* A room's routes.tbl as gen_routes has it: rows, and their fields as a tree.
 *
 *     struct table table;
 *     table_read(&table, &arena, "front", "src/front/routes.tbl");     or ends the tool
 *     table_check(&table);
 *     table_write(&table, "front_routes.h", "front_routes.c");
 *
 * How a row is written: docs/web.md. Everything lives in the arena until the tool ends. */
#ifndef STOA_TOOLS_ROUTES_ROWS_H
#define STOA_TOOLS_ROUTES_ROWS_H

#include "base/arena.h"
#include "base/buf.h"
#include "source.h"
#include "web/route.h"

enum { ROWS_MAX = 1000, ROWS_OUTPUT_MAX = 16 << 20, ROWS_MEMORY_MAX = 64 << 20 };

struct field {
    struct str name;
    enum route_place place;
    enum route_kind kind;
    bool optional;
    int64_t min, max;
    struct str preset; /* without a pointer where there is none */
    struct str choices, help;
    struct field *fields; /* of a list's rows */
    struct field *next;
    int line;
};

struct row {
    const char *method;
    struct str path, name, summary;
    struct str may, rate, answers;
    int64_t cache_s, body_max; /* -1 where it is not said */
    unsigned flags;
    bool again;
    struct field *fields; /* sorted by place once it was checked */
    struct row *next;
    int line;
};

struct table {
    struct source source;
    struct arena *arena;
    struct str room;
    struct row *rows, **end;
    size_t count;
};

/* What gen_routes knows of each kind, in the order of enum route_kind. */
struct kind {
    const char *word, *constant, *type;
    const char *unit; /* what is put behind the name in C */
    bool is_text;     /* its bounds are characters */
    bool is_bounded;  /* they must be said of what is taken */
    bool takes_preset;
    bool in_path;
};
extern const struct kind kinds[];

/* The words of the table and what becomes of them in C; end with a NULL word. */
struct word {
    const char *word, *constant;
    unsigned bit;
};
extern const struct word method_words[], place_words[], rate_words[], answer_words[], flag_words[];
const struct word *word_find(const struct word words[], struct str word);

void *table_alloc(struct table *table, size_t size);

void table_read(struct table *table, struct arena *arena, const char *room, const char *path);
struct field *field_read(struct table *table, enum route_place place, struct str rest);
void table_check(struct table *table);
void field_check(struct table *table, const struct field *field);
void table_write(struct table *table, const char *header_path, const char *code_path);

/* The next {part} of a path; false behind the last. */
bool path_next_part(struct str *path, struct str *part);

#endif
