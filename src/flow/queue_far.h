/* Queues beyond a network (tx_is_far of db.h). Private to flow; not for those that are fifo.
 *
 *     TRY(queue_far_ask(tx, &asked));              in a db_write: `asked` outlives it
 *     if (!queue_far_answer(&asked, got))          behind the db_write
 *         …                                        in another: queue_far_settle
 *
 * What is asked is answered when the write has ended well: many share one round trip. */
#ifndef STOA_FLOW_QUEUE_FAR_H
#define STOA_FLOW_QUEUE_FAR_H

#include "flow/flow_sql.h"
#include "flow/queue_inside.h"

struct queue_asked {
    struct queue_take take;
    struct queue_far_take_rows rows;
};

enum err queue_far_ask(struct tx *tx, struct queue_asked *asked);

/* False where some are over (queue_is_over): they are hidden, and queue_far_settle ends them. */
bool queue_far_answer(const struct queue_asked *asked, struct queue_messages *got);
enum err queue_far_settle(struct tx *tx, const struct queue_asked *asked);

/* All of it at once. */
enum err queue_far_receive(struct tx *tx, const struct queue_take *take, struct queue_messages *got,
                           bool *more);

/* Deletes those that are where their receipts say, up to QUEUE_BATCH_MAX; `gone` is answered as
 * above. queue_far_deleted is false where some are not; those may have been hidden anew. */
enum err queue_far_delete(struct tx *tx, const struct queue *queue,
                          const struct queue_receipt receipts[], size_t count,
                          struct queue_far_drop_rows *gone);
bool queue_far_deleted(const struct queue_far_drop_rows *gone,
                       const struct queue_receipt receipts[], size_t count, enum err results[]);

/* The others, each by itself. */
enum err queue_delete_left(struct tx *tx, const struct queue *queue,
                           const struct queue_receipt receipts[], size_t count,
                           const struct queue_far_drop_rows *gone, enum err results[]);

#endif
