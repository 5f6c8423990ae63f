/* The sales that the proofs write. */
#include "sales.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/assert.h"
#include "ports/db/migrate.h"
#include "sample_schema.h"
#include "sample_sql.h"

const struct schema *const sales_schemas[] = {&sample_schema, NULL};

static struct str item_id(int64_t item, char id[SALE_ID_MAX])
{
    int len = snprintf(id, SALE_ID_MAX, "itm_%04" PRId64, item);
    return str_make(id, (size_t)len);
}

static enum err add_items(struct tx *tx, void *arg)
{
    struct item_stock_row stock;
    char text[SALE_ID_MAX];
    (void)arg;
    TRY(item_stock(tx, &stock));
    for (int64_t i = 0; i < SALES_ITEMS && stock.items == 0; i++) {
        struct str id = item_id(i, text);
        TRY(item_add(tx, id, id, STR("a thing"), SALES_PRICE, SALES_STOCK, NULL, NULL, STR("{}"),
                     true, i));
    }
    return ERR_OK;
}

enum err sales_begin(struct db *db, struct ctx *ctx)
{
    struct migrate_plan *done = ARENA_NEW(ctx->arena, struct migrate_plan);
    if (!done)
        return err_memory(&ctx->err);
    TRY(migrate_run(db, ctx, done));
    return db_write(db, ctx, add_items, NULL);
}

enum sale_way sale_way_of(int64_t number)
{
    return number % 3 ? SALE_PAID : SALE_HELD;
}

void sale_id(const struct sale *sale, char id[SALE_ID_MAX])
{
    snprintf(id, SALE_ID_MAX, "%s_%04d_%02d_%08" PRId64, sale->way == SALE_GIVEN_UP ? "sgu" : "sal",
             sale->seller, sale->thread, sale->number);
}

static enum err pay(struct tx *tx, struct str id, struct str item, int64_t quantity)
{
    int64_t changed, total_minor = quantity * SALES_PRICE;
    TRY(item_sell(tx, item, quantity, &changed));
    ASSERT(changed == 1);
    TRY(sale_book(tx, id, 1, total_minor - SALES_FEE, NULL));
    TRY(sale_book(tx, id, 2, SALES_FEE, &STR("fee")));
    return sale_pay(tx, id, id.ptr[id.len - 1], &changed);
}

enum err sale_make(struct tx *tx, void *arg)
{
    const struct sale *sale = arg;
    char id_text[SALE_ID_MAX], item_text[SALE_ID_MAX];
    int64_t changed, quantity = sale->number % 5 + 1;
    struct str item = item_id((sale->number + sale->thread) % SALES_ITEMS, item_text);
    sale_id(sale, id_text);
    struct str id = str_from(id_text);
    TRY(item_hold(tx, item, quantity, &changed));
    if (!changed)
        return err_fail(&tx->ctx->err, ERR_CONFLICT, "Sold out.", "no stock of " STR_FMT,
                        STR_ARG(item));
    ASSERT(sale->way != SALE_BROKEN);
    TRY(sale_add(tx, id, item, quantity, quantity * SALES_PRICE, STR("held"), sale->number, NULL));
    if (sale->way != SALE_HELD)
        TRY(pay(tx, id, item, quantity));
    if (sale->way == SALE_GIVEN_UP)
        return err_fail(&tx->ctx->err, ERR_CONFLICT, "Given up.", "as it was asked to");
    return ERR_OK;
}
