/* Sends messages: what is checked, and the rows that are made.
 *
 * Per message two rows are appended, one of the body and a small one of the state; of a fifo queue
 * one or two more, for its group and what it is known again by. */
#include <string.h>

#include "base/span.h"
#include "flow/flow_sql.h"
#include "flow/queue_inside.h"
#include "guard/secret.h"

static enum err check_id(struct ctx *ctx, const char *field, struct str id)
{
    if (id.len > QUEUE_ID_MAX)
        return err_input(&ctx->err, field, "must not be longer than %d", QUEUE_ID_MAX);
    for (size_t i = 0; i < id.len; i++)
        if (id.ptr[i] < '!' || id.ptr[i] > '~')
            return err_input(&ctx->err, field, "must be of letters, digits and signs of ASCII");
    return ERR_OK;
}

static enum err check_fifo(struct ctx *ctx, const struct queue *queue,
                           const struct queue_sending *sending)
{
    if (!queue->is.fifo)
        return ERR_OK;
    if (!sending->group_id.len)
        return err_input(&ctx->err, "group_id", "must be there: the queue is fifo");
    if (!sending->dedup_id.len && !queue->is.by_body)
        return err_input(&ctx->err, "dedup_id",
                         "must be there: the queue does not go by the bodies");
    if (sending->delay_s != QUEUE_DEFAULT && sending->delay_s != queue->is.delay_s)
        return err_input(&ctx->err, "delay", "of a single message is not for a fifo queue");
    return ERR_OK;
}

static bool is_text(struct str text)
{
    return str_is_utf8(text) && (!text.len || !memchr(text.ptr, '\0', text.len));
}

static enum err check(struct ctx *ctx, const struct queue *queue,
                      const struct queue_sending *sending)
{
    if (!sending->body.len)
        return err_input(&ctx->err, "body", "must not be empty");
    if (!is_text(sending->body) || !is_text(sending->attributes))
        return err_input(&ctx->err, "body", "must be text in UTF-8, and its attributes as well");
    if (sending->body.len + sending->attributes.len > (size_t)queue->is.body_max)
        return err_input(&ctx->err, "body", "and its attributes must not be longer than %lld",
                         (long long)queue->is.body_max);
    if (sending->delay_s < QUEUE_DEFAULT || sending->delay_s > QUEUE_DELAY_MAX_S)
        return err_input(&ctx->err, "delay", "must be from 0 to %d", QUEUE_DELAY_MAX_S);
    TRY(check_id(ctx, "group_id", sending->group_id));
    TRY(check_id(ctx, "dedup_id", sending->dedup_id));
    return check_fifo(ctx, queue, sending);
}

/* What it is known again by; empty where it is not. */
static struct str dedup_word(const struct queue *queue, const struct queue_sending *sending,
                             char hash[SECRET_TEXT])
{
    if (sending->dedup_id.len || !queue->is.by_body)
        return sending->dedup_id;
    secret_hash(sending->body, hash);
    return str_from(hash);
}

static enum err find_before(struct tx *tx, const struct queue *queue, struct str word,
                            int64_t now_us, struct queue_sending *sending, bool *found)
{
    struct queue_dedup_find_rows rows;
    *found = false;
    if (!word.len)
        return ERR_OK;
    TRY(queue_dedup_find(tx, queue->number, word, now_us, &rows));
    *found = rows.count > 0;
    if (!*found)
        return ERR_OK;
    struct str id = rows.rows[0].id;
    memcpy(sending->id, id.ptr, id.len < sizeof sending->id ? id.len : sizeof sending->id - 1);
    sending->sequence = rows.rows[0].number;
    return ERR_OK;
}

static enum err remember(struct tx *tx, const struct queue *queue, struct str word, int64_t now_us,
                         struct queue_sending *sending)
{
    struct queue_message_number_row last;
    if (!queue->is.fifo && !word.len)
        return ERR_OK;
    TRY(queue_message_number(tx, &last));
    sending->sequence = last.number;
    if (!word.len)
        return ERR_OK;
    return queue_dedup_set(tx, queue->number, word, str_from(sending->id), last.number,
                           now_us + QUEUE_DEDUP_S * SECOND_US);
}

static struct str find_trace(const struct ctx *ctx, const struct queue_sending *sending,
                             char parent[TRACE_PARENT_LEN + 1])
{
    if (sending->trace.len || !ctx->span)
        return sending->trace;
    span_traceparent(ctx->span, parent);
    return str_from(parent);
}

