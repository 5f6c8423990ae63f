/* The cart: what somebody is about to buy, and what it costs.
 *
 *     struct cart cart;
 *     TRY(cart_of(request, true, &id));                    the reader's, or a new one
 *     TRY(cart_add(tx, id, variant, quantity));
 *     TRY(cart_read(tx, shop, id, &cart));                 its lines, as they are sold now
 *     TRY(cart_total(ctx, shop, &cart, &total));           total.h, with the shop's rules
 *
 * A cart's id cannot be guessed: who has it has the cart, and nobody else. It lives in a cookie; on
 * signing in it becomes the customer's, together with what lay in theirs. Prices are those of now,
 * whenever they are read: nothing is trusted that a browser says. */
#ifndef STOA_SHOP_CART_H
#define STOA_SHOP_CART_H

#include "ports/db/db.h"
#include "shop/total.h"

struct request;
struct rules; /* rules.h */
struct shop;

enum {
    CART_LINES_MAX = 100, /* of a customer's; total.h takes more */
    CART_QUANTITY_MAX = 999,
};

struct cart_line {
    struct str variant, product, slug, sku, name, options, picture, kind, tax_class;
    int64_t quantity, price_minor, weight_g;
    int64_t free;           /* pieces that can be sold now; INT64_MAX where they are not counted */
    struct total_ids marks; /* what promotions are on: its product, categories and collections */
    bool shipped;
};

struct cart {
    struct str id, customer, codes, country, postcode, method;
    struct str email; /* of the customer; the checkout says a guest's */
    struct str audience, vat;
    bool exempt;
    struct cart_line *lines;
    size_t count;
    int64_t pieces;
    const struct rules *rules; /* those that concern it; NULL: none do */
};

/* The reader's cart: by the cookie, or the customer's own, of which the cookie is told; what a
 * visitor put into theirs is added to it at the first look after signing in. Empty where there is
 * none, unless it makes one. */
enum err cart_of(struct request *request, bool makes, struct str *id);

enum err cart_make(struct tx *tx, struct str *id);

/* ERR_INPUT names "quantity"; ERR_MISSING for a variant that is not sold. */
enum err cart_set(struct tx *tx, struct str id, struct str variant, int64_t quantity);
enum err cart_add(struct tx *tx, struct str id, struct str variant, int64_t quantity);

/* ERR_MISSING where there is no such cart. Words are in the context's language. */
enum err cart_read(struct tx *tx, const struct shop *shop, struct str id, struct cart *cart);

/* All of `from` is also in `into`, and `from` is gone. */
enum err cart_merge(struct tx *tx, struct str from, struct str into);

/* How often promotions were used, and by this e-mail, is looked up as far as it matters; so it is
 * not called within a transaction. Its promotions stand in the order of cart->rules. */
enum err cart_total(struct ctx *ctx, const struct shop *shop, const struct cart *cart,
                    struct total **total);

#endif
