/* Queues as things: made, changed, found, listed and dropped. */
#include <string.h>

#include "base/buf.h"
#include "flow/flow_sql.h"
#include "flow/queue.h"

const struct queue_options queue_usual = {
    .visibility_s = 30,
    .retention_s = INT64_C(4) * 24 * 60 * 60,
    .body_max = QUEUE_BODY_MAX,
};

static const char fifo_end[] = ".fifo";

enum { FIFO_END_LEN = sizeof fifo_end - 1 };

static bool is_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '-' || c == '_'))
            return false;
    }
    return name.len > 0;
}

static enum err check_name(struct ctx *ctx, const struct queue_options *options)
{
    struct str name = options->name;
    if (name.len > QUEUE_NAME_MAX)
        return err_input(&ctx->err, "name", "must not be longer than %d", QUEUE_NAME_MAX);
    if (str_ends(name, str_from(fifo_end)) != options->fifo)
        return err_input(&ctx->err, "name", "must end in .fifo if the queue is one, and only then");
    if (options->fifo)
        name = str_slice(name, 0, name.len - FIFO_END_LEN);
    if (!is_name(name))
        return err_input(&ctx->err, "name", "must be of letters, digits, - and _");
    return ERR_OK;
}

static enum err check_numbers(struct ctx *ctx, const struct queue_options *options)
{
    const struct {
        const char *field;
        int64_t value, min, max;
    } rows[] = {
        {"visibility", options->visibility_s, 0, QUEUE_VISIBILITY_MAX_S},
        {"delay", options->delay_s, 0, QUEUE_DELAY_MAX_S},
        {"retention", options->retention_s, QUEUE_RETENTION_MIN_S, QUEUE_RETENTION_MAX_S},
        {"wait", options->wait_s, 0, QUEUE_WAIT_MAX_S},
        {"body_max", options->body_max, 1024, QUEUE_BODY_MAX},
        {"receives_max", options->receives_max, options->dead.len ? 1 : 0, QUEUE_RECEIVES_MAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].value < rows[i].min || rows[i].value > rows[i].max)
            return err_input(&ctx->err, rows[i].field, "must be from %lld to %lld",
                             (long long)rows[i].min, (long long)rows[i].max);
    if (options->labels.len > QUEUE_LABELS_MAX)
        return err_input(&ctx->err, "labels", "must not be longer than %d", QUEUE_LABELS_MAX);
    return ERR_OK;
}

/* The dead letters of a fifo queue stay in order too. */
static enum err find_dead(struct tx *tx, const struct queue_options *options, int64_t *number)
{
    struct queue dead;
    *number = 0;
    if (!options->dead.len)
        return ERR_OK;
    if (str_equal(options->dead, options->name))
        return err_input(&tx->ctx->err, "dead", "must be another queue");
    TRY(queue_find(tx, options->dead, &dead));
    if (dead.is.fifo != options->fifo)
        return err_input(&tx->ctx->err, "dead", "must be fifo if the queue is, and only then");
    *number = dead.number;
    return ERR_OK;
}

/* The two queries that give queues give the same columns. */
#define QUEUE_OF(row)                                           \
    ((struct queue){.number = (row)->number,                    \
                    .is = {.name = (row)->name,                 \
                           .fifo = (row)->fifo,                 \
                           .by_body = (row)->by_body,           \
                           .visibility_s = (row)->visibility,   \
                           .delay_s = (row)->delay,             \
                           .retention_s = (row)->retention,     \
                           .wait_s = (row)->wait,               \
                           .body_max = (row)->body_max,         \
                           .dead = (row)->dead_name,            \
                           .receives_max = (row)->receives_max, \
                           .labels = (row)->labels},            \
                    .dead_number = (row)->dead,                 \
                    .made_us = (row)->made_us,                  \
                    .changed_us = (row)->changed_us})

static enum err look_for(struct tx *tx, struct str name, struct queue *queue, bool *found)
{
    struct queue_row_find_rows rows;
    TRY(queue_row_find(tx, name, &rows));
    *found = rows.count > 0;
    if (*found)
        *queue = QUEUE_OF(&rows.rows[0]);
    return ERR_OK;
}

enum err queue_find(struct tx *tx, struct str name, struct queue *queue)
{
    bool found;
    TRY(look_for(tx, name, queue, &found));
    if (found)
        return ERR_OK;
    return err_fail(&tx->ctx->err, ERR_MISSING, "There is no such queue.",
                    "no queue \"" STR_FMT "\"", STR_ARG(name));
}

static bool is_same(const struct queue_options *a, const struct queue_options *b)
{
    return a->fifo == b->fifo && a->by_body == b->by_body && a->visibility_s == b->visibility_s &&
           a->delay_s == b->delay_s && a->retention_s == b->retention_s && a->wait_s == b->wait_s &&
           a->body_max == b->body_max && a->receives_max == b->receives_max &&
           str_equal(a->dead, b->dead) && str_equal(a->labels, b->labels);
}

/* Greater than any there was, also where the last one made is gone: seconds since 1970. */
static enum err next_number(struct tx *tx, int64_t now_us, int64_t *number)
{
    struct queue_row_last_row last;
    TRY(queue_row_last(tx, &last));
    *number = last.number >= now_us / SECOND_US ? last.number + 1 : now_us / SECOND_US;
    return ERR_OK;
}

