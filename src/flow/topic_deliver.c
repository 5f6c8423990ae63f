/* Carries one delivery: a mail, a short message or a call of a webhook. */
#include <inttypes.h>
#include <sodium.h>

#include "base/json.h"
#include "flow/topic_inside.h"
#include "flow/topic_msg.h"
#include "ports/http/client.h"
#include "ports/mail/mail.h"
#include "ports/sms/sms.h"
#include "web/request.h"

enum { WEBHOOK_TIMEOUT_MS = 10000, LINK_MAX = 512, STATUS_GONE = 410 };

/* What is carried, and what came of it. */
struct carrying {
    struct str id; /* "dlv_…" */
    struct topic_delivery_find_row delivery;
    struct topic_notice_find_row notice;
    const char *state;
    int64_t status;
    struct str answer;
};

static enum err load(struct tx *tx, void *arg)
{
    struct carrying *carrying = arg;
    TRY(topic_delivery_find(tx, carrying->id, &carrying->delivery));
    return topic_notice_find(tx, carrying->delivery.notice, &carrying->notice);
}

static enum err note(struct tx *tx, void *arg)
{
    const struct carrying *carrying = arg;
    return topic_delivery_tried(tx, carrying->id, str_from(carrying->state), carrying->status,
                                carrying->answer, clock_now_us(tx->ctx->clock));
}

static enum err unsubscribe_link(struct ctx *ctx, const struct ports *ports,
                                 const struct carrying *carrying, struct str *link)
{
    struct buf out;
    buf_init(&out, ctx->arena, LINK_MAX);
    buf_addf(&out, STR_FMT "/unsubscribe/" STR_FMT, STR_ARG(ports->site_url),
             STR_ARG(carrying->delivery.subscription));
    *link = buf_str(&out);
    return buf_err(&out) ? err_memory(&ctx->err) : ERR_OK;
}

static enum err carry_mail(struct ctx *ctx, const struct ports *ports, struct carrying *carrying)
{
    const struct topic_notice_find_row *notice = &carrying->notice;
    struct str link;
    struct buf text;
    TRY(unsubscribe_link(ctx, ports, carrying, &link));
    buf_init(&text, ctx->arena, TOPIC_PAYLOAD_MAX);
    buf_addf(&text, STR_FMT "\n\n-- \n", STR_ARG(notice->words));
    text_topic_unsubscribe(&text, ctx->language ? ctx->language : &languages[0], link);
    if (buf_err(&text))
        return err_memory(&ctx->err);
    struct mail mail = {.to = {.address = carrying->delivery.target},
                        .subject = notice->subject,
                        .text = buf_str(&text),
                        .html = notice->html,
                        .list_unsubscribe = str_starts(link, STR("https://")) ? link : STR("")};
    TRY(id_parse(carrying->id, "dlv", &mail.id));
    return mail_send(ports->mail, ctx, &mail);
}

static enum err carry_sms(struct ctx *ctx, const struct ports *ports, struct carrying *carrying)
{
    struct sms sms = {.to = carrying->delivery.target, .text = carrying->notice.words};
    TRY(id_parse(carrying->id, "dlv", &sms.id));
    return sms_send(ports->sms, ctx, &sms);
}

/* What is signed is what is sent: the bytes are made once. */
static enum err sign(struct ctx *ctx, const struct ports *ports, const struct carrying *carrying,
                     int64_t now_s, struct str payload, struct buf *signature)
{
    unsigned char key[TOPIC_KEY_SIZE];
    TRY(topic_key(ports->secrets, ctx, carrying->delivery.subscription, key));
    topic_sign(signature, key, carrying->id, now_s, payload);
    sodium_memzero(key, sizeof key);
    return buf_err(signature) ? err_memory(&ctx->err) : ERR_OK;
}

