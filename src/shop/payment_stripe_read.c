/* Reads what Stripe's objects say of a payment. */
#include "shop/payment_stripe.h"

static struct str text_of(const struct json *object, const char *name)
{
    struct str text = STR("");
    return json_str(json_get(object, name), &text) ? STR("") : text;
}

static int64_t amount_of(const struct json *object, const char *name)
{
    int64_t minor = 0;
    return json_int(json_get(object, name), &minor) || minor < 0 ? 0 : minor;
}

/* What it is in Stripe's words, and in ours. */
struct meaning {
    const char *status;
    enum payment_state state;
};

static const struct meaning intents[] = {
    {"requires_payment_method", PAYMENT_CHALLENGE},
    {"requires_confirmation", PAYMENT_CHALLENGE},
    {"requires_action", PAYMENT_CHALLENGE},
    {"processing", PAYMENT_PENDING},
    {"requires_capture", PAYMENT_AUTHORISED},
    {"succeeded", PAYMENT_CAPTURED},
    {"canceled", PAYMENT_VOID},
    {NULL, PAYMENT_BEGUN},
};

static enum payment_state mean(const struct meaning meanings[], struct str status)
{
    while (meanings->status && !str_equal(status, str_from(meanings->status)))
        meanings++;
    return meanings->state;
}

static void read_intent(const struct json *object, struct payment_told *told)
{
    told->reference = text_of(object, "id");
    told->payment = text_of(json_get(object, "metadata"), "payment");
    told->state = mean(intents, text_of(object, "status"));
    told->captured_minor = amount_of(object, "amount_received");
    if (told->state == PAYMENT_CAPTURED && !json_get(object, "amount_received"))
        told->captured_minor = amount_of(object, "amount");
    told->why = text_of(json_get(object, "last_payment_error"), "message");
}

/* Its payment intent, as an id or whole. */
static struct str intent_of(const struct json *object)
{
    const struct json *intent = json_get(object, "payment_intent");
    struct str id = text_of(object, "payment_intent");
    return id.len ? id : text_of(intent, "id");
}

static void read_session(const struct json *object, struct payment_told *told)
{
    struct str status = text_of(object, "status"), intent = intent_of(object);
    bool paid = str_equal(text_of(object, "payment_status"), STR("paid"));
    bool complete = str_equal(status, STR("complete"));
    told->payment = text_of(object, "client_reference_id");
    told->place = text_of(object, "url");
    told->reference = (paid || complete) && intent.len ? intent : text_of(object, "id");
    told->captured_minor = paid ? amount_of(object, "amount_total") : 0;
    told->state = paid                                ? PAYMENT_CAPTURED
                  : complete                          ? PAYMENT_PENDING
                  : str_equal(status, STR("expired")) ? PAYMENT_VOID
                                                      : PAYMENT_CHALLENGE;
}

/* What went back, by whoever's hand; nothing else is told by it. */
static void read_charge(const struct json *object, struct payment_told *told)
{
    told->payment = text_of(json_get(object, "metadata"), "payment");
    told->refunded_minor = amount_of(object, "amount_refunded");
}

static void read_failed_session(const struct json *object, struct payment_told *told)
{
    read_session(object, told);
    told->state = PAYMENT_DECLINED;
}

static const struct {
    const char *type;
    void (*read)(const struct json *object, struct payment_told *told);
} events[] = {
    {"checkout.session.completed", read_session},
    {"checkout.session.async_payment_succeeded", read_session},
    {"checkout.session.async_payment_failed", read_failed_session},
    {"checkout.session.expired", read_session},
    {"payment_intent.amount_capturable_updated", read_intent},
    {"payment_intent.canceled", read_intent},
    {"payment_intent.processing", read_intent},
    {"payment_intent.succeeded", read_intent},
    {"charge.refunded", read_charge},
};

enum { EVENTS = sizeof events / sizeof *events };

enum err payment_stripe_read(struct ctx *ctx, const struct json *object, struct payment_told *told)
{
    struct str kind = text_of(object, "object");
    *told = (struct payment_told){.state = PAYMENT_BEGUN};
    if (str_equal(kind, STR("payment_intent")))
        read_intent(object, told);
    else if (str_equal(kind, STR("checkout.session")))
        read_session(object, told);
    else
        return err_fail(&ctx->err, ERR_PEER, "The payment provider answers strangely.",
                        "Stripe told of \"" STR_FMT "\"", STR_ARG(kind));
    return ERR_OK;
}

/* Its `object` says the same, or the event is none that we know: that it is no failure. */
enum err payment_stripe_read_event(struct ctx *ctx, const struct json *event,
                                   struct payment_told *told)
{
    struct str type = text_of(event, "type");
    const struct json *object = json_get(json_get(event, "data"), "object");
    (void)ctx;
    *told = (struct payment_told){.event = text_of(event, "id")};
    for (size_t i = 0; i < EVENTS; i++)
        if (str_equal(type, str_from(events[i].type)))
            events[i].read(object, told);
    if (!told->event.len)
        told->payment = STR("");
    return ERR_OK;
}
