/* What a cart is shown as, on its own page and at the checkout: the lines, and how the total came
 * about. Made in the request's memory, in the reader's language.
 *
 *     TRY(cart_look(request, id, &view));          read, with its total
 *     cart_page(out, &(struct cart_page){.view = &view, …}); */
#ifndef STOA_SHOP_CART_VIEW_H
#define STOA_SHOP_CART_VIEW_H

#include "shop/cart.h"
#include "shop/rules.h"
#include "ui/frame.h"

enum { CART_CODE_LEN_MAX = 40 };

struct cart_view {
    struct cart cart;
    struct total *total;
    const struct currency *currency;
    int64_t goods_minor;    /* without shipping, before anything is taken off */
    int64_t shipping_minor; /* the same of shipping */
    bool short_of;          /* of some line there is not enough */

    struct cart_view_line {
        const struct cart_line *line;
        struct str picture; /* where it is served; empty where there is none */
        int64_t goods_minor;
        bool gone, lacks; /* none is left; fewer are left than are wanted */
    } * lines;

    /* What promotions take off, and which would if: of those without a code, as far as it is near;
     * of those whose code was typed always. */
    struct cart_view_off {
        struct str name;
        int64_t off_minor;
        struct str why; /* it does not; else empty */
    } * offs;
    size_t off_count;

    struct cart_view_tax {
        struct str name;
        int64_t tax_minor;
    } * taxes;
    size_t tax_count;

    struct cart_view_method {
        struct str id, name, days;
        int64_t price_minor;
        bool chosen, pickup;
    } * methods;
    size_t method_count;

    struct cart_view_code {
        struct str code;
    } codes[RULES_CODES_MAX];
    size_t code_count;

    struct cart_view_country {
        struct str code, name;
        bool chosen;
    } * countries;
    size_t country_count;
};

/* ERR_MISSING where there is no such cart. Its method is the chosen one, or the first where that
 * does not go; `email` may be empty. */
enum err cart_look(struct request *request, struct str id, struct str email,
                   struct cart_view *view);

#endif
