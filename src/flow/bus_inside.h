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

/* The rules that are enabled, as one process knows them. */
struct bus_compiled {
    struct arena arena;
    int64_t version;        /* 0: none were read yet */
    struct bus_rules rules; /* in the order of the set */
    struct pattern_set *set;
    struct pattern_scratch *scratch;
};

struct bus {
    struct bus_options options;
    pthread_mutex_t working; /* one dispatch at a time in a process */
    struct bus_compiled now;
    struct arena trees; /* of one event */
    size_t take_max;    /* less than BUS_TAKE_MAX after a failure */
    int failures;       /* in a row, of one event alone */
    int64_t whole_us;   /* when all that is pending was looked at, also what is old */
    struct counter events, deliveries, lost;

    struct beat beat;
    struct arena arena; /* the thread's, and its context */
    struct ctx ctx;
    struct rand rand;
};

/* Reads and compiles the rules where they are not of that version. */
enum err bus_rules_refresh(struct bus *bus, struct ctx *ctx, int64_t version);

/* Makes the next events of a replay pending; 0 where there is none. */
enum err bus_replay_step(struct bus *bus, struct ctx *ctx, size_t *moved);

/* As text, below all events of that time. */
void bus_event_floor(int64_t time_us, char text[ID_TEXT_MAX]);

#endif
