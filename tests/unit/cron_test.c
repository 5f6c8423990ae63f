/* Tests schedule expressions: what they name, around the changes of clocks too, and what is told of
 * those that are wrong. */
#include "flow/cron.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/buf.h"
#include "harness/test.h"

enum { RUNS_MAX = 12 };

static int64_t us_of(const char *text)
{
    int64_t time_us = 0;
    ASSERT(clock_parse(str_from(text), &time_us) == ERR_OK);
    return time_us;
}

static const struct zone *open_zone(struct test *t, const char *name)
{
    struct zone *zone = NULL;
    if (zone_open(t->ctx, "zone", str_from(name), &zone) || !zone)
        test_stop(t);
    return zone;
}

/* "2026-01-15 12:01 …", on the clocks of the zone; a moment that shows seconds shows them. */
static struct str runs_of(struct test *t, const char *expression, const struct zone *zone,
                          const char *after, size_t max)
{
    struct buf out;
    struct cron cron;
    int64_t runs_us[RUNS_MAX];
    buf_init(&out, t->arena, 1 << 10);
    if (cron_parse(t->ctx, "expression", str_from(expression), &cron))
        return str_from(t->ctx->err.user);
    size_t count = cron_runs(&cron, zone, us_of(after), runs_us, max);
    for (size_t i = 0; i < count; i++) {
        struct civil at = zone_civil(zone, runs_us[i]);
        buf_addf(&out, "%s%04d-%02d-%02d %02d:%02d", i ? " " : "", at.year, at.month, at.day,
                 at.hour, at.minute);
        if (at.second)
            buf_addf(&out, ":%02d", at.second);
    }
    if (count < max)
        buf_add(&out, count ? STR(" end") : STR("never"));
    return buf_str(&out);
}

struct row {
    const char *expression, *runs;
};

/* From 2026-01-15 12:00:00, a Thursday. */
static void check_runs(struct test *t, const struct row *rows, size_t count)
{
    const struct zone *utc = open_zone(t, "UTC");
    for (size_t i = 0; i < count; i++) {
        test_note(t, "%s", rows[i].expression);
        CHECK_STR(runs_of(t, rows[i].expression, utc, "2026-01-15T12:00:00Z", 2), rows[i].runs);
    }
}

