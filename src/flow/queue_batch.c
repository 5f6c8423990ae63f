/* Deletes up to ten messages, beyond a network with three statements, however many they are. */
#include "flow/flow_sql.h"
#include "flow/queue_inside.h"

/* What is left of ten places repeats the first. */
static void fill(const struct queue_receipt receipts[], size_t count,
                 struct queue_receipt ten[QUEUE_BATCH_MAX])
{
    for (size_t i = 0; i < QUEUE_BATCH_MAX; i++)
        ten[i] = receipts[i < count ? i : 0];
}

#define TEN_NUMBERS(r)                                                                        \
    (r)[0].number, (r)[1].number, (r)[2].number, (r)[3].number, (r)[4].number, (r)[5].number, \
        (r)[6].number, (r)[7].number, (r)[8].number, (r)[9].number
#define RECEIPT(r) (r).visible_us, (r).number, (r).nonce
#define TEN_RECEIPTS(r)                                                                  \
    RECEIPT((r)[0]), RECEIPT((r)[1]), RECEIPT((r)[2]), RECEIPT((r)[3]), RECEIPT((r)[4]), \
        RECEIPT((r)[5]), RECEIPT((r)[6]), RECEIPT((r)[7]), RECEIPT((r)[8]), RECEIPT((r)[9])

static bool are_apart(const struct queue_receipt receipts[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count; k++)
            if (receipts[i].number == receipts[k].number)
                return false;
    return true;
}

/* Each by itself: the engine is near, some are not where their receipts say, or their queue is
 * fifo. */
static enum err one_by_one(struct tx *tx, const struct queue *queue,
                           const struct queue_receipt receipts[], size_t count, enum err results[])
{
    for (size_t i = 0; i < count; i++) {
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
    struct queue_receipt ten[QUEUE_BATCH_MAX];
    struct queue_entry_have_row have;
    if (!count || count > QUEUE_BATCH_MAX)
        return err_input(&tx->ctx->err, "entries", "must be from 1 to %d", QUEUE_BATCH_MAX);
    fill(receipts, count, ten);
    if (!tx_is_far(tx) || queue->is.fifo || count == 1 || !are_apart(receipts, count))
        return one_by_one(tx, queue, receipts, count, results);
    TRY(queue_entry_have(tx, queue->number, TEN_RECEIPTS(ten), &have));
    if (have.found != (int64_t)count)
        return one_by_one(tx, queue, receipts, count, results);
    for (size_t i = 0; i < count; i++)
        results[i] = ERR_OK;
    TRY(queue_entry_drop_ten(tx, queue->number, TEN_RECEIPTS(ten)));
    return queue_message_drop_ten(tx, TEN_NUMBERS(ten));
}
