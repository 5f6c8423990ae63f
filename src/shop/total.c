/* The totals of a cart: the steps in their order, the sum, and what is taken of gift cards. */
#include "shop/total.h"

#include "shop/total_inside.h"

static int compare_lines(const void *a, const void *b)
{
    return id_compare(((const struct total_line *)a)->id, ((const struct total_line *)b)->id);
}

static enum err begin(struct total_work *work)
{
    struct arena *arena = work->ctx->arena;
    size_t count = work->cart->line_count;
    work->total = ARENA_NEW(arena, struct total);
    work->items = ARENA_ARRAY(arena, count, struct total_item);
    work->chosen = ARENA_ARRAY(arena, count, struct total_item *);
    work->weights = ARENA_ARRAY(arena, count, int64_t);
    work->shares_minor = ARENA_ARRAY(arena, count, int64_t);
    if (!work->total || !work->items || !work->chosen || !work->weights || !work->shares_minor)
        return err_memory(&work->ctx->err);
    work->item_count = count;
    work->total->lines = ARENA_ARRAY(arena, count, struct total_part);
    work->total->taken_minor = ARENA_ARRAY(arena, work->cart->purse_count, int64_t);
    if (!work->total->lines || !work->total->taken_minor)
        return err_memory(&work->ctx->err);
    return ERR_OK;
}

/* The items are the lines by id. */
static enum err sort_lines(struct total_work *work)
{
    const struct total_cart *cart = work->cart;
    const struct total_line **sorted = ARENA_ARRAY(work->ctx->arena, cart->line_count,
                                                   const struct total_line *);
    if (!sorted)
        return err_memory(&work->ctx->err);
    for (size_t i = 0; i < cart->line_count; i++)
        sorted[i] = &cart->lines[i];
    total_sort((void *)sorted, cart->line_count, compare_lines);
    for (size_t i = 0; i < cart->line_count; i++) {
        const struct total_line *line = sorted[i];
        struct total_part *part = &work->total->lines[line - cart->lines];
        if (i > 0 && compare_lines(sorted[i - 1], line) == 0)
            return err_input(&work->ctx->err, "lines", "must each have an id of its own");
        part->goods_minor = line->quantity * line->price_minor;
        work->items[i] = (struct total_item){line, part, part->goods_minor};
    }
    return ERR_OK;
}

static void add_part(struct total_part *sum, const struct total_part *part)
{
    sum->goods_minor += part->goods_minor;
    sum->off_minor += part->off_minor;
    sum->change_minor += part->change_minor;
    sum->net_minor += part->net_minor;
    sum->tax_minor += part->tax_minor;
    sum->gross_minor += part->gross_minor;
}

static void pay(const struct total_cart *cart, struct total *total)
{
    total->left_minor = total->all.gross_minor;
    for (size_t i = 0; i < cart->purse_count; i++) {
        int64_t balance_minor = cart->purses[i].balance_minor;
        total->taken_minor[i] = balance_minor < total->left_minor ? balance_minor
                                                                  : total->left_minor;
        total->left_minor -= total->taken_minor[i];
    }
}

enum err total_compute(struct ctx *ctx, const struct total_cart *cart, struct total **total)
{
    struct total_work work = {.ctx = ctx, .cart = cart};
    TRY(total_check(ctx, cart));
    TRY(begin(&work));
    TRY(sort_lines(&work));
    total_shipping_choose(&work);
    TRY(total_promote(&work));
    for (size_t i = 0; i < work.item_count; i++)
        work.items[i].part->off_minor = work.items[i].part->goods_minor - work.items[i].left_minor;
    TRY(total_shipping_quote(&work));
    TRY(total_tax(&work));
    for (size_t i = 0; i < work.item_count; i++)
        add_part(&work.total->all, &work.total->lines[i]);
    add_part(&work.total->all, &work.total->shipping);
    pay(cart, work.total);
    *total = work.total;
    return ERR_OK;
}
