/* Carries deliveries: what is tried when, and what is written down of it. */
#include "base/log.h"
#include "flow/flow_inside.h"
#include "flow/topic_inside.h"
#include "flow/topic_watch.h"
#include "web/request.h"

enum { STATUS_GONE = 410, BUSY_S = 10, CHANCE_S = 5 };

#define TEST_BODY "{\"test\":true}"

/* What stands before the next try, after so many; the last goes on. */
static const int pauses_s[] = {1, 10, 60, 5 * 60, 30 * 60, 2 * 60 * 60, 6 * 60 * 60};

enum { PAUSES = sizeof pauses_s / sizeof *pauses_s };

static const struct {
    topic_carry_fn *carry;
    int64_t tries_max;
} ways[TOPIC_CHANNELS] = {
    [TOPIC_EMAIL] = {topic_carry_mail, TOPIC_TRIES_MAX},
    [TOPIC_SMS] = {topic_carry_sms, TOPIC_SMS_TRIES_MAX},
    [TOPIC_WEBHOOK] = {topic_carry_webhook, TOPIC_TRIES_MAX},
};

static enum err load(struct tx *tx, void *arg)
{
    struct topic_carrying *carrying = arg;
    return topic_delivery_load(tx, carrying->id, &carrying->is);
}

/* What the other side will never take, or perhaps took and cannot tell twice, ends here. */
static bool is_final(enum topic_channel channel, enum err err, int64_t tries)
{
    return err == ERR_INPUT || err == ERR_FORBIDDEN || (err == ERR_IO && channel == TOPIC_SMS) ||
           tries >= ways[channel].tries_max;
}

static struct str answer_of(const struct ctx *ctx)
{
    const struct err_record *err = &ctx->err;
    struct str words = str_from(err->operator[0] ? err->operator: err->user);
    struct str kept = str_slice(words, 0, TOPIC_ANSWER_MAX);
    size_t bad = str_find_bad_utf8(kept);
    return bad == STR_NONE ? kept : str_slice(kept, 0, bad);
}

/* The second half of a pause is drawn by lot. */
static int64_t choose_pause(struct ctx *ctx, int64_t tries)
{
    int64_t half_us = pauses_s[tries < PAUSES ? tries : PAUSES - 1] * SECOND_US / 2;
    return half_us + (int64_t)rand_below(ctx->rand, (uint64_t)half_us + 1);
}

static enum err judge(struct ctx *ctx, enum topic_channel channel, enum err err,
                      struct topic_carrying *carrying, struct flow_outcome *outcome)
{
    carrying->state = "sent";
    carrying->tried = true;
    outcome->told = carrying;
    if (!err)
        return ERR_OK;
    bool final = is_final(channel, err, carrying->is.tries + 1);
    carrying->state = final ? "failed" : "waiting";
    outcome->again_us = final ? 0 : choose_pause(ctx, carrying->is.tries);
    TRY(str_copy(ctx->arena, answer_of(ctx), &carrying->answer));
    err_clear(&ctx->err);
    return ERR_OK;
}

static enum err carry(struct ctx *ctx, const struct ports *ports, struct topic_carrying *carrying,
                      struct flow_outcome *outcome)
{
    enum topic_channel channel = topic_channel_of(carrying->is.channel);
    int64_t begun_us = clock_tick_us(ctx->clock);
    enum err err = ways[channel].carry(ctx, ports, carrying);
    int64_t took_us = clock_tick_us(ctx->clock) - begun_us;
    if (err == ERR_BUSY && channel == TOPIC_WEBHOOK) { /* nothing was sent */
        err_clear(&ctx->err);
        outcome->again_us = BUSY_S * SECOND_US + (int64_t)rand_below(ctx->rand, SECOND_US);
        return ERR_OK;
    }
    carrying->took_ms = took_us / 1000;
    TRY(judge(ctx, channel, err, carrying, outcome));
    if (ports->flow)
        topic_counters_note(&ports->flow->topics, channel, carrying->state, took_us);
    return ERR_OK;
}

/* Why it is not even tried; empty where it is. */
static struct str find_end(const struct topic_delivery_load_row *is)
{
    if (is->disabled_null)
        return STR("The subscription ended.");
    return is->disabled ? STR("The subscription is turned off.") : STR("");
}