enum err queue_create(struct tx *tx, const struct queue_options *options, struct queue *queue)
{
    bool found;
    int64_t now_us = clock_now_us(tx->ctx->clock), number, dead;
    TRY(check_name(tx->ctx, options));
    TRY(check_numbers(tx->ctx, options));
    TRY(look_for(tx, options->name, queue, &found));
    if (found && is_same(&queue->is, options))
        return ERR_OK;
    if (found)
        return err_fail(&tx->ctx->err, ERR_CONFLICT,
                        "There is a queue of this name that is set otherwise.",
                        "queue \"" STR_FMT "\"", STR_ARG(options->name));
    TRY(find_dead(tx, options, &dead));
    TRY(next_number(tx, now_us, &number));
    TRY(queue_row_add(tx, number, options->name, options->fifo, options->by_body,
                      options->visibility_s, options->delay_s, options->retention_s,
                      options->wait_s, options->body_max, dead ? &dead : NULL,
                      options->receives_max, options->labels, now_us));
    return queue_find(tx, options->name, queue);
}

static enum err dead_name(struct ctx *ctx, const struct queue_options *options, struct str *dead)
{
    struct buf made;
    buf_init(&made, ctx->arena, QUEUE_NAME_MAX);
    buf_add(&made, options->fifo ? str_slice(options->name, 0, options->name.len - FIFO_END_LEN)
                                 : options->name);
    buf_addf(&made, "-dead%s", options->fifo ? fifo_end : "");
    *dead = buf_str(&made);
    return buf_err(&made) ? err_input(&ctx->err, "name", "must be shorter") : ERR_OK;
}

enum err queue_make(struct tx *tx, const struct queue_options *options, struct queue *queue)
{
    bool found;
    struct queue_options with = *options, dead = queue_usual;
    TRY(look_for(tx, options->name, queue, &found));
    if (found)
        return ERR_OK;
    TRY(check_name(tx->ctx, options));
    dead.fifo = options->fifo;
    dead.retention_s = QUEUE_RETENTION_MAX_S;
    TRY(dead_name(tx->ctx, options, &dead.name));
    TRY(look_for(tx, dead.name, queue, &found));
    if (!found)
        TRY(queue_create(tx, &dead, queue));
    with.dead = dead.name;
    with.receives_max = options->receives_max ? options->receives_max : QUEUE_MAKE_RECEIVES;
    return queue_create(tx, &with, queue);
}

enum err queue_change(struct tx *tx, const struct queue *queue, const struct queue_options *options)
{
    int64_t dead;
    TRY(check_name(tx->ctx, options));
    TRY(check_numbers(tx->ctx, options));
    if (options->fifo != queue->is.fifo || !str_equal(options->name, queue->is.name))
        return err_input(&tx->ctx->err, "name", "cannot be changed, nor whether it is fifo");
    if (options->fifo && options->delay_s != queue->is.delay_s)
        return err_input(&tx->ctx->err, "delay", "of a fifo queue cannot be changed");
    TRY(find_dead(tx, options, &dead));
    return queue_row_set(tx, queue->number, options->by_body, options->visibility_s,
                         options->delay_s, options->retention_s, options->wait_s, options->body_max,
                         dead ? &dead : NULL, options->receives_max, options->labels,
                         clock_now_us(tx->ctx->clock));
}

/* The first text behind all that begin with the prefix: a name is ASCII. */
static enum err list(struct tx *tx, struct str prefix, struct str after, const int64_t *dead,
                     int64_t limit, struct queue_list *found)
{
    struct queue_row_list_rows rows;
    char until[QUEUE_NAME_MAX + 1];
    size_t len = prefix.len < QUEUE_NAME_MAX ? prefix.len : QUEUE_NAME_MAX;
    if (len)
        memcpy(until, prefix.ptr, len);
    until[len] = '\x7f';
    TRY(queue_row_list(tx, after, prefix, str_make(until, len + 1), dead, limit, &rows));
    found->count = rows.count;
    found->list = ARENA_ARRAY(tx->ctx->arena, rows.count, struct queue);
    if (!found->list)
        return err_memory(&tx->ctx->err);
    for (size_t i = 0; i < rows.count; i++)
        found->list[i] = QUEUE_OF(&rows.rows[i]);
    return ERR_OK;
}

enum err queue_list(struct tx *tx, struct str prefix, struct str after, int64_t limit,
                    struct queue_list *found)
{
    return list(tx, prefix, after, NULL, limit, found);
}

enum err queue_sources(struct tx *tx, const struct queue *queue, struct str after, int64_t limit,
                       struct queue_list *found)
{
    return list(tx, STR(""), after, &queue->number, limit, found);
}

enum err queue_drop(struct tx *tx, const struct queue *queue)
{
    if (queue->is.fifo) {
        TRY(queue_message_drop_lines(tx, queue->number));
        TRY(queue_line_drop_all(tx, queue->number));
        TRY(queue_group_drop_all(tx, queue->number));
    } else {
        TRY(queue_message_drop_entries(tx, queue->number));
        TRY(queue_entry_drop_all(tx, queue->number));
    }
    TRY(queue_dead_drop_all(tx, queue->number));
    TRY(queue_row_orphan(tx, queue->number));
    return queue_row_drop(tx, queue->number);
}
