/* Tests of totals: whole carts worked out by hand, the bounds, and memory that fails. */
#include "shop/total.h"

#include "harness/test.h"
#include "harness/torture.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct id bread = {1, 1}, books = {1, 2}, parcel = {7, 1}, fetch = {7, 2};

/* A shop in Germany whose prices include taxes: 19 %, 7 % for books. */
struct shop {
    struct total_rate rates[2];
    struct total_tax tax;
    struct total_region germany, store;
    struct total_zone zone;
    struct total_band bands[2], free;
    struct total_method methods[2];
    struct total_shipping shipping;
    struct total_line lines[3];
    struct total_promotion promotions[2];
    struct total_purse purses[2];
    struct total_cart cart;
};

static void shop_init(struct shop *s)
{
    *s = (struct shop){
        .rates = {{.id = {3, 1}, .area = {.country = STR("DE")}, .rate_ppm = 190000},
                  {.id = {3, 2},
                   .area = {.country = STR("DE")},
                   .tax_class = STR("reduced"),
                   .rate_ppm = 70000}},
        .germany = {.country = STR("DE")},
        .store = {.country = STR("DE"), .postcode = STR("20095")},
        .bands = {{.price_minor = 490}, {.weight_g = 5000, .price_minor = 790}},
        .lines = {{.id = {2, 1}, .quantity = 3, .price_minor = 1999, .weight_g = 400},
                  {.id = {2, 2}, .quantity = 2, .price_minor = 1250, .weight_g = 300},
                  {.id = {2, 3}, .quantity = 1, .price_minor = 5000, .is_gift_card = true}},
        .promotions = {{.id = {4, 1}, .effect = TOTAL_PERCENT, .value = 100000},
                       {.id = {4, 2}, .effect = TOTAL_SHIPPING, .value = TOTAL_WHOLE}},
        .purses = {{.id = {9, 1}, .balance_minor = 1000}, {.id = {9, 2}, .balance_minor = 100000}},
    };
    s->lines[0].is_shipped = s->lines[1].is_shipped = true;
    s->lines[0].marks = (struct total_ids){&bread, 1};
    s->lines[1].marks = (struct total_ids){&books, 1};
    s->lines[1].tax_class = STR("reduced");
    s->tax = (struct total_tax){.rates = s->rates,
                                .rate_count = 2,
                                .is_included = true,
                                .home = STR("DE"),
                                .shipping = TOTAL_SHIPPING_SHARED};
    s->zone = (struct total_zone){.id = {5, 1}, .areas = &s->germany, .area_count = 1};
    s->methods[0] = (struct total_method){
        .id = parcel, .zone = s->zone.id, .bands = s->bands, .band_count = 2};
    s->methods[1] = (struct total_method){
        .id = fetch, .bands = &s->free, .band_count = 1, .pickup_at = &s->store};
    s->shipping = (struct total_shipping){
        .zones = &s->zone, .zone_count = 1, .methods = s->methods, .method_count = 2};
    s->cart = (struct total_cart){.currency = currency_find(STR("EUR")),
                                  .now_us = FAKE_NOW_US,
                                  .lines = s->lines,
                                  .line_count = COUNT(s->lines),
                                  .ship_to = s->germany,
                                  .promotions = s->promotions,
                                  .tax = &s->tax,
                                  .shipping = &s->shipping,
                                  .method = parcel};
}

static struct total *compute(struct test *t, const struct total_cart *cart)
{
    struct total *total = NULL;
    REQUIRE(total_compute(t->ctx, cart, &total) == ERR_OK);
    return total;
}

