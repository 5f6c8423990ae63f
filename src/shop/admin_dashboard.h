/* What the dashboard shows.
 *
 *     struct admin_sum orders = {.now = 128, .before = 100, .change = STR("28%"), .is_up = true};
 */
#ifndef STOA_SHOP_ADMIN_DASHBOARD_H
#define STOA_SHOP_ADMIN_DASHBOARD_H

#include "shop/admin.h"
#include "shop/shop_sql.h"

/* A sum of the last days, and of as many before. */
struct admin_sum {
    int64_t now, before;
    struct str change; /* by how much it is more or less; empty where there was nothing before */
    bool is_up;
};

struct admin_seller {
    const struct admin_sales_best_row *is;
    struct str picture;
};

#endif