enum err topic_carry(struct ctx *ctx, const struct ports *ports,
                     const struct queue_message *message, struct flow_outcome *outcome)
{
    struct topic_carrying *carrying = ARENA_NEW(ctx->arena, struct topic_carrying);
    if (!carrying)
        return err_memory(&ctx->err);
    carrying->id = message->body;
    enum err err = db_read(ports->db, ctx, load, carrying);
    if (err == ERR_MISSING) { /* it was forgotten meanwhile */
        err_clear(&ctx->err);
        return ERR_OK;
    }
    TRY(err);
    if (!str_equal(carrying->is.state, STR("waiting")))
        return ERR_OK;
    carrying->answer = find_end(&carrying->is);
    if (carrying->answer.len) {
        carrying->state = "failed";
        outcome->told = carrying;
        return ERR_OK;
    }
    int64_t shut_us = carrying->is.shut_us - clock_now_us(ctx->clock);
    if (shut_us > 0) {
        outcome->again_us = shut_us + (int64_t)rand_below(ctx->rand, CHANCE_S * SECOND_US);
        return ERR_OK;
    }
    return carry(ctx, ports, carrying, outcome);
}

static enum err note_health(struct tx *tx, const struct topic_carrying *carrying, int64_t now_us)
{
    bool sent = str_equal(str_from(carrying->state), STR("sent"));
    struct str subscription = carrying->is.subscription;
    if (sent)
        return carrying->is.failures ? topic_listener_well(tx, subscription) : ERR_OK;
    TRY(topic_listener_failed(tx, subscription, now_us, TOPIC_FAILURES_MAX,
                              now_us + TOPIC_SHUT_S * SECOND_US));
    return carrying->status == STATUS_GONE ? topic_listener_disable(tx, subscription, true, NULL)
                                           : ERR_OK;
}

enum err topic_note(struct tx *tx, const struct queue_message *message, void *told)
{
    const struct topic_carrying *carrying = told;
    int64_t now_us = clock_now_us(tx->ctx->clock);
    (void)message;
    if (!carrying)
        return ERR_OK;
    TRY(topic_delivery_tried(tx, carrying->id, str_from(carrying->state), carrying->tried,
                             carrying->status, carrying->took_ms, carrying->answer, now_us));
    bool is_webhook = topic_channel_of(carrying->is.channel) == TOPIC_WEBHOOK;
    return carrying->tried && is_webhook ? note_health(tx, carrying, now_us) : ERR_OK;
}

/* A notice for one subscription alone, whatever its filter says. */
enum err topic_test(struct tx *tx, struct str id)
{
    struct topic_listener_look_row row;
    struct topic_find_row topic;
    char notice[ID_TEXT_MAX], delivery[ID_TEXT_MAX];
    struct queue queue;
    int64_t now_us = clock_now_us(tx->ctx->clock);
    TRY(topic_listener_look(tx, id, &row));
    TRY(topic_find(tx, row.topic, &topic));
    enum topic_channel channel = topic_channel_of(row.channel);
    if (channel == TOPIC_QUEUE) {
        TRY(queue_find(tx, row.target, &queue));
        return queue_put(tx, &queue, STR(TEST_BODY));
    }
    id_format(id_new(tx->ctx->ids), "ntc", notice);
    id_format(id_new(tx->ctx->ids), "dlv", delivery);
    TRY(topic_notice_add(tx, str_from(notice), row.topic, topic.title, STR(""), STR(""),
                         STR(TEST_BODY), row.owner, now_us));
    TRY(topic_delivery_add(tx, str_from(delivery), str_from(notice), id, row.topic, row.channel,
                           row.target, now_us));
    TRY(queue_find(tx, str_from(topic_queue_of(channel)), &queue));
    return queue_put(tx, &queue, str_from(delivery));
}

enum err topic_deliver_again(struct tx *tx, struct str delivery)
{
    struct topic_delivery_find_row row;
    struct topic_notice_find_row notice;
    struct queue queue;
    TRY(topic_delivery_find(tx, delivery, &row));
    if (str_equal(row.state, STR("waiting")))
        return err_fail(&tx->ctx->err, ERR_CONFLICT, "It is on its way.", "it waits");
    TRY(topic_notice_find(tx, row.notice, &notice));
    TRY(queue_find(tx, str_from(topic_queue_of(topic_channel_of(row.channel))), &queue));
    TRY(topic_delivery_again(tx, delivery, clock_now_us(tx->ctx->clock)));
    return queue_put(tx, &queue, delivery);
}

enum err topic_deliver_all_again(struct tx *tx, struct str subscription, int64_t *count)
{
    struct topic_listener_look_row listener;
    struct topic_delivery_failed_rows rows;
    *count = 0;
    TRY(topic_listener_look(tx, subscription, &listener));
    TRY(topic_delivery_failed(tx, listener.topic, subscription, TOPIC_ROUND_MAX, &rows));
    for (size_t i = 0; i < rows.count; i++)
        TRY(topic_deliver_again(tx, rows.rows[i].id));
    *count = (int64_t)rows.count;
    return ERR_OK;
}
