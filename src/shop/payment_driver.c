/* The ways to pay that there are, and those of them that are on. */
#include "base/ctx.h"
#include "shop/payment.h"
#include "shop/shop.h"

enum { DRIVERS_MAX = 8 };

static const struct payment_driver *const drivers[] = {&payment_bank, &payment_cash,
                                                       &payment_stripe, &payment_test, NULL};

/* Among those of a list that ends with NULL. */
static const struct payment_driver *find(const struct payment_driver *const *list, struct str name)
{
    while (*list && !str_equal(name, str_from((*list)->name)))
        list++;
    return *list;
}

enum err shop_set_payments(struct ctx *ctx, struct shop *shop, struct str words)
{
    struct str name;
    size_t count = 0;
    const struct payment_driver **on = ARENA_ARRAY(ctx->arena, DRIVERS_MAX + 1,
                                                   const struct payment_driver *);
    if (!on)
        return err_memory(&ctx->err);
    on[0] = NULL;
    while (str_cut(&words, ' ', &name)) {
        const struct payment_driver *driver = find(drivers, name);
        if (name.len && !driver)
            return err_input(&ctx->err, "SHOP_PAYMENTS",
                             "names \"" STR_FMT "\"; there are bank, cash, stripe and test",
                             STR_ARG(name));
        if (driver && !find(on, name) && count < DRIVERS_MAX)
            on[count++] = driver;
        on[count] = NULL;
    }
    shop->payments = on;
    return ERR_OK;
}

const struct payment_driver *payment_driver_of(const struct shop *shop, struct str name)
{
    return find(shop->payments, name);
}
