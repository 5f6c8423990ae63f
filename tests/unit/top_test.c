/* Tests of the best few of many. */
#include "shop/top.h"

#include "harness/test.h"
#include "harness/torture.h"

enum { MANY = 500, FEW = 24, HIGHS = 5, LOWS = 3 };

static bool is_in_order(const struct top_row *a, const struct top_row *b)
{
    if (a->high != b->high)
        return a->high < b->high;
    return a->low != b->low ? a->low < b->low : a->number < b->number;
}

static struct top_row random_row(struct test *t, uint32_t number)
{
    return (struct top_row){.high = (uint64_t)rand_below(t->ctx->rand, HIGHS),
                            .low = (uint64_t)rand_below(t->ctx->rand, LOWS),
                            .number = number};
}

TEST(top_keeps_the_best_in_order)
{
    struct top all, few;
    REQUIRE(top_init(t->ctx, MANY, &all) == ERR_OK);
    REQUIRE(top_init(t->ctx, FEW, &few) == ERR_OK);
    for (uint32_t i = 0; i < MANY; i++) {
        struct top_row row = random_row(t, i);
        top_offer(&all, row);
        top_offer(&few, row);
    }
    top_sort(&all);
    top_sort(&few);
    REQUIRE(all.count == MANY && few.count == FEW);
    for (size_t i = 1; i < all.count; i++)
        CHECK(is_in_order(&all.rows[i - 1], &all.rows[i]));
    for (size_t i = 0; i < few.count; i++)
        CHECK_INT(few.rows[i].number, all.rows[i].number);
}

TEST(top_of_none_keeps_none)
{
    struct top top;
    REQUIRE(top_init(t->ctx, 0, &top) == ERR_OK);
    top_offer(&top, (struct top_row){.number = 1});
    top_sort(&top);
    CHECK_INT(top.count, 0);
}

static enum err keep_few(struct test *t, void *arg)
{
    struct top top;
    (void)arg;
    TRY(top_init(t->ctx, MANY, &top));
    top_offer(&top, (struct top_row){.number = 1});
    CHECK_INT(top.count, 1);
    return ERR_OK;
}

TEST(top_survives_failing_memory)
{
    TORTURE_EVERY(t, TORTURE_MEMORY, keep_few, NULL);
}
