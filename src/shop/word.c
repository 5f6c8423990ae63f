/* Words as they are looked for, and how far two are from each other. */
#include "shop/word.h"

#include <string.h>

/* U+00C0 to U+017F without capitals and accents. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty"
                            "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllll"
                            "nnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

enum { LATIN_FROM = 0xC0, LATIN_TO = 0x180 };

static bool is_between(uint32_t point, uint32_t from, uint32_t to)
{
    return point >= from && point <= to;
}

/* Of well-formed UTF-8; what is not counts as a space, byte by byte. */
static uint32_t next_point(struct str *rest)
{
    const unsigned char *bytes = (const unsigned char *)rest->ptr;
    static const unsigned char firsts[] = {0, 0xC2, 0xE0, 0xF0};
    size_t len = bytes[0] < 0x80 ? 1 : bytes[0] < 0xE0 ? 2 : bytes[0] < 0xF0 ? 3 : 4;
    uint32_t point = len == 1 ? bytes[0] : bytes[0] & (0xFFu >> (len + 1));
    bool good = len == 1 || (bytes[0] >= firsts[len - 1] && len <= rest->len);
    for (size_t i = 1; good && i < len; i++) {
        good = (bytes[i] & 0xC0) == 0x80;
        point = point << 6 | (bytes[i] & 0x3F);
    }
    if (!good)
        len = 1;
    *rest = str_make(rest->ptr + len, rest->len - len);
    return good ? point : ' ';
}

/* Vowel signs and what only makes words longer: neither a letter nor the end of a word. */
static bool is_mark(uint32_t point)
{
    return is_between(point, 0x300, 0x36F) || is_between(point, 0x64B, 0x652) || point == 0x640 ||
           point == '\'' || point == 0x2019 || point == 0xAD;
}

/* 0 for what parts words. */
static uint32_t fold(uint32_t point)
{
    if (point < 0x80)
        return is_between(point, 'A', 'Z')   ? point + ('a' - 'A')
               : is_between(point, 'a', 'z') ? point
               : is_between(point, '0', '9') ? point
                                             : 0;
    if (is_between(point, LATIN_FROM, LATIN_TO - 1)) {
        char c = latin[point - LATIN_FROM];
        return c == ' ' ? 0 : (uint32_t)(unsigned char)c;
    }
    if (is_between(point, 0x391, 0x3A9) || is_between(point, 0x410, 0x42F))
        return point + 0x20;
    if (is_between(point, 0x622, 0x625))
        return 0x627; /* the forms of alef */
    if (point < LATIN_FROM || is_between(point, 0x2000, 0x2BFF) ||
        is_between(point, 0x3000, 0x303F) || point == 0x60C || point == 0x61B || point == 0x61F ||
        point > 0x10FFFF)
        return 0;
    return point == 0x649 ? 0x64A : point == 0x629 ? 0x647 : point;
}

/* Whole characters alone: what does not fit any more is left out. */
static void add_point(struct word *word, uint32_t point)
{
    char bytes[4] = {(char)point};
    size_t len = 1;
    if (point >= 0x80) {
        len = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
        for (size_t i = len - 1; i > 0; i--, point >>= 6)
            bytes[i] = (char)(0x80 | (point & 0x3F));
        bytes[0] = (char)((0xF00u >> len & 0xFF) | point);
    }
    if (word->len + len <= WORD_MAX) {
        memcpy(word->text + word->len, bytes, len);
        word->len += len;
    }
}

bool word_next(struct str *rest, struct word *word)
{
    word->len = 0;
    while (rest->len) {
        uint32_t sent = next_point(rest);
        if (is_mark(sent))
            continue;
        uint32_t point = fold(sent);
        if (!point && word->len)
            return true;
        if (point)
            add_point(word, point);
        if (sent == 0xDF) /* a sharp s is two */
            add_point(word, 's');
    }
    return word->len > 0;
}

void word_pattern(struct word_pattern *pattern, struct str word)
{
    *pattern = (struct word_pattern){.len = word.len < WORD_MAX ? word.len : WORD_MAX};
    for (size_t i = 0; i < pattern->len; i++)
        pattern->places[(unsigned char)word.ptr[i]] |= UINT64_C(1) << i;
}

/* Hyyrö's way of counting: a column of the table of distances at a time, as the bits of a word that
 * say where it goes up and where down. */
int word_distance(const struct word_pattern *pattern, struct str word)
{
    uint64_t up = ~UINT64_C(0), down = 0, same = 0, before = 0;
    int distance = (int)pattern->len;
    if (pattern->len == 0)
        return (int)word.len;
    uint64_t last = UINT64_C(1) << (pattern->len - 1);
    for (size_t i = 0; i < word.len; i++) {
        uint64_t match = pattern->places[(unsigned char)word.ptr[i]];
        uint64_t swapped = ((~same & match) << 1) & before;
        same = (((match & up) + up) ^ up) | match | down | swapped;
        uint64_t rises = down | ~(same | up), falls = same & up;
        distance += (rises & last) != 0;
        distance -= (falls & last) != 0;
        rises = rises << 1 | 1;
        falls <<= 1;
        up = falls | ~(same | rises);
        down = same & rises;
        before = match;
    }
    return distance;
}
