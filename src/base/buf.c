/* Growing the buffer, and writing what needs more than a copy. */
#include "base/buf.h"

#include <stdio.h>

#include "base/assert.h"

enum { BUF_SIZE_MIN = 256, INT_DIGITS_MAX = 20 };

void buf_init(struct buf *buf, struct arena *arena, size_t limit)
{
    *buf = (struct buf){.arena = arena, .limit = limit};
}

void buf_init_fixed(struct buf *buf, char *bytes, size_t size)
{
    *buf = (struct buf){.ptr = bytes, .room = size, .size = size, .limit = size};
}

void buf_clear(struct buf *buf)
{
    buf_rewind(buf, 0);
}

void buf_rewind(struct buf *buf, size_t len)
{
    ASSERT(len <= buf->len);
    buf->len = len;
    buf->room = buf->size;
    buf->err = ERR_OK;
}

/* Leaves no room, however little is added next: half a text must not pass for a whole one. */
void buf_fail(struct buf *buf, enum err err)
{
    if (!buf->err)
        buf->err = err;
    buf->room = buf->len;
}

static bool grow(struct buf *buf, size_t size)
{
    if (!arena_extend(buf->arena, buf->ptr, buf->size, size)) {
        char *ptr = arena_bytes(buf->arena, size);
        if (!ptr)
            return false;
        if (buf->len)
            memcpy(ptr, buf->ptr, buf->len);
        buf->ptr = ptr;
    }
    buf->size = buf->room = size;
    return true;
}

/* Where doubling is more than the arena has left, what is asked for may still fit. */
bool buf_reserve_slow(struct buf *buf, size_t more)
{
    if (buf->err)
        return false;
    if (more > buf->limit - buf->len) {
        buf_fail(buf, ERR_LIMIT);
        return false;
    }
    size_t need = buf->len + more;
    size_t size = buf->size * 2 > BUF_SIZE_MIN ? buf->size * 2 : BUF_SIZE_MIN;
    size = size < need ? need : size;
    size = size > buf->limit ? buf->limit : size;
    if (!grow(buf, size) && !grow(buf, need))
        buf_fail(buf, ERR_MEMORY);
    return !buf->err;
}

void buf_addv(struct buf *buf, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    size_t room = buf->room - buf->len;
    int len = vsnprintf(room ? buf->ptr + buf->len : NULL, room, format, args);
    if (len < 0) {
        buf_fail(buf, ERR_INTERNAL);
    } else if ((size_t)len < room) {
        buf->len += (size_t)len;
    } else if (buf_reserve(buf, (size_t)len + 1)) { /* vsnprintf wants its NUL */
        vsnprintf(buf->ptr + buf->len, (size_t)len + 1, format, again);
        buf->len += (size_t)len;
    }
    va_end(again);
}

void buf_addf(struct buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buf_addv(buf, format, args);
    va_end(args);
}

/* Two digits a division: it is what takes the time. */
void buf_add_int(struct buf *buf, int64_t number)
{
    static const char pairs[] = "0001020304050607080910111213141516171819202122232425262728293031"
                                "3233343536373839404142434445464748495051525354555657585960616263"
                                "6465666768697071727374757677787980818283848586878889909192939495"
                                "96979899";
    char digits[INT_DIGITS_MAX];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    for (; rest >= 10; rest /= 100)
        memcpy(digits + (at -= 2), pairs + 2 * (rest % 100), 2);
    if (rest || at == sizeof digits)
        digits[--at] = (char)('0' + rest);
    if (number < 0)
        digits[--at] = '-';
    buf_add(buf, str_make(digits + at, sizeof digits - at));
}

void buf_add_utf8(struct buf *buf, uint32_t code_point)
{
    char bytes[4];
    size_t len = code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    if (code_point > 0x10ffff || (code_point >= 0xd800 && code_point <= 0xdfff)) {
        buf_fail(buf, ERR_INPUT);
        return;
    }
    for (size_t i = len; i-- > 1; code_point >>= 6)
        bytes[i] = (char)(0x80 | (code_point & 0x3f));
    static const unsigned char first[] = {0, 0x00, 0xc0, 0xe0, 0xf0};
    bytes[0] = (char)(first[len] | code_point);
    buf_add(buf, str_make(bytes, len));
}

void buf_add_repaired(struct buf *buf, struct str text)
{
    for (;;) {
        size_t bad = str_find_bad_utf8(text);
        buf_add(buf, str_slice(text, 0, bad));
        if (bad == STR_NONE || buf->err)
            return;
        buf_add_utf8(buf, 0xfffd);
        text = str_slice(text, bad + 1, text.len);
    }
}
