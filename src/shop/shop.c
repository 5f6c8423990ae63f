/* Opens the shop: what its handlers share. */
#include "shop/shop.h"

#include "shop/rules.h"
#include "shop/shelf.h"
#include "web/request.h"

enum err shop_open(struct ctx *ctx, const struct ports *ports, struct shop *shop)
{
    shop->ports = ports;
    TRY(shelf_open(ctx, &shop->shelf));
    return rules_open(ctx, ports->db, shop->country, &shop->rules);
}

void shop_close(struct shop *shop)
{
    rules_close(shop->rules);
    shelf_close(shop->shelf);
    shop->rules = NULL;
    shop->shelf = NULL;
}
