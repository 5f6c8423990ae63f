/* SQL as tokens, and what no SQL of ours says.
 *
 *     struct sql sql;
 *     sql_lex(&arena, &source, line, text, SQL_SQLITE, &sql);
 *     sql_check_words(&source, &sql, SQL_IS_QUERY);
 *     if (sql_is(&sql, 0, "select"))
 *
 * The engines know many words for few things, and some that mean another thing on each. What is
 * left by these rules is what both read alike. */
#ifndef STOA_TOOLS_ROOM_SQL_H
#define STOA_TOOLS_ROOM_SQL_H

#include "shape.h"

enum sql_token_kind {
    SQL_WORD,
    SQL_TEXT,
    SQL_NUMBER,
    SQL_PARAMETER, /* its text is without the colon */
    SQL_TYPE,      /* @money, without the @ */
    SQL_SIGN
};

struct sql_token {
    struct str text;
    enum sql_token_kind kind;
    int line;
    int depth;   /* of parentheses around it; one of a pair is itself outside */
    bool breaks; /* it begins a line */
    bool spaced; /* there is space before it */
    int part;    /* the optional part that it stands in, from 1; 0 is none */
};

/* The brackets [[ and ]] of optional parts are not among the tokens. */
struct sql {
    struct sql_token *list;
    size_t count;
    int part_count;
};

enum { SQL_PARTS_MAX = 4 };

enum sql_use { SQL_IS_QUERY, SQL_IS_FAR, SQL_IS_MIGRATION };

/* Comments are left out. Double quotes and :: are for PostgreSQL's own files only. */
void sql_lex(struct arena *arena, const struct source *source, int line, struct str text,
             enum sql_engine engine, struct sql *sql);

/* Stops at what is not for us. */
void sql_check_words(const struct source *source, const struct sql *sql, enum sql_use use);

const struct sql_token *sql_at(const struct sql *sql, size_t i); /* an empty one outside */
bool sql_is(const struct sql *sql, size_t i, const char *text);  /* words in any case */
bool sql_has(const struct sql *sql, const char *word);

#endif
