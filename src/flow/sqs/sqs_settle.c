/* Received messages: deleted, or hidden for another while. */
#include "flow/sqs/sqs_inside.h"

static enum err read_receipt(struct sqs_call *call, const struct json *from,
                             struct queue_receipt *receipt)
{
    struct str text;
    TRY(sqs_need_text(call, from, "ReceiptHandle", &text));
    return queue_receipt_parse(text, receipt)
               ? sqs_fail(call, SQS_BAD_RECEIPT, "The input receipt handle is invalid.")
               : ERR_OK;
}

/* A message that is gone already is as good as deleted. */
enum err sqs_delete(struct sqs_call *call)
{
    struct queue queue;
    struct queue_receipt receipt;
    enum err result = ERR_OK;
    TRY(sqs_find(call, &queue));
    TRY(read_receipt(call, call->asked, &receipt));
    return sqs_no_queue(call,
                        flow_delete(call->flow, call->ctx, queue.is.name, &receipt, 1, &result));
}

enum err sqs_delete_batch(struct sqs_call *call)
{
    struct queue queue;
    struct sqs_batch batch;
    struct queue_receipt receipts[QUEUE_BATCH_MAX];
    enum err results[QUEUE_BATCH_MAX];
    size_t count = 0;
    TRY(sqs_find(call, &queue));
    TRY(sqs_get_batch(call, &batch));
    for (size_t i = 0; i < batch.count; i++) {
        enum err err = read_receipt(call, batch.entries[i], &receipts[count]);
        count += !err;
        TRY(sqs_batch_take(call, &batch, i, err));
    }
    if (count)
        TRY(sqs_no_queue(
            call, flow_delete(call->flow, call->ctx, queue.is.name, receipts, count, results)));
    sqs_add_batch(call, &batch, NULL, NULL);
    return ERR_OK;
}

struct hiding {
    struct queue queue;
    struct queue_receipt receipt;
    int64_t visibility_s;
};

static enum err write_hiding(struct tx *tx, void *arg)
{
    const struct hiding *hiding = arg;
    return queue_hide(tx, &hiding->queue, &hiding->receipt, hiding->visibility_s);
}

static enum err hide(struct sqs_call *call, const struct json *from, struct hiding *hiding)
{
    const struct sqs_range range = {0, QUEUE_VISIBILITY_MAX_S, -1};
    TRY(read_receipt(call, from, &hiding->receipt));
    TRY(sqs_get_int(call, from, "VisibilityTimeout", range, &hiding->visibility_s));
    if (hiding->visibility_s < 0)
        return sqs_fail(call, SQS_NO_VALUE,
                        "The request must contain the parameter VisibilityTimeout.");
    enum err err = db_write(call->request->ports->db, call->ctx, write_hiding, hiding);
    return err == ERR_MISSING
               ? sqs_fail(call, SQS_NOT_IN_FLIGHT, "The message referred to isn't in flight.")
               : err;
}

enum err sqs_hide(struct sqs_call *call)
{
    struct hiding hiding;
    TRY(sqs_find(call, &hiding.queue));
    return hide(call, call->asked, &hiding);
}

enum err sqs_hide_batch(struct sqs_call *call)
{
    struct hiding hiding;
    struct sqs_batch batch;
    TRY(sqs_find(call, &hiding.queue));
    TRY(sqs_get_batch(call, &batch));
    for (size_t i = 0; i < batch.count; i++)
        TRY(sqs_batch_take(call, &batch, i, hide(call, batch.entries[i], &hiding)));
    sqs_add_batch(call, &batch, NULL, NULL);
    return ERR_OK;
}
