/* Finds the next moment that an expression names. */
#include "base/assert.h"
#include "flow/cron.h"

enum {
    WEEK = 7,
    MONTH_DAYS_MIN = 28,
    SATURDAY = 6,
    HOURS_OF_DAY = (1 << 24) - 1,
    DAY_MINUTES = 24 * 60
};

/* A month as it lies in the calendar. */
struct month {
    int year, month, days, first_weekday; /* 0 is Sunday */
    int64_t begin_us;
};

static bool has(uint64_t bits, int number)
{
    return bits >> number & 1;
}

static int64_t month_begin_us(int year, int month)
{
    struct civil civil = {.year = year, .month = month, .day = 1};
    int64_t begin_us = 0;
    ASSERT(civil_to_us(&civil, &begin_us) == ERR_OK);
    return begin_us;
}

static int64_t end_of_years_us(void)
{
    return month_begin_us(CRON_YEAR_LAST + 1, 1);
}

static struct month month_of(int year, int number)
{
    struct month month = {.year = year, .month = number, .begin_us = month_begin_us(year, number)};
    int64_t next_us = month_begin_us(year + number / 12, number % 12 + 1);
    month.days = (int)((next_us - month.begin_us) / DAY_US);
    month.first_weekday = civil_from_us(month.begin_us).weekday % WEEK;
    return month;
}

static int weekday_of(const struct month *month, int day)
{
    return (month->first_weekday + day - 1) % WEEK;
}

/* The nearest day from Monday to Friday in the same month. */
static int workday_near(const struct month *month, int day)
{
    int weekday = weekday_of(month, day);
    if (weekday == SATURDAY)
        return day > 1 ? day - 1 : day + 2;
    if (weekday == 0)
        return day < month->days ? day + 1 : day - 2;
    return day;
}

static int last_workday(const struct month *month)
{
    int weekday = weekday_of(month, month->days);
    return weekday == SATURDAY ? month->days - 1 : weekday == 0 ? month->days - 2 : month->days;
}

static uint64_t days_by_day(const struct cron *cron, const struct month *month)
{
    uint64_t days = cron->days;
    ASSERT(month->days >= MONTH_DAYS_MIN);
    for (int day = 1; day <= month->days; day++)
        if (has(cron->near_days, day))
            days |= UINT64_C(1) << workday_near(month, day);
    if (cron->last_day)
        days |= UINT64_C(1) << month->days;
    if (cron->last_workday)
        days |= UINT64_C(1) << last_workday(month);
    return days;
}

static uint64_t days_by_weekday(const struct cron *cron, const struct month *month)
{
    uint64_t days = 0;
    for (int day = 1; day <= month->days; day++) {
        int weekday = weekday_of(month, day);
        if (has(cron->weekdays, weekday) ||
            has(cron->nth_weekdays, (day - 1) / WEEK * WEEK + weekday) ||
            (day + WEEK > month->days && has(cron->last_weekdays, weekday)))
            days |= UINT64_C(1) << day;
    }
    return days;
}

/* A bit for each day of the month on which it is due. */
static uint64_t days_of(const struct cron *cron, const struct month *month)
{
    int year = month->year - CRON_YEAR_FIRST;
    if (!has(cron->months, month->month) || !has(cron->years[year / 64], year % 64))
        return 0;
    uint64_t by_day = days_by_day(cron, month), by_weekday = days_by_weekday(cron, month);
    uint64_t days = cron->either_day ? by_day | by_weekday : by_day & by_weekday;
    return days & ((UINT64_C(2) << month->days) - 1);
}

/* The first minute of a day, not before `from`, at which it is due; DAY_MINUTES where none is. */
static int minute_from(const struct cron *cron, int from)
{
    for (int hour = from / 60; hour < 24; hour++) {
        int first = hour == from / 60 ? from % 60 : 0;
        uint64_t minutes = cron->minutes >> first;
        if (has(cron->hours, hour) && minutes)
            return hour * 60 + first + __builtin_ctzll(minutes);
    }
    return DAY_MINUTES;
}

