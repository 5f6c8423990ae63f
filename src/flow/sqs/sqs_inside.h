/* What the actions of SQS share among themselves.
 *
 *     enum err sqs_delete_queue(struct sqs_call *call)
 *     {
 *         struct queue queue;
 *         TRY(sqs_find(call, &queue));
 *         …
 *         json_key(&call->out, STR("QueueUrl"));
 *
 * An action reads call->asked and adds members to the object call->out. What the asker did wrong is
 * a fault: sqs_fail records it, and its error is passed up. Any other error is the program's. */
#ifndef STOA_FLOW_SQS_SQS_INSIDE_H
#define STOA_FLOW_SQS_SQS_INSIDE_H

#include "base/json.h"
#include "flow/flow.h"
#include "flow/sqs/sqs.h"

#define SQS_TYPE "application/x-amz-json-1.0"

/* A fault, its name in the protocol, and what it was called before there was JSON. */
#define SQS_FAULTS(X)                                                                         \
    X(SQS_FINE, "", "")                                                                       \
    X(SQS_NO_QUEUE, "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue")           \
    X(SQS_EXISTS, "QueueNameExists", "QueueAlreadyExists")                                    \
    X(SQS_BAD_RECEIPT, "ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid")                    \
    X(SQS_NOT_IN_FLIGHT, "MessageNotInflight", "AWS.SimpleQueueService.MessageNotInflight")   \
    X(SQS_BAD_BODY, "InvalidMessageContents", "InvalidMessageContents")                       \
    X(SQS_BAD_NAME, "InvalidAttributeName", "InvalidAttributeName")                           \
    X(SQS_BAD_SETTING, "InvalidAttributeValue", "InvalidAttributeValue")                      \
    X(SQS_BAD_VALUE, "InvalidParameterValue", "InvalidParameterValue")                        \
    X(SQS_NO_VALUE, "MissingParameter", "MissingParameter")                                   \
    X(SQS_NO_ACTION, "InvalidAction", "InvalidAction")                                        \
    X(SQS_NO_JSON, "SerializationException", "SerializationException")                        \
    X(SQS_UNSUPPORTED, "UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation") \
    X(SQS_NO_TASK, "ResourceNotFoundException", "ResourceNotFoundException")                  \
    X(SQS_BATCH_EMPTY, "EmptyBatchRequest", "AWS.SimpleQueueService.EmptyBatchRequest")       \
    X(SQS_BATCH_FULL, "TooManyEntriesInBatchRequest",                                         \
      "AWS.SimpleQueueService.TooManyEntriesInBatchRequest")                                  \
    X(SQS_BATCH_TWICE, "BatchEntryIdsNotDistinct",                                            \
      "AWS.SimpleQueueService.BatchEntryIdsNotDistinct")                                      \
    X(SQS_BATCH_ID, "InvalidBatchEntryId", "AWS.SimpleQueueService.InvalidBatchEntryId")      \
    X(SQS_BATCH_LONG, "BatchRequestTooLong", "AWS.SimpleQueueService.BatchRequestTooLong")    \
    X(SQS_BAD_KEY, "InvalidClientTokenId", "InvalidClientTokenId")                            \
    X(SQS_BAD_SIGNATURE, "SignatureDoesNotMatch", "SignatureDoesNotMatch")                    \
    X(SQS_HALF_SIGNATURE, "IncompleteSignature", "IncompleteSignature")                       \
    X(SQS_LATE, "RequestExpired", "RequestExpired")                                           \
    X(SQS_NO_SIGNATURE, "MissingAuthenticationToken", "MissingAuthenticationToken")           \
    X(SQS_FORBIDDEN, "AccessDenied", "AccessDenied")                                          \
    X(SQS_OFTEN, "RequestThrottled", "RequestThrottled")                                      \
    X(SQS_BUSY, "ServiceUnavailable", "ServiceUnavailable")                                   \
    X(SQS_INSIDE, "InternalFailure", "InternalFailure")

enum sqs_fault {
#define SQS_ENUM(fault, name, code) fault,
    SQS_FAULTS(SQS_ENUM)
#undef SQS_ENUM
};

const char *sqs_fault_name(enum sqs_fault fault);
const char *sqs_fault_code(enum sqs_fault fault);

struct sqs_call {
    struct request *request;
    struct ctx *ctx;
    struct flow *flow;
    const struct json *asked;
    struct json_writer out;
    enum sqs_fault fault; /* what ctx->err.user says is one */
};

/* Answers with a fault and nothing else. */
void sqs_tell(struct request *request, enum sqs_fault fault, const char *words);

