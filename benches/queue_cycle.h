/* Callers that send, receive and delete messages of 1 KB, each in a transaction of its own.
 *
 *     TRY(queue_cycle_open(db, ctx, &flow));
 *     rate = queue_cycle_rate(flow, 10, 64, SECOND_US);         messages a second, or 0
 *     flow_close(flow); */
#ifndef STOA_BENCHES_QUEUE_CYCLE_H
#define STOA_BENCHES_QUEUE_CYCLE_H

#include "flow/flow.h"

enum { CYCLE_CALLERS_MAX = 64, CYCLE_BODY = 1024 };

/* A database's tables, a queue in it, and flow. */
enum err queue_cycle_open(struct db *db, struct ctx *ctx, struct flow **flow);

/* Callers take turns of `batch` messages; a message counts once it was deleted. */
double queue_cycle_rate(struct flow *flow, size_t batch, size_t callers, int64_t round_us);

#endif
