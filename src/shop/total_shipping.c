/* Where the goods go, by what, and for how much. */
#include "shop/total_inside.h"

static const struct id everywhere = {0};

static bool is_somewhere(struct id zone)
{
    return id_compare(zone, everywhere) != 0;
}

/* The zone with the narrowest area that holds the region; zeros where none does. */
static struct id find_zone(const struct total_shipping *shipping, const struct total_region *region)
{
    struct id found = everywhere;
    int narrowest = -1;
    for (size_t i = 0; i < shipping->zone_count; i++) {
        const struct total_zone *zone = &shipping->zones[i];
        for (size_t k = 0; k < zone->area_count; k++) {
            int fit = total_region_fit(&zone->areas[k], region);
            if (fit < narrowest || fit < 0 ||
                (fit == narrowest && id_compare(zone->id, found) >= 0))
                continue;
            narrowest = fit;
            found = zone->id;
        }
    }
    return found;
}

static bool goes_there(const struct total_work *work, const struct total_method *method)
{
    return !is_somewhere(method->zone) || id_compare(method->zone, work->zone) == 0;
}

void total_shipping_choose(struct total_work *work)
{
    const struct total_cart *cart = work->cart;
    bool is_shipped = false;
    for (size_t i = 0; i < work->item_count; i++)
        is_shipped |= work->items[i].line->is_shipped;
    work->total->delivery = !is_shipped                  ? TOTAL_DELIVERY_NONE
                            : is_somewhere(cart->method) ? TOTAL_DELIVERY_GONE
                                                         : TOTAL_DELIVERY_OPEN;
    if (!is_shipped || !cart->shipping)
        return;
    work->zone = find_zone(cart->shipping, &cart->ship_to);
    for (size_t i = 0; i < cart->shipping->method_count && is_somewhere(cart->method); i++)
        if (id_compare(cart->shipping->methods[i].id, cart->method) == 0 &&
            goes_there(work, &cart->shipping->methods[i]))
            work->method = &cart->shipping->methods[i];
}

/* What is shipped: the sums that bands are measured by. */
static struct total_band measure(const struct total_work *work)
{
    struct total_band sum = {0};
    for (size_t i = 0; i < work->item_count; i++) {
        const struct total_item *item = &work->items[i];
        if (!item->line->is_shipped)
            continue;
        sum.weight_g += item->line->weight_g * item->line->quantity;
        sum.goods_minor += item->left_minor;
        sum.quantity += item->line->quantity;
    }
    return sum;
}

static int64_t find_price(const struct total_method *method, const struct total_band *sum)
{
    int64_t price_minor = TOTAL_NOT_OFFERED;
    for (size_t i = 0; i < method->band_count; i++) {
        const struct total_band *band = &method->bands[i];
        if (sum->weight_g >= band->weight_g && sum->goods_minor >= band->goods_minor &&
            sum->quantity >= band->quantity)
            price_minor = band->price_minor;
    }
    if (price_minor > 0 && method->free_from_minor && sum->goods_minor >= method->free_from_minor)
        return 0;
    return price_minor;
}

int64_t total_shipping_price(const struct total_work *work)
{
    struct total_band sum = measure(work);
    return work->method ? find_price(work->method, &sum) : TOTAL_NOT_OFFERED;
}

enum err total_shipping_quote(struct total_work *work)
{
    const struct total_shipping *shipping = work->cart->shipping;
    struct total *total = work->total;
    if (!shipping || total->delivery == TOTAL_DELIVERY_NONE)
        return ERR_OK;
    struct total_band sum = measure(work);
    total->quotes = ARENA_ARRAY(work->ctx->arena, shipping->method_count, struct total_quote);
    if (!total->quotes)
        return err_memory(&work->ctx->err);
    for (size_t i = 0; i < shipping->method_count; i++) {
        const struct total_method *method = &shipping->methods[i];
        int64_t price_minor = goes_there(work, method) ? find_price(method, &sum) : -1;
        if (price_minor < 0)
            continue;
        total->quotes[total->quote_count++] = (struct total_quote){.method = method,
                                                                   .price_minor = price_minor};
        if (method == work->method)
            total->delivery = TOTAL_DELIVERY_PRICED;
    }
    return ERR_OK;
}
