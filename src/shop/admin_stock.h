/* What the console's pages of stock show.
 *
 *     struct admin_stock_row row = {.is = found, .options = STR("500 g"), .is_few = true}; */
#ifndef STOA_SHOP_ADMIN_STOCK_H
#define STOA_SHOP_ADMIN_STOCK_H

#include "shop/admin.h"
#include "shop/shop_sql.h"

enum { ADMIN_STOCK_FEW = 5 }; /* with no more than so many free, a variant is soon out */

struct admin_stock_row {
    const struct admin_stock_list_row *is;
    struct str options, picture;
    bool is_few, is_out;
};

/* A row of the ledger: of what it changed, what became free, and what was free after it. */
struct admin_stock_step {
    const struct admin_stock_ledger_row *is;
    struct admin_word kind;
    struct str order; /* whose movement it is; empty where people said why */
    int64_t free_after;
};

struct admin_place {
    const struct admin_stock_places_row *is;
    bool chosen;
};

#endif
