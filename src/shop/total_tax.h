/* Taxes: the rates, and how they are worked out.
 *
 *     struct total_rate rates[] = {
 *         {.id = a, .area = {.country = STR("DE")}, .rate_ppm = 190000},
 *         {.id = b, .area = {.country = STR("DE")}, .tax_class = STR("food"), .rate_ppm = 70000},
 *     };
 *     struct total_tax tax = {.rates = rates, .rate_count = 2, .is_included = true,
 *                             .home = STR("DE"), .shipping = TOTAL_SHIPPING_SHARED};
 *
 * A line's taxes are those of its class where it goes. Of the rates of one step the one with the
 * narrowest area counts (of equals the lower id), so that a postcode can make an exception of a
 * country; the steps add up, as country, state and city do in some places. A compound rate is on
 * the price and the taxes of the steps before it. A line whose class has no rate is not taxed.
 *
 * Each tax is rounded by itself: of each line, or once of all lines of a class, and then split
 * among them. An included tax is taken out of the price; what is left is the net.
 *
 * Prices that include taxes include those of where the goods go, whatever these are, so that all
 * pay the same; or, where `included_of` names a region, that region's, and the price is changed:
 * its taxes out, those of where the goods go in. Who is exempt pays the price without the taxes
 * that it includes. So does who has a VAT id of another member of the European Union than
 * the seller's `home`, when the goods go to another than it: the charge is reversed. */
#ifndef STOA_SHOP_TOTAL_TAX_H
#define STOA_SHOP_TOTAL_TAX_H

#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "shop/total_region.h"

enum {
    TOTAL_RATES_MAX = 10000,
    TOTAL_RATE_MAX_PPM = 1000000,
    TOTAL_STEPS_MAX = 8,    /* taxes on one line */
    TOTAL_CLASSES_MAX = 32, /* in one cart */
};

struct total_rate {
    struct id id;
    struct total_region area;
    struct str tax_class; /* "" is the usual one */
    int step;
    int64_t rate_ppm; /* 8.875 % is 88750 */
    bool is_compound;
};

enum total_shipping_tax {
    TOTAL_SHIPPING_CLASS,   /* it has a class of its own */
    TOTAL_SHIPPING_HIGHEST, /* as those goods in the cart that are taxed most */
    TOTAL_SHIPPING_SHARED,  /* as the goods, in proportion to what they cost */
};

struct total_tax {
    const struct total_rate *rates;
    size_t rate_count;
    bool is_included;                       /* in the prices, those of shipping too */
    const struct total_region *included_of; /* NULL: of where the goods go */
    bool is_rounded_in_total;
    struct str home; /* the seller's country */
    enum total_shipping_tax shipping;
    struct str shipping_class;
};

enum total_treatment { TOTAL_TAXED, TOTAL_EXEMPT, TOTAL_REVERSE_CHARGE };

/* One rate's line at the foot of an invoice. */
struct total_tax_row {
    const struct total_rate *rate;
    int64_t net_minor; /* what it is on, without the taxes before it */
    int64_t tax_minor;
};

#endif
