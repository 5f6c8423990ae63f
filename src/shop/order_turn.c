/* What becomes of an order: paid, shipped, cancelled, by people or because its time is over. */
#include "shop/order_inside.h"
#include "shop/payment.h"
#include "shop/stock.h"

/* What an order becomes. */
struct turn {
    const char *state, *event;
    struct order_inside_note note;
    const struct str *tracking; /* NULL: as it was */
    int64_t captured_minor, held_us;
};

static enum err turn_order(struct tx *tx, struct order_row_find_row *order, const struct turn *turn)
{
    int64_t changed;
    struct str state = str_from(turn->state);
    TRY(order_row_turn(tx, order->id, order->state, state, turn->captured_minor, turn->tracking,
                       turn->held_us, clock_now_us(tx->ctx->clock), &changed));
    if (!changed)
        return err_fail(&tx->ctx->err, ERR_CONFLICT, "The order has changed meanwhile.",
                        STR_FMT " is not " STR_FMT, STR_ARG(order->id), STR_ARG(order->state));
    order->state = state;
    order->captured_minor = turn->captured_minor;
    if (!turn->event)
        return ERR_OK;
    TRY(order_inside_note(tx, order->id, &turn->note));
    return order_inside_tell(tx, turn->event, order, NULL);
}

static bool is_in(const struct order_row_find_row *order, const char *state)
{
    return str_equal(order->state, str_from(state));
}

/* Paid. */

/* Something was captured; the order stays what it is. */
static enum err keep_captured(struct tx *tx, struct order_row_find_row *order, const char *state,
                              int64_t captured_minor)
{
    if (captured_minor == order->captured_minor)
        return ERR_OK;
    return turn_order(tx, order,
                      &(struct turn){.state = state,
                                     .captured_minor = captured_minor,
                                     .held_us = order->held_us});
}

static enum err pay(struct tx *tx, struct order_row_find_row *order, struct str payment,
                    int64_t captured_minor)
{
    TRY(stock_sell(tx, order->id));
    return turn_order(tx, order,
                      &(struct turn){.state = "paid",
                                     .event = "shop.order.paid",
                                     .note = {"paid", payment, STR("")},
                                     .captured_minor = captured_minor,
                                     .held_us = order->held_us});
}

/* Holds again what was let go when its time was over. */
static enum err hold_again(struct tx *tx, const struct order_row_find_row *order, bool *held)
{
    struct order_row_lines_rows lines;
    struct stock_want wants[CART_LINES_MAX];
    TRY(order_row_lines(tx, order->id, CART_LINES_MAX, &lines));
    for (size_t i = 0; i < lines.count; i++)
        wants[i] = (struct stock_want){.variant = lines.rows[i].variant,
                                       .quantity = lines.rows[i].quantity};
    enum err err = stock_hold(tx, order->id, wants, lines.count);
    *held = err == ERR_OK;
    if (err != ERR_CONFLICT)
        return err;
    err_clear(&tx->ctx->err);
    return stock_release(tx, order->id);
}

static enum err pay_late(struct tx *tx, struct order_row_find_row *order, struct str payment,
                         int64_t captured_minor, bool *refund)
{
    bool held = false;
    if (order->held_us && captured_minor >= order->gross_minor)
        TRY(hold_again(tx, order, &held));
    if (held)
        return pay(tx, order, payment, captured_minor);
    *refund = captured_minor > 0;
    return keep_captured(tx, order, "cancelled", captured_minor);
}

/* By another payment than the one that paid it. */
static enum err pay_again(struct tx *tx, struct order_row_find_row *order, struct str payment,
                          int64_t captured_minor, bool *refund)
{
    struct order_row_paid_by_rows notes;
    TRY(order_row_paid_by(tx, order->id, payment, &notes));
    if (notes.count)
        return ERR_OK;
    *refund = captured_minor > order->captured_minor;
    return keep_captured(tx, order, is_in(order, "paid") ? "paid" : "shipped", captured_minor);
}

enum err order_pay(struct tx *tx, struct str id, struct str payment, int64_t captured_minor,
                   bool *refund)
{
    struct order_row_find_row order;
    struct order_row_others_row others;
    *refund = false;
    TRY(order_row_find(tx, id, &order));
    TRY(order_row_others(tx, id, payment, &others));
    int64_t all_minor = others.captured_minor + captured_minor;
    if (all_minor < order.captured_minor) /* told late: more is known already */
        all_minor = order.captured_minor;
    if (is_in(&order, "cancelled"))
        return pay_late(tx, &order, payment, all_minor, refund);
    if (!is_in(&order, "placed") && !is_in(&order, "review"))
        return pay_again(tx, &order, payment, all_minor, refund);
    if (all_minor >= order.gross_minor)
        return pay(tx, &order, payment, all_minor);
    return keep_captured(tx, &order, is_in(&order, "placed") ? "placed" : "review", all_minor);
}

