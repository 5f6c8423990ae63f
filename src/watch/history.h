/* The last hour, as it was measured: what the page of health draws.
 *
 *     history_init(&history);
 *     history_add(&history, registry, now_us);          every HISTORY_STEP_US
 *     history_read(&history, points, now_us);           any thread
 *     points[HISTORY_POINTS - 1].requests / 30.0        a second, just now
 *
 * A step holds what happened in it. A point gathers the steps of HISTORY_POINT_US; where there is
 * none, the program did not run. All of it has a fixed size: some 85 KiB. */
#ifndef STOA_WATCH_HISTORY_H
#define STOA_WATCH_HISTORY_H

#include <pthread.h>

#include "base/clock.h"
#include "base/histogram.h"

#define HISTORY_STEP_US  (6 * SECOND_US)
#define HISTORY_POINT_US (30 * SECOND_US)

enum { HISTORY_POINTS = 120, HISTORY_STEPS = 720 }; /* an hour of the one, more of the other */

struct history_step {
    int64_t at_us; /* by the wall's clock; 0 is none */
    int64_t took_us, processor_us, resident_bytes;
    uint32_t buckets[HISTOGRAM_BUCKETS]; /* of the requests' durations */
    uint32_t errors, writes;
};

/* What the registry said when the last step ended. */
struct history_totals {
    int64_t buckets[HISTOGRAM_BUCKETS], errors, writes, processor_us;
};

struct history {
    pthread_mutex_t lock;
    struct history_step steps[HISTORY_STEPS]; /* under the lock; the oldest is overwritten */
    size_t next;
    struct history_totals totals;
    int64_t tick_us; /* when the last step ended; 0 before the first */
};

struct history_point {
    int64_t at_us;                        /* its end */
    int64_t took_us;                      /* measured in it; 0: nothing is known */
    int64_t requests, errors, writes;     /* in that time */
    int64_t half_us, most_us, slowest_us; /* within which 50, 95 and 99 of 100 were answered */
    int64_t processor_us;                 /* of all processors, used in that time */
    int64_t resident_bytes;
};

void history_init(struct history *history);
void history_release(struct history *history);

/* One thread adds. */
void history_add(struct history *history, const struct counter_registry *registry,
                 struct clock *clock);

/* The last of the points ends now. */
void history_read(struct history *history, struct history_point points[HISTORY_POINTS],
                  int64_t now_us);

/* Within how long so many of a hundred were answered: straight lines between the bounds. 0 where
 * there was none; beyond the last bound it is that bound. */
int64_t history_quantile(const int64_t buckets[HISTOGRAM_BUCKETS], int percent);

#endif
