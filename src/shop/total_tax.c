/* Which taxes are owed on what, and how much they are. */
#include <string.h>

#include "shop/total_inside.h"

/* Of one net unit, in 10^-12, so that a compound rate is exact. */
#define UNIT INT64_C(1000000000000)

enum { UNIT_PER_PPM = 1000000 };

/* The taxes that the lines of a class have in common. */
struct taxes {
    const struct total_rate *rates[TOTAL_STEPS_MAX];
    int64_t parts[TOTAL_STEPS_MAX]; /* of a net unit, each */
    size_t count;
    int64_t owed, included; /* parts of a net unit: of what is owed, and what the price has */
};

/* A class by its name. */
struct named {
    struct str name;
    const struct taxes *taxes;
};

/* An amount that is taxed: a line's, or some of shipping's. */
struct taxed {
    struct total_part *part;
    const struct taxes *taxes;
    int64_t minor;
    bool is_goods;
};

struct taxing {
    struct total_work *work;
    const struct total_tax *tax;
    struct total_region region;
    struct named classes[TOTAL_CLASSES_MAX];
    size_t class_count;
    struct taxed *list;
    size_t count;
    /* Scratch of one group. */
    struct taxed **group;
    int64_t *weights, *shares_minor;
};

/* Without a tax at all. */
static const struct taxes untaxed = {0};

static enum total_treatment find_treatment(const struct taxing *taxing)
{
    const struct total_customer *customer = &taxing->work->cart->customer;
    struct str home = taxing->tax->home, there = taxing->region.country;
    if (customer->is_exempt)
        return TOTAL_EXEMPT;
    bool among_members = total_region_is_eu(home) && total_region_is_eu(there) &&
                         total_region_is_eu(customer->vat_country);
    bool across = !str_equal_nocase(home, there) && !str_equal_nocase(home, customer->vat_country);
    return among_members && across ? TOTAL_REVERSE_CHARGE : TOTAL_TAXED;
}

/* Puts the rate in its place among the steps, or in that of a wider one of its step. */
static enum err add_rate(struct ctx *ctx, struct taxes *taxes, const struct total_rate *rate,
                         const struct total_region *region)
{
    size_t at = 0;
    while (at < taxes->count && taxes->rates[at]->step < rate->step)
        at++;
    if (at < taxes->count && taxes->rates[at]->step == rate->step) {
        int there = total_region_fit(&taxes->rates[at]->area, region);
        int fit = total_region_fit(&rate->area, region);
        if (fit > there || (fit == there && id_compare(rate->id, taxes->rates[at]->id) < 0))
            taxes->rates[at] = rate;
        return ERR_OK;
    }
    if (taxes->count == TOTAL_STEPS_MAX)
        return err_input(&ctx->err, "rates", "must be %d at most on one line", TOTAL_STEPS_MAX);
    for (size_t i = taxes->count++; i > at; i--)
        taxes->rates[i] = taxes->rates[i - 1];
    taxes->rates[at] = rate;
    return ERR_OK;
}

/* The taxes of a class in a region, and what they come to. */
static enum err find_taxes(const struct taxing *taxing, struct str name,
                           const struct total_region *region, struct taxes *taxes)
{
    struct ctx *ctx = taxing->work->ctx;
    for (size_t i = 0; i < taxing->tax->rate_count; i++) {
        const struct total_rate *rate = &taxing->tax->rates[i];
        if (!str_equal(rate->tax_class, name) || total_region_fit(&rate->area, region) < 0)
            continue;
        if (rate->rate_ppm < 0 || rate->rate_ppm > TOTAL_RATE_MAX_PPM)
            return err_input(&ctx->err, "rate", "must be from 0 to %d", TOTAL_RATE_MAX_PPM);
        TRY(add_rate(ctx, taxes, rate, region));
    }
    for (size_t i = 0; i < taxes->count; i++) {
        int64_t on = UNIT + (taxes->rates[i]->is_compound ? taxes->owed : 0);
        taxes->parts[i] = total_part_of(on, taxes->rates[i]->rate_ppm, UNIT_PER_PPM);
        taxes->owed += taxes->parts[i];
    }
    taxes->included = taxes->owed;
    return ERR_OK;
}

/* What is owed, and what the prices have in them, which may be another region's. */
static enum err resolve(const struct taxing *taxing, struct str name, struct taxes *taxes)
{
    struct taxes elsewhere = {0};
    TRY(find_taxes(taxing, name, &taxing->region, taxes));
    if (taxing->work->total->treatment != TOTAL_TAXED) {
        taxes->owed = 0;
        taxes->count = 0;
    }
    if (!taxing->tax->is_included)
        taxes->included = taxes->owed;
    else if (taxing->tax->included_of) {
        TRY(find_taxes(taxing, name, taxing->tax->included_of, &elsewhere));
        taxes->included = elsewhere.owed;
    }
    return ERR_OK;
}

