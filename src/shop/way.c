/* The ways to pay, as people read them. */
#include "shop/way.h"

#include "shop/checkout_msg.h"
#include "shop/payment.h"
#include "shop/shop.h"

struct words {
    const char *provider;
    ui_say *name, *hint;
};

static const struct words *find_words(struct str provider)
{
    static const struct words all[] = {
        {"bank", text_checkout_pay_bank, text_checkout_pay_bank_hint},
        {"cash", text_checkout_pay_cash, text_checkout_pay_cash_hint},
        {"stripe", text_checkout_pay_stripe, text_checkout_pay_stripe_hint},
        {"test", text_checkout_pay_test, text_checkout_pay_test_hint},
        {0}};
    for (const struct words *words = all; words->provider; words++)
        if (str_equal(str_from(words->provider), provider))
            return words;
    return NULL;
}

struct str way_name(const struct request *request, struct str provider)
{
    const struct words *words = find_words(provider);
    return words ? ui_words(request, words->name) : provider;
}

enum err ways_of(struct request *request, struct str chosen, struct way **ways, size_t *count)
{
    const struct shop *shop = request->room;
    const struct payment_driver *const *drivers = shop->payments;
    size_t all = 0, first = 0;
    while (drivers && drivers[all])
        all++;
    *count = all;
    *ways = ARENA_ARRAY(request->ctx->arena, all, struct way);
    if (!*ways)
        return err_memory(&request->ctx->err);
    for (size_t i = 0; i < all; i++) {
        struct str id = str_from(drivers[i]->name);
        const struct words *words = find_words(id);
        (*ways)[i] = (struct way){.id = id, .name = way_name(request, id)};
        if (words)
            (*ways)[i].hint = ui_words(request, words->hint);
        first = str_equal(id, chosen) ? i : first;
    }
    if (all)
        (*ways)[first].chosen = true;
    return ERR_OK;
}
