/* Stripe: its own page takes the card, its payment intents tell what came of it. */
#include "shop/payment_stripe.h"

#include "ports/http/client.h"
#include "ports/secrets/secrets.h"
#include "shop/payment_inside.h"
#include "shop/shop.h"
#include "web/request.h"
#include "web/url.h"

enum {
    BODY_MAX = 8 << 10,
    BEARER_MAX = 512,
    TIMEOUT_MS = 8000,
    OPEN_S = 3600, /* that its page can be used: Stripe wants 30 minutes at least */
};

#define API_VERSION "2024-06-20"

/* Where Stripe counts otherwise than ISO 4217: better refused than paid a hundredfold. */
static const char *const odd_currencies[] = {"ISK", "MGA", "UGX", NULL};

static bool is_odd(const struct currency *currency)
{
    for (const char *const *code = odd_currencies; *code; code++)
        if (str_equal(str_from(*code), str_from(currency->code)))
            return true;
    return false;
}

static void add_field(struct buf *body, const char *name, struct str value)
{
    if (body->len)
        buf_addc(body, '&');
    url_add_part(body, str_from(name));
    buf_addc(body, '=');
    url_add_part(body, value);
}

static void add_number(struct buf *body, const char *name, int64_t number)
{
    char bytes[32];
    struct buf digits;
    buf_init_fixed(&digits, bytes, sizeof bytes);
    buf_add_int(&digits, number);
    add_field(body, name, buf_str(&digits));
}

/* Stripe's words of what it refuses; what we are to mend is for the log. */
static enum err read_failure(struct ctx *ctx, int status, const struct json *root)
{
    struct str words = STR("");
    const struct json *error = json_get(root, "error");
    if (json_str(json_get(error, "message"), &words))
        words = STR("no words");
    bool refused = status == 400 || status == 402 || status == 404;
    if (refused)
        return err_input(&ctx->err, "payment", STR_FMT, STR_ARG(words));
    return err_fail(&ctx->err, ERR_PEER, "The payment provider does not answer just now.",
                    "Stripe answered %d: " STR_FMT, status, STR_ARG(words));
}

static enum err read_answer(struct ctx *ctx, const struct http_client_answer *answer,
                            struct json **root)
{
    if (json_read(ctx, answer->body, root))
        return err_fail(&ctx->err, ERR_PEER, "The payment provider does not answer just now.",
                        "Stripe answered %d without JSON", answer->status);
    return answer->status / 100 == 2 ? ERR_OK : read_failure(ctx, answer->status, *root);
}

struct stripe_call {
    const char *method;
    struct str path, body;
    struct str key; /* of idempotency; empty for what only looks */
};

static enum err send(struct ctx *ctx, const struct shop *shop, const struct stripe_call *asked,
                     struct json **root)
{
    struct http_client_answer answer = {0};
    struct str secret = {0};
    struct buf url, bearer;
    TRY(secrets_get(shop->ports->secrets, ctx, "stripe_key", &secret));
    buf_init(&url, ctx->arena, HTTP_CLIENT_URL_MAX);
    buf_init(&bearer, ctx->arena, BEARER_MAX);
    buf_addf(&url, STR_FMT STR_FMT, STR_ARG(shop->stripe_url), STR_ARG(asked->path));
    buf_addf(&bearer, "Bearer " STR_FMT, STR_ARG(secret));
    TRY(buf_err(&url));
    TRY(buf_err(&bearer));
    const struct http_client_header headers[] = {
        {STR("Authorization"), buf_str(&bearer)},
        {STR("Stripe-Version"), STR(API_VERSION)},
        {STR("Content-Type"), STR("application/x-www-form-urlencoded")},
        {STR("Idempotency-Key"), asked->key}};
    const struct http_client_call call = {.method = asked->method,
                                          .url = buf_str(&url),
                                          .headers = headers,
                                          .header_count = asked->key.len ? 4 : 3,
                                          .body = asked->body,
                                          .timeout_ms = TIMEOUT_MS,
                                          .idempotent = true};
    TRY(http_client_send(shop->ports->http, ctx, &call, &answer));
    return read_answer(ctx, &answer, root);
}

/* "/v1/payment_intents/", an id, "/capture". */
static enum err write_path(struct ctx *ctx, const char *before, struct str id, const char *behind,
                           struct str *path)
{
    struct buf out;
    buf_init(&out, ctx->arena, HTTP_CLIENT_URL_MAX);
    buf_add(&out, str_from(before));
    url_add_part(&out, id);
    buf_add(&out, str_from(behind));
    *path = buf_str(&out);
    return buf_err(&out) ? err_memory(&ctx->err) : ERR_OK;
}

/* Keys of idempotency: what is done with a payment is done once each. */
static enum err write_key(struct ctx *ctx, struct str id, const char *what, struct str *key)
{
    return write_path(ctx, "", id, what, key);
}