TEST(cron_names_runs_as_unix_does)
{
    static const struct row rows[] = {
        {"* * * * *", "2026-01-15 12:01 2026-01-15 12:02"},
        {"0 12 * * *", "2026-01-16 12:00 2026-01-17 12:00"},
        {"30 9 * * MON-FRI", "2026-01-16 09:30 2026-01-19 09:30"},
        {"  30\t9  * * mon-fri ", "2026-01-16 09:30 2026-01-19 09:30"},
        {"05 04 * * *", "2026-01-16 04:05 2026-01-17 04:05"},
        {"*/15 * * * *", "2026-01-15 12:15 2026-01-15 12:30"},
        {"7/25 12 * * *", "2026-01-15 12:07 2026-01-15 12:32"},
        {"10-30/10,59 12 * * *", "2026-01-15 12:10 2026-01-15 12:20"},
        {"59,0 23,0 * * *", "2026-01-15 23:00 2026-01-15 23:59"},
        {"0 0 1 * *", "2026-02-01 00:00 2026-03-01 00:00"},
        {"0 0 31 * *", "2026-01-31 00:00 2026-03-31 00:00"},
        {"0 0 29 2 *", "2028-02-29 00:00 2032-02-29 00:00"},
        {"0 0 29 FEB MON", "2026-02-02 00:00 2026-02-09 00:00"},
        {"0 0 13 * 5", "2026-01-16 00:00 2026-01-23 00:00"},  /* either */
        {"0 0 */2 * 5", "2026-01-23 00:00 2026-02-13 00:00"}, /* both */
        {"0 0 * * 0", "2026-01-18 00:00 2026-01-25 00:00"},
        {"0 0 * * 7", "2026-01-18 00:00 2026-01-25 00:00"},
        {"0 0 * * 5-7", "2026-01-16 00:00 2026-01-17 00:00"},
        {"0 0 * * SAT-SUN", "2026-01-17 00:00 2026-01-18 00:00"},
        {"0 0 * * FRI-MON/2", "2026-01-16 00:00 2026-01-18 00:00"},
        {"0 0 * * 6-2", "2026-01-17 00:00 2026-01-18 00:00"},
        {"0 0 ? * 1", "2026-01-19 00:00 2026-01-26 00:00"},
        {"0 0 L * *", "2026-01-31 00:00 2026-02-28 00:00"},
        {"0 0 LW * *", "2026-01-30 00:00 2026-02-27 00:00"},
        {"0 0 * * FRIL", "2026-01-30 00:00 2026-02-27 00:00"},
        {"0 0 * * 0L", "2026-01-25 00:00 2026-02-22 00:00"},
        {"0 0 * * MON#2", "2026-02-09 00:00 2026-03-09 00:00"},
        {"0 0 * * 5#5", "2026-01-30 00:00 2026-05-29 00:00"},
        {"0 0 * 12 L", "2026-12-05 00:00 2026-12-12 00:00"},
        {"@hourly", "2026-01-15 13:00 2026-01-15 14:00"},
        {"@daily", "2026-01-16 00:00 2026-01-17 00:00"},
        {"@weekly", "2026-01-18 00:00 2026-01-25 00:00"},
        {"@monthly", "2026-02-01 00:00 2026-03-01 00:00"},
        {"@yearly", "2027-01-01 00:00 2028-01-01 00:00"},
        {"0 0 30 2 *", "never"},
        {"0 0 31 4,6,9,11 *", "never"},
    };
    check_runs(t, rows, sizeof rows / sizeof *rows);
}

TEST(cron_names_runs_as_aws_does)
{
    static const struct row rows[] = {
        {"cron(0 18 ? * 6L *)", "2026-01-30 18:00 2026-02-27 18:00"},
        {"cron(15 10 ? * 2-6 *)", "2026-01-16 10:15 2026-01-19 10:15"},
        {"cron(15 10 ? * 7-1 *)", "2026-01-17 10:15 2026-01-18 10:15"},
        {"cron(0 8 1 * ? *)", "2026-02-01 08:00 2026-03-01 08:00"},
        {"cron(0/10 * ? * MON-FRI *)", "2026-01-15 12:10 2026-01-15 12:20"},
        {"cron(0 9 ? * 2#1 *)", "2026-02-02 09:00 2026-03-02 09:00"},
        {"cron(0 0 L 2 ? 2028,2032)", "2028-02-29 00:00 2032-02-29 00:00"},
        {"cron(0 0 15W * ? *)", "2026-02-16 00:00 2026-03-16 00:00"}, /* Sundays */
        {"cron(0 0 1W * ? *)", "2026-02-02 00:00 2026-03-02 00:00"},
        {"cron(0 0 31W * ? *)", "2026-01-30 00:00 2026-03-31 00:00"},
        {"cron(0 0 28W 2 ? 2027)", "2027-02-26 00:00 end"}, /* a Sunday that ends the month */
        {"cron(0 0 1W 8 ? 2026)", "2026-08-03 00:00 end"},  /* a Saturday that begins it */
        {"cron(0 0 * * ? 2026/100)", "2026-01-16 00:00 2026-01-17 00:00"},
        {"cron(0 0 1 1 ? 2199)", "2199-01-01 00:00 end"},
        {"cron(59 23 31 12 ? 2199)", "2199-12-31 23:59 end"},
        {"cron(0 0 1 1 ? 2020-2025)", "never"},
        {"cron(0 0 ? * L *)", "2026-01-17 00:00 2026-01-24 00:00"},
        {"cron(0 0 29 2 ? 2100)", "never"}, /* no leap year */
        {"cron(0 0 31W 2 ? *)", "never"},
        /* rates begin at 1970 where nothing else is said */
        {"rate(5 minutes)", "2026-01-15 12:05 2026-01-15 12:10"},
        {"rate(1 minute)", "2026-01-15 12:01 2026-01-15 12:02"},
        {"rate( 1  hour )", "2026-01-15 13:00 2026-01-15 14:00"},
        {"rate(7 hours)", "2026-01-15 14:00 2026-01-15 21:00"},
        {"rate(10 days)", "2026-01-17 00:00 2026-01-27 00:00"},
        {"rate(999999 days)", "never"},
        {"at(2026-12-01T09:00:00)", "2026-12-01 09:00 end"},
        {"at(2026-01-15T12:00:01)", "2026-01-15 12:00:01 end"},
        {"at(2026-01-15T12:00:00)", "never"},
        {"at(2199-12-31T23:59:59)", "2199-12-31 23:59:59 end"},
    };
    check_runs(t, rows, sizeof rows / sizeof *rows);
}

