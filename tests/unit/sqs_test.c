/* The protocol of SQS where it needs no queue: what is read, summed, kept and told. */
#include "flow/sqs/sqs.h"

#include <string.h>

#include "flow/sqs/sqs_message.h"
#include "harness/torture.h"
#include "unit/asked.h"

enum { TEXT_MAX = 64 << 10 };

struct calling {
    struct asked asked;
    struct sqs_call call;
    struct buf out;
};

/* A call with this body, that writes into `out`. */
static void open_call(struct test *t, struct calling *calling, const char *body)
{
    struct json *asked = NULL;
    ask(t, &calling->asked, "POST /sqs HTTP/1.1\r\nHost: stoa.example\r\n\r\n");
    REQUIRE(json_read(t->ctx, str_from(body), &asked) == ERR_OK);
    calling->call = (struct sqs_call){
        .request = &calling->asked.request, .ctx = t->ctx, .asked = asked};
    buf_init(&calling->out, t->arena, TEXT_MAX);
    json_writer_init(&calling->call.out, &calling->out);
    json_begin_object(&calling->call.out);
}

static struct str said(struct calling *calling)
{
    json_end_object(&calling->call.out);
    return buf_str(&calling->out);
}

static void check_fault(struct test *t, struct calling *calling, enum err err, enum sqs_fault fault)
{
    CHECK_ERR(err, ERR_INPUT);
    CHECK_INT(calling->call.fault, fault);
    calling->call.fault = SQS_FINE;
}

TEST(sqs_sums_of_attributes)
{
    struct calling calling;
    struct sqs_attributes attributes;
    char md5[SQS_MD5_TEXT];
    open_call(t, &calling,
              "{\"b\":{\"DataType\":\"Binary\",\"BinaryValue\":\"AAEC\"},"
              "\"a\":{\"DataType\":\"Number\",\"StringValue\":\"1\"}}");
    CHECK_ERR(sqs_attributes_read(&calling.call, calling.call.asked, &attributes), ERR_OK);
    REQUIRE(attributes.count == 2);
    CHECK_STR(attributes.list[0].name, "a");
    CHECK_INT(attributes.list[1].bytes.len, 3);
    CHECK_INT(sqs_attributes_size(&attributes), 18);
    sqs_attributes_md5(&attributes, md5);
    CHECK_TEXT(md5, "121341590602e8250207e50d7ce8f049");
    sqs_md5(STR("hello"), md5);
    CHECK_TEXT(md5, "5d41402abc4b2a76b9719d911017c592");
}

TEST(sqs_attributes_are_kept)
{
    struct calling calling;
    struct sqs_attributes attributes, again;
    struct str kept, trace;
    open_call(t, &calling, "{\"a\":{\"DataType\":\"Binary.x\",\"BinaryValue\":\"AAEC\"}}");
    CHECK_ERR(sqs_attributes_read(&calling.call, calling.call.asked, &attributes), ERR_OK);
    CHECK_ERR(sqs_kept_write(t->ctx, &attributes, STR("Root=1"), &kept), ERR_OK);
    CHECK_STR(kept, "{\"attributes\":{\"a\":{\"DataType\":\"Binary.x\",\"BinaryValue\":\"AAEC\"}},"
                    "\"trace\":\"Root=1\"}");
    CHECK_ERR(sqs_kept_read(&calling.call, kept, &again, &trace), ERR_OK);
    CHECK_STR(trace, "Root=1");
    REQUIRE(again.count == 1);
    CHECK_STR(again.list[0].type, "Binary.x");
    attributes.count = 0;
    CHECK_ERR(sqs_kept_write(t->ctx, &attributes, STR(""), &kept), ERR_OK);
    CHECK_STR(kept, "");
    static const char *const foreign[] = {"", "{", "[]", "{\"attributes\":{\"\":1}}", "{\"a\":1}"};
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        test_note(t, "%s", foreign[i]);
        CHECK_ERR(sqs_kept_read(&calling.call, str_from(foreign[i]), &again, &trace), ERR_OK);
        CHECK(again.count == 0 && trace.len == 0 && calling.call.fault == SQS_FINE);
    }
}

