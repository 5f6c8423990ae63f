/* What the files of the bus share. Private to them.
 *
 *     TRY(bus_rules_refresh(bus, ctx, version));
 *     size_t matched = pattern_set_match(bus->now.set, bus->now.scratch, event); */
#ifndef STOA_FLOW_BUS_INSIDE_H
#define STOA_FLOW_BUS_INSIDE_H

#include <stdatomic.h>

#include "base/beat.h"
#include "flow/bus.h"
#include "flow/pattern.h"

/* What is not written yet of what became of events: one for each rule, one for each target. */
struct bus_sum {
    int64_t taken, failed, last_us, fell_us;
    char reason[BUS_REASON_MAX + 1]; /* of the last failure */
};

/* The rules that are enabled, as one process knows them. */
struct bus_compiled {
    struct arena arena;
    int64_t version;        /* 0: none were read yet */
    struct bus_rules rules; /* in the order of the set */
    struct pattern_set *set;
    struct pattern_scratch *scratch;
    struct bus_sum *sums; /* BUS_SUMS for each rule */
};

enum { BUS_SUMS = 1 + BUS_TARGETS_MAX, BUS_OWNER_MAX = 64 };

struct bus {
    struct bus_options options;
    pthread_mutex_t working; /* one dispatch at a time in a process */
    struct bus_compiled now;
    struct arena trees; /* of one event */
    size_t take_max;    /* less than BUS_TAKE_MAX after a failure */
    int failures;       /* in a row, of one event alone */
    int64_t tallied_us; /* when the sums were written */
    bool counted;       /* there is something in them */
    int64_t whole_us;   /* when all that is pending was looked at, also what is old */
    struct counter events, matches, deliveries, lost;

    struct beat beat;
    struct arena arena; /* the thread's, and its context */
    struct ctx ctx;
    struct rand rand;
};

/* Reads and compiles the rules where they are not of that version. */
enum err bus_rules_refresh(struct bus *bus, struct ctx *ctx, int64_t version);

/* Writes the sums: where it is time, or at once. They stay where that fails. */
enum err bus_tally_write(struct bus *bus, struct ctx *ctx, bool at_once);

/* Under bus->working: an event that it took (target 0: that the rule matched), or failed at. */
struct bus_sum *bus_sum_of(struct bus *bus, size_t rule, size_t target);

void bus_keep_reason(struct bus_sum *sum, struct str why);

/* UTF-8 of at most so many bytes, without a character cut in two. */
struct str bus_cut(struct str text, size_t max);

/* Whose a rule's webhook is: readable, and of one rule for one URL alone. */
struct str bus_webhook_owner(struct str rule, struct str url, char text[BUS_OWNER_MAX]);
enum err bus_webhook_find(struct tx *tx, struct str owner, struct str url, struct str *id);

/* Makes the next events of a replay pending; 0 where there is none. */
enum err bus_replay_step(struct bus *bus, struct ctx *ctx, size_t *moved);

/* As text, below all events of that time. */
void bus_event_floor(int64_t time_us, char text[ID_TEXT_MAX]);

#endif