struct local_row {
    const char *zone, *after, *expression, *runs;
};

static void check_local_runs(struct test *t, const struct local_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct zone *zone = open_zone(t, rows[i].zone);
        test_note(t, "%s after %s in %s", rows[i].expression, rows[i].after, rows[i].zone);
        CHECK_STR(runs_of(t, rows[i].expression, zone, rows[i].after, 3), rows[i].runs);
    }
}

TEST(cron_follows_the_clocks)
{
    static const struct local_row rows[] = {
        /* 02:00 to 03:00 is left out on 29 March */
        {"Europe/Berlin", "2026-03-28T12:00:00Z", "30 2 * * *",
         "2026-03-29 03:00 2026-03-30 02:30 2026-03-31 02:30"},
        {"Europe/Berlin", "2026-03-28T23:30:00Z", "0,20,40 2,3 * * *",
         "2026-03-29 03:00 2026-03-29 03:20 2026-03-29 03:40"},
        {"Europe/Berlin", "2026-03-29T01:00:00Z", "30 2 * * *",
         "2026-03-30 02:30 2026-03-31 02:30 2026-04-01 02:30"},
        {"Europe/Berlin", "2026-03-29T00:00:00Z", "30 * * * *",
         "2026-03-29 01:30 2026-03-29 03:30 2026-03-29 04:30"},
        {"Europe/Berlin", "2026-03-28T12:00:00Z", "at(2026-03-29T02:30:00)",
         "2026-03-29 03:00 end"},
        /* 02:00 to 03:00 comes twice on 25 October */
        {"Europe/Berlin", "2026-10-24T12:00:00Z", "30 2 * * *",
         "2026-10-25 02:30 2026-10-26 02:30 2026-10-27 02:30"},
        {"Europe/Berlin", "2026-10-25T00:30:00Z", "30 2 * * *",
         "2026-10-26 02:30 2026-10-27 02:30 2026-10-28 02:30"},
        {"Europe/Berlin", "2026-10-25T01:10:00Z", "30 2 * * *",
         "2026-10-26 02:30 2026-10-27 02:30 2026-10-28 02:30"},
        {"Europe/Berlin", "2026-10-25T00:15:00Z", "*/30 2 * * *",
         "2026-10-25 02:30 2026-10-26 02:00 2026-10-26 02:30"},
        {"Europe/Berlin", "2026-10-24T23:45:00Z", "30 * * * *",
         "2026-10-25 02:30 2026-10-25 02:30 2026-10-25 03:30"},
        {"Europe/Berlin", "2026-10-25T00:59:00Z", "* * * * *",
         "2026-10-25 02:00 2026-10-25 02:01 2026-10-25 02:02"},
        {"Europe/Berlin", "2026-10-24T12:00:00Z", "at(2026-10-25T02:30:00)",
         "2026-10-25 02:30 end"},
        {"Europe/Berlin", "2026-10-25T00:30:00Z", "at(2026-10-25T02:30:00)", "never"},
    };
    check_local_runs(t, rows, sizeof rows / sizeof *rows);
}

