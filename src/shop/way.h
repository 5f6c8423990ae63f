/* The ways to pay, as people read them: a row a provider that is on (payment.h).
 *
 *     struct way *ways;
 *     size_t count;
 *     TRY(ways_of(request, chosen, &ways, &count)); */
#ifndef STOA_SHOP_WAY_H
#define STOA_SHOP_WAY_H

#include "ui/frame.h"

struct way {
    struct str id, name, hint;
    bool chosen;
};

/* The first one is chosen where `chosen` is none of them. */
enum err ways_of(struct request *request, struct str chosen, struct way **ways, size_t *count);

/* How a provider is called; its own name where there are no words for it. */
struct str way_name(const struct request *request, struct str provider);

#endif