/* All of it depends on the payment alone, so that asking again is asking the same. */
static void write_session(struct buf *body, const struct payment *payment)
{
    char currency[sizeof payment->currency->code];
    for (size_t i = 0; i < sizeof currency; i++) {
        char c = payment->currency->code[i];
        currency[i] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    add_field(body, "mode", STR("payment"));
    add_field(body, "client_reference_id", payment->id);
    add_field(body, "customer_email", payment->email);
    add_field(body, "success_url", payment->return_to);
    add_field(body, "cancel_url", payment->return_to);
    add_number(body, "expires_at", payment->made_us / SECOND_US + OPEN_S);
    add_field(body, "metadata[payment]", payment->id);
    add_field(body, "payment_intent_data[metadata][payment]", payment->id);
    add_field(body, "payment_intent_data[description]", payment->code);
    if (payment->holds)
        add_field(body, "payment_intent_data[capture_method]", STR("manual"));
    add_number(body, "line_items[0][quantity]", 1);
    add_field(body, "line_items[0][price_data][currency]", str_from(currency));
    add_number(body, "line_items[0][price_data][unit_amount]", payment->amount_minor);
    add_field(body, "line_items[0][price_data][product_data][name]", payment->code);
}

static enum err refuse(struct payment_told *told, struct str why)
{
    told->state = PAYMENT_DECLINED;
    told->why = why;
    return ERR_OK;
}

static enum err begin(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                      struct payment_told *told)
{
    struct json *root;
    struct buf body;
    struct str why;
    if (is_odd(payment->currency))
        return refuse(told, STR("This currency is not taken here."));
    buf_init(&body, ctx->arena, BODY_MAX);
    write_session(&body, payment);
    TRY(buf_err(&body));
    struct stripe_call call = {
        .method = "POST", .path = STR("/v1/checkout/sessions"), .body = buf_str(&body)};
    TRY(write_key(ctx, payment->id, payment->holds ? "-held" : "", &call.key));
    enum err err = send(ctx, shop, &call, &root);
    if (err == ERR_INPUT) {
        TRY(str_copy(ctx->arena, str_from(ctx->err.user), &why));
        err_clear(&ctx->err);
        return refuse(told, why);
    }
    TRY(err);
    return payment_stripe_read(ctx, root, told);
}

static bool is_intent(struct str reference)
{
    return str_starts(reference, STR("pi_"));
}

static enum err look_at(struct ctx *ctx, const struct shop *shop, struct str reference,
                        struct payment_told *told)
{
    struct json *root;
    struct stripe_call call = {.method = "GET"};
    const char *kind = is_intent(reference) ? "/v1/payment_intents/" : "/v1/checkout/sessions/";
    TRY(write_path(ctx, kind, reference, "", &call.path));
    TRY(send(ctx, shop, &call, &root));
    return payment_stripe_read(ctx, root, told);
}

/* What Stripe was asked and did not answer is asked again: it gives the same session. */
static enum err look(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                     struct payment_told *told)
{
    if (str_equal(payment->reference, payment->id))
        return begin(ctx, shop, payment, told);
    return look_at(ctx, shop, payment->reference, told);
}

static enum err capture(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                        struct payment_told *told)
{
    struct json *root;
    struct stripe_call call = {.method = "POST"};
    if (!is_intent(payment->reference))
        return look(ctx, shop, payment, told);
    TRY(write_path(ctx, "/v1/payment_intents/", payment->reference, "/capture", &call.path));
    TRY(write_key(ctx, payment->id, "-capture", &call.key));
    enum err err = send(ctx, shop, &call, &root);
    if (err == ERR_INPUT) { /* it is captured, or ended: that is seen */
        err_clear(&ctx->err);
        return look(ctx, shop, payment, told);
    }
    TRY(err);
    return payment_stripe_read(ctx, root, told);
}

/* What cannot be ended any more is as it is. */
static enum err cancel(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                       struct payment_told *told)
{
    struct json *root;
    struct stripe_call call = {.method = "POST"};
    TRY(look(ctx, shop, payment, told));
    struct str reference = told->reference.len ? told->reference : payment->reference;
    if (payment_is_over(told->state))
        return ERR_OK;
    bool intent = is_intent(reference);
    TRY(write_path(ctx, intent ? "/v1/payment_intents/" : "/v1/checkout/sessions/", reference,
                   intent ? "/cancel" : "/expire", &call.path));
    TRY(write_key(ctx, payment->id, intent ? "-cancel" : "-expire", &call.key));
    enum err err = send(ctx, shop, &call, &root);
    if (err == ERR_INPUT) {
        err_clear(&ctx->err);
        return look_at(ctx, shop, reference, told);
    }
    TRY(err);
    return payment_stripe_read(ctx, root, told);
}

static enum err refund(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                       int64_t minor, struct str key, struct payment_told *told)
{
    struct json *root;
    struct buf body;
    struct str status = {0};
    if (!is_intent(payment->reference))
        return err_input(&ctx->err, "payment", "Nothing of this payment was captured.");
    buf_init(&body, ctx->arena, BODY_MAX);
    add_field(&body, "payment_intent", payment->reference);
    add_number(&body, "amount", minor);
    add_field(&body, "metadata[refund]", key);
    TRY(buf_err(&body));
    const struct stripe_call call = {
        .method = "POST", .path = STR("/v1/refunds"), .body = buf_str(&body), .key = key};
    TRY(send(ctx, shop, &call, &root));
    told->state = payment->state;
    if (json_str(json_get(root, "status"), &status) == ERR_OK && str_equal(status, STR("failed")))
        return err_input(&ctx->err, "payment", "The bank refused the refund.");
    return ERR_OK;
}

static enum err hear(struct request *request, const struct shop *shop, struct payment_told *told)
{
    struct ctx *ctx = request->ctx;
    struct str secret = {0};
    struct json *root;
    TRY(secrets_get(shop->ports->secrets, ctx, "stripe_signing", &secret));
    TRY(payment_check_signature(ctx, request_header(request, STR("Stripe-Signature")), secret,
                                request->body));
    TRY(json_read(ctx, request->body, &root));
    return payment_stripe_read_event(ctx, root, told);
}

const struct payment_driver payment_stripe = {.name = "stripe",
                                              .begin = begin,
                                              .look = look,
                                              .capture = capture,
                                              .cancel = cancel,
                                              .refund = refund,
                                              .hear = hear};
