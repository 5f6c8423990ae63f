/* Dates and times in every language. */
#include "text/date.h"

#include "harness/test.h"
#include "unit/text_says.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct civil tuesday = {
    .year = 2026, .month = 9, .day = 1, .hour = 15, .minute = 5, .weekday = 2, .year_day = 244};

TEST(dates_have_four_widths)
{
    static const char *const said[LANGUAGE_COUNT][DATE_WIDTH_COUNT] = {
        {"9/1/2026", "Sep 1, 2026", "September 1, 2026", "Tuesday, September 1, 2026"},
        {"1.9.2026", "01.09.2026", "1. September 2026", "Dienstag, 1. September 2026"},
        {"01/09/2026", "1 sept. 2026", "1 septembre 2026", "mardi 1 septembre 2026"},
        {"1/9/2026", "1 sept 2026", "1 de septiembre de 2026", "martes, 1 de septiembre de 2026"},
        {"1" RLM "/9" RLM "/2026", "01" RLM "/09" RLM "/2026", "1 سبتمبر 2026",
         "الثلاثاء، 1 سبتمبر 2026"},
    };
    struct buf *out = new_buf(t);
    for (size_t i = 0; i < LANGUAGE_COUNT; i++)
        for (int width = 0; width < DATE_WIDTH_COUNT; width++) {
            test_note(t, "width %d in %s", width, languages[i].code);
            SAYS(text_date(out, &languages[i], &tuesday, (enum date_width)width), said[i][width]);
        }
}

TEST(dates_name_every_month_and_weekday)
{
    struct buf *out = new_buf(t);
    for (size_t i = 0; i < LANGUAGE_COUNT; i++)
        for (int k = 0; k < 84; k++) {
            const struct language *language = &languages[i];
            struct civil civil = {
                .year = 2026, .month = k % 12 + 1, .day = 28, .weekday = k % 7 + 1};
            buf_clear(out);
            text_date(out, language, &civil, DATE_FULL);
            test_note(t, "%s %d", language->code, k);
            CHECK(str_starts(buf_str(out), str_from(language->weekdays[k % 7])));
            CHECK(str_find(buf_str(out), str_from(language->months[k % 12])) != STR_NONE);
            CHECK(str_ends(buf_str(out), STR("2026")));
        }
}

TEST(times_go_by_12_or_24_hours)
{
    static const struct {
        int hour, minute;
        const char *said[LANGUAGE_COUNT];
    } rows[] = {
        {0, 0, {"12:00" NNBSP "AM", "00:00", "00:00", "0:00", "12:00 ص"}},
        {0, 59, {"12:59" NNBSP "AM", "00:59", "00:59", "0:59", "12:59 ص"}},
        {1, 5, {"1:05" NNBSP "AM", "01:05", "01:05", "1:05", "1:05 ص"}},
        {11, 59, {"11:59" NNBSP "AM", "11:59", "11:59", "11:59", "11:59 ص"}},
        {12, 0, {"12:00" NNBSP "PM", "12:00", "12:00", "12:00", "12:00 م"}},
        {13, 30, {"1:30" NNBSP "PM", "13:30", "13:30", "13:30", "1:30 م"}},
        {23, 59, {"11:59" NNBSP "PM", "23:59", "23:59", "23:59", "11:59 م"}},
    };
    struct buf *out = new_buf(t);
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t k = 0; k < LANGUAGE_COUNT; k++) {
            struct civil civil = {.hour = rows[i].hour, .minute = rows[i].minute};
            test_note(t, "%d:%02d in %s", rows[i].hour, rows[i].minute, languages[k].code);
            SAYS(text_time(out, &languages[k], &civil), rows[i].said[k]);
        }
}

TEST(a_date_and_a_time_are_joined)
{
    static const char *const said[LANGUAGE_COUNT] = {
        "Sep 1, 2026, 3:05" NNBSP "PM", "01.09.2026, 15:05", "1 sept. 2026, 15:05",
        "1 sept 2026, 15:05", "01" RLM "/09" RLM "/2026، 3:05 م"};
    struct buf *out = new_buf(t);
    for (size_t i = 0; i < LANGUAGE_COUNT; i++) {
        test_note(t, "in %s", languages[i].code);
        SAYS(text_date_time(out, &languages[i], &tuesday, DATE_MEDIUM), said[i]);
    }
    SAYS(text_date_time(out, FR, &tuesday, DATE_NUMERIC), "01/09/2026 15:05");
}

TEST(dates_keep_to_the_limit_of_the_buffer)
{
    struct buf out;
    buf_init(&out, t->arena, 5);
    text_date_time(&out, EN, &tuesday, DATE_FULL);
    CHECK_ERR(buf_err(&out), ERR_LIMIT);
    CHECK(out.len <= 5);
}
