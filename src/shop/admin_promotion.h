/* What the console's pages of promotions, taxes and shipping methods show.
 *
 *     row->what = admin_promotion_words(request, &terms);      "10% off", "3 for the price of 2" */
#ifndef STOA_SHOP_ADMIN_PROMOTION_H
#define STOA_SHOP_ADMIN_PROMOTION_H

#include "shop/admin.h"
#include "shop/shop_sql.h"
#include "shop/total.h"

struct admin_promotion_row {
    const struct admin_promotion_list_row *is;
    struct str what;
    struct admin_word state;
    int64_t end_us; /* 0: open */
};

struct admin_tax_row {
    const struct admin_promotion_taxes_row *is;
    struct str rate;
};

struct admin_method_row {
    const struct admin_promotion_methods_row *is;
    const struct total_band *bands;
    size_t band_count;
};

/* As the forms' choice has them. */
extern const struct admin_name admin_promotion_kinds[];

/* What stands in the JSON; one that cannot be read is empty. */
struct total_promotion admin_promotion_terms(const struct request *request, struct str json);

struct str admin_promotion_words(const struct request *request,
                                 const struct total_promotion *terms);

/* Millionths as people read and write them: "12.5" is 125000. */
struct str admin_percent(const struct request *request, int64_t millionths);

#endif
