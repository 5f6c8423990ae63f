/* Tests of the deadline that a context carries. */
#include "base/ctx.h"

#include "harness/test.h"

TEST(ctx_without_a_deadline_never_times_out)
{
    fake_clock_turn(&t->clock, 1000 * DAY_US);
    CHECK_ERR(ctx_check_deadline(t->ctx), ERR_OK);
}

TEST(ctx_times_out_at_its_deadline)
{
    t->ctx->deadline_us = clock_tick_us(t->ctx->clock) + SECOND_US;
    CHECK_ERR(ctx_check_deadline(t->ctx), ERR_OK);
    fake_clock_turn(&t->clock, SECOND_US - 1);
    CHECK_ERR(ctx_check_deadline(t->ctx), ERR_OK);
    fake_clock_turn(&t->clock, 1);
    CHECK_ERR(ctx_check_deadline(t->ctx), ERR_TIMEOUT);
    CHECK_ERR(t->ctx->err.code, ERR_TIMEOUT);
    CHECK(t->ctx->err.user[0]);
}

/* The wall's clock may jump; the time a work has does not. */
TEST(ctx_deadline_goes_by_the_ticking_clock)
{
    t->ctx->deadline_us = clock_tick_us(t->ctx->clock) + SECOND_US;
    t->clock.now_us += DAY_US;
    CHECK_ERR(ctx_check_deadline(t->ctx), ERR_OK);
    t->clock.now_us -= 2 * DAY_US;
    t->clock.tick_us += SECOND_US;
    CHECK_ERR(ctx_check_deadline(t->ctx), ERR_TIMEOUT);
}
