/* The shop: what the wiring gives it, and what it gives the wiring.
 *
 *     struct shop wiring_shop;                         {"shop", shop_routes, &wiring_shop, NULL}
 *     wiring_shop.currency = currency_find(STR("EUR")), wiring_shop.country = STR("DE");
 *     TRY(shop_open(ctx, ports, &wiring_shop));        rules are read, and kept fresh
 *     shop_close(&wiring_shop);                        also what could not be opened
 *
 * Its own language is English, and its own currency the setting SHOP_CURRENCY; the rows of
 * shop_translation and shop_price say what things are called and cost elsewhere. */
#ifndef STOA_SHOP_SHOP_H
#define STOA_SHOP_SHOP_H

#include "base/counter.h"
#include "base/ctx.h"
#include "base/money.h"
#include "shop/catalog_msg.h" /* what the menu says */

struct db;
struct payment_driver;
struct ports;
struct queue_message;
struct shelf;
struct tx;
struct shop_rules; /* taxes, methods and promotions, as total.h wants them: rules.h */

struct shop {
    const struct ports *ports;
    const struct currency *currency;
    struct str country;                           /* where the seller is taxed */
    const struct payment_driver *const *payments; /* ends with NULL: payment.h */
    struct str stripe_url;                        /* "https://api.stripe.com" */
    struct shop_rules *rules;
    struct shelf *shelf; /* what lists and searches are answered from: shelf.h */
    struct counter stock_audited, stock_wrong; /* by the last audit of stock: rows */
};

enum err shop_open(struct ctx *ctx, const struct ports *ports, struct shop *shop);
void shop_close(struct shop *shop);

/* Which ways to pay are on, in their order: "test bank cash", the setting SHOP_PAYMENTS. They live
 * in ctx->arena. ERR_INPUT with that field for a word that is none of them. */
enum err shop_set_payments(struct ctx *ctx, struct shop *shop, struct str words);

/* What the demo company has. */
struct demo_made {
    size_t categories, products, variants, translations, collections, customers, orders, lines;
    int64_t gross_minor; /* of all orders */
};

/* Fills a shop without products and categories with the demo company: demo.h. */
enum err demo_fill(struct ctx *ctx, struct db *db, const struct currency *currency,
                   struct demo_made *made);

/* What its consumers do with a message of their queues. */
#define SHOP_QUEUE_REFUNDS "shop-refunds"
#define SHOP_QUEUE_SWEEP   "shop-payments"    /* each message: look after the payments */
#define SHOP_QUEUE_TEST    "shop-test-hooks"  /* what the provider "test" tells */
#define SHOP_QUEUE_CONFIRM "shop-confirm"     /* events: orders that were placed */
#define SHOP_QUEUE_EXPIRE  "shop-expire"      /* each message: cancel what nobody pays */
#define SHOP_QUEUE_AUDIT   "shop-stock-audit" /* each message: audit the stock */

enum { SHOP_REFUND_TRIES_MAX = 20 }; /* then it is a dead letter, and people look at it */

enum err shop_refund(struct ctx *ctx, const struct shop *shop, const struct queue_message *message);
enum err shop_sweep(struct ctx *ctx, const struct shop *shop, const struct queue_message *message);
enum err shop_play(struct ctx *ctx, const struct shop *shop, const struct queue_message *message);

/* A mail to the customer, in their language. */
enum err shop_confirm(struct ctx *ctx, const struct shop *shop,
                      const struct queue_message *message);

enum err shop_expire(struct tx *tx, const struct queue_message *message);

/* Whether each row of stock is the sum of its ledger, read in pages: each is a transaction of its
 * own, so that it holds up nobody and what is sold meanwhile is no difference. The first rows that
 * differ are errors in the log; how many do is the gauge shop_stock_wrong_rows, and the event
 * shop.stock.wrong {"wrong":2}, so that a rule of the bus can call people. Nothing is mended: they
 * count what is there (stock_count), and find who changed stock without its ledger. */
enum err shop_audit(struct ctx *ctx, struct shop *shop, const struct queue_message *message);

/* Once, where its consumers run. */
void shop_measure(struct shop *shop, struct counter_registry *counters);

#endif
