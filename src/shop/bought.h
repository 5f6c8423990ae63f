/* What the pages of an order and of the list of them show: rows with what is said of them. */
#ifndef STOA_SHOP_BOUGHT_H
#define STOA_SHOP_BOUGHT_H

#include "base/money.h"
#include "shop/shop_sql.h"

struct bought_line {
    const struct bought_lines_row *row;
    struct str picture; /* where it is served; empty where there is none */
    int64_t goods_minor;
};

struct bought_step {
    struct str words;
    int64_t made_us;
};

struct bought_item {
    const struct bought_page_row *row;
    const struct currency *currency;
    struct str state;
    const char *tone;
};

#endif
