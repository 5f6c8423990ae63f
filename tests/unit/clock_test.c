/* Tests of the clock and the calendar. */
#include "base/clock.h"

#include <string.h>
#include <time.h>

#include "harness/test.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

TEST(clock_system_tells_the_time_of_day)
{
    struct clock clock = clock_system();
    int64_t now_us = clock_now_us(&clock);
    CHECK(now_us / SECOND_US - time(NULL) <= 1);
    CHECK(time(NULL) - now_us / SECOND_US <= 1);
}

TEST(clock_system_ticks_forward)
{
    struct clock clock = clock_system();
    int64_t last_us = clock_tick_us(&clock), backward = 0;
    for (int i = 0; i < 1000; i++) {
        int64_t tick_us = clock_tick_us(&clock);
        backward += tick_us < last_us;
        last_us = tick_us;
    }
    CHECK_INT(backward, 0);
}

static bool same_civil(struct civil civil, const struct tm *tm)
{
    return civil.year == tm->tm_year + 1900 && civil.month == tm->tm_mon + 1 &&
           civil.day == tm->tm_mday && civil.hour == tm->tm_hour && civil.minute == tm->tm_min &&
           civil.second == tm->tm_sec && civil.weekday == (tm->tm_wday + 6) % 7 + 1 &&
           civil.year_day == tm->tm_yday + 1;
}

static bool agrees_with_libc(struct test *t, int64_t time_us)
{
    time_t seconds = (time_t)((time_us - CLOCK_MIN_US) / SECOND_US + CLOCK_MIN_US / SECOND_US);
    struct tm tm;
    struct civil civil = civil_from_us(time_us);
    int64_t back_us = 0;
    bool same = gmtime_r(&seconds, &tm) && same_civil(civil, &tm) &&
                !civil_to_us(&civil, &back_us) && back_us == time_us;
    if (!same)
        test_note(t, "at %lld", (long long)time_us);
    return same;
}

/* Every day of 9,999 years, at a time of day that wanders. */
TEST(civil_agrees_with_libc_on_every_day)
{
    int64_t differ = 0, days = 0;
    for (int64_t at_us = CLOCK_MIN_US; at_us <= CLOCK_MAX_US; at_us += DAY_US + 1234567)
        differ += !agrees_with_libc(t, at_us), days++;
    CHECK_INT(differ, 0);
    CHECK(days > 3600000);
}

TEST(civil_agrees_with_libc_around_midnights)
{
    int64_t differ = 0;
    for (int64_t day_us = CLOCK_MIN_US + DAY_US; day_us < CLOCK_MAX_US - DAY_US;
         day_us += 97 * DAY_US) {
        differ += !agrees_with_libc(t, day_us - 1);
        differ += !agrees_with_libc(t, day_us);
        differ += !agrees_with_libc(t, day_us + 1);
    }
    differ += !agrees_with_libc(t, CLOCK_MIN_US);
    differ += !agrees_with_libc(t, CLOCK_MAX_US);
    CHECK_INT(differ, 0);
}

TEST(civil_to_us_refuses_what_is_not_in_the_calendar)
{
    static const struct {
        struct civil civil;
        enum err err;
    } rows[] = {
        {{.year = 2024, .month = 2, .day = 29}, ERR_OK},
        {{.year = 2023, .month = 2, .day = 29}, ERR_INPUT},
        {{.year = 2000, .month = 2, .day = 29}, ERR_OK},
        {{.year = 1900, .month = 2, .day = 29}, ERR_INPUT},
        {{.year = 2026, .month = 2, .day = 30}, ERR_INPUT},
        {{.year = 2026, .month = 4, .day = 31}, ERR_INPUT},
        {{.year = 2026, .month = 12, .day = 31}, ERR_OK},
        {{.year = 2026, .month = 12, .day = 32}, ERR_INPUT},
        {{.year = 2026, .month = 1, .day = 0}, ERR_INPUT},
        {{.year = 2026, .month = 0, .day = 1}, ERR_INPUT},
        {{.year = 2026, .month = 13, .day = 1}, ERR_INPUT},
        {{.year = 2026, .month = -1, .day = 1}, ERR_INPUT},
        {{.year = 0, .month = 1, .day = 1}, ERR_INPUT},
        {{.year = 1, .month = 1, .day = 1}, ERR_OK},
        {{.year = 9999, .month = 12, .day = 31, .hour = 23}, ERR_OK},
        {{.year = 10000, .month = 1, .day = 1}, ERR_INPUT},
        {{.year = 2026, .month = 1, .day = 1, .hour = 24}, ERR_INPUT},
        {{.year = 2026, .month = 1, .day = 1, .hour = -1}, ERR_INPUT},
        {{.year = 2026, .month = 1, .day = 1, .minute = 60}, ERR_INPUT},
        {{.year = 2026, .month = 1, .day = 1, .second = 60}, ERR_INPUT},
        {{.year = 2026, .month = 1, .day = 1, .us = 1000000}, ERR_INPUT},
        {{.year = 2026, .month = 1, .day = 1, .us = 999999}, ERR_OK},
        {{.year = 2026, .month = 1, .day = 1, .us = -1}, ERR_INPUT},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t time_us;
        test_note(t, "row %zu", i);
        CHECK_ERR(civil_to_us(&rows[i].civil, &time_us), rows[i].err);
    }
}

