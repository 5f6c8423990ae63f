/* Opens the shop as the settings have it. */
#include "app/shopping.h"

#include "app/wiring.h"

enum err shopping_open(struct app *app, const struct ports *ports)
{
    const struct settings *settings = &app->settings;
    wiring_shop.country = settings->shop_country;
    wiring_shop.currency = currency_find(settings->shop_currency);
    if (!wiring_shop.currency)
        return err_input(&app->ctx.err, "SHOP_CURRENCY", "must be a currency, as EUR");
    if (wiring_shop.country.len != 2)
        return err_input(&app->ctx.err, "SHOP_COUNTRY", "must be a country's two letters, as DE");
    return shop_open(&app->ctx, ports, &wiring_shop);
}

void shopping_close(void)
{
    shop_close(&wiring_shop);
}
