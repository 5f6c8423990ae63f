/* The command demo: a company to look at. */
#include "app/commands_table.h"
#include "app/database.h"
#include "ports/db/migrate.h"
#include "shop/shop.h"

static enum err fill(struct app *app, struct db *db, struct demo_made *made)
{
    const struct currency *currency = currency_find(app->settings.shop_currency);
    struct migrate_plan *steps = ARENA_NEW(&app->arena, struct migrate_plan);
    if (!steps)
        return err_memory(&app->ctx.err);
    if (!currency)
        return err_input(&app->ctx.err, "SHOP_CURRENCY", "must be a currency, as EUR");
    TRY(migrate_run(db, &app->ctx, steps));
    return demo_fill(&app->ctx, db, currency, made);
}

enum err command_demo(struct app *app, const struct arguments *arguments)
{
    struct db *db;
    struct demo_made made = {0};
    int64_t began_us = clock_tick_us(&app->clock);
    (void)arguments;
    TRY(database_open(app, NULL, &db));
    enum err err = fill(app, db, &made);
    db_close(db);
    TRY(err);
    buf_addf(&app->out,
             "The demo company is there: %zu products in %zu variants and %zu categories,\n"
             "%zu collections, %zu customers and %zu orders with %zu lines, in %lld ms.\n",
             made.products, made.variants, made.categories, made.collections, made.customers,
             made.orders, made.lines,
             (long long)((clock_tick_us(&app->clock) - began_us) / (SECOND_US / 1000)));
    buf_add(&app->out, STR("Start \"stoa serve\" and look at it. \"stoa person EMAIL owner\" lets "
                           "you into /admin.\n"));
    return ERR_OK;
}