TEST(sqs_attributes_that_cannot_be)
{
    static const struct {
        const char *body;
        enum sqs_fault fault;
    } cases[] = {
        {"{\"a\":{}}", SQS_BAD_VALUE},
        {"{\"a\":1}", SQS_BAD_VALUE},
        {"{\"a\":{\"DataType\":1}}", SQS_NO_JSON},
        {"{\"a\":{\"DataType\":\"Strings\",\"StringValue\":\"a\"}}", SQS_BAD_VALUE},
        {"{\"a\":{\"DataType\":\"String\"}}", SQS_BAD_VALUE},
        {"{\"a\":{\"DataType\":\"Binary\",\"BinaryValue\":\"*\"}}", SQS_BAD_VALUE},
        {"{\"a\":{\"DataType\":\"Binary\",\"BinaryValue\":\"AAE\"}}", SQS_BAD_VALUE},
        {"{\".a\":{\"DataType\":\"String\",\"StringValue\":\"a\"}}", SQS_BAD_VALUE},
        {"{\"a.\":{\"DataType\":\"String\",\"StringValue\":\"a\"}}", SQS_BAD_VALUE},
        {"{\"aws.a\":{\"DataType\":\"String\",\"StringValue\":\"a\"}}", SQS_BAD_VALUE},
        {"{\"a b\":{\"DataType\":\"String\",\"StringValue\":\"a\"}}", SQS_BAD_VALUE},
    };
    struct calling calling;
    struct sqs_attributes attributes;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        test_note(t, "%s", cases[i].body);
        open_call(t, &calling, cases[i].body);
        check_fault(t, &calling,
                    sqs_attributes_read(&calling.call, calling.call.asked, &attributes),
                    cases[i].fault);
    }
}

TEST(sqs_settings_are_set_and_told)
{
    struct calling calling;
    struct queue queue = {.is = queue_usual, .made_us = 5 * SECOND_US, .changed_us = 6 * SECOND_US};
    const struct queue_counts counts = {.visible = 1, .in_flight = 2, .delayed = 3};
    const struct json *names;
    queue.is.name = STR("orders.fifo");
    open_call(t, &calling,
              "{\"set\":{\"VisibilityTimeout\":\"7\",\"FifoQueue\":\"true\",\"Policy\":\"\","
              "\"RedrivePolicy\":\"{\\\"deadLetterTargetArn\\\":\\\"arn:aws:sqs:x:y:dead.fifo\\\","
              "\\\"maxReceiveCount\\\":3}\"},\"names\":[\"All\"]}");
    CHECK_ERR(sqs_set_options(&calling.call, json_get(calling.call.asked, "set"), &queue.is),
              ERR_OK);
    CHECK_INT(queue.is.visibility_s, 7);
    CHECK_INT(queue.is.receives_max, 3);
    CHECK_STR(queue.is.dead, "dead.fifo");
    CHECK_ERR(sqs_get_tree(&calling.call, calling.call.asked, "names", JSON_ARRAY, &names), ERR_OK);
    sqs_add_options(&calling.call, names, &queue, &counts);
    CHECK_STR(said(&calling),
              "{\"QueueArn\":\"" SQS_ARN "orders.fifo\",\"CreatedTimestamp\":\"5\","
              "\"LastModifiedTimestamp\":\"6\",\"ApproximateNumberOfMessages\":\"1\","
              "\"ApproximateNumberOfMessagesNotVisible\":\"2\","
              "\"ApproximateNumberOfMessagesDelayed\":\"3\",\"VisibilityTimeout\":\"7\","
              "\"DelaySeconds\":\"0\",\"MessageRetentionPeriod\":\"345600\","
              "\"ReceiveMessageWaitTimeSeconds\":\"0\",\"MaximumMessageSize\":\"262144\","
              "\"FifoQueue\":\"true\",\"ContentBasedDeduplication\":\"false\","
              "\"SqsManagedSseEnabled\":\"false\",\"DeduplicationScope\":\"queue\","
              "\"FifoThroughputLimit\":\"perQueue\",\"RedrivePolicy\":"
              "\"{\\\"deadLetterTargetArn\\\":\\\"" SQS_ARN "dead.fifo\\\","
              "\\\"maxReceiveCount\\\":3}\"}");
}