TEST(clock_formats_what_it_parses)
{
    static const struct {
        const char *text, *formatted;
    } rows[] = {
        {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z"},
        {"2026-11-21T03:38:20.123456Z", "2026-11-21T03:38:20.123456Z"},
        {"2026-11-21t03:38:20z", "2026-11-21T03:38:20.000000Z"},
        {"2026-11-21", "2026-11-21T00:00:00.000000Z"},
        {"2026-11-21T03:38:20+01:00", "2026-11-21T02:38:20.000000Z"},
        {"2026-11-21T03:38:20-05:30", "2026-11-21T09:08:20.000000Z"},
        {"2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00.000000Z"},
        {"2024-02-28T23:30:00-01:00", "2024-02-29T00:30:00.000000Z"},
        {"2026-11-21T03:38:20-00:00", "2026-11-21T03:38:20.000000Z"},
        {"2026-11-21T03:38:20+23:59", "2026-11-20T03:39:20.000000Z"},
        {"2026-11-21T03:38:20.5Z", "2026-11-21T03:38:20.500000Z"},
        {"2026-11-21T03:38:20.000001Z", "2026-11-21T03:38:20.000001Z"},
        {"2026-11-21T03:38:20.9999999999Z", "2026-11-21T03:38:20.999999Z"},
        {"1969-12-31T23:59:59.9999995Z", "1969-12-31T23:59:59.999999Z"},
        {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"},
        {"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"},
        {"9999-12-31", "9999-12-31T00:00:00.000000Z"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t time_us = 0, again_us = 0;
        char text[CLOCK_TEXT_MAX];
        test_note(t, "%s", rows[i].text);
        CHECK_ERR(clock_parse(str_from(rows[i].text), &time_us), ERR_OK);
        clock_format(time_us, text);
        CHECK_TEXT(text, rows[i].formatted);
        CHECK_ERR(clock_parse(str_from(text), &again_us), ERR_OK);
        CHECK_INT(again_us, time_us);
    }
}

TEST(clock_parse_refuses_what_is_no_time)
{
    static const char *const rows[] = {
        "",
        "now",
        "2026",
        "2026-11",
        "2026-11-2",
        "26-11-21",
        "+2026-11-21",
        "2026-11-21 ",
        " 2026-11-21",
        "2026/11/21",
        "20261121",
        "2026-11-21T",
        "2026-11-21T03:38",
        "2026-11-21T03:38:20",
        "2026-11-21 03:38:20Z",
        "2026-11-21T3:38:20Z",
        "2026-11-21T03:38:20.Z",
        "2026-11-21T03:38:20,5Z",
        "2026-11-21T03:38:20.5",
        "2026-11-21T03:38:20.-5Z",
        "2026-11-21T03:38:20ZZ",
        "2026-11-21T03:38:20Z ",
        "2026-11-21T03:38:20+01",
        "2026-11-21T03:38:20+0100",
        "2026-11-21T03:38:20+1:00",
        "2026-11-21T03:38:20+24:00",
        "2026-11-21T03:38:20+01:60",
        "2026-11-21T03:38:20±01:00",
        "2026-11-21T03:38:20UTC",
        "2026-11-21T24:00:00Z",
        "2026-11-21T03:60:20Z",
        "2016-12-31T23:59:60Z",
        "2026-02-29",
        "2026-13-01",
        "2026-00-01",
        "2026-11-00",
        "2026-11-31",
        "0000-01-01",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "2026-11-21T03:38:2OZ",
        "٢٠٢٦-11-21",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t time_us = 42;
        test_note(t, "\"%s\"", rows[i]);
        CHECK_ERR(clock_parse(str_from(rows[i]), &time_us), ERR_INPUT);
        CHECK_INT(time_us, 42);
    }
    int64_t time_us;
    CHECK_ERR(clock_parse((struct str){0}, &time_us), ERR_INPUT);
    CHECK_ERR(clock_parse(STR("2026-11-21\0"), &time_us), ERR_INPUT);
}

/* A text that ends anywhere is refused, and nothing behind its end is read. */
TEST(clock_parse_refuses_every_beginning)
{
    static const char whole[] = "2026-11-21T03:38:20.123456+01:00";
    for (size_t len = 0; len < sizeof whole - 1; len++) {
        struct str copy;
        int64_t time_us;
        REQUIRE(!str_copy(t->arena, str_make(whole, len), &copy));
        test_note(t, "%zu bytes", len);
        CHECK_ERR(clock_parse(copy, &time_us), len == 10 ? ERR_OK : ERR_INPUT);
    }
}

TEST(clock_texts_sort_as_their_times)
{
    int64_t last_us = CLOCK_MIN_US, wrong = 0;
    char last[CLOCK_TEXT_MAX], text[CLOCK_TEXT_MAX];
    clock_format(last_us, last);
    for (int i = 0; i < 20000; i++) {
        last_us += (int64_t)rand_below(t->ctx->rand, 180 * DAY_US) + 1;
        clock_format(last_us, text);
        wrong += strcmp(last, text) >= 0;
        memcpy(last, text, sizeof text);
    }
    CHECK_INT(wrong, 0);
}
