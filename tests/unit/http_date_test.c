/* Tests the dates of HTTP. */
#include "base/clock.h"
#include "harness/test.h"
#include "web/http.h"

TEST(http_date_writes_one_form)
{
    static const struct {
        int64_t time_us;
        const char *text;
    } rows[] = {
        {0, "Thu, 01 Jan 1970 00:00:00 GMT"},
        {INT64_C(784111777) * SECOND_US + 999999, "Sun, 06 Nov 1994 08:49:37 GMT"},
        {INT64_C(1709164800) * SECOND_US, "Thu, 29 Feb 2024 00:00:00 GMT"},
        {CLOCK_MAX_US, "Fri, 31 Dec 9999 23:59:59 GMT"},
        {CLOCK_MIN_US, "Mon, 01 Jan 0001 00:00:00 GMT"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[HTTP_DATE_LEN + 1];
        int64_t time_us;
        http_date_format(rows[i].time_us, text);
        CHECK_TEXT(text, rows[i].text);
        CHECK_ERR(http_date_parse(str_from(text), &time_us), ERR_OK);
        CHECK_INT(time_us,
                  civil_from_us(rows[i].time_us).us ? rows[i].time_us - 999999 : rows[i].time_us);
    }
}

TEST(http_date_reads_three_forms)
{
    static const struct {
        const char *text;
        int64_t time_s;
    } rows[] = {
        {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
        {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
        {"Sun Nov  6 08:49:37 1994", 784111777},
        {"Wed Nov 16 08:49:37 1994", 784975777},
        {"Thursday, 01-Jan-70 00:00:00 GMT", 0},
        {"Tuesday, 31-Dec-69 23:59:59 GMT", 3155759999},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t time_us = -1;
        test_note(t, "%s", rows[i].text);
        CHECK_ERR(http_date_parse(str_from(rows[i].text), &time_us), ERR_OK);
        CHECK_INT(time_us, rows[i].time_s * SECOND_US);
    }
}

TEST(http_date_refuses_the_rest)
{
    static const char *const texts[] = {
        "",
        "0",
        "Sun",
        "Mon, 06 Nov 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 06 Nov 1994 08:49:37 GMT ",
        " Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:60 GMT",
        "Thu, 30 Feb 2023 00:00:00 GMT",
        "Sun, 06 Nov -994 08:49:37 GMT",
        "Sunday, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06-Nov-94 08:49:37 GMT",
        "Sun Nov 06 08:49:37 94",
        "Sun Nov  x 08:49:37 1994",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        int64_t time_us = 7;
        test_note(t, "%s", texts[i]);
        CHECK_ERR(http_date_parse(str_from(texts[i]), &time_us), ERR_INPUT);
        CHECK_INT(time_us, 7);
    }
}
