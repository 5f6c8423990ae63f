/* Payments: one order is paid once, in whatever order return, webhook, retry and kill come.
 *
 *     TRY(payment_begin(ctx, shop, order, STR("test"), &next));      at checkout
 *     next.state is PAYMENT_CAPTURED, PAYMENT_DECLINED, or PAYMENT_CHALLENGE: go to next.place
 *     TRY(payment_look(ctx, shop, payment));                         the browser came back
 *     TRY(payment_hear(ctx, shop, STR("stripe"), request));          the provider's webhook
 *     TRY(payment_refund(ctx, shop, order, minor, why));             back, to what was captured
 *
 * A payment is a row before its provider is asked, and its id is the provider's idempotency key:
 * who is killed in between asks again, and gets the same. What came of it is written by one
 * function, in one transaction with the order (order_pay), and only forwards: begun, challenge,
 * authorised, captured. What a provider tells twice, late or in the wrong order changes nothing. A
 * payment of which nothing is heard is looked at again by a schedule (payment_sweep). Money
 * captured for an order that cannot be had any more goes back by itself: a message of the queue
 * "shop-refunds".
 *
 * A provider is a row of a table, chosen by its name; none shows us the number of a card. */
#ifndef STOA_SHOP_PAYMENT_H
#define STOA_SHOP_PAYMENT_H

#include "ports/db/db.h"

struct request;
struct shop;

enum payment_state {
    PAYMENT_BEGUN,
    PAYMENT_CHALLENGE, /* the customer has to go to `place` */
    PAYMENT_PENDING,   /* is told later: a bank transfer */
    PAYMENT_AUTHORISED,
    PAYMENT_CAPTURED,
    PAYMENT_DECLINED,
    PAYMENT_VOID,
    PAYMENT_STATES
};

/* What a provider is asked about. */
struct payment {
    struct str id, order, provider, reference;
    struct str email, code; /* of the order */
    struct str return_to;   /* an absolute URL */
    int64_t amount_minor, captured_minor, refunded_minor;
    const struct currency *currency;
    enum payment_state state;
};

/* What it says. */
struct payment_told {
    enum payment_state state;
    struct str reference;      /* its own */
    struct str place;          /* of a challenge: a path of ours or an absolute URL */
    struct str why;            /* of a refusal, in its words */
    struct str event, payment; /* of a webhook: its id, and whose it is; empty: nothing of ours */
    int64_t captured_minor, refunded_minor;
};

struct payment_driver {
    const char *name;
    bool asks_later; /* nothing happens at checkout: bank transfer, cash on delivery */
    enum err (*begin)(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                      struct payment_told *told);
    enum err (*look)(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                     struct payment_told *told);
    enum err (*capture)(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                        struct payment_told *told);
    enum err (*cancel)(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                       struct payment_told *told);
    /* `key` makes the same refund asked for twice one. */
    enum err (*refund)(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                       int64_t minor, struct str key, struct payment_told *told);
    /* Checks who signed it: ERR_FORBIDDEN. NULL where it has no webhooks. */
    enum err (*hear)(struct request *request, const struct shop *shop, struct payment_told *told);
};

extern const struct payment_driver payment_test, payment_bank, payment_cash, payment_stripe;

#endif
