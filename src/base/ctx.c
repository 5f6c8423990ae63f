/* The deadline that a context carries. */
#include "base/ctx.h"

enum err ctx_check_deadline(struct ctx *ctx)
{
    if (!ctx->deadline_us || clock_tick_us(ctx->clock) < ctx->deadline_us)
        return ERR_OK;
    return err_fail(&ctx->err, ERR_TIMEOUT, "This took too long and was stopped. Please try again.",
                    "deadline passed");
}
