/* Tests time zones: what clocks show around their changes, names, and files that are damaged. */
#include "base/zone.h"

#include <endian.h>
#include <string.h>

#include "base/buf.h"
#include "harness/test.h"
#include "harness/torture.h"

static int64_t us_of(const char *text)
{
    int64_t time_us = 0;
    (void)clock_parse(str_from(text), &time_us);
    return time_us;
}

static struct str text_of(struct test *t, int64_t time_us)
{
    char text[CLOCK_TEXT_MAX];
    struct str copy = {0};
    clock_format(time_us, text);
    (void)str_copy(t->arena, str_make(text, sizeof "2026-12-01T09:00:00" - 1), &copy);
    return copy;
}

static const struct zone *open_zone(struct test *t, const char *name)
{
    struct zone *zone = NULL;
    test_note(t, "%s", name);
    CHECK_ERR(zone_open(t->ctx, "zone", str_from(name), &zone), ERR_OK);
    if (!zone)
        test_stop(t);
    return zone;
}

TEST(zone_shows_local_time)
{
    static const struct {
        const char *zone, *utc, *local;
    } rows[] = {
        {"UTC", "2026-07-01T12:00:00Z", "2026-07-01T12:00:00"},
        {"Europe/Berlin", "2026-03-29T00:59:59Z", "2026-03-29T01:59:59"},
        {"Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00"},
        {"Europe/Berlin", "2026-10-25T00:59:59Z", "2026-10-25T02:59:59"},
        {"Europe/Berlin", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00"},
        {"Europe/Berlin", "2150-07-01T12:00:00Z", "2150-07-01T14:00:00"},
        {"Europe/Berlin", "1800-01-01T00:00:00Z", "1800-01-01T00:53:28"},
        {"Europe/Berlin", "1945-06-01T00:00:00Z", "1945-06-01T03:00:00"},
        {"America/New_York", "2026-03-08T06:59:59Z", "2026-03-08T01:59:59"},
        {"America/New_York", "2026-03-08T07:00:00Z", "2026-03-08T03:00:00"},
        {"America/New_York", "2100-11-07T06:00:00Z", "2100-11-07T01:00:00"},
        {"Australia/Sydney", "2026-04-04T16:00:00Z", "2026-04-05T02:00:00"},
        {"Australia/Sydney", "2026-10-03T16:00:00Z", "2026-10-04T03:00:00"},
        {"Australia/Sydney", "2099-12-31T23:59:59Z", "2100-01-01T10:59:59"},
        {"Australia/Lord_Howe", "2026-10-03T15:30:00Z", "2026-10-04T02:30:00"},
        {"America/Santiago", "2090-01-01T00:00:00Z", "2089-12-31T21:00:00"},
        {"Asia/Kathmandu", "2026-01-01T00:00:00Z", "2026-01-01T05:45:00"},
        {"Asia/Jerusalem", "2080-07-01T00:00:00Z", "2080-07-01T03:00:00"},
        {"Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29T23:59:59"},
        {"Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31T00:00:00"},
        {"America/Nuuk", "2040-07-01T00:00:00Z", "2040-06-30T23:00:00"},
        {"Europe/Dublin", "2026-07-01T00:00:00Z", "2026-07-01T01:00:00"},
        {"Africa/Casablanca", "2095-07-01T00:00:00Z", "2095-07-01T01:00:00"},
        {"Etc/GMT+12", "2026-01-01T00:00:00Z", "2025-12-31T12:00:00"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct zone *zone = open_zone(t, rows[i].zone);
        test_note(t, "%s in %s", rows[i].utc, rows[i].zone);
        CHECK_STR(text_of(t, zone_local_us(zone, us_of(rows[i].utc))), rows[i].local);
    }
}

TEST(zone_finds_the_moment_of_a_local_time)
{
    static const struct {
        const char *zone, *local, *utc;
    } rows[] = {
        {"UTC", "2026-07-01T12:00:00Z", "2026-07-01T12:00:00"},
        {"Europe/Berlin", "2026-07-01T12:00:00Z", "2026-07-01T10:00:00"},
        /* left out: the moment of the change */
        {"Europe/Berlin", "2026-03-29T02:00:00Z", "2026-03-29T01:00:00"},
        {"Europe/Berlin", "2026-03-29T02:59:59Z", "2026-03-29T01:00:00"},
        {"Europe/Berlin", "2026-03-29T03:00:01Z", "2026-03-29T01:00:01"},
        {"Pacific/Apia", "2011-12-30T12:00:00Z", "2011-12-30T10:00:00"},
        /* twice: the first */
        {"Europe/Berlin", "2026-10-25T02:30:00Z", "2026-10-25T00:30:00"},
        {"Europe/Berlin", "2026-10-25T03:00:00Z", "2026-10-25T02:00:00"},
        {"America/Sao_Paulo", "2019-02-16T23:30:00Z", "2019-02-17T01:30:00"},
        {"Australia/Lord_Howe", "2026-04-05T01:45:00Z", "2026-04-04T14:45:00"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct zone *zone = open_zone(t, rows[i].zone);
        test_note(t, "%s in %s", rows[i].local, rows[i].zone);
        CHECK_STR(text_of(t, zone_to_us(zone, us_of(rows[i].local))), rows[i].utc);
    }
}

TEST(zone_ends_hold)
{
    static const char *const names[] = {"UTC", "Europe/Berlin", "Pacific/Kiritimati",
                                        "America/Los_Angeles", "Etc/GMT+12"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct zone *zone = open_zone(t, names[i]);
        CHECK(zone_local_us(zone, CLOCK_MIN_US) >= CLOCK_MIN_US);
        CHECK(zone_local_us(zone, CLOCK_MAX_US) <= CLOCK_MAX_US);
        CHECK(zone_to_us(zone, CLOCK_MIN_US) >= CLOCK_MIN_US);
        CHECK(zone_to_us(zone, CLOCK_MAX_US) <= CLOCK_MAX_US);
        CHECK_INT(zone_civil(zone, us_of("2026-06-15")).year, 2026);
    }
}

TEST(zone_spans_meet)
{
    const struct zone *zone = open_zone(t, "Europe/Berlin");
    int64_t at_us = CLOCK_MIN_US;
    size_t count = 0;
    for (; at_us < us_of("2200-01-01"); count++) {
        struct zone_span span = zone_span_at(zone, at_us);
        CHECK_INT(span.begin_us, at_us);
        if (span.end_us <= at_us)
            test_stop(t);
        CHECK_INT(zone_span_at(zone, span.end_us - 1).begin_us, at_us);
        at_us = span.end_us;
    }
    CHECK(count > 440);
}

TEST(zone_names_that_are_none)
{
    static const struct str names[] = {
        {"", 0},
        {NULL, 0},
        {"Europe/Atlantis", 15},
        {"Europe", 6},
        {"Europe/Berlin/Mitte", 19},
        {"../../etc/passwd", 16},
        {"Europe/../Europe/Berlin", 23},
        {"/usr/share/zoneinfo/UTC", 23},
        {"posix/Europe/Berlin", 19},
        {"right/Europe/Berlin", 19},
        {"localtime", 9},
        {"zone.tab", 8},
        {"leapseconds", 11},
        {"Europe/Berlin\0", 14},
        {"UTC ", 4},
        {"CET-1CEST", 9},
        {"A/////////////////////////////////////////////////////////////////", 66},
    };
    struct zone *zone;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        test_note(t, STR_FMT, STR_ARG(names[i]));
        CHECK_ERR(zone_open(t->ctx, "zone", names[i], &zone), ERR_INPUT);
        CHECK_TEXT(t->ctx->err.field, "zone");
    }
}

/* A file of one's own making. */
struct made {
    char version;
    int64_t changes_s[4];
    size_t changes, leaps;
    int ahead_s[2];
    size_t types;
    const char *rule;
};

static void add_u32(struct buf *out, uint32_t number)
{
    uint32_t big = htobe32(number);
    buf_add(out, str_make((const char *)&big, sizeof big));
}

static void add_block(struct buf *out, const struct made *made, size_t time_size)
{
    const uint32_t counts[] = {
        0, 0, (uint32_t)made->leaps, (uint32_t)made->changes, (uint32_t)made->types, 4};
    buf_add(out, STR("TZif"));
    buf_addc(out, made->version);
    for (int i = 0; i < 15; i++)
        buf_addc(out, '\0');
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        add_u32(out, counts[i]);
    for (size_t i = 0; i < made->changes; i++) {
        if (time_size == 8)
            add_u32(out, (uint32_t)((uint64_t)made->changes_s[i] >> 32));
        add_u32(out, (uint32_t)((uint64_t)made->changes_s[i] & UINT32_MAX));
    }
    for (size_t i = 0; i < made->changes; i++)
        buf_addc(out, (char)((i + 1) % 2));
    for (size_t i = 0; i < made->types; i++) {
        add_u32(out, (uint32_t)made->ahead_s[i]);
        buf_add(out, STR("\0\0"));
    }
    buf_add(out, STR("ABC\0"));
    for (size_t i = 0; i < made->leaps * (time_size + 4); i++)
        buf_addc(out, '\0');
}

static struct str file_of(struct test *t, const struct made *made)
{
    struct buf out;
    buf_init(&out, t->arena, 4 << 10);
    add_block(&out, made, 4);
    if (made->version >= '2') {
        add_block(&out, made, 8);
        buf_addf(&out, "\n%s\n", made->rule);
    }
    CHECK_ERR(buf_err(&out), ERR_OK);
    return buf_str(&out);
}

static int64_t hours_ahead(struct test *t, const struct made *made, const char *utc)
{
    struct zone *zone = NULL;
    CHECK_ERR(zone_read(t->ctx, "zone", file_of(t, made), &zone), ERR_OK);
    return zone ? zone_span_at(zone, us_of(utc)).ahead_us / HOUR_US : 99;
}

TEST(zone_reads_old_files_and_rules)
{
    static const struct {
        const char *rule, *utc;
        int64_t hours;
    } rows[] = {
        {"", "2050-01-01", 2},
        {"ABC-2", "2050-01-01", 2},
        {"ABC-2DEF,M3.5.0,M10.5.0", "2050-07-01", 3},
        {"ABC-2DEF,M3.5.0,M10.5.0", "2050-12-01", 2},
        {"ABC-2DEF-5,J60/0,J300/0", "2048-02-29T21:59:59Z", 2}, /* J60 is 1 March */
        {"ABC-2DEF-5,J60/0,J300/0", "2048-02-29T22:00:00Z", 5},
        {"ABC-2DEF-5,59/0,300/0", "2048-02-28T22:00:00Z", 5}, /* 59 is 29 February */
        {"<+02>-2<+03>-3,J1/0,J365/25", "2048-06-01", 3},     /* the whole year */
        {"<+02>-2<+03>,J1/0,J365/25", "2049-01-01T12:00:00Z", 3},
        {"ABC-2DEF-1,M10.5.0,M3.5.0/1", "2050-12-01", 1}, /* winter is the exception */
        {"ABC-2DEF,M3.4.4/50,M10.4.4/50", "2050-07-01", 3},
        {"ABC-2DEF,M3.4.4/-167:59:59,M10.4.4/167", "2050-07-01", 3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct made made = {.version = '3',
                            .changes_s = {0},
                            .changes = 1,
                            .ahead_s = {3600, 7200},
                            .types = 2,
                            .rule = rows[i].rule};
        test_note(t, "%s at %s", rows[i].rule, rows[i].utc);
        CHECK_INT(hours_ahead(t, &made, rows[i].utc), rows[i].hours);
        CHECK_INT(hours_ahead(t, &made, "1969-12-31"), 1);
    }
    struct made old = {
        .changes_s = {-100, 100}, .changes = 2, .ahead_s = {3600, -7200}, .types = 2};
    CHECK_INT(hours_ahead(t, &old, "1970-01-01"), -2);
    CHECK_INT(hours_ahead(t, &old, "2020-01-01"), 1);
    struct made never = {.version = '2', .ahead_s = {3600}, .types = 1, .rule = "ABC-2"};
    CHECK_INT(hours_ahead(t, &never, "1970-01-01"), 2);
    struct made far = {.version = '2',
                       .changes_s = {INT64_MIN, INT64_MIN + 1, INT64_MAX},
                       .changes = 3,
                       .ahead_s = {3600, 7200},
                       .types = 2,
                       .rule = ""};
    CHECK_INT(hours_ahead(t, &far, "1970-01-01"), 1);
}

TEST(zone_refuses_what_is_damaged)
{
    static const struct made rows[] = {
        {.version = '1', .ahead_s = {0}, .types = 1},
        {.version = '2', .types = 0, .rule = ""},
        {.version = '2', .ahead_s = {26 * 3600}, .types = 1, .rule = ""},
        {.version = '2', .ahead_s = {-26 * 3600}, .types = 1, .rule = ""},
        {.version = '2', .changes = 1, .ahead_s = {0}, .types = 1, .rule = ""},
        {.version = '2', .changes = 2, .changes_s = {5, 5}, .types = 2, .rule = ""},
        {.version = '2', .leaps = 1, .types = 1, .rule = ""},
        {.version = '2', .types = 1, .rule = "A"},
        {.version = '2', .types = 1, .rule = "ABC"},
        {.version = '2', .types = 1, .rule = "ABC1DEF"},
        {.version = '2', .types = 1, .rule = "ABC25"},
        {.version = '2', .types = 1, .rule = "<ABC1"},
        {.version = '2', .types = 1, .rule = "ABC1:60"},
        {.version = '2', .types = 1, .rule = "ABC1DEF,M3.5.0"},
        {.version = '2', .types = 1, .rule = "ABC1DEF,M13.5.0,M10.5.0"},
        {.version = '2', .types = 1, .rule = "ABC1DEF,M3.6.0,M10.5.0"},
        {.version = '2', .types = 1, .rule = "ABC1DEF,M3.5.7,M10.5.0"},
        {.version = '2', .types = 1, .rule = "ABC1DEF,J0,J365"},
        {.version = '2', .types = 1, .rule = "ABC1DEF,J1,366"},
        {.version = '2', .types = 1, .rule = "ABC1DEF,J1/168,J365"},
        {.version = '2', .types = 1, .rule = "ABC1DEF,J1,J365,"},
        {.version = '2', .types = 1, .rule = "ABC99999999999999999999"},
    };
    struct zone *zone;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        test_note(t, "row %d, rule %s", (int)i, rows[i].rule ? rows[i].rule : "");
        CHECK_ERR(zone_read(t->ctx, "zone", file_of(t, &rows[i]), &zone), ERR_INPUT);
        CHECK_TEXT(t->ctx->err.field, "zone");
    }
}

TEST(zone_refuses_what_is_cut)
{
    struct made made = {.version = '2',
                        .changes_s = {1, 2},
                        .changes = 2,
                        .ahead_s = {3600, 7200},
                        .types = 2,
                        .rule = "ABC-2"};
    struct str whole = file_of(t, &made);
    struct zone *zone;
    CHECK_ERR(zone_read(t->ctx, "zone", whole, &zone), ERR_OK);
    for (size_t len = 0; len < whole.len; len++) {
        struct str cut;
        test_note(t, "%d bytes", (int)len);
        if (str_copy(t->arena, str_slice(whole, 0, len), &cut))
            test_stop(t);
        CHECK_ERR(zone_read(t->ctx, "zone", cut, &zone), ERR_INPUT);
    }
}

static enum err open_berlin(struct test *t, void *arg)
{
    struct zone *zone;
    (void)arg;
    TRY(zone_open(t->ctx, "zone", STR("Europe/Berlin"), &zone));
    CHECK_INT(zone_span_at(zone, FAKE_NOW_US).ahead_us, HOUR_US);
    return zone_open(t->ctx, "zone", STR("UTC"), &zone);
}

TEST(zone_survives_every_failure)
{
    TORTURE_EVERY(t, TORTURE_MEMORY, open_berlin, NULL);
    TORTURE_EVERY(t, TORTURE_SYSTEM, open_berlin, NULL);
}
