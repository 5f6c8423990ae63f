/* The writer funnel: one thread that commits for everybody.
 *
 * Callers of db_write hang their fn into a queue and wait. The thread takes all that wait, up to
 * FUNNEL_BATCH_MAX, begins one transaction, runs each fn in a savepoint, commits once, and wakes
 * them. So under load a commit's fsync is shared, and alone it is paid at once: nobody waits for
 * company.
 *
 * A neighbour is never harmed: a fn's error undoes its own savepoint; a fn that broke the
 * transaction itself (an interrupt, a lost connection, a failed commit) makes its whole batch run
 * again, one by one and each in a transaction of its own. Per write: two futex calls of its own,
 * and a share of the batch's begin, commit and fsync.
 *
 *     TRY(funnel_open(ctx, driver, engine, counters, &db->funnel));
 *     return funnel_write(db->funnel, ctx, fn, arg);          from any thread; waits
 *     funnel_close(db->funnel);
 *
 * The clock and the log of the ctx that opens it are the thread's too, and live as long. */
#ifndef STOA_PORTS_DB_FUNNEL_H
#define STOA_PORTS_DB_FUNNEL_H

#include "ports/db/driver.h"

enum {
    FUNNEL_BATCH_MAX = 60,
    FUNNEL_TEND_MS = 20, /* after it was asked */
};

struct funnel;

enum err funnel_open(struct ctx *ctx, const struct db_driver *driver, struct db_engine *engine,
                     struct counter_registry *counters, struct funnel **opened);

/* Before its first write: what tells of slow queries; NULL where nothing is measured. */
void funnel_measure(struct funnel *funnel, struct db_slow *slow);
void funnel_observe(struct funnel *funnel, const struct db_observer *observer); /* as db_observe */

/* Has the thread call `tend` before the driver rests, and soon after it was asked to. Any thread
 * may ask; who asks again before it is done pays nothing. */
void funnel_tend(struct funnel *funnel, void (*tend)(void *arg), void *arg);
void funnel_ask(struct funnel *funnel);

void funnel_close(struct funnel *funnel); /* after the last of those that wait */

/* As db_write. */
enum err funnel_write(struct funnel *funnel, struct ctx *ctx, db_fn *fn, void *arg);

#endif
