/* Which promotions a cart meets, and which of them it gets. */
#include "shop/total_inside.h"

const char *total_reason_name(enum total_reason reason)
{
    static const char *const names[] = {
#define TOTAL_REASON_NAME(reason_, name) [reason_] = (name),
        TOTAL_REASON_TABLE(TOTAL_REASON_NAME)
#undef TOTAL_REASON_NAME
    };
    return names[reason];
}

static bool meets(struct total_ids a, struct total_ids b)
{
    for (size_t i = 0; i < a.count; i++)
        for (size_t k = 0; k < b.count; k++)
            if (id_compare(a.list[i], b.list[k]) == 0)
                return true;
    return false;
}

bool total_promotion_holds(const struct total_promotion *promotion, struct total_ids marks,
                           const struct total_line *line)
{
    return !line->is_gift_card && (marks.count == 0 || meets(marks, line->marks)) &&
           !meets(promotion->not_on, line->marks);
}

/* What a cart has of that which a promotion is on, at list prices. */
struct measure {
    size_t lines;
    int64_t quantity, minor;
};

static struct measure measure(const struct total_work *work,
                              const struct total_promotion *promotion)
{
    struct measure had = {0};
    for (size_t i = 0; i < work->item_count; i++) {
        const struct total_item *item = &work->items[i];
        if (!total_promotion_holds(promotion, promotion->on, item->line))
            continue;
        had.lines++;
        had.quantity += item->line->quantity;
        had.minor += item->part->goods_minor;
    }
    return had;
}

static bool is_typed(const struct total_cart *cart, struct str code)
{
    for (size_t i = 0; i < cart->code_count; i++)
        if (str_equal_nocase(str_trim(cart->codes[i]), code))
            return true;
    return false;
}

static void refuse(struct total_note *note, enum total_reason reason, int64_t wanted, int64_t had)
{
    note->reason = reason;
    note->wanted = wanted;
    note->had = had;
}

/* Asks what has nothing to do with the lines. */
static void check_terms(const struct total_cart *cart, struct total_note *note)
{
    const struct total_promotion *p = note->promotion;
    if (p->currency && p->currency != cart->currency)
        refuse(note, TOTAL_OTHER_CURRENCY, 0, 0);
    else if (p->begin_us && cart->now_us < p->begin_us)
        refuse(note, TOTAL_NOT_BEGUN, p->begin_us, cart->now_us);
    else if (p->end_us && cart->now_us >= p->end_us)
        refuse(note, TOTAL_ENDED, p->end_us, cart->now_us);
    else if (p->code.len && !is_typed(cart, p->code))
        refuse(note, TOTAL_NO_CODE, 0, 0);
    else if (p->groups.count && !meets(p->groups, cart->customer.groups))
        refuse(note, TOTAL_OTHER_GROUP, 0, 0);
    else if (p->uses.max && p->uses.count >= p->uses.max)
        refuse(note, TOTAL_USED_UP, p->uses.max, p->uses.count);
    else if (p->uses_by_customer.max && p->uses_by_customer.count >= p->uses_by_customer.max)
        refuse(note, TOTAL_USED_BY_YOU, p->uses_by_customer.max, p->uses_by_customer.count);
}

/* Asks for the minimums, and finds the value: of the tier that is reached, where there are any. */
static int64_t check_goods(const struct total_work *work, struct total_note *note)
{
    const struct total_promotion *p = note->promotion;
    struct measure had = measure(work, p);
    int64_t reached = p->tiers_by_amount ? had.minor : had.quantity, value = p->value;
    if (had.lines == 0)
        refuse(note, TOTAL_NO_LINES, 0, 0);
    else if (had.quantity < p->minimum_quantity)
        refuse(note, TOTAL_BELOW_QUANTITY, p->minimum_quantity, had.quantity);
    else if (had.minor < p->minimum_minor)
        refuse(note, TOTAL_BELOW_AMOUNT, p->minimum_minor, had.minor);
    else if (p->tier_count && reached < p->tiers[0].from)
        refuse(note, p->tiers_by_amount ? TOTAL_BELOW_AMOUNT : TOTAL_BELOW_QUANTITY,
               p->tiers[0].from, reached);
    for (size_t i = 0; i < p->tier_count && reached >= p->tiers[i].from; i++)
        value = p->tiers[i].value;
    return value;
}

/* A promotion that the cart may get, with the value it would have. */
struct offer {
    struct total_note *note;
    int64_t value;
};

/* Those of one plan are applied together: the stack, or an exclusive one. */
struct plan {
    const struct offer *const *offers;
    size_t count;
    int64_t pay_minor; /* before tax */
};

static int compare_offers(const void *a, const void *b)
{
    const struct total_promotion *x = ((const struct offer *)a)->note->promotion;
    const struct total_promotion *y = ((const struct offer *)b)->note->promotion;
    if (x->is_exclusive != y->is_exclusive)
        return x->is_exclusive ? 1 : -1;
    if (x->priority != y->priority)
        return x->priority > y->priority ? -1 : 1;
    return id_compare(x->id, y->id);
}

static void begin_plan(struct total_work *work, const struct plan *plan)
{
    struct total_part *shipping = &work->total->shipping;
    for (size_t i = 0; i < work->item_count; i++)
        work->items[i].left_minor = work->items[i].part->goods_minor;
    for (size_t i = 0; i < plan->count; i++) {
        struct total_note *note = plan->offers[i]->note;
        note->take_count = 0;
        note->off_minor = note->shipping_off_minor = 0;
    }
    shipping->goods_minor = shipping->off_minor = 0;
}

