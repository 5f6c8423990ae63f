/* What is counted of topics in a process, and what its looker does for them. Private to flow.
 *
 *     topic_counters_register(&flow->topics, registry);
 *     topic_counters_note(&flow->topics, TOPIC_WEBHOOK, "sent", took_us);
 *     topic_counters_look(&flow->topics, db, ctx);                   now and then */
#ifndef STOA_FLOW_TOPIC_WATCH_H
#define STOA_FLOW_TOPIC_WATCH_H

#include "base/histogram.h"
#include "flow/topic.h"

enum { TOPIC_CARRIED = TOPIC_QUEUE, TOPIC_SWEEPS = 20 /* a look */ };

struct topic_counters {
    struct counter sent[TOPIC_CARRIED], failed[TOPIC_CARRIED], retries;
    struct counter failing, shut, waiting_s;
    struct histogram durations;
    struct histogram_cells cells[TOPIC_CARRIED];
};

void topic_counters_register(struct topic_counters *counters, struct counter_registry *registry);
void topic_counters_note(struct topic_counters *counters, enum topic_channel channel,
                         const char *state, int64_t took_us);

/* Sets the levels, and forgets what is old. */
void topic_counters_look(struct topic_counters *counters, struct db *db, struct ctx *ctx);

#endif
