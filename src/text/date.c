/* Writes dates and times by the patterns of the table of languages. */
#include "text/date.h"

#include "base/assert.h"

enum { HALF_DAY = 12 };

static void add_number(struct buf *out, int number, size_t letters)
{
    if (letters == 2 && number < 10)
        buf_addc(out, '0');
    buf_add_int(out, number);
}

/* One field of a pattern: a letter, and how often it stands there. */
static void add_field(struct buf *out, const struct language *language, const struct civil *civil,
                      char letter, size_t letters)
{
    switch (letter) {
    case 'y':
        add_number(out, civil->year, letters);
        break;
    case 'M':
        if (letters > 2)
            buf_add(out, str_from(letters == 3 ? language->months_short[civil->month - 1]
                                               : language->months[civil->month - 1]));
        else
            add_number(out, civil->month, letters);
        break;
    case 'd':
        add_number(out, civil->day, letters);
        break;
    case 'E':
        buf_add(out, str_from(language->weekdays[civil->weekday - 1]));
        break;
    case 'H':
        add_number(out, civil->hour, letters);
        break;
    case 'h':
        add_number(out, (civil->hour + HALF_DAY - 1) % HALF_DAY + 1, letters);
        break;
    case 'm':
        add_number(out, civil->minute, letters);
        break;
    case 'a':
        buf_add(out, str_from(language->day_halves[civil->hour / HALF_DAY]));
        break;
    default:
        ASSERT_UNREACHABLE("the patterns of languages hold no other letter");
    }
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void add_pattern(struct buf *out, const struct language *language, const struct civil *civil,
                        const char *pattern)
{
    bool is_quoted = false;
    for (const char *at = pattern; *at;) {
        size_t count = 1;
        while (at[count] == *at)
            count++;
        if (*at == '\'') {
            is_quoted = !is_quoted;
            count = 1;
        } else if (is_letter(*at) && !is_quoted) {
            add_field(out, language, civil, *at, count);
        } else {
            buf_add(out, str_make(at, count));
        }
        at += count;
    }
}

void text_date(struct buf *out, const struct language *language, const struct civil *civil,
               enum date_width width)
{
    ASSERT((unsigned)width < DATE_WIDTH_COUNT);
    ASSERT(civil->month >= 1 && civil->month <= 12 && civil->weekday >= 1 && civil->weekday <= 7);
    add_pattern(out, language, civil, language->dates[width]);
}

void text_time(struct buf *out, const struct language *language, const struct civil *civil)
{
    ASSERT(civil->hour >= 0 && civil->hour < 2 * HALF_DAY);
    add_pattern(out, language, civil, language->time);
}

void text_date_time(struct buf *out, const struct language *language, const struct civil *civil,
                    enum date_width width)
{
    text_date(out, language, civil, width);
    buf_add(out, str_from(language->date_time[width]));
    text_time(out, language, civil);
}
