/* How an order's total came about: what its terms say, by the names of promotions and taxes. */
#include "base/json.h"
#include "ports/db/db.h"
#include "shop/admin_order.h"

/* What was deleted since is told by its id. */
static enum err name_of(struct tx *tx, struct str id, bool is_tax, struct str *name)
{
    struct admin_order_tax_row tax = {0};
    struct admin_order_promotion_row promotion = {0};
    enum err err = is_tax ? admin_order_tax(tx, id, &tax)
                          : admin_order_promotion(tx, id, &promotion);
    *name = is_tax ? tax.name : promotion.name;
    if (err != ERR_MISSING)
        return err;
    err_clear(&tx->ctx->err);
    *name = id;
    return ERR_OK;
}

static int64_t number_of(const struct json *object, const char *name)
{
    int64_t number = 0;
    return json_int(json_get(object, name), &number) ? 0 : number;
}

static enum err add_all(struct tx *tx, const struct json *list, bool is_tax,
                        struct admin_order_reasons *reasons)
{
    for (const struct json *at = list ? list->first : NULL;
         at && reasons->count < ADMIN_REASONS_MAX; at = at->next) {
        struct admin_order_reason *reason = &reasons->rows[reasons->count];
        struct str id;
        if (json_str(json_get(at, "id"), &id))
            continue;
        *reason = (struct admin_order_reason){.is_tax = is_tax,
                                              .minor = number_of(at, is_tax ? "tax" : "off"),
                                              .net_minor = number_of(at, "net")};
        TRY(name_of(tx, id, is_tax, &reason->name));
        reasons->count++;
    }
    return ERR_OK;
}

enum err admin_order_explain(struct tx *tx, struct str terms, struct admin_order_reasons *reasons)
{
    struct json *root = NULL;
    reasons->count = 0;
    TRY(json_read(tx->ctx, terms, &root));
    const struct json *promotions = json_get(root, "promotions"), *taxes = json_get(root, "taxes");
    if (promotions && promotions->kind == JSON_ARRAY)
        TRY(add_all(tx, promotions, false, reasons));
    if (taxes && taxes->kind == JSON_ARRAY)
        TRY(add_all(tx, taxes, true, reasons));
    return ERR_OK;
}
