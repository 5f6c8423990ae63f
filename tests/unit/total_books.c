/* Makes carts out of bytes, and audits their totals and refunds. */
#include "unit/total_books.h"

#include "base/assert.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct draw {
    struct arena *arena;
    const uint8_t *bytes;
    size_t size, at;
};

/* 0..bound-1, of two bytes; 0 where they have ended. */
static int64_t draw_below(struct draw *d, int64_t bound)
{
    unsigned value = 0;
    for (int i = 0; i < 2; i++)
        value = value << 8 | (d->at < d->size ? d->bytes[d->at++] : 0);
    return value % bound;
}

static bool draw_bool(struct draw *d, int64_t one_in)
{
    return draw_below(d, one_in) == one_in - 1;
}

static void *draw_array(struct draw *d, size_t count, size_t size)
{
    void *array = arena_array(d->arena, count, size);
    ASSERT(array);
    return array;
}

/* Some of 6 marks. */
static struct total_ids draw_marks(struct draw *d, int64_t most)
{
    struct total_ids ids = {.count = (size_t)draw_below(d, most + 1)};
    struct id *list = draw_array(d, ids.count, sizeof *list);
    for (size_t i = 0; i < ids.count; i++)
        list[i] = (struct id){1, (uint64_t)draw_below(d, 6)};
    ids.list = list;
    return ids;
}

static struct str draw_class(struct draw *d)
{
    static const char *const classes[] = {"", "reduced", "books"};
    return str_from(classes[draw_below(d, COUNT(classes))]);
}

static int64_t draw_price(struct draw *d)
{
    static const int64_t scales[] = {1, 1, 1, 7, 100, 10001};
    return draw_below(d, 3000) * scales[draw_below(d, COUNT(scales))];
}

static void draw_lines(struct draw *d, struct total_cart *cart)
{
    cart->line_count = (size_t)draw_below(d, TOTAL_BOOKS_LINES + 1);
    struct total_line *lines = draw_array(d, cart->line_count, sizeof *lines);
    for (size_t i = 0; i < cart->line_count; i++)
        lines[i] = (struct total_line){
            .id = {(uint64_t)draw_below(d, 50), i},
            .quantity = 1 + draw_below(d, draw_bool(d, 4) ? 1000 : 6),
            .price_minor = draw_price(d),
            .tax_class = draw_class(d),
            .marks = draw_marks(d, 3),
            .weight_g = draw_below(d, 5000),
            .is_shipped = !draw_bool(d, 4),
            .is_gift_card = draw_bool(d, 9),
        };
    cart->lines = lines;
}

static int64_t draw_value(struct draw *d, enum total_effect effect)
{
    if (effect == TOTAL_EACH || effect == TOTAL_ORDER)
        return draw_price(d);
    return draw_bool(d, 3) ? TOTAL_WHOLE : draw_below(d, 100) * 10000 + draw_below(d, 9999);
}

static void draw_tiers(struct draw *d, struct total_promotion *promotion)
{
    promotion->tier_count = draw_bool(d, 3) ? (size_t)draw_below(d, 4) : 0;
    promotion->tiers_by_amount = draw_bool(d, 2);
    struct total_tier *tiers = draw_array(d, promotion->tier_count, sizeof *tiers);
    for (size_t i = 0; i < promotion->tier_count; i++)
        tiers[i] = (struct total_tier){(i ? tiers[i - 1].from + 1 : 0) + draw_below(d, 8),
                                       draw_value(d, promotion->effect)};
    promotion->tiers = tiers;
}

