/* Workers: threads that may wait, and the lanes in which requests wait for them.
 *
 *     TRY(lane_open(&lane, ctx, LANE_NORMAL));
 *     if (!lane_add(&lane, connection))     …  503: the lane is full
 *     lane_close(&lane);
 *
 * A lane has one queue, in order, and threads that are made when they are first needed. The one
 * that went idle last is woken first: its memory is warm, and that of others is given back. At most
 * one is on its way at a time; it wakes the next where more is waiting than it takes, so that many
 * small requests cost few wakes and a slow one holds up nobody. */
#ifndef STOA_WEB_WORKER_H
#define STOA_WEB_WORKER_H

#include "base/thread.h"
#include "web/exchange.h"
#include "web/server.h"

enum lane_kind { LANE_NORMAL, LANE_RESERVED, LANE_STREAM, LANE_SEND, LANE_COUNT };

enum {
    WORKER_REST_MS = 1000, /* idle so long, it gives its memory back */
    LANE_RESERVED_QUEUE_MAX = 64,
};

struct worker {
    struct lane *lane;
    struct worker *idle_next, *next;
    pthread_t thread;
    _Atomic uint32_t woken;
    struct desk desk;
};

struct lane {
    struct server *server;
    const char *name; /* of its threads */
    pthread_mutex_t lock;
    struct connection *first, *last; /* the queue; from here on under the lock */
    size_t jobs, jobs_max;           /* waiting and running */
    struct worker *idle;             /* the last that went idle first */
    struct worker *workers;          /* all that were started */
    size_t worker_count, worker_max; /* one that is being started counts */
    bool waking;                     /* one is on its way */
    bool closing;
};

void lane_prepare(struct lane *lane, struct server *server, enum lane_kind kind);

/* Starts the first worker, where the lane is to have one at once. */
enum err lane_open(struct lane *lane, struct ctx *ctx, enum lane_kind kind);

/* Hands a lent connection with its whole request over. False where there are too many already, or
 * nobody to do it. The reactor calls it. */
bool lane_add(struct lane *lane, struct connection *connection);

/* Waits for what runs; what waits is not run. */
void lane_close(struct lane *lane);

#endif
