/* Messages that are sent, one or a batch. */
#include "flow/sqs/sqs_message.h"
#include "guard/guard.h"
#include "guard/key.h"

enum { SEQUENCE_TEXT = 24, CODE_POINT_LOW = 0x20 };

/* A message as it is asked for, and what is told of it once it was sent. */
struct entry {
    struct sqs_attributes attributes, system;
    size_t size;
};

struct sending {
    struct queue queue;
    struct str sender;
    struct entry entries[QUEUE_BATCH_MAX];
    struct queue_sending list[QUEUE_BATCH_MAX];
};

/* What XML could not hold, SQS does not take: controls, and the two that are no characters. */
static bool is_body(struct str body)
{
    for (size_t i = 0; i < body.len; i++) {
        unsigned char c = (unsigned char)body.ptr[i];
        if (c < CODE_POINT_LOW && c != '\t' && c != '\n' && c != '\r')
            return false;
        if (c == 0xef && str_starts(str_slice(body, i, body.len), STR("\xef\xbf\xbe")))
            return false;
        if (c == 0xef && str_starts(str_slice(body, i, body.len), STR("\xef\xbf\xbf")))
            return false;
    }
    return true;
}

static enum err check_fifo(struct sqs_call *call, const struct queue *queue,
                           const struct queue_sending *sending)
{
    if (!queue->is.fifo && (sending->group_id.len || sending->dedup_id.len))
        return sqs_fail(call, SQS_BAD_VALUE,
                        "MessageGroupId and MessageDeduplicationId are for FIFO queues.");
    if (!queue->is.fifo)
        return ERR_OK;
    if (!sending->group_id.len)
        return sqs_fail(call, SQS_NO_VALUE,
                        "The request must contain the parameter MessageGroupId.");
    if (sending->delay_s > 0)
        return sqs_fail(call, SQS_BAD_VALUE,
                        "Value %lld for parameter DelaySeconds is invalid. Reason: The request "
                        "include parameter that is not valid for this queue type.",
                        (long long)sending->delay_s);
    if (!sending->dedup_id.len && !queue->is.by_body)
        return sqs_fail(call, SQS_BAD_VALUE,
                        "The queue should either have ContentBasedDeduplication enabled or "
                        "MessageDeduplicationId provided explicitly.");
    return ERR_OK;
}

static enum err check_size(struct sqs_call *call, const struct queue *queue, size_t size)
{
    return size <= (size_t)queue->is.body_max
               ? ERR_OK
               : sqs_fail(call, SQS_BAD_VALUE,
                          "One or more parameters are invalid. Reason: Message must be shorter "
                          "than %lld bytes.",
                          (long long)queue->is.body_max);
}

static enum err read_system(struct sqs_call *call, const struct json *asked, struct entry *entry,
                            struct str *trace)
{
    const struct json *tree;
    *trace = (struct str){0};
    TRY(sqs_get_tree(call, asked, "MessageSystemAttributes", JSON_OBJECT, &tree));
    TRY(sqs_attributes_read(call, tree, &entry->system));
    if (!entry->system.count)
        return ERR_OK;
    *trace = entry->system.list[0].text;
    return entry->system.count == 1 && str_equal(entry->system.list[0].name, STR("AWSTraceHeader"))
               ? ERR_OK
               : sqs_fail(call, SQS_BAD_VALUE, "AWSTraceHeader is the only system attribute.");
}

static enum err read_entry(struct sqs_call *call, const struct json *asked, struct sending *all,
                           size_t i)
{
    struct queue_sending *sending = &all->list[i];
    struct entry *entry = &all->entries[i];
    const struct json *attributes;
    struct str trace;
    *sending = (struct queue_sending){.sender = all->sender};
    TRY(sqs_need_text(call, asked, "MessageBody", &sending->body));
    if (!is_body(sending->body))
        return sqs_fail(call, SQS_BAD_BODY,
                        "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | "
                        "#x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.");
    TRY(sqs_get_int(call, asked, "DelaySeconds",
                    (struct sqs_range){0, QUEUE_DELAY_MAX_S, QUEUE_DEFAULT}, &sending->delay_s));
    TRY(sqs_get_text(call, asked, "MessageGroupId", &sending->group_id));
    TRY(sqs_get_text(call, asked, "MessageDeduplicationId", &sending->dedup_id));
    TRY(check_fifo(call, &all->queue, sending));
    TRY(sqs_get_tree(call, asked, "MessageAttributes", JSON_OBJECT, &attributes));
    TRY(sqs_attributes_read(call, attributes, &entry->attributes));
    TRY(read_system(call, asked, entry, &trace));
    entry->size = sending->body.len + sqs_attributes_size(&entry->attributes);
    TRY(check_size(call, &all->queue, entry->size));
    return sqs_kept_write(call->ctx, &entry->attributes, trace, &sending->attributes);
}

