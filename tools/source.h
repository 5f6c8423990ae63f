/* The text a build tool reads: walked line by line, with every mistake told where it stands.
 *
 *     struct source source;
 *     struct str line, word;
 *     source_open(&source, &arena, "src/text/common.msg");
 *     while (source_next_line(&source, &line)) {
 *         word = source_take_word(&line);
 *         if (!source_is_name(word))
 *             source_fail(&source, "\"" STR_FMT "\" is no name; begin with a small letter", …);
 *     }
 *     source_write("common.c", &out);
 *
 * A tool is short-lived and has one way out of a mistake: source_fail prints
 * "path:line: sentence" to standard error and exits with 1, so that the build stops and an editor
 * can jump there. The sentence says what to do. */
#ifndef STOA_TOOLS_SOURCE_H
#define STOA_TOOLS_SOURCE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

enum { SOURCE_SIZE_MAX = 4 << 20 };

struct source {
    const char *path;
    struct str rest; /* what was not walked yet */
    int line;        /* the number of the line last given, from 1 */
};

/* Reads the whole file, up to SOURCE_SIZE_MAX. */
void source_open(struct source *source, struct arena *arena, const char *path);

/* The next line without its newline; false at the end. It is refused where it is not UTF-8, has no
 * newline, or holds a tab, a CR or a space at its end. */
bool source_next_line(struct source *source, struct str *line);

bool source_is_blank(struct str line); /* empty, only spaces, or a comment that begins with # */
bool source_is_name(struct str word);  /* small_snake_case, as in C */

/* Takes the next word off the front of `line`, and the spaces around it; empty at the end. */
struct str source_take_word(struct str *line);

_Noreturn void source_fail(const struct source *source, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
_Noreturn void source_fail_at(const struct source *source, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Writes the file whole or not at all: beside it first, then renamed. */
void source_write(const char *path, const struct buf *text);

#endif
