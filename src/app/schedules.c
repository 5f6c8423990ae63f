/* Declares the program's schedules, and starts the ticker. */
#include "app/schedules.h"

#include "shop/shop.h"

/* What rooms want done at set times: a row each, before the one without a name. */
static const struct schedule_options declared[] = {
    {.name = STR("payment-sweep"),
     .expression = STR("* * * * *"),
     .address = STR(SHOP_QUEUE_SWEEP),
     .missed = SCHEDULE_ONCE},
    {.name = STR("shop-expire"),
     .expression = STR("* * * * *"),
     .address = STR(SHOP_QUEUE_EXPIRE),
     .missed = SCHEDULE_ONCE},
    {.name = STR("shop-stock-audit"),
     .expression = STR("17 * * * *"),
     .address = STR(SHOP_QUEUE_AUDIT),
     .missed = SCHEDULE_ONCE},
    {.name = {NULL, 0}},
};

static enum err declare(struct tx *tx, void *arg)
{
    (void)arg;
    return schedule_declare(tx, declared);
}

enum err schedules_open(struct app *app, struct counter_registry *counters, struct db *db,
                        struct schedule_ticker **ticker)
{
    struct schedule_ticker_options options = {.db = db, .counters = counters};
    TRY(db_write(db, &app->ctx, declare, NULL));
    return schedule_ticker_open(&app->ctx, &options, ticker);
}