TEST(cron_follows_the_clocks_elsewhere)
{
    static const struct local_row rows[] = {
        /* in the south, and by half an hour */
        {"Australia/Sydney", "2026-10-03T00:00:00Z", "15 2 * * *",
         "2026-10-04 03:00 2026-10-05 02:15 2026-10-06 02:15"},
        {"Australia/Sydney", "2026-04-04T00:00:00Z", "15 2 * * *",
         "2026-04-05 02:15 2026-04-06 02:15 2026-04-07 02:15"},
        {"Australia/Lord_Howe", "2026-10-03T00:00:00Z", "15 2 * * *",
         "2026-10-04 02:30 2026-10-05 02:15 2026-10-06 02:15"},
        {"Australia/Lord_Howe", "2026-04-04T00:00:00Z", "45 1 * * *",
         "2026-04-05 01:45 2026-04-06 01:45 2026-04-07 01:45"},
        /* midnight is left out, and comes twice */
        {"America/Santiago", "2026-09-05T12:00:00Z", "0 0 * * *",
         "2026-09-06 01:00 2026-09-07 00:00 2026-09-08 00:00"},
        {"America/Santiago", "2026-04-04T12:00:00Z", "30 23 * * *",
         "2026-04-04 23:30 2026-04-05 23:30 2026-04-06 23:30"},
        {"America/Havana", "2026-10-31T12:00:00Z", "0 0 * * *",
         "2026-11-01 00:00 2026-11-02 00:00 2026-11-03 00:00"},
        {"America/St_Johns", "1990-10-27T12:00:00Z", "0 0 28 10 *",
         "1990-10-28 00:00 1991-10-28 00:00 1992-10-28 00:00"},
        /* a day that was left out */
        {"Pacific/Apia", "2011-12-29T12:00:00Z", "0 8 * * *",
         "2011-12-29 08:00 2011-12-31 00:00 2011-12-31 08:00"},
        {"Pacific/Apia", "2011-12-30T09:30:00Z", "0 * * * *",
         "2011-12-31 00:00 2011-12-31 01:00 2011-12-31 02:00"},
        /* local minutes that are no minutes of UTC */
        {"Asia/Kathmandu", "2026-01-01T00:00:00Z", "0 * * * *",
         "2026-01-01 06:00 2026-01-01 07:00 2026-01-01 08:00"},
        {"Africa/Monrovia", "1971-01-01T00:00:00Z", "0 0 * * *",
         "1971-01-01 00:00 1971-01-02 00:00 1971-01-03 00:00"},
        /* years that the zone's file does not list */
        {"America/New_York", "2190-03-13T00:00:00Z", "30 2 14 3 *",
         "2190-03-14 03:00 2191-03-14 02:30 2192-03-14 02:30"},
        {"Pacific/Kiritimati", "2199-12-30T09:59:59Z", "@daily", "2199-12-31 00:00 end"},
        {"Etc/GMT+12", "2199-12-31T12:00:00Z", "@daily", "never"},
        {"Europe/Berlin", "2026-01-15T12:00:00Z", "0 0 30 2 *", "never"},
    };
    check_local_runs(t, rows, sizeof rows / sizeof *rows);
}

/* Whatever the moment between two runs, the next is the same. */
TEST(cron_is_the_same_from_any_moment_between)
{
    static const char *const expressions[] = {"*/7 * * * *", "10 2,3 * * *", "rate(11 minutes)",
                                              "0 0 LW * *"};
    const struct zone *zone = open_zone(t, "Europe/Berlin");
    for (size_t i = 0; i < sizeof expressions / sizeof *expressions; i++) {
        struct cron cron;
        int64_t run_us = us_of("2026-10-24T23:00:00Z"), next_us, again_us;
        test_note(t, "%s", expressions[i]);
        if (cron_parse(t->ctx, "expression", str_from(expressions[i]), &cron))
            test_stop(t);
        for (int k = 0; k < 50; k++, run_us = next_us) {
            if (!cron_next(&cron, zone, run_us, &next_us) || next_us <= run_us)
                test_stop(t);
            for (int part = 1; part < 5; part++) {
                CHECK(cron_next(&cron, zone, run_us + (next_us - run_us) / 5 * part, &again_us));
                CHECK_INT(again_us, next_us);
            }
            CHECK(cron_next(&cron, zone, next_us - 1, &again_us));
            CHECK_INT(again_us, next_us);
        }
    }
}

