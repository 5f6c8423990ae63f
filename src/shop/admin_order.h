/* What the console's pages of orders show.
 *
 *     return admin_order_show(request, input->id, errors, "");      an order, with its forms */
#ifndef STOA_SHOP_ADMIN_ORDER_H
#define STOA_SHOP_ADMIN_ORDER_H

#include "shop/admin.h"
#include "shop/shop_sql.h"

struct admin_order_row {
    const struct admin_order_list_row *is;
    struct admin_word state;
    const struct currency *currency;
};

struct admin_order_item {
    const struct admin_order_lines_row *is;
    struct str picture; /* where it is; empty where there is none */
};

struct admin_order_payment {
    const struct admin_order_payments_row *is;
    struct admin_word state;
};

/* A line of the timeline. */
struct admin_order_step {
    const struct admin_order_notes_row *is;
    struct admin_word kind;
};

/* The page of an order. `errors` are those of the form that was sent, or NULL; `done` is what was
 * done to it a moment ago: "shipped", "cancelled", "noted", or nothing. */
enum err admin_order_show(struct request *request, struct str id, const struct field_errors *errors,
                          const char *done);

#endif
