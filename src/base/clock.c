/* The system's clock, and the Gregorian calendar. */
#include "base/clock.h"

#include <string.h>
#include <time.h>

#include "base/assert.h"

enum {
    YEAR_MIN = 1,
    YEAR_MAX = 9999,
    YEAR_DAYS = 365,
    YEARS4_DAYS = 4 * YEAR_DAYS + 1,
    YEARS100_DAYS = 25 * YEARS4_DAYS - 1,
    YEARS400_DAYS = 4 * YEARS100_DAYS + 1,
    EPOCH_DAYS = 719162, /* from 1 January of the year 1, a Monday, to that of 1970 */
    FRACTION_DIGITS = 6,
};

static int64_t read_us(clockid_t id)
{
    struct timespec now;
    ASSERT(clock_gettime(id, &now) == 0);
    return now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

static int64_t wall_us(struct clock *clock)
{
    (void)clock;
    return read_us(CLOCK_REALTIME);
}

static int64_t monotonic_us(struct clock *clock)
{
    (void)clock;
    return read_us(CLOCK_MONOTONIC);
}

struct clock clock_system(void)
{
    return (struct clock){.now_us = wall_us, .tick_us = monotonic_us};
}

int64_t clock_now_us(struct clock *clock)
{
    return clock->now_us(clock);
}

int64_t clock_tick_us(struct clock *clock)
{
    return clock->tick_us(clock);
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days of the year before the month; month 13 stands for the year's end. */
static int days_before_month(int year, int month)
{
    static const short before[] = {0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    return before[month] + (month > 2 && is_leap(year));
}

static int days_before_year(int year)
{
    int past = year - 1;
    return past * YEAR_DAYS + past / 4 - past / 100 + past / 400;
}

/* Fills the date from the days since 1 January of the year 1: whole spans of 400, 100, 4 and 1
 * years. The last century of four and the last year of four have the leap day, hence the 3. */
static void civil_date(struct civil *civil, int days)
{
    int rest = days % YEARS400_DAYS;
    int centuries = rest / YEARS100_DAYS < 3 ? rest / YEARS100_DAYS : 3;
    rest -= centuries * YEARS100_DAYS;
    int fours = rest / YEARS4_DAYS;
    rest -= fours * YEARS4_DAYS;
    int years = rest / YEAR_DAYS < 3 ? rest / YEAR_DAYS : 3;
    rest -= years * YEAR_DAYS;

    civil->year = days / YEARS400_DAYS * 400 + centuries * 100 + fours * 4 + years + 1;
    civil->year_day = rest + 1;
    civil->weekday = days % 7 + 1;
    civil->month = rest / 31 + 1; /* right, or one too early */
    if (rest >= days_before_month(civil->year, civil->month + 1))
        civil->month++;
    civil->day = rest - days_before_month(civil->year, civil->month) + 1;
}

struct civil civil_from_us(int64_t time_us)
{
    ASSERT(time_us >= CLOCK_MIN_US && time_us <= CLOCK_MAX_US);
    int64_t since_us = time_us - CLOCK_MIN_US;
    int64_t rest_us = since_us % DAY_US;
    struct civil civil = {
        .hour = (int)(rest_us / HOUR_US),
        .minute = (int)(rest_us % HOUR_US / MINUTE_US),
        .second = (int)(rest_us % MINUTE_US / SECOND_US),
        .us = (int)(rest_us % SECOND_US),
    };
    civil_date(&civil, (int)(since_us / DAY_US));
    return civil;
}

static bool within(int number, int min, int max)
{
    return number >= min && number <= max;
}

static bool is_date(const struct civil *civil)
{
    return within(civil->year, YEAR_MIN, YEAR_MAX) && within(civil->month, 1, 12) &&
           within(civil->day, 1,
                  days_before_month(civil->year, civil->month + 1) -
                      days_before_month(civil->year, civil->month));
}

static bool is_time(const struct civil *civil)
{
    return within(civil->hour, 0, 23) && within(civil->minute, 0, 59) &&
           within(civil->second, 0, 59) && within(civil->us, 0, SECOND_US - 1);
}

enum err civil_to_us(const struct civil *civil, int64_t *time_us)
{
    if (!is_date(civil) || !is_time(civil))
        return ERR_INPUT;
    int days = days_before_year(civil->year) + days_before_month(civil->year, civil->month) +
               civil->day - 1 - EPOCH_DAYS;
    *time_us = days * DAY_US + civil->hour * HOUR_US + civil->minute * MINUTE_US +
               civil->second * SECOND_US + civil->us;
    return ERR_OK;
}

/* Writes `number` in exactly `width` digits over the picture. */
static void put(char *at, int number, int width)
{
    while (width-- > 0) {
        at[width] = (char)('0' + number % 10);
        number /= 10;
    }
}

void clock_format(int64_t time_us, char text[CLOCK_TEXT_MAX])
{
    struct civil civil = civil_from_us(time_us);
    static const char picture[] = "yyyy-mm-ddThh:mm:ss.uuuuuuZ";
    memcpy(text, picture, sizeof picture);
    put(text, civil.year, 4);
    put(text + 5, civil.month, 2);
    put(text + 8, civil.day, 2);
    put(text + 11, civil.hour, 2);
    put(text + 14, civil.minute, 2);
    put(text + 17, civil.second, 2);
    put(text + 20, civil.us, FRACTION_DIGITS);
}

/* Takes one character off the front, a letter in either case. */
static bool take_char(struct str *rest, char c)
{
    if (!str_equal_nocase(str_slice(*rest, 0, 1), str_make(&c, 1)))
        return false;
    *rest = str_slice(*rest, 1, rest->len);
    return true;
}

/* Takes what looks like the picture: a 0 stands for any digit. The numbers that the digits make go
 * to `numbers`, one a run. */
static bool take(struct str *rest, const char *picture, int numbers[])
{
    int number = 0;
    for (const char *at = picture; *at; at++) {
        if (*at != '0') {
            if (!take_char(rest, *at))
                return false;
            continue;
        }
        if (!rest->len || rest->ptr[0] < '0' || rest->ptr[0] > '9')
            return false;
        number = number * 10 + (rest->ptr[0] - '0');
        *rest = str_slice(*rest, 1, rest->len);
        if (at[1] != '0') {
            *numbers++ = number;
            number = 0;
        }
    }
    return true;
}

/* A point and digits, where there is a point. Those beyond a microsecond are cut off, not rounded:
 * a moment must not move into the next second. */
static bool take_fraction(struct str *rest, int *us)
{
    int digit = 0, scale = (int)SECOND_US / 10;
    *us = 0;
    if (!take_char(rest, '.'))
        return true;
    if (!take(rest, "0", &digit))
        return false;
    do {
        *us += digit * scale;
        scale /= 10;
    } while (take(rest, "0", &digit));
    return true;
}

/* "Z", or how far the local clock is ahead of UTC. */
static bool take_offset(struct str *rest, int64_t *ahead_us)
{
    int parts[2] = {0};
    bool west = rest->len && rest->ptr[0] == '-';
    if (!take_char(rest, 'Z') && !take(rest, west ? "-00:00" : "+00:00", parts))
        return false;
    *ahead_us = (parts[0] * HOUR_US + parts[1] * MINUTE_US) * (west ? -1 : 1);
    return parts[0] <= 23 && parts[1] <= 59;
}

enum err clock_parse(struct str text, int64_t *time_us)
{
    int date[3] = {0}, clock[3] = {0}, us = 0;
    int64_t ahead_us = 0, local_us;
    if (!take(&text, "0000-00-00", date))
        return ERR_INPUT;
    if (text.len && (!take(&text, "T00:00:00", clock) || !take_fraction(&text, &us) ||
                     !take_offset(&text, &ahead_us) || text.len))
        return ERR_INPUT;
    struct civil civil = {.year = date[0],
                          .month = date[1],
                          .day = date[2],
                          .hour = clock[0],
                          .minute = clock[1],
                          .second = clock[2],
                          .us = us};
    TRY(civil_to_us(&civil, &local_us));
    if (local_us - ahead_us < CLOCK_MIN_US || local_us - ahead_us > CLOCK_MAX_US)
        return ERR_INPUT;
    *time_us = local_us - ahead_us;
    return ERR_OK;
}
