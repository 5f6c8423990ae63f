/* Calls a webhook with what it is told, signed. */
#include <inttypes.h>
#include <sodium.h>

#include "base/json.h"
#include "flow/topic_inside.h"
#include "ports/http/client.h"
#include "web/request.h"

enum { TIMEOUT_MS = 10000, SLOW_MAX = 4, SIGNATURE_MAX = 256, TIME_MAX = 32, STATUS_GONE = 410 };

static enum err add_signature(struct ctx *ctx, const struct ports *ports,
                              const struct topic_carrying *carrying, int64_t turns, int64_t now_s,
                              struct str payload, struct buf *out)
{
    unsigned char key[TOPIC_KEY_SIZE];
    TRY(topic_key(ports->secrets, ctx, carrying->is.subscription, turns, key));
    topic_sign(out, key, carrying->id, now_s, payload);
    sodium_memzero(key, sizeof key);
    return ERR_OK;
}

/* For a while after a turn the key before it signs, too: receivers take either. */
static enum err sign(struct ctx *ctx, const struct ports *ports,
                     const struct topic_carrying *carrying, int64_t now_s, struct str payload,
                     struct buf *out)
{
    int64_t turns = carrying->is.turns;
    TRY(add_signature(ctx, ports, carrying, turns, now_s, payload, out));
    if (turns && now_s - carrying->is.turned_us / SECOND_US < TOPIC_TURN_S) {
        buf_addc(out, ' ');
        TRY(add_signature(ctx, ports, carrying, turns - 1, now_s, payload, out));
    }
    return buf_err(out) ? err_memory(&ctx->err) : ERR_OK;
}

/* What is signed is what is sent: the bytes are made once. A receiver knows a delivery that comes
 * twice by its id, so a kept connection may carry it. */
static enum err call(struct ctx *ctx, const struct ports *ports,
                     const struct topic_carrying *carrying, struct str payload,
                     struct http_client_answer *answer)
{
    struct buf signature, time;
    int64_t now_s = clock_now_us(ctx->clock) / SECOND_US;
    buf_init(&signature, ctx->arena, SIGNATURE_MAX);
    buf_init(&time, ctx->arena, TIME_MAX);
    buf_addf(&time, "%" PRId64, now_s);
    TRY(sign(ctx, ports, carrying, now_s, payload, &signature));
    const struct http_client_header headers[] = {{STR("Content-Type"), STR("application/json")},
                                                 {STR("webhook-id"), carrying->id},
                                                 {STR("webhook-timestamp"), buf_str(&time)},
                                                 {STR("webhook-signature"), buf_str(&signature)}};
    const struct http_client_call call = {.method = "POST",
                                          .url = carrying->is.target,
                                          .headers = headers,
                                          .header_count = sizeof headers / sizeof *headers,
                                          .body = payload,
                                          .timeout_ms = TIMEOUT_MS,
                                          .idempotent = true,
                                          .once = true,
                                          .slow_max = SLOW_MAX};
    return http_client_send(ports->http, ctx, &call, answer);
}

enum err topic_carry_webhook(struct ctx *ctx, const struct ports *ports,
                             struct topic_carrying *carrying)
{
    struct http_client_answer answer = {0};
    struct json *body;
    struct buf payload;
    TRY(json_read(ctx, carrying->is.body, &body));
    buf_init(&payload, ctx->arena, TOPIC_PAYLOAD_MAX);
    topic_add_payload(&payload, &(struct topic_payload){.id = carrying->id,
                                                        .topic = carrying->is.topic,
                                                        .subject = carrying->is.subject,
                                                        .made_us = carrying->is.made_us,
                                                        .body = body});
    if (buf_err(&payload))
        return err_memory(&ctx->err);
    TRY(call(ctx, ports, carrying, buf_str(&payload), &answer));
    carrying->status = answer.status;
    struct str said = str_slice(answer.body, 0, TOPIC_ANSWER_MAX);
    if (answer.status >= 200 && answer.status < 300) {
        carrying->answer = str_is_utf8(said) ? said : STR("");
        return ERR_OK;
    }
    return err_fail(&ctx->err, answer.status == STATUS_GONE ? ERR_INPUT : ERR_PEER,
                    "The webhook did not take it.", "it answered %d: " STR_FMT, answer.status,
                    STR_ARG(said));
}
