/* The cart: what somebody is about to buy, and what it costs.
 *
 *     struct cart cart;
 *     TRY(cart_of(request, &cart_id));                     by the cookie, or a new one
 *     TRY(cart_set(tx, cart_id, variant, quantity));       0 takes it out
 *     TRY(cart_read(tx, shop, cart_id, &cart));            its lines, as they are sold now
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
struct shop;

enum {
    CART_LINES_MAX = 100, /* of a customer's; total.h takes more */
    CART_QUANTITY_MAX = 999,
};

struct cart_line {
    struct str variant, product, slug, sku, name, options, picture, kind, tax_class;
    int64_t quantity, price_minor, weight_g;
    int64_t free; /* pieces that can be sold now */
    bool shipped;
};

struct cart {
    struct str id, customer, codes, country, postcode, method;
    struct cart_line *lines;
    size_t count;
    int64_t pieces;
};

/* The id in the request's cookie; empty where there is none. */
struct str cart_id(const struct request *request);

/* Makes one where `id` is empty, and tells its id. */
enum err cart_make(struct tx *tx, struct str *id);

/* ERR_INPUT names "quantity"; ERR_MISSING for a variant that is not sold. */
enum err cart_set(struct tx *tx, struct str id, struct str variant, int64_t quantity);
enum err cart_add(struct tx *tx, struct str id, struct str variant, int64_t quantity);

enum err cart_read(struct tx *tx, struct str id, struct cart *cart);

/* All of `from` is also in `into`, and `from` is gone. */
enum err cart_merge(struct tx *tx, struct str from, struct str into);

/* `promotion use by this customer` is looked up where an e-mail is given. */
enum err cart_total(struct ctx *ctx, const struct shop *shop, const struct cart *cart,
                    struct total **total);

#endif
