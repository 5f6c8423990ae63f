/* What a promotion takes of goods: one function an effect. */
#include <string.h>

#include "base/assert.h"
#include "shop/total_inside.h"

static void take(struct total_work *work, struct total_note *note, struct total_item *item,
                 int64_t off_minor)
{
    ASSERT(off_minor >= 0 && off_minor <= item->left_minor);
    if (off_minor == 0)
        return;
    note->takes[note->take_count++] = (struct total_take){
        .line = (size_t)(item->part - work->total->lines), .off_minor = off_minor};
    item->left_minor -= off_minor;
    note->off_minor += off_minor;
}

/* The items that the promotion is on, into work->chosen, and what is left of them together. */
static size_t choose(struct total_work *work, const struct total_promotion *promotion,
                     int64_t *left_minor)
{
    size_t count = 0;
    *left_minor = 0;
    for (size_t i = 0; i < work->item_count; i++) {
        struct total_item *item = &work->items[i];
        if (!total_promotion_holds(promotion, promotion->on, item->line))
            continue;
        work->weights[count] = item->left_minor;
        work->chosen[count++] = item;
        *left_minor += item->left_minor;
    }
    return count;
}

static void take_shared(struct total_work *work, struct total_note *note, size_t count,
                        int64_t off_minor)
{
    if (off_minor == 0)
        return;
    total_split(off_minor, work->weights, count, work->shares_minor);
    for (size_t i = 0; i < count; i++)
        take(work, note, work->chosen[i], work->shares_minor[i]);
}

static void take_percent(struct total_work *work, struct total_note *note, int64_t value)
{
    int64_t left_minor;
    size_t count = choose(work, note->promotion, &left_minor);
    take_shared(work, note, count, total_part_of(left_minor, value, TOTAL_WHOLE));
}

static void take_of_order(struct total_work *work, struct total_note *note, int64_t value)
{
    int64_t left_minor;
    size_t count = choose(work, note->promotion, &left_minor);
    take_shared(work, note, count, value < left_minor ? value : left_minor);
}

static void take_each(struct total_work *work, struct total_note *note, int64_t value)
{
    int64_t left_minor;
    size_t count = choose(work, note->promotion, &left_minor);
    for (size_t i = 0; i < count; i++) {
        struct total_item *item = work->chosen[i];
        int64_t off_minor = value * item->line->quantity;
        take(work, note, item, off_minor < item->left_minor ? off_minor : item->left_minor);
    }
}

/* By what is left of one piece, as a fraction; then by id, for items stand by id. */
static int compare_pieces(const void *a, const void *b)
{
    const struct total_item *x = a, *y = b;
    __int128 of_x = (__int128)x->left_minor * y->line->quantity;
    __int128 of_y = (__int128)y->left_minor * x->line->quantity;
    if (of_x != of_y)
        return of_x < of_y ? -1 : 1;
    return (x > y) - (x < y);
}

/* Pieces that can only be bought, only be got, or either. */
struct pieces {
    int64_t bought, got, either;
};

static bool is_bought(const struct total_promotion *promotion, const struct total_item *item)
{
    return total_promotion_holds(promotion, promotion->on, item->line);
}

static bool is_got(const struct total_promotion *promotion, const struct total_item *item)
{
    return total_promotion_holds(
        promotion, promotion->get_on.count ? promotion->get_on : promotion->on, item->line);
}

/* Counts the pieces, and puts those that may be got into work->chosen. */
static size_t count_pieces(struct total_work *work, const struct total_promotion *promotion,
                           struct pieces *pieces)
{
    size_t count = 0;
    for (size_t i = 0; i < work->item_count; i++) {
        struct total_item *item = &work->items[i];
        bool bought = is_bought(promotion, item), got = is_got(promotion, item);
        if (bought && got)
            pieces->either += item->line->quantity;
        else if (bought)
            pieces->bought += item->line->quantity;
        else if (got)
            pieces->got += item->line->quantity;
        if (got)
            work->chosen[count++] = item;
    }
    return count;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t count_sets(const struct total_promotion *promotion, const struct pieces *pieces)
{
    int64_t all = pieces->bought + pieces->got + pieces->either;
    int64_t sets = all / (promotion->buy + promotion->get);
    sets = least(sets, (pieces->bought + pieces->either) / promotion->buy);
    sets = least(sets, (pieces->got + pieces->either) / promotion->get);
    return promotion->sets_max ? least(sets, promotion->sets_max) : sets;
}

/* The cheapest pieces are got, but for those that the sets need to be bought. */
static void take_sets(struct total_work *work, struct total_note *note, int64_t value)
{
    const struct total_promotion *promotion = note->promotion;
    struct pieces pieces = {0};
    size_t count = count_pieces(work, promotion, &pieces);
    int64_t sets = count_sets(promotion, &pieces);
    int64_t wanted = sets * promotion->get;
    int64_t spare = pieces.bought + pieces.either - sets * promotion->buy;
    total_sort((void *)work->chosen, count, compare_pieces);
    for (size_t i = 0; i < count && wanted > 0; i++) {
        struct total_item *item = work->chosen[i];
        int64_t got = least(item->line->quantity, wanted);
        if (is_bought(promotion, item)) {
            got = least(got, spare);
            spare -= got;
        }
        wanted -= got;
        take(work, note, item,
             total_part_of(item->left_minor, got * value, item->line->quantity * TOTAL_WHOLE));
    }
}

typedef void total_taker(struct total_work *work, struct total_note *note, int64_t value);

static total_taker *const takers[TOTAL_EFFECTS] = {
    [TOTAL_PERCENT] = take_percent,
    [TOTAL_EACH] = take_each,
    [TOTAL_ORDER] = take_of_order,
    [TOTAL_BUY_GET] = take_sets,
};

enum err total_discount(struct total_work *work, struct total_note *note, int64_t value)
{
    if (!note->takes)
        note->takes = ARENA_ARRAY(work->ctx->arena, work->item_count, struct total_take);
    if (!note->takes)
        return err_memory(&work->ctx->err);
    takers[note->promotion->effect](work, note, value);
    return ERR_OK;
}