/* 3 × 19.99 and 2 × 12.50 of books, a gift card of 50.00, 10 % off, a parcel, two purses. */
TEST(total_of_a_cart_as_one_works_it_out_by_hand)
{
    struct shop s;
    shop_init(&s);
    s.cart.promotion_count = 1;
    s.cart.purses = s.purses;
    s.cart.purse_count = 2;
    struct total *total = compute(t, &s.cart);
    /* 10 % of 84.97 is 8.497: 8.50, of which 5.9985 and 2.5015 by 59.97 : 25.00. */
    CHECK_INT(total->notes[0].off_minor, 850);
    CHECK_INT(total->lines[0].off_minor, 600);
    CHECK_INT(total->lines[1].off_minor, 250);
    CHECK_INT(total->lines[2].off_minor, 0);
    /* 53.97 × 19/119 = 8.617; 22.50 × 7/107 = 1.472. */
    CHECK_INT(total->lines[0].tax_minor, 862);
    CHECK_INT(total->lines[1].tax_minor, 147);
    CHECK_INT(total->lines[2].tax_minor, 0);
    /* 4.90 by 53.97 : 22.50 is 3.46 and 1.44; 3.46 × 19/119 = 0.552; 1.44 × 7/107 = 0.094. */
    CHECK_INT(total->shipping.goods_minor, 490);
    CHECK_INT(total->shipping.tax_minor, 55 + 9);
    CHECK_INT(total->all.goods_minor, 5997 + 2500 + 5000 + 490);
    CHECK_INT(total->all.gross_minor, 13987 - 850);
    CHECK_INT(total->all.tax_minor, 862 + 147 + 55 + 9);
    CHECK_INT(total->tax_count, 2);
    CHECK_INT(total->taxes[0].tax_minor, 862 + 55);
    CHECK_INT(total->taxes[0].net_minor, 5397 - 862 + 346 - 55);
    CHECK_INT(total->taxes[1].tax_minor, 147 + 9);
    CHECK_INT(total->untaxed_minor, 5000);
    CHECK_INT(total->taken_minor[0], 1000);
    CHECK_INT(total->taken_minor[1], 13137 - 1000);
    CHECK_INT(total->left_minor, 0);
    CHECK_INT(total->delivery, TOTAL_DELIVERY_PRICED);
}

TEST(total_of_nothing_is_nothing)
{
    struct total_cart cart = {.currency = currency_find(STR("JPY"))};
    struct total *total = compute(t, &cart);
    CHECK_INT(total->all.gross_minor, 0);
    CHECK_INT(total->left_minor, 0);
    CHECK_INT(total->delivery, TOTAL_DELIVERY_NONE);
}

TEST(total_takes_of_purses_in_their_order)
{
    struct shop s;
    shop_init(&s);
    s.cart.line_count = 1; /* 59.97 and a parcel of 4.90 */
    s.purses[1].balance_minor = 250;
    s.cart.purses = s.purses;
    s.cart.purse_count = 2;
    struct total *total = compute(t, &s.cart);
    CHECK_INT(total->taken_minor[0], 1000);
    CHECK_INT(total->taken_minor[1], 250);
    CHECK_INT(total->left_minor, 5997 + 490 - 1250);
}

TEST(total_at_the_limits_is_exact)
{
    struct shop s;
    shop_init(&s);
    s.lines[0].quantity = 1000;
    s.lines[0].price_minor = TOTAL_PRICE_MAX_MINOR;
    s.cart.line_count = 1;
    s.cart.promotion_count = 1;
    struct total *total = compute(t, &s.cart);
    CHECK_INT(total->all.goods_minor, TOTAL_GOODS_MAX_MINOR + 790);
    CHECK_INT(total->lines[0].off_minor, TOTAL_GOODS_MAX_MINOR / 10);
    CHECK_INT(total->lines[0].tax_minor, INT64_C(143697478991597)); /* 9 × 10^14 × 19/119 */
}

struct wrong_line {
    const char *field;
    int64_t quantity, price_minor, weight_g;
};

