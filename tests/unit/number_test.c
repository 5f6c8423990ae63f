/* Numbers, percents and money in every language. */
#include "text/number.h"

#include "harness/test.h"
#include "harness/torture.h"
#include "unit/text_says.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

TEST(decimals_are_grouped_and_marked)
{
    static const struct {
        int64_t scaled;
        int digits;
        const char *said[LANGUAGE_COUNT];
    } rows[] = {
        {0, 0, {"0", "0", "0", "0", "0"}},
        {7, 0, {"7", "7", "7", "7", "7"}},
        {999, 0, {"999", "999", "999", "999", "999"}},
        {1234, 0, {"1,234", "1.234", "1" NNBSP "234", "1234", "1,234"}},
        {-1234, 0, {"-1,234", "-1.234", "-1" NNBSP "234", "-1234", LRM "-1,234"}},
        {12345, 0, {"12,345", "12.345", "12" NNBSP "345", "12.345", "12,345"}},
        {100000, 0, {"100,000", "100.000", "100" NNBSP "000", "100.000", "100,000"}},
        {0, 2, {"0.00", "0,00", "0,00", "0,00", "0.00"}},
        {5, 2, {"0.05", "0,05", "0,05", "0,05", "0.05"}},
        {-5, 2, {"-0.05", "-0,05", "-0,05", "-0,05", LRM "-0.05"}},
        {123450, 2, {"1,234.50", "1.234,50", "1" NNBSP "234,50", "1234,50", "1,234.50"}},
        {1234567, 1, {"123,456.7", "123.456,7", "123" NNBSP "456,7", "123.456,7", "123,456.7"}},
        {1,
         TEXT_DIGITS_MAX,
         {"0.000000000000000001", "0,000000000000000001", "0,000000000000000001",
          "0,000000000000000001", "0.000000000000000001"}},
        {INT64_MAX,
         0,
         {"9,223,372,036,854,775,807", "9.223.372.036.854.775.807",
          "9" NNBSP "223" NNBSP "372" NNBSP "036" NNBSP "854" NNBSP "775" NNBSP "807",
          "9.223.372.036.854.775.807", "9,223,372,036,854,775,807"}},
        {INT64_MIN,
         TEXT_DIGITS_MAX,
         {"-9.223372036854775808", "-9,223372036854775808", "-9,223372036854775808",
          "-9,223372036854775808", LRM "-9.223372036854775808"}},
    };
    struct buf *out = new_buf(t);
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t k = 0; k < LANGUAGE_COUNT; k++) {
            test_note(t, "row %zu in %s", i, languages[k].code);
            SAYS(text_decimal(out, &languages[k], rows[i].scaled, rows[i].digits), rows[i].said[k]);
        }
}

TEST(an_int_is_a_decimal_without_digits)
{
    struct buf *out = new_buf(t);
    SAYS(text_int(out, DE, INT64_MIN), "-9.223.372.036.854.775.808");
}

TEST(percents_have_their_sign)
{
    static const char *const said[LANGUAGE_COUNT] = {"-12.5%", "-12,5" NBSP "%", "-12,5" NBSP "%",
                                                     "-12,5" NBSP "%", LRM "-12.5" LRM "%" LRM};
    struct buf *out = new_buf(t);
    for (size_t k = 0; k < LANGUAGE_COUNT; k++) {
        test_note(t, "in %s", languages[k].code);
        SAYS(text_percent(out, &languages[k], -125, 1), said[k]);
    }
}

TEST(money_has_its_symbol_and_all_its_digits)
{
    static const struct {
        int64_t minor;
        struct currency currency;
        const char *said[LANGUAGE_COUNT];
    } rows[] = {
        {123450,
         {"EUR", 2},
         {"€1,234.50", "1.234,50" NBSP "€", "1" NNBSP "234,50" NBSP "€", "1234,50" NBSP "€",
          RLM "1,234.50" NBSP "€"}},
        {-1,
         {"EUR", 2},
         {"-€0.01", "-0,01" NBSP "€", "-0,01" NBSP "€", "-0,01" NBSP "€",
          RLM LRM "-0.01" NBSP "€"}},
        {1999,
         {"USD", 2},
         {"$19.99", "19,99" NBSP "$", "19,99" NBSP "$US", "19,99" NBSP "US$",
          RLM "19.99" NBSP "US$"}},
        {-1999,
         {"CHF", 2},
         {"-CHF" NBSP "19.99", "-19,99" NBSP "CHF", "-19,99" NBSP "CHF", "-19,99" NBSP "CHF",
          RLM LRM "-19.99" NBSP "CHF"}},
        {500,
         {"JPY", 0},
         {"¥500", "500" NBSP "¥", "500" NBSP "JPY", "500" NBSP "JPY", RLM "500" NBSP "JP¥"}},
        {1234567,
         {"KWD", 3},
         {"KWD" NBSP "1,234.567", "1.234,567" NBSP "KWD", "1" NNBSP "234,567" NBSP "KWD",
          "1234,567" NBSP "KWD", RLM "1,234.567" NBSP "د.ك." RLM}},
    };
    struct buf *out = new_buf(t);
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t k = 0; k < LANGUAGE_COUNT; k++) {
            test_note(t, "%s in %s", rows[i].currency.code, languages[k].code);
            SAYS(text_money(out, &languages[k], rows[i].minor, &rows[i].currency), rows[i].said[k]);
        }
}

TEST(numbers_keep_to_the_limit_of_the_buffer)
{
    static const struct currency eur = {"EUR", 2};
    for (size_t limit = 0; limit < 12; limit++) {
        struct buf out;
        buf_init(&out, t->arena, limit);
        text_money(&out, EN, 123450, &eur);
        test_note(t, "limit %zu", limit);
        CHECK_ERR(buf_err(&out), limit < STR("€1,234.50").len ? ERR_LIMIT : ERR_OK);
        CHECK(out.len <= limit);
    }
}

static enum err say_money(struct test *t, void *arg __attribute__((unused)))
{
    static const struct currency eur = {"EUR", 2};
    struct arena arena;
    struct buf out;
    arena_init(&arena, 1 << 20);
    buf_init(&out, &arena, SAYS_MAX);
    text_money(&out, EN, 123450, &eur);
    enum err err = buf_err(&out);
    if (!err)
        CHECK_STR(buf_str(&out), "€1,234.50");
    arena_release(&arena);
    return err;
}

TEST(numbers_survive_a_lack_of_memory)
{
    TORTURE_EVERY(t, TORTURE_MEMORY, say_money, NULL);
}