static struct total_promotion draw_promotion(struct draw *d, size_t i)
{
    enum total_effect effect = (enum total_effect)draw_below(d, TOTAL_EFFECTS);
    struct total_promotion promotion = {
        .id = {(uint64_t)draw_below(d, 50), i},
        .effect = effect,
        .value = draw_value(d, effect),
        .buy = 1 + draw_below(d, 3),
        .get = 1 + draw_below(d, 2),
        .sets_max = draw_below(d, 3),
        .get_on = draw_marks(d, draw_bool(d, 3) ? 2 : 0),
        .on = draw_marks(d, draw_bool(d, 2) ? 2 : 0),
        .not_on = draw_marks(d, draw_bool(d, 4) ? 1 : 0),
        .groups = draw_marks(d, draw_bool(d, 6) ? 1 : 0),
        .code = draw_bool(d, 4) ? STR("Save") : STR(""),
        .currency = draw_bool(d, 9) ? currency_find(STR("USD")) : NULL,
        .begin_us = draw_below(d, 120),
        .end_us = draw_bool(d, 4) ? draw_below(d, 200) : 0,
        .minimum_quantity = draw_bool(d, 4) ? draw_below(d, 6) : 0,
        .minimum_minor = draw_bool(d, 4) ? draw_below(d, 9000) : 0,
        .uses = {draw_below(d, 3), draw_below(d, 3)},
        .priority = (int)draw_below(d, 3),
        .is_exclusive = draw_bool(d, 4),
    };
    draw_tiers(d, &promotion);
    return promotion;
}

static void draw_promotions(struct draw *d, struct total_cart *cart)
{
    static const struct str codes[] = {STR(" sAVE "), STR("other")};
    cart->codes = codes;
    cart->code_count = (size_t)draw_below(d, COUNT(codes) + 1);
    cart->promotion_count = (size_t)draw_below(d, TOTAL_BOOKS_PROMOTIONS + 1);
    struct total_promotion *list = draw_array(d, cart->promotion_count, sizeof *list);
    for (size_t i = 0; i < cart->promotion_count; i++)
        list[i] = draw_promotion(d, i);
    cart->promotions = list;
}

static struct total_region draw_region(struct draw *d)
{
    static const struct total_region regions[] = {
        {STR("DE"), STR("BY"), STR("80331")},
        {STR("AT"), STR(""), STR("1010")},
        {STR("CA"), STR("QC"), STR("H2X 1Y4")},
        {STR("US"), STR("NY"), STR("10001")},
        {STR("DE"), STR(""), STR("")},
        {STR(""), STR(""), STR("")},
        {STR(""), STR(""), STR("")},
    };
    return regions[draw_below(d, COUNT(regions))];
}

static struct total_rate draw_rate(struct draw *d, size_t i)
{
    static const int64_t rates_ppm[] = {190000, 70000, 200000, 50000, 99750, 88750, 0, 1000000};
    return (struct total_rate){
        .id = {(uint64_t)draw_below(d, 50), i},
        .area = draw_region(d),
        .tax_class = draw_class(d),
        .step = (int)draw_below(d, 4),
        .rate_ppm = rates_ppm[draw_below(d, COUNT(rates_ppm))],
        .is_compound = draw_bool(d, 3),
    };
}

static void draw_tax(struct draw *d, struct total_cart *cart)
{
    struct total_tax *tax = draw_array(d, 1, sizeof *tax);
    struct total_region *elsewhere = draw_array(d, 1, sizeof *elsewhere);
    if (draw_bool(d, 12))
        return;
    *tax = (struct total_tax){
        .rate_count = (size_t)draw_below(d, 20),
        .is_included = draw_bool(d, 2),
        .is_rounded_in_total = draw_bool(d, 2),
        .home = STR("DE"),
        .shipping = (enum total_shipping_tax)draw_below(d, 3),
        .shipping_class = draw_class(d),
    };
    struct total_rate *rates = draw_array(d, tax->rate_count, sizeof *rates);
    for (size_t i = 0; i < tax->rate_count; i++)
        rates[i] = draw_rate(d, i);
    tax->rates = rates;
    *elsewhere = draw_region(d);
    if (draw_bool(d, 4))
        tax->included_of = elsewhere;
    cart->tax = tax;
    cart->customer.is_exempt = draw_bool(d, 8);
    cart->customer.vat_country = draw_bool(d, 3) ? STR("AT") : STR("");
}