/* Cancelled. */

static enum err cancel(struct tx *tx, struct order_row_find_row *order,
                       const struct order_inside_note *note, int64_t held_us)
{
    TRY(stock_release(tx, order->id));
    TRY(stock_give_back(tx, order->id));
    TRY(order_row_give_back_use(tx, order->id));
    TRY(order_row_drop_uses(tx, order->id));
    return turn_order(tx, order,
                      &(struct turn){.state = "cancelled",
                                     .event = "shop.order.cancelled",
                                     .note = *note,
                                     .captured_minor = order->captured_minor,
                                     .held_us = held_us});
}

enum err order_cancel(struct tx *tx, struct str id, struct str why, struct str who)
{
    struct order_row_find_row order;
    TRY(order_row_find(tx, id, &order));
    if (is_in(&order, "cancelled"))
        return ERR_OK;
    if (is_in(&order, "shipped"))
        return err_fail(&tx->ctx->err, ERR_CONFLICT, "The order is on its way already.",
                        STR_FMT " is shipped", STR_ARG(id));
    TRY(cancel(tx, &order, &(struct order_inside_note){"cancelled", why, who}, 0));
    return payment_give_back(tx, id, PAYMENT_ALL, why);
}

/* What was paid of it goes back, and then it cannot be had by paying the rest. */
static enum err expire(struct tx *tx, struct str id)
{
    const struct order_inside_note note = {"cancelled", STR("It was not paid in time."), STR("")};
    struct order_row_find_row order;
    TRY(order_row_find(tx, id, &order));
    TRY(cancel(tx, &order, &note, order.captured_minor ? 0 : order.held_us));
    return order.captured_minor ? payment_give_back(tx, id, PAYMENT_ALL, note.words) : ERR_OK;
}

enum err order_expire(struct tx *tx, bool *more)
{
    struct order_row_late_rows late;
    TRY(order_row_late(tx, clock_now_us(tx->ctx->clock), ORDER_EXPIRES_MAX + 1, &late));
    *more = late.count > ORDER_EXPIRES_MAX;
    for (size_t i = 0; i < late.count && i < ORDER_EXPIRES_MAX; i++)
        TRY(expire(tx, late.rows[i].id));
    return ERR_OK;
}

/* Reviewed: it waits to be paid as any other. */
enum err order_accept(struct tx *tx, struct str id, struct str who)
{
    struct order_row_find_row order;
    TRY(order_row_find(tx, id, &order));
    if (!is_in(&order, "review"))
        return ERR_OK;
    int64_t held_us = clock_now_us(tx->ctx->clock) + ORDER_HOLD_S * SECOND_US;
    return turn_order(tx, &order,
                      &(struct turn){.state = "placed",
                                     .event = "shop.order.accepted",
                                     .note = {"review", STR(""), who},
                                     .captured_minor = order.captured_minor,
                                     .held_us = held_us > order.held_us ? held_us : order.held_us});
}

/* Shipped, and what people say. */

enum err order_ship(struct tx *tx, struct str id, struct str tracking, struct str who)
{
    struct order_row_find_row order;
    TRY(order_row_find(tx, id, &order));
    if (is_in(&order, "shipped"))
        return ERR_OK;
    if (!is_in(&order, "paid"))
        return err_fail(&tx->ctx->err, ERR_CONFLICT, "The order is not paid.",
                        STR_FMT " is " STR_FMT, STR_ARG(id), STR_ARG(order.state));
    return turn_order(tx, &order,
                      &(struct turn){.state = "shipped",
                                     .event = "shop.order.shipped",
                                     .note = {"shipped", tracking, who},
                                     .tracking = &tracking,
                                     .captured_minor = order.captured_minor,
                                     .held_us = order.held_us});
}

enum err order_note(struct tx *tx, struct str id, struct str kind, struct str words, struct str who)
{
    const char *text;
    struct order_row_find_row order;
    TRY(order_row_find(tx, id, &order));
    TRY(str_cstr(tx->ctx->arena, kind, &text));
    return order_inside_note(tx, id, &(struct order_inside_note){text, words, who});
}