static void take_shipping(struct total_part *shipping, int64_t price_minor,
                          const struct offer *offer)
{
    int64_t off_minor = total_part_of(price_minor - shipping->off_minor, offer->value, TOTAL_WHOLE);
    offer->note->shipping_off_minor = offer->note->off_minor = off_minor;
    shipping->off_minor += off_minor;
}

/* Goods first, then shipping. A plan by which the goods cannot be shipped as was chosen is worse
 * than any by which they can. */
static enum err run_plan(struct total_work *work, struct plan *plan)
{
    struct total_part *shipping = &work->total->shipping;
    begin_plan(work, plan);
    for (size_t i = 0; i < plan->count; i++)
        if (plan->offers[i]->note->promotion->effect != TOTAL_SHIPPING)
            TRY(total_discount(work, plan->offers[i]->note, plan->offers[i]->value));
    int64_t price_minor = total_shipping_price(work);
    plan->pay_minor = price_minor < 0 ? TOTAL_GOODS_MAX_MINOR * 2 : 0;
    if (price_minor >= 0)
        shipping->goods_minor = price_minor + work->cart->slot_minor;
    for (size_t i = 0; i < plan->count && price_minor > 0; i++)
        if (plan->offers[i]->note->promotion->effect == TOTAL_SHIPPING)
            take_shipping(shipping, price_minor, plan->offers[i]);
    plan->pay_minor += shipping->goods_minor - shipping->off_minor;
    for (size_t i = 0; i < work->item_count; i++)
        plan->pay_minor += work->items[i].left_minor;
    return ERR_OK;
}

/* Says of those that were not taken why; what they would have taken is struck out. */
static void close_plan(const struct plan *plan, bool is_best, const struct total_promotion *best)
{
    for (size_t i = 0; i < plan->count; i++) {
        struct total_note *note = plan->offers[i]->note;
        if (note->off_minor == 0)
            note->reason = TOTAL_NOTHING_LEFT;
        if (is_best || note->off_minor == 0)
            continue;
        note->reason = TOTAL_BEATEN;
        note->by = best;
        note->take_count = 0;
        note->off_minor = note->shipping_off_minor = 0;
    }
}

static const struct total_promotion *first_taker(const struct plan *plan)
{
    for (size_t i = 0; i < plan->count; i++)
        if (plan->offers[i]->note->off_minor > 0)
            return plan->offers[i]->note->promotion;
    return NULL;
}

/* Of the offers, in order, the stack's come first; each that follows is a plan of its own. */
static enum err choose_plan(struct total_work *work, const struct offer *const *offers,
                            size_t count)
{
    size_t stacked = 0;
    while (stacked < count && !offers[stacked]->note->promotion->is_exclusive)
        stacked++;
    struct plan stack = {.offers = offers, .count = stacked};
    TRY(run_plan(work, &stack));
    struct plan best = stack;
    size_t winner = count; /* the place of an exclusive one, else the stack */
    for (size_t i = stacked; i < count; i++) {
        struct plan alone = {.offers = &offers[i], .count = 1};
        TRY(run_plan(work, &alone));
        if (alone.pay_minor >= best.pay_minor)
            continue;
        best = alone;
        winner = i;
    }
    if (stacked < count)
        TRY(run_plan(work, &best));
    const struct total_promotion *by = first_taker(&best);
    close_plan(&stack, winner == count, by);
    for (size_t i = stacked; i < count; i++)
        close_plan(&(struct plan){.offers = &offers[i], .count = 1}, winner == i, by);
    return ERR_OK;
}

/* What nobody calls their code. */
static enum err find_unknown(struct total_work *work)
{
    const struct total_cart *cart = work->cart;
    struct total *total = work->total;
    total->unknown_codes = ARENA_ARRAY(work->ctx->arena, cart->code_count, struct str);
    if (!total->unknown_codes)
        return err_memory(&work->ctx->err);
    for (size_t i = 0; i < cart->code_count; i++) {
        struct str code = str_trim(cart->codes[i]);
        bool known = code.len == 0;
        for (size_t k = 0; k < cart->promotion_count && !known; k++)
            known = str_equal_nocase(code, cart->promotions[k].code);
        if (!known)
            total->unknown_codes[total->unknown_code_count++] = code;
    }
    return ERR_OK;
}

static enum err check_ids(struct total_work *work, const struct offer *const *offers, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (compare_offers(offers[i - 1], offers[i]) == 0)
            return err_input(&work->ctx->err, "promotions", "must each have an id of its own");
    return ERR_OK;
}

enum err total_promote(struct total_work *work)
{
    const struct total_cart *cart = work->cart;
    struct arena *arena = work->ctx->arena;
    struct total_note *notes = ARENA_ARRAY(arena, cart->promotion_count, struct total_note);
    struct offer *offers = ARENA_ARRAY(arena, cart->promotion_count, struct offer);
    const struct offer **sorted = ARENA_ARRAY(arena, cart->promotion_count, const struct offer *);
    size_t count = 0;
    if (!notes || !offers || !sorted)
        return err_memory(&work->ctx->err);
    TRY(find_unknown(work));
    for (size_t i = 0; i < cart->promotion_count; i++) {
        notes[i].promotion = &cart->promotions[i];
        check_terms(cart, &notes[i]);
        int64_t value = notes[i].reason == TOTAL_APPLIED ? check_goods(work, &notes[i]) : 0;
        offers[count] = (struct offer){.note = &notes[i], .value = value};
        sorted[count] = &offers[count];
        count += notes[i].reason == TOTAL_APPLIED;
    }
    work->total->notes = notes;
    work->total->note_count = cart->promotion_count;
    total_sort((void *)sorted, count, compare_offers);
    TRY(check_ids(work, sorted, count));
    return choose_plan(work, sorted, count);
}
