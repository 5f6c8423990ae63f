/* What goes back for parts of an order: the worth after a refund less the worth before it. */
#include "shop/total_refund.h"

#include "shop/total.h"
#include "shop/total_inside.h"

/* The tax in an amount of something. Where the amount rises the tax never rises by more, so a part
 * has neither a tax nor a net below 0. */
static int64_t tax_of(int64_t minor, int64_t tax_minor, int64_t gross_minor)
{
    return gross_minor ? total_part_of(minor, tax_minor, gross_minor) : 0;
}

static struct total_back back_between(int64_t before_minor, int64_t after_minor, int64_t tax_minor,
                                      int64_t gross_minor)
{
    struct total_back back = {.gross_minor = after_minor - before_minor};
    back.tax_minor = tax_of(after_minor, tax_minor, gross_minor) -
                     tax_of(before_minor, tax_minor, gross_minor);
    back.net_minor = back.gross_minor - back.tax_minor;
    return back;
}

static struct total_back back_of_line(const struct total_sold *line)
{
    int64_t before_minor = total_part_of(line->gross_minor, line->returned, line->quantity);
    int64_t after_minor = total_part_of(line->gross_minor, line->returned + line->returning,
                                        line->quantity);
    return back_between(before_minor, after_minor, line->tax_minor, line->gross_minor);
}

static enum err check_amount(struct ctx *ctx, const char *field, int64_t minor, int64_t max_minor)
{
    if (minor < 0 || minor > max_minor)
        return err_input(&ctx->err, field, "must be from 0 to %lld", (long long)max_minor);
    return ERR_OK;
}

static enum err check_line(struct ctx *ctx, const struct total_sold *line)
{
    if (line->quantity < 1 || line->quantity > TOTAL_QUANTITY_MAX)
        return err_input(&ctx->err, "quantity", "must be from 1 to %d", TOTAL_QUANTITY_MAX);
    TRY(check_amount(ctx, "gross", line->gross_minor, TOTAL_GROSS_MAX_MINOR));
    TRY(check_amount(ctx, "tax", line->tax_minor, line->gross_minor));
    TRY(check_amount(ctx, "returned", line->returned, line->quantity));
    return check_amount(ctx, "returning", line->returning, line->quantity - line->returned);
}

static enum err check_captures(struct ctx *ctx, const struct total_return *order)
{
    int64_t sum_minor = 0;
    if (order->capture_count > TOTAL_CAPTURES_MAX)
        return err_input(&ctx->err, "captures", "must be %d at most", TOTAL_CAPTURES_MAX);
    for (size_t i = 0; i < order->capture_count; i++) {
        const struct total_capture *capture = &order->captures[i];
        TRY(check_amount(ctx, "captured", capture->captured_minor,
                         TOTAL_GROSS_MAX_MINOR - sum_minor));
        TRY(check_amount(ctx, "refunded", capture->refunded_minor, capture->captured_minor));
        sum_minor += capture->captured_minor;
    }
    return ERR_OK;
}

static enum err check(struct ctx *ctx, const struct total_return *order)
{
    if (order->line_count > TOTAL_LINES_MAX)
        return err_input(&ctx->err, "lines", "must be %d at most", TOTAL_LINES_MAX);
    int64_t left_minor = TOTAL_GROSS_MAX_MINOR;
    for (size_t i = 0; i < order->line_count; i++) {
        TRY(check_line(ctx, &order->lines[i]));
        TRY(check_amount(ctx, "gross", order->lines[i].gross_minor, left_minor));
        left_minor -= order->lines[i].gross_minor;
    }
    TRY(check_amount(ctx, "shipping", order->shipping_gross_minor, left_minor));
    TRY(check_amount(ctx, "shipping", order->shipping_tax_minor, order->shipping_gross_minor));
    TRY(check_amount(ctx, "shipping", order->shipping_returned_minor, order->shipping_gross_minor));
    TRY(check_amount(ctx, "shipping", order->shipping_returning_minor,
                     order->shipping_gross_minor - order->shipping_returned_minor));
    if (order->adjustment_minor > TOTAL_GROSS_MAX_MINOR ||
        order->adjustment_minor < -TOTAL_GROSS_MAX_MINOR)
        return err_input(&ctx->err, "adjustment", "must be smaller");
    return check_captures(ctx, order);
}

static void add_back(struct total_back *sum, const struct total_back *back)
{
    sum->net_minor += back->net_minor;
    sum->tax_minor += back->tax_minor;
    sum->gross_minor += back->gross_minor;
}

/* What is left when no capture has anything left is withheld. */
static void pay_back(const struct total_return *order, struct total_refund *refund,
                     int64_t wanted_minor)
{
    for (size_t i = 0; i < order->capture_count; i++) {
        const struct total_capture *capture = &order->captures[i];
        int64_t left_minor = capture->captured_minor - capture->refunded_minor;
        refund->back_minor[i] = left_minor < wanted_minor ? left_minor : wanted_minor;
        refund->paid_minor += refund->back_minor[i];
        wanted_minor -= refund->back_minor[i];
    }
    refund->withheld_minor = wanted_minor;
}

enum err total_refund_compute(struct ctx *ctx, const struct total_return *order,
                              struct total_refund **refund)
{
    TRY(check(ctx, order));
    struct total_refund *made = ARENA_NEW(ctx->arena, struct total_refund);
    if (!made)
        return err_memory(&ctx->err);
    made->lines = ARENA_ARRAY(ctx->arena, order->line_count, struct total_back);
    made->back_minor = ARENA_ARRAY(ctx->arena, order->capture_count, int64_t);
    if (!made->lines || !made->back_minor)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < order->line_count; i++) {
        made->lines[i] = back_of_line(&order->lines[i]);
        add_back(&made->all, &made->lines[i]);
    }
    made->shipping = back_between(order->shipping_returned_minor,
                                  order->shipping_returned_minor + order->shipping_returning_minor,
                                  order->shipping_tax_minor, order->shipping_gross_minor);
    add_back(&made->all, &made->shipping);
    if (made->all.gross_minor + order->adjustment_minor < 0)
        return err_input(&ctx->err, "adjustment", "must not be more than what comes back");
    pay_back(order, made, made->all.gross_minor + order->adjustment_minor);
    *refund = made;
    return ERR_OK;
}