TEST(cron_rates_count_from_their_anchor)
{
    const struct zone *utc = open_zone(t, "UTC");
    struct cron cron;
    int64_t next_us = 0, anchor_us = us_of("2026-01-15T12:03:30Z");
    CHECK_ERR(cron_parse(t->ctx, "expression", STR("rate(10 minutes)"), &cron), ERR_OK);
    cron.anchor_us = anchor_us;
    CHECK(cron_next(&cron, utc, anchor_us, &next_us));
    CHECK_INT(next_us, anchor_us + 10 * MINUTE_US);
    CHECK(cron_next(&cron, utc, anchor_us - 1, &next_us));
    CHECK_INT(next_us, anchor_us);
    CHECK(cron_next(&cron, utc, anchor_us - 11 * MINUTE_US, &next_us));
    CHECK_INT(next_us, anchor_us - 10 * MINUTE_US);
    CHECK(cron_next(&cron, utc, anchor_us + 1000 * DAY_US + 1, &next_us));
    CHECK_INT(next_us, anchor_us + 1000 * DAY_US + 10 * MINUTE_US);
}

TEST(cron_takes_every_moment)
{
    static const int64_t moments_us[] = {INT64_MIN, CLOCK_MIN_US, -1, 0, CLOCK_MAX_US, INT64_MAX};
    static const char *const expressions[] = {"* * * * *", "rate(1 minute)",
                                              "at(1970-01-01T00:00:00)", "at(2199-12-31T00:00:00)"};
    const struct zone *zone = open_zone(t, "Pacific/Apia");
    for (size_t i = 0; i < sizeof expressions / sizeof *expressions; i++) {
        struct cron cron;
        int64_t next_us = 0;
        CHECK_ERR(cron_parse(t->ctx, "e", str_from(expressions[i]), &cron), ERR_OK);
        for (size_t k = 0; k < sizeof moments_us / sizeof *moments_us; k++) {
            test_note(t, "%s after %ld", expressions[i], (long)moments_us[k]);
            if (cron_next(&cron, zone, moments_us[k], &next_us))
                CHECK(next_us > moments_us[k]);
            else
                CHECK(i == 2 || moments_us[k] >= CLOCK_MAX_US);
        }
    }
}