/* Records a fault, in the words of a printf format. */
enum err sqs_fail(struct sqs_call *call, enum sqs_fault fault, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Makes a fault of what flow refused: ERR_INPUT, ERR_LIMIT; others are passed on. */
enum err sqs_refused(struct sqs_call *call, enum err err);

/* Members of `from`. A missing text is empty; need_text wants one. */
enum err sqs_get_text(struct sqs_call *call, const struct json *from, const char *name,
                      struct str *text);
enum err sqs_need_text(struct sqs_call *call, const struct json *from, const char *name,
                       struct str *text);
struct sqs_range {
    int64_t min, max, absent;
};
enum err sqs_get_int(struct sqs_call *call, const struct json *from, const char *name,
                     struct sqs_range range, int64_t *number);

/* An object or an array, or NULL where it is missing. */
enum err sqs_get_tree(struct sqs_call *call, const struct json *from, const char *name,
                      enum json_kind kind, const struct json **tree);

/* The queue that QueueUrl or an ARN leads to: its name, and where there is none SQS_NO_QUEUE. */
enum err sqs_name(struct sqs_call *call, struct str *name);
enum err sqs_name_of_arn(struct sqs_call *call, const char *member, struct str *name);
enum err sqs_find(struct sqs_call *call, struct queue *queue);
enum err sqs_no_queue(struct sqs_call *call, enum err err); /* of ERR_MISSING */

/* Members of call->out. */
void sqs_add_text(struct sqs_call *call, const char *name, struct str text);
void sqs_add_url(struct sqs_call *call, const char *name, struct str queue);

/* A page of a list: how many at most, and from behind which name on. */
struct sqs_page {
    int64_t max;
    struct str after;
    bool pages; /* the asker wants pages, and is told where the next begins */
};
enum err sqs_get_page(struct sqs_call *call, struct sqs_page *page);
void sqs_add_queues(struct sqs_call *call, const char *name, const struct sqs_page *page,
                    const struct queue_list *found);

/* Batches: Entries, each with an Id of its own. */
struct sqs_batch {
    const struct json *entries[QUEUE_BATCH_MAX];
    struct str ids[QUEUE_BATCH_MAX], words[QUEUE_BATCH_MAX];
    enum sqs_fault faults[QUEUE_BATCH_MAX];
    size_t count;
};
enum err sqs_get_batch(struct sqs_call *call, struct sqs_batch *batch);

/* Makes a fault of the call one of the entry; other errors are passed on. */
enum err sqs_batch_take(struct sqs_call *call, struct sqs_batch *batch, size_t i, enum err err);

/* Writes Successful, each with the members that `add` adds, and Failed. */
typedef void sqs_add_entry(struct sqs_call *call, size_t i, const void *arg);
void sqs_add_batch(struct sqs_call *call, const struct sqs_batch *batch, sqs_add_entry *add,
                   const void *arg);

/* A queue's attributes: what is asked for is set, what is set is told. */
enum err sqs_set_options(struct sqs_call *call, const struct json *attributes,
                         struct queue_options *options);
void sqs_add_options(struct sqs_call *call, const struct json *names, const struct queue *queue,
                     const struct queue_counts *counts);

/* What the protocol keeps with a queue (queue_options.labels): its tags, and the last times that
 * its dead letters were sent back. NULL where there is nothing. */
enum { SQS_MOVES_KEPT = 10 };
struct sqs_move {
    char handle[ID_TEXT_MAX];
    int64_t moved, begun_ms;
    bool whole; /* false: some are left */
};
struct sqs_labels {
    const struct json *add, *remove; /* an object of tags, an array of their names; may be NULL */
    const struct sqs_move *move;     /* goes before the others; may be NULL */
};
enum err sqs_labels_of(struct sqs_call *call, struct str queue, const struct json **labels);
enum err sqs_labels_read(struct ctx *ctx, struct str text, const struct json **labels);
enum err sqs_labels_write(struct ctx *ctx, const struct json *before, const struct sqs_labels *more,
                          struct str *text);
enum err sqs_change_labels(struct sqs_call *call, struct str queue, const struct sqs_labels *more);

typedef enum err sqs_action(struct sqs_call *call);
sqs_action sqs_create_queue, sqs_delete_queue, sqs_get_url, sqs_get_attributes, sqs_set_attributes,
    sqs_list_queues, sqs_list_sources, sqs_purge;
sqs_action sqs_send, sqs_send_batch, sqs_receive;
sqs_action sqs_delete, sqs_delete_batch, sqs_hide, sqs_hide_batch;
sqs_action sqs_tag, sqs_untag, sqs_list_tags;
sqs_action sqs_start_move, sqs_list_moves, sqs_cancel_move;

/* Tags that cannot be: too many, too long, no text. */
enum err sqs_check_tags(struct sqs_call *call, const struct json *tags);

#endif
