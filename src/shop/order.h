/* Orders: a cart becomes one, is paid, shipped, or cancelled; each step once, whoever asks.
 *
 *     struct order_placing placing = {.cart = &cart, .total = total, .email = …, .ship_to = …};
 *     TRY(db_write(db, ctx, order_place, &placing));        placing.id; stock is held
 *     TRY(order_pay(tx, order, payment, amount_minor));      captured: stock is sold
 *     TRY(order_cancel(tx, order, STR("…why"), who));        stock is free, money is to go back
 *
 *          placed ── paid ── shipped
 *             │  └── review ─┘  (people look at it before it is paid out)
 *             └── cancelled ──── from placed, review and paid
 *
 * order_place runs in one transaction: the cart is still as it was when its total was computed
 * (ERR_CONFLICT else: prices and stock are read again), stock is held, promotions are counted, the
 * order, its lines and the event shop.order.placed are written, and the cart becomes that order: it
 * is gone, and the same cart placed again gives the same order, and nothing happens. An order that
 * is not paid until ORDER_HOLD_S after is cancelled by order_expire; where the provider asks later
 * (a bank transfer) it waits for ORDER_HOLD_LATER_S.
 *
 * Each change is an event (shop.order.placed, .accepted, .paid, .shipped, .cancelled, with the
 * order's id, code and amounts) and a row of shop_order_note, in that transaction.
 *
 *     {"order":"ord_…","code":"K7Q2-M9PX","customer":"per_…","state":"placed","payment":"test",
 *      "currency":"EUR","goods":2000,"off":0,"shipping":490,"tax":398,"gross":2490,"captured":0,
 *      "refunded":0,"lines":[{"variant":"var_…","quantity":2}]}        lines: of .placed alone
 *
 * The statements of order_place: one reads the cart, three write the order, its note and its event,
 * one makes that pending, two end the cart; a line is a look and a change of stock, a row of its
 * ledger and one of the order; a promotion is two. So 7 and 4 a line: 19 for a cart of 3. */
#ifndef STOA_SHOP_ORDER_H
#define STOA_SHOP_ORDER_H

#include "base/id.h"
#include "shop/cart.h"

struct stock_want; /* stock.h */

enum {
    ORDER_HOLD_S = 1800,
    ORDER_HOLD_LATER_S = 14 * 24 * 3600,
    ORDER_EXPIRES_MAX = 100, /* at once */
    ORDER_CODE_MAX = 10,     /* K7Q2-M9PX */
    ORDER_CODE_TRIES = 8,    /* until one is drawn that no other has */
    ORDER_TERMS_MAX = 256 << 10,
};

struct order_place_to {
    struct str name, street, more, postcode, city, region, country;
};

struct order_placing {
    const struct cart *cart;
    const struct total *total;
    const struct shop *shop;
    struct str email, language, method, payment;
    struct order_place_to ship_to;
    int64_t score; /* of fraud */
    bool review;
    char id[ID_TEXT_MAX]; /* filled in, and so is what lacks */
    char code[ORDER_CODE_MAX];
    bool again;               /* the cart was placed before: nothing was done */
    struct stock_want *wants; /* one a line, with ERR_CONFLICT */
};

enum err order_place(struct tx *tx, void *placing);

/* The order that a cart became: ERR_MISSING where it became none. */
enum err order_of_cart(struct tx *tx, struct str cart, char id[ID_TEXT_MAX]);

/* So much was captured for it by a payment, in all. Once the payments of an order (those of
 * shop_payment, and this one) make up its price it is paid and its stock is sold, or held again
 * where it was cancelled because its time was over; where that cannot be any more, or people
 * cancelled it, or another payment paid it, *refund tells that the money goes back. Doing it again
 * changes nothing. */
enum err order_pay(struct tx *tx, struct str id, struct str payment, int64_t captured_minor,
                   bool *refund);

/* Again: nothing happens. ERR_CONFLICT where it is shipped (to cancel), or not paid (to ship).
 * Cancelled, its stock and what it used of promotions are free again. */
enum err order_cancel(struct tx *tx, struct str id, struct str why, struct str who);
enum err order_accept(struct tx *tx, struct str id, struct str who); /* in review: it is placed */
enum err order_ship(struct tx *tx, struct str id, struct str tracking, struct str who);
enum err order_note(struct tx *tx, struct str id, struct str kind, struct str words,
                    struct str who);

/* Cancels those whose time to be paid is over, at most ORDER_EXPIRES_MAX; *more: call again. */
enum err order_expire(struct tx *tx, bool *more);

#endif
