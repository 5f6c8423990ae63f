/* Fills an empty shop with the demo company. */
#include "shop/demo.h"

#include "shop/demo_inside.h"

enum { SEED = 20260307 };

static enum err make_company(struct demo *demo)
{
    TRY(demo_stock_shelves(demo));
    TRY(demo_collect(demo));
    TRY(demo_set_rules(demo));
    TRY(demo_invite(demo));
    return demo_take_orders(demo);
}

enum err demo_fill(struct ctx *ctx, struct db *db, const struct currency *currency,
                   struct demo_made *made)
{
    struct demo *demo = ARENA_NEW(ctx->arena, struct demo);
    if (!demo)
        return err_memory(&ctx->err);
    int64_t now_us = clock_now_us(ctx->clock);
    *demo = (struct demo){
        .ctx = ctx, .currency = currency, .now_us = now_us - now_us % HOUR_US, .chance = SEED};
    TRY(make_company(demo));
    TRY(db_write(db, ctx, demo_write, demo));
    *made = demo->made;
    return ERR_OK;
}
