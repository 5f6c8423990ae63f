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

enum { ADMIN_REASONS_MAX = 40 };

/* A promotion that took something off, or a tax and what it is on. */
struct admin_order_reason {
    struct str name;
    int64_t minor, net_minor;
    bool is_tax;
};

struct admin_order_reasons {
    struct admin_order_reason rows[ADMIN_REASONS_MAX];
    size_t count;
};

/* Of an order's terms, which order_place wrote. */
enum err admin_order_explain(struct tx *tx, struct str terms, struct admin_order_reasons *reasons);

/* The page of an order. `errors` are those of the form that was sent, or NULL; `done` is what was
 * done to it a moment ago: "shipped", "cancelled", "noted", or nothing. */
enum err admin_order_show(struct request *request, struct str id, const struct field_errors *errors,
                          const char *done);

#endif
