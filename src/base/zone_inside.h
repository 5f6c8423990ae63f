/* What a zone is made of: the changes that its file lists, and the rule for all years after.
 *
 *     struct zone_rule rule;
 *     if (zone_rule_read(STR("CET-1CEST,M3.5.0,M10.5.0/3"), &rule))
 *         count = zone_rule_changes(&rule, time_us, changes);
 */
#ifndef STOA_BASE_ZONE_INSIDE_H
#define STOA_BASE_ZONE_INSIDE_H

#include "base/zone.h"

enum zone_day_kind {
    ZONE_DAY_OF_WEEK,   /* Mm.w.d: a weekday of a month */
    ZONE_DAY_SKIP_LEAP, /* Jn: from 1, 29 February is never counted */
    ZONE_DAY_PLAIN,     /* n: from 0 */
};

/* When, each year, clocks change. */
struct zone_day {
    enum zone_day_kind kind;
    int month, week, weekday; /* week 5 is the last; weekday 0 is Sunday */
    int day;                  /* of the year */
    int time_s;               /* on the clock before the change; may lie outside the day */
};

/* A POSIX rule: "CET-1CEST,M3.5.0,M10.5.0/3". */
struct zone_rule {
    bool has_summer;
    int standard_s, summer_s; /* ahead of UTC */
    struct zone_day begins, ends;
};

struct zone_change {
    int64_t at_us;
    int ahead_s; /* from then on */
};

struct zone {
    int first_ahead_s; /* before the first change */
    size_t count;
    struct zone_change *changes; /* in order */
    bool has_rule;
    struct zone_rule rule; /* after the last change */
};

/* False where the text is no rule. */
bool zone_rule_read(struct str text, struct zone_rule *rule);

enum { ZONE_RULE_YEARS = 4, ZONE_RULE_CHANGES = 2 * ZONE_RULE_YEARS };

/* The changes by the rule from two years before that of the moment to one after, in order: a change
 * may lie some days outside its year. How many there are. */
size_t zone_rule_changes(const struct zone_rule *rule, int64_t time_us,
                         struct zone_change changes[ZONE_RULE_CHANGES]);

#endif
