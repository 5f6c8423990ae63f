/* The shop: it opens with what all its handlers share, and closes whatever there is of it. */
#include "shop/shop.h"

#include "place.h"
#include "web/request.h"

TEST(shop_opens_and_closes)
{
    struct shop_place place;
    shop_place_open(t, engine_sqlite, &place);
    struct ports ports = {.db = place.db};
    struct shop shop = {.currency = currency_find(STR("EUR")), .country = STR("DE")};
    CHECK_ERR(shop_open(t->ctx, &ports, &shop), ERR_OK);
    CHECK(shop.rules != NULL && shop.ports == &ports);
    shop_close(&shop);
    CHECK(shop.rules == NULL);
    shop_close(&shop);
    shop_place_close(&place);
}

/* What cannot be read does not open, and leaves nothing behind. */
TEST(shop_that_cannot_be_read_does_not_open)
{
    struct shop_place place;
    shop_place_open(t, engine_sqlite, &place);
    struct ports ports = {.db = place.db};
    struct shop shop = {.currency = currency_find(STR("EUR")), .country = STR("DE")};
    shop_place_do(&place, "ALTER TABLE shop_method RENAME TO away");
    CHECK(shop_open(t->ctx, &ports, &shop) != ERR_OK);
    shop_close(&shop);
    shop_place_close(&place);
}
