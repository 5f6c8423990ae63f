/* The deadline that a context carries. */
#include "base/ctx.h"

bool ctx_is_to_end(const struct ctx *ctx)
{
    return ctx->ends && atomic_load_explicit(ctx->ends, memory_order_relaxed);
}

enum err ctx_check_deadline(struct ctx *ctx)
{
    if (ctx_is_to_end(ctx))
        return err_fail(&ctx->err, ERR_TIMEOUT, "This was stopped. Please try again.",
                        "told to end");
    if (!ctx->deadline_us || clock_tick_us(ctx->clock) < ctx->deadline_us)
        return ERR_OK;
    return err_fail(&ctx->err, ERR_TIMEOUT, "This took too long and was stopped. Please try again.",
                    "deadline passed");
}
