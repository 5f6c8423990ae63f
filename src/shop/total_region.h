/* Where goods go, and the areas that taxes and shipping are set by.
 *
 *     struct total_region ship_to = {STR("DE"), STR("BY"), STR("80331")};
 *     struct total_region munich = {.country = STR("DE"), .postcode = STR("80")};
 *     if (total_region_fit(&munich, &ship_to) >= 0) …
 *
 * An area is written as a region of which empty parts are any, and the postcode is the beginning of
 * one. Letters are compared in either case, postcodes without spaces and hyphens. */
#ifndef STOA_SHOP_TOTAL_REGION_H
#define STOA_SHOP_TOTAL_REGION_H

#include <stdbool.h>

#include "base/str.h"

enum { TOTAL_POSTCODE_MAX = 16 };

struct total_region {
    struct str country;  /* of ISO 3166: "DE" */
    struct str state;    /* of ISO 3166-2, without the country: "BY" */
    struct str postcode; /* "80331", "SW1A 1AA" */
};

/* How narrow an area is that holds the region: a longer postcode before a shorter, any postcode
 * before a state, a state before a country, a country before the world, which is 0. -1 where the
 * region is not in it. */
int total_region_fit(const struct total_region *area, const struct total_region *region);

/* Whether the European Union's rules for VAT between its members hold there. XI is Northern
 * Ireland, for goods. Greece is GR, also where its VAT ids say EL. */
bool total_region_is_eu(struct str country);

#endif
