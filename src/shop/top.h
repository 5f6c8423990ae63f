/* The best few of many: as many rows as are asked for, the least key first.
 *
 *     struct top top;
 *     TRY(top_init(ctx, 24, &top));
 *     top_offer(&top, (struct top_row){.high = price, .number = i});       for each
 *     top_sort(&top);                                      top.rows[0 .. top.count) in order
 *
 * An offer that is too late costs a comparison, another one log2 of the size. */
#ifndef STOA_SHOP_TOP_H
#define STOA_SHOP_TOP_H

#include "base/ctx.h"

/* Sorted by high, then low, then number; no two have the same number. */
struct top_row {
    uint64_t high, low;
    uint32_t number;
};

struct top {
    struct top_row *rows; /* a heap with the greatest first, until it is sorted */
    size_t count, max;
};

enum err top_init(struct ctx *ctx, size_t max, struct top *top);
void top_offer(struct top *top, struct top_row row);
void top_sort(struct top *top);

#endif