TEST(sqs_settings_that_cannot_be)
{
    static const struct {
        const char *body;
        enum sqs_fault fault;
    } cases[] = {
        {"{\"VisibilityTimeout\":7}", SQS_NO_JSON},
        {"{\"VisibilityTimeout\":\"-1\"}", SQS_BAD_SETTING},
        {"{\"FifoQueue\":\"yes\"}", SQS_BAD_SETTING},
        {"{\"Policy\":\"{}\"}", SQS_UNSUPPORTED},
        {"{\"DeduplicationScope\":\"messageGroup\"}", SQS_UNSUPPORTED},
        {"{\"Colour\":\"red\"}", SQS_BAD_NAME},
        {"{\"RedrivePolicy\":\"{\"}", SQS_BAD_SETTING},
        {"{\"RedrivePolicy\":\"{}\"}", SQS_BAD_SETTING},
        {"{\"RedrivePolicy\":\"{\\\"deadLetterTargetArn\\\":\\\"a\\\"}\"}", SQS_BAD_SETTING},
        {"{\"RedrivePolicy\":\"{\\\"deadLetterTargetArn\\\":\\\"a:\\\","
         "\\\"maxReceiveCount\\\":1}\"}",
         SQS_BAD_SETTING},
    };
    struct calling calling;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct queue_options options = queue_usual;
        test_note(t, "%s", cases[i].body);
        open_call(t, &calling, cases[i].body);
        check_fault(t, &calling, sqs_set_options(&calling.call, calling.call.asked, &options),
                    cases[i].fault);
    }
}

TEST(sqs_batches_are_read)
{
    static const struct {
        const char *body;
        enum sqs_fault fault;
    } cases[] = {
        {"{}", SQS_BATCH_EMPTY},
        {"{\"Entries\":[]}", SQS_BATCH_EMPTY},
        {"{\"Entries\":{}}", SQS_NO_JSON},
        {"{\"Entries\":[{}]}", SQS_BATCH_ID},
        {"{\"Entries\":[1]}", SQS_BATCH_ID},
        {"{\"Entries\":[{\"Id\":\"a b\"}]}", SQS_BATCH_ID},
        {"{\"Entries\":[{\"Id\":\"a\"},{\"Id\":\"a\"}]}", SQS_BATCH_TWICE},
        {"{\"Entries\":[1,2,3,4,5,6,7,8,9,10,11]}", SQS_BATCH_FULL},
    };
    struct calling calling;
    struct sqs_batch batch;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        test_note(t, "%s", cases[i].body);
        open_call(t, &calling, cases[i].body);
        check_fault(t, &calling, sqs_get_batch(&calling.call, &batch), cases[i].fault);
    }
    open_call(t, &calling, "{\"Entries\":[{\"Id\":\"a\"},{\"Id\":\"b\"}]}");
    CHECK_ERR(sqs_get_batch(&calling.call, &batch), ERR_OK);
    CHECK_ERR(sqs_batch_take(&calling.call, &batch, 1,
                             sqs_fail(&calling.call, SQS_BAD_VALUE, "No %d.", 5)),
              ERR_OK);
    CHECK_INT(calling.call.fault, SQS_FINE);
    sqs_add_batch(&calling.call, &batch, NULL, NULL);
    CHECK_STR(said(&calling), "{\"Successful\":[{\"Id\":\"a\"}],\"Failed\":[{\"Id\":\"b\",\"Code\":"
                              "\"InvalidParameterValue\",\"Message\":\"No 5.\","
                              "\"SenderFault\":true}]}");
}

TEST(sqs_names_of_queues)
{
    struct calling calling;
    struct str name;
    open_call(t, &calling,
              "{\"QueueUrl\":\"https://a/sqs/0/orders\",\"Arn\":\"arn:aws:sqs:a:b:c\"}");
    CHECK_ERR(sqs_name(&calling.call, &name), ERR_OK);
    CHECK_STR(name, "orders");
    CHECK_ERR(sqs_name_of_arn(&calling.call, "Arn", &name), ERR_OK);
    CHECK_STR(name, "c");
    check_fault(t, &calling, sqs_name_of_arn(&calling.call, "QueueUrl", &name), SQS_BAD_VALUE);
    sqs_add_url(&calling.call, "url", STR("orders"));
    CHECK_STR(said(&calling), "{\"url\":\"http://stoa.example/sqs/" SQS_ACCOUNT "/orders\"}");
    open_call(t, &calling, "{\"QueueUrl\":1}");
    check_fault(t, &calling, sqs_name(&calling.call, &name), SQS_NO_JSON);
    open_call(t, &calling, "{}");
    check_fault(t, &calling, sqs_name(&calling.call, &name), SQS_NO_VALUE);
}

