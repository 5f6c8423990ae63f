/* Stock: what the ledger says and what lies there are the same. */
#include "place.h"

TEST(shop_place_has_what_is_put_there)
{
    for (const struct engine *engine = engines; engine->name; engine++) {
        struct shop_place place;
        shop_place_open(t, engine, &place);
        shop_place_variant(&place, 1, 20);
        shop_place_variant(&place, 2, -1);
        CHECK_INT(shop_place_number(&place, "SELECT SUM(free) FROM shop_stock"), 20);
        CHECK_INT(shop_place_number(&place, "SELECT COUNT(*) FROM shop_variant"), 2);
        shop_place_close(&place);
    }
}
