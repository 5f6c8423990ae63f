/* Turns on the ways to pay that the settings name. */
#include "app/paying.h"

#include "app/wiring.h"
#include "ports/secrets/secrets.h"

/* Where nothing is said cards go to Stripe once its key is there; until then nobody takes any. */
static enum err choose_words(struct app *app, const struct ports *ports, struct str *words)
{
    struct str key;
    enum err err = secrets_get(ports->secrets, &app->ctx, "stripe_key", &key);
    if (err && err != ERR_MISSING)
        return err;
    err_clear(&app->ctx.err);
    *words = app->settings.shop_payments;
    if (!words->len)
        *words = err ? STR("test bank cash") : STR("stripe bank cash");
    if (err && str_find(*words, STR("stripe")) != STR_NONE)
        return err_input(&app->ctx.err, "SHOP_PAYMENTS",
                         "names stripe, whose key is not set: stoa secret set stripe_key");
    return ERR_OK;
}

enum err paying_open(struct app *app, const struct ports *ports)
{
    struct str words;
    TRY(choose_words(app, ports, &words));
    wiring_shop.ports = ports;
    wiring_shop.stripe_url = app->settings.stripe_url;
    return shop_set_payments(&app->ctx, &wiring_shop, words);
}
