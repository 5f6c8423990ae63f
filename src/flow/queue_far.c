/* Receives and deletes where the engine is beyond a network, of queues that are not fifo: each is
 * one statement, and who need not know before the write has ended does not wait for it. */
#include "flow/queue_far.h"

static bool is_over(const struct queue_take *take, const struct queue_far_take_row *row)
{
    return queue_is_over(take, row->receives, row->sent_us);
}

static void add(const struct queue_take *take, const struct queue_far_take_row *row,
                struct queue_messages *got)
{
    got->list[got->count++] = (struct queue_message){
        .receipt = {row->number, take->until_us, take->nonce},
        .id = row->id,
        .body = row->body,
        .attributes = row->attributes,
        .group_id = row->group_id,
        .dedup_id = row->dedup_id,
        .sender = row->sender,
        .trace = row->trace,
        .sent_us = row->sent_us,
        .first_us = row->first_us ? row->first_us : take->now_us,
        .receives = row->receives + 1,
        .visible_us = take->until_us,
    };
}

enum err queue_far_ask(struct tx *tx, struct queue_asked *asked)
{
    const struct queue_take *take = &asked->take;
    return queue_far_take(tx, take->queue->number, take->floor_us, take->now_us, take->max,
                          take->until_us, take->nonce, &asked->rows);
}

bool queue_far_answer(const struct queue_asked *asked, struct queue_messages *got)
{
    const struct queue_take *take = &asked->take;
    size_t count = asked->rows.count;
    got->count = 0;
    got->floor_us = count < (size_t)take->max ? take->now_us : asked->rows.rows[0].visible_us;
    for (size_t i = 0; i < count; i++)
        if (!is_over(take, &asked->rows.rows[i]))
            add(take, &asked->rows.rows[i], got);
    return got->count == count;
}

enum err queue_far_settle(struct tx *tx, const struct queue_asked *asked)
{
    const struct queue_take *take = &asked->take;
    for (size_t i = 0; i < asked->rows.count; i++) {
        const struct queue_far_take_row *row = &asked->rows.rows[i];
        struct queue_place place = {row->number, take->until_us, take->nonce, {0}};
        bool settled;
        TRY(queue_settle(tx, take, &place, row->receives, row->sent_us, &settled));
    }
    return ERR_OK;
}

enum err queue_far_receive(struct tx *tx, const struct queue_take *take, struct queue_messages *got,
                           bool *more)
{
    struct queue_asked asked = {.take = *take};
    TRY(queue_far_ask(tx, &asked));
    TRY(tx_await(tx));
    *more = asked.rows.count > 0;
    return queue_far_answer(&asked, got) ? ERR_OK : queue_far_settle(tx, &asked);
}

#define RECEIPT(r) (r).visible_us, (r).number, (r).nonce
#define TEN(r)                                                                           \
    RECEIPT((r)[0]), RECEIPT((r)[1]), RECEIPT((r)[2]), RECEIPT((r)[3]), RECEIPT((r)[4]), \
        RECEIPT((r)[5]), RECEIPT((r)[6]), RECEIPT((r)[7]), RECEIPT((r)[8]), RECEIPT((r)[9])

/* A place that is left of ten, or a receipt without a nonce, finds nothing. */
enum err queue_far_delete(struct tx *tx, const struct queue *queue,
                          const struct queue_receipt receipts[], size_t count,
                          struct queue_far_drop_rows *gone)
{
    struct queue_receipt ten[QUEUE_BATCH_MAX] = {{0}};
    for (size_t i = 0; i < count; i++)
        if (receipts[i].nonce)
            ten[i] = receipts[i];
    return queue_far_drop(tx, queue->number, TEN(ten), gone);
}

bool queue_far_deleted(const struct queue_far_drop_rows *gone,
                       const struct queue_receipt receipts[], size_t count, enum err results[])
{
    for (size_t i = 0; i < count; i++)
        results[i] = ERR_MISSING;
    for (size_t k = 0; k < gone->count; k++)
        for (size_t i = 0; i < count; i++)
            if (receipts[i].number == gone->rows[k].number &&
                receipts[i].nonce == gone->rows[k].nonce) {
                results[i] = ERR_OK; /* of one that is given twice the first */
                break;
            }
    return gone->count == count;
}
