/* The parts of the checkout: countries and ways to pay as people read them. */
#include "cart_place.h"
#include "shop/checkout_country.h"
#include "shop/checkout_score.h"
#include "shop/checkout_way.h"
#include "shop/payment.h"
#include "shop/shop.h"
#include "text/language.h"

TEST(checkout_country_is_found_in_any_case)
{
    const struct country *austria = country_find(STR("at"));
    struct buf out;
    char text[64];
    REQUIRE(austria != NULL);
    buf_init_fixed(&out, text, sizeof text);
    austria->name(&out, language_find(STR("de")));
    CHECK_STR(buf_str(&out), "Österreich");
    CHECK(country_find(STR("XX")) == NULL && country_find(STR("")) == NULL);
}

TEST(checkout_ways_are_those_that_are_on)
{
    static const struct payment_driver ours = {.name = "stones"};
    const struct payment_driver *const drivers[] = {&payment_bank, &ours, NULL};
    struct shop shop = {.payments = drivers};
    struct request request = {.ctx = t->ctx, .room = &shop};
    struct checkout_way *ways;
    size_t count;
    t->ctx->language = language_find(STR("en"));
    REQUIRE(checkout_ways(&request, STR("stones"), &ways, &count) == ERR_OK);
    CHECK_INT(count, 2);
    CHECK_STR(ways[0].name, "Bank transfer");
    CHECK(ways[0].hint.len && !ways[0].chosen);
    CHECK_STR(ways[1].name, "stones");
    CHECK(ways[1].chosen && !ways[1].hint.len);
    REQUIRE(checkout_ways(&request, STR("gold"), &ways, &count) == ERR_OK);
    CHECK(ways[0].chosen && !ways[1].chosen);
    shop.payments = NULL;
    REQUIRE(checkout_ways(&request, STR(""), &ways, &count) == ERR_OK);
    CHECK_INT(count, 0);
}

/* Three orders within an hour are odd, and forgotten the day after. */
TEST(checkout_score_counts_what_an_address_ordered)
{
    for (const struct engine *engine = engines; engine->name; engine++) {
        struct shop_place place;
        struct cart_place cart;
        bool refused = true;
        shop_place_open(t, engine, &place);
        shop_place_variant(&place, 1, 20);
        const struct stock_want want = {.variant = shop_place_id(&place, "var", 1), .quantity = 1};
        for (int i = 0; i < 4; i++) {
            cart_place_fill(&place, &cart, &want, 1);
            if (i < 3)
                CHECK_ERR(cart_place_order(&place, &cart), ERR_OK);
        }
        struct ports ports = {.db = place.db};
        struct request request = {.ctx = t->ctx, .ports = &ports};
        REQUIRE(checkout_score(&request, &cart.placing, &refused) == ERR_OK);
        CHECK_INT(cart.placing.score, 20);
        CHECK(!cart.placing.review && !refused);
        cart.placing.email = STR("ada@mailinator.com");
        REQUIRE(checkout_score(&request, &cart.placing, &refused) == ERR_OK);
        CHECK_INT(cart.placing.score, 35);
        fake_clock_turn(&t->clock, DAY_US);
        cart.placing.email = STR("ada@example.com");
        REQUIRE(checkout_score(&request, &cart.placing, &refused) == ERR_OK);
        CHECK_INT(cart.placing.score, 0);
        shop_place_close(&place);
    }
}
