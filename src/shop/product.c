/* The page of a product: which variant is meant, what it costs, and whether it is there. */
#include "shop/product.h"

#include "base/buf.h"
#include "shop/cart.h"
#include "shop/catalog_msg.h"
#include "shop/rules.h"
#include "shop/shelf.h"
#include "shop/shop_pages.h"
#include "shop/shop_routes.h"
#include "shop/stock.h"
#include "web/url.h"

static struct str value_of(const struct product_variants_row *variant, size_t option)
{
    const struct str values[PRODUCT_OPTIONS_MAX] = {variant->first, variant->second,
                                                    variant->third};
    return values[option];
}

static enum product_stock stock_of(const struct product_variants_row *variant)
{
    bool ends = str_equal(variant->beyond, STR("never"));
    if (!variant->counted && !ends)
        return STOCK_THERE;
    if (variant->free > 0)
        return ends && variant->free <= PRODUCT_FEW ? STOCK_FEW : STOCK_THERE;
    if (ends)
        return STOCK_SOLD_OUT;
    return str_equal(variant->beyond, STR("preorder")) ? STOCK_PREORDER : STOCK_BACKORDER;
}

/* The one that was asked for, else the first that can be had. */
static const struct product_variants_row *choose(const struct product *product,
                                                 const struct product_variants_rows *variants)
{
    const struct product_variants_row *first = NULL;
    for (size_t i = 0; i < variants->count; i++) {
        const struct product_variants_row *variant = &variants->rows[i];
        if (str_equal(variant->id, product->wanted))
            return variant;
        if (!first && stock_of(variant) != STOCK_SOLD_OUT)
            first = variant;
    }
    return first || variants->count == 0 ? first : &variants->rows[0];
}

static void take_variant(const struct product_variants_row *variant, struct product *product)
{
    bool ends = str_equal(variant->beyond, STR("never")) && variant->counted;
    product->variant = variant->id;
    product->sku = variant->sku;
    product->barcode = variant->barcode;
    product->price_minor = variant->price_minor;
    product->before_minor = variant->before_minor > variant->price_minor ? variant->before_minor
                                                                         : 0;
    product->stock = stock_of(variant);
    product->free = variant->free;
    product->due_us = variant->due_us;
    product->most = ends && variant->free < CART_QUANTITY_MAX ? variant->free : CART_QUANTITY_MAX;
}

/* The variant that differs from the chosen one in this option alone, else any that has the value.
 */
static const struct product_variants_row *find_value(const struct product_variants_rows *variants,
                                                     const struct product_variants_row *chosen,
                                                     size_t option, struct str value)
{
    const struct product_variants_row *any = NULL;
    for (size_t i = 0; i < variants->count; i++) {
        const struct product_variants_row *variant = &variants->rows[i];
        bool same = true;
        if (!str_equal(value_of(variant, option), value))
            continue;
        for (size_t k = 0; k < PRODUCT_OPTIONS_MAX; k++)
            same = same && (k == option || str_equal(value_of(variant, k), value_of(chosen, k)));
        if (same)
            return variant;
        any = any ? any : variant;
    }
    return any;
}

static bool has_value(const struct product_option *option, struct str name)
{
    for (size_t i = 0; i < option->count; i++)
        if (str_equal(option->values[i].name, name))
            return true;
    return false;
}

static struct str variant_path(struct ctx *ctx, const struct product *product, struct str variant)
{
    struct buf path;
    buf_init(&path, ctx->arena, CATALOG_PATH_MAX);
    buf_addf(&path, STR_FMT "?variant=" STR_FMT, STR_ARG(product->path), STR_ARG(variant));
    return buf_err(&path) ? product->path : buf_str(&path);
}

static enum err fill_option(struct ctx *ctx, const struct product *product,
                            const struct product_variants_rows *variants,
                            const struct product_variants_row *chosen, size_t number,
                            struct product_option *option)
{
    option->values = ARENA_ARRAY(ctx->arena, variants->count, struct product_value);
    if (!option->values)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < variants->count; i++) {
        struct str name = value_of(&variants->rows[i], number);
        if (name.len == 0 || has_value(option, name))
            continue;
        const struct product_variants_row *leads = find_value(variants, chosen, number, name);
        option->values[option->count++] = (struct product_value){
            .name = name,
            .path = variant_path(ctx, product, leads->id),
            .here = str_equal(name, value_of(chosen, number)),
            .can = stock_of(leads) != STOCK_SOLD_OUT,
        };
    }
    return ERR_OK;
}

/* A bundle has what its parts have. */
static enum err count_bundles(struct tx *tx, const struct product *product,
                              struct product_variants_rows *variants)
{
    bool is_bundle = str_equal(product->row.kind, STR("bundle"));
    for (size_t i = 0; is_bundle && i < variants->count; i++) {
        struct product_variants_row *variant = &variants->rows[i];
        TRY(stock_free(tx, variant->id, &variant->free));
        variant->counted = true;
    }
    return ERR_OK;
}