static enum err begin(struct sqs_call *call, struct sending **all)
{
    const struct guard_who *who = guard_who(call->request);
    *all = ARENA_NEW(call->ctx->arena, struct sending);
    if (!*all)
        return err_memory(&call->ctx->err);
    (*all)->sender = who->key ? who->key->id : who->person;
    return sqs_find(call, &(*all)->queue);
}

static void add_md5(struct sqs_call *call, const char *name,
                    const struct sqs_attributes *attributes)
{
    char md5[SQS_MD5_TEXT];
    if (!attributes->count)
        return;
    sqs_attributes_md5(attributes, md5);
    sqs_add_text(call, name, str_from(md5));
}

static void add_sent(struct sqs_call *call, size_t i, const void *arg)
{
    const struct sending *all = arg;
    char md5[SQS_MD5_TEXT], sequence[SEQUENCE_TEXT];
    struct buf text;
    sqs_md5(all->list[i].body, md5);
    sqs_add_text(call, "MessageId", str_from(all->list[i].id));
    sqs_add_text(call, "MD5OfMessageBody", str_from(md5));
    add_md5(call, "MD5OfMessageAttributes", &all->entries[i].attributes);
    add_md5(call, "MD5OfMessageSystemAttributes", &all->entries[i].system);
    if (!all->queue.is.fifo)
        return;
    buf_init_fixed(&text, sequence, sizeof sequence);
    buf_addf(&text, "%020lld", (long long)all->list[i].sequence);
    sqs_add_text(call, "SequenceNumber", buf_str(&text));
}

enum err sqs_send(struct sqs_call *call)
{
    struct sending *all;
    TRY(begin(call, &all));
    TRY(read_entry(call, call->asked, all, 0));
    enum err err = flow_send(call->flow, call->ctx, all->queue.is.name, all->list, 1);
    TRY(sqs_refused(call, sqs_no_queue(call, err)));
    add_sent(call, 0, all);
    return ERR_OK;
}

/* Those that are as they must be are sent together; then the others are told of. */
static enum err send_some(struct sqs_call *call, struct sqs_batch *batch, struct sending *all)
{
    struct queue_sending list[QUEUE_BATCH_MAX];
    size_t places[QUEUE_BATCH_MAX], count = 0;
    for (size_t i = 0; i < batch->count; i++)
        if (!batch->faults[i]) {
            places[count] = i;
            list[count++] = all->list[i];
        }
    if (!count)
        return ERR_OK;
    enum err err = flow_send(call->flow, call->ctx, all->queue.is.name, list, count);
    if (count > 1 || !list[0].err.code)
        TRY(sqs_no_queue(call, err));
    for (size_t i = 0; i < count; i++) {
        all->list[places[i]] = list[i];
        call->ctx->err = list[i].err;
        err = list[i].err.code ? sqs_refused(call, list[i].err.code) : ERR_OK;
        TRY(sqs_batch_take(call, batch, places[i], err));
    }
    err_clear(&call->ctx->err);
    return ERR_OK;
}

enum err sqs_send_batch(struct sqs_call *call)
{
    struct sqs_batch batch;
    struct sending *all;
    size_t size = 0;
    TRY(begin(call, &all));
    TRY(sqs_get_batch(call, &batch));
    for (size_t i = 0; i < batch.count; i++) {
        TRY(sqs_batch_take(call, &batch, i, read_entry(call, batch.entries[i], all, i)));
        size += all->entries[i].size;
    }
    if (size > QUEUE_BODY_MAX)
        return sqs_fail(call, SQS_BATCH_LONG,
                        "Batch requests cannot be longer than %d bytes. You have sent %zu bytes.",
                        QUEUE_BODY_MAX, size);
    TRY(send_some(call, &batch, all));
    sqs_add_batch(call, &batch, add_sent, all);
    return ERR_OK;
}
