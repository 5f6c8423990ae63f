/* Receives messages, ends them, hides them, and gives back what failed. */
#include "base/span.h"
#include "flow/flow_sql.h"
#include "flow/queue_inside.h"

enum {
    ROUNDS_MAX = 10 /* of a receive that finds only what is too old, or was received too often */
};

static const char worn_out[] = "It was received as often as the queue allows, and never deleted.";

static bool is_old(const struct queue_take *take, int64_t sent_us)
{
    return sent_us + take->queue->is.retention_s * SECOND_US <= take->now_us;
}

bool queue_is_over(const struct queue_take *take, int64_t receives, int64_t sent_us)
{
    const struct queue *queue = take->queue;
    return is_old(take, sent_us) || (queue->dead_number && receives >= queue->is.receives_max);
}

enum err queue_settle(struct tx *tx, const struct queue_take *take, const struct queue_place *place,
                      int64_t receives, int64_t sent_us, bool *settled)
{
    const struct queue *queue = take->queue;
    const struct queue_kind *kind = queue_kind_of(queue->is.fifo);
    *settled = queue_is_over(take, receives, sent_us);
    if (!*settled)
        return ERR_OK;
    enum err err = (place->nonce ? kind->drop : kind->remove)(tx, queue, place);
    if (err)
        return err == ERR_MISSING ? ERR_OK : err;
    if (!is_old(take, sent_us))
        return queue_bury(tx, queue, place, receives, str_from(worn_out), STR(""));
    return queue_message_drop(tx, place->number);
}

enum err queue_begin(struct tx *tx, const struct queue *queue, const struct queue_want *want,
                     struct queue_messages *got, struct queue_take *take)
{
    int64_t now_us = clock_now_us(tx->ctx->clock), visibility_s = want->visibility_s;
    visibility_s = visibility_s == QUEUE_DEFAULT ? queue->is.visibility_s : visibility_s;
    *got = (struct queue_messages){.floor_us = want->floor_us};
    if (want->max < 1 || want->max > QUEUE_BATCH_MAX)
        return err_input(&tx->ctx->err, "max", "must be from 1 to %d", QUEUE_BATCH_MAX);
    if (visibility_s < 0 || visibility_s > QUEUE_VISIBILITY_MAX_S)
        return err_input(&tx->ctx->err, "visibility", "must be from 0 to %d",
                         QUEUE_VISIBILITY_MAX_S);
    got->list = ARENA_ARRAY(tx->ctx->arena, (size_t)want->max, struct queue_message);
    if (!got->list)
        return err_memory(&tx->ctx->err);
    *take = (struct queue_take){.queue = queue,
                                .now_us = now_us,
                                .until_us = now_us + visibility_s * SECOND_US,
                                .nonce = (int64_t)(rand_u64(tx->ctx->rand) >> 1 | 1),
                                .max = want->max,
                                .floor_us = want->floor_us};
    return ERR_OK;
}

enum err queue_receive(struct tx *tx, const struct queue *queue, const struct queue_want *want,
                       struct queue_messages *got)
{
    struct queue_take take;
    TRY(queue_begin(tx, queue, want, got, &take));
    for (int round = 0; round < ROUNDS_MAX; round++) {
        bool more = false;
        TRY(queue_kind_of(queue->is.fifo)->receive(tx, &take, got, &more));
        if (got->count || !more)
            break;
    }
    return ERR_OK;
}

enum err queue_fail_receipt(struct ctx *ctx, const struct queue_receipt *receipt)
{
    return err_fail(&ctx->err, ERR_MISSING, "The message is no longer yours.",
                    "no message %lld of this receipt", (long long)receipt->number);
}

static struct queue_place place_of(const struct queue_receipt *receipt)
{
    return (struct queue_place){receipt->number, receipt->visible_us, receipt->nonce, {0}};
}

/* A receipt without a nonce is none: such a message was given back. */
static enum err use(struct ctx *ctx, const struct queue_receipt *receipt, enum err err)
{
    return err == ERR_MISSING ? queue_fail_receipt(ctx, receipt) : err;
}

enum err queue_delete(struct tx *tx, const struct queue *queue, const struct queue_receipt *receipt)
{
    struct queue_place place = place_of(receipt);
    if (!receipt->nonce)
        return queue_fail_receipt(tx->ctx, receipt);
    TRY(use(tx->ctx, receipt, queue_kind_of(queue->is.fifo)->drop(tx, queue, &place)));
    return queue_message_drop(tx, receipt->number);
}

enum err queue_hide(struct tx *tx, const struct queue *queue, const struct queue_receipt *receipt,
                    int64_t visibility_s)
{
    struct queue_place place = place_of(receipt);
    int64_t until_us = clock_now_us(tx->ctx->clock) + visibility_s * SECOND_US;
    if (visibility_s < 0 || visibility_s > QUEUE_VISIBILITY_MAX_S)
        return err_input(&tx->ctx->err, "visibility", "must be from 0 to %d",
                         QUEUE_VISIBILITY_MAX_S);
    if (!receipt->nonce)
        return queue_fail_receipt(tx->ctx, receipt);
    enum err err = queue_kind_of(queue->is.fifo)->hide(tx, queue, &place, until_us, QUEUE_KEPT);
    tx_note(tx, queue->number);
    return use(tx->ctx, receipt, err);
}

/* Doubled with each failure; the second half of it is drawn by lot, so that those who failed
 * together do not come back together. */
static int64_t backoff_us(struct ctx *ctx, int64_t receives)
{
    int64_t pause_s = QUEUE_BACKOFF_FIRST_S;
    for (int64_t i = 1; i < receives && pause_s < QUEUE_BACKOFF_MAX_S; i++)
        pause_s *= 2;
    pause_s = pause_s < QUEUE_BACKOFF_MAX_S ? pause_s : QUEUE_BACKOFF_MAX_S;
    int64_t half_us = pause_s * SECOND_US / 2;
    return half_us + (int64_t)rand_below(ctx->rand, (uint64_t)half_us + 1);
}

static enum err hand_back(struct tx *tx, const struct queue *queue,
                          const struct queue_message *message, int64_t pause_us,
                          enum queue_hiding hiding)
{
    struct queue_place place = place_of(&message->receipt);
    int64_t until_us = clock_now_us(tx->ctx->clock) + pause_us;
    place.group = message->group_id;
    tx_note(tx, queue->number);
    return use(tx->ctx, &message->receipt,
               queue_kind_of(queue->is.fifo)->hide(tx, queue, &place, until_us, hiding));
}

enum err queue_give_back(struct tx *tx, const struct queue *queue,
                         const struct queue_message *message, int64_t pause_us)
{
    return hand_back(tx, queue, message, pause_us, QUEUE_BACK);
}

enum err queue_return(struct tx *tx, const struct queue *queue, const struct queue_message *message,
                      int64_t pause_us)
{
    return hand_back(tx, queue, message, pause_us, QUEUE_UNTRIED);
}

enum err queue_fail(struct tx *tx, const struct queue *queue, const struct queue_message *message,
                    struct str reason, struct str trace)
{
    struct queue_place place = place_of(&message->receipt);
    const struct queue_kind *kind = queue_kind_of(queue->is.fifo);
    bool often = queue->dead_number && message->receives >= queue->is.receives_max;
    place.group = message->group_id;
    if (!often)
        return queue_give_back(tx, queue, message, backoff_us(tx->ctx, message->receives));
    TRY(use(tx->ctx, &message->receipt, kind->drop(tx, queue, &place)));
    return queue_bury(tx, queue, &place, message->receives, reason, trace);
}