static enum err call_webhook(struct ctx *ctx, const struct ports *ports, struct carrying *carrying,
                             struct str payload, struct http_client_answer *answer)
{
    struct buf signature, time;
    int64_t now_s = clock_now_us(ctx->clock) / SECOND_US;
    buf_init(&signature, ctx->arena, LINK_MAX);
    buf_init(&time, ctx->arena, LINK_MAX);
    buf_addf(&time, "%" PRId64, now_s);
    TRY(sign(ctx, ports, carrying, now_s, payload, &signature));
    const struct http_client_header headers[] = {{STR("Content-Type"), STR("application/json")},
                                                 {STR("webhook-id"), carrying->id},
                                                 {STR("webhook-timestamp"), buf_str(&time)},
                                                 {STR("webhook-signature"), buf_str(&signature)}};
    const struct http_client_call call = {.method = "POST",
                                          .url = carrying->delivery.target,
                                          .headers = headers,
                                          .header_count = sizeof headers / sizeof *headers,
                                          .body = payload,
                                          .timeout_ms = WEBHOOK_TIMEOUT_MS,
                                          .once = true};
    return http_client_send(ports->http, ctx, &call, answer);
}

static enum err carry_webhook(struct ctx *ctx, const struct ports *ports, struct carrying *carrying)
{
    struct http_client_answer answer = {0};
    struct json *body;
    struct buf payload;
    TRY(json_read(ctx, carrying->notice.body, &body));
    buf_init(&payload, ctx->arena, TOPIC_PAYLOAD_MAX);
    topic_add_payload(&payload, carrying->id, &carrying->notice, body);
    if (buf_err(&payload))
        return err_memory(&ctx->err);
    TRY(call_webhook(ctx, ports, carrying, buf_str(&payload), &answer));
    carrying->status = answer.status;
    if (answer.status >= 200 && answer.status < 300)
        return ERR_OK;
    return err_fail(&ctx->err, answer.status == STATUS_GONE ? ERR_INPUT : ERR_PEER,
                    "The webhook did not take it.", "it answered %d: " STR_FMT, answer.status,
                    STR_ARG(str_slice(answer.body, 0, TOPIC_ANSWER_MAX)));
}

typedef enum err carry_fn(struct ctx *ctx, const struct ports *ports, struct carrying *carrying);

/* What the other side will never take, or perhaps took and cannot tell twice, ends here. */
static bool is_final(enum topic_channel channel, enum err err, const struct queue_message *message)
{
    return err == ERR_INPUT || err == ERR_FORBIDDEN || (err == ERR_IO && channel == TOPIC_SMS) ||
           message->receives >= TOPIC_TRIES_MAX;
}

static struct str answer_of(const struct ctx *ctx)
{
    const struct err_record *err = &ctx->err;
    struct str words = str_from(err->operator[0] ? err->operator: err->user);
    struct str kept = str_slice(words, 0, TOPIC_ANSWER_MAX);
    return str_is_utf8(kept) ? kept : STR("?");
}

enum err topic_deliver(struct ctx *ctx, const struct ports *ports,
                       const struct queue_message *message)
{
    static carry_fn *const carriers[TOPIC_CHANNELS] = {carry_mail, carry_sms, carry_webhook};
    struct carrying carrying = {.id = message->body, .state = "sent", .answer = STR("")};
    TRY(db_read(ports->db, ctx, load, &carrying));
    enum topic_channel channel = topic_channel_of(carrying.delivery.channel);
    if (str_equal(carrying.delivery.state, STR("sent")))
        return ERR_OK;
    enum err err = carriers[channel](ctx, ports, &carrying);
    bool final = err && is_final(channel, err, message);
    struct err_record failure = ctx->err;
    if (err) {
        carrying.state = final ? "failed" : "waiting";
        TRY(str_copy(ctx->arena, answer_of(ctx), &carrying.answer));
        err_clear(&ctx->err);
    }
    TRY(db_write(ports->db, ctx, note, &carrying));
    if (!err || final)
        return ERR_OK;
    ctx->err = failure;
    return err;
}

enum err topic_deliver_again(struct tx *tx, struct str delivery)
{
    struct topic_delivery_find_row row;
    struct queue queue;
    TRY(topic_delivery_find(tx, delivery, &row));
    TRY(queue_find(tx, str_from(topic_queue_of(topic_channel_of(row.channel))), &queue));
    TRY(topic_delivery_again(tx, delivery, clock_now_us(tx->ctx->clock)));
    return queue_put(tx, &queue, delivery);
}
