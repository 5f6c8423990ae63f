/* The ticker: sends what schedules say when it is due.
 *
 *     struct schedule_ticker *ticker;
 *     TRY(schedule_ticker_open(ctx, &(struct schedule_ticker_options){.db = db}, &ticker));
 *     …
 *     schedule_ticker_close(ticker);
 *
 * A thread, which sleeps until the earliest run and SCHEDULE_LOOK_MS at most: what is put
 * meanwhile, a clock that jumps, and a machine that slept are noticed then. Any number of processes
 * may each have one. What cannot be done now (the disk is full, the database is away) is tried
 * again after SCHEDULE_LOOK_MS. */
#ifndef STOA_FLOW_SCHEDULE_TICKER_H
#define STOA_FLOW_SCHEDULE_TICKER_H

#include "base/counter.h"
#include "flow/schedule.h"

enum {
    SCHEDULE_LOOK_MS = 1000,
    SCHEDULE_BATCH_MAX = 100, /* runs between two looks at what is due */
    SCHEDULE_JUMP_S = 60,     /* a clock that goes back so far was wrong */
};

struct schedule_ticker;

struct schedule_ticker_options {
    struct db *db;
    struct counter_registry *counters;
};

/* `ctx` gives the clock and the log, which live longer, as the options' things do. */
enum err schedule_ticker_open(struct ctx *ctx, const struct schedule_ticker_options *options,
                              struct schedule_ticker **opened);
void schedule_ticker_close(struct schedule_ticker *ticker); /* NULL is none */

/* What the thread does at each look. */
struct schedule_look {
    struct db *db;
    int64_t runs;     /* sent */
    int64_t troubles; /* counted as sent */
    int64_t next_us;  /* when to look again: the earliest of those that were not due */
    bool more;        /* there may be more that is due already */
};

/* Sends at most SCHEDULE_BATCH_MAX runs that are due by the context's clock. An error that may pass
 * by itself is returned once the others were sent. */
enum err schedule_run_due(struct ctx *ctx, struct schedule_look *look);

/* After the clock was put back: what was sent more than SCHEDULE_AHEAD_S ahead begins anew. */
enum err schedule_mend(struct ctx *ctx, struct db *db);

#endif