static enum err add(struct tx *tx, const struct queue *queue, int64_t now_us,
                    struct queue_sending *sending)
{
    struct ctx *ctx = tx->ctx;
    char hash[SECRET_TEXT], parent[TRACE_PARENT_LEN + 1];
    bool found;
    int64_t delay_s = sending->delay_s == QUEUE_DEFAULT ? queue->is.delay_s : sending->delay_s;
    struct str word = dedup_word(queue, sending, hash);
    struct str trace = find_trace(ctx, sending, parent);
    memset(sending->id, 0, sizeof sending->id);
    TRY(find_before(tx, queue, word, now_us, sending, &found));
    if (found)
        return ERR_OK;
    id_format(id_new(ctx->ids), "msg", sending->id);
    TRY(queue_message_add(tx, str_from(sending->id), sending->body, sending->attributes,
                          sending->group_id, word, sending->sender, trace, now_us));
    TRY(queue_kind_of(queue->is.fifo)
            ->add(tx, queue->number, sending->group_id, now_us + delay_s * SECOND_US));
    return remember(tx, queue, word, now_us, sending);
}

enum err queue_send(struct tx *tx, const struct queue *queue, struct queue_sending *sending)
{
    TRY(check(tx->ctx, queue, sending));
    TRY(add(tx, queue, clock_now_us(tx->ctx->clock), sending));
    tx_note(tx, queue->number);
    return ERR_OK;
}

enum err queue_put(struct tx *tx, const struct queue *queue, struct str body)
{
    struct queue_sending sending = QUEUE_SENDING(body);
    return queue_send(tx, queue, &sending);
}

static enum err check_size(struct ctx *ctx, const struct queue_sending sendings[], size_t count)
{
    size_t size = 0;
    if (!count || count > QUEUE_BATCH_MAX)
        return err_input(&ctx->err, "entries", "must be from 1 to %d", QUEUE_BATCH_MAX);
    for (size_t i = 0; i < count; i++)
        size += sendings[i].body.len + sendings[i].attributes.len;
    if (size > QUEUE_BODY_MAX)
        return err_input(&ctx->err, "entries", "must not be longer than %d in all", QUEUE_BODY_MAX);
    return ERR_OK;
}

/* Messages that are but bodies, of one sender and moment, are one statement for all of them, where
 * the engine is beyond a network. */
struct plain {
    struct queue_sending *list[QUEUE_BATCH_MAX];
    size_t count;
};

static bool is_plain(const struct queue *queue, const struct queue_sending *first,
                     const struct queue_sending *sending)
{
    return !queue->is.fifo && !queue->is.by_body && !sending->attributes.len &&
           !sending->group_id.len && !sending->dedup_id.len && sending->delay_s == first->delay_s &&
           str_equal(sending->sender, first->sender) && str_equal(sending->trace, first->trace);
}

#define TEN(id, body)                                                                              \
    (id)[0], (body)[0], (id)[1], (body)[1], (id)[2], (body)[2], (id)[3], (body)[3], (id)[4],       \
        (body)[4], (id)[5], (body)[5], (id)[6], (body)[6], (id)[7], (body)[7], (id)[8], (body)[8], \
        (id)[9], (body)[9]

static enum err add_plain(struct tx *tx, const struct queue *queue, int64_t now_us,
                          const struct plain *plain)
{
    const struct queue_sending *first = plain->list[0];
    char parent[TRACE_PARENT_LEN + 1];
    struct str id[QUEUE_BATCH_MAX] = {{0}}, body[QUEUE_BATCH_MAX] = {{0}};
    int64_t delay_s = first->delay_s == QUEUE_DEFAULT ? queue->is.delay_s : first->delay_s;
    for (size_t i = 0; i < plain->count; i++) {
        struct queue_sending *sending = plain->list[i];
        id_format(id_new(tx->ctx->ids), "msg", sending->id);
        id[i] = str_from(sending->id);
        body[i] = sending->body;
    }
    return queue_far_add(tx, queue->number, now_us + delay_s * SECOND_US, (int64_t)plain->count,
                         first->sender, find_trace(tx->ctx, first, parent), now_us, TEN(id, body));
}

static enum err add_all(struct tx *tx, const struct queue *queue, int64_t now_us,
                        struct plain *good)
{
    bool plain = good->count > 1 && tx_is_far(tx);
    for (size_t i = 0; i < good->count; i++)
        plain = plain && is_plain(queue, good->list[0], good->list[i]);
    if (plain)
        return add_plain(tx, queue, now_us, good);
    for (size_t i = 0; i < good->count; i++)
        TRY(add(tx, queue, now_us, good->list[i]));
    return ERR_OK;
}

enum err queue_send_batch(struct tx *tx, const struct queue *queue, struct queue_sending sendings[],
                          size_t count)
{
    struct plain good = {.count = 0};
    TRY(check_size(tx->ctx, sendings, count));
    for (size_t i = 0; i < count; i++) {
        err_clear(&sendings[i].err);
        if (check(tx->ctx, queue, &sendings[i]))
            sendings[i].err = tx->ctx->err;
        else
            good.list[good.count++] = &sendings[i];
    }
    err_clear(&tx->ctx->err);
    TRY(add_all(tx, queue, clock_now_us(tx->ctx->clock), &good));
    tx_note(tx, queue->number);
    return ERR_OK;
}
