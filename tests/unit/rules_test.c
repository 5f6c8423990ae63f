/* Tests of the rules' JSON: bands and terms as they are written, and what is wrong with others. */
#include "shop/rules.h"

#include "harness/test.h"
#include "harness/torture.h"

TEST(rules_read_bands_as_they_stand)
{
    struct total_method method = {0};
    const struct str json = STR("[{\"weight\":0,\"price\":490},"
                                "{\"weight\":5000,\"goods\":10,\"quantity\":3,\"price\":-1}]");
    REQUIRE(rules_read_bands(t->ctx, json, &method) == ERR_OK);
    CHECK_INT(method.band_count, 2);
    CHECK_INT(method.bands[0].price_minor, 490);
    CHECK_INT(method.bands[1].weight_g, 5000);
    CHECK_INT(method.bands[1].goods_minor, 10);
    CHECK_INT(method.bands[1].quantity, 3);
    CHECK_INT(method.bands[1].price_minor, TOTAL_NOT_OFFERED);
}

TEST(rules_read_bands_says_what_is_wrong)
{
    static const struct {
        struct str json;
        const char *field;
    } wrong[] = {{STR("{}"), "bands"},
                 {STR("[1]"), ""},
                 {STR("[{\"price\":\"4\"}]"), "price"},
                 {STR("[{\"price\":4.5}]"), "price"},
                 {STR("[{\"cost\":4}]"), ""},
                 {STR("["), ""}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct total_method method = {0};
        test_note(t, STR_FMT, STR_ARG(wrong[i].json));
        CHECK_ERR(rules_read_bands(t->ctx, wrong[i].json, &method), ERR_INPUT);
        CHECK_TEXT(t->ctx->err.field, wrong[i].field);
        err_clear(&t->ctx->err);
    }
}

TEST(rules_read_terms_takes_every_name)
{
    struct total_promotion p = {0};
    const struct str json = STR(
        "{\"effect\":\"buy_get\",\"value\":500000,\"tiers\":[{\"from\":2,\"value\":7}],"
        "\"tiers_by_amount\":true,\"buy\":2,\"get\":1,\"sets_max\":4,\"get_on\":[\"a\"],"
        "\"on\":[\"prd_01KAH0XVK4A9N3FYJ0T8Q5RWZC\",\"b\"],\"not_on\":[\"c\"],"
        "\"groups\":[\"trade\"],\"currency\":\"EUR\",\"begin_us\":5,\"end_us\":6,"
        "\"minimum_quantity\":7,\"minimum_minor\":8,\"uses_by_customer\":9,\"priority\":-3,"
        "\"is_exclusive\":true}");
    struct id product;
    REQUIRE(id_parse(STR("prd_01KAH0XVK4A9N3FYJ0T8Q5RWZC"), "prd", &product) == ERR_OK);
    REQUIRE(rules_read_terms(t->ctx, json, &p) == ERR_OK);
    CHECK_INT(p.effect, TOTAL_BUY_GET);
    CHECK_INT(p.value, 500000);
    CHECK(p.tier_count == 1 && p.tiers[0].from == 2 && p.tiers[0].value == 7);
    CHECK(p.tiers_by_amount && p.is_exclusive);
    CHECK(p.buy == 2 && p.get == 1 && p.sets_max == 4);
    CHECK(p.get_on.count == 1 && p.on.count == 2 && p.not_on.count == 1 && p.groups.count == 1);
    CHECK_INT(id_compare(p.on.list[0], product), 0);
    CHECK_INT(id_compare(p.groups.list[0], rules_mark(STR("trade"))), 0);
    CHECK(p.currency == currency_find(STR("EUR")));
    CHECK(p.begin_us == 5 && p.end_us == 6);
    CHECK(p.minimum_quantity == 7 && p.minimum_minor == 8);
    CHECK(p.uses_by_customer.max == 9 && p.priority == -3);
}

TEST(rules_read_terms_says_what_is_wrong)
{
    static const struct {
        struct str json;
        const char *field;
    } wrong[] = {{STR("{\"value\":1}"), "effect"},
                 {STR("[]"), "effect"},
                 {STR("{\"effect\":\"gift\"}"), "effect"},
                 {STR("{\"effect\":1}"), "effect"},
                 {STR("{\"effect\":\"each\",\"value\":\"1\"}"), "value"},
                 {STR("{\"effect\":\"each\",\"on\":\"a\"}"), "on"},
                 {STR("{\"effect\":\"each\",\"on\":[1]}"), "on"},
                 {STR("{\"effect\":\"each\",\"tiers\":{}}"), "tiers"},
                 {STR("{\"effect\":\"each\",\"tiers\":[{\"from\":true}]}"), "from"},
                 {STR("{\"effect\":\"each\",\"currency\":\"XXX\"}"), "currency"},
                 {STR("{\"effect\":\"each\",\"priority\":99999999999}"), "priority"},
                 {STR("{\"effect\":\"each\",\"is_exclusive\":1}"), "is_exclusive"},
                 {STR("{\"effect\":\"each\",\"begin_us\":-1}"), "begin_us"},
                 {STR("{\"effect\":\"each\",\"percentage\":1}"), ""}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct total_promotion promotion = {0};
        test_note(t, STR_FMT, STR_ARG(wrong[i].json));
        CHECK_ERR(rules_read_terms(t->ctx, wrong[i].json, &promotion), ERR_INPUT);
        CHECK_TEXT(t->ctx->err.field, wrong[i].field);
        err_clear(&t->ctx->err);
    }
}

TEST(rules_mark_tells_names_apart)
{
    CHECK(id_compare(rules_mark(STR("trade")), rules_mark(STR("staff"))) != 0);
    CHECK(id_compare(rules_mark(STR("")), rules_mark(STR("staff"))) != 0);
    CHECK(id_compare(rules_mark(STR("prd_x")), rules_mark(STR("prd_y"))) != 0);
}

static enum err read_some(struct test *t, void *arg)
{
    const struct str *json = arg;
    struct total_promotion promotion = {0};
    enum err err = rules_read_terms(t->ctx, *json, &promotion);
    CHECK(err ? err == ERR_MEMORY : promotion.on.count == 1 && promotion.tier_count == 1);
    return err;
}

TEST(rules_read_terms_says_that_memory_fails)
{
    struct str json = STR("{\"effect\":\"each\",\"on\":[\"a\"],\"tiers\":[{\"from\":1}]}");
    TORTURE_EVERY(t, TORTURE_MEMORY, read_some, &json);
}
