/* Looking at borrowed text. */
#include "base/str.h"

#include <endian.h>
#include <string.h>

#include "base/arena.h"

struct str str_from(const char *text)
{
    return (struct str){text, text ? strlen(text) : 0};
}

struct str str_make(const char *ptr, size_t len)
{
    return (struct str){ptr, len};
}

bool str_equal(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

bool str_equal_nocase(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    return true;
}

int str_compare(struct str a, struct str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_equal(str_make(s.ptr, prefix.len), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len && str_equal(str_slice(s, s.len - suffix.len, s.len), suffix);
}

size_t str_find(struct str s, struct str needle)
{
    if (needle.len == 0)
        return 0;
    const char *at = s.len ? memmem(s.ptr, s.len, needle.ptr, needle.len) : NULL;
    return at ? (size_t)(at - s.ptr) : STR_NONE;
}

size_t str_find_char(struct str s, char c)
{
    const char *at = s.len ? memchr(s.ptr, c, s.len) : NULL;
    return at ? (size_t)(at - s.ptr) : STR_NONE;
}

struct str str_slice(struct str s, size_t from, size_t to)
{
    if (!s.ptr)
        return s;
    to = to < s.len ? to : s.len;
    from = from < to ? from : to;
    return str_make(s.ptr + from, to - from);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
    size_t from = 0, to = s.len;
    while (from < to && is_space(s.ptr[from]))
        from++;
    while (to > from && is_space(s.ptr[to - 1]))
        to--;
    return str_slice(s, from, to);
}

/* A NULL pointer is the mark of a rest that is used up, as against one that is empty. */
bool str_cut(struct str *rest, char separator, struct str *head)
{
    if (!rest->ptr)
        return false;
    size_t at = str_find_char(*rest, separator);
    if (at == STR_NONE) {
        *head = *rest;
        *rest = (struct str){0};
    } else {
        *head = str_make(rest->ptr, at);
        *rest = str_make(rest->ptr + at + 1, rest->len - at - 1);
    }
    return true;
}

enum err str_to_int(struct str s, int64_t min, int64_t max, int64_t *number)
{
    bool negative = s.len && s.ptr[0] == '-';
    struct str digits = negative ? str_slice(s, 1, s.len) : s;
    if (digits.len == 0 || (digits.ptr[0] == '0' && s.len > 1))
        return ERR_INPUT;
    int64_t value = 0; /* counted downwards: the most negative number has no positive twin */
    for (size_t i = 0; i < digits.len; i++) {
        int digit = digits.ptr[i] - '0';
        if (digit < 0 || digit > 9 || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, digit, &value))
            return ERR_INPUT;
    }
    if (!negative && __builtin_sub_overflow(0, value, &value))
        return ERR_INPUT;
    if (value < min || value > max)
        return ERR_INPUT;
    *number = value;
    return ERR_OK;
}

/* The length of the well-formed sequence at the front, 0 where there is none: RFC 3629's table. */
static size_t utf8_sequence(const unsigned char *p, size_t left)
{
    static const struct {
        unsigned char first_min, first_max, second_min, second_max, len;
    } rows[] = {
        {0x00, 0x7f, 0x00, 0x00, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (p[0] < rows[i].first_min || p[0] > rows[i].first_max)
            continue;
        if (rows[i].len > left)
            return 0;
        if (rows[i].len > 1 && (p[1] < rows[i].second_min || p[1] > rows[i].second_max))
            return 0;
        for (size_t k = 2; k < rows[i].len; k++)
            if (p[k] < 0x80 || p[k] > 0xbf)
                return 0;
        return rows[i].len;
    }
    return 0;
}

size_t str_find_bad_utf8(struct str s)
{
    const uint64_t high_bits = 0x8080808080808080u;
    size_t at = 0;
    while (at < s.len) {
        uint64_t eight;
        if (s.len - at >= sizeof eight) {
            memcpy(&eight, s.ptr + at, sizeof eight);
            uint64_t high = le64toh(eight) & high_bits;
            if (!high) {
                at += sizeof eight;
                continue;
            }
            at += (size_t)__builtin_ctzll(high) / 8;
        }
        size_t len = utf8_sequence((const unsigned char *)s.ptr + at, s.len - at);
        if (!len)
            return at;
        at += len;
    }
    return STR_NONE;
}

bool str_is_utf8(struct str s)
{
    return str_find_bad_utf8(s) == STR_NONE;
}

enum err str_copy(struct arena *arena, struct str s, struct str *copy)
{
    char *bytes = arena_bytes(arena, s.len);
    if (!bytes)
        return ERR_MEMORY;
    if (s.len)
        memcpy(bytes, s.ptr, s.len);
    *copy = str_make(bytes, s.len);
    return ERR_OK;
}

enum err str_cstr(struct arena *arena, struct str s, const char **cstr)
{
    if (str_find_char(s, '\0') != STR_NONE)
        return ERR_INPUT;
    char *bytes = arena_bytes(arena, s.len + 1);
    if (!bytes)
        return ERR_MEMORY;
    if (s.len)
        memcpy(bytes, s.ptr, s.len);
    bytes[s.len] = '\0';
    *cstr = bytes;
    return ERR_OK;
}

/* What does not go on another one. */
size_t str_characters(struct str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++)
        count += ((unsigned char)s.ptr[i] & 0xc0) != 0x80;
    return count;
}
