/* What the files of orders share. Private to them.
 *
 *     TRY(order_inside_note(tx, id, &(struct order_inside_note){"paid", payment, STR("")}));
 *     TRY(order_inside_tell(tx, "shop.order.paid", &order, NULL)); */
#ifndef STOA_SHOP_ORDER_INSIDE_H
#define STOA_SHOP_ORDER_INSIDE_H

#include "shop/order.h"
#include "shop/shop_sql.h"

enum { ORDER_EVENT_MAX = 64 << 10 };

struct order_inside_note {
    const char *kind;
    struct str words, who;
};

enum err order_inside_note(struct tx *tx, struct str order, const struct order_inside_note *note);

/* The event; with the cart, its lines too. */
enum err order_inside_tell(struct tx *tx, const char *type, const struct order_row_find_row *order,
                           const struct cart *cart);

/* How the total came about, as shop_order.terms has it. */
enum err order_inside_terms(struct ctx *ctx, const struct order_placing *placing,
                            struct str *terms);

#endif