TEST(total_refuses_lines_out_of_bounds)
{
    static const struct wrong_line rows[] = {
        {"quantity", 0, 1, 1},
        {"quantity", -1, 1, 1},
        {"quantity", TOTAL_QUANTITY_MAX + 1, 1, 1},
        {"quantity", INT64_MAX, INT64_MAX, 1},
        {"quantity", INT64_MIN, -1, 1},
        {"price", 1, -1, 1},
        {"price", 1, TOTAL_PRICE_MAX_MINOR + 1, 1},
        {"price", 1, INT64_MAX, 1},
        {"price", 1, INT64_MIN, 1},
        {"weight", 1, 1, -1},
        {"weight", 1, 1, TOTAL_WEIGHT_MAX_G + 1},
        {"lines", 1001, TOTAL_PRICE_MAX_MINOR, 1},
        {"lines", TOTAL_QUANTITY_MAX, TOTAL_PRICE_MAX_MINOR, 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct shop s;
        struct total *total = NULL;
        shop_init(&s);
        s.lines[1].quantity = rows[i].quantity;
        s.lines[1].price_minor = rows[i].price_minor;
        s.lines[1].weight_g = rows[i].weight_g;
        test_note(t, "row %zu", i);
        CHECK_ERR(total_compute(t->ctx, &s.cart, &total), ERR_INPUT);
        CHECK_TEXT(t->ctx->err.field, rows[i].field);
        CHECK(!total);
    }
}

static void lacks_currency(struct shop *s)
{
    s->cart.currency = NULL;
}

static void repeats_a_line(struct shop *s)
{
    s->lines[2].id = s->lines[0].id;
}

static void repeats_a_promotion(struct shop *s)
{
    s->promotions[1].id = s->promotions[0].id;
    s->cart.promotion_count = 2;
}

static void has_a_dear_slot(struct shop *s)
{
    s->cart.slot_minor = TOTAL_PRICE_MAX_MINOR + 1;
}

static void has_a_negative_purse(struct shop *s)
{
    s->purses[1].balance_minor = -1;
    s->cart.purses = s->purses;
    s->cart.purse_count = 2;
}

static void has_a_negative_price_of_shipping(struct shop *s)
{
    s->bands[1].price_minor = -2;
}

static void has_a_rate_above_all(struct shop *s)
{
    s->rates[1].rate_ppm = TOTAL_RATE_MAX_PPM + 1;
}

static void has_too_many_lines(struct shop *s)
{
    s->cart.line_count = TOTAL_LINES_MAX + 1;
}

static void has_too_many_promotions(struct shop *s)
{
    s->cart.promotion_count = TOTAL_PROMOTIONS_MAX + 1;
}

static void has_too_many_marks(struct shop *s)
{
    s->lines[0].marks.count = TOTAL_MARKS_MAX + 1;
}

static void gives_more_than_all(struct shop *s)
{
    s->promotions[0].value = TOTAL_WHOLE + 1;
    s->cart.promotion_count = 1;
}

static void gives_less_than_nothing(struct shop *s)
{
    s->promotions[0] = (struct total_promotion){.effect = TOTAL_EACH, .value = -1};
    s->cart.promotion_count = 1;
}

static void gets_nothing(struct shop *s)
{
    s->promotions[0] = (struct total_promotion){.effect = TOTAL_BUY_GET, .buy = 1};
    s->cart.promotion_count = 1;
}

static void has_tiers_that_fall(struct shop *s)
{
    static const struct total_tier tiers[] = {{3, 1}, {3, 2}};
    s->promotions[0].tiers = tiers;
    s->promotions[0].tier_count = 2;
    s->cart.promotion_count = 1;
}

TEST(total_refuses_what_else_is_out_of_bounds)
{
    static const struct {
        void (*spoil)(struct shop *s);
        const char *field;
    } rows[] = {
        {lacks_currency, "currency"},
        {repeats_a_line, "lines"},
        {repeats_a_promotion, "promotions"},
        {has_a_dear_slot, "slot"},
        {has_a_negative_purse, "balance"},
        {has_a_negative_price_of_shipping, "shipping"},
        {has_a_rate_above_all, "rate"},
        {has_too_many_lines, "lines"},
        {has_too_many_promotions, "promotions"},
        {has_too_many_marks, "marks"},
        {gives_more_than_all, "value"},
        {gives_less_than_nothing, "value"},
        {gets_nothing, "get"},
        {has_tiers_that_fall, "tiers"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct shop s;
        struct total *total = NULL;
        shop_init(&s);
        s.promotions[1].effect = TOTAL_PERCENT;
        rows[i].spoil(&s);
        test_note(t, "row %zu", i);
        CHECK_ERR(total_compute(t->ctx, &s.cart, &total), ERR_INPUT);
        CHECK_TEXT(t->ctx->err.field, rows[i].field);
    }
}

static enum err compute_all(struct test *t, void *arg)
{
    struct total *total = NULL;
    enum err err = total_compute(t->ctx, arg, &total);
    CHECK(err ? err == ERR_MEMORY && !total : total->all.gross_minor == 13987 - 850 - 490);
    return err;
}

TEST(total_says_that_memory_fails)
{
    struct shop s;
    shop_init(&s);
    s.cart.promotion_count = 2;
    TORTURE_EVERY(t, TORTURE_MEMORY, compute_all, &s.cart);
}

/* All of it fits in one block of an arena, so that the arena's end is where it fails. */
TEST(total_says_that_the_arena_is_at_its_end)
{
    int64_t failed = 0, fine = 0;
    struct shop s;
    shop_init(&s);
    s.cart.promotion_count = 2;
    for (size_t used = 0; used < ARENA_BLOCK_MIN; used += 48) {
        struct arena small;
        struct ctx ctx = {.arena = &small};
        struct total *total = NULL;
        arena_init(&small, ARENA_BLOCK_MIN);
        if (arena_bytes(&small, used)) {
            enum err err = total_compute(&ctx, &s.cart, &total);
            CHECK(err == ERR_OK || (err == ERR_MEMORY && !total));
            failed += err != ERR_OK;
            fine += err == ERR_OK;
        }
        arena_release(&small);
    }
    CHECK(failed > 20);
    CHECK(fine > 20);
}
