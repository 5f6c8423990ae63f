/* A buffer: bytes that are being written, in an arena, up to a limit it cannot pass.
 *
 *     struct buf out;
 *     buf_init(&out, ctx->arena, PAGE_MAX);
 *     buf_add(&out, STR("<h1>"));
 *     buf_addf(&out, "%d items", count);
 *     TRY(buf_err(&out));                       asked once, at the end
 *     respond(buf_str(&out));
 *
 * The first failure (limit, memory, a format that cannot be) stays: later additions do nothing and
 * buf_err tells it. So writers are straight-line code and nobody can forget more than one check. */
#ifndef STOA_BASE_BUF_H
#define STOA_BASE_BUF_H

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct buf {
    char *ptr;
    size_t len;
    size_t room; /* how far len may grow; no further than it is once something failed */
    size_t size; /* what is allocated */
    size_t limit;
    struct arena *arena;
    enum err err;
};

void buf_init(struct buf *buf, struct arena *arena, size_t limit);
void buf_init_fixed(struct buf *buf, char *bytes, size_t size); /* in place, never growing */
void buf_clear(struct buf *buf);              /* as buf_rewind to 0; the memory is kept */
void buf_rewind(struct buf *buf, size_t len); /* as when it was that long, a failure forgotten */

/* Formats. For a moment it needs one byte more than it adds: vsnprintf wants its NUL. */
void buf_addf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_addv(struct buf *buf, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
void buf_add_int(struct buf *buf, int64_t number);
void buf_add_utf8(struct buf *buf, uint32_t code_point); /* a surrogate is ERR_INPUT */
void buf_add_repaired(struct buf *buf, struct str text); /* what is not UTF-8 becomes U+FFFD */
void buf_fail(struct buf *buf, enum err err);            /* a writer's own reason to stop */

/* Makes room for `more` bytes behind buf->ptr + buf->len; false, and the failure kept, if it
 * cannot. For writers that fill in place: they add to buf->len what they wrote. */
bool buf_reserve_slow(struct buf *buf, size_t more);
static inline bool buf_reserve(struct buf *buf, size_t more)
{
    return __builtin_expect(buf->room - buf->len >= more, 1) || buf_reserve_slow(buf, more);
}

static inline void buf_add(struct buf *buf, struct str s)
{
    if (s.len && buf_reserve(buf, s.len)) {
        memcpy(buf->ptr + buf->len, s.ptr, s.len);
        buf->len += s.len;
    }
}

static inline void buf_addc(struct buf *buf, char c)
{
    if (buf_reserve(buf, 1))
        buf->ptr[buf->len++] = c;
}

static inline enum err buf_err(const struct buf *buf)
{
    return buf->err;
}

/* What was written so far. Good until the next addition. */
static inline struct str buf_str(const struct buf *buf)
{
    return (struct str){buf->ptr, buf->len};
}

#endif
