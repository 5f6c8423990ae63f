/* The auditor of stock, with rows that were broken on purpose. */
#include "cart_place.h"
#include "web/request.h"

enum { PAGE = 500, AUDITED_MAX = PAGE + 30 };

static int64_t audited(struct shop_place *place, struct shop *shop)
{
    struct test *t = place->t;
    CHECK_ERR(shop_audit(place->ctx, shop, NULL), ERR_OK);
    return counter_value(&shop->stock_wrong);
}

TEST(shop_audit_finds_what_is_not_in_the_ledger)
{
    for (const struct engine *engine = engines; engine->name; engine++) {
        struct shop_place place;
        struct ports ports = {.site_url = {NULL, 0}};
        struct shop shop = {.ports = &ports};
        shop_place_open(t, engine, &place);
        ports.db = place.db;
        shop_measure(&shop, &place.counters);
        CHECK_INT(audited(&place, &shop), 0);
        for (int n = 1; n <= 4; n++)
            shop_place_variant(&place, n, 10);
        CHECK_INT(audited(&place, &shop), 0);
        CHECK_INT(counter_value(&shop.stock_audited), 4);
        shop_place_do(&place, "UPDATE shop_stock SET free = free + 1 WHERE variant = '" STR_FMT "'",
                      STR_ARG(shop_place_id(&place, "var", 2)));
        CHECK_INT(audited(&place, &shop), 1);
        CHECK(str_find(test_log(t), STR("stock is not what its ledger says")) != STR_NONE);
        CHECK_INT(shop_place_number(&place, "SELECT COUNT(*) FROM flow_event "
                                            "WHERE type = 'shop.stock.wrong'"),
                  1);
        /* rows that are gone, the first and the last among them */
        shop_place_do(&place,
                      "DELETE FROM shop_stock WHERE variant <> '" STR_FMT "' AND variant <> "
                      "'" STR_FMT "'",
                      STR_ARG(shop_place_id(&place, "var", 2)),
                      STR_ARG(shop_place_id(&place, "var", 3)));
        CHECK_INT(audited(&place, &shop), 3);
        /* and what never was in it */
        shop_place_do(&place, "DELETE FROM shop_movement WHERE variant <> '" STR_FMT "'",
                      STR_ARG(shop_place_id(&place, "var", 2)));
        CHECK_INT(audited(&place, &shop), 2);
        shop_place_do(&place, "UPDATE shop_stock SET free = 0");
        shop_place_do(&place, "DELETE FROM shop_movement");
        CHECK_INT(audited(&place, &shop), 0);
        shop_place_close(&place);
    }
}

TEST(shop_audit_reads_in_pages)
{
    struct shop_place place;
    struct ports ports = {.site_url = {NULL, 0}};
    struct shop shop = {.ports = &ports};
    shop_place_open(t, engine_sqlite, &place);
    ports.db = place.db;
    shop_measure(&shop, &place.counters);
    for (int n = 1; n <= PAGE; n++)
        shop_place_variant(&place, n, n);
    CHECK_INT(audited(&place, &shop), 0);
    for (int n = PAGE + 1; n <= AUDITED_MAX; n++)
        shop_place_variant(&place, n, n);
    CHECK_INT(audited(&place, &shop), 0);
    CHECK_INT(counter_value(&shop.stock_audited), AUDITED_MAX);
    shop_place_do(&place,
                  "UPDATE shop_stock SET held = held + 1 WHERE free = %d OR free = %d "
                  "OR free = %d",
                  PAGE, PAGE + 1, AUDITED_MAX);
    CHECK_INT(audited(&place, &shop), 3);
    shop_place_close(&place);
}
