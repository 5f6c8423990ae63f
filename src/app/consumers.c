/* Who receives from which queue: a row a consumer, as flow.h has them. */
#include <stddef.h>

#include "app/wiring.h"
#include "flow/topic.h"
#include "shop/shop.h"

/* The shop's are given the shop. */

static enum err refund(struct ctx *ctx, const struct ports *ports,
                       const struct queue_message *message)
{
    (void)ports;
    return shop_refund(ctx, &wiring_shop, message);
}

static enum err sweep_payments(struct ctx *ctx, const struct ports *ports,
                               const struct queue_message *message)
{
    (void)ports;
    return shop_sweep(ctx, &wiring_shop, message);
}

static enum err play_webhook(struct ctx *ctx, const struct ports *ports,
                             const struct queue_message *message)
{
    (void)ports;
    return shop_play(ctx, &wiring_shop, message);
}

static enum err confirm(struct ctx *ctx, const struct ports *ports,
                        const struct queue_message *message)
{
    (void)ports;
    return shop_confirm(ctx, &wiring_shop, message);
}

static enum err audit_stock(struct ctx *ctx, const struct ports *ports,
                            const struct queue_message *message)
{
    (void)ports;
    return shop_audit(ctx, &wiring_shop, message);
}

static enum err expire(struct tx *tx, const struct ports *ports,
                       const struct queue_message *message)
{
    (void)ports;
    return shop_expire(tx, message);
}

const struct flow_consumer wiring_consumers[] = {
    {.queue = TOPIC_QUEUE_TOLD, .apply = topic_fan_out},
    {.queue = TOPIC_QUEUE_EMAIL,
     .carry = topic_carry,
     .note = topic_note,
     .receives_max = TOPIC_RECEIVES_MAX},
    {.queue = TOPIC_QUEUE_SMS,
     .carry = topic_carry,
     .note = topic_note,
     .receives_max = TOPIC_RECEIVES_MAX},
    {.queue = TOPIC_QUEUE_WEBHOOK,
     .carry = topic_carry,
     .note = topic_note,
     .threads = TOPIC_WEBHOOK_THREADS,
     .receives_max = TOPIC_RECEIVES_MAX},
    {.queue = SHOP_QUEUE_REFUNDS, .act = refund, .receives_max = SHOP_REFUND_TRIES_MAX},
    {.queue = SHOP_QUEUE_SWEEP, .act = sweep_payments},
    {.queue = SHOP_QUEUE_TEST, .act = play_webhook},
    {.queue = SHOP_QUEUE_CONFIRM,
     .pattern = "{\"source\":[\"shop\"],\"type\":[\"shop.order.placed\"]}",
     .act = confirm},
    {.queue = SHOP_QUEUE_EXPIRE, .apply = expire},
    {.queue = SHOP_QUEUE_AUDIT, .act = audit_stock},
    {.queue = NULL},
};
