/* The ways to pay, as people read them. */
#include "shop/checkout_way.h"

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

struct str checkout_way_name(const struct request *request, struct str provider)
{
    const struct words *words = find_words(provider);
    return words ? ui_words(request, words->name) : provider;
}

enum err checkout_ways(struct request *request, struct str chosen, struct checkout_way **ways,
                       size_t *count)
{
    const struct shop *shop = request->room;
    const struct payment_driver *const *drivers = shop->payments;
    size_t all = 0, first = 0;
    while (drivers && drivers[all])
        all++;
    *count = all;
    *ways = ARENA_ARRAY(request->ctx->arena, all, struct checkout_way);
    if (!*ways)
        return err_memory(&request->ctx->err);
    for (size_t i = 0; i < all; i++) {
        struct str id = str_from(drivers[i]->name);
        const struct words *words = find_words(id);
        (*ways)[i] = (struct checkout_way){.id = id, .name = checkout_way_name(request, id)};
        if (words)
            (*ways)[i].hint = ui_words(request, words->hint);
        first = str_equal(id, chosen) ? i : first;
    }
    if (all)
        (*ways)[first].chosen = true;
    return ERR_OK;
}

enum err checkout_pay(struct request *request, struct str order, struct str provider)
{
    struct payment_next next = {0};
    TRY(payment_begin(request->ctx, request->room, order, provider, &next));
    return respond_redirect(request, STR_FMT, STR_ARG(next.place));
}
