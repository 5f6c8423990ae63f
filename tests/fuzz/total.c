/* Fuzzes the totals: whatever cart the bytes make, its books hold, also in refunds. */
#include "shop/total.h"

#include <stdio.h>

#include "base/assert.h"
#include "unit/total_books.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { ARENA_MAX = 1 << 20 };

static void audit(const char *broken)
{
    if (broken)
        fprintf(stderr, "this does not hold: %s\n", broken);
    ASSERT(!broken);
}

/* The bytes as they stand are a line's numbers: they are refused, or they fit. */
static void check_numbers(struct ctx *ctx, const uint8_t *bytes, size_t size)
{
    int64_t numbers[4] = {0};
    for (size_t i = 0; i < sizeof numbers && i < size; i++)
        ((uint8_t *)numbers)[i] = bytes[i];
    struct total_line line = {
        .quantity = numbers[0], .price_minor = numbers[1], .weight_g = numbers[2]};
    struct total_promotion promotion = {.effect = TOTAL_EACH, .value = numbers[3]};
    struct total_cart cart = {.currency = currency_find(STR("JPY")),
                              .lines = &line,
                              .line_count = 1,
                              .promotions = &promotion,
                              .promotion_count = 1};
    struct total *total = NULL;
    if (total_compute(ctx, &cart, &total) == ERR_OK)
        audit(total_books_audit(&cart, total));
    else
        ASSERT(ctx->err.code == ERR_INPUT && ctx->err.field[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena arena;
    struct ctx ctx = {.arena = &arena};
    struct total *total = NULL;
    arena_init(&arena, ARENA_MAX);
    struct total_cart *cart = total_books_cart(&arena, bytes, size);
    ASSERT(total_compute(&ctx, cart, &total) == ERR_OK);
    audit(total_books_audit(cart, total));
    audit(total_books_refunds(&ctx, cart, total, bytes, size));
    check_numbers(&ctx, bytes, size);
    arena_release(&arena);
    return 0;
}
