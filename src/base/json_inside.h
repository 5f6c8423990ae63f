/* What the files of JSON share among themselves; others include json.h.
 *
 *     const char *stop = json_plain_end(at, end, &seen);    the quote, say, or `end`
 *
 * The plain part of a string is skipped eight bytes at a time. A reader stops at the other bytes
 * because they mean something, a writer because they want an escape. */
#ifndef STOA_BASE_JSON_INSIDE_H
#define STOA_BASE_JSON_INSIDE_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

#include "base/json.h"

#define JSON_EVERY_BYTE(value) (UINT64_C(0x0101010101010101) * (value))
#define JSON_HIGH_BITS         JSON_EVERY_BYTE(0x80)

/* The high bit of each byte that is a quote, a backslash or a control character. Taking 1 from a
 * zero byte borrows, so bytes behind the first one found may be marked wrongly: it alone counts. */
static inline uint64_t json_special_bytes(uint64_t eight)
{
    uint64_t quote = (eight ^ JSON_EVERY_BYTE('"')) - JSON_EVERY_BYTE(1);
    uint64_t backslash = (eight ^ JSON_EVERY_BYTE('\\')) - JSON_EVERY_BYTE(1);
    uint64_t control = eight - JSON_EVERY_BYTE(' ');
    return (quote | backslash | control) & ~eight & JSON_HIGH_BITS;
}

/* The first quote, backslash or control character, or `end`. The bits of what was looked at are
 * added to `*seen`: without one of JSON_HIGH_BITS it was ASCII. */
static inline const char *json_plain_end(const char *at, const char *end, uint64_t *seen)
{
    uint64_t eight;
    for (; end - at >= (ptrdiff_t)sizeof eight; at += sizeof eight) {
        memcpy(&eight, at, sizeof eight);
        eight = le64toh(eight);
        *seen |= eight;
        uint64_t special = json_special_bytes(eight);
        if (special)
            return at + __builtin_ctzll(special) / 8;
    }
    for (; at < end; at++) {
        unsigned char byte = (unsigned char)*at;
        *seen |= byte;
        if (byte == '"' || byte == '\\' || byte < ' ')
            return at;
    }
    return end;
}

/* ERR_INPUT, and the second of the two, where a name comes twice in the object; else ERR_OK or
 * ERR_MEMORY. What it takes from the arena it gives back. */
enum err json_find_twice(struct arena *arena, const struct json *object, struct str *twice);

#endif
