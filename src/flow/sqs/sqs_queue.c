/* Queues themselves: made, set, told of, listed, emptied and dropped. */
#include "flow/sqs/sqs_inside.h"

enum err sqs_find(struct sqs_call *call, struct queue *queue)
{
    struct str name;
    TRY(sqs_name(call, &name));
    return sqs_no_queue(call, flow_queue(call->flow, call->ctx, name, queue));
}

/* What a transaction is about; it may run again, so it begins anew each time. */
struct change {
    struct sqs_call *call;
    struct str name;
    const struct json *attributes, *tags;
    struct queue queue;
    struct queue_counts counts;
    int64_t removed;
};

/* What the queue refused of how it is to be set. */
static enum err refused(struct sqs_call *call, enum err err)
{
    struct err_record found = call->ctx->err;
    if (err == ERR_MISSING)
        return sqs_fail(call, SQS_BAD_VALUE,
                        "Value for parameter RedrivePolicy is invalid. Reason: Dead letter target "
                        "does not exist.");
    if (err == ERR_CONFLICT)
        return sqs_fail(call, SQS_EXISTS,
                        "A queue already exists with the same name and a different value for an "
                        "attribute.");
    if (err == ERR_INPUT && str_equal(str_from(found.field), STR("name")))
        return sqs_fail(call, SQS_BAD_VALUE, "QueueName %s.", found.user);
    return err == ERR_INPUT ? sqs_fail(call, SQS_BAD_SETTING, "Invalid value for %s: it %s.",
                                       found.field, found.user)
                            : err;
}

/* What is not said is as it is, where the queue is there already. */
static enum err create(struct tx *tx, void *arg)
{
    struct change *change = arg;
    struct queue_options options = queue_usual;
    change->call->fault = SQS_FINE;
    enum err err = queue_find(tx, change->name, &change->queue);
    if (err == ERR_OK)
        options = change->queue.is;
    else if (err != ERR_MISSING)
        return err;
    else
        TRY(sqs_labels_write(tx->ctx, NULL, &(struct sqs_labels){.add = change->tags},
                             &options.labels));
    options.name = change->name;
    TRY(sqs_set_options(change->call, change->attributes, &options));
    err = queue_create(tx, &options, &change->queue);
    return err ? refused(change->call, err) : ERR_OK;
}

enum err sqs_create_queue(struct sqs_call *call)
{
    struct change change = {.call = call};
    TRY(sqs_need_text(call, call->asked, "QueueName", &change.name));
    TRY(sqs_get_tree(call, call->asked, "Attributes", JSON_OBJECT, &change.attributes));
    TRY(sqs_get_tree(call, call->asked, "tags", JSON_OBJECT, &change.tags));
    TRY(sqs_check_tags(call, change.tags));
    TRY(db_write(call->request->ports->db, call->ctx, create, &change));
    flow_forget(call->flow);
    sqs_add_url(call, "QueueUrl", change.name);
    return ERR_OK;
}

static enum err find(struct tx *tx, struct change *change)
{
    change->call->fault = SQS_FINE;
    return sqs_no_queue(change->call, queue_find(tx, change->name, &change->queue));
}

static enum err set(struct tx *tx, void *arg)
{
    struct change *change = arg;
    TRY(find(tx, change));
    struct queue_options options = change->queue.is;
    TRY(sqs_set_options(change->call, change->attributes, &options));
    enum err err = queue_change(tx, &change->queue, &options);
    return err ? refused(change->call, err) : ERR_OK;
}

static enum err change_queue(struct sqs_call *call, db_fn *fn, struct change *change)
{
    change->call = call;
    TRY(sqs_name(call, &change->name));
    TRY(db_write(call->request->ports->db, call->ctx, fn, change));
    flow_forget(call->flow);
    return ERR_OK;
}

enum err sqs_set_attributes(struct sqs_call *call)
{
    struct change change = {.call = call};
    TRY(sqs_get_tree(call, call->asked, "Attributes", JSON_OBJECT, &change.attributes));
    if (!change.attributes)
        return sqs_fail(call, SQS_NO_VALUE, "The request must contain the parameter Attributes.");
    return change_queue(call, set, &change);
}

static enum err drop(struct tx *tx, void *arg)
{
    struct change *change = arg;
    TRY(find(tx, change));
    return queue_drop(tx, &change->queue);
}

enum err sqs_delete_queue(struct sqs_call *call)
{
    struct change change = {.call = call};
    return change_queue(call, drop, &change);
}

static enum err purge(struct tx *tx, void *arg)
{
    struct change *change = arg;
    TRY(find(tx, change));
    return queue_purge(tx, &change->queue, &change->removed);
}

/* A transaction a sweep: others have their turn between. */
enum err sqs_purge(struct sqs_call *call)
{
    struct change change = {.call = call};
    do
        TRY(change_queue(call, purge, &change));
    while (change.removed >= QUEUE_SWEEP_MAX);
    return ERR_OK;
}

enum err sqs_get_url(struct sqs_call *call)
{
    struct queue queue;
    struct str name;
    TRY(sqs_need_text(call, call->asked, "QueueName", &name));
    TRY(sqs_no_queue(call, flow_queue(call->flow, call->ctx, name, &queue)));
    sqs_add_url(call, "QueueUrl", name);
    return ERR_OK;
}

static enum err look(struct tx *tx, void *arg)
{
    struct change *change = arg;
    TRY(find(tx, change));
    return queue_count(tx, &change->queue, &change->counts);
}

enum err sqs_get_attributes(struct sqs_call *call)
{
    struct change change = {.call = call};
    const struct json *names;
    TRY(sqs_name(call, &change.name));
    TRY(sqs_get_tree(call, call->asked, "AttributeNames", JSON_ARRAY, &names));
    TRY(db_read(call->request->ports->db, call->ctx, look, &change));
    json_key(&call->out, STR("Attributes"));
    json_begin_object(&call->out);
    sqs_add_options(call, names, &change.queue, &change.counts);
    json_end_object(&call->out);
    return ERR_OK;
}

struct listing {
    struct sqs_call *call;
    struct sqs_page page;
    struct str name; /* a prefix, or the queue of the dead letters */
    struct queue_list found;
};

static enum err list(struct tx *tx, void *arg)
{
    struct listing *listing = arg;
    return queue_list(tx, listing->name, listing->page.after, listing->page.max + 1,
                      &listing->found);
}

enum err sqs_list_queues(struct sqs_call *call)
{
    struct listing listing = {.call = call};
    TRY(sqs_get_page(call, &listing.page));
    TRY(sqs_get_text(call, call->asked, "QueueNamePrefix", &listing.name));
    TRY(db_read(call->request->ports->db, call->ctx, list, &listing));
    sqs_add_queues(call, "QueueUrls", &listing.page, &listing.found);
    return ERR_OK;
}

static enum err list_sources(struct tx *tx, void *arg)
{
    struct listing *listing = arg;
    struct queue queue;
    listing->call->fault = SQS_FINE;
    TRY(sqs_no_queue(listing->call, queue_find(tx, listing->name, &queue)));
    return queue_sources(tx, &queue, listing->page.after, listing->page.max + 1, &listing->found);
}

enum err sqs_list_sources(struct sqs_call *call)
{
    struct listing listing = {.call = call};
    TRY(sqs_get_page(call, &listing.page));
    TRY(sqs_name(call, &listing.name));
    TRY(db_read(call->request->ports->db, call->ctx, list_sources, &listing));
    sqs_add_queues(call, "queueUrls", &listing.page, &listing.found);
    return ERR_OK;
}
