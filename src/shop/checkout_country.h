/* The countries that things may be sent to, as people read them.
 *
 *     const struct country *country = country_find(STR("AT"));       NULL for one that is not known
 *     country->name(&out, language);                                 Austria */
#ifndef STOA_SHOP_CHECKOUT_COUNTRY_H
#define STOA_SHOP_CHECKOUT_COUNTRY_H

#include "ui/frame.h"

/* By their English names; ends with one without a code. Things are sent nowhere else. */
extern const struct country {
    const char *code; /* of ISO 3166 */
    ui_say *name;
} countries[];

const struct country *country_find(struct str code);

#endif