/* The first local time in from_us … end_us, the end left out, at which it is due. Only the day that
 * it begins in has a part that is over. */
static bool find(const struct cron *cron, int64_t from_us, int64_t end_us, int64_t *found_us)
{
    struct civil at = civil_from_us(from_us);
    int from_day = at.day, from_minute = at.hour * 60 + at.minute + (from_us % MINUTE_US != 0);
    for (int year = at.year, number = at.month; year <= CRON_YEAR_LAST;) {
        struct month month = month_of(year, number);
        if (month.begin_us >= end_us)
            return false;
        uint64_t days = days_of(cron, &month) >> from_day << from_day;
        for (; days; days &= days - 1) {
            int day = __builtin_ctzll(days);
            int minute = minute_from(cron, day == from_day ? from_minute : 0);
            *found_us = month.begin_us + (day - 1) * DAY_US + minute * MINUTE_US;
            if (minute < DAY_MINUTES)
                return *found_us < end_us;
        }
        from_day = from_minute = 0;
        year += number / 12;
        number = number % 12 + 1;
    }
    return false;
}

/* Between two changes of the clocks local times run on as moments do. What is due by the hours that
 * pass is due in each such span by itself; else what the change left out is due at its moment, and
 * what it made come twice is over. */
static bool next_of_fields(const struct cron *cron, const struct zone *zone, int64_t from_us,
                           int64_t *next_us)
{
    bool by_clock = cron->hours != HOURS_OF_DAY;
    int64_t end_us = end_of_years_us() + DAY_US; /* somewhere the last year ends later */
    while (from_us < end_us) {
        struct zone_span span = zone_span_at(zone, from_us);
        int64_t local_us = from_us + span.ahead_us, found_us;
        if (by_clock && span.begin_us > CLOCK_MIN_US) {
            int64_t before_us = span.begin_us + zone_span_at(zone, span.begin_us - 1).ahead_us;
            if (from_us == span.begin_us && find(cron, before_us, local_us, &found_us)) {
                *next_us = from_us;
                return true;
            }
            local_us = local_us < before_us ? before_us : local_us;
        }
        if (find(cron, local_us, span.end_us + span.ahead_us, &found_us)) {
            *next_us = found_us - span.ahead_us;
            return true;
        }
        from_us = span.end_us;
    }
    return false;
}

/* Of the anchor and each whole number of intervals from it, also before it. */
static bool next_of_rate(const struct cron *cron, int64_t after_us, int64_t *next_us)
{
    int64_t past_us = after_us - cron->anchor_us;
    int64_t whole = past_us / cron->every_us - (past_us % cron->every_us < 0);
    *next_us = cron->anchor_us + (whole + 1) * cron->every_us;
    return *next_us < end_of_years_us();
}

bool cron_next(const struct cron *cron, const struct zone *zone, int64_t after_us, int64_t *next_us)
{
    int64_t first_us = month_begin_us(CRON_YEAR_FIRST, 1) + DAY_US;
    if (after_us >= end_of_years_us())
        return false;
    after_us = after_us < -DAY_US ? -DAY_US : after_us;
    if (cron->kind == CRON_RATE)
        return next_of_rate(cron, after_us, next_us);
    if (cron->kind == CRON_FIELDS)
        return next_of_fields(cron, zone, after_us < first_us ? first_us : after_us + 1, next_us);
    *next_us = zone_to_us(zone, cron->at_local_us);
    return *next_us > after_us;
}

size_t cron_runs(const struct cron *cron, const struct zone *zone, int64_t after_us,
                 int64_t *runs_us, size_t max)
{
    size_t count = 0;
    while (count < max && cron_next(cron, zone, after_us, &runs_us[count]))
        after_us = runs_us[count++];
    return count;
}
