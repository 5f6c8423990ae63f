/* Messages that are received, maybe after a wait. */
#include <stddef.h>

#include "base/mem.h"
#include "flow/sqs/sqs_message.h"
#include "web/later.h"

enum { NUMBER_TEXT = 24, ARN_MAX = 256 };

static const char dead_source[] = "DeadLetterQueueSourceArn";

struct receiving {
    struct sqs_call *call;
    const struct json *system, *old_system, *names;
    struct flow_want want;
    struct queue queue;
    struct queue_messages got;
    struct str sources[QUEUE_BATCH_MAX]; /* where dead letters failed */
};

static enum err read_want(struct sqs_call *call, struct receiving *receiving)
{
    const struct json *asked = call->asked;
    struct flow_want *want = &receiving->want;
    TRY(sqs_find(call, &receiving->queue));
    TRY(sqs_get_int(call, asked, "MaxNumberOfMessages", (struct sqs_range){1, QUEUE_BATCH_MAX, 1},
                    &want->max));
    TRY(sqs_get_int(call, asked, "VisibilityTimeout",
                    (struct sqs_range){0, QUEUE_VISIBILITY_MAX_S, QUEUE_DEFAULT},
                    &want->visibility_s));
    TRY(sqs_get_int(call, asked, "WaitTimeSeconds",
                    (struct sqs_range){0, QUEUE_WAIT_MAX_S, receiving->queue.is.wait_s},
                    &want->wait_s));
    TRY(sqs_get_tree(call, asked, "AttributeNames", JSON_ARRAY, &receiving->old_system));
    TRY(sqs_get_tree(call, asked, "MessageSystemAttributeNames", JSON_ARRAY, &receiving->system));
    return sqs_get_tree(call, asked, "MessageAttributeNames", JSON_ARRAY, &receiving->names);
}

/* A request that waits for a message. */
struct waiting {
    struct later later;
    struct flow_waiter waiter;
    struct flow *flow;
};

static void wake(struct flow_waiter *waiter)
{
    later_wake(&((struct waiting *)((char *)waiter - offsetof(struct waiting, waiter)))->later);
}

/* What it was woken for and did not take is found for another by the next look of flow's. */
static void leave(struct later *later, bool gone)
{
    struct waiting *waiting = (struct waiting *)later;
    (void)gone;
    flow_leave(waiting->flow, &waiting->waiter);
    mem_free(waiting);
}

/* Nothing is answered now, unless the time is over or too many wait. */
static void wait_for_one(struct sqs_call *call, const struct receiving *receiving, uint64_t seen)
{
    struct request *request = call->request;
    int64_t now_us = clock_tick_us(call->ctx->clock);
    int64_t begun_us = request->parked_us ? request->parked_us : now_us;
    int64_t until_us = begun_us + receiving->want.wait_s * SECOND_US;
    struct waiting *waiting = now_us < until_us ? mem_alloc(sizeof *waiting) : NULL;
    if (!waiting)
        return;
    *waiting = (struct waiting){
        .later = {.leave = leave}, .waiter = {.wake = wake}, .flow = call->flow};
    if (!later_answer(request, &waiting->later, until_us)) {
        mem_free(waiting);
        return;
    }
    flow_await(call->flow, receiving->queue.is.name, seen, &waiting->waiter);
}

static bool list_has(const struct json *names, struct str name)
{
    struct str each;
    for (const struct json *at = names ? names->first : NULL; at; at = at->next)
        if (!json_str(at, &each) && (str_equal(each, STR("All")) || str_equal(each, name)))
            return true;
    return false;
}

/* "price", "All", ".*", and "price.*" for all that begin so. */
static bool is_wanted(const struct json *names, struct str name)
{
    struct str each;
    if (list_has(names, name))
        return true;
    for (const struct json *at = names ? names->first : NULL; at; at = at->next)
        if (!json_str(at, &each) && str_ends(each, STR(".*")) &&
            str_starts(name, str_slice(each, 0, each.len - 2)))
            return true;
    return false;
}

static bool is_asked(const struct receiving *receiving, const char *name)
{
    struct str word = str_from(name);
    return list_has(receiving->system, word) || list_has(receiving->old_system, word);
}

static enum err find_sources(struct tx *tx, void *arg)
{
    struct receiving *receiving = arg;
    for (size_t i = 0; i < receiving->got.count; i++)
        TRY(queue_dead_from(tx, receiving->got.list[i].receipt.number, &receiving->sources[i]));
    return ERR_OK;
}

