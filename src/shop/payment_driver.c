/* The ways to pay that there are, and those of them that are on. */
#include "base/ctx.h"
#include "shop/payment.h"
#include "shop/shop.h"

static const struct payment_driver *const drivers[] = {&payment_bank, &payment_cash,
                                                       &payment_stripe, &payment_test};

enum { DRIVERS = sizeof drivers / sizeof *drivers };

static const struct payment_driver *find_driver(struct str name)
{
    for (size_t i = 0; i < DRIVERS; i++)
        if (str_equal(name, str_from(drivers[i]->name)))
            return drivers[i];
    return NULL;
}

enum err shop_set_payments(struct ctx *ctx, struct shop *shop, struct str words)
{
    struct str name;
    size_t count = 0;
    const struct payment_driver **on = ARENA_ARRAY(ctx->arena, DRIVERS + 1,
                                                   const struct payment_driver *);
    if (!on)
        return err_memory(&ctx->err);
    on[0] = NULL;
    shop->payments = on;
    while (str_cut(&words, ' ', &name)) {
        const struct payment_driver *driver = find_driver(name);
        if (name.len && !driver)
            return err_input(&ctx->err, "SHOP_PAYMENTS",
                             "names \"" STR_FMT "\"; there are bank, cash, stripe and test",
                             STR_ARG(name));
        if (driver && !payment_driver_of(shop, name))
            on[count++] = driver;
        on[count] = NULL;
    }
    return ERR_OK;
}

const struct payment_driver *payment_driver_of(const struct shop *shop, struct str name)
{
    for (const struct payment_driver *const *driver = shop->payments; *driver; driver++)
        if (str_equal(name, str_from((*driver)->name)))
            return *driver;
    return NULL;
}
