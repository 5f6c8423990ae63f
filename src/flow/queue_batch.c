/* Deletes up to ten messages: beyond a network with one statement, however many they are. */
#include "flow/flow_sql.h"
#include "flow/queue_inside.h"

#define RECEIPT(r) (r).visible_us, (r).number, (r).nonce
#define TEN(r)                                                                           \
    RECEIPT((r)[0]), RECEIPT((r)[1]), RECEIPT((r)[2]), RECEIPT((r)[3]), RECEIPT((r)[4]), \
        RECEIPT((r)[5]), RECEIPT((r)[6]), RECEIPT((r)[7]), RECEIPT((r)[8]), RECEIPT((r)[9])

/* Those that are where their receipts say; the others are not ERR_OK. A place that is left of ten,
 * a receipt without a nonce, or one that was there before, finds nothing. */
static enum err drop_ten(struct tx *tx, const struct queue *queue,
                         const struct queue_receipt receipts[], size_t count, enum err results[])
{
    struct queue_receipt ten[QUEUE_BATCH_MAX] = {{0}};
    struct queue_far_drop_rows gone;
    for (size_t i = 0; i < count; i++)
        if (receipts[i].nonce)
            ten[i] = receipts[i];
    TRY(queue_far_drop(tx, queue->number, TEN(ten), &gone));
    for (size_t k = 0; k < gone.count; k++)
        for (size_t i = 0; i < count; i++)
            if (receipts[i].number == gone.rows[k].number &&
                receipts[i].nonce == gone.rows[k].nonce) {
                results[i] = ERR_OK;
                break;
            }
    return ERR_OK;
}

enum err queue_delete_batch(struct tx *tx, const struct queue *queue,
                            const struct queue_receipt receipts[], size_t count, enum err results[])
{
    if (!count || count > QUEUE_BATCH_MAX)
        return err_input(&tx->ctx->err, "entries", "must be from 1 to %d", QUEUE_BATCH_MAX);
    for (size_t i = 0; i < count; i++)
        results[i] = ERR_MISSING;
    if (tx_is_far(tx) && !queue->is.fifo)
        TRY(drop_ten(tx, queue, receipts, count, results));
    for (size_t i = 0; i < count; i++) { /* also those that were hidden anew */
        if (results[i])
            results[i] = queue_delete(tx, queue, &receipts[i]);
        if (results[i] && results[i] != ERR_MISSING)
            return results[i];
    }
    err_clear(&tx->ctx->err);
    return ERR_OK;
}
