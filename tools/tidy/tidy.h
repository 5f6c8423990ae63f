/* What the style test knows of a source, and how its rules report.
 *
 *     void check_tabs(struct tidy *tidy, const struct source *source)
 *     {
 *         if (has_tab(source))
 *             tidy_report(tidy, source, line, "a tab");
 *     }
 *
 * A rule is a row of the table in tidy.c. The check says what is wrong; the row's advice follows.
 * A check that is given no source looks at the whole tree, from tidy->sources on. */
#ifndef STOA_TOOLS_TIDY_TIDY_H
#define STOA_TOOLS_TIDY_TIDY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

enum {
    TIDY_MEMORY_MAX = 1 << 30,
    TIDY_FILE_MAX = 4 << 20, /* no source of ours is a tenth of it */
    TIDY_PATH_MAX = 4096,
    TIDY_WHAT_MAX = 512, /* bytes of a finding's words */
};

enum token_kind { TOKEN_NAME, TOKEN_NUMBER, TOKEN_TEXT, TOKEN_SIGN, TOKEN_COMMENT };

struct token {
    struct str text;
    enum token_kind kind;
    int line;
    int depth; /* of braces around it; an outermost brace is itself at 0 */
};

struct tokens {
    struct token *list;
    size_t count;
};

enum item_kind {
    ITEM_FUNCTION,
    ITEM_PROTOTYPE,
    ITEM_VARIABLE,
    ITEM_TYPE,
    ITEM_TYPEDEF,
    ITEM_OTHER
};

/* One thing at file scope: code tokens first..last. */
struct item {
    enum item_kind kind;
    size_t first, last;
    size_t name; /* of a function, prototype or variable */
    size_t open; /* of a function: its brace */
    bool is_static;
};

/* Where a source stands: a rule may differ from area to area. */
enum area {
    AREA_SRC = 1, /* src but for src/app */
    AREA_APP = 2,
    AREA_TOOLS = 4,
    AREA_TESTS = 8,
    AREA_BENCH = 16,
    AREA_REST = 32,
    AREA_HOUSE = AREA_SRC | AREA_APP,
    AREA_ALL = 63,
};

enum source_kind {
    SOURCE_C = 1,
    SOURCE_HEADER = 2,
    SOURCE_BUILD = 4, /* meson and make */
    SOURCE_SQL = 8,
    SOURCE_PAGE = 16,    /* Markdown */
    SOURCE_ROWS = 32,    /* scripts and tables: a row or a sentence in them is not broken */
    SOURCE_OTHER = 64,   /* known by name only */
    SOURCE_FOLDER = 128, /* a folder below src */
    SOURCE_CODE = SOURCE_C | SOURCE_HEADER,
    SOURCE_LINES = SOURCE_CODE | SOURCE_BUILD | SOURCE_SQL,
    SOURCE_WORK = SOURCE_LINES | SOURCE_ROWS,
    SOURCE_TEXT = SOURCE_WORK | SOURCE_PAGE,
};

struct source {
    struct str path; /* from the root; ended by NUL as well */
    struct str text;
    enum source_kind kind;
    enum area area;
    struct str room;                          /* of src: "base"; empty elsewhere */
    struct tokens code, directives, comments; /* a directive's tokens begin with its # */
    struct item *items;
    size_t item_count;
    struct source *next;
};

struct finding {
    struct str path;
    int line;
    const struct rule *rule;
    const char *what;
};

struct tidy {
    struct arena arena;
    struct source *sources, **sources_end;
    const struct rule *rule; /* the one being checked */
    struct finding *findings;
    size_t count, room; /* findings, and how many fit */
};

typedef void tidy_check(struct tidy *tidy, const struct source *source);

struct rule {
    const char *name;      /* what is true of tidy sources */
    const char *advice;    /* what to do; NULL where the finding's own words say it */
    unsigned areas, kinds; /* of the sources it looks at; 0 kinds: at the whole tree, once */
    tidy_check *check;
};

/* Zeroed memory; ends the program where there is none. */
void *tidy_alloc(struct tidy *tidy, size_t count, size_t size);

void tidy_report(struct tidy *tidy, const struct source *source, int line, const char *what, ...)
    __attribute__((format(printf, 4, 5)));

/* tidy_read.c */
void tidy_read_tree(struct tidy *tidy);                   /* from the current folder */
void tidy_read_file(struct tidy *tidy, const char *path); /* one file of it */
const struct source *tidy_find(const struct tidy *tidy, const char *path); /* or NULL */
struct str path_name(struct str path);                                     /* "json_read.c" */
struct str path_stem(struct str path);                                     /* "json_read" */

/* tidy_lex.c */
void lex_source(struct tidy *tidy, struct source *source);
const struct token *token_at(const struct tokens *tokens, size_t i); /* an empty one outside */
bool token_is(const struct tokens *tokens, size_t i, const char *text);
size_t token_close(const struct tokens *tokens, size_t open); /* of the ( at `open` */

/* The end of the directive that begins at `hash`: the next one's #, or the count. */
size_t directive_end(const struct tokens *directives, size_t hash);

/* tidy_items.c */
void items_find(struct tidy *tidy, struct source *source);
bool is_type(const struct tokens *code, size_t i);
bool is_declared(const struct tokens *code, size_t i); /* here: a variable, member or function */
bool is_mutable(const struct tokens *code, size_t first, size_t name); /* that declaration */

/* The rules: tidy_rooms.c, tidy_code.c, tidy_names.c, tidy_text.c, tidy_books.c */
tidy_check check_includes, check_include_paths, check_business_doors, check_rooms_known;
tidy_check check_rooms_filled;
bool room_is_business(struct str name);
tidy_check check_function_length, check_banned, check_variables;
tidy_check check_snake_case, check_upper_case, check_typedefs, check_public_names, check_same_names,
    check_units;
tidy_check check_purpose, check_guard, check_example, check_columns, check_space;
tidy_check check_comments, check_leftovers;
tidy_check check_tests_exist, check_links, check_decisions;

#endif
