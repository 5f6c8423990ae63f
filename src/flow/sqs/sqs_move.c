/* Dead letters that go back to where they were. */
#include "flow/sqs/sqs_inside.h"

/* Dead letters are sent back at once, a sweep a transaction; what did not fit in the time of a
 * request is left, and said to be. */
enum { SWEEPS_MAX = 100 };

struct moving {
    struct sqs_call *call;
    struct str name;
    int64_t moved;
};

static enum err move_some(struct tx *tx, void *arg)
{
    struct moving *moving = arg;
    struct queue queue;
    struct queue_list sources;
    moving->call->fault = SQS_FINE;
    enum err err = queue_find(tx, moving->name, &queue);
    if (err == ERR_MISSING)
        return sqs_fail(moving->call, SQS_NO_TASK,
                        "The resource that you specified for the SourceArn parameter doesn't "
                        "exist.");
    TRY(err);
    TRY(queue_sources(tx, &queue, STR(""), 1, &sources));
    if (!sources.count)
        return sqs_fail(moving->call, SQS_BAD_VALUE,
                        "Source queue must be configured as a Dead Letter Queue.");
    return queue_redrive(tx, &queue, 0, &moving->moved);
}

enum err sqs_start_move(struct sqs_call *call)
{
    struct moving moving = {.call = call};
    struct sqs_move move = {.begun_ms = clock_now_us(call->ctx->clock) / 1000};
    TRY(sqs_name_of_arn(call, "SourceArn", &moving.name));
    if (json_get(call->asked, "DestinationArn") ||
        json_get(call->asked, "MaxNumberOfMessagesPerSecond"))
        return sqs_fail(call, SQS_UNSUPPORTED,
                        "Dead letters go back to where they were, and at once: leave out "
                        "DestinationArn and MaxNumberOfMessagesPerSecond.");
    id_format(id_new(call->ctx->ids), "mov", move.handle);
    for (int i = 0; i < SWEEPS_MAX && !move.whole; i++) {
        TRY(db_write(call->request->ports->db, call->ctx, move_some, &moving));
        move.moved += moving.moved;
        move.whole = moving.moved < QUEUE_SWEEP_MAX;
    }
    TRY(sqs_change_labels(call, moving.name, &(struct sqs_labels){.move = &move}));
    sqs_add_text(call, "TaskHandle", str_from(move.handle));
    return ERR_OK;
}

static void add_number(struct json_writer *out, const char *name, int64_t number)
{
    json_key(out, str_from(name));
    json_add_int(out, number);
}

static void add_move(struct sqs_call *call, struct str queue, const struct json *move)
{
    char arn_bytes[2 * QUEUE_NAME_MAX];
    struct buf arn;
    struct str handle = {0};
    int64_t moved = 0, begun_ms = 0;
    bool whole = false;
    (void)json_str(json_get(move, "handle"), &handle);
    (void)json_int(json_get(move, "moved"), &moved);
    (void)json_int(json_get(move, "begun"), &begun_ms);
    (void)json_bool(json_get(move, "whole"), &whole);
    buf_init_fixed(&arn, arn_bytes, sizeof arn_bytes);
    buf_addf(&arn, SQS_ARN STR_FMT, STR_ARG(queue));
    json_begin_object(&call->out);
    sqs_add_text(call, "TaskHandle", handle);
    sqs_add_text(call, "SourceArn", buf_str(&arn));
    sqs_add_text(call, "Status", whole ? STR("COMPLETED") : STR("FAILED"));
    if (!whole)
        sqs_add_text(call, "FailureReason", STR("There were more than go in one task."));
    add_number(&call->out, "ApproximateNumberOfMessagesMoved", moved);
    add_number(&call->out, "ApproximateNumberOfMessagesToMove", moved);
    add_number(&call->out, "StartedTimestamp", begun_ms);
    json_end_object(&call->out);
}

enum err sqs_list_moves(struct sqs_call *call)
{
    const struct json *labels;
    struct str name;
    int64_t max = 1;
    TRY(sqs_name_of_arn(call, "SourceArn", &name));
    TRY(sqs_get_int(call, call->asked, "MaxResults", (struct sqs_range){1, SQS_MOVES_KEPT, 1},
                    &max));
    TRY(sqs_labels_of(call, name, &labels));
    const struct json *moves = json_get(labels, "moves"), *each = moves ? moves->first : NULL;
    json_key(&call->out, STR("Results"));
    json_begin_array(&call->out);
    for (; each && max > 0; each = each->next, max--)
        add_move(call, name, each);
    json_end_array(&call->out);
    return ERR_OK;
}

/* They are done when they are answered: there is never one to be cancelled. */
enum err sqs_cancel_move(struct sqs_call *call)
{
    struct str handle;
    TRY(sqs_need_text(call, call->asked, "TaskHandle", &handle));
    return sqs_fail(call, SQS_NO_TASK, "There is no such task under way.");
}
