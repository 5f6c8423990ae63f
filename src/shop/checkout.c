/* The checkout: one page, on which a cart becomes an order. Of what its form says nothing counts
 * but ids and words: prices are worked out anew, and where they are others they are shown first. */
#include "guard/guard.h"
#include "shop/cart_view.h"
#include "shop/checkout_country.h"
#include "shop/checkout_msg.h"
#include "shop/checkout_score.h"
#include "shop/checkout_way.h"
#include "shop/order.h"
#include "shop/payment.h"
#include "shop/shop.h"
#include "shop/shop_pages.h"
#include "shop/shop_routes.h"
#include "shop/shop_sql.h"

struct showing {
    struct str cart;
    const struct field_errors *errors;
    bool first;   /* nothing was typed yet */
    bool changed; /* it costs something else than what was shown */
};

static enum err wrong(struct request *request, const char *field, ui_say *say)
{
    struct str words = ui_words(request, say);
    return err_input(&request->ctx->err, field, STR_FMT, STR_ARG(words));
}

struct known {
    struct str customer;
    struct bought_address_rows rows;
};

static enum err find_known(struct tx *tx, void *arg)
{
    struct known *known = arg;
    return bought_address(tx, known->customer, &known->rows);
}

/* A customer need not type what they typed the last time. */
static enum err fill_in(struct request *request, const struct cart *cart,
                        struct checkout_page *page)
{
    const struct guard_who *who = guard_who(request);
    struct known known = {.customer = cart->customer};
    if (!who || !cart->customer.len)
        return ERR_OK;
    page->email.typed = cart->email;
    page->name.typed = who->seen.name;
    TRY(db_read(request->ports->db, request->ctx, find_known, &known));
    if (!known.rows.count)
        return ERR_OK;
    const struct bought_address_row *row = &known.rows.rows[0];
    page->name.typed = row->name;
    page->street.typed = row->street;
    page->more.typed = row->more;
    page->postcode.typed = row->postcode;
    page->city.typed = row->city;
    page->region.typed = row->region;
    return ERR_OK;
}

static enum err show(struct request *request, const struct showing *showing)
{
    const struct field_errors *errors = showing->errors;
    struct cart_view view;
    TRY(cart_look(request, showing->cart, route_typed(request, "email"), &view));
    if (!view.cart.count || view.short_of)
        return respond_redirect(request, "/cart");
    struct checkout_page page = {.frame = ui_frame(request, "/cart"),
                                 .view = &view,
                                 .errors = errors,
                                 .guest = !guard_who(request),
                                 .changed = showing->changed,
                                 .email = ui_value(request, errors, "email"),
                                 .name = ui_value(request, errors, "name"),
                                 .street = ui_value(request, errors, "street"),
                                 .more = ui_value(request, errors, "more"),
                                 .postcode = ui_value(request, errors, "postcode"),
                                 .city = ui_value(request, errors, "city"),
                                 .region = ui_value(request, errors, "region"),
                                 .country = ui_value(request, errors, "country"),
                                 .method = ui_value(request, errors, "method"),
                                 .payment = ui_value(request, errors, "payment"),
                                 .terms = ui_value(request, errors, "terms")};
    TRY(checkout_ways(request, page.payment.typed, &page.ways, &page.way_count));
    if (showing->first)
        TRY(fill_in(request, &view.cart, &page));
    checkout_page(respond_page(request), &page);
    return ERR_OK;
}

enum err checkout_show(struct request *request)
{
    struct showing showing = {.first = true};
    TRY(cart_of(request, false, &showing.cart));
    return showing.cart.len ? show(request, &showing) : respond_redirect(request, "/cart");
}

struct placing {
    struct str cart, country, postcode, method;
    char order[ID_TEXT_MAX]; /* that the cart became; empty: none yet */
};

static enum err find_order(struct tx *tx, void *arg)
{
    struct placing *placing = arg;
    struct bought_of_cart_row row;
    placing->order[0] = '\0';
    struct id id;
    enum err err = bought_of_cart(tx, placing->cart, &row);
    if (err == ERR_MISSING) {
        err_clear(&tx->ctx->err);
        return ERR_OK;
    }
    TRY(err);
    TRY(id_parse(row.id, "ord", &id));
    id_format(id, "ord", placing->order);
    return ERR_OK;
}

/* Where it goes is the cart's, so that who shows it and who orders it see the same total. */
static enum err set_place(struct tx *tx, void *arg)
{
    const struct placing *placing = arg;
    struct cart_row_row row;
    TRY(cart_row(tx, placing->cart, &row));
    struct str country = placing->country.len ? placing->country : row.country;
    struct str method = placing->method.len ? placing->method : row.method;
    if (str_equal(country, row.country) && str_equal(method, row.method) &&
        str_equal(placing->postcode, row.postcode))
        return ERR_OK;
    return cart_row_place(tx, placing->cart, country, placing->postcode, method,
                          clock_now_us(tx->ctx->clock));
}

/* A cart of somebody else is none of the reader's. */
static enum err check_mine(struct request *request, struct str cart)
{
    struct str mine;
    TRY(cart_of(request, false, &mine));
    return str_equal(mine, cart) ? ERR_OK
                                 : err_fail(&request->ctx->err, ERR_MISSING, "There is no cart.",
                                            "the form has another cart than the cookie");
}

/* What was typed is shown with what it costs that way; nothing is ordered. A half-filled form is
 * no mistake then. */
