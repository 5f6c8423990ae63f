/* Tells, and gives what was told to each who asked to hear of it: a round of them a transaction. */
#include "base/json.h"
#include "base/log.h"
#include "flow/pattern.h"
#include "flow/topic_inside.h"

static enum err check_notice(struct ctx *ctx, const struct topic_notice *notice, struct json **body)
{
    const struct {
        const char *field;
        struct str text;
        size_t max;
    } rows[] = {{"subject", notice->subject, TOPIC_SUBJECT_MAX},
                {"words", notice->words, TOPIC_WORDS_MAX},
                {"html", notice->html, TOPIC_BODY_MAX},
                {"body", notice->body, TOPIC_BODY_MAX},
                {"owner", notice->owner, TOPIC_OWNER_MAX}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].text.len > rows[i].max || !str_is_utf8(rows[i].text))
            return err_input(&ctx->err, rows[i].field, "must be UTF-8 of at most %zu bytes",
                             rows[i].max);
    TRY(json_read(ctx, notice->body, body));
    return (*body)->kind == JSON_OBJECT ? ERR_OK
                                        : err_input(&ctx->err, "body", "must be a JSON object");
}

/* The first subscribers have it at once: mostly there are no others. */
enum err topic_tell(struct tx *tx, const struct topic_notice *notice)
{
    struct topic_find_row topic;
    struct json *body = NULL;
    char id[ID_TEXT_MAX];
    int64_t now_us = clock_now_us(tx->ctx->clock);
    TRY(check_notice(tx->ctx, notice, &body));
    TRY(topic_find(tx, notice->topic, &topic));
    id_format(id_new(tx->ctx->ids), "ntc", id);
    struct str subject = notice->subject.len ? notice->subject : topic.title;
    TRY(topic_notice_add(tx, str_from(id), notice->topic, subject, notice->words, notice->html,
                         notice->body, notice->owner, now_us));
    const struct topic_round round = {.payload = {.id = str_from(id),
                                                  .topic = notice->topic,
                                                  .subject = subject,
                                                  .made_us = now_us,
                                                  .body = body},
                                      .owner = notice->owner,
                                      .from = {STR(""), STR(""), STR("")}};
    return topic_give_round(tx, &round, TOPIC_TELL_MAX);
}

static enum err go_on(struct tx *tx, const struct topic_round *round,
                      const struct topic_listener_next_row *last)
{
    struct queue queue;
    struct buf body;
    buf_init(&body, tx->ctx->arena, TOPIC_TARGET_MAX + 1024);
    buf_addf(&body, STR_FMT "\n" STR_FMT "\n" STR_FMT "\n" STR_FMT, STR_ARG(round->payload.id),
             STR_ARG(last->channel), STR_ARG(last->target), STR_ARG(last->owner));
    if (buf_err(&body))
        return err_memory(&tx->ctx->err);
    TRY(queue_find(tx, STR(TOPIC_QUEUE_TOLD), &queue));
    return queue_put(tx, &queue, buf_str(&body));
}

void topic_add_payload(struct buf *out, const struct topic_payload *payload)
{
    struct json_writer json;
    char made[CLOCK_TEXT_MAX];
    clock_format(payload->made_us, made);
    json_writer_init(&json, out);
    json_begin_object(&json);
    json_key(&json, STR("id"));
    json_add_str(&json, payload->id);
    json_key(&json, STR("type"));
    json_add_str(&json, payload->topic);
    json_key(&json, STR("timestamp"));
    json_add_str(&json, str_from(made));
    json_key(&json, STR("subject"));
    json_add_str(&json, payload->subject);
    json_key(&json, STR("data"));
    json_add_tree(&json, payload->body);
    json_end_object(&json);
}

static enum err give_to_queue(struct tx *tx, const struct topic_round *round,
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
    topic_add_payload(&payload, &round->payload);
    return buf_err(&payload) ? err_memory(&tx->ctx->err) : queue_put(tx, &queue, buf_str(&payload));
}

static enum err give_to_carrier(struct tx *tx, const struct topic_round *round,
                                const struct topic_listener_next_row *listener)
{
    struct queue queue;
    char id[ID_TEXT_MAX];
    id_format(id_new(tx->ctx->ids), "dlv", id);
    TRY(topic_delivery_add(tx, str_from(id), round->payload.id, listener->id, round->payload.topic,
                           listener->channel, listener->target, clock_now_us(tx->ctx->clock)));
    TRY(queue_find(tx, str_from(topic_queue_of(topic_channel_of(listener->channel))), &queue));
    return queue_put(tx, &queue, str_from(id));
}

static enum err give(struct tx *tx, const struct topic_round *round,
                     const struct topic_listener_next_row *listener)
{
    struct pattern *pattern;
    if (listener->filter.len) {
        TRY(pattern_parse(tx->ctx, listener->filter, &pattern));
        if (!pattern_matches(pattern, round->payload.body))
            return ERR_OK;
    }
    return topic_channel_of(listener->channel) == TOPIC_QUEUE
               ? give_to_queue(tx, round, listener)
               : give_to_carrier(tx, round, listener);
}

enum err topic_give_round(struct tx *tx, const struct topic_round *round, int64_t limit)
{
    struct topic_listener_next_rows rows;
    TRY(topic_listener_next(tx, round->payload.topic, round->owner.len ? &round->owner : NULL,
                            round->from.channel, round->from.target, round->from.owner, limit,
                            &rows));
    for (size_t i = 0; i < rows.count; i++)
        TRY(give(tx, round, &rows.rows[i]));
    return rows.count < (size_t)limit ? ERR_OK : go_on(tx, round, &rows.rows[rows.count - 1]);
}

enum err topic_fan_out(struct tx *tx, const struct ports *ports,
                       const struct queue_message *message)
{
    struct topic_round round = {.owner = STR("")};
    struct topic_notice_find_row notice;
    struct json *body = NULL;
    struct str rest = message->body;
    (void)ports;
    str_cut(&rest, '\n', &round.payload.id);
    str_cut(&rest, '\n', &round.from.channel);
    str_cut(&rest, '\n', &round.from.target);
    round.from.owner = rest;
    TRY(topic_notice_find(tx, round.payload.id, &notice));
    TRY(json_read(tx->ctx, notice.body, &body));
    round.payload.topic = notice.topic;
    round.payload.subject = notice.subject;
    round.payload.made_us = notice.made_us;
    round.payload.body = body;
    round.owner = notice.owner;
    return topic_give_round(tx, &round, TOPIC_ROUND_MAX);
}
