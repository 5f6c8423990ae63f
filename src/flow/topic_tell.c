/* Gives what was told to each who asked to hear of it: a round of subscribers a transaction. */
#include "base/json.h"
#include "base/log.h"
#include "flow/pattern.h"
#include "flow/topic_inside.h"

/* A place in the order of a topic's subscribers. */
struct place {
    struct str channel, target, owner;
};

struct round {
    struct str notice_id;
    struct topic_notice_find_row notice;
    struct json *body;
    struct place from;
};

/* "ntc_…", or that and the last one of the round before, a line each. */
static void read_message(struct str body, struct round *round)
{
    str_cut(&body, '\n', &round->notice_id);
    str_cut(&body, '\n', &round->from.channel);
    str_cut(&body, '\n', &round->from.target);
    round->from.owner = body;
}

static enum err go_on(struct tx *tx, const struct round *round,
                      const struct topic_listener_next_row *last)
{
    struct queue queue;
    struct buf body;
    buf_init(&body, tx->ctx->arena, TOPIC_TARGET_MAX + 1024);
    buf_addf(&body, STR_FMT "\n" STR_FMT "\n" STR_FMT "\n" STR_FMT, STR_ARG(round->notice_id),
             STR_ARG(last->channel), STR_ARG(last->target), STR_ARG(last->owner));
    if (buf_err(&body))
        return err_memory(&tx->ctx->err);
    TRY(queue_find(tx, STR(TOPIC_QUEUE_TOLD), &queue));
    return queue_put(tx, &queue, buf_str(&body));
}

void topic_add_payload(struct buf *out, struct str id, const struct topic_notice_find_row *notice,
                       const struct json *body)
{
    struct json_writer json;
    char made[CLOCK_TEXT_MAX];
    clock_format(notice->made_us, made);
    json_writer_init(&json, out);
    json_begin_object(&json);
    json_key(&json, STR("id"));
    json_add_str(&json, id);
    json_key(&json, STR("type"));
    json_add_str(&json, notice->topic);
    json_key(&json, STR("timestamp"));
    json_add_str(&json, str_from(made));
    json_key(&json, STR("subject"));
    json_add_str(&json, notice->subject);
    json_key(&json, STR("data"));
    json_add_tree(&json, body);
    json_end_object(&json);
}

static enum err give_to_queue(struct tx *tx, const struct round *round,
                              const struct topic_listener_next_row *listener)
{
    struct queue queue;
    struct buf payload;
    enum err err = queue_find(tx, listener->target, &queue);
    if (err == ERR_MISSING) {
        err_clear(&tx->ctx->err);
        log_warn(tx->ctx, "a topic's queue is gone", field_str("queue", listener->target));
        return ERR_OK;
    }
    TRY(err);
    buf_init(&payload, tx->ctx->arena, TOPIC_PAYLOAD_MAX);
    topic_add_payload(&payload, round->notice_id, &round->notice, round->body);
    return buf_err(&payload) ? err_memory(&tx->ctx->err) : queue_put(tx, &queue, buf_str(&payload));
}

static enum err give_to_carrier(struct tx *tx, const struct round *round,
                                const struct topic_listener_next_row *listener)
{
    struct queue queue;
    char id[ID_TEXT_MAX];
    id_format(id_new(tx->ctx->ids), "dlv", id);
    TRY(topic_delivery_add(tx, str_from(id), round->notice_id, listener->id, round->notice.topic,
                           listener->channel, listener->target, clock_now_us(tx->ctx->clock)));
    TRY(queue_find(tx, str_from(topic_queue_of(topic_channel_of(listener->channel))), &queue));
    return queue_put(tx, &queue, str_from(id));
}

static enum err give(struct tx *tx, const struct round *round,
                     const struct topic_listener_next_row *listener)
{
    struct pattern *pattern;
    if (listener->filter.len) {
        TRY(pattern_parse(tx->ctx, listener->filter, &pattern));
        if (!pattern_matches(pattern, round->body))
            return ERR_OK;
    }
    return topic_channel_of(listener->channel) == TOPIC_QUEUE
               ? give_to_queue(tx, round, listener)
               : give_to_carrier(tx, round, listener);
}

enum err topic_fan_out(struct tx *tx, const struct ports *ports,
                       const struct queue_message *message)
{
    struct round round = {0};
    struct topic_listener_next_rows rows;
    (void)ports;
    read_message(message->body, &round);
    TRY(topic_notice_find(tx, round.notice_id, &round.notice));
    TRY(json_read(tx->ctx, round.notice.body, &round.body));
    struct str owner = round.notice.owner;
    TRY(topic_listener_next(tx, round.notice.topic, owner.len ? &owner : NULL, round.from.channel,
                            round.from.target, round.from.owner, TOPIC_ROUND_MAX, &rows));
    for (size_t i = 0; i < rows.count; i++)
        TRY(give(tx, &round, &rows.rows[i]));
    return rows.count < TOPIC_ROUND_MAX ? ERR_OK : go_on(tx, &round, &rows.rows[rows.count - 1]);
}
