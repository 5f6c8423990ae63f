/* Prints what clocks show and when schedules run, for cron_peers.py to compare: a line for each
 * case, "zone<TAB>name<TAB>moment<TAB>seconds ahead" or "cron<TAB>zone<TAB>expression<TAB>after"
 * and the moments of its runs. Moments are in seconds since 1970. */
#include <stdio.h>

#include "flow/cron.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { RUNS = 40, YEARS = 130 };

static const char *const zones[] = {
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Chisinau",
    "Europe/Moscow",
    "America/New_York",
    "America/Los_Angeles",
    "America/St_Johns",
    "America/Havana",
    "America/Sao_Paulo",
    "America/Santiago",
    "America/Asuncion",
    "America/Nuuk",
    "America/Caracas",
    "America/Adak",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/Monrovia",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Jerusalem",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Asia/Pyongyang",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Antarctica/Troll",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Norfolk",
    "Etc/GMT-14",
    "EST5EDT",
};

static const char *const expressions[] = {
    "* * * * *",        "*/7 * * * *",        "17 * * * *",
    "0 9 * * *",        "30 2 * * *",         "0,15,45 8-18/2 * * *",
    "30 9 * * MON-FRI", "0 0 1 * *",          "0 0 31 * *",
    "0 12 29 2 *",      "0 0 1,15 * 3",       "5 4 13 * 5",
    "0 0 * * 0",        "0 0 * * 7",          "0 22 * 1-12/3 2,4",
    "59 23 31 12 *",    "10-50/10 0-4 * 6 *", "0 0 L * *",
    "0 6 * * 1#1",      "0 6 * * 5#3",        "3 3 3 3 *",
    "0 0 30 4,6 *",     "1-5 1 1-7 */2 *",    "0 0 29 FEB MON",
};

static const char *const daily[] = {"0 0 * * *",   "30 0 * * *",  "0 1 * * *",  "30 1 * * *",
                                    "0 2 * * *",   "15 2 * * *",  "45 2 * * *", "0 3 * * *",
                                    "59 23 * * *", "30 23 * * *", "0 12 * * *"};

static void say_zone(const char *name, const struct zone *zone)
{
    int64_t at_us = -90 * 365 * DAY_US, end_us = at_us + (90 + YEARS) * 365 * DAY_US;
    while (at_us < end_us) {
        struct zone_span span = zone_span_at(zone, at_us);
        printf("zone\t%s\t%ld\t%ld\n", name, (long)(at_us / SECOND_US),
               (long)(span.ahead_us / SECOND_US));
        at_us = at_us < span.end_us - 1 * SECOND_US ? span.end_us - 1 * SECOND_US : span.end_us;
    }
}

static void say_runs(struct ctx *ctx, const char *name, const struct zone *zone,
                     const char *expression, int64_t after_us)
{
    struct cron cron;
    int64_t runs_us[RUNS];
    if (cron_parse(ctx, "expression", str_from(expression), &cron))
        return; /* fewer cases than the script counts on */
    size_t count = cron_runs(&cron, zone, after_us, runs_us, RUNS);
    printf("cron\t%s\t%s\t%ld", name, expression, (long)(after_us / SECOND_US));
    for (size_t i = 0; i < count; i++)
        printf("\t%ld", (long)(runs_us[i] / SECOND_US));
    printf("\n");
}

int main(void)
{
    struct arena arena;
    struct ctx ctx = {.arena = &arena};
    const int64_t begin_us = INT64_C(1767225600) * SECOND_US; /* 2026-01-01 */
    arena_init(&arena, 16 << 20);
    for (size_t i = 0; i < COUNT(zones); i++) {
        struct zone *zone = NULL;
        if (zone_open(&ctx, "zone", str_from(zones[i]), &zone) || !zone)
            continue;
        say_zone(zones[i], zone);
        for (size_t k = 0; k < COUNT(daily); k++)
            for (int month = 0; month < 12; month++)
                say_runs(&ctx, zones[i], zone, daily[k], begin_us + month * 30 * DAY_US);
        if (i == 0)
            for (size_t k = 0; k < COUNT(expressions); k++)
                for (int start = 0; start < 10; start++)
                    say_runs(&ctx, zones[i], zone, expressions[k],
                             begin_us + start * (397 * DAY_US + 37 * MINUTE_US + 12 * SECOND_US));
    }
    arena_release(&arena);
    return 0;
}