static struct total_method draw_method(struct draw *d, size_t i, size_t zones)
{
    struct total_method method = {.id = {7, i}, .band_count = (size_t)draw_below(d, 3) + 1};
    if (draw_bool(d, 2))
        method.zone = (struct id){5, (uint64_t)draw_below(d, 1 + (int64_t)zones)};
    if (draw_bool(d, 3))
        method.free_from_minor = draw_below(d, 9000);
    struct total_band *bands = draw_array(d, method.band_count, sizeof *bands);
    for (size_t k = 0; k < method.band_count; k++)
        bands[k] = (struct total_band){
            .weight_g = k && draw_bool(d, 2) ? draw_below(d, 9000) : 0,
            .goods_minor = draw_bool(d, 4) ? draw_below(d, 9000) : 0,
            .quantity = draw_bool(d, 4) ? draw_below(d, 20) : 0,
            .price_minor = draw_bool(d, 9) ? TOTAL_NOT_OFFERED : draw_below(d, 2000),
        };
    method.bands = bands;
    struct total_region *store = draw_array(d, 1, sizeof *store);
    *store = draw_region(d);
    method.pickup_at = draw_bool(d, 6) ? store : NULL;
    return method;
}

static void draw_shipping(struct draw *d, struct total_cart *cart)
{
    struct total_shipping *shipping = draw_array(d, 1, sizeof *shipping);
    shipping->zone_count = (size_t)draw_below(d, 4);
    shipping->method_count = (size_t)draw_below(d, 3) + 1;
    struct total_zone *zones = draw_array(d, shipping->zone_count, sizeof *zones);
    struct total_method *methods = draw_array(d, shipping->method_count, sizeof *methods);
    for (size_t i = 0; i < shipping->zone_count; i++) {
        struct total_region *areas = draw_array(d, 2, sizeof *areas);
        areas[0] = draw_region(d);
        if (i > 0)
            areas[1] = draw_region(d);
        zones[i] = (struct total_zone){.id = {5, i}, .areas = areas, .area_count = 2};
    }
    for (size_t i = 0; i < shipping->method_count; i++)
        methods[i] = draw_method(d, i, shipping->zone_count);
    shipping->zones = zones;
    shipping->methods = methods;
    cart->shipping = draw_bool(d, 12) ? NULL : shipping;
    cart->method = (struct id){7, (uint64_t)draw_below(d, 3)};
    cart->slot_minor = draw_bool(d, 4) ? draw_below(d, 500) : 0;
}

static void draw_purses(struct draw *d, struct total_cart *cart)
{
    cart->purse_count = (size_t)draw_below(d, 3);
    struct total_purse *purses = draw_array(d, cart->purse_count, sizeof *purses);
    for (size_t i = 0; i < cart->purse_count; i++)
        purses[i] = (struct total_purse){.id = {9, i}, .balance_minor = draw_price(d)};
    cart->purses = purses;
}

struct total_cart *total_books_cart(struct arena *arena, const uint8_t *bytes, size_t size)
{
    struct draw d = {.arena = arena, .bytes = bytes, .size = size};
    struct total_cart *cart = draw_array(&d, 1, sizeof *cart);
    cart->currency = currency_find(STR("EUR"));
    cart->now_us = 100;
    draw_lines(&d, cart);
    draw_promotions(&d, cart);
    cart->customer.groups = draw_marks(&d, 2);
    cart->ship_to = draw_region(&d);
    draw_tax(&d, cart);
    draw_shipping(&d, cart);
    draw_purses(&d, cart);
    return cart;
}

static const char *audit_part(const struct total_cart *cart, const struct total_part *part)
{
    bool is_added = cart->tax && !cart->tax->is_included;
    if (part->off_minor < 0 || part->off_minor > part->goods_minor)
        return "0 <= off <= goods";
    if (part->net_minor < 0 || part->tax_minor < 0)
        return "neither net nor tax is below 0";
    if (part->gross_minor != part->net_minor + part->tax_minor)
        return "gross = net + tax";
    if (part->gross_minor !=
        part->goods_minor - part->off_minor - part->change_minor + (is_added ? part->tax_minor : 0))
        return "gross = goods - off - change + added tax";
    return NULL;
}

static bool is_same_sum(const struct total_part *a, const struct total_part *b)
{
    return a->goods_minor == b->goods_minor && a->off_minor == b->off_minor &&
           a->change_minor == b->change_minor && a->net_minor == b->net_minor &&
           a->tax_minor == b->tax_minor && a->gross_minor == b->gross_minor;
}

