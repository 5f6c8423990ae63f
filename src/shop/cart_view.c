/* Makes of a cart what its pages show. */
#include "shop/cart_view.h"

#include "shop/cart_msg.h"
#include "shop/catalog.h"
#include "shop/checkout_country.h"
#include "shop/shop.h"

enum { WORDS_MAX = 1 << 10 };

static struct buf words_of(struct ctx *ctx)
{
    struct buf out;
    buf_init(&out, ctx->arena, WORDS_MAX);
    return out;
}

static enum err show_lines(struct ctx *ctx, struct cart_view *view)
{
    view->lines = ARENA_ARRAY(ctx->arena, view->cart.count, struct cart_view_line);
    if (!view->lines)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < view->cart.count; i++) {
        const struct cart_line *line = &view->cart.lines[i];
        view->lines[i] = (struct cart_view_line){
            .line = line,
            .picture = catalog_picture(ctx->arena, line->picture),
            .goods_minor = view->total->lines[i].goods_minor,
            .gone = line->free <= 0,
            .lacks = line->free > 0 && line->free < line->quantity};
        view->goods_minor += view->total->lines[i].goods_minor;
        view->short_of = view->short_of || line->free < line->quantity;
    }
    return ERR_OK;
}

/* Why one does not apply. */
typedef void say_why(struct buf *out, const struct language *language, const struct cart_view *view,
                     const struct total_note *note);

static void why_not_begun(struct buf *out, const struct language *language,
                          const struct cart_view *view, const struct total_note *note)
{
    struct civil begin = civil_from_us(note->wanted);
    (void)view;
    text_cart_why_not_begun(out, language, &begin);
}

static void why_below_quantity(struct buf *out, const struct language *language,
                               const struct cart_view *view, const struct total_note *note)
{
    (void)view;
    text_cart_why_below_quantity(out, language, note->wanted);
}

static void why_below_amount(struct buf *out, const struct language *language,
                             const struct cart_view *view, const struct total_note *note)
{
    text_cart_why_below_amount(out, language, note->wanted - note->had, view->currency);
}

static struct str why(struct ctx *ctx, const struct cart_view *view, const struct total_note *note)
{
    static ui_say *const plain[] = {[TOTAL_OTHER_CURRENCY] = text_cart_why_other_currency,
                                    [TOTAL_ENDED] = text_cart_why_ended,
                                    [TOTAL_OTHER_GROUP] = text_cart_why_other_group,
                                    [TOTAL_USED_UP] = text_cart_why_used_up,
                                    [TOTAL_USED_BY_YOU] = text_cart_why_used_by_you,
                                    [TOTAL_NO_LINES] = text_cart_why_no_lines,
                                    [TOTAL_BEATEN] = text_cart_why_beaten,
                                    [TOTAL_NOTHING_LEFT] = text_cart_why_nothing_left};
    static say_why *const counted[] = {[TOTAL_NOT_BEGUN] = why_not_begun,
                                       [TOTAL_BELOW_QUANTITY] = why_below_quantity,
                                       [TOTAL_BELOW_AMOUNT] = why_below_amount,
                                       [TOTAL_NOTHING_LEFT] = NULL};
    struct buf out = words_of(ctx);
    if (plain[note->reason])
        plain[note->reason](&out, ctx->language);
    else if (counted[note->reason])
        counted[note->reason](&out, ctx->language, view, note);
    return buf_str(&out);
}

/* Of one without a code only what is near is of interest. */
static bool is_told(const struct total_note *note)
{
    return note->reason != TOTAL_NO_CODE &&
           (note->promotion->code.len || note->reason == TOTAL_APPLIED ||
            note->reason == TOTAL_BELOW_QUANTITY || note->reason == TOTAL_BELOW_AMOUNT);
}

static enum err show_offs(struct ctx *ctx, struct cart_view *view)
{
    const struct rules *rules = view->cart.rules;
    view->offs = ARENA_ARRAY(ctx->arena, rules->promotion_count, struct cart_view_off);
    if (!view->offs)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < rules->promotion_count; i++) {
        const struct total_note *note = &view->total->notes[i];
        if (!is_told(note))
            continue;
        view->offs[view->off_count++] = (struct cart_view_off){
            .name = rules->names[i].name,
            .off_minor = note->reason == TOTAL_APPLIED ? note->off_minor : 0,
            .why = note->reason == TOTAL_APPLIED ? STR("") : why(ctx, view, note)};
    }
    return ERR_OK;
}

