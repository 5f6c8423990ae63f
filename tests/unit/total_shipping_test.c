/* Tests of shipping: regions, zones, bands, what is free, pickup, and what is not offered. */
#include "harness/test.h"
#include "shop/total.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

TEST(total_region_fits_the_narrowest)
{
    static const struct total_region home = {{"GB", 2}, {"ENG", 3}, {"SW1A 1AA", 8}};
    static const struct {
        struct total_region area;
        int fit;
    } rows[] = {
        {{{"", 0}, {"", 0}, {"", 0}}, 0},          {{{"GB", 2}, {"", 0}, {"", 0}}, 1},
        {{{"gb", 2}, {"eng", 3}, {"", 0}}, 3},     {{{"GB", 2}, {"", 0}, {"SW", 2}}, 9},
        {{{"GB", 2}, {"", 0}, {"sw1a-1", 6}}, 21}, {{{"GB", 2}, {"", 0}, {"SW1A1AAB", 8}}, -1},
        {{{"GB", 2}, {"", 0}, {"SE", 2}}, -1},     {{{"GB", 2}, {"SCT", 3}, {"", 0}}, -1},
        {{{"IE", 2}, {"", 0}, {"", 0}}, -1},       {{{"", 0}, {"", 0}, {" -", 2}}, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_note(t, "row %zu", i);
        CHECK_INT(total_region_fit(&rows[i].area, &home), rows[i].fit);
    }
}

TEST(total_region_knows_the_members_of_the_union)
{
    static const char *const members[] = {"AT", "de", "GR", "XI", "FR"};
    static const char *const others[] = {"GB", "CH", "NO", "US", "", "D", "EUR"};
    for (size_t i = 0; i < COUNT(members); i++)
        CHECK(total_region_is_eu(str_from(members[i])));
    for (size_t i = 0; i < COUNT(others); i++)
        CHECK(!total_region_is_eu(str_from(others[i])));
}

static const struct total_region germany = {.country = {"DE", 2}},
                                 islands = {.country = {"DE", 2}, .postcode = {"2749", 4}},
                                 world = {.country = {"", 0}}, store = {.country = {"DE", 2}};
static const struct total_zone zones[] = {
    {.id = {5, 1}, .areas = &world, .area_count = 1},
    {.id = {5, 2}, .areas = &germany, .area_count = 1},
    {.id = {5, 3}, .areas = &islands, .area_count = 1},
};
static const struct total_band parcel[] = {
    {.price_minor = 490},
    {.weight_g = 5000, .price_minor = 790},
    {.weight_g = 31500, .price_minor = TOTAL_NOT_OFFERED},
};
static const struct total_band by_price[] = {
    {.goods_minor = 1000, .price_minor = 300},
    {.goods_minor = 5000, .price_minor = 200},
};
static const struct total_band by_pieces[] = {
    {.price_minor = 1900},
    {.quantity = 3, .price_minor = 2900},
    {.quantity = 3, .weight_g = 5000, .price_minor = 3900},
};
static const struct total_band nothing = {.price_minor = 0};
static const struct total_method methods[] = {
    {.id = {7, 1}, .zone = {5, 2}, .bands = parcel, .band_count = 3, .free_from_minor = 8000},
    {.id = {7, 2}, .zone = {5, 2}, .bands = by_price, .band_count = 2},
    {.id = {7, 3}, .zone = {5, 1}, .bands = by_pieces, .band_count = 3},
    {.id = {7, 4}, .zone = {5, 3}, .bands = parcel, .band_count = 1},
    {.id = {7, 5}, .bands = &nothing, .band_count = 1, .pickup_at = &store},
};
static const struct total_shipping shipping = {
    .zones = zones, .zone_count = COUNT(zones), .methods = methods, .method_count = COUNT(methods)};

/* Prices of the five methods; -1 where one is not offered. */
struct row {
    const char *what, *country, *postcode;
    int64_t quantity, price_minor, weight_g;
    int64_t prices_minor[COUNT(methods)];
};

TEST(total_shipping_offers_what_goes_there)
{
    static const struct row rows[] = {
        {"light and cheap", "DE", "80331", 1, 999, 100, {490, -1, -1, -1, 0}},
        {"from 10.00 the second goes, too", "DE", "80331", 1, 1000, 100, {490, 300, -1, -1, 0}},
        {"5 kg", "DE", "80331", 2, 2000, 2500, {790, 300, -1, -1, 0}},
        {"31.5 kg is too much for a parcel", "DE", "80331", 1, 2000, 31500, {-1, 300, -1, -1, 0}},
        {"80.00 and more is free", "DE", "80331", 2, 4000, 100, {0, 200, -1, -1, 0}},
        {"79.98 is not", "DE", "80331", 2, 3999, 100, {490, 200, -1, -1, 0}},
        {"too heavy is not free", "DE", "80331", 1, 8000, 31500, {-1, 200, -1, -1, 0}},
        {"an island", "DE", "27498", 1, 2000, 100, {-1, -1, -1, 490, 0}},
        {"the world", "JP", "100-0001", 2, 2000, 100, {-1, -1, 1900, -1, 0}},
        {"three pieces", "JP", "100-0001", 3, 2000, 100, {-1, -1, 2900, -1, 0}},
        {"three heavy pieces", "JP", "100-0001", 3, 2000, 2000, {-1, -1, 3900, -1, 0}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct total_line line = {.quantity = rows[i].quantity,
                                  .price_minor = rows[i].price_minor,
                                  .weight_g = rows[i].weight_g,
                                  .is_shipped = true};
        struct total_cart cart = {.currency = currency_find(STR("EUR")),
                                  .lines = &line,
                                  .line_count = 1,
                                  .ship_to = {.country = str_from(rows[i].country),
                                              .postcode = str_from(rows[i].postcode)},
                                  .shipping = &shipping};
        struct total *total = NULL;
        REQUIRE(total_compute(t->ctx, &cart, &total) == ERR_OK);
        CHECK_INT(total->delivery, TOTAL_DELIVERY_OPEN);
        size_t offered = 0;
        for (size_t k = 0; k < COUNT(methods); k++) {
            test_note(t, "%s, method %zu", rows[i].what, k);
            bool is_offered = offered < total->quote_count &&
                              total->quotes[offered].method == &methods[k];
            CHECK_INT(is_offered ? total->quotes[offered].price_minor : -1,
                      rows[i].prices_minor[k]);
            offered += is_offered;
        }
        CHECK_INT(offered, total->quote_count);
    }
}

/* 85.00 in a parcel, with a slot that costs 2.50. */
static struct total_cart cart_of(const struct total_line *line)
{
    return (struct total_cart){.currency = currency_find(STR("EUR")),
                               .lines = line,
                               .line_count = 1,
                               .ship_to = germany,
                               .shipping = &shipping,
                               .method = methods[0].id,
                               .slot_minor = 250};
}

TEST(total_shipping_looks_at_prices_after_discounts)
{
    const struct total_line line = {.quantity = 1, .price_minor = 8500, .is_shipped = true};
    const struct total_promotion off = {.effect = TOTAL_ORDER, .value = 501};
    struct total_cart cart = cart_of(&line);
    struct total *total = NULL;
    REQUIRE(total_compute(t->ctx, &cart, &total) == ERR_OK);
    CHECK_INT(total->delivery, TOTAL_DELIVERY_PRICED);
    CHECK_INT(total->shipping.gross_minor, 250);
    cart.promotions = &off;
    cart.promotion_count = 1;
    REQUIRE(total_compute(t->ctx, &cart, &total) == ERR_OK);
    CHECK_INT(total->shipping.gross_minor, 490 + 250);
}

/* An exclusive 10.00 that makes shipping cost 4.90 still beats free shipping that saves nothing. */
TEST(total_shipping_counts_when_promotions_are_compared)
{
    const struct total_line line = {.quantity = 1, .price_minor = 8500, .is_shipped = true};
    struct total_promotion promotions[] = {
        {.id = {4, 1}, .effect = TOTAL_SHIPPING, .value = TOTAL_WHOLE},
        {.id = {4, 2}, .effect = TOTAL_ORDER, .value = 1000, .is_exclusive = true},
    };
    struct total_cart cart = cart_of(&line);
    struct total *total = NULL;
    cart.promotions = promotions;
    cart.promotion_count = COUNT(promotions);
    REQUIRE(total_compute(t->ctx, &cart, &total) == ERR_OK);
    CHECK_INT(total->all.gross_minor, 8500 - 1000 + 490 + 250);
    CHECK_INT(total->notes[0].reason, TOTAL_NOTHING_LEFT);
    /* 5.10 off would cost 4.90 of shipping more: 0.20 saved; 4.89 off is below what it costs. */
    promotions[1].value = 501;
    REQUIRE(total_compute(t->ctx, &cart, &total) == ERR_OK);
    CHECK_INT(total->all.gross_minor, 8500 - 501 + 490 + 250);
    promotions[1].value = 500 - 10;
    cart.lines = &(struct total_line){.quantity = 1, .price_minor = 8489, .is_shipped = true};
    REQUIRE(total_compute(t->ctx, &cart, &total) == ERR_OK);
    CHECK_INT(total->all.gross_minor, 8489 + 250);
    CHECK_INT(total->notes[1].reason, TOTAL_BEATEN);
    CHECK(!total->notes[1].by);
}

/* 1.00 off 10.50 would end the method that goes from 10.00. */
TEST(total_shipping_is_not_lost_to_a_promotion)
{
    const struct total_line line = {.quantity = 1, .price_minor = 1050, .is_shipped = true};
    const struct total_promotion off = {.effect = TOTAL_ORDER, .value = 100, .is_exclusive = true};
    struct total_cart cart = cart_of(&line);
    struct total *total = NULL;
    cart.method = methods[1].id;
    cart.promotions = &off;
    cart.promotion_count = 1;
    REQUIRE(total_compute(t->ctx, &cart, &total) == ERR_OK);
    CHECK_INT(total->delivery, TOTAL_DELIVERY_PRICED);
    CHECK_INT(total->all.gross_minor, 1050 + 300 + 250);
    CHECK_INT(total->notes[0].reason, TOTAL_BEATEN);
}

TEST(total_shipping_weighs_what_is_shipped)
{
    const struct total_line lines[] = {
        {.id = {2, 1}, .quantity = 1, .price_minor = 2000, .weight_g = 100, .is_shipped = true},
        {.id = {2, 2}, .quantity = 5, .price_minor = 9000, .weight_g = 9000},
    };
    struct total_cart cart = cart_of(lines);
    struct total *total = NULL;
    cart.line_count = COUNT(lines);
    REQUIRE(total_compute(t->ctx, &cart, &total) == ERR_OK);
    CHECK_INT(total->shipping.gross_minor, 490 + 250);
}

TEST(total_shipping_is_free_by_a_promotion_but_for_the_slot)
{
    const struct total_line line = {.quantity = 1, .price_minor = 2000, .is_shipped = true};
    struct total_promotion promotions[] = {
        {.id = {4, 1}, .effect = TOTAL_SHIPPING, .value = 500000},
        {.id = {4, 2}, .effect = TOTAL_SHIPPING, .value = 500000},
    };
    struct total_cart cart = cart_of(&line);
    struct total *total = NULL;
    cart.promotions = promotions;
    cart.promotion_count = COUNT(promotions);
    REQUIRE(total_compute(t->ctx, &cart, &total) == ERR_OK);
    CHECK_INT(total->notes[0].shipping_off_minor, 245);
    CHECK_INT(total->notes[1].shipping_off_minor, 123); /* half of what is left, 1.225 */
    CHECK_INT(total->shipping.gross_minor, 490 + 250 - 245 - 123);
    promotions[0].value = TOTAL_WHOLE;
    REQUIRE(total_compute(t->ctx, &cart, &total) == ERR_OK);
    CHECK_INT(total->shipping.gross_minor, 250);
    CHECK_INT(total->notes[1].reason, TOTAL_NOTHING_LEFT);
}

TEST(total_shipping_that_is_gone_or_not_needed_costs_nothing)
{
    struct total_line line = {.quantity = 1, .price_minor = 2000, .is_shipped = true};
    struct total_cart cart = cart_of(&line);
    struct total *total = NULL;
    cart.method = methods[2].id; /* the world's */
    REQUIRE(total_compute(t->ctx, &cart, &total) == ERR_OK);
    CHECK_INT(total->delivery, TOTAL_DELIVERY_GONE);
    CHECK_INT(total->all.gross_minor, 2000);
    cart.shipping = NULL;
    REQUIRE(total_compute(t->ctx, &cart, &total) == ERR_OK);
    CHECK_INT(total->delivery, TOTAL_DELIVERY_GONE);
    cart.shipping = &shipping;
    line.is_shipped = false;
    REQUIRE(total_compute(t->ctx, &cart, &total) == ERR_OK);
    CHECK_INT(total->delivery, TOTAL_DELIVERY_NONE);
    CHECK_INT(total->quote_count, 0);
    CHECK_INT(total->all.gross_minor, 2000);
}

/* What is fetched is taxed where it is fetched, wherever the customer lives. */
TEST(total_shipping_by_pickup_is_taxed_there)
{
    const struct total_rate rate = {.area = germany, .rate_ppm = 190000};
    const struct total_tax tax = {.rates = &rate, .rate_count = 1};
    const struct total_line line = {.quantity = 1, .price_minor = 1000, .is_shipped = true};
    struct total_cart cart = cart_of(&line);
    struct total *total = NULL;
    cart.ship_to = (struct total_region){.country = STR("US")};
    cart.tax = &tax;
    cart.method = methods[2].id;
    REQUIRE(total_compute(t->ctx, &cart, &total) == ERR_OK);
    CHECK_INT(total->all.tax_minor, 0);
    cart.method = methods[4].id;
    REQUIRE(total_compute(t->ctx, &cart, &total) == ERR_OK);
    CHECK_INT(total->lines[0].tax_minor, 190);
}
