/* Deletes up to ten messages: beyond a network with one statement, however many they are. */
#include "flow/queue_far.h"

enum err queue_delete_left(struct tx *tx, const struct queue *queue,
                           const struct queue_receipt receipts[], size_t count,
                           const struct queue_far_drop_rows *gone, enum err results[])
{
    (void)queue_far_deleted(gone, receipts, count, results);
    for (size_t i = 0; i < count; i++) {
        if (results[i])
            results[i] = queue_delete(tx, queue, &receipts[i]);
        if (results[i] && results[i] != ERR_MISSING)
            return results[i];
    }
    err_clear(&tx->ctx->err);
    return ERR_OK;
}

enum err queue_delete_batch(struct tx *tx, const struct queue *queue,
                            const struct queue_receipt receipts[], size_t count, enum err results[])
{
    struct queue_far_drop_rows gone = {0};
    if (!count || count > QUEUE_BATCH_MAX)
        return err_input(&tx->ctx->err, "entries", "must be from 1 to %d", QUEUE_BATCH_MAX);
    if (tx_is_far(tx) && !queue->is.fifo) {
        TRY(queue_far_delete(tx, queue, receipts, count, &gone));
        TRY(tx_await(tx));
    }
    return queue_delete_left(tx, queue, receipts, count, &gone, results);
}
