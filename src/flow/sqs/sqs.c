/* Leads a request in the protocol of SQS to its action, and tells of what fails. */
#include "flow/sqs/sqs.h"

#include "flow/sqs/sqs_inside.h"
#include "flow/sqs/sqs_routes.h"

static const struct action {
    const char *name;
    sqs_action *run; /* NULL: not built */
    const char *permission;
} actions[] = {
    {"SendMessage", sqs_send, "queues.send"},
    {"SendMessageBatch", sqs_send_batch, "queues.send"},
    {"ReceiveMessage", sqs_receive, "queues.receive"},
    {"DeleteMessage", sqs_delete, "queues.receive"},
    {"DeleteMessageBatch", sqs_delete_batch, "queues.receive"},
    {"ChangeMessageVisibility", sqs_hide, "queues.receive"},
    {"ChangeMessageVisibilityBatch", sqs_hide_batch, "queues.receive"},
    {"GetQueueUrl", sqs_get_url, "queues.send|queues.receive|queues.manage"},
    {"GetQueueAttributes", sqs_get_attributes, "queues.send|queues.receive|queues.manage"},
    {"ListQueues", sqs_list_queues, "queues.send|queues.receive|queues.manage"},
    {"CreateQueue", sqs_create_queue, "queues.manage"},
    {"DeleteQueue", sqs_delete_queue, "queues.manage"},
    {"SetQueueAttributes", sqs_set_attributes, "queues.manage"},
    {"PurgeQueue", sqs_purge, "queues.manage"},
    {"ListDeadLetterSourceQueues", sqs_list_sources, "queues.manage"},
    {"StartMessageMoveTask", sqs_start_move, "queues.manage"},
    {"ListMessageMoveTasks", sqs_list_moves, "queues.manage"},
    {"CancelMessageMoveTask", sqs_cancel_move, "queues.manage"},
    {"TagQueue", sqs_tag, "queues.manage"},
    {"UntagQueue", sqs_untag, "queues.manage"},
    {"ListQueueTags", sqs_list_tags, "queues.manage"},
    {"AddPermission", NULL, "queues.manage"},
    {"RemovePermission", NULL, "queues.manage"},
    {NULL, NULL, NULL},
};

static const struct action *find_action(struct str target)
{
    const struct str service = STR("AmazonSQS.");
    struct str name = str_slice(target, service.len, target.len);
    for (const struct action *action = actions; action->name; action++)
        if (str_starts(target, service) && str_equal(name, str_from(action->name)))
            return action;
    return NULL;
}

static enum err run(struct sqs_call *call)
{
    struct request *request = call->request;
    struct str target = request_header(request, STR("X-Amz-Target"));
    const struct action *action = find_action(target);
    struct json *asked = NULL;
    if (!action)
        return sqs_fail(call, SQS_NO_ACTION,
                        "The action " STR_FMT " is not valid for this endpoint.", STR_ARG(target));
    TRY(request_check(request, action->permission));
    if (!action->run)
        return sqs_fail(call, SQS_UNSUPPORTED,
                        "%s is not built: who may use a queue is said by the scopes of their key.",
                        action->name);
    enum err err = json_read(call->ctx, request->body, &asked);
    if (err == ERR_INPUT || err == ERR_LIMIT || (!err && asked->kind != JSON_OBJECT))
        return sqs_fail(call, SQS_NO_JSON, "The body must be a JSON object.");
    TRY(err);
    call->asked = asked;
    json_writer_init(&call->out, respond_body(request, SQS_TYPE));
    json_begin_object(&call->out);
    TRY(action->run(call));
    json_end_object(&call->out);
    return buf_err(&request->response.body) ? err_memory(&call->ctx->err) : ERR_OK;
}

static void add_request_id(struct request *request)
{
    char id[ID_TEXT_MAX];
    id_format(id_new(request->ctx->ids), "req", id);
    respond_header(request, "x-amzn-RequestId", str_from(id));
}

enum err sqs_call(struct request *request)
{
    struct sqs_call call = {.request = request, .ctx = request->ctx, .flow = request->ports->flow};
    enum err err = run(&call);
    if (call.fault) {
        sqs_tell(request, call.fault, call.ctx->err.user);
        err_clear(&call.ctx->err);
        return ERR_OK;
    }
    if (!err)
        add_request_id(request);
    return err;
}

enum err sqs_call_slash(struct request *request)
{
    return sqs_call(request);
}

enum err sqs_call_queue(struct request *request, const struct sqs_call_queue_input *input)
{
    (void)input;
    return sqs_call(request);
}

void sqs_tell(struct request *request, enum sqs_fault fault, const char *words)
{
    struct buf *body = respond_body(request, SQS_TYPE), type;
    char type_bytes[64], code_bytes[96];
    struct buf code;
    struct json_writer w;
    bool is_theirs = fault != SQS_INSIDE && fault != SQS_BUSY;
    buf_init_fixed(&type, type_bytes, sizeof type_bytes);
    buf_addf(&type, "com.amazonaws.sqs#%s", sqs_fault_name(fault));
    buf_init_fixed(&code, code_bytes, sizeof code_bytes);
    buf_addf(&code, "%s;%s", sqs_fault_code(fault), is_theirs ? "Sender" : "Receiver");
    buf_clear(body);
    json_writer_init(&w, body);
    json_begin_object(&w);
    json_key(&w, STR("__type"));
    json_add_str(&w, buf_str(&type));
    json_key(&w, STR("message"));
    json_add_str(&w, str_from(words));
    json_end_object(&w);
    respond_header(request, "x-amzn-query-error", buf_str(&code));
    add_request_id(request);
    respond_status(request, 400);
}

/* What is told of a failure before or beside an action: by its field, else by its code. */
static enum sqs_fault fault_of(const struct err_record *err)
{
    static const struct {
        const char *field;
        enum sqs_fault fault;
    } fields[] = {{"Credential", SQS_BAD_KEY},
                  {"X-Amz-Security-Token", SQS_BAD_KEY},
                  {"Signature", SQS_BAD_SIGNATURE},
                  {"X-Amz-Date", SQS_LATE},
                  {"Authorization", SQS_HALF_SIGNATURE}};
    static const struct {
        enum err code;
        enum sqs_fault fault;
    } codes[] = {{ERR_INPUT, SQS_NO_ACTION},     {ERR_LIMIT, SQS_BAD_VALUE},
                 {ERR_FORBIDDEN, SQS_FORBIDDEN}, {ERR_SIGNED_OUT, SQS_NO_SIGNATURE},
                 {ERR_RATE, SQS_OFTEN},          {ERR_BUSY, SQS_BUSY},
                 {ERR_MEMORY, SQS_BUSY},         {ERR_TIMEOUT, SQS_BUSY}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (str_equal(str_from(err->field), str_from(fields[i].field)))
            return fields[i].fault;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (err->code == codes[i].code)
            return codes[i].fault;
    return SQS_INSIDE;
}

void sqs_show_error(struct request *request, int status)
{
    const struct err_record *err = &request->ctx->err;
    (void)status; /* stays as it is: who reads the status alone learns enough */
    sqs_tell(request, fault_of(err), err->user);
}
