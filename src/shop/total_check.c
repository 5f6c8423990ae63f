/* The bounds of a cart: what is within them cannot overflow any sum of the totals. */
#include "base/assert.h"
#include "shop/total_inside.h"

int64_t total_part_of(int64_t minor, int64_t numerator, int64_t denominator)
{
    int64_t part_minor = 0;
    enum err err = money_part(minor, numerator, denominator, &part_minor);
    ASSERT(err == ERR_OK);
    return part_minor;
}

void total_split(int64_t minor, const int64_t weights[], size_t count, int64_t shares_minor[])
{
    enum err err = money_split(minor, weights, count, shares_minor);
    ASSERT(err == ERR_OK);
}

static enum err check_range(struct ctx *ctx, const char *field, int64_t value, int64_t min,
                            int64_t max)
{
    if (value < min || value > max)
        return err_input(&ctx->err, field, "must be from %lld to %lld", (long long)min,
                         (long long)max);
    return ERR_OK;
}

static enum err check_count(struct ctx *ctx, const char *field, size_t count, size_t max)
{
    if (count > max)
        return err_input(&ctx->err, field, "must be %zu at most", max);
    return ERR_OK;
}

static enum err check_line(struct ctx *ctx, const struct total_line *line)
{
    TRY(check_range(ctx, "quantity", line->quantity, 1, TOTAL_QUANTITY_MAX));
    TRY(check_range(ctx, "price", line->price_minor, 0, TOTAL_PRICE_MAX_MINOR));
    TRY(check_range(ctx, "weight", line->weight_g, 0, TOTAL_WEIGHT_MAX_G));
    return check_count(ctx, "marks", line->marks.count, TOTAL_MARKS_MAX);
}

static enum err check_lines(struct ctx *ctx, const struct total_cart *cart)
{
    TRY(check_count(ctx, "lines", cart->line_count, TOTAL_LINES_MAX));
    int64_t goods_minor = 0;
    for (size_t i = 0; i < cart->line_count; i++) {
        const struct total_line *line = &cart->lines[i];
        TRY(check_line(ctx, line));
        goods_minor += line->quantity * line->price_minor;
        TRY(check_range(ctx, "lines", goods_minor, 0, TOTAL_GOODS_MAX_MINOR));
    }
    return ERR_OK;
}

static bool is_percentage(enum total_effect effect)
{
    return effect == TOTAL_PERCENT || effect == TOTAL_BUY_GET || effect == TOTAL_SHIPPING;
}

static enum err check_value(struct ctx *ctx, const struct total_promotion *promotion, int64_t value)
{
    int64_t max = is_percentage(promotion->effect) ? TOTAL_WHOLE : TOTAL_PRICE_MAX_MINOR;
    return check_range(ctx, "value", value, 0, max);
}

static enum err check_tiers(struct ctx *ctx, const struct total_promotion *promotion)
{
    TRY(check_count(ctx, "tiers", promotion->tier_count, TOTAL_TIERS_MAX));
    for (size_t i = 0; i < promotion->tier_count; i++) {
        TRY(check_value(ctx, promotion, promotion->tiers[i].value));
        if (i > 0 && promotion->tiers[i].from <= promotion->tiers[i - 1].from)
            return err_input(&ctx->err, "tiers", "must rise, each above the one before it");
    }
    return ERR_OK;
}

static enum err check_promotion(struct ctx *ctx, const struct total_promotion *promotion)
{
    TRY(check_range(ctx, "effect", promotion->effect, 0, TOTAL_EFFECTS - 1));
    TRY(check_value(ctx, promotion, promotion->value));
    TRY(check_tiers(ctx, promotion));
    if (promotion->effect == TOTAL_BUY_GET) {
        TRY(check_range(ctx, "buy", promotion->buy, 1, TOTAL_QUANTITY_MAX));
        TRY(check_range(ctx, "get", promotion->get, 1, TOTAL_QUANTITY_MAX));
        TRY(check_range(ctx, "sets", promotion->sets_max, 0, INT64_MAX));
    }
    TRY(check_count(ctx, "get_on", promotion->get_on.count, TOTAL_IDS_MAX));
    TRY(check_count(ctx, "on", promotion->on.count, TOTAL_IDS_MAX));
    TRY(check_count(ctx, "not_on", promotion->not_on.count, TOTAL_IDS_MAX));
    return check_count(ctx, "groups", promotion->groups.count, TOTAL_IDS_MAX);
}

static enum err check_bands(struct ctx *ctx, const struct total_method *method)
{
    TRY(check_count(ctx, "bands", method->band_count, TOTAL_BANDS_MAX));
    for (size_t i = 0; i < method->band_count; i++)
        TRY(check_range(ctx, "shipping", method->bands[i].price_minor, TOTAL_NOT_OFFERED,
                        TOTAL_PRICE_MAX_MINOR));
    return ERR_OK;
}

static enum err check_shipping(struct ctx *ctx, const struct total_shipping *shipping)
{
    TRY(check_count(ctx, "zones", shipping->zone_count, TOTAL_ZONES_MAX));
    for (size_t i = 0; i < shipping->zone_count; i++)
        TRY(check_count(ctx, "areas", shipping->zones[i].area_count, TOTAL_AREAS_MAX));
    TRY(check_count(ctx, "methods", shipping->method_count, TOTAL_METHODS_MAX));
    for (size_t i = 0; i < shipping->method_count; i++)
        TRY(check_bands(ctx, &shipping->methods[i]));
    return ERR_OK;
}

static enum err check_purses(struct ctx *ctx, const struct total_cart *cart)
{
    TRY(check_count(ctx, "purses", cart->purse_count, TOTAL_PURSES_MAX));
    for (size_t i = 0; i < cart->purse_count; i++)
        TRY(check_range(ctx, "balance", cart->purses[i].balance_minor, 0, INT64_MAX));
    return ERR_OK;
}

enum err total_check(struct ctx *ctx, const struct total_cart *cart)
{
    if (!cart->currency)
        return err_input(&ctx->err, "currency", "must be one that is in use");
    TRY(check_lines(ctx, cart));
    TRY(check_count(ctx, "codes", cart->code_count, TOTAL_CODES_MAX));
    TRY(check_count(ctx, "groups", cart->customer.groups.count, TOTAL_IDS_MAX));
    TRY(check_count(ctx, "promotions", cart->promotion_count, TOTAL_PROMOTIONS_MAX));
    for (size_t i = 0; i < cart->promotion_count; i++)
        TRY(check_promotion(ctx, &cart->promotions[i]));
    if (cart->shipping)
        TRY(check_shipping(ctx, cart->shipping));
    if (cart->tax)
        TRY(check_count(ctx, "rates", cart->tax->rate_count, TOTAL_RATES_MAX));
    TRY(check_range(ctx, "slot", cart->slot_minor, 0, TOTAL_PRICE_MAX_MINOR));
    return check_purses(ctx, cart);
}
