/* What is kept with a queue for this protocol alone: its tags, and the moves of dead letters. */
#include "flow/sqs/sqs_inside.h"

enum { TAGS_MAX = 50, TAG_NAME_MAX = 128, TAG_VALUE_MAX = 256 };

enum err sqs_labels_read(struct ctx *ctx, struct str text, const struct json **labels)
{
    struct json *root = NULL;
    enum err err = text.len ? json_read(ctx, text, &root) : ERR_OK;
    *labels = err ? NULL : root;
    return err == ERR_MEMORY ? err : ERR_OK; /* what another wrote is none of ours */
}

static bool array_has(const struct json *names, struct str name)
{
    struct str each;
    for (const struct json *at = names ? names->first : NULL; at; at = at->next)
        if (!json_str(at, &each) && str_equal(each, name))
            return true;
    return false;
}

static bool object_has(const struct json *object, struct str name)
{
    for (const struct json *at = object ? object->first : NULL; at; at = at->next)
        if (str_equal(at->name, name))
            return true;
    return false;
}

static size_t write_tags(struct json_writer *w, const struct json *before,
                         const struct sqs_labels *more)
{
    size_t count = 0;
    for (const struct json *tag = before ? before->first : NULL; tag; tag = tag->next) {
        if (array_has(more->remove, tag->name) || object_has(more->add, tag->name))
            continue;
        json_key(w, tag->name);
        json_add_tree(w, tag);
        count++;
    }
    for (const struct json *tag = more->add ? more->add->first : NULL; tag; tag = tag->next) {
        json_key(w, tag->name);
        json_add_tree(w, tag);
        count++;
    }
    return count;
}

static void write_move(struct json_writer *w, const struct sqs_move *move)
{
    json_begin_object(w);
    json_key(w, STR("handle"));
    json_add_str(w, str_from(move->handle));
    json_key(w, STR("moved"));
    json_add_int(w, move->moved);
    json_key(w, STR("begun"));
    json_add_int(w, move->begun_ms);
    json_key(w, STR("whole"));
    json_add_bool(w, move->whole);
    json_end_object(w);
}

static void write_moves(struct json_writer *w, const struct json *before,
                        const struct sqs_move *move)
{
    int left = SQS_MOVES_KEPT;
    if (move) {
        write_move(w, move);
        left--;
    }
    for (const struct json *each = before ? before->first : NULL; each && left > 0; left--) {
        json_add_tree(w, each);
        each = each->next;
    }
}

enum err sqs_labels_write(struct ctx *ctx, const struct json *before, const struct sqs_labels *more,
                          struct str *text)
{
    struct buf out;
    struct json_writer w;
    buf_init(&out, ctx->arena, QUEUE_LABELS_MAX);
    json_writer_init(&w, &out);
    json_begin_object(&w);
    json_key(&w, STR("tags"));
    json_begin_object(&w);
    size_t count = write_tags(&w, json_get(before, "tags"), more);
    json_end_object(&w);
    json_key(&w, STR("moves"));
    json_begin_array(&w);
    write_moves(&w, json_get(before, "moves"), more->move);
    json_end_array(&w);
    json_end_object(&w);
    *text = buf_str(&out);
    if (buf_err(&out) == ERR_LIMIT || count > TAGS_MAX)
        return err_input(&ctx->err, "Tags", "must be %d at most, and not so long", TAGS_MAX);
    return buf_err(&out) ? err_memory(&ctx->err) : ERR_OK;
}

enum err sqs_check_tags(struct sqs_call *call, const struct json *tags)
{
    struct str value;
    for (const struct json *tag = tags ? tags->first : NULL; tag; tag = tag->next)
        if (json_str(tag, &value) || value.len > TAG_VALUE_MAX || !tag->name.len ||
            tag->name.len > TAG_NAME_MAX)
            return sqs_fail(call, SQS_BAD_VALUE,
                            "A tag's key must have 1 to %d bytes, and its value, a string, %d at "
                            "most.",
                            TAG_NAME_MAX, TAG_VALUE_MAX);
    return ERR_OK;
}

struct tagging {
    struct sqs_call *call;
    struct str name;
    struct sqs_labels more;
};

static enum err write_labels(struct tx *tx, void *arg)
{
    struct tagging *tagging = arg;
    const struct json *before;
    struct queue queue;
    tagging->call->fault = SQS_FINE;
    TRY(sqs_no_queue(tagging->call, queue_find(tx, tagging->name, &queue)));
    struct queue_options options = queue.is;
    TRY(sqs_labels_read(tx->ctx, options.labels, &before));
    enum err err = sqs_labels_write(tx->ctx, before, &tagging->more, &options.labels);
    if (!err)
        err = queue_change(tx, &queue, &options);
    return sqs_refused(tagging->call, err);
}

enum err sqs_change_labels(struct sqs_call *call, struct str queue, const struct sqs_labels *more)
{
    struct tagging tagging = {.call = call, .name = queue, .more = *more};
    TRY(db_write(call->request->ports->db, call->ctx, write_labels, &tagging));
    flow_forget(call->flow);
    return ERR_OK;
}

enum err sqs_tag(struct sqs_call *call)
{
    struct sqs_labels more = {.move = NULL};
    struct str name;
    TRY(sqs_name(call, &name));
    TRY(sqs_get_tree(call, call->asked, "Tags", JSON_OBJECT, &more.add));
    if (!more.add)
        return sqs_fail(call, SQS_NO_VALUE, "The request must contain the parameter Tags.");
    TRY(sqs_check_tags(call, more.add));
    return sqs_change_labels(call, name, &more);
}

enum err sqs_untag(struct sqs_call *call)
{
    struct sqs_labels more = {.move = NULL};
    struct str name;
    TRY(sqs_name(call, &name));
    TRY(sqs_get_tree(call, call->asked, "TagKeys", JSON_ARRAY, &more.remove));
    if (!more.remove)
        return sqs_fail(call, SQS_NO_VALUE, "The request must contain the parameter TagKeys.");
    return sqs_change_labels(call, name, &more);
}

struct looking {
    struct sqs_call *call;
    struct str name, text;
};

static enum err look(struct tx *tx, void *arg)
{
    struct looking *looking = arg;
    struct queue queue;
    looking->call->fault = SQS_FINE;
    TRY(sqs_no_queue(looking->call, queue_find(tx, looking->name, &queue)));
    looking->text = queue.is.labels;
    return ERR_OK;
}

enum err sqs_labels_of(struct sqs_call *call, struct str queue, const struct json **labels)
{
    struct looking looking = {.call = call, .name = queue};
    TRY(db_read(call->request->ports->db, call->ctx, look, &looking));
    return sqs_labels_read(call->ctx, looking.text, labels);
}

enum err sqs_list_tags(struct sqs_call *call)
{
    const struct json *labels;
    struct str name;
    TRY(sqs_name(call, &name));
    TRY(sqs_labels_of(call, name, &labels));
    const struct json *tags = json_get(labels, "tags");
    if (!tags || !tags->count)
        return ERR_OK;
    json_key(&call->out, STR("Tags"));
    json_add_tree(&call->out, tags);
    return ERR_OK;
}
