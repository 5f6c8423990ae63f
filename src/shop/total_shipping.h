/* Shipping: zones, methods and what they cost.
 *
 *     struct total_band parcel[] = {{.price_minor = 490},
 *                                   {.weight_g = 5000, .price_minor = 790},
 *                                   {.weight_g = 31500, .price_minor = TOTAL_NOT_OFFERED}};
 *     struct total_method method = {.id = id, .zone = germany, .bands = parcel, .band_count = 3,
 *                                   .free_from_minor = 5000};
 *
 * Goods go to the zone with the narrowest area that holds the region (of equals the lower id), by
 * one of its methods, or by one that has no zone. Weight, price and quantity are those of the lines
 * that are shipped, the price after discounts. */
#ifndef STOA_SHOP_TOTAL_SHIPPING_H
#define STOA_SHOP_TOTAL_SHIPPING_H

#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "shop/total_region.h"

enum {
    TOTAL_ZONES_MAX = 1000,
    TOTAL_AREAS_MAX = 10000, /* of a zone */
    TOTAL_METHODS_MAX = 1000,
    TOTAL_BANDS_MAX = 200,
    TOTAL_NOT_OFFERED = -1,
};

struct total_zone {
    struct id id;
    const struct total_region *areas;
    size_t area_count;
};

/* The last band of which all three are reached is the price; without one there is none. */
struct total_band {
    int64_t weight_g, goods_minor, quantity;
    int64_t price_minor; /* or TOTAL_NOT_OFFERED */
};

struct total_method {
    struct id id;
    struct id zone; /* zeros: everywhere */
    const struct total_band *bands;
    size_t band_count;
    int64_t free_from_minor;              /* 0: never free */
    const struct total_region *pickup_at; /* where it is fetched, and taxed; NULL: it is brought */
};

struct total_shipping {
    const struct total_zone *zones;
    size_t zone_count;
    const struct total_method *methods;
    size_t method_count;
};

/* A method that the cart can go by. */
struct total_quote {
    const struct total_method *method;
    int64_t price_minor; /* before promotions and without the slot's surcharge */
};

enum total_delivery {
    TOTAL_DELIVERY_NONE,   /* nothing is shipped */
    TOTAL_DELIVERY_OPEN,   /* no method was chosen yet: shipping counts as 0 */
    TOTAL_DELIVERY_GONE,   /* the chosen one is not offered: the same */
    TOTAL_DELIVERY_PRICED, /* an order may be placed */
};

#endif
