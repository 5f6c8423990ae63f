/* Tests of money: nothing is lost, nothing is made up. */
#include "base/money.h"

#include <stdlib.h>
#include <string.h>

#include "harness/test.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

TEST(currency_find_knows_what_is_in_use)
{
    static const struct {
        const char *code;
        int digits; /* -1: no currency */
    } rows[] = {
        {"EUR", 2},  {"USD", 2},  {"JPY", 0},  {"KWD", 3},   {"CLF", 4},  {"AED", 2},
        {"ZWG", 2},  {"XCG", 2},  {"SLE", 2},  {"ISK", 0},   {"UYW", 4},  {"DEM", -1},
        {"HRK", -1}, {"BGN", -1}, {"ANG", -1}, {"XAU", -1},  {"XXX", -1}, {"AAA", -1},
        {"ZZZ", -1}, {"eur", -1}, {"EU", -1},  {"EURO", -1}, {"", -1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct currency *currency = currency_find(str_from(rows[i].code));
        test_note(t, "%s", rows[i].code);
        CHECK_INT(currency ? currency->digits : -1, rows[i].digits);
    }
    CHECK(!currency_find(STR("EUR\0")));
    CHECK(!currency_find((struct str){0}));
}

/* Were the table out of order, the search would miss some. */
TEST(currency_find_finds_all_of_them_and_no_other)
{
    int64_t with_digits[5] = {0}, wrong = 0;
    for (int i = 0; i < 26 * 26 * 26; i++) {
        char code[4] = {(char)('A' + i / 676), (char)('A' + i / 26 % 26), (char)('A' + i % 26)};
        const struct currency *currency = currency_find(str_from(code));
        if (currency)
            with_digits[currency->digits]++;
        wrong += currency && strcmp(currency->code, code) != 0;
    }
    CHECK_INT(wrong, 0);
    CHECK_INT(with_digits[0], 17);
    CHECK_INT(with_digits[1], 0);
    CHECK_INT(with_digits[2], 139);
    CHECK_INT(with_digits[3], 7);
    CHECK_INT(with_digits[4], 2);
}

TEST(money_parse_takes_the_neutral_form_alone)
{
    static const struct {
        const char *currency, *text;
        enum err err;
        int64_t minor;
    } rows[] = {
        {"EUR", "19.99", ERR_OK, 1999},
        {"EUR", "-5", ERR_OK, -500},
        {"EUR", "0.5", ERR_OK, 50},
        {"EUR", "0.05", ERR_OK, 5},
        {"EUR", "-0.05", ERR_OK, -5},
        {"EUR", "-0", ERR_OK, 0},
        {"EUR", "0", ERR_OK, 0},
        {"EUR", "10", ERR_OK, 1000},
        {"EUR", "92233720368547758.07", ERR_OK, INT64_MAX},
        {"EUR", "-92233720368547758.08", ERR_OK, INT64_MIN},
        {"EUR", "92233720368547758.08", ERR_LIMIT, 7},
        {"EUR", "-92233720368547758.09", ERR_LIMIT, 7},
        {"EUR", "92233720368547759", ERR_LIMIT, 7},
        {"EUR", "99999999999999999999999", ERR_LIMIT, 7},
        {"EUR", "99999999999999999999999x", ERR_INPUT, 7},
        {"EUR", "19.999", ERR_INPUT, 7},
        {"EUR", "19.990", ERR_INPUT, 7},
        {"EUR", "19.", ERR_INPUT, 7},
        {"EUR", ".99", ERR_INPUT, 7},
        {"EUR", "1.2.3", ERR_INPUT, 7},
        {"EUR", "19,99", ERR_INPUT, 7},
        {"EUR", "1,000.00", ERR_INPUT, 7},
        {"EUR", "1 000", ERR_INPUT, 7},
        {"EUR", "+5", ERR_INPUT, 7},
        {"EUR", "--5", ERR_INPUT, 7},
        {"EUR", "-", ERR_INPUT, 7},
        {"EUR", "5-", ERR_INPUT, 7},
        {"EUR", "5.-1", ERR_INPUT, 7},
        {"EUR", "", ERR_INPUT, 7},
        {"EUR", "05", ERR_INPUT, 7},
        {"EUR", "00", ERR_INPUT, 7},
        {"EUR", "1e2", ERR_INPUT, 7},
        {"EUR", "€5", ERR_INPUT, 7},
        {"EUR", "٥", ERR_INPUT, 7},
        {"JPY", "500", ERR_OK, 500},
        {"JPY", "500.0", ERR_INPUT, 7},
        {"JPY", "500.", ERR_INPUT, 7},
        {"KWD", "1.234", ERR_OK, 1234},
        {"KWD", "1.2", ERR_OK, 1200},
        {"KWD", "1.2345", ERR_INPUT, 7},
        {"CLF", "1.2345", ERR_OK, 12345},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t minor = 7;
        test_note(t, "\"%s\" %s", rows[i].text, rows[i].currency);
        const struct currency *currency = currency_find(str_from(rows[i].currency));
        REQUIRE(currency);
        CHECK_ERR(money_parse(str_from(rows[i].text), currency, &minor), rows[i].err);
        CHECK_INT(minor, rows[i].minor);
    }
}

TEST(money_format_writes_all_digits)
{
    static const struct {
        const char *currency;
        int64_t minor;
        const char *text;
    } rows[] = {
        {"EUR", 1999, "19.99"},
        {"EUR", -500, "-5.00"},
        {"EUR", 5, "0.05"},
        {"EUR", -5, "-0.05"},
        {"EUR", 0, "0.00"},
        {"EUR", 100, "1.00"},
        {"EUR", INT64_MAX, "92233720368547758.07"},
        {"EUR", INT64_MIN, "-92233720368547758.08"},
        {"JPY", 0, "0"},
        {"JPY", 500, "500"},
        {"JPY", INT64_MIN, "-9223372036854775808"},
        {"KWD", 1234, "1.234"},
        {"KWD", -1, "-0.001"},
        {"CLF", 12345, "1.2345"},
        {"CLF", INT64_MIN, "-922337203685477.5808"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[MONEY_TEXT_MAX];
        const struct currency *currency = currency_find(str_from(rows[i].currency));
        REQUIRE(currency);
        money_format(rows[i].minor, currency, text);
        CHECK_TEXT(text, rows[i].text);
    }
}

/* Of any size: as many random bits as a random number says. */
static int64_t any_int(struct test *t)
{
    uint64_t bits = rand_u64(t->ctx->rand) >> rand_below(t->ctx->rand, 64);
    return (int64_t)(rand_below(t->ctx->rand, 2) ? bits : 0 - bits);
}

TEST(money_parses_what_it_formats)
{
    static const char *const codes[] = {"JPY", "EUR", "KWD", "CLF"};
    int64_t wrong = 0;
    for (int i = 0; i < 100000; i++) {
        char text[MONEY_TEXT_MAX];
        const struct currency *currency = currency_find(str_from(codes[i % 4]));
        int64_t minor = any_int(t), again;
        money_format(minor, currency, text);
        wrong += money_parse(str_from(text), currency, &again) || again != minor;
    }
    CHECK_INT(wrong, 0);
}

TEST(money_arithmetic_knows_its_limits)
{
    int64_t result = 7;
    CHECK_ERR(money_add(INT64_MAX, 1, &result), ERR_LIMIT);
    CHECK_ERR(money_add(INT64_MIN, -1, &result), ERR_LIMIT);
    CHECK_ERR(money_subtract(INT64_MIN, 1, &result), ERR_LIMIT);
    CHECK_ERR(money_subtract(0, INT64_MIN, &result), ERR_LIMIT);
    CHECK_ERR(money_multiply(INT64_MAX, 2, &result), ERR_LIMIT);
    CHECK_ERR(money_multiply(INT64_MIN, -1, &result), ERR_LIMIT);
    CHECK_INT(result, 7);
    CHECK_ERR(money_add(1999, -99, &result), ERR_OK);
    CHECK_INT(result, 1900);
    CHECK_ERR(money_subtract(-1, INT64_MAX, &result), ERR_OK);
    CHECK_INT(result, INT64_MIN);
    CHECK_ERR(money_multiply(-250, 4, &result), ERR_OK);
    CHECK_INT(result, -1000);
}

TEST(money_part_rounds_half_away_from_zero)
{
    static const struct {
        int64_t minor, numerator, denominator, part;
    } rows[] = {
        {1999, 1900, 10000, 380}, /* 379.81 */
        {1999, 7, 100, 140},      /* 139.93 */
        {50, 1, 100, 1},          /* 0.5 */
        {49, 1, 100, 0},
        {-50, 1, 100, -1},
        {-49, 1, 100, 0},
        {150, 1, 100, 2},
        {-150, 1, 100, -2},
        {1, 1, 3, 0},
        {2, 1, 3, 1},
        {-2, 1, 3, -1},
        {5, -1, 2, -3},
        {-5, -1, 2, 3},
        {5, 0, 7, 0},
        {0, 5, 7, 0},
        {INT64_MAX, 1, 1, INT64_MAX},
        {INT64_MIN, 1, 1, INT64_MIN},
        {INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX},
        {INT64_MIN, INT64_MAX, INT64_MAX, INT64_MIN},
        {INT64_MAX, 1, INT64_MAX, 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t part = 0;
        test_note(t, "row %zu", i);
        CHECK_ERR(money_part(rows[i].minor, rows[i].numerator, rows[i].denominator, &part), ERR_OK);
        CHECK_INT(part, rows[i].part);
    }
    int64_t part = 7;
    CHECK_ERR(money_part(INT64_MAX, 2, 1, &part), ERR_LIMIT);
    CHECK_ERR(money_part(INT64_MIN, -1, 1, &part), ERR_LIMIT);
    CHECK_ERR(money_part(INT64_MIN, INT64_MIN, INT64_MAX, &part), ERR_LIMIT);
    CHECK_INT(part, 7);
}

/* The part is right where twice its distance from the exact value is at most one denominator, and
 * where it is exactly that, the part lies on the far side. */
static bool is_right_part(int64_t minor, int64_t numerator, int64_t denominator, int64_t part)
{
    __int128 exact = (__int128)minor * numerator;
    __int128 off = (__int128)part * denominator - exact;
    __int128 off_size = off < 0 ? -off : off;
    if (off_size > denominator - off_size)
        return false;
    return off_size != denominator - off_size || (off > 0) == (exact > 0);
}

TEST(money_part_is_exact_before_its_one_rounding)
{
    int64_t wrong = 0, fitting = 0;
    for (int i = 0; i < 200000; i++) {
        int64_t minor = any_int(t), numerator = any_int(t), part;
        int64_t denominator = any_int(t) & INT64_MAX;
        denominator += denominator == 0;
        if (money_part(minor, numerator, denominator, &part))
            continue;
        fitting++;
        wrong += !is_right_part(minor, numerator, denominator, part);
    }
    CHECK_INT(wrong, 0);
    CHECK(fitting > 50000);
}

TEST(money_split_gives_what_is_left_to_the_largest_remainders)
{
    static const struct {
        int64_t minor;
        size_t count;
        int64_t weights[4], shares[4];
    } rows[] = {
        {1000, 3, {1, 1, 1}, {334, 333, 333}},
        {-1000, 3, {1, 1, 1}, {-334, -333, -333}},
        {1, 3, {1, 1, 1}, {1, 0, 0}},
        {2, 3, {1, 1, 1}, {1, 1, 0}},
        {0, 3, {1, 2, 3}, {0, 0, 0}},
        {100, 1, {7}, {100}},
        {100, 4, {0, 1, 0, 1}, {0, 50, 0, 50}},
        {101, 4, {0, 1, 0, 1}, {0, 51, 0, 50}},
        {10, 3, {5, 3, 3}, {4, 3, 3}}, /* 4.5, 2.7, 2.7 */
        {10, 4, {1, 2, 3, 4}, {1, 2, 3, 4}},
        {5, 4, {1, 1, 1, 1}, {2, 1, 1, 1}},
        {7, 3, {1, 1, 5}, {1, 1, 5}},
        {8, 3, {1, 1, 5}, {1, 1, 6}}, /* 1.14, 1.14, 5.71 */
        {INT64_MAX, 2, {INT64_MAX, INT64_MAX}, {INT64_MAX / 2 + 1, INT64_MAX / 2}},
        {INT64_MIN, 2, {INT64_MAX, INT64_MAX}, {INT64_MIN / 2, INT64_MIN / 2}},
        {INT64_MIN, 2, {0, 1}, {0, INT64_MIN}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t shares[4] = {0};
        test_note(t, "row %zu", i);
        CHECK_ERR(money_split(rows[i].minor, rows[i].weights, rows[i].count, shares), ERR_OK);
        for (size_t k = 0; k < rows[i].count; k++)
            CHECK_INT(shares[k], rows[i].shares[k]);
    }
}

TEST(money_split_refuses_weights_that_share_nothing)
{
    int64_t shares[2] = {7, 7};
    CHECK_ERR(money_split(100, (int64_t[]){0, 0}, 2, shares), ERR_INPUT);
    CHECK_ERR(money_split(100, (int64_t[]){1, -1}, 2, shares), ERR_INPUT);
    CHECK_ERR(money_split(100, (int64_t[]){3, INT64_MIN}, 2, shares), ERR_INPUT);
    CHECK_ERR(money_split(100, NULL, 0, shares), ERR_INPUT);
    CHECK_INT(shares[0], 7);
}

/* The same split as one does it on paper: sort by remainder, then by place. */
struct line {
    unsigned __int128 remainder;
    size_t place;
    int64_t share;
};

static int by_remainder(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    if (x->remainder != y->remainder)
        return x->remainder > y->remainder ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

static void split_on_paper(int64_t minor, const int64_t weights[], size_t count, int64_t shares[])
{
    struct line lines[40] = {0};
    unsigned __int128 sum = 0, given = 0;
    unsigned __int128 total = minor < 0 ? 0 - (unsigned __int128)minor : (unsigned __int128)minor;
    for (size_t i = 0; i < count; i++)
        sum += (uint64_t)weights[i];
    for (size_t i = 0; i < count; i++) {
        unsigned __int128 exact = total * (uint64_t)weights[i];
        lines[i] = (struct line){exact % sum, i, (int64_t)(exact / sum)};
        given += exact / sum;
    }
    qsort(lines, count, sizeof *lines, by_remainder);
    for (size_t i = 0; given < total; i++, given++)
        lines[i].share++;
    for (size_t i = 0; i < count; i++)
        shares[lines[i].place] = minor < 0 ? -lines[i].share : lines[i].share;
}

TEST(money_split_agrees_with_a_split_on_paper)
{
    int64_t wrong = 0, lost = 0;
    for (int i = 0; i < 20000; i++) {
        int64_t weights[40] = {0}, shares[40], expected[40] = {0}, sum = 0;
        size_t count = 1 + rand_below(t->ctx->rand, COUNT(weights));
        uint64_t scale = rand_below(t->ctx->rand, 62);
        for (size_t k = 0; k < count; k++)
            weights[k] = (int64_t)(rand_u64(t->ctx->rand) >> (scale + 1));
        weights[0] += weights[0] == 0;
        int64_t minor = any_int(t) / 2;
        REQUIRE(money_split(minor, weights, count, shares) == ERR_OK);
        split_on_paper(minor, weights, count, expected);
        wrong += memcmp(shares, expected, count * sizeof *shares) != 0;
        for (size_t k = 0; k < count; k++)
            sum += shares[k];
        lost += sum != minor;
    }
    CHECK_INT(wrong, 0);
    CHECK_INT(lost, 0);
}

/* Heavier weights never get less, and a share is never a unit or more from its exact value. */
TEST(money_split_is_fair)
{
    int64_t wrong = 0;
    for (int i = 0; i < 5000; i++) {
        int64_t weights[10], shares[10], sum = 0;
        for (size_t k = 0; k < COUNT(weights); k++)
            sum += weights[k] = (int64_t)rand_below(t->ctx->rand, 1000) + 1;
        int64_t minor = (int64_t)rand_below(t->ctx->rand, 1000000);
        REQUIRE(money_split(minor, weights, COUNT(weights), shares) == ERR_OK);
        for (size_t k = 0; k < COUNT(weights); k++) {
            int64_t off = shares[k] * sum - minor * weights[k];
            wrong += off >= sum || off <= -sum;
            for (size_t j = 0; j < COUNT(weights); j++)
                wrong += weights[j] > weights[k] && shares[j] < shares[k];
        }
    }
    CHECK_INT(wrong, 0);
}