static void add_system_text(const struct receiving *receiving, const char *name, struct str value)
{
    if (value.len && is_asked(receiving, name))
        sqs_add_text(receiving->call, name, value);
}

static void add_system_number(const struct receiving *receiving, const char *name,
                              const char *format, int64_t number)
{
    char bytes[NUMBER_TEXT];
    struct buf text;
    buf_init_fixed(&text, bytes, sizeof bytes);
    buf_addf(&text, *format ? "%020lld" : "%lld", (long long)number);
    add_system_text(receiving, name, buf_str(&text));
}

static void add_source(const struct receiving *receiving, const struct queue_message *message)
{
    char bytes[ARN_MAX];
    struct buf arn;
    struct str source = receiving->sources[message - receiving->got.list];
    if (!source.len)
        return;
    buf_init_fixed(&arn, bytes, sizeof bytes);
    buf_addf(&arn, SQS_ARN STR_FMT, STR_ARG(source));
    add_system_text(receiving, dead_source, buf_str(&arn));
}

static void add_system(const struct receiving *receiving, const struct queue_message *message,
                       struct str trace)
{
    struct json_writer *out = &receiving->call->out;
    if (!receiving->system && !receiving->old_system)
        return;
    json_key(out, STR("Attributes"));
    json_begin_object(out);
    add_system_text(receiving, "SenderId", message->sender);
    add_system_number(receiving, "SentTimestamp", "", message->sent_us / 1000);
    add_system_number(receiving, "ApproximateReceiveCount", "", message->receives);
    add_system_number(receiving, "ApproximateFirstReceiveTimestamp", "", message->first_us / 1000);
    add_system_text(receiving, "AWSTraceHeader", trace);
    add_source(receiving, message);
    if (receiving->queue.is.fifo) {
        add_system_number(receiving, "SequenceNumber", "0", message->sequence);
        add_system_text(receiving, "MessageGroupId", message->group_id);
        add_system_text(receiving, "MessageDeduplicationId", message->dedup_id);
    }
    json_end_object(out);
}

static void add_attributes(const struct receiving *receiving, struct sqs_attributes *attributes)
{
    struct sqs_call *call = receiving->call;
    size_t kept = 0;
    char md5[SQS_MD5_TEXT];
    for (size_t i = 0; i < attributes->count; i++)
        if (is_wanted(receiving->names, attributes->list[i].name))
            attributes->list[kept++] = attributes->list[i];
    attributes->count = kept;
    if (!kept)
        return;
    sqs_attributes_md5(attributes, md5);
    sqs_add_text(call, "MD5OfMessageAttributes", str_from(md5));
    json_key(&call->out, STR("MessageAttributes"));
    sqs_attributes_write(&call->out, attributes);
}

static enum err add_message(const struct receiving *receiving, const struct queue_message *message)
{
    struct sqs_call *call = receiving->call;
    struct sqs_attributes attributes;
    struct str trace;
    char receipt[QUEUE_RECEIPT_TEXT], md5[SQS_MD5_TEXT];
    TRY(sqs_kept_read(call, message->attributes, &attributes, &trace));
    queue_receipt_format(&message->receipt, receipt);
    sqs_md5(message->body, md5);
    json_begin_object(&call->out);
    sqs_add_text(call, "MessageId", message->id);
    sqs_add_text(call, "ReceiptHandle", str_from(receipt));
    sqs_add_text(call, "MD5OfBody", str_from(md5));
    sqs_add_text(call, "Body", message->body);
    add_system(receiving, message, trace);
    add_attributes(receiving, &attributes);
    json_end_object(&call->out);
    return ERR_OK;
}

enum err sqs_receive(struct sqs_call *call)
{
    struct receiving receiving = {.call = call};
    uint64_t seen;
    TRY(read_want(call, &receiving));
    TRY(sqs_no_queue(call, flow_look(call->flow, call->ctx, receiving.queue.is.name,
                                     &receiving.want, &receiving.got, &seen)));
    if (!receiving.got.count) {
        wait_for_one(call, &receiving, seen);
        return ERR_OK;
    }
    if (is_asked(&receiving, dead_source))
        TRY(db_read(call->request->ports->db, call->ctx, find_sources, &receiving));
    json_key(&call->out, STR("Messages"));
    json_begin_array(&call->out);
    for (size_t i = 0; i < receiving.got.count; i++)
        TRY(add_message(&receiving, &receiving.got.list[i]));
    json_end_array(&call->out);
    return ERR_OK;
}
