/* Writes and reads the dates of HTTP. */
#include <string.h>

#include "base/assert.h"
#include "base/clock.h"
#include "web/http.h"

enum { CENTURY_PIVOT = 70 }; /* of a year of two digits: 70 is 1970, 69 is 2069 */

static const char weekdays[][10] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                    "Friday", "Saturday", "Sunday"};
static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* Two digits, and what stands behind them. */
static char *add_two(char *at, int number, char behind)
{
    at[0] = (char)('0' + number / 10);
    at[1] = (char)('0' + number % 10);
    at[2] = behind;
    return at + 3;
}

/* By hand: every answer has a date, and a format would cost more than the rest of its head. */
void http_date_format(int64_t time_us, char text[HTTP_DATE_LEN + 1])
{
    struct civil civil = civil_from_us(time_us);
    memcpy(text, weekdays[civil.weekday - 1], 3);
    text[3] = ',';
    text[4] = ' ';
    char *at = add_two(text + 5, civil.day, ' ');
    memcpy(at, months[civil.month - 1], 3);
    at[3] = ' ';
    add_two(at + 4, civil.year / 100, ' ');
    at = add_two(at + 6, civil.year % 100, ' ');
    at = add_two(at, civil.hour, ':');
    at = add_two(at, civil.minute, ':');
    at = add_two(at, civil.second, ' ');
    memcpy(at, "GMT", 4);
    ASSERT(at + 3 == text + HTTP_DATE_LEN);
}

/* The number of so many digits at a place. */
static bool take_number(struct str text, size_t at, size_t digits, int *number)
{
    *number = 0;
    for (size_t i = at; i < at + digits; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        *number = *number * 10 + text.ptr[i] - '0';
    }
    return true;
}

static bool take_month(struct str text, size_t at, int *month)
{
    for (*month = 1; *month <= 12; ++*month)
        if (memcmp(text.ptr + at, months[*month - 1], 3) == 0)
            return true;
    return false;
}

/* The number of the weekday that the text begins with, in three letters or whole; `*len` is its
 * length. 0 where there is none. */
static int take_weekday(struct str text, bool is_whole, size_t *len)
{
    for (int day = 1; day <= 7; day++) {
        struct str name = str_from(weekdays[day - 1]);
        name.len = is_whole ? name.len : 3;
        *len = name.len;
        if (str_starts(text, name))
            return day;
    }
    return 0;
}

/* How the three forms are laid out behind the weekday. 'd' 'b' 'y' 'Y' 'h' 'm' 's' stand where
 * their number (or the month's name) begins, '_' where its rest is, 'e' for a day that may begin
 * with a space. */
static const struct form {
    bool is_whole; /* the weekday */
    const char *layout;
} forms[] = {
    {false, ", d_ b__ Y___ h_:m_:s_ GMT"},
    {true, ", d_-b__-y_ h_:m_:s_ GMT"},
    {false, " b__ e_ h_:m_:s_ Y___"},
};

static bool take_field(struct str text, size_t at, char field, struct civil *civil)
{
    switch (field) {
    case 'd':
        return take_number(text, at, 2, &civil->day);
    case 'e':
        return text.ptr[at] == ' ' ? take_number(text, at + 1, 1, &civil->day)
                                   : take_number(text, at, 2, &civil->day);
    case 'b':
        return take_month(text, at, &civil->month);
    case 'Y':
        return take_number(text, at, 4, &civil->year);
    case 'y':
        if (!take_number(text, at, 2, &civil->year))
            return false;
        civil->year += civil->year < CENTURY_PIVOT ? 2000 : 1900;
        return true;
    case 'h':
        return take_number(text, at, 2, &civil->hour);
    case 'm':
        return take_number(text, at, 2, &civil->minute);
    case 's':
        return take_number(text, at, 2, &civil->second);
    case '_':
        return true;
    default:
        return text.ptr[at] == field;
    }
}

static bool take_form(struct str text, const struct form *form, struct civil *civil)
{
    size_t weekday_len = 0, len = strlen(form->layout);
    civil->weekday = take_weekday(text, form->is_whole, &weekday_len);
    if (civil->weekday == 0 || text.len != weekday_len + len)
        return false;
    text = str_slice(text, weekday_len, text.len);
    for (size_t at = 0; at < len; at++)
        if (!take_field(text, at, form->layout[at], civil))
            return false;
    return true;
}

enum err http_date_parse(struct str text, int64_t *time_us)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct civil civil = {0};
        int64_t parsed_us;
        if (!take_form(text, &forms[i], &civil))
            continue;
        TRY(civil_to_us(&civil, &parsed_us));
        if (civil_from_us(parsed_us).weekday != civil.weekday)
            return ERR_INPUT;
        *time_us = parsed_us;
        return ERR_OK;
    }
    return ERR_INPUT;
}
