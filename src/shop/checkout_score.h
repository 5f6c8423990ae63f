/* How odd an order is before it is placed: fraud.h, with what this shop knows of the address.
 *
 *     bool refused;
 *     TRY(checkout_score(request, &placing, &refused));       placing.score, placing.review */
#ifndef STOA_SHOP_CHECKOUT_SCORE_H
#define STOA_SHOP_CHECKOUT_SCORE_H

#include "shop/order.h"
#include "web/request.h"

enum err checkout_score(struct request *request, struct order_placing *placing, bool *refused);

#endif