static enum err class_taxes(struct taxing *taxing, struct str name, const struct taxes **taxes)
{
    for (size_t i = 0; i < taxing->class_count; i++)
        if (str_equal(taxing->classes[i].name, name)) {
            *taxes = taxing->classes[i].taxes;
            return ERR_OK;
        }
    if (taxing->class_count == TOTAL_CLASSES_MAX)
        return err_input(&taxing->work->ctx->err, "tax_class", "must be one of %d at most",
                         TOTAL_CLASSES_MAX);
    struct taxes *made = ARENA_NEW(taxing->work->ctx->arena, struct taxes);
    if (!made)
        return err_memory(&taxing->work->ctx->err);
    TRY(resolve(taxing, name, made));
    taxing->classes[taxing->class_count++] = (struct named){.name = name, .taxes = made};
    *taxes = made;
    return ERR_OK;
}

static void add_taxed(struct taxing *taxing, struct total_part *part, const struct taxes *taxes,
                      int64_t minor, bool is_goods)
{
    if (minor > 0)
        taxing->list[taxing->count++] = (struct taxed){part, taxes, minor, is_goods};
}

static enum err tax_lines(struct taxing *taxing)
{
    struct total_work *work = taxing->work;
    for (size_t i = 0; i < work->item_count; i++) {
        struct total_item *item = &work->items[i];
        const struct taxes *taxes = &untaxed;
        if (!item->line->is_gift_card)
            TRY(class_taxes(taxing, item->line->tax_class, &taxes));
        item->part->rates = taxes->rates;
        item->part->rate_count = taxes->count;
        add_taxed(taxing, item->part, taxes, item->left_minor, !item->line->is_gift_card);
    }
    return ERR_OK;
}

/* The taxes of those goods that have the most; NULL where there are none. */
static const struct taxes *find_highest(const struct taxing *taxing)
{
    const struct taxes *highest = NULL;
    for (size_t i = 0; i < taxing->count; i++) {
        const struct taxes *taxes = taxing->list[i].taxes;
        if (taxing->list[i].is_goods &&
            (!highest || taxes->owed > highest->owed ||
             (taxes->owed == highest->owed && taxes->included > highest->included)))
            highest = taxes;
    }
    return highest;
}

/* Splits shipping among the goods' classes by what the goods cost. */
static void share_shipping(struct taxing *taxing, int64_t minor)
{
    size_t goods = taxing->count, sets = 0;
    const struct taxes *found[TOTAL_CLASSES_MAX + 1] = {0};
    int64_t weights[TOTAL_CLASSES_MAX + 1] = {0}, shares_minor[TOTAL_CLASSES_MAX + 1] = {0};
    for (size_t i = 0; i < goods; i++) {
        size_t at = 0;
        if (!taxing->list[i].is_goods)
            continue;
        while (at < sets && found[at] != taxing->list[i].taxes)
            at++;
        sets += at == sets;
        found[at] = taxing->list[i].taxes;
        weights[at] += taxing->list[i].minor;
    }
    total_split(minor, weights, sets, shares_minor);
    for (size_t i = 0; i < sets; i++)
        add_taxed(taxing, &taxing->work->total->shipping, found[i], shares_minor[i], false);
}

/* Where no goods cost anything, shipping is taxed by its class. */
static enum err tax_shipping(struct taxing *taxing)
{
    struct total_part *shipping = &taxing->work->total->shipping;
    int64_t minor = shipping->goods_minor - shipping->off_minor;
    const struct taxes *taxes = find_highest(taxing);
    if (taxing->tax->shipping == TOTAL_SHIPPING_SHARED && taxes) {
        share_shipping(taxing, minor);
        return ERR_OK;
    }
    if (taxing->tax->shipping == TOTAL_SHIPPING_CLASS || !taxes)
        TRY(class_taxes(taxing, taxing->tax->shipping_class, &taxes));
    add_taxed(taxing, shipping, taxes, minor, false);
    return ERR_OK;
}

/* Rows stand in the order of the rates. */
static void add_row(struct taxing *taxing, const struct total_rate *rate, int64_t net_minor,
                    int64_t tax_minor)
{
    struct total *total = taxing->work->total;
    size_t at = 0;
    while (at < total->tax_count && total->taxes[at].rate < rate)
        at++;
    if (at == total->tax_count || total->taxes[at].rate != rate) {
        memmove(&total->taxes[at + 1], &total->taxes[at],
                (total->tax_count - at) * sizeof *total->taxes);
        total->taxes[at] = (struct total_tax_row){.rate = rate};
        total->tax_count++;
    }
    total->taxes[at].net_minor += net_minor;
    total->taxes[at].tax_minor += tax_minor;
}

/* The tax on an amount of which nothing is rounded yet. Taxes that each round up must not take more
 * than there is: of a price of one unit that several are in. */