static enum err read_variants(struct tx *tx, struct product *product)
{
    struct product_variants_rows variants = {0};
    struct product_options_rows options = {0};
    TRY(product_variants(tx, product->row.id, str_from(product->currency->code),
                         clock_now_us(tx->ctx->clock), PRODUCT_VARIANTS_MAX, &variants));
    TRY(count_bundles(tx, product, &variants));
    TRY(product_options(tx, product->row.id, PRODUCT_OPTIONS_MAX, &options));
    const struct product_variants_row *chosen = choose(product, &variants);
    product->stock = STOCK_SOLD_OUT;
    if (!chosen)
        return ERR_OK;
    take_variant(chosen, product);
    for (size_t i = 0; i < options.count && i < PRODUCT_OPTIONS_MAX; i++) {
        struct product_option *option = &product->options[product->option_count++];
        option->name = options.rows[i].name;
        TRY(fill_option(tx->ctx, product, &variants, chosen, i, option));
    }
    return ERR_OK;
}

/* The picture of the lists goes first; the gallery may have it again. */
static enum err read_images(struct tx *tx, struct product *product)
{
    struct product_images_rows images;
    struct arena *arena = tx->ctx->arena;
    TRY(product_images(tx, product->row.id, PRODUCT_IMAGES_MAX, &images));
    product->images = ARENA_ARRAY(arena, images.count + 1, struct product_images_row);
    if (!product->images)
        return err_memory(&tx->ctx->err);
    if (product->row.picture.len)
        product->images[product->image_count++] = (struct product_images_row){
            catalog_picture(arena, product->row.picture), product->row.name};
    for (size_t i = 0; i < images.count; i++)
        if (!str_equal(images.rows[i].picture, product->row.picture))
            product->images[product->image_count++] = (struct product_images_row){
                catalog_picture(arena, images.rows[i].picture), images.rows[i].words};
    return ERR_OK;
}

static enum err read_around(struct tx *tx, struct product *product)
{
    struct catalog_tree tree;
    struct shelf_found found;
    size_t count = 0;
    struct str ids[PRODUCT_RELATED_MAX];
    const struct shelf_ask ask = {.categories = &product->row.category,
                                  .category_count = 1,
                                  .limit = PRODUCT_RELATED_MAX + 1};
    TRY(catalog_tree(tx, &tree));
    product->crumb_count = catalog_crumbs(&tree, catalog_of_id(&tree, product->row.category),
                                          product->crumbs);
    product->crumbs[product->crumb_count++] = (struct ui_link){
        .path = product->path, .words = product->row.name, .here = true};
    TRY(shelf_freshen(tx, product->shop->shelf));
    TRY(shelf_find(tx->ctx, product->shop->shelf, &ask, &found));
    for (size_t i = 0; i < found.count && count < PRODUCT_RELATED_MAX; i++)
        if (!str_equal(found.ids[i], product->row.id))
            ids[count++] = found.ids[i];
    return catalog_cards(tx, product->shop, ids, count, &product->related);
}

/* Values of one name are told together: "Gluten, Milk". */
static enum err read_attributes(struct tx *tx, struct product *product)
{
    struct product_attributes_rows rows;
    struct buf value;
    TRY(product_attributes(tx, product->row.id, PRODUCT_ATTRIBUTES_MAX, &rows));
    product->attributes = rows.rows;
    for (size_t i = 0; i < rows.count; i++) {
        struct product_attributes_row *last = &rows.rows[product->attribute_count - (i > 0)];
        if (i == 0 || !str_equal(last->name, rows.rows[i].name)) {
            rows.rows[product->attribute_count++] = rows.rows[i];
            continue;
        }
        buf_init(&value, tx->ctx->arena, PRODUCT_VALUE_MAX);
        buf_addf(&value, STR_FMT ", " STR_FMT, STR_ARG(last->value), STR_ARG(rows.rows[i].value));
        last->value = buf_err(&value) ? last->value : buf_str(&value);
    }
    return ERR_OK;
}

enum err product_read(struct tx *tx, struct product *product)
{
    struct product asked = {.shop = product->shop,
                            .slug = product->slug,
                            .wanted = product->wanted,
                            .site_url = product->site_url,
                            .currency = product->shop->currency,
                            .tax_included = product->tax_included};
    *product = asked; /* what an earlier run left */
    TRY(product_of_slug(tx, product->slug, str_from(tx->ctx->language->code), &product->row));
    product->path = catalog_path(tx->ctx->arena, "/p/", product->slug);
    product->canonical = catalog_url(tx->ctx->arena, product->site_url, product->path);
    TRY(read_variants(tx, product));
    TRY(read_attributes(tx, product));
    TRY(read_images(tx, product));
    return read_around(tx, product);
}

static enum err read_product(struct tx *tx, void *product)
{
    return product_read(tx, product);
}

enum err product_show(struct request *request, const struct product_show_input *input)
{
    struct ctx *ctx = request->ctx;
    struct shop *shop = request->room;
    struct rules *rules;
    struct product *product = ARENA_NEW(ctx->arena, struct product);
    if (!product)
        return err_memory(&ctx->err);
    TRY(rules_copy(ctx, shop->rules, shop->country, STR(""), &rules));
    *product = (struct product){.shop = shop,
                                .slug = input->slug,
                                .wanted = input->variant,
                                .site_url = request->ports->site_url,
                                .tax_included = rules->tax.is_included};
    enum err err = db_read(request->ports->db, ctx, read_product, product);
    if (err == ERR_MISSING)
        return catalog_send_on(request);
    TRY(err);
    struct product_page page = {
        .frame = ui_frame(request, "/c"), .product = product, .data = product_data(ctx, product)};
    product_page(respond_page(request), &page);
    return ERR_OK;
}
