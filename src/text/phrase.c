/* Says lists, sizes and distances in time. */
#include "text/phrase.h"

#include "base/assert.h"
#include "base/clock.h"
#include "text/common.h"

#define YEAR_US  (31556952 * SECOND_US) /* 365.2425 days */
#define MONTH_US (YEAR_US / 12)

/* True where the word begins with the sound of i, before which Spanish says "e" for "y": "hijos"
 * and "Isabel", but not "hielo". */
static bool begins_with_i(struct str word)
{
    bool has_h = str_equal_nocase(str_slice(word, 0, 1), STR("h"));
    struct str rest = str_slice(word, has_h ? 1 : 0, word.len);
    if (str_starts(rest, STR("í")) || str_starts(rest, STR("Í")))
        return true;
    if (!str_equal_nocase(str_slice(rest, 0, 1), STR("i")))
        return false;
    struct str next = str_slice(rest, 1, 2);
    return !has_h || (!str_equal_nocase(next, STR("a")) && !str_equal_nocase(next, STR("e")));
}

static const char *list_joint(const struct language *language, const struct str items[],
                              size_t count, size_t at)
{
    if (at + 1 < count)
        return language->list_middle;
    if (language->list_before_i && begins_with_i(items[at]))
        return language->list_before_i;
    return count == 2 ? language->list_two : language->list_last;
}

void text_list(struct buf *out, const struct language *language, const struct str items[],
               size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add(out, str_from(list_joint(language, items, count, i)));
        text_str(out, language, items[i]);
    }
}

void text_bytes(struct buf *out, const struct language *language, int64_t bytes)
{
    static const struct {
        uint64_t bytes;
        void (*say)(struct buf *, const struct language *, int64_t, int);
    } units[] = {
        {1000, text_size_kilobytes},
        {1000000, text_size_megabytes},
        {1000000000, text_size_gigabytes},
        {1000000000000, text_size_terabytes},
    };
    enum { UNIT_COUNT = sizeof units / sizeof *units, TENTHS = 10, NEXT_UNIT = 1000 * TENTHS };
    ASSERT(bytes >= 0);
    if ((uint64_t)bytes < units[0].bytes) {
        text_size_bytes(out, language, bytes);
        return;
    }
    for (size_t i = 0; i < UNIT_COUNT; i++) {
        uint64_t unit = units[i].bytes;
        int64_t tenths = (int64_t)(((uint64_t)bytes + unit / TENTHS / 2) / (unit / TENTHS));
        if (tenths >= NEXT_UNIT && i + 1 < UNIT_COUNT)
            continue;
        bool is_whole = tenths % TENTHS == 0;
        units[i].say(out, language, is_whole ? tenths / TENTHS : tenths, is_whole ? 0 : 1);
        return;
    }
}

void text_relative(struct buf *out, const struct language *language, int64_t time_us,
                   int64_t now_us)
{
    static const struct {
        int64_t unit_us;
        void (*in)(struct buf *, const struct language *, int64_t);
        void (*ago)(struct buf *, const struct language *, int64_t);
    } units[] = {
        {SECOND_US, text_in_seconds, text_ago_seconds},
        {MINUTE_US, text_in_minutes, text_ago_minutes},
        {HOUR_US, text_in_hours, text_ago_hours},
        {DAY_US, text_in_days, text_ago_days},
        {MONTH_US, text_in_months, text_ago_months},
        {YEAR_US, text_in_years, text_ago_years},
    };
    enum { UNIT_COUNT = sizeof units / sizeof *units };
    int64_t ahead_us = time_us - now_us; /* cannot overflow from CLOCK_MIN_US to CLOCK_MAX_US */
    int64_t distance_us = ahead_us < 0 ? -ahead_us : ahead_us;
    for (size_t i = 0; i < UNIT_COUNT; i++) {
        int64_t unit_us = units[i].unit_us;
        int64_t count = (distance_us + unit_us / 2) / unit_us;
        if (i + 1 < UNIT_COUNT && count * unit_us >= units[i + 1].unit_us)
            continue;
        if (count == 0)
            text_time_now(out, language);
        else
            (ahead_us > 0 ? units[i].in : units[i].ago)(out, language, count);
        return;
    }
}
