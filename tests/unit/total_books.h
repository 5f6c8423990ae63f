/* Carts out of bytes, and the books of their totals: what must hold whatever is in a cart.
 *
 *     struct total_cart *cart = total_books_cart(ctx->arena, bytes, size);
 *     if (total_compute(ctx, cart, &total) == ERR_OK)
 *         broken = total_books_audit(cart, total);         NULL, or the rule that is broken
 *
 * The same bytes make the same cart, with one compiler. Where they end all is 0. */
#ifndef STOA_TESTS_TOTAL_BOOKS_H
#define STOA_TESTS_TOTAL_BOOKS_H

#include "shop/total.h"
#include "shop/total_refund.h"

enum { TOTAL_BOOKS_LINES = 8, TOTAL_BOOKS_PROMOTIONS = 6, TOTAL_BOOKS_BYTES = 1024 };

struct total_cart *total_books_cart(struct arena *arena, const uint8_t *bytes, size_t size);

const char *total_books_audit(const struct total_cart *cart, const struct total *total);

/* Gives all of an order back in parts that the bytes choose, and looks at the sums. */
const char *total_books_refunds(struct ctx *ctx, const struct total_cart *cart,
                                const struct total *total, const uint8_t *bytes, size_t size);

#endif
