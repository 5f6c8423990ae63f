/* What a cart costs: its lines and the shop's rules, as total.h wants them. */
#include "shop/cart.h"
#include "shop/rules.h"
#include "shop/shop.h"
#include "shop/shop_sql.h"
#include "web/request.h"

/* The promotions of one cart, of which some are counted afresh. */
struct counting {
    struct str email;
    struct total_promotion *promotions;
    const struct rules *rules;
};

static bool is_counted(const struct total_promotion *promotion)
{
    return promotion->uses.max || promotion->uses_by_customer.max;
}

static enum err count_uses(struct tx *tx, void *arg)
{
    struct counting *counting = arg;
    for (size_t i = 0; i < counting->rules->promotion_count; i++) {
        struct total_promotion *promotion = &counting->promotions[i];
        struct rule_used_row row;
        if (!is_counted(promotion))
            continue;
        TRY(rule_used(tx, counting->rules->names[i].id, counting->email, &row));
        promotion->uses.count = row.used;
        promotion->uses_by_customer.count = row.by_email;
    }
    return ERR_OK;
}

static enum err take_promotions(struct ctx *ctx, const struct shop *shop, const struct cart *cart,
                                struct total_cart *made)
{
    const struct rules *rules = cart->rules;
    struct total_promotion *list = ARENA_ARRAY(ctx->arena, rules->promotion_count,
                                               struct total_promotion);
    bool counted = false;
    if (!list)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < rules->promotion_count; i++) {
        list[i] = rules->promotions[i];
        counted = counted || is_counted(&list[i]);
    }
    made->promotions = list;
    made->promotion_count = rules->promotion_count;
    if (!counted)
        return ERR_OK;
    struct counting counting = {.email = cart->email, .promotions = list, .rules = rules};
    return db_read(shop->ports->db, ctx, count_uses, &counting);
}

static enum err take_codes(struct ctx *ctx, struct str codes, struct total_cart *made)
{
    struct str *list = ARENA_ARRAY(ctx->arena, TOTAL_CODES_MAX, struct str), code;
    if (!list)
        return err_memory(&ctx->err);
    while (made->code_count < TOTAL_CODES_MAX && str_cut(&codes, ' ', &code))
        if (code.len)
            list[made->code_count++] = code;
    made->codes = list;
    return ERR_OK;
}

static enum err take_lines(struct ctx *ctx, const struct cart *cart, struct total_cart *made)
{
    struct total_line *lines = ARENA_ARRAY(ctx->arena, cart->count, struct total_line);
    if (!lines)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < cart->count; i++) {
        const struct cart_line *line = &cart->lines[i];
        lines[i] = (struct total_line){.id = rules_mark(line->variant),
                                       .quantity = line->quantity,
                                       .price_minor = line->price_minor,
                                       .tax_class = line->tax_class,
                                       .marks = line->marks,
                                       .weight_g = line->weight_g,
                                       .is_shipped = line->shipped,
                                       .is_gift_card = str_equal(line->kind, STR("gift_card"))};
    }
    made->lines = lines;
    made->line_count = cart->count;
    return ERR_OK;
}

static enum err take_customer(struct ctx *ctx, const struct cart *cart, struct total_cart *made)
{
    struct id *group = ARENA_NEW(ctx->arena, struct id);
    if (!group)
        return err_memory(&ctx->err);
    *group = rules_mark(cart->audience);
    made->customer = (struct total_customer){.groups = {group, cart->audience.len ? 1 : 0},
                                             .is_exempt = cart->exempt,
                                             .vat_country = str_slice(cart->vat, 0, 2)};
    return ERR_OK;
}

enum err cart_total(struct ctx *ctx, const struct shop *shop, const struct cart *cart,
                    struct total **total)
{
    struct total_cart *made = ARENA_NEW(ctx->arena, struct total_cart);
    if (!made)
        return err_memory(&ctx->err);
    made->currency = shop->currency;
    made->now_us = clock_now_us(ctx->clock);
    made->ship_to = (struct total_region){.country = cart->country, .postcode = cart->postcode};
    if (cart->method.len)
        made->method = rules_mark(cart->method);
    TRY(take_lines(ctx, cart, made));
    TRY(take_codes(ctx, cart->codes, made));
    TRY(take_customer(ctx, cart, made));
    if (cart->rules) {
        made->tax = &cart->rules->tax;
        made->shipping = &cart->rules->shipping;
        TRY(take_promotions(ctx, shop, cart, made));
    }
    return total_compute(ctx, made, total);
}
