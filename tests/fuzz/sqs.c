/* Fuzzes what SQS is asked with: attributes, batches and settings of a body that anybody wrote. */
#include "flow/sqs/sqs_message.h"

#include "base/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { MEMORY_MAX = 16 << 20, WRITTEN_MAX = 4 << 20 };

static void check_attributes(struct sqs_call *call)
{
    struct sqs_attributes attributes, again;
    struct str kept, trace;
    char md5[SQS_MD5_TEXT], same[SQS_MD5_TEXT];
    const struct json *tree = json_get(call->asked, "MessageAttributes");
    if (sqs_attributes_read(call, tree, &attributes))
        return;
    sqs_attributes_md5(&attributes, md5);
    if (sqs_kept_write(call->ctx, &attributes, STR("t"), &kept))
        return;
    ASSERT(sqs_kept_read(call, kept, &again, &trace) == ERR_OK);
    sqs_attributes_md5(&again, same);
    ASSERT(again.count == attributes.count && str_equal(str_from(md5), str_from(same)));
}

static void check_batch(struct sqs_call *call)
{
    struct sqs_batch batch;
    if (sqs_get_batch(call, &batch))
        return;
    ASSERT(batch.count > 0 && batch.count <= QUEUE_BATCH_MAX);
    for (size_t i = 0; i < batch.count; i++)
        for (size_t j = 0; j < i; j++)
            ASSERT(!str_equal(batch.ids[i], batch.ids[j]));
    sqs_add_batch(call, &batch, NULL, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena arena;
    struct json *asked;
    struct buf out;
    struct queue_options options = {0};
    struct str name;
    arena_init(&arena, MEMORY_MAX);
    struct ctx ctx = {.arena = &arena};
    struct sqs_call call = {.ctx = &ctx};
    buf_init(&out, &arena, WRITTEN_MAX);
    json_writer_init(&call.out, &out);
    if (json_read(&ctx, str_make((const char *)bytes, size), &asked) == ERR_OK) {
        json_begin_object(&call.out);
        call.asked = asked;
        check_attributes(&call);
        check_batch(&call);
        (void)sqs_set_options(&call, json_get(asked, "Attributes"), &options);
        ASSERT(sqs_name(&call, &name) != ERR_OK || str_find_char(name, '/') == STR_NONE);
        json_end_object(&call.out);
    }
    arena_release(&arena);
    return 0;
}
