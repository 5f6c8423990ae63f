/* The bus: takes each event (flow_event.h) to all who want it.
 *
 *     static const struct bus_target targets[] = {{.kind = STR("queue"), .name = STR("letters")}};
 *     TRY(bus_rule_set(tx, &(struct bus_rule){.name = STR("thank-customer"),
 *                                             .pattern = STR("{\"type\":[\"order.placed\"]}"),
 *                                             .enabled = true,
 *                                             .targets = targets,
 *                                             .target_count = 1}));
 *
 *     TRY(bus_open(ctx, &(struct bus_options){.db = db, .runs = true}, &bus));
 *     bus_wake(bus);                             from db_observe, at the note FLOW_NOTE
 *     bus_close(bus);                            all three: flow.h's brings_events
 *
 * A rule is a pattern (pattern.h) and up to BUS_TARGETS_MAX targets; each is given the event, or
 * what its input makes of it (bus_input.h). Events that are pending are read, matched outside of
 * any transaction, and then in one transaction put into the targets' queues and taken from what is
 * pending: who kills the process anywhere finds each event once in each queue, and of several
 * processes one takes it. Other kinds than queues are wired (bus_kind.h): their `send` runs in that
 * transaction and so only writes rows.
 *
 * A target that cannot take an event (its queue is gone, the body is too long) is logged and
 * counted, and keeps nobody else waiting; the event stays in the archive, and bus_replay brings it
 * again. How many events a rule matched and each target took or failed at is counted in memory and
 * written every BUS_TALLY_MS: who is killed leaves out the last of it. A replay goes behind what is
 * new, and its events say that they are of one.
 *
 * Rules are kept compiled; each look at the database also sees whether they changed. An event is
 * matched by the rules as they were when it was read: those of before it are always among them.
 * An event costs its reader some 5 us, one row taken, and what its targets' rows cost. */
#ifndef STOA_FLOW_BUS_H
#define STOA_FLOW_BUS_H

#include "base/counter.h"
#include "flow/flow_event.h"

struct bus;

enum {
    BUS_NAME_MAX = 80, /* of a rule: letters, digits, - _ and . */
    BUS_ABOUT_MAX = 512,
    BUS_TARGETS_MAX = 5,   /* of a rule */
    BUS_TARGET_MAX = 2000, /* bytes of its name, which may be a URL */
    BUS_RULES_MAX = 5000,
    BUS_TAKE_MAX = 64,       /* events of one transaction */
    BUS_BYTES_MAX = 4 << 20, /* after so many it takes no further one */
    BUS_TRIES_MAX = 5,       /* of an event that fails by itself; then it stays in the archive */
    BUS_LOOK_MS = 20,        /* after events came by within BUS_AWAKE_MS; else BUS_IDLE_MS */
    BUS_AWAKE_MS = 5000,
    BUS_IDLE_MS = 200,
    BUS_TALLY_MS = 1000,   /* so often it is written what became of rules' events */
    BUS_REASON_MAX = 160,  /* bytes that are kept of why a target failed */
    BUS_LATE_S = 60,       /* events that wait for longer are a reason to worry */
    BUS_KEPT_DAYS = 30,    /* in the archive, where the options do not say */
    BUS_REPLAY_STEP = 500, /* events that a replay makes pending at a time */
    BUS_SWEEP_MAX = 1000,  /* events that are forgotten at a time */
    BUS_MEMORY_MAX = 96 << 20,
};

struct bus_target {
    struct str kind, name;
    struct str input; /* empty is the event */
};

struct bus_rule {
    struct str name, about, pattern;
    bool enabled;
    const struct bus_target *targets;
    size_t target_count;
    int64_t made_us, changed_us; /* of one that is read */
};

struct bus_rules {
    struct bus_rule *list;
    size_t count;
};

/* Makes it, or makes the one of that name so. ERR_INPUT with the field for what cannot be. */
enum err bus_rule_set(struct tx *tx, const struct bus_rule *rule);

/* A consumer's own rule, called as its queue: made, or set where its pattern is another. Whoever
 * turned it off finds it off. */
enum err bus_rule_keep(struct tx *tx, struct str queue, struct str pattern);

enum err bus_rule_enable(struct tx *tx, struct str name, bool enabled);       /* ERR_MISSING */
enum err bus_rule_drop(struct tx *tx, struct str name);                       /* ERR_MISSING */
enum err bus_rule_get(struct tx *tx, struct str name, struct bus_rule *rule); /* ERR_MISSING */
enum err bus_rule_list(struct tx *tx, struct str after, int64_t limit, struct bus_rules *rules);

/* What is to go out again: events of that time, to one rule (that is then asked whether it wants
 * them) or, where it is empty, all. */
struct bus_replay {
    int64_t from_us, until_us;
    struct str rule;
    char id[ID_TEXT_MAX]; /* filled in */
};

enum err bus_replay(struct tx *tx, struct bus_replay *replay);

/* An event on its way into a target. */
struct bus_delivery {
    const struct bus_target *target;
    struct str rule, event, type, body, trace;
};

struct bus_kind {
    const char *name;
    enum err (*send)(struct tx *tx, const struct bus_delivery *delivery);
};

/* What became of a rule's events, or of those that one of its targets was to take. */
struct bus_tally {
    int64_t taken, failed, last_us, fell_us; /* when the last was taken, and failed; 0 is never */
    struct str reason;                       /* why that was */
};

struct bus_tallies {
    struct bus_tally rule; /* taken: matched */
    struct bus_tally targets[BUS_TARGETS_MAX];
};

enum err bus_tallies(struct tx *tx, struct str rule, struct bus_tallies *tallies);

static inline bool bus_is_failing(const struct bus_tally *tally)
{
    return tally->fell_us > tally->last_us;
}

struct bus_options {
    struct db *db;
    const struct bus_kind *kinds;      /* beside "queue"; ends with a row of NULL; may be NULL */
    struct counter_registry *counters; /* may be NULL */
    int64_t kept_days;                 /* 0 is BUS_KEPT_DAYS */
    bool runs;                         /* on a thread of its own; else who opened it calls */
};

enum err bus_open(struct ctx *ctx, const struct bus_options *options, struct bus **opened);
void bus_close(struct bus *bus); /* NULL is none */

/* There is an event. Never waits; any thread. */
void bus_wake(struct bus *bus);

/* Takes some of what is pending to its targets; 0 where there was nothing. Moves replays on where
 * nothing new is pending. What it needs it takes from ctx->arena and gives back. */
enum err bus_dispatch(struct bus *bus, struct ctx *ctx, size_t *taken);

/* When the event was told that waits for the longest; 0 where none does. */
enum err bus_oldest(struct tx *tx, int64_t *made_us);

/* Forgets events that are older than they are kept: some at a time. */
enum err bus_sweep(struct bus *bus, struct ctx *ctx, int64_t *forgotten);

#endif
