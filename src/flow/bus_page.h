/* What the console's pages of the bus show, and what they have in common.
 *
 *     struct bus_rule_shown shown = {.rule = rule};
 *     TRY(bus_tallies(tx, rule.name, &shown.tallies));
 *     TRY(bus_pretty(ctx, rule.pattern, &text));
 *     return bus_wrong(request, "to1", text_bus_no_queue); */
#ifndef STOA_FLOW_BUS_PAGE_H
#define STOA_FLOW_BUS_PAGE_H

#include "flow/bus.h"
#include "flow/topic.h"
#include "ui/frame.h"

/* Which of the pages one is on. */
enum bus_place { BUS_RULES, BUS_EVENTS, BUS_TRY, BUS_REPLAYS };

enum { BUS_LIST_ROWS = 25, BUS_DELIVERIES_SHOWN = 5 };

struct bus_rule_shown {
    struct bus_rule rule;
    struct bus_tallies tallies;
    bool failing; /* one of its targets */
};

struct bus_delivery_shown {
    struct str answer;
    int64_t made_us, tries, status;
    bool is_sent, is_failed;
};

struct bus_target_shown {
    struct bus_target target;
    struct bus_tally tally;
    bool failing, is_queue, is_webhook;
    struct str kind;                                            /* in the reader's language */
    struct str subscription;                                    /* of a webhook; else empty */
    struct bus_delivery_shown deliveries[BUS_DELIVERIES_SHOWN]; /* of a webhook */
    size_t delivery_count;
};

/* One of the targets in the form of a rule: its fields are kind1, to1, input1 and so on. */
struct bus_target_form {
    int64_t number;
    const char *kind_name, *to_name, *input_name;
    struct str kind;
    struct ui_value to, input;
    bool is_topic, is_webhook; /* else a queue */
    bool open;
};

struct bus_event_brief {
    struct str id, source, type;
    int64_t made_us;
    bool is_chosen;
};

struct bus_replay_shown {
    struct str id, rule;
    int64_t from_us, until_us, events, made_us;
    int64_t percent; /* of its time */
    bool ended;
};

/* JSON as people read it: a line a member, short values on one. What is none stays as it is. */
enum err bus_pretty(struct ctx *ctx, struct str json, struct str *text);

/* ERR_INPUT at a field of a form, in the reader's language. */
enum err bus_wrong(const struct request *request, const char *field, ui_say *say);

/* As pattern_parse; whatever is wrong is so at the field "pattern". */
struct pattern;
enum err bus_read_pattern(struct ctx *ctx, struct str text, struct pattern **pattern);

/* The newest events, without what they tell; `more` where there are further ones. */
struct bus_look {
    struct str source, type, before; /* empty is all */
    int64_t limit;
    struct bus_event_brief *list;
    size_t count;
    bool more;
};

enum err bus_look_at_events(struct tx *tx, struct bus_look *look);

#endif
