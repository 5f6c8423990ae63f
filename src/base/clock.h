/* Time: the clock one asks, and the calendar it is read by.
 *
 *     int64_t created_us = clock_now_us(ctx->clock);
 *     int64_t begun_us = clock_tick_us(ctx->clock);          for measuring
 *     struct civil day = civil_from_us(created_us);          2026-11-21 03:38:20.123456
 *     char text[CLOCK_TEXT_MAX];
 *     clock_format(created_us, text);                        "2026-11-21T03:38:20.123456Z"
 *
 * A time is an int64_t of microseconds since 1970 in UTC, in a variable that ends in _us. Who needs
 * a clock takes it from the context, so that a test can turn it by hand (tests/harness/fakes.h). */
#ifndef STOA_BASE_CLOCK_H
#define STOA_BASE_CLOCK_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

#define SECOND_US INT64_C(1000000)
#define MINUTE_US (60 * SECOND_US)
#define HOUR_US   (60 * MINUTE_US)
#define DAY_US    (24 * HOUR_US)

enum { CLOCK_TEXT_MAX = 32 };

/* Times a program may meet: the years 0001 to 9999, which is what RFC 3339 can say. */
#define CLOCK_MIN_US (-INT64_C(62135596800) * SECOND_US)
#define CLOCK_MAX_US (INT64_C(253402300800) * SECOND_US - 1)

struct clock {
    int64_t (*now_us)(struct clock *clock);  /* the wall's: may jump, in either direction */
    int64_t (*tick_us)(struct clock *clock); /* only runs forward; its zero means nothing */
};

struct clock clock_system(void);
int64_t clock_now_us(struct clock *clock);
int64_t clock_tick_us(struct clock *clock);

/* A moment as the Gregorian calendar writes it, in UTC. */
struct civil {
    int year, month, day; /* month and day from 1 */
    int hour, minute, second, us;
    int weekday;  /* 1 is Monday, 7 is Sunday, as in ISO 8601 */
    int year_day; /* from 1 */
};

struct civil civil_from_us(int64_t time_us); /* within CLOCK_MIN_US and CLOCK_MAX_US */

/* The moment of a calendar time; weekday and year_day are not read. ERR_INPUT for a day that is
 * not in the calendar (30 February) or a time not on the clock; a leap second is none. */
enum err civil_to_us(const struct civil *civil, int64_t *time_us);

/* RFC 3339, always in UTC with six digits of a second: as text it sorts as it does as time. Within
 * CLOCK_MIN_US and CLOCK_MAX_US. */
void clock_format(int64_t time_us, char text[CLOCK_TEXT_MAX]);

/* Any RFC 3339 date-time ("2026-11-21T03:38:20+01:00") or a date alone, which is its midnight in
 * UTC. Digits beyond the microsecond are cut off. ERR_INPUT for anything else, and for a leap
 * second. */
enum err clock_parse(struct str text, int64_t *time_us);

#endif
