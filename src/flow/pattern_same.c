/* Finds out that two fields say the same, so that a set asks it once. */
#include "flow/pattern_set.h"

static bool same_text(const struct pattern_check *a, const struct pattern_check *b)
{
    return str_equal(a->text, b->text);
}

static bool same_range(const struct pattern_check *a, const struct pattern_check *b)
{
    const struct pattern_range *x = &a->range, *y = &b->range;
    return !(x->low < y->low || x->low > y->low || x->high < y->high || x->high > y->high) &&
           x->above_low == y->above_low && x->below_high == y->below_high;
}

static bool same_word(const struct pattern_check *a, const struct pattern_check *b)
{
    return a->word == b->word;
}

static bool same_pieces(const struct pattern_check *a, const struct pattern_check *b)
{
    uint32_t i = 0;
    while (i < a->count && str_equal(a->pieces[i], b->pieces[i]))
        i++;
    return i == a->count;
}

static bool same_net(const struct pattern_check *a, const struct pattern_check *b)
{
    return a->nets->rows[0].bits == b->nets->rows[0].bits &&
           address_equal(a->nets->rows[0].address, b->nets->rows[0].address);
}

static bool same_always(const struct pattern_check *a, const struct pattern_check *b)
{
    return a->verb == b->verb;
}

static bool same_checks(const struct pattern_check *a, const struct pattern_check *b, size_t count);

static bool same_within(const struct pattern_check *a, const struct pattern_check *b)
{
    return same_checks(a->checks, b->checks, a->count);
}

static bool same_checks(const struct pattern_check *a, const struct pattern_check *b, size_t count)
{
    static bool (*const same[])(const struct pattern_check *, const struct pattern_check *) = {
        [PATTERN_TEXT] = same_text,     [PATTERN_NUMBER] = same_range,
        [PATTERN_WORD] = same_word,     [PATTERN_PREFIX] = same_text,
        [PATTERN_SUFFIX] = same_text,   [PATTERN_WILDCARD] = same_pieces,
        [PATTERN_CIDR] = same_net,      [PATTERN_EXISTS] = same_always,
        [PATTERN_NONE_OF] = same_within};
    for (size_t i = 0; i < count; i++)
        if (a[i].verb != b[i].verb || a[i].any_case != b[i].any_case || a[i].count != b[i].count ||
            !same[a[i].verb](&a[i], &b[i]))
            return false;
    return true;
}

bool pattern_field_same(const struct pattern_field *a, const struct pattern_field *b)
{
    return a->absent == b->absent && a->check_count == b->check_count &&
           same_checks(a->checks, b->checks, a->check_count);
}

static uint64_t hash_checks(uint64_t hash, const struct pattern_check *checks, size_t count)
{
    for (size_t at = 0; at < count; at++) {
        const struct pattern_check *check = &checks[at];
        hash = pattern_mix(hash, (uint64_t)check->verb);
        if (check->verb == PATTERN_NUMBER)
            hash = pattern_mix_double(pattern_mix_double(hash, check->range.low),
                                      check->range.high);
        else if (check->verb == PATTERN_NONE_OF)
            hash = hash_checks(hash, check->checks, check->count);
        else if (check->verb == PATTERN_CIDR)
            hash = pattern_mix_text(hash, str_make((const char *)check->nets->rows[0].address.bytes,
                                                   sizeof(struct address)));
        else if (check->verb == PATTERN_WILDCARD)
            for (size_t i = 0; i < check->count; i++)
                hash = pattern_mix_text(hash, check->pieces[i]);
        else if (check->verb != PATTERN_WORD && check->verb != PATTERN_EXISTS)
            hash = pattern_mix_text(hash, check->text);
    }
    return hash;
}

uint64_t pattern_field_hash(uint32_t place, const struct pattern_field *field)
{
    uint64_t hash = pattern_mix(place, field->check_count * 2 + field->absent);
    return hash_checks(hash, field->checks, field->check_count);
}
