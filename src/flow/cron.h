/* When something is to run: schedule expressions, and the moments that they name.
 *
 *     struct cron cron;
 *     TRY(cron_parse(ctx, "expression", STR("30 9 * * MON-FRI"), &cron));
 *     for (int64_t due_us = now_us; cron_next(&cron, zone, due_us, &due_us);)
 *         …                              09:30 of each working day, on the clocks of that zone
 *
 * Five kinds of expression:
 *
 *     30 9 * * MON-FRI               unix: minute hour day month weekday
 *     @daily                         a name for one: @hourly @daily @weekly @monthly @yearly
 *     cron(0 18 ? * 6L *)            AWS: minute hour day month weekday year
 *     rate(5 minutes)                minute, hour or day; counted from `anchor_us`
 *     at(2026-12-01T09:00:00)        once
 *
 * A field is a star (each), a number, a name (JAN, MON; either case), a range (9-17), any of these
 * with a step (9-17/2; 5/10 is from 5 on), or several of them between commas. A range of weekdays
 * may pass the week's end: FRI-MON. A day may be L (the month's last), LW (its last from Monday to
 * Friday) or 15W (of these the nearest to the 15th in the same month), a weekday L (Saturday), FRIL
 * (the month's last Friday) or MON#2 (its second Monday).
 *
 * Unix counts weekdays from 0, Sunday, which is 7 too; where neither day nor weekday begins with a
 * star either is enough. AWS counts them from 1, Sunday, and wants a ? in one of the two.
 *
 * When clocks are put forward, what is due at a time that is left out runs once, at the moment of
 * the change. When they are put back, what is due at a time that comes twice runs the first time
 * only. What is due in every hour of the day is meant by the hours that pass: it runs in those that
 * come twice, and does not make up for those that are left out. */
#ifndef STOA_FLOW_CRON_H
#define STOA_FLOW_CRON_H

#include "base/ctx.h"
#include "base/zone.h"

enum {
    CRON_TEXT_MAX = 256,
    CRON_YEAR_FIRST = 1970,
    CRON_YEAR_LAST = 2199,
    CRON_YEAR_WORDS = 4,
    CRON_RATE_MAX = 999999,
};

enum cron_kind { CRON_FIELDS, CRON_RATE, CRON_AT };

struct cron {
    enum cron_kind kind;
    /* fields: a bit for each number that is meant */
    uint64_t minutes, hours, days, months, weekdays; /* weekday 0 is Sunday */
    uint64_t years[CRON_YEAR_WORDS];                 /* from CRON_YEAR_FIRST */
    uint64_t near_days, last_weekdays, nth_weekdays; /* 15W, FRIL; of MON#2, 7 * 1 + 1 */
    bool last_day, last_workday;                     /* L, LW */
    bool either_day;                                 /* the day or the weekday, not both */
    /* rate */
    int64_t every_us,
        anchor_us; /* parsed with the anchor 0, which is 1970; the caller may set it */
    /* at */
    int64_t at_local_us;
};

/* ERR_INPUT with the field `field`; the words name the part, what stands there, and what would be
 * right. Nothing of the text is kept. */
enum err cron_parse(struct ctx *ctx, const char *field, struct str text, struct cron *cron);

/* The first moment after `after_us` at which it is due; false where there is none until the end of
 * CRON_YEAR_LAST. The first day of CRON_YEAR_FIRST is left out. Pure; a microsecond or two, where
 * there is none at most a few milliseconds. */
bool cron_next(const struct cron *cron, const struct zone *zone, int64_t after_us,
               int64_t *next_us);

/* The next runs after a moment, at most `max`; how many there are. */
size_t cron_runs(const struct cron *cron, const struct zone *zone, int64_t after_us,
                 int64_t *runs_us, size_t max);

#endif
