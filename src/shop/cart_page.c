/* The page of the cart, and what is done on it. */
#include "base/buf.h"
#include "shop/cart_msg.h"
#include "shop/cart_view.h"
#include "shop/checkout_country.h"
#include "shop/checkout_msg.h"
#include "shop/shop.h"
#include "shop/shop_pages.h"
#include "shop/shop_routes.h"
#include "shop/shop_sql.h"

enum { CODES_LEN_MAX = (CART_CODE_LEN_MAX * 4 + 1) * RULES_CODES_MAX };

static enum err show(struct request *request, const struct field_errors *errors)
{
    struct cart_view view = {0};
    struct str id;
    TRY(cart_of(request, false, &id));
    if (id.len)
        TRY(cart_look(request, id, STR(""), &view));
    struct cart_page page = {.frame = ui_frame(request, "/cart"),
                             .view = &view,
                             .quantity = ui_value(request, errors, "quantity"),
                             .code = ui_value(request, errors, "code"),
                             .country = ui_value(request, errors, "country")};
    cart_page(respond_page(request), &page);
    return ERR_OK;
}

enum err cart_show(struct request *request)
{
    return show(request, NULL);
}

enum err cart_put_again(struct request *request, const struct field_errors *errors)
{
    return show(request, errors);
}

enum err cart_lines_again(struct request *request, const struct field_errors *errors)
{
    return show(request, errors);
}

enum err cart_codes_again(struct request *request, const struct field_errors *errors)
{
    return show(request, errors);
}

enum err cart_country_again(struct request *request, const struct field_errors *errors)
{
    return show(request, errors);
}

struct putting {
    struct str cart, variant;
    int64_t quantity;
};

static enum err add_line(struct tx *tx, void *arg)
{
    const struct putting *putting = arg;
    return cart_add(tx, putting->cart, putting->variant, putting->quantity);
}

static enum err set_line(struct tx *tx, void *arg)
{
    const struct putting *putting = arg;
    return cart_set(tx, putting->cart, putting->variant, putting->quantity);
}

/* What the cart refuses, in the reader's words. */
static enum err put(struct request *request, const struct putting *putting, db_fn *fn)
{
    struct ctx *ctx = request->ctx;
    struct putting asked = *putting;
    struct buf words;
    enum err err = db_write(request->ports->db, ctx, fn, &asked);
    if (err != ERR_INPUT)
        return err;
    bool full = str_equal(str_from(ctx->err.field), STR("variant"));
    buf_init(&words, ctx->arena, ERR_WORDS_MAX);
    if (full)
        text_cart_full(&words, ctx->language, CART_LINES_MAX);
    else
        text_cart_quantity_wrong(&words, ctx->language, CART_QUANTITY_MAX);
    return err_input(&ctx->err, "quantity", STR_FMT, STR_ARG(buf_str(&words)));
}

enum err cart_put(struct request *request, const struct cart_put_input *input)
{
    struct putting putting = {.variant = input->variant, .quantity = input->quantity};
    TRY(cart_of(request, true, &putting.cart));
    TRY(put(request, &putting, add_line));
    return respond_redirect(request, "/cart");
}

/* Of a cart that is gone there is nothing to change. */
static enum err cart_there(struct request *request, struct str *id)
{
    TRY(cart_of(request, false, id));
    return id->len ? ERR_OK
                   : err_fail(&request->ctx->err, ERR_MISSING, "There is no cart.",
                              "the request has no cart");
}

enum err cart_lines(struct request *request, const struct cart_lines_input *input)
{
    struct putting putting = {.variant = input->variant, .quantity = input->quantity};
    TRY(cart_there(request, &putting.cart));
    TRY(put(request, &putting, set_line));
    return respond_redirect(request, "/cart");
}

struct coding {
    struct request *request;
    struct str cart, code;
    bool drops;
};

/* The list without the code, and with it behind the others where it is used. */
static enum err change_codes(struct tx *tx, void *arg)
{
    struct coding *coding = arg;
    struct cart_row_row row;
    struct str code;
    struct buf codes;
    size_t count = 0;
    TRY(cart_row(tx, coding->cart, &row));
    buf_init(&codes, tx->ctx->arena, CODES_LEN_MAX);
    while (str_cut(&row.codes, ' ', &code))
        if (code.len && !str_equal_nocase(code, coding->code)) {
            buf_add(&codes, codes.len ? STR(" ") : STR(""));
            buf_add(&codes, code);
            count++;
        }
    if (!coding->drops && count >= RULES_CODES_MAX)
        return err_input(&tx->ctx->err, "code", "too many");
    if (!coding->drops) {
        buf_add(&codes, codes.len ? STR(" ") : STR(""));
        buf_add(&codes, coding->code);
    }
    TRY(buf_err(&codes));
    return cart_row_codes(tx, coding->cart, buf_str(&codes), clock_now_us(tx->ctx->clock));
}

static enum err wrong(struct request *request, const char *field, ui_say *say)
{
    struct str words = ui_words(request, say);
    return err_input(&request->ctx->err, field, STR_FMT, STR_ARG(words));
}

enum err cart_codes(struct request *request, const struct cart_codes_input *input)
{
    struct shop *shop = request->room;
    struct coding coding = {.request = request, .code = input->code, .drops = input->act == 1};
    TRY(cart_there(request, &coding.cart));
    rules_refresh(request->ctx, shop->rules);
    if (!coding.drops &&
        (str_find_char(input->code, ' ') != STR_NONE || !rules_know_code(shop->rules, input->code)))
        return wrong(request, "code", text_cart_code_unknown);
    enum err err = db_write(request->ports->db, request->ctx, change_codes, &coding);
    if (err == ERR_INPUT)
        return wrong(request, "code", text_cart_code_many);
    TRY(err);
    return respond_redirect(request, "/cart");
}

struct placing {
    struct str cart, country;
};

static enum err set_country(struct tx *tx, void *arg)
{
    const struct placing *placing = arg;
    struct cart_row_row row;
    TRY(cart_row(tx, placing->cart, &row));
    return cart_row_place(tx, placing->cart, placing->country, row.postcode, row.method,
                          clock_now_us(tx->ctx->clock));
}

enum err cart_country(struct request *request, const struct cart_country_input *input)
{
    const struct country *country = country_find(input->country);
    struct placing placing = {0};
    TRY(cart_there(request, &placing.cart));
    if (!country)
        return wrong(request, "country", text_checkout_country_wrong);
    placing.country = str_from(country->code);
    TRY(db_write(request->ports->db, request->ctx, set_country, &placing));
    return respond_redirect(request, "/cart");
}
