/* Reads numbers as people type them. */
#include "base/assert.h"
#include "text/number.h"

enum { TYPED_MAX = 64, GROUP_LEN = 3, GROUP = ' ' };

/* A number as it was typed, in ASCII: digits, '.', ',', and GROUP for every kind of space. */
struct typed {
    char text[TYPED_MAX];
    size_t len;
    bool negative;
};

/* What means the same as one of ASCII's, or nothing at all: marks that keep Arabic in order. */
static const struct {
    const char *typed;
    char meant; /* 0: nothing */
} marks[] = {{"\u00a0", GROUP}, {"\u202f", GROUP}, {"\u2009", GROUP},
             {"\u2212", '-'},   {"\u066b", '.'},   {"\u066c", GROUP},
             {"\u200e", 0},     {"\u200f", 0},     {"\u061c", 0}};

/* The first character of `rest`, taken off it, as ASCII means it; '?' where it is in no number. */
static char take_character(struct str *rest)
{
    unsigned char first = (unsigned char)rest->ptr[0];
    if (first < 0x80) {
        *rest = str_slice(*rest, 1, rest->len);
        return first ? (char)first : '?';
    }
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        struct str mark = str_from(marks[i].typed);
        if (str_starts(*rest, mark)) {
            *rest = str_slice(*rest, mark.len, rest->len);
            return marks[i].meant;
        }
    }
    unsigned char digit = rest->len > 1 ? (unsigned char)rest->ptr[1] : 0;
    *rest = str_slice(*rest, 2, rest->len);
    bool arabic = first == 0xd9 && digit >= 0xa0 && digit <= 0xa9; /* U+0660 to U+0669 */
    return arabic ? (char)('0' + (digit - 0xa0)) : '?';
}

static enum err normalize(struct str text, struct typed *typed)
{
    struct str rest = str_trim(text);
    *typed = (struct typed){.len = 0};
    while (rest.len) {
        char c = take_character(&rest);
        if (c == 0)
            continue;
        if (c == '-' && !typed->len && !typed->negative) {
            typed->negative = true;
            continue;
        }
        bool known = (c >= '0' && c <= '9') || c == '.' || c == ',' || c == GROUP;
        if (!known || typed->len == TYPED_MAX)
            return ERR_INPUT;
        typed->text[typed->len++] = c;
    }
    return typed->len ? ERR_OK : ERR_INPUT;
}

static size_t count_char(struct str text, char c)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == c;
    return count;
}

/* Where the decimal separator stands, or STR_NONE. Of two kinds of marks it is the last; of one
 * that stands once it is the language's own, or what cannot be between groups. */
static size_t find_decimal(const struct language *language, struct str text)
{
    size_t last = text.len;
    while (last > 0 && text.ptr[last - 1] != '.' && text.ptr[last - 1] != ',')
        last--;
    if (last-- == 0)
        return STR_NONE;
    char mark = text.ptr[last], other = mark == '.' ? ',' : '.';
    if (count_char(text, mark) > 1)
        return STR_NONE;
    bool can_group = text.len - last - 1 == GROUP_LEN && language->group[0] == mark;
    return count_char(text, other) || !can_group ? last : STR_NONE;
}

/* Groups of three behind one of one to three digits, all by the same mark; or no groups. */
static bool is_grouped(struct str whole)
{
    size_t digits = 0;
    char mark = 0;
    for (size_t i = 0; i < whole.len; i++) {
        char c = whole.ptr[i];
        if (c >= '0' && c <= '9') {
            digits++;
            continue;
        }
        bool first = mark == 0;
        if ((!first && (c != mark || digits != GROUP_LEN)) || digits < 1 || digits > GROUP_LEN)
            return false;
        mark = c;
        digits = 0;
    }
    return mark ? digits == GROUP_LEN : digits > 0;
}

static enum err add_digits(struct str digits, int64_t *scaled)
{
    for (size_t i = 0; i < digits.len; i++) {
        char c = digits.ptr[i];
        if (c >= '0' && c <= '9' &&
            (__builtin_mul_overflow(*scaled, 10, scaled) ||
             __builtin_add_overflow(*scaled, c - '0', scaled)))
            return ERR_LIMIT;
    }
    return ERR_OK;
}

enum err text_read_decimal(const struct language *language, struct str typed, int digits,
                           int64_t *scaled)
{
    struct typed plain;
    int64_t sum = 0;
    ASSERT(digits >= 0 && digits <= TEXT_DIGITS_MAX);
    TRY(normalize(typed, &plain));
    struct str text = str_make(plain.text, plain.len), part = {0};
    size_t decimal = find_decimal(language, text);
    struct str whole = str_slice(text, 0, decimal);
    if (decimal != STR_NONE) {
        part = str_slice(text, decimal + 1, text.len);
        if (!part.len || part.len > (size_t)digits || count_char(part, GROUP))
            return ERR_INPUT;
    }
    if (!is_grouped(whole))
        return ERR_INPUT;
    TRY(add_digits(whole, &sum));
    TRY(add_digits(part, &sum));
    for (size_t i = part.len; i < (size_t)digits; i++)
        TRY(add_digits(STR("0"), &sum));
    *scaled = plain.negative ? -sum : sum;
    return ERR_OK;
}
