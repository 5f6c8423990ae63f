/* Callers that send, receive and delete messages of 1 KB, each in a transaction of its own.
 *
 *     rate = queue_cycle_rate(db, &queue, 10, 64, SECOND_US);   messages a second, or 0 */
#ifndef STOA_BENCHES_QUEUE_CYCLE_H
#define STOA_BENCHES_QUEUE_CYCLE_H

#include "flow/queue.h"

enum { CYCLE_CALLERS_MAX = 64, CYCLE_BODY = 1024 };

/* A database's tables, and a queue in it. */
enum err queue_cycle_make(struct db *db, struct ctx *ctx, struct queue *queue);

/* Callers take turns of `batch` messages; a message counts once it was deleted. */
double queue_cycle_rate(struct db *db, const struct queue *queue, size_t batch, size_t callers,
                        int64_t round_us);

#endif
