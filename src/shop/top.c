/* The best few of many: a heap of those that were the best so far, the worst of them on top. */
#include "shop/top.h"

static bool is_before(const struct top_row *a, const struct top_row *b)
{
    if (a->high != b->high)
        return a->high < b->high;
    return a->low != b->low ? a->low < b->low : a->number < b->number;
}

static void swap(struct top_row *a, struct top_row *b)
{
    struct top_row kept = *a;
    *a = *b;
    *b = kept;
}

static void sink(struct top_row *rows, size_t count)
{
    size_t at = 0;
    for (size_t child = 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && is_before(&rows[child], &rows[child + 1]))
            child++;
        if (!is_before(&rows[at], &rows[child]))
            return;
        swap(&rows[at], &rows[child]);
        at = child;
    }
}

enum err top_init(struct ctx *ctx, size_t max, struct top *top)
{
    *top = (struct top){.rows = ARENA_ARRAY(ctx->arena, max, struct top_row), .max = max};
    return top->rows ? ERR_OK : err_memory(&ctx->err);
}

void top_offer(struct top *top, struct top_row row)
{
    if (top->count == top->max) {
        if (top->max == 0 || !is_before(&row, &top->rows[0]))
            return;
        top->rows[0] = row;
        sink(top->rows, top->count);
        return;
    }
    size_t at = top->count++;
    top->rows[at] = row;
    for (; at > 0 && is_before(&top->rows[(at - 1) / 2], &top->rows[at]); at = (at - 1) / 2)
        swap(&top->rows[(at - 1) / 2], &top->rows[at]);
}

void top_sort(struct top *top)
{
    for (size_t end = top->count; end > 1; end--) {
        swap(&top->rows[0], &top->rows[end - 1]);
        sink(top->rows, end - 1);
    }
}
