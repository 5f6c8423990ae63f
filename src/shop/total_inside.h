/* Inside of the totals: what their parts hand to each other.
 *
 *     TRY(total_check(ctx, cart));
 *     TRY(total_promote(&work));            goods less promotions, and shipping with it
 *     TRY(total_tax(&work));
 *
 * All run over the items, which are the lines by id: that is why their order in the cart is
 * nothing to anybody. What is within the bounds of total_check cannot overflow. */
#ifndef STOA_SHOP_TOTAL_INSIDE_H
#define STOA_SHOP_TOTAL_INSIDE_H

#include "shop/total.h"

struct total_item {
    const struct total_line *line;
    struct total_part *part;
    int64_t left_minor; /* of its goods, by the promotions that were applied */
};

struct total_work {
    struct ctx *ctx;
    const struct total_cart *cart;
    struct total *total;
    struct total_item *items;
    size_t item_count;
    /* Scratch, one a line. */
    struct total_item **chosen;
    int64_t *weights, *shares_minor;
    /* Shipping, once total_shipping_choose has run. */
    struct id zone;
    const struct total_method *method; /* the chosen one, if its zone is right */
};

/* total_sort.c: an array of pointers, the least first. No two may be equal. Costs 2 × count ×
 * log2(count) comparisons of what is pointed to. */
typedef int total_compare(const void *a, const void *b);
void total_sort(void *pointers, size_t count, total_compare *compare);

/* total_check.c */
enum err total_check(struct ctx *ctx, const struct total_cart *cart);

/* money_part and money_split of what is bounded. The weights of a split are not all 0. */
int64_t total_part_of(int64_t minor, int64_t numerator, int64_t denominator);
void total_split(int64_t minor, const int64_t weights[], size_t count, int64_t shares_minor[]);

/* total_promotion.c: fills the notes, the codes, and what is left of each item. */
enum err total_promote(struct total_work *work);
bool total_promotion_holds(const struct total_promotion *promotion, struct total_ids marks,
                           const struct total_line *line);

/* total_discount.c: takes of goods what a promotion takes. */
enum err total_discount(struct total_work *work, struct total_note *note, int64_t value);

/* total_shipping.c */
void total_shipping_choose(struct total_work *work);
int64_t total_shipping_price(const struct total_work *work); /* of the method; or NOT_OFFERED */
enum err total_shipping_quote(struct total_work *work);

/* total_tax.c */
enum err total_tax(struct total_work *work);

#endif
