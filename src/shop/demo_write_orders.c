/* Writes the demo company's orders: lines, ledger, payment, and what happened to them. */
#include <string.h>

#include "shop/demo_inside.h"
#include "shop/order.h"
#include "shop/shop_sql.h"

static struct str name_state(enum demo_state state)
{
    static const char *const names[] = {"placed", "review", "paid", "shipped", "cancelled"};
    return str_from(names[state]);
}

static int64_t last_us(const struct demo_order *order)
{
    int64_t last = order->placed_us;
    const int64_t others[] = {order->paid_us, order->shipped_us, order->cancelled_us};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        last = others[i] > last ? others[i] : last;
    return last;
}

static int64_t held_until_us(const struct demo_order *order)
{
    bool is_later = strcmp(order->payment, "test") != 0;
    return order->placed_us + (is_later ? ORDER_HOLD_LATER_S : ORDER_HOLD_S) * SECOND_US;
}

static enum err add_order(struct tx *tx, const struct demo *demo, const struct demo_order *is)
{
    const struct demo_customer *customer = is->customer;
    return demo_add_order(
        tx, is->id, is->code, is->cart, customer->has_account ? &customer->id : NULL,
        customer->email, name_state(is->state), str_from(customer->place->language),
        str_from(demo->currency->code), customer->name, customer->street, customer->postcode,
        customer->city, str_from(customer->place->country), str_from(is->method),
        str_from(is->payment), is->goods_minor, is->off_minor, is->shipping_minor, is->tax_minor,
        is->gross_minor, is->paid_us ? is->gross_minor : 0, is->terms,
        is->shipped_us ? is->tracking : STR(""), is->score, held_until_us(is), is->placed_us,
        last_us(is));
}

static enum err add_movement(struct tx *tx, struct demo *demo, const struct demo_order *order,
                             size_t n, const char *kind, int64_t at_us)
{
    const struct demo_line *line = &order->lines[n];
    int64_t free = 0, held = 0, sold = 0, quantity = line->quantity;
    struct id id;
    struct str text;
    if (strcmp(kind, "hold") == 0) {
        free = -quantity;
        held = quantity;
    } else {
        held = -quantity;
        free = strcmp(kind, "release") == 0 ? quantity : 0;
        sold = quantity - free;
    }
    TRY(demo_make_id(demo, "mov", at_us, &id, &text));
    return demo_add_movement(tx, line->variant->id, demo->locations[0], text, str_from(kind), free,
                             held, sold, order->id, at_us);
}

static enum err name_line(struct demo *demo, const struct demo_variant *variant, struct str *name)
{
    const struct demo_product *product = variant->product;
    *name = product->is.names[0];
    for (size_t i = 0; i < 3 && variant->values[i].len; i++)
        TRY(demo_text(demo, name, STR_FMT ", " STR_FMT, STR_ARG(*name),
                      STR_ARG(variant->values[i])));
    return ERR_OK;
}

static enum err add_lines(struct tx *tx, struct demo *demo, const struct demo_order *order)
{
    for (size_t i = 0; i < order->line_count; i++) {
        const struct demo_line *line = &order->lines[i];
        const struct demo_variant *variant = line->variant;
        struct str name;
        TRY(name_line(demo, variant, &name));
        TRY(demo_add_line(tx, order->id, (int64_t)i + 1, variant->id, variant->sku, name,
                          variant->product->picture, line->quantity, variant->price_minor,
                          line->off_minor, line->tax_minor, line->gross_minor));
        TRY(add_movement(tx, demo, order, i, "hold", order->placed_us));
        if (order->paid_us)
            TRY(add_movement(tx, demo, order, i, "sell", order->paid_us));
        if (order->cancelled_us)
            TRY(add_movement(tx, demo, order, i, "release", order->cancelled_us));
    }
    return ERR_OK;
}

static enum err add_note(struct tx *tx, struct demo *demo, const struct demo_order *order,
                         const char *kind, struct str words, int64_t at_us)
{
    struct id id;
    struct str text;
    if (!at_us)
        return ERR_OK;
    TRY(demo_make_id(demo, "note", at_us, &id, &text));
    return demo_add_note(tx, order->id, text, str_from(kind), words, at_us);
}

static enum err add_notes(struct tx *tx, struct demo *demo, const struct demo_order *order,
                          struct str payment)
{
    int64_t review_us = order->state == DEMO_REVIEW ? order->placed_us : 0;
    TRY(add_note(tx, demo, order, "placed", STR(""), order->placed_us));
    TRY(add_note(tx, demo, order, "review", STR("The score is above the limit."), review_us));
    TRY(add_note(tx, demo, order, "paid", payment, order->paid_us));
    TRY(add_note(tx, demo, order, "shipped", order->tracking, order->shipped_us));
    return add_note(tx, demo, order, "cancelled", STR("Not paid in time."), order->cancelled_us);
}

static const char *name_payment(const struct demo_order *order)
{
    if (order->paid_us)
        return "captured";
    if (order->cancelled_us)
        return "void";
    return order->state == DEMO_REVIEW ? "authorised" : "pending";
}

/* What is over is not asked again; what is not, in a day. */
static enum err add_payment(struct tx *tx, struct demo *demo, const struct demo_order *order,
                            struct str *payment)
{
    struct id id;
    struct str state = str_from(name_payment(order));
    bool is_over = order->paid_us || order->cancelled_us;
    int64_t captured_minor = order->paid_us ? order->gross_minor : 0;
    TRY(demo_make_id(demo, "pay", order->placed_us, &id, payment));
    TRY(demo_add_payment(tx, *payment, order->id, str_from(order->payment), *payment, state,
                         order->gross_minor, captured_minor,
                         is_over ? CLOCK_MAX_US : demo->now_us + DAY_US, order->placed_us,
                         last_us(order)));
    if (strcmp(order->payment, "test") != 0)
        return ERR_OK;
    return demo_add_test_payment(tx, *payment, state, captured_minor);
}

static enum err add_uses(struct tx *tx, const struct demo *demo, const struct demo_order *order)
{
    for (size_t i = 0; i < DEMO_PROMOTIONS && order->state != DEMO_CANCELLED; i++)
        if (order->uses[i])
            TRY(demo_add_use(tx, demo->promotion_ids[i], order->id, order->customer->email));
    return ERR_OK;
}

enum err demo_write_orders(struct tx *tx, struct demo *demo)
{
    for (size_t i = 0; i < demo->made.orders; i++) {
        const struct demo_order *order = &demo->orders[i];
        struct str payment;
        TRY(add_order(tx, demo, order));
        TRY(add_lines(tx, demo, order));
        TRY(add_uses(tx, demo, order));
        TRY(add_payment(tx, demo, order, &payment));
        TRY(add_notes(tx, demo, order, payment));
    }
    return ERR_OK;
}
