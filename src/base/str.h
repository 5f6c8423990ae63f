/* Text that is borrowed: a pointer and a length, never an owner, not ended by NUL.
 *
 *     struct str line = STR("size=40"), key;
 *     if (str_cut(&line, '=', &key))          key is "size", line is "40"
 *         log_info(ctx, "read", field_str("key", key));
 *
 * A str is passed by value and is good as long as what it points into: a literal, an arena, the
 * request's bytes. The empty str may have a NULL pointer. No function here allocates but
 * str_copy and str_cstr, which say where. */
#ifndef STOA_BASE_STR_H
#define STOA_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;

struct str {
    const char *ptr;
    size_t len;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})

/* For printf: printf("hello " STR_FMT, STR_ARG(name)). */
#define STR_FMT    "%.*s"
#define STR_ARG(s) (int)(s).len, (s).ptr ? (s).ptr : ""

#define STR_NONE SIZE_MAX /* no such place */

struct str str_from(const char *text); /* up to the NUL; NULL is the empty str */
struct str str_make(const char *ptr, size_t len);

bool str_equal(struct str a, struct str b);
bool str_equal_nocase(struct str a, struct str b); /* ASCII letters only */
int str_compare(struct str a, struct str b);       /* by bytes, as the C collation does */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);

size_t str_find(struct str s, struct str needle); /* the first place, or STR_NONE */
size_t str_find_char(struct str s, char c);

struct str str_slice(struct str s, size_t from, size_t to); /* clamped to what there is */
struct str str_trim(struct str s);                          /* without outer space, tab, CR, LF */

/* Takes what stands before the first `separator` off the front of `rest`, the separator too.
 * Without a separator the whole of `rest` is the head; false once nothing was left to take, which
 * a NULL pointer marks. "a,,b" is "a", "", "b"; "" is one empty head. */
bool str_cut(struct str *rest, char separator, struct str *head);

/* A whole decimal number with nothing around it: "-12", not "+12", "012" or " 12".
 * ERR_INPUT where it is none or lies outside min..max; `*number` is then untouched. */
enum err str_to_int(struct str s, int64_t min, int64_t max, int64_t *number);

/* True for well-formed UTF-8: no overlong form, no surrogate, nothing above U+10FFFF. */
bool str_is_utf8(struct str s);
size_t str_find_bad_utf8(struct str s); /* the first place where it is not, or STR_NONE */
size_t str_characters(struct str s);    /* of UTF-8: how many code points */

/* A copy that lives as long as the arena: str_copy as a str, str_cstr ended by NUL for libc.
 * A NUL inside is refused by str_cstr with ERR_INPUT: libc would see another text. */
enum err str_copy(struct arena *arena, struct str s, struct str *copy);
enum err str_cstr(struct arena *arena, struct str s, const char **cstr);

#endif