static enum err update(struct request *request, const struct field_errors *errors)
{
    struct ui_value postcode = ui_value(request, errors, "postcode");
    const struct country *country = country_find(route_typed(request, "country"));
    struct placing placing = {.cart = route_typed(request, "form"),
                              .method = route_typed(request, "method")};
    struct id id;
    TRY(check_mine(request, placing.cart));
    if (country)
        placing.country = str_from(country->code);
    if (!postcode.wrong.len)
        placing.postcode = str_trim(postcode.typed);
    if (id_parse(placing.method, "shp", &id))
        placing.method = STR("");
    TRY(db_write(request->ports->db, request->ctx, set_place, &placing));
    respond_status(request, 200);
    return show(request, &(struct showing){.cart = placing.cart});
}

enum err checkout_place_again(struct request *request, const struct field_errors *errors)
{
    struct showing showing = {.errors = errors};
    if (str_equal(route_typed(request, "act"), STR("update")))
        return update(request, errors);
    TRY(cart_of(request, false, &showing.cart));
    return showing.cart.len ? show(request, &showing) : respond_redirect(request, "/cart");
}

static enum err check_choices(struct request *request, const struct checkout_place_input *input,
                              const struct cart_view *view)
{
    struct checkout_way *ways;
    size_t count, at = 0;
    enum total_delivery delivery = view->total->delivery;
    bool goes = delivery == TOTAL_DELIVERY_NONE ||
                (delivery == TOTAL_DELIVERY_PRICED &&
                 (!input->has_method || str_equal(view->cart.method, input->method)));
    if (!goes)
        return wrong(request, "method", text_checkout_method_wrong);
    TRY(checkout_ways(request, input->payment, &ways, &count));
    while (at < count && !str_equal(ways[at].id, input->payment))
        at++;
    if (at == count)
        return wrong(request, "payment", text_checkout_pay_wrong);
    if (!input->terms)
        return wrong(request, "terms", text_checkout_terms_wrong);
    return ERR_OK;
}

static struct str method_name(const struct cart_view *view)
{
    for (size_t i = 0; i < view->method_count; i++)
        if (view->methods[i].chosen)
            return view->methods[i].name;
    return STR("");
}

/* The cart's own method is stored where the first was taken for it: order_place compares. */
static enum err keep_method(struct request *request, struct cart_view *view)
{
    struct placing placing = {.cart = view->cart.id,
                              .country = view->cart.country,
                              .postcode = view->cart.postcode,
                              .method = view->cart.method};
    return db_write(request->ports->db, request->ctx, set_place, &placing);
}

static enum err place(struct request *request, const struct checkout_place_input *input,
                      struct cart_view *view)
{
    const struct shop *shop = request->room;
    struct order_placing placing = {.cart = &view->cart,
                                    .total = view->total,
                                    .shop = shop,
                                    .email = input->email,
                                    .language = str_from(request->ctx->language->code),
                                    .method = method_name(view),
                                    .payment = input->payment,
                                    .ship_to = {.name = input->name,
                                                .street = input->street,
                                                .more = input->more,
                                                .postcode = input->postcode,
                                                .city = input->city,
                                                .region = input->region,
                                                .country = view->cart.country}};
    bool refused;
    TRY(checkout_score(request, &placing, &refused));
    if (refused)
        return wrong(request, "payment", text_checkout_refused);
    TRY(keep_method(request, view));
    enum err err = db_write(request->ports->db, request->ctx, order_place, &placing);
    if (err == ERR_CONFLICT) /* sold meanwhile, or another window changed it: the cart shows it */
        return respond_redirect(request, "/cart");
    TRY(err);
    respond_cookie(request, "cart", STR(""), 0);
    return checkout_pay(request, str_from(placing.id), input->payment);
}

static enum err place_cart(struct request *request, const struct checkout_place_input *input,
                           struct placing *placing)
{
    struct cart_view view;
    TRY(check_mine(request, input->form));
    TRY(db_write(request->ports->db, request->ctx, set_place, placing));
    TRY(cart_look(request, input->form, input->email, &view));
    if (!view.cart.count || view.short_of)
        return respond_redirect(request, "/cart");
    TRY(check_choices(request, input, &view));
    if (!input->has_seen || input->seen != view.total->left_minor) {
        respond_status(request, 409);
        return show(request, &(struct showing){.cart = input->form, .changed = true});
    }
    return place(request, input, &view);
}

/* The same form sent twice leads to the same order; also where the first is placed just now. */
enum err checkout_place(struct request *request, const struct checkout_place_input *input)
{
    const struct country *country = country_find(input->country);
    struct placing placing = {.cart = input->form,
                              .postcode = input->postcode,
                              .method = input->has_method ? input->method : STR("")};
    if (input->act == 1)
        return update(request, NULL);
    if (!country)
        return wrong(request, "country", text_checkout_country_wrong);
    placing.country = str_from(country->code);
    for (int tries = 0; tries < 2; tries++) {
        TRY(db_read(request->ports->db, request->ctx, find_order, &placing));
        if (placing.order[0])
            return respond_redirect(request, "/orders/%s", placing.order);
        enum err err = tries ? ERR_OK : place_cart(request, input, &placing);
        if (err != ERR_MISSING && !tries)
            return err;
        err_clear(&request->ctx->err);
    }
    return respond_redirect(request, "/cart");
}