static void add(struct total_part *sum, const struct total_part *part)
{
    sum->goods_minor += part->goods_minor;
    sum->off_minor += part->off_minor;
    sum->change_minor += part->change_minor;
    sum->net_minor += part->net_minor;
    sum->tax_minor += part->tax_minor;
    sum->gross_minor += part->gross_minor;
}

static const char *audit_parts(const struct total_cart *cart, const struct total *total)
{
    struct total_part sum = total->shipping;
    const char *broken = audit_part(cart, &total->shipping);
    for (size_t i = 0; i < cart->line_count && !broken; i++) {
        const struct total_part *part = &total->lines[i];
        broken = audit_part(cart, part);
        if (part->goods_minor != cart->lines[i].quantity * cart->lines[i].price_minor)
            broken = "goods = quantity * price";
        if (cart->lines[i].is_gift_card && (part->off_minor || part->tax_minor))
            broken = "gift cards are neither discounted nor taxed";
        add(&sum, part);
    }
    if (!broken && !is_same_sum(&sum, &total->all))
        broken = "all is the sum of its parts";
    return broken;
}

static const char *audit_note(const struct total_note *note, int64_t offs_minor[])
{
    int64_t sum_minor = note->shipping_off_minor;
    for (size_t i = 0; i < note->take_count; i++) {
        if (note->takes[i].off_minor <= 0)
            return "a take takes something";
        offs_minor[note->takes[i].line] += note->takes[i].off_minor;
        sum_minor += note->takes[i].off_minor;
    }
    if (sum_minor != note->off_minor)
        return "a promotion is the sum of what it took";
    if ((note->reason == TOTAL_APPLIED) != (sum_minor > 0))
        return "what was applied took something, and nothing else did";
    return NULL;
}

static const char *audit_notes(const struct total_cart *cart, const struct total *total)
{
    int64_t offs_minor[TOTAL_BOOKS_LINES] = {0}, shipping_minor = 0;
    size_t exclusive = 0, applied = 0;
    for (size_t i = 0; i < cart->promotion_count; i++) {
        const char *broken = audit_note(&total->notes[i], offs_minor);
        if (broken)
            return broken;
        shipping_minor += total->notes[i].shipping_off_minor;
        applied += total->notes[i].reason == TOTAL_APPLIED;
        exclusive += total->notes[i].reason == TOTAL_APPLIED && cart->promotions[i].is_exclusive;
    }
    for (size_t i = 0; i < cart->line_count; i++)
        if (offs_minor[i] != total->lines[i].off_minor)
            return "what promotions took of a line is what it is less";
    if (shipping_minor != total->shipping.off_minor)
        return "what promotions took of shipping is what it is less";
    return exclusive && applied > 1 ? "an exclusive promotion stands alone" : NULL;
}

static const char *audit_rest(const struct total_cart *cart, const struct total *total)
{
    int64_t tax_minor = 0, paid_minor = total->left_minor;
    for (size_t i = 0; i < total->tax_count; i++)
        tax_minor += total->taxes[i].tax_minor;
    if (tax_minor != total->all.tax_minor)
        return "the rows of taxes are all taxes";
    if (total->treatment != TOTAL_TAXED && total->all.tax_minor)
        return "who is exempt pays no tax";
    for (size_t i = 0; i < cart->purse_count; i++) {
        if (total->taken_minor[i] < 0 || total->taken_minor[i] > cart->purses[i].balance_minor)
            return "a purse gives what it has at most";
        paid_minor += total->taken_minor[i];
    }
    if (total->left_minor < 0 || paid_minor != total->all.gross_minor)
        return "what is taken and what is left is the gross";
    if (total->delivery != TOTAL_DELIVERY_PRICED && total->shipping.goods_minor)
        return "only what is offered costs";
    return NULL;
}

const char *total_books_audit(const struct total_cart *cart, const struct total *total)
{
    const char *broken = audit_parts(cart, total);
    broken = broken ? broken : audit_notes(cart, total);
    return broken ? broken : audit_rest(cart, total);
}

/* An order that is given back, and the sums of all that was. */
struct giving_back {
    struct total_return order;
    struct total_sold lines[TOTAL_BOOKS_LINES];
    struct total_capture captures[3];
    struct total_back line_sums[TOTAL_BOOKS_LINES];
    int64_t captured_minor, paid_minor, tax_minor;
};

