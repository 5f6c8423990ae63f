/* Numbers as people type them, in each language. */
#include "harness/test.h"
#include "text/number.h"
#include "unit/text_says.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define NO           INT64_MIN /* it is refused */

TEST(typed_numbers_are_read_as_the_language_means_them)
{
    static const struct {
        const char *typed;
        int digits;
        int64_t read[LANGUAGE_COUNT];
    } rows[] = {
        {"0", 2, {0, 0, 0, 0, 0}},
        {"7", 0, {7, 7, 7, 7, 7}},
        {" -7 ", 0, {-7, -7, -7, -7, -7}},
        {"\u22127", 0, {-7, -7, -7, -7, -7}},
        {"1234", 0, {1234, 1234, 1234, 1234, 1234}},
        {"19.99", 2, {1999, 1999, 1999, 1999, 1999}},
        {"19,99", 2, {1999, 1999, 1999, 1999, 1999}},
        {"1,234", 0, {1234, NO, NO, NO, 1234}},
        {"1.234", 0, {NO, 1234, NO, 1234, NO}},
        {"1.234", 3, {1234, 1234000, 1234, 1234000, 1234}},
        {"1,234.5", 2, {123450, 123450, 123450, 123450, 123450}},
        {"1.234,5", 2, {123450, 123450, 123450, 123450, 123450}},
        {"1,234,567", 0, {1234567, 1234567, 1234567, 1234567, 1234567}},
        {"1" NBSP "234,50", 2, {123450, 123450, 123450, 123450, 123450}},
        {"1" NNBSP "234" NNBSP "567", 0, {1234567, 1234567, 1234567, 1234567, 1234567}},
        {"1 234", 0, {1234, 1234, 1234, 1234, 1234}},
        {LRM "-1,234", 0, {-1234, NO, NO, NO, -1234}},
        {"\u0661\u066c\u0662\u0663\u0664\u066b\u0665", 2, {123450, 123450, 123450, 123450, 123450}},
        {"9223372036854775807", 0, {INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX}},
        {"", 0, {NO, NO, NO, NO, NO}},
        {"-", 0, {NO, NO, NO, NO, NO}},
        {"--1", 0, {NO, NO, NO, NO, NO}},
        {"+1", 0, {NO, NO, NO, NO, NO}},
        {"1-", 0, {NO, NO, NO, NO, NO}},
        {"x", 0, {NO, NO, NO, NO, NO}},
        {"1x", 0, {NO, NO, NO, NO, NO}},
        {"1e3", 0, {NO, NO, NO, NO, NO}},
        {"€1", 0, {NO, NO, NO, NO, NO}},
        {".5", 2, {NO, NO, NO, NO, NO}},
        {"5.", 2, {NO, NO, NO, NO, NO}},
        {"1.5", 0, {NO, NO, NO, NO, NO}},
        {"1.555", 2, {NO, 155500, NO, 155500, NO}},
        {"12,34,567", 0, {NO, NO, NO, NO, NO}},
        {"1234,567,890", 0, {NO, NO, NO, NO, NO}},
        {"1,234 567", 0, {NO, NO, NO, NO, NO}},
        {"1.234.5", 2, {NO, NO, NO, NO, NO}},
        {"1,234.567.8", 2, {NO, NO, NO, NO, NO}},
        {"1  234", 0, {NO, NO, NO, NO, NO}},
        {"1.2 5", 3, {NO, NO, NO, NO, NO}},
        {"\xd9", 0, {NO, NO, NO, NO, NO}},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t k = 0; k < LANGUAGE_COUNT; k++) {
            int64_t read = NO;
            enum err err = text_read_decimal(&languages[k], str_from(rows[i].typed), rows[i].digits,
                                             &read);
            test_note(t, "\"%s\" in %s", rows[i].typed, languages[k].code);
            CHECK_INT(read, rows[i].read[k]);
            CHECK_ERR(err, rows[i].read[k] == NO ? ERR_INPUT : ERR_OK);
        }
}

TEST(typed_numbers_have_limits)
{
    int64_t read = 7;
    CHECK_ERR(text_read_decimal(EN, STR("9223372036854775808"), 0, &read), ERR_LIMIT);
    CHECK_ERR(text_read_decimal(EN, STR("92233720368547758.08"), 2, &read), ERR_LIMIT);
    CHECK_ERR(text_read_decimal(EN, STR("92233720368547759"), 2, &read), ERR_LIMIT);
    CHECK_INT(read, 7);
    char many[100];
    for (size_t i = 0; i < sizeof many; i++)
        many[i] = '1';
    CHECK_ERR(text_read_decimal(EN, str_make(many, sizeof many), 0, &read), ERR_INPUT);
}

/* What is written is read again. */
TEST(typed_numbers_may_be_what_was_written)
{
    static const int64_t numbers[] = {0, 5, -5, 99, 1234, -123450, 99999999, INT64_MAX};
    struct buf *out = new_buf(t);
    for (size_t i = 0; i < COUNT(numbers); i++)
        for (size_t k = 0; k < LANGUAGE_COUNT; k++)
            for (int digits = 0; digits <= 3; digits++) {
                int64_t read = NO;
                buf_clear(out);
                text_decimal(out, &languages[k], numbers[i], digits);
                test_note(t, "%.*s in %s", STR_ARG(buf_str(out)), languages[k].code);
                CHECK_ERR(text_read_decimal(&languages[k], buf_str(out), digits, &read), ERR_OK);
                CHECK_INT(read, numbers[i]);
            }
}