TEST(cron_says_what_would_be_right)
{
    static const struct {
        const char *expression, *words;
    } rows[] = {
        {"60 * * * *", "the minute \"60\" must be a number from 0 to 59"},
        {"-1 * * * *", "the minute \"-1\" must be"},
        {"* 24 * * *", "the hour \"24\" must be a number from 0 to 23"},
        {"* * 0 * *", "the day \"0\" must be"},
        {"* * 32 * *", "the day \"32\" must be"},
        {"* * 32W * *", "the day \"32W\" must be"},
        {"* * W * *", "the day \"W\" must be"},
        {"* * L-3 * *", "the day \"L-3\" must be"},
        {"* * * 13 *", "the month \"13\" must be a number from 1 to 12 or JAN to DEC"},
        {"* * * JANUARY *", "the month \"JANUARY\" must be"},
        {"* * * JUL-JAN *", "the month \"JUL-JAN\" must be a range that ends no earlier"},
        {"* * * * 8", "the weekday \"8\" must be"},
        {"* * * * MO", "the weekday \"MO\" must be"},
        {"* * * * MON#6", "the weekday \"MON#6\" must be"},
        {"* * * * MON#", "the weekday \"MON#\" must be"},
        {"* * * * #2", "the weekday \"#2\" must be"},
        {"* * * * XL", "the weekday \"XL\" must be"},
        {"5-1 * * * *", "the minute \"5-1\" must be a range that ends no earlier"},
        {"1-2-3 * * * *", "the minute \"1-2-3\" must be"},
        {"*/0 * * * *", "the minute \"*/0\" must step by a number from 1 to 59"},
        {"*/90 * * * *", "the minute \"*/90\" must step"},
        {"*/ * * * *", "the minute \"*/\" must step"},
        {"1/2/3 * * * *", "the minute \"1/2/3\" must step"},
        {"1,,2 * * * *", "the minute \"\" must be"},
        {", * * * *", "the minute \"\" must be"},
        {"? * * * *", "the minute \"?\" must be"},
        {"L * * * *", "the minute \"L\" must be"},
        {"1.5 * * * *", "the minute \"1.5\" must be"},
        {"**/2 * * * *", "the minute \"**/2\" must be"},
        {"99999999999999999999 * * * *", "the minute \"99999999999999999999\" must be"},
        {"", "must be minute, hour, day, month and weekday"},
        {"* * * *", "must be minute, hour, day, month and weekday"},
        {"* * * * * *", "must be minute, hour, day, month and weekday"},
        {"every day", "must be minute, hour, day, month and weekday"},
        {"cron(* * * * *", "the minute \"cron(*\" must be"},
        {"cron(* * * * *)", "cron(…) must hold minute"},
        {"cron(* * * * * *)", "cron(…) must have ?"},
        {"cron(* * ? * ? *)", "cron(…) must have ?"},
        {"cron(* * * * ? 1969)", "the year \"1969\" must be a number from 1970 to 2199"},
        {"cron(* * * * ? 2200)", "the year \"2200\" must be"},
        {"cron(* * ? * 0 *)", "the weekday \"0\" must be"},
        {"cron(* * ? * 8 *)", "the weekday \"8\" must be"},
        {"rate(0 minutes)", "rate(…) must hold"},
        {"rate(1 minutes)", "rate(…) must hold"},
        {"rate(5 minute)", "rate(…) must hold"},
        {"rate(5 weeks)", "rate(…) must hold"},
        {"rate(5minutes)", "rate(…) must hold"},
        {"rate(-5 minutes)", "rate(…) must hold"},
        {"rate(1000000 days)", "rate(…) must hold"},
        {"rate()", "rate(…) must hold"},
        {"at(2026-12-01)", "at(…) must hold"},
        {"at(2026-02-30T00:00:00)", "at(…) must hold"},
        {"at(2026-12-01T09:00:00Z)", "at(…) must hold"},
        {"at(2026-12-01 09:00:00)", "at(…) must hold"},
        {"at(2200-01-01T00:00:00)", "at(…) must hold"},
        {"at(1969-12-31T23:59:59)", "at(…) must hold"},
        {"@reboot", "must be @hourly"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct cron cron;
        test_note(t, "%s: %s", rows[i].expression, t->ctx->err.user);
        CHECK_ERR(cron_parse(t->ctx, "expression", str_from(rows[i].expression), &cron), ERR_INPUT);
        CHECK_TEXT(t->ctx->err.field, "expression");
        CHECK(str_starts(str_from(t->ctx->err.user), str_from(rows[i].words)));
    }
}

TEST(cron_texts_have_a_limit)
{
    struct buf longest;
    struct cron cron;
    buf_init(&longest, t->arena, CRON_TEXT_MAX + 1);
    buf_add(&longest, STR("0 0 01"));
    while (longest.len < CRON_TEXT_MAX - 4)
        buf_add(&longest, STR(",1"));
    buf_add(&longest, STR(" * *"));
    CHECK_INT(longest.len, CRON_TEXT_MAX);
    CHECK_ERR(cron_parse(t->ctx, "e", buf_str(&longest), &cron), ERR_OK);
    buf_addc(&longest, ' ');
    CHECK_ERR(cron_parse(t->ctx, "e", buf_str(&longest), &cron), ERR_INPUT);
    CHECK_ERR(cron_parse(t->ctx, "e", str_from(NULL), &cron), ERR_INPUT);
}
