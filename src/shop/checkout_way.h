/* The ways to pay, as people read them: a row a provider that is on (payment.h).
 *
 *     struct checkout_way *ways;
 *     size_t count;
 *     TRY(checkout_ways(request, chosen, &ways, &count)); */
#ifndef STOA_SHOP_CHECKOUT_WAY_H
#define STOA_SHOP_CHECKOUT_WAY_H

#include "ui/frame.h"

struct checkout_way {
    struct str id, name, hint;
    bool chosen;
};

/* The first one is chosen where `chosen` is none of them. */
enum err checkout_ways(struct request *request, struct str chosen, struct checkout_way **ways,
                       size_t *count);

/* How a provider is called; its own name where there are no words for it. */
struct str checkout_way_name(const struct request *request, struct str provider);

/* Begins a payment of an order, and leads to where it is made. */
enum err checkout_pay(struct request *request, struct str order, struct str provider);

#endif