static void sell(struct giving_back *g, const struct total_cart *cart, const struct total *total)
{
    g->order = (struct total_return){.lines = g->lines,
                                     .line_count = cart->line_count,
                                     .shipping_gross_minor = total->shipping.gross_minor,
                                     .shipping_tax_minor = total->shipping.tax_minor,
                                     .captures = g->captures,
                                     .capture_count = cart->purse_count + 1};
    for (size_t i = 0; i < cart->line_count; i++)
        g->lines[i] = (struct total_sold){.quantity = cart->lines[i].quantity,
                                          .gross_minor = total->lines[i].gross_minor,
                                          .tax_minor = total->lines[i].tax_minor};
    for (size_t i = 0; i < cart->purse_count; i++)
        g->captures[i].captured_minor = total->taken_minor[i];
    g->captures[cart->purse_count].captured_minor = total->left_minor;
    g->captured_minor = total->all.gross_minor;
}

static void choose_parts(struct giving_back *g, struct draw *d, bool is_last)
{
    for (size_t i = 0; i < g->order.line_count; i++) {
        int64_t left = g->lines[i].quantity - g->lines[i].returned;
        g->lines[i].returning = is_last ? left : draw_below(d, left + 1);
    }
    int64_t left_minor = g->order.shipping_gross_minor - g->order.shipping_returned_minor;
    g->order.shipping_returning_minor = is_last ? left_minor : draw_below(d, left_minor + 1);
    g->order.adjustment_minor = draw_bool(d, 6) ? draw_below(d, 300) : 0;
}

static const char *book(struct giving_back *g, const struct total_refund *refund)
{
    int64_t back_minor = 0;
    for (size_t i = 0; i < g->order.line_count; i++) {
        const struct total_back *back = &refund->lines[i];
        if (back->net_minor < 0 || back->tax_minor < 0)
            return "neither net nor tax of a refund is below 0";
        g->lines[i].returned += g->lines[i].returning;
        g->line_sums[i].gross_minor += back->gross_minor;
        g->line_sums[i].tax_minor += back->tax_minor;
    }
    for (size_t i = 0; i < g->order.capture_count; i++) {
        g->captures[i].refunded_minor += refund->back_minor[i];
        back_minor += refund->back_minor[i];
        if (g->captures[i].refunded_minor > g->captures[i].captured_minor)
            return "no capture gives back more than it took";
    }
    g->order.shipping_returned_minor += g->order.shipping_returning_minor;
    g->tax_minor += refund->all.tax_minor;
    g->paid_minor += refund->paid_minor;
    if (back_minor != refund->paid_minor)
        return "what is paid back comes from captures";
    if (refund->paid_minor + refund->withheld_minor !=
        refund->all.gross_minor + g->order.adjustment_minor)
        return "what is not paid back is withheld";
    return NULL;
}

static const char *close_books(const struct giving_back *g, const struct total *total)
{
    for (size_t i = 0; i < g->order.line_count; i++)
        if (g->line_sums[i].gross_minor != g->lines[i].gross_minor ||
            g->line_sums[i].tax_minor != g->lines[i].tax_minor)
            return "all refunds of a line are the line";
    if (g->tax_minor != total->all.tax_minor)
        return "all refunds give all tax back";
    return g->paid_minor == g->captured_minor ? NULL : "all refunds are what was captured";
}

const char *total_books_refunds(struct ctx *ctx, const struct total_cart *cart,
                                const struct total *total, const uint8_t *bytes, size_t size)
{
    struct draw d = {.arena = ctx->arena, .bytes = bytes, .size = size};
    struct giving_back g = {0};
    struct total_refund *refund = NULL;
    sell(&g, cart, total);
    int64_t parts = 1 + draw_below(&d, 5);
    for (int64_t i = 0; i < parts; i++) {
        choose_parts(&g, &d, i == parts - 1);
        if (total_refund_compute(ctx, &g.order, &refund))
            return "a refund of what is left is made";
        const char *broken = book(&g, refund);
        if (broken)
            return broken;
    }
    return close_books(&g, total);
}
