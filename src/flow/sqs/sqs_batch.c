/* Batches: what is done of several, each by itself, and told in one answer. */
#include "flow/sqs/sqs_inside.h"

enum { ENTRY_ID_MAX = 80 };

static bool is_id(struct str id)
{
    for (size_t i = 0; i < id.len; i++) {
        char c = id.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '-' || c == '_'))
            return false;
    }
    return id.len > 0 && id.len <= ENTRY_ID_MAX;
}

static enum err take_id(struct sqs_call *call, struct sqs_batch *batch, const struct json *entry)
{
    struct str *id = &batch->ids[batch->count];
    TRY(sqs_get_text(call, entry, "Id", id));
    if (!is_id(*id))
        return sqs_fail(call, SQS_BATCH_ID,
                        "A batch entry id can only contain alphanumeric characters, hyphens and "
                        "underscores. It can be at most %d letters long.",
                        ENTRY_ID_MAX);
    for (size_t i = 0; i < batch->count; i++)
        if (str_equal(batch->ids[i], *id))
            return sqs_fail(call, SQS_BATCH_TWICE, "Id " STR_FMT " repeated.", STR_ARG(*id));
    batch->entries[batch->count++] = entry;
    return ERR_OK;
}

enum err sqs_get_batch(struct sqs_call *call, struct sqs_batch *batch)
{
    const struct json *entries;
    *batch = (struct sqs_batch){.count = 0};
    TRY(sqs_get_tree(call, call->asked, "Entries", JSON_ARRAY, &entries));
    if (!entries || !entries->count)
        return sqs_fail(call, SQS_BATCH_EMPTY,
                        "There should be at least one entry in the request.");
    if (entries->count > QUEUE_BATCH_MAX)
        return sqs_fail(call, SQS_BATCH_FULL,
                        "Maximum number of entries per request are %d. You have sent %u.",
                        QUEUE_BATCH_MAX, entries->count);
    for (const struct json *entry = entries->first; entry; entry = entry->next)
        TRY(take_id(call, batch, entry));
    return ERR_OK;
}

enum err sqs_batch_take(struct sqs_call *call, struct sqs_batch *batch, size_t i, enum err err)
{
    if (!err || !call->fault)
        return err;
    batch->faults[i] = call->fault;
    call->fault = SQS_FINE;
    return str_copy(call->ctx->arena, str_from(call->ctx->err.user), &batch->words[i])
               ? err_memory(&call->ctx->err)
               : ERR_OK;
}

static void add_failed(struct sqs_call *call, const struct sqs_batch *batch, size_t i)
{
    sqs_add_text(call, "Code", str_from(sqs_fault_code(batch->faults[i])));
    sqs_add_text(call, "Message", batch->words[i]);
    json_key(&call->out, STR("SenderFault"));
    json_add_bool(&call->out, batch->faults[i] != SQS_INSIDE);
}

/* An empty list is left out, as SQS does. */
static void add_list(struct sqs_call *call, const struct sqs_batch *batch, bool failed,
                     sqs_add_entry *add, const void *arg)
{
    bool begun = false;
    for (size_t i = 0; i < batch->count; i++) {
        if ((batch->faults[i] != SQS_FINE) != failed)
            continue;
        if (!begun) {
            json_key(&call->out, failed ? STR("Failed") : STR("Successful"));
            json_begin_array(&call->out);
        }
        begun = true;
        json_begin_object(&call->out);
        sqs_add_text(call, "Id", batch->ids[i]);
        if (failed)
            add_failed(call, batch, i);
        else if (add)
            add(call, i, arg);
        json_end_object(&call->out);
    }
    if (begun)
        json_end_array(&call->out);
}

void sqs_add_batch(struct sqs_call *call, const struct sqs_batch *batch, sqs_add_entry *add,
                   const void *arg)
{
    add_list(call, batch, false, add, arg);
    add_list(call, batch, true, NULL, NULL);
}
