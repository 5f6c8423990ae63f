/* Payments: one order is paid once, in whatever order return, webhook, retry and kill come.
 *
 *     TRY(payment_begin(ctx, shop, order, STR("test"), &next));      at checkout
 *     return respond_redirect(request, STR_FMT, STR_ARG(next.place));
 *     TRY(payment_look(ctx, shop, payment, &next));                  the browser came back
 *     TRY(payment_hear(request, shop, STR("stripe")));               the provider's webhook
 *     TRY(payment_refund(ctx, shop, order, minor, why));             back, to what was captured
 *
 * A payment is a row before its provider is asked, and its id is the provider's idempotency key:
 * who is killed in between asks again, and gets the same. What came of it is written by one
 * function, payment_settle, in one transaction with the order (order_pay), and only forwards:
 * begun, challenge, pending, authorised, captured. What a provider tells twice, late or in the
 * wrong order changes nothing; money counts whenever it comes. A payment of which nothing is heard
 * is looked at again by a schedule (payment_sweep). Money captured for an order that cannot be had
 * any more, or is paid already, goes back by itself: a message of the queue "shop-refunds".
 *
 * A refund is reserved of what was captured, in a transaction, before its provider is asked: two
 * at once give back no more than there is. One that the provider refuses is free again, and a note
 * of the order says so. Bank and cash give nothing back by themselves: people do, and the note
 * tells how much.
 *
 * Of an order in review the money is authorised and not captured, where the provider can do so,
 * until people take the order (payment_accept) or cancel it.
 *
 * A provider is a row of a table, chosen by its name; none of them shows us the number of a card.
 * docs/shop/payments.md says how each is set up. */
#ifndef STOA_SHOP_PAYMENT_H
#define STOA_SHOP_PAYMENT_H

#include "base/id.h"
#include "ports/db/db.h"
#include "shop/shop.h"

struct request;

enum {
    PAYMENT_TRIES_MAX = 20,    /* payments of one order */
    PAYMENT_SWEEP_MAX = 20,    /* looked at by one message */
    PAYMENT_QUIET_S = 60,      /* without news; then it is looked at, and ever more seldom, */
    PAYMENT_LOOK_MAX_S = 3600, /* but at least so often */
    PAYMENT_EVENTS_S = 30 * 24 * 3600, /* so long it is known that an event was heard */
    PAYMENT_PLACE_MAX = 2048,
    PAYMENT_WHY_MAX = 200,
    PAYMENT_HOOK_MAX = 256 << 10,
};

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
    struct str id, order, provider, reference, place;
    struct str email, code; /* of the order */
    struct str return_to;   /* an absolute URL */
    int64_t amount_minor, captured_minor, refunded_minor;
    int64_t made_us;
    const struct currency *currency;
    enum payment_state state;
    bool holds; /* the order is in review: authorise, and capture when that is asked for */
};

/* What it says. */
struct payment_told {
    enum payment_state state;
    struct str reference;      /* its own; empty: as before */
    struct str place;          /* of a challenge: a path of ours or an absolute URL */
    struct str why;            /* of a refusal, in its words */
    struct str event, payment; /* of a webhook: its id, and whose it is; empty: nothing of ours */
    int64_t captured_minor, refunded_minor;
};

/* What the caller does now. */
struct payment_next {
    enum payment_state state;
    char id[ID_TEXT_MAX];
    struct str order;
    struct str place; /* where the browser goes: /payments/… of a challenge and of what is not known
                         yet, else /orders/… */
    struct str why;   /* of a refusal, in the provider's words */
};

/* Asks for all that the order costs. One that is captured, or still open with this provider, is
 * taken for it; what is open with others ends. A provider that does not answer is no failure: the
 * state stays PAYMENT_BEGUN. ERR_INPUT with the field "payment" for a provider that is not on,
 * ERR_CONFLICT for an order that is not waiting to be paid. */
enum err payment_begin(struct ctx *ctx, const struct shop *shop, struct str order,
                       struct str provider, struct payment_next *next);

/* Asks what came of it, and writes that. Where the provider does not answer it stays as it is. */
enum err payment_look(struct ctx *ctx, const struct shop *shop, struct str id,
                      struct payment_next *next);

/* The body of a webhook. ERR_FORBIDDEN where it is not signed, or long ago; what is nothing of ours
 * is passed over. */
enum err payment_hear(struct request *request, const struct shop *shop, struct str provider);

/* People say that the money is there (bank, cash), or that it is to be taken (authorised). */
enum err payment_capture(struct ctx *ctx, const struct shop *shop, struct str id);

/* People took an order that was in review: what was authorised for it is captured. */
enum err payment_accept(struct ctx *ctx, const struct shop *shop, struct str order, struct str who);

/* The money of an order is there: of a payment that people tell of. ERR_MISSING for no such order,
 * ERR_CONFLICT where none of its payments waits for that. */
enum err payment_receive(struct ctx *ctx, const struct shop *shop, struct str order);

/* Ends what is not captured. */
enum err payment_cancel(struct ctx *ctx, const struct shop *shop, struct str id);

/* The one door by which what a provider told becomes ours. */
struct payment_settling {
    struct str payment, provider; /* who told it: of another's it is ERR_MISSING */
    const struct payment_told *told;
    enum payment_state state; /* as it is then; filled in */
};
enum err payment_settle(struct tx *tx, void *arg); /* a struct payment_settling */

/* So much goes back, of what was captured for this order; PAYMENT_ALL: whatever is left of it.
 * Durable when it returns, and done by the queue. ERR_INPUT with the field "amount" for more. */
enum { PAYMENT_ALL = 0 };
enum err payment_refund(struct ctx *ctx, const struct shop *shop, struct str order, int64_t minor,
                        struct str why);

/* The same within a transaction: order_cancel's. Nothing to give back is ERR_OK for PAYMENT_ALL. */
enum err payment_give_back(struct tx *tx, struct str order, int64_t minor, struct str why);

/* Looks at those of which nothing was heard. */
enum err payment_sweep(struct ctx *ctx, const struct shop *shop);

/* The driver of that name among those that are on; NULL where there is none. */
const struct payment_driver *payment_driver_of(const struct shop *shop, struct str name);

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

extern const struct payment_driver payment_bank, payment_cash, payment_stripe, payment_test;

#endif
