/* Tests of refunds: parts worked out by hand, the bounds, and captures that end. */
#include "shop/total_refund.h"

#include "harness/test.h"
#include "harness/torture.h"
#include "shop/total.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* 3 pieces for 10.00 with 1.60 of tax in it, and shipping of 4.90 with 0.78; paid by a card. */
struct bought {
    struct total_sold line;
    struct total_capture captures[2];
    struct total_return order;
};

static void bought_init(struct bought *b)
{
    b->line = (struct total_sold){.quantity = 3, .gross_minor = 1000, .tax_minor = 160};
    b->captures[0] = (struct total_capture){.id = {8, 1}, .captured_minor = 1000};
    b->captures[1] = (struct total_capture){.id = {8, 2}, .captured_minor = 490};
    b->order = (struct total_return){.lines = &b->line,
                                     .line_count = 1,
                                     .shipping_gross_minor = 490,
                                     .shipping_tax_minor = 78,
                                     .captures = b->captures,
                                     .capture_count = 2};
}

TEST(total_refund_of_pieces_adds_up)
{
    static const struct {
        int64_t returned, returning, gross_minor, tax_minor;
    } rows[] = {
        {0, 1, 333, 53}, /* 3.33 of 10.00, 1.60 × 3.33/10 = 0.5328 */
        {1, 1, 334, 54}, /* 6.67 less 3.33, 1.0672 less that */
        {2, 1, 333, 53}, /* the rest */
        {0, 2, 667, 107}, {1, 2, 667, 107}, {0, 3, 1000, 160}, {3, 0, 0, 0}, {0, 0, 0, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct bought b;
        struct total_refund *refund = NULL;
        bought_init(&b);
        b.line.returned = rows[i].returned;
        b.line.returning = rows[i].returning;
        test_note(t, "row %zu", i);
        REQUIRE(total_refund_compute(t->ctx, &b.order, &refund) == ERR_OK);
        CHECK_INT(refund->lines[0].gross_minor, rows[i].gross_minor);
        CHECK_INT(refund->lines[0].tax_minor, rows[i].tax_minor);
        CHECK_INT(refund->all.net_minor, rows[i].gross_minor - rows[i].tax_minor);
        CHECK_INT(refund->paid_minor, rows[i].gross_minor);
        CHECK_INT(refund->withheld_minor, 0);
    }
}

TEST(total_refund_goes_to_captures_and_never_beyond)
{
    static const struct {
        const char *what;
        int64_t returning, shipping_minor, adjustment_minor, refunded_minor;
        int64_t paid_minor, withheld_minor, back_minor[2];
    } rows[] = {
        {"all of it", 3, 490, 0, 0, 1490, 0, {1000, 490}},
        {"shipping alone", 0, 490, 0, 0, 490, 0, {490, 0}},
        {"a gesture", 1, 0, 100, 0, 433, 0, {433, 0}},
        {"a fee", 1, 0, -100, 0, 233, 0, {233, 0}},
        {"a fee of all of it", 1, 0, -333, 0, 0, 0, {0, 0}},
        {"what was given before is not there any more", 3, 490, 0, 300, 1190, 300, {700, 490}},
        {"never more than was captured", 3, 490, 5000, 0, 1490, 5000, {1000, 490}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct bought b;
        struct total_refund *refund = NULL;
        bought_init(&b);
        b.line.returning = rows[i].returning;
        b.order.shipping_returning_minor = rows[i].shipping_minor;
        b.order.adjustment_minor = rows[i].adjustment_minor;
        b.captures[0].refunded_minor = rows[i].refunded_minor;
        test_note(t, "%s", rows[i].what);
        REQUIRE(total_refund_compute(t->ctx, &b.order, &refund) == ERR_OK);
        CHECK_INT(refund->paid_minor, rows[i].paid_minor);
        CHECK_INT(refund->withheld_minor, rows[i].withheld_minor);
        CHECK_INT(refund->back_minor[0], rows[i].back_minor[0]);
        CHECK_INT(refund->back_minor[1], rows[i].back_minor[1]);
    }
}

TEST(total_refund_refuses_what_is_not_there)
{
    static const struct {
        const char *field;
        struct total_sold line;
        int64_t shipping_returned_minor, shipping_returning_minor, adjustment_minor;
        struct total_capture capture;
    } rows[] = {
        {"returning", {3, 1000, 160, 1, 3}, 0, 0, 0, {{0}, 1490, 0}},
        {"returning", {3, 1000, 160, 0, -1}, 0, 0, 0, {{0}, 1490, 0}},
        {"returning", {3, 1000, 160, 0, INT64_MAX}, 0, 0, 0, {{0}, 1490, 0}},
        {"returned", {3, 1000, 160, 4, 0}, 0, 0, 0, {{0}, 1490, 0}},
        {"quantity", {0, 1000, 160, 0, 0}, 0, 0, 0, {{0}, 1490, 0}},
        {"quantity", {TOTAL_QUANTITY_MAX + 1, 1000, 160, 0, 0}, 0, 0, 0, {{0}, 1490, 0}},
        {"gross", {3, -1, 0, 0, 0}, 0, 0, 0, {{0}, 1490, 0}},
        {"gross", {3, INT64_MAX, 0, 0, 0}, 0, 0, 0, {{0}, 1490, 0}},
        {"tax", {3, 1000, 1001, 0, 0}, 0, 0, 0, {{0}, 1490, 0}},
        {"shipping", {3, 1000, 160, 0, 0}, 491, 0, 0, {{0}, 1490, 0}},
        {"shipping", {3, 1000, 160, 0, 0}, 90, 401, 0, {{0}, 1490, 0}},
        {"shipping", {3, 1000, 160, 0, 0}, 0, -1, 0, {{0}, 1490, 0}},
        {"adjustment", {3, 1000, 160, 0, 1}, 0, 0, -334, {{0}, 1490, 0}},
        {"adjustment", {3, 1000, 160, 0, 1}, 0, 0, INT64_MAX, {{0}, 1490, 0}},
        {"adjustment", {3, 1000, 160, 0, 1}, 0, 0, INT64_MIN, {{0}, 1490, 0}},
        {"refunded", {3, 1000, 160, 0, 1}, 0, 0, 0, {{0}, 1490, 1491}},
        {"captured", {3, 1000, 160, 0, 1}, 0, 0, 0, {{0}, -1, 0}},
        {"captured", {3, 1000, 160, 0, 1}, 0, 0, 0, {{0}, INT64_MAX, 0}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct bought b;
        struct total_refund *refund = NULL;
        bought_init(&b);
        b.line = rows[i].line;
        b.order.shipping_returned_minor = rows[i].shipping_returned_minor;
        b.order.shipping_returning_minor = rows[i].shipping_returning_minor;
        b.order.adjustment_minor = rows[i].adjustment_minor;
        b.captures[0] = rows[i].capture;
        b.order.capture_count = 1;
        test_note(t, "row %zu", i);
        CHECK_ERR(total_refund_compute(t->ctx, &b.order, &refund), ERR_INPUT);
        CHECK_TEXT(t->ctx->err.field, rows[i].field);
        CHECK(!refund);
    }
}

TEST(total_refund_has_limits)
{
    struct bought b;
    struct total_refund *refund = NULL;
    bought_init(&b);
    b.order.line_count = TOTAL_LINES_MAX + 1;
    CHECK_ERR(total_refund_compute(t->ctx, &b.order, &refund), ERR_INPUT);
    CHECK_TEXT(t->ctx->err.field, "lines");
    b.order.line_count = 1;
    b.order.capture_count = TOTAL_CAPTURES_MAX + 1;
    CHECK_ERR(total_refund_compute(t->ctx, &b.order, &refund), ERR_INPUT);
    CHECK_TEXT(t->ctx->err.field, "captures");
}

static enum err refund_all(struct test *t, void *arg)
{
    struct bought *b = arg;
    struct total_refund *refund = NULL;
    enum err err = total_refund_compute(t->ctx, &b->order, &refund);
    CHECK(err ? err == ERR_MEMORY && !refund : refund->paid_minor == 1000);
    return err;
}

TEST(total_refund_says_that_memory_fails)
{
    struct bought b;
    bought_init(&b);
    b.line.returning = 3;
    TORTURE_EVERY(t, TORTURE_MEMORY, refund_all, &b);
}
