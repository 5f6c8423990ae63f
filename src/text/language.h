/* The languages people may read, as a table: everything about one that is data, not sentences.
 *
 *     const struct language *language = language_negotiate(request_header("Accept-Language"));
 *     buf_addf(&page, "<html lang=\"%s\" dir=\"%s\">", language->code,
 *              language_direction(language));
 *     enum plural plural = language->plural(count);      en: PLURAL_ONE for 1, else PLURAL_OTHER
 *
 * Numbers, money and dates follow Unicode's CLDR, the source that browsers follow too; digits are
 * 0 to 9 everywhere, Arabic as the Emirates write it. Adding a language is a row here, and the
 * build then asks for each of its sentences (message.h). */
#ifndef STOA_TEXT_LANGUAGE_H
#define STOA_TEXT_LANGUAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* The order of the table. */
enum { LANGUAGE_EN, LANGUAGE_DE, LANGUAGE_FR, LANGUAGE_ES, LANGUAGE_AR, LANGUAGE_COUNT };

/* CLDR's plural categories; which of them a language tells apart is language->plurals. */
enum plural {
    PLURAL_ZERO,
    PLURAL_ONE,
    PLURAL_TWO,
    PLURAL_FEW,
    PLURAL_MANY,
    PLURAL_OTHER,
    PLURAL_COUNT
};

/* How long a date is written: "9/1/2026", "Sep 1, 2026", "September 1, 2026", and with its weekday.
 */
enum date_width { DATE_NUMERIC, DATE_MEDIUM, DATE_LONG, DATE_FULL, DATE_WIDTH_COUNT };

struct language {
    const char *code; /* "en", as in BCP 47 */
    const char *name; /* in itself: "Deutsch" */
    bool right_to_left;

    unsigned plurals; /* the categories whole numbers fall into: 1u << PLURAL_ONE | … */
    enum plural (*plural)(uint64_t number);

    const char *decimal, *group, *minus, *percent;
    int group_min;          /* digits before the first separator: 2 leaves 1234 ungrouped */
    bool symbol_first;      /* €5, not 5 € */
    const char *money_mark; /* before everything else, so that the parts keep their order */

    /* List parts: "a and b", "a, b, and c". The last is for words that begin with an i sound. */
    const char *list_two, *list_middle, *list_last, *list_before_i;

    /* As within a date. In CLDR's notation: d dd M MM MMM MMMM y EEEE H HH h mm a, and 'words'. */
    const char *months[12], *months_short[12];
    const char *weekdays[7], *weekdays_short[7]; /* Monday first */
    const char *day_halves[2];                   /* AM, PM */
    const char *dates[DATE_WIDTH_COUNT];
    const char *date_time[DATE_WIDTH_COUNT]; /* what stands between the date and the time */
    const char *time;
};

extern const struct language languages[LANGUAGE_COUNT]; /* the first is the preset */

/* The language of a BCP 47 tag by its first part, whatever its case: "de-AT" is German. NULL where
 * there is none. */
const struct language *language_find(struct str tag);

/* The language that an Accept-Language header likes best; the preset where it likes none. A part
 * that is malformed, or stands behind the first ACCEPT_PARTS_MAX, is not read. */
const struct language *language_negotiate(struct str header);

const char *language_direction(const struct language *language); /* "ltr" or "rtl", as in HTML */
const char *plural_name(enum plural plural);                     /* "one" */

#endif
