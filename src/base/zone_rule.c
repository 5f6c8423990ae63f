/* The rule by which clocks change in the years that a zone's file does not list. */
#include "base/zone_inside.h"

enum { YEAR_FIRST = 1, YEAR_LAST = 9999, FEBRUARY_DAYS = 31 + 28, WEEK = 7 };

static bool take_char(struct str *rest, char c)
{
    if (!rest->len || rest->ptr[0] != c)
        return false;
    *rest = str_slice(*rest, 1, rest->len);
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool take_number(struct str *rest, int min, int max, int *number)
{
    size_t len = 0;
    *number = 0;
    for (; len < rest->len && is_digit(rest->ptr[len]) && *number <= max; len++)
        *number = *number * 10 + (rest->ptr[len] - '0');
    *rest = str_slice(*rest, len, rest->len);
    return len > 0 && *number >= min && *number <= max;
}

/* Letters, or anything between angle brackets. */
static bool take_name(struct str *rest)
{
    size_t len = 0;
    if (take_char(rest, '<')) {
        size_t end = str_find_char(*rest, '>');
        *rest = str_slice(*rest, end == STR_NONE ? rest->len : end + 1, rest->len);
        return end != STR_NONE;
    }
    while (len < rest->len && ((rest->ptr[len] >= 'A' && rest->ptr[len] <= 'Z') ||
                               (rest->ptr[len] >= 'a' && rest->ptr[len] <= 'z')))
        len++;
    *rest = str_slice(*rest, len, rest->len);
    return len > 0;
}

/* "2", "-2:30", "+02:30:15". */
static bool take_time(struct str *rest, int hours_max, int *time_s)
{
    int hours = 0, minutes = 0, seconds = 0;
    bool negative = take_char(rest, '-');
    if (!negative)
        take_char(rest, '+');
    if (!take_number(rest, 0, hours_max, &hours) ||
        (take_char(rest, ':') && (!take_number(rest, 0, 59, &minutes) ||
                                  (take_char(rest, ':') && !take_number(rest, 0, 59, &seconds)))))
        return false;
    *time_s = (hours * 60 + minutes) * 60 + seconds;
    if (negative)
        *time_s = -*time_s;
    return true;
}

static bool take_day(struct str *rest, struct zone_day *day)
{
    if (take_char(rest, 'M')) {
        day->kind = ZONE_DAY_OF_WEEK;
        return take_number(rest, 1, 12, &day->month) && take_char(rest, '.') &&
               take_number(rest, 1, 5, &day->week) && take_char(rest, '.') &&
               take_number(rest, 0, 6, &day->weekday);
    }
    day->kind = take_char(rest, 'J') ? ZONE_DAY_SKIP_LEAP : ZONE_DAY_PLAIN;
    return take_number(rest, day->kind == ZONE_DAY_SKIP_LEAP, 365, &day->day);
}

static bool take_change(struct str *rest, struct zone_day *day)
{
    enum { USUAL_HOUR = 2, HOURS_MAX = 167 };
    day->time_s = USUAL_HOUR * 3600;
    return take_char(rest, ',') && take_day(rest, day) &&
           (!take_char(rest, '/') || take_time(rest, HOURS_MAX, &day->time_s));
}

bool zone_rule_read(struct str text, struct zone_rule *rule)
{
    enum { HOURS_MAX = 24 };
    int behind_s = 0; /* POSIX counts to the west */
    *rule = (struct zone_rule){.has_summer = false};
    if (!take_name(&text) || !take_time(&text, HOURS_MAX, &behind_s))
        return false;
    rule->standard_s = -behind_s;
    if (!text.len)
        return true;
    rule->has_summer = true;
    behind_s -= 3600;
    if (!take_name(&text) ||
        (text.len && text.ptr[0] != ',' && !take_time(&text, HOURS_MAX, &behind_s)))
        return false;
    rule->summer_s = -behind_s;
    return take_change(&text, &rule->begins) && take_change(&text, &rule->ends) && !text.len;
}

static int64_t date_us(int year, int month)
{
    struct civil civil = {.year = year, .month = month, .day = 1};
    int64_t time_us = CLOCK_MIN_US;
    (void)civil_to_us(&civil, &time_us);
    return time_us;
}

/* Days from the first of the month to the weekday of that week; the fifth is the last there is. */
static int month_day(const struct zone_day *day, int year)
{
    int64_t first_us = date_us(year, day->month);
    int64_t next_us = day->month < 12 ? date_us(year, day->month + 1) : first_us + 31 * DAY_US;
    int length = (int)((next_us - first_us) / DAY_US);
    int first = (day->weekday - civil_from_us(first_us).weekday % WEEK + WEEK) % WEEK;
    int found = first + (day->week - 1) * WEEK;
    return found < length ? found : found - WEEK;
}

/* The midnight that begins the day of the change, on the local clock. */
static int64_t day_us(const struct zone_day *day, int year)
{
    int64_t first_us = date_us(year, 1);
    if (day->kind == ZONE_DAY_OF_WEEK)
        return date_us(year, day->month) + month_day(day, year) * DAY_US;
    if (day->kind == ZONE_DAY_PLAIN)
        return first_us + day->day * DAY_US;
    bool is_leap = date_us(year, 3) - first_us > FEBRUARY_DAYS * DAY_US;
    return first_us + (day->day - 1 + (is_leap && day->day > FEBRUARY_DAYS)) * DAY_US;
}

static int64_t change_us(const struct zone_day *day, int year, int before_s)
{
    return day_us(day, year) + (day->time_s - before_s) * SECOND_US;
}

/* Sorted in by its time, behind what is as early: where summer ends as it begins, it goes on. */
static void add(struct zone_change *changes, size_t *count, struct zone_change change)
{
    size_t at = (*count)++;
    for (; at > 0 && changes[at - 1].at_us > change.at_us; at--)
        changes[at] = changes[at - 1];
    changes[at] = change;
}

size_t zone_rule_changes(const struct zone_rule *rule, int64_t time_us,
                         struct zone_change changes[ZONE_RULE_CHANGES])
{
    size_t count = 0;
    int year = civil_from_us(time_us).year;
    if (!rule->has_summer)
        return 0;
    for (int y = year + 2 - ZONE_RULE_YEARS; y <= year + 1; y++) {
        if (y < YEAR_FIRST || y > YEAR_LAST)
            continue;
        add(changes, &count,
            (struct zone_change){.at_us = change_us(&rule->begins, y, rule->standard_s),
                                 .ahead_s = rule->summer_s});
        add(changes, &count,
            (struct zone_change){.at_us = change_us(&rule->ends, y, rule->summer_s),
                                 .ahead_s = rule->standard_s});
    }
    return count;
}
