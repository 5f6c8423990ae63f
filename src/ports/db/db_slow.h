/* Queries that took long: told to the log when they ran, and their plans after it.
 *
 *     struct db_slow slow;
 *     db_slow_init(&slow, 100 * MS_US);
 *     struct tx tx = {…, .slow = &slow};                each query of it is measured
 *     db_slow_note(&slow, ctx, query, took_us, rows);   {"event":"slow query","query":…
 *     query = db_slow_next(&slow, &trace);              whose plan is to be told; NULL: none
 *
 * Neither the log nor the plan ever holds a value. A plan is told once a minute and name at most.
 * Private to ports/db. */
#ifndef STOA_PORTS_DB_DB_SLOW_H
#define STOA_PORTS_DB_DB_SLOW_H

#include <pthread.h>

#include "base/span.h"
#include "ports/db/query.h"

enum { SLOW_QUERIES_MAX = 64 }; /* that are remembered; the plans of others are not told */

#define SLOW_PLAN_US MINUTE_US

struct db_slow {
    int64_t limit_us;
    pthread_mutex_t lock;
    struct slow_query {
        const struct query *query;
        int64_t next_us; /* when its plan may be told again */
        struct trace_id trace;
        bool wanted;
    } list[SLOW_QUERIES_MAX]; /* under the lock */
    size_t count;
};

void db_slow_init(struct db_slow *slow, int64_t limit_us); /* 0: nothing is slow */
void db_slow_release(struct db_slow *slow);

/* Of one that took limit_us or longer. */
void db_slow_note(struct db_slow *slow, struct ctx *ctx, const struct query *query, int64_t took_us,
                  int64_t rows);

/* Takes one whose plan is wanted, and the trace that it was slow in. */
const struct query *db_slow_next(struct db_slow *slow, struct trace_id *trace);

#endif
