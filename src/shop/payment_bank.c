/* Bank transfer and cash on delivery: people say when the money is there. */
#include "shop/payment.h"

static enum err wait(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                     struct payment_told *told)
{
    (void)ctx, (void)shop, (void)payment;
    told->state = PAYMENT_PENDING;
    return ERR_OK;
}

static enum err take(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                     struct payment_told *told)
{
    (void)ctx, (void)shop;
    told->state = PAYMENT_CAPTURED;
    told->captured_minor = payment->amount_minor;
    return ERR_OK;
}

static enum err end(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                    struct payment_told *told)
{
    (void)ctx, (void)shop, (void)payment;
    told->state = PAYMENT_VOID;
    return ERR_OK;
}

/* The note of the order tells people what to give back. */
static enum err give_back(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                          int64_t minor, struct str key, struct payment_told *told)
{
    (void)ctx, (void)shop, (void)payment, (void)minor, (void)key, (void)told;
    return ERR_OK;
}

const struct payment_driver payment_bank = {.name = "bank",
                                            .asks_later = true,
                                            .begin = wait,
                                            .look = wait,
                                            .capture = take,
                                            .cancel = end,
                                            .refund = give_back};

/* Cash on delivery is the same, but for who takes it. */
const struct payment_driver payment_cash = {.name = "cash",
                                            .asks_later = true,
                                            .begin = wait,
                                            .look = wait,
                                            .capture = take,
                                            .cancel = end,
                                            .refund = give_back};