static int64_t work_out(struct taxing *taxing, const struct taxes *taxes, int64_t minor)
{
    int64_t on = UNIT + (taxing->tax->is_included ? taxes->owed : 0), sum_minor = 0;
    int64_t parts_minor[TOTAL_STEPS_MAX] = {0};
    for (size_t i = 0; i < taxes->count; i++) {
        parts_minor[i] = total_part_of(minor, taxes->parts[i], on);
        if (taxing->tax->is_included && parts_minor[i] > minor - sum_minor)
            parts_minor[i] = minor - sum_minor;
        sum_minor += parts_minor[i];
    }
    int64_t net_minor = taxing->tax->is_included ? minor - sum_minor : minor;
    for (size_t i = 0; i < taxes->count; i++)
        add_row(taxing, taxes->rates[i], net_minor, parts_minor[i]);
    if (taxes->count == 0)
        taxing->work->total->untaxed_minor += net_minor;
    return sum_minor;
}

/* Splits by the weights into the shares. */
static void split_group(struct taxing *taxing, int64_t minor, size_t count)
{
    memset(taxing->shares_minor, 0, count * sizeof *taxing->shares_minor);
    if (count == 1)
        taxing->shares_minor[0] = minor;
    else if (minor > 0)
        total_split(minor, taxing->weights, count, taxing->shares_minor);
}

/* Those of a group have the same taxes, and are rounded together. */
static void tax_group(struct taxing *taxing, const struct taxes *taxes, size_t count)
{
    int64_t sum_minor = 0;
    for (size_t i = 0; i < count; i++)
        sum_minor += taxing->weights[i] = taxing->group[i]->minor;
    int64_t changed_minor = sum_minor;
    if (taxes->owed != taxes->included)
        changed_minor = total_part_of(sum_minor, UNIT + taxes->owed, UNIT + taxes->included);
    split_group(taxing, changed_minor, count);
    for (size_t i = 0; i < count; i++) {
        taxing->group[i]->part->change_minor += taxing->weights[i] - taxing->shares_minor[i];
        taxing->weights[i] = taxing->shares_minor[i];
    }
    split_group(taxing, work_out(taxing, taxes, changed_minor), count);
    for (size_t i = 0; i < count; i++)
        taxing->group[i]->part->tax_minor += taxing->shares_minor[i];
}

static void tax_class_in_total(struct taxing *taxing, const struct taxes *taxes)
{
    size_t count = 0;
    for (size_t i = 0; i < taxing->count; i++)
        if (taxing->list[i].taxes == taxes)
            taxing->group[count++] = &taxing->list[i];
    if (count > 0)
        tax_group(taxing, taxes, count);
}

static enum err make_rows(struct taxing *taxing)
{
    struct total_work *work = taxing->work;
    size_t room = 0;
    for (size_t i = 0; i < taxing->class_count; i++)
        room += taxing->classes[i].taxes->count;
    work->total->taxes = ARENA_ARRAY(work->ctx->arena, room, struct total_tax_row);
    return work->total->taxes ? ERR_OK : err_memory(&work->ctx->err);
}

static void tax_list(struct taxing *taxing)
{
    if (taxing->tax->is_rounded_in_total) {
        tax_class_in_total(taxing, &untaxed);
        for (size_t i = 0; i < taxing->class_count; i++)
            tax_class_in_total(taxing, taxing->classes[i].taxes);
        return;
    }
    for (size_t i = 0; i < taxing->count; i++) {
        taxing->group[0] = &taxing->list[i];
        tax_group(taxing, taxing->list[i].taxes, 1);
    }
}

static void close_part(const struct total_tax *tax, struct total_part *part)
{
    part->gross_minor = part->goods_minor - part->off_minor - part->change_minor;
    if (!tax->is_included)
        part->gross_minor += part->tax_minor;
    part->net_minor = part->gross_minor - part->tax_minor;
}

static enum err begin(struct taxing *taxing, struct total_work *work)
{
    static const struct total_tax none = {0};
    struct arena *arena = work->ctx->arena;
    size_t room = work->item_count + TOTAL_CLASSES_MAX + 1;
    taxing->work = work;
    taxing->tax = work->cart->tax ? work->cart->tax : &none;
    taxing->region = work->cart->ship_to;
    if (work->method && work->method->pickup_at)
        taxing->region = *work->method->pickup_at;
    work->total->treatment = find_treatment(taxing);
    taxing->list = ARENA_ARRAY(arena, room, struct taxed);
    taxing->group = ARENA_ARRAY(arena, room, struct taxed *);
    taxing->weights = ARENA_ARRAY(arena, room, int64_t);
    taxing->shares_minor = ARENA_ARRAY(arena, room, int64_t);
    if (!taxing->list || !taxing->group || !taxing->weights || !taxing->shares_minor)
        return err_memory(&work->ctx->err);
    return ERR_OK;
}

/* What lines point to of it lives as long as the totals do. */
enum err total_tax(struct total_work *work)
{
    struct taxing *taxing = ARENA_NEW(work->ctx->arena, struct taxing);
    if (!taxing)
        return err_memory(&work->ctx->err);
    TRY(begin(taxing, work));
    TRY(tax_lines(taxing));
    TRY(tax_shipping(taxing));
    TRY(make_rows(taxing));
    tax_list(taxing);
    for (size_t i = 0; i < work->item_count; i++)
        close_part(taxing->tax, work->items[i].part);
    close_part(taxing->tax, &work->total->shipping);
    return ERR_OK;
}