TEST(sqs_tags_and_moves_are_kept_together)
{
    struct calling calling;
    const struct json *before;
    struct str text;
    const struct sqs_move move = {.handle = "mov_1", .moved = 2, .begun_ms = 3, .whole = true};
    open_call(t, &calling, "{\"add\":{\"b\":\"2\",\"c\":\"3\"},\"remove\":[\"a\"]}");
    CHECK_ERR(sqs_labels_read(t->ctx, STR("{\"tags\":{\"a\":\"1\",\"b\":\"1\"}}"), &before),
              ERR_OK);
    const struct sqs_labels more = {.add = json_get(calling.call.asked, "add"),
                                    .remove = json_get(calling.call.asked, "remove"),
                                    .move = &move};
    CHECK_ERR(sqs_labels_write(t->ctx, before, &more, &text), ERR_OK);
    CHECK_STR(text, "{\"tags\":{\"b\":\"2\",\"c\":\"3\"},\"moves\":[{\"handle\":\"mov_1\","
                    "\"moved\":2,\"begun\":3,\"whole\":true}]}");
    for (int i = 0; i < 2 * SQS_MOVES_KEPT; i++) {
        CHECK_ERR(sqs_labels_read(t->ctx, text, &before), ERR_OK);
        CHECK_ERR(sqs_labels_write(t->ctx, before, &more, &text), ERR_OK);
    }
    CHECK_ERR(sqs_labels_read(t->ctx, text, &before), ERR_OK);
    CHECK_INT(json_get(before, "moves")->count, SQS_MOVES_KEPT);
    CHECK_ERR(sqs_labels_read(t->ctx, STR("not ours"), &before), ERR_OK);
    CHECK(!before);
}

/* What a program that asks is told: a name, its older name, and words. */
TEST(sqs_failures_are_told)
{
    static const struct {
        const char *field;
        enum err code;
        const char *name;
    } cases[] = {
        {"Signature", ERR_SIGNED_OUT, "SignatureDoesNotMatch"},
        {"X-Amz-Date", ERR_SIGNED_OUT, "RequestExpired"},
        {"", ERR_SIGNED_OUT, "MissingAuthenticationToken"},
        {"", ERR_FORBIDDEN, "AccessDenied"},
        {"", ERR_RATE, "RequestThrottled"},
        {"", ERR_BUSY, "ServiceUnavailable"},
        {"", ERR_IO, "InternalFailure"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct asked asked;
        struct buf want;
        buf_init(&want, t->arena, TEXT_MAX);
        ask(t, &asked, "POST /sqs HTTP/1.1\r\nHost: a\r\nAccept: application/json\r\n\r\n");
        asked.request.show_error = sqs_show_error;
        (void)err_input(&t->ctx->err, cases[i].field, "Words.");
        t->ctx->err.code = cases[i].code;
        struct str head = finish(t, &asked, cases[i].code);
        buf_addf(&want, "x-amzn-query-error: %s;", cases[i].name);
        CHECK(str_find(head, buf_str(&want)) != STR_NONE);
        CHECK(says(head, "Content-Type: " SQS_TYPE));
        buf_clear(&want);
        buf_addf(&want, "{\"__type\":\"com.amazonaws.sqs#%s\",\"message\":\"Words.\"}",
                 cases[i].name);
        CHECK(str_equal(asked.request.response.bytes, buf_str(&want)));
    }
}

static enum err read_and_keep(struct test *t, void *arg)
{
    struct calling *calling = arg;
    struct sqs_attributes attributes;
    struct sqs_batch batch;
    struct str kept, trace;
    TRY(sqs_attributes_read(&calling->call, json_get(calling->call.asked, "a"), &attributes));
    TRY(sqs_kept_write(t->ctx, &attributes, STR("trace"), &kept));
    TRY(sqs_get_batch(&calling->call, &batch));
    (void)sqs_fail(&calling->call, SQS_BAD_VALUE, "No.");
    TRY(sqs_batch_take(&calling->call, &batch, 0, ERR_INPUT));
    return sqs_kept_read(&calling->call, kept, &attributes, &trace);
}

TEST(sqs_without_memory)
{
    struct calling calling;
    open_call(t, &calling,
              "{\"a\":{\"a\":{\"DataType\":\"Binary\",\"BinaryValue\":\"AAEC\"}},"
              "\"Entries\":[{\"Id\":\"a\"}]}");
    CHECK(TORTURE_EVERY(t, TORTURE_MEMORY, read_and_keep, &calling) > 0);
}
