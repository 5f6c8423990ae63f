/* Refunds: what goes back for parts of an order, so that all parts make the whole.
 *
 *     struct total_sold lines[] = {
 *         {.quantity = 3, .gross_minor = 1000, .tax_minor = 160, .returned = 1, .returning = 1},
 *     };
 *     struct total_return order = {.lines = lines, .line_count = 1,
 *                                  .captures = captures, .capture_count = 1};
 *     struct total_refund *refund;
 *     TRY(total_refund_compute(ctx, &order, &refund));       the second of three: 3.34 of 10.00
 *
 * A line's first n pieces of q are worth gross × n ÷ q, rounded once (total.h); a refund is the
 * worth after it less the worth before it. So the order in which pieces come back, and in how many
 * refunds, changes nothing: the last one makes it whole. The tax of an amount is likewise cut from
 * the tax of the line. Shipping goes back by amount.
 *
 * What goes back is never more than what was captured and not yet refunded: the rest is withheld,
 * and said. It goes to the captures in the order in which they stand. */
#ifndef STOA_SHOP_TOTAL_REFUND_H
#define STOA_SHOP_TOTAL_REFUND_H

#include "base/ctx.h"
#include "base/id.h"

enum { TOTAL_CAPTURES_MAX = 100 };

/* A line as it was sold, what came back of it before, and what does now. */
struct total_sold {
    int64_t quantity, gross_minor, tax_minor;
    int64_t returned, returning; /* pieces */
};

/* A payment, a gift card or store credit that was taken. */
struct total_capture {
    struct id id;
    int64_t captured_minor, refunded_minor; /* by earlier refunds */
};

struct total_return {
    const struct total_sold *lines;
    size_t line_count;
    int64_t shipping_gross_minor, shipping_tax_minor;
    int64_t shipping_returned_minor, shipping_returning_minor; /* gross */
    int64_t adjustment_minor; /* more, as a gesture; or less, as a fee */
    const struct total_capture *captures;
    size_t capture_count;
};

struct total_back {
    int64_t net_minor, tax_minor, gross_minor;
};

struct total_refund {
    struct total_back *lines; /* in the order's order */
    struct total_back shipping, all;
    int64_t withheld_minor; /* of all and the adjustment, for there is no more to give back */
    int64_t paid_minor;     /* back to the customer: all + adjustment - withheld */
    int64_t *back_minor;    /* of it, to each capture */
};

/* ERR_INPUT for more pieces or shipping than are left, and for a fee above what comes back. */
enum err total_refund_compute(struct ctx *ctx, const struct total_return *order,
                              struct total_refund **refund);

#endif