static enum err show_taxes(struct ctx *ctx, struct cart_view *view)
{
    const struct rules *rules = view->cart.rules;
    view->taxes = ARENA_ARRAY(ctx->arena, view->total->tax_count, struct cart_view_tax);
    if (!view->taxes)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < view->total->tax_count; i++) {
        const struct total_tax_row *row = &view->total->taxes[i];
        if (row->tax_minor)
            view->taxes[view->tax_count++] = (struct cart_view_tax){
                rules->rates[row->rate - rules->tax.rates], row->tax_minor};
    }
    return ERR_OK;
}

static struct str days(struct ctx *ctx, const struct rules_method *method)
{
    struct buf out = words_of(ctx);
    if (method->days_min > 0 && method->days_max > method->days_min)
        text_cart_days(&out, ctx->language, method->days_min, method->days_max);
    else if (method->days_max > 0)
        text_cart_day(&out, ctx->language, method->days_max);
    return buf_str(&out);
}

static enum err show_methods(struct ctx *ctx, struct cart_view *view)
{
    const struct rules *rules = view->cart.rules;
    const struct total *total = view->total;
    view->methods = ARENA_ARRAY(ctx->arena, total->quote_count, struct cart_view_method);
    if (!view->methods)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < total->quote_count; i++) {
        const struct total_quote *quote = &total->quotes[i];
        const struct rules_method *method =
            &rules->methods[quote->method - rules->shipping.methods];
        view->methods[i] = (struct cart_view_method){
            .id = method->id,
            .name = method->name,
            .days = days(ctx, method),
            .price_minor = quote->price_minor,
            .pickup = method->pickup,
            .chosen = str_equal(method->id, view->cart.method)};
    }
    view->method_count = total->quote_count;
    view->shipping_minor = total->shipping.goods_minor;
    return ERR_OK;
}

static void show_codes(struct cart_view *view)
{
    struct str codes = view->cart.codes, code;
    while (view->code_count < RULES_CODES_MAX && str_cut(&codes, ' ', &code))
        if (code.len)
            view->codes[view->code_count++].code = code;
}

/* Those that something goes to; all of them where nothing goes anywhere, for an address is needed
 * in any case. */
static enum err show_countries(struct request *request, struct cart_view *view)
{
    const struct shop *shop = request->room;
    size_t all = 0;
    while (countries[all].code)
        all++;
    view->countries = ARENA_ARRAY(request->ctx->arena, all, struct cart_view_country);
    if (!view->countries)
        return err_memory(&request->ctx->err);
    for (int any = 0; any < 2 && !view->country_count; any++)
        for (size_t i = 0; i < all; i++) {
            struct str code = str_from(countries[i].code);
            if (any || rules_send_to(shop->rules, code))
                view->countries[view->country_count++] = (struct cart_view_country){
                    code, ui_words(request, countries[i].name),
                    str_equal_nocase(code, view->cart.country)};
        }
    return ERR_OK;
}

struct reading {
    const struct shop *shop;
    struct str id;
    struct cart *cart;
};

static enum err read_cart(struct tx *tx, void *arg)
{
    const struct reading *reading = arg;
    return cart_read(tx, reading->shop, reading->id, reading->cart);
}

/* The first method where none was chosen, or the one that was does not go there. */
static enum err work_out(struct request *request, struct cart_view *view)
{
    const struct shop *shop = request->room;
    TRY(cart_total(request->ctx, shop, &view->cart, &view->total));
    enum total_delivery delivery = view->total->delivery;
    if ((delivery != TOTAL_DELIVERY_OPEN && delivery != TOTAL_DELIVERY_GONE) ||
        !view->total->quote_count)
        return ERR_OK;
    const struct rules *rules = view->cart.rules;
    size_t first = (size_t)(view->total->quotes[0].method - rules->shipping.methods);
    view->cart.method = rules->methods[first].id;
    return cart_total(request->ctx, shop, &view->cart, &view->total);
}

enum err cart_look(struct request *request, struct str id, struct str email, struct cart_view *view)
{
    const struct shop *shop = request->room;
    struct reading reading = {.shop = shop, .id = id, .cart = &view->cart};
    *view = (struct cart_view){.currency = shop->currency};
    rules_refresh(request->ctx, shop->rules);
    TRY(db_read(request->ports->db, request->ctx, read_cart, &reading));
    if (email.len)
        view->cart.email = email;
    TRY(work_out(request, view));
    TRY(show_lines(request->ctx, view));
    TRY(show_offs(request->ctx, view));
    TRY(show_taxes(request->ctx, view));
    TRY(show_methods(request->ctx, view));
    show_codes(view);
    return show_countries(request, view);
}
