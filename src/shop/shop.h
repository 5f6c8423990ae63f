/* The shop: what the wiring gives it, and what it gives the wiring.
 *
 *     struct shop wiring_shop;                         {"shop", shop_routes, &wiring_shop, NULL}
 *     TRY(shop_open(ctx, ports, &wiring_shop));        rules are read, and kept fresh
 *     shop_close(&wiring_shop);
 *
 * Its own language is English, and its own currency the setting SHOP_CURRENCY; the rows of
 * shop_translation and shop_price say what things are called and cost elsewhere. */
#ifndef STOA_SHOP_SHOP_H
#define STOA_SHOP_SHOP_H

#include "base/ctx.h"
#include "base/money.h"

struct payment_driver;
struct ports;
struct shop_rules; /* taxes, methods and promotions, as total.h wants them: rules.h */

struct shop {
    const struct ports *ports;
    const struct currency *currency;
    struct str country;                           /* where the seller is taxed */
    const struct payment_driver *const *payments; /* ends with NULL: payment.h */
    struct shop_rules *rules;
};

#endif
