/* What Stripe's objects say of a payment: pure reading, for payment_stripe.c and its tests.
 *
 *     TRY(json_read(ctx, answer.body, &root));
 *     TRY(payment_stripe_read(ctx, root, &told));            a session or a payment intent
 *     TRY(payment_stripe_read_event(ctx, root, &told));      a webhook's event
 *
 * The payment is named by the metadata that we gave it. A session that was paid, or is being paid,
 * tells its payment intent as the reference: from then on that is what is asked about. An event of
 * another kind, or of a payment that is none of ours, leaves told->payment empty. */
#ifndef STOA_SHOP_PAYMENT_STRIPE_H
#define STOA_SHOP_PAYMENT_STRIPE_H

#include "base/json.h"
#include "shop/payment.h"

/* ERR_PEER for what is neither. */
enum err payment_stripe_read(struct ctx *ctx, const struct json *object, struct payment_told *told);
enum err payment_stripe_read_event(struct ctx *ctx, const struct json *event,
                                   struct payment_told *told);

#endif
