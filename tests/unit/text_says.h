/* What the tests of text/ share: the marks that nobody sees, the languages, and what a call writes.
 *
 *     struct buf *out = new_buf(t);
 *     SAYS(text_int(out, DE, 1234), "1.234");
 */
#ifndef STOA_TESTS_TEXT_SAYS_H
#define STOA_TESTS_TEXT_SAYS_H

#include "base/buf.h"
#include "harness/test.h"
#include "text/language.h"

#define NBSP  "\u00a0"
#define NNBSP "\u202f"
#define LRM   "\u200e"
#define RLM   "\u200f"
#define FSI   "\u2068"
#define PDI   "\u2069"

#define EN (&languages[LANGUAGE_EN])
#define DE (&languages[LANGUAGE_DE])
#define FR (&languages[LANGUAGE_FR])
#define ES (&languages[LANGUAGE_ES])
#define AR (&languages[LANGUAGE_AR])

#define SAYS(call, expected)               \
    do {                                   \
        buf_clear(out);                    \
        call;                              \
        CHECK_ERR(buf_err(out), ERR_OK);   \
        CHECK_STR(buf_str(out), expected); \
    } while (0)

enum { SAYS_MAX = 1000 };

static inline struct buf *new_buf(struct test *t)
{
    struct buf *out = ARENA_NEW(t->arena, struct buf);
    REQUIRE(out);
    buf_init(out, t->arena, SAYS_MAX);
    return out;
}

#endif
