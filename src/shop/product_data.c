/* What search engines read of products and lists: schema.org's words as JSON-LD. */
#include "base/buf.h"
#include "base/json.h"
#include "shop/product.h"

enum { DATA_MAX = 64 << 10, SCRIPT_MAX = 384 << 10 };

static const char *const availabilities[] = {[STOCK_THERE] = "https://schema.org/InStock",
                                             [STOCK_FEW] = "https://schema.org/LimitedAvailability",
                                             [STOCK_BACKORDER] = "https://schema.org/BackOrder",
                                             [STOCK_PREORDER] = "https://schema.org/PreOrder",
                                             [STOCK_SOLD_OUT] = "https://schema.org/OutOfStock"};

static void add_member(struct json_writer *w, const char *name, struct str value)
{
    json_key(w, str_from(name));
    json_add_str(w, value);
}

static void add_url(struct json_writer *w, struct arena *arena, struct str site_url,
                    struct str path)
{
    json_add_str(w, catalog_url(arena, site_url, path));
}

/* A script's text has no way to write "<" but an escape of its own language: so nothing that stands
 * in the data ends the script. */
static struct html wrap(struct arena *arena, struct str json)
{
    struct buf out;
    buf_init(&out, arena, SCRIPT_MAX);
    buf_add(&out, STR("<script type=\"application/ld+json\">"));
    for (size_t i = 0; i < json.len; i++)
        if (json.ptr[i] == '<')
            buf_add(&out, STR("\\u003c"));
        else
            buf_addc(&out, json.ptr[i]);
    buf_add(&out, STR("</script>"));
    if (buf_err(&out))
        return (struct html){STR("")};
    return (struct html){buf_str(&out)};
}

static void add_crumbs(struct json_writer *w, struct arena *arena, struct str site_url,
                       const struct ui_link crumbs[], size_t count)
{
    json_begin_object(w);
    add_member(w, "@type", STR("BreadcrumbList"));
    json_key(w, STR("itemListElement"));
    json_begin_array(w);
    for (size_t i = 0; i < count; i++) {
        json_begin_object(w);
        add_member(w, "@type", STR("ListItem"));
        json_key(w, STR("position"));
        json_add_int(w, (int64_t)i + 1);
        add_member(w, "name", crumbs[i].words);
        json_key(w, STR("item"));
        add_url(w, arena, site_url, crumbs[i].path);
        json_end_object(w);
    }
    json_end_array(w);
    json_end_object(w);
}

static void add_offer(struct json_writer *w, const struct product *product)
{
    char price[MONEY_TEXT_MAX];
    money_format(product->price_minor, product->currency, price);
    json_begin_object(w);
    add_member(w, "@type", STR("Offer"));
    add_member(w, "url", product->canonical);
    add_member(w, "price", str_from(price));
    add_member(w, "priceCurrency", str_from(product->currency->code));
    add_member(w, "availability", str_from(availabilities[product->stock]));
    add_member(w, "itemCondition", STR("https://schema.org/NewCondition"));
    json_end_object(w);
}

static void add_product(struct json_writer *w, struct arena *arena, const struct product *product)
{
    json_begin_object(w);
    add_member(w, "@type", STR("Product"));
    add_member(w, "name", product->row.name);
    if (product->row.words.len)
        add_member(w, "description", product->row.words);
    json_key(w, STR("image"));
    json_begin_array(w);
    for (size_t i = 0; i < product->image_count; i++)
        add_url(w, arena, product->site_url, product->images[i].picture);
    json_end_array(w);
    if (product->sku.len)
        add_member(w, "sku", product->sku);
    if (product->barcode.len)
        add_member(w, "gtin", product->barcode);
    if (product->row.brand.len) {
        json_key(w, STR("brand"));
        json_begin_object(w);
        add_member(w, "@type", STR("Brand"));
        add_member(w, "name", product->row.brand);
        json_end_object(w);
    }
    if (product->variant.len) {
        json_key(w, STR("offers"));
        add_offer(w, product);
    }
    json_end_object(w);
}

static void begin_graph(struct json_writer *w, struct buf *json, struct arena *arena)
{
    buf_init(json, arena, DATA_MAX);
    json_writer_init(w, json);
    json_begin_object(w);
    add_member(w, "@context", STR("https://schema.org"));
    json_key(w, STR("@graph"));
    json_begin_array(w);
}

static struct html end_graph(struct json_writer *w, const struct buf *json, struct arena *arena)
{
    json_end_array(w);
    json_end_object(w);
    if (buf_err(json))
        return (struct html){STR("")};
    return wrap(arena, buf_str(json));
}

struct html product_data(struct ctx *ctx, const struct product *product)
{
    struct buf json;
    struct json_writer w;
    begin_graph(&w, &json, ctx->arena);
    add_product(&w, ctx->arena, product);
    add_crumbs(&w, ctx->arena, product->site_url, product->crumbs, product->crumb_count);
    return end_graph(&w, &json, ctx->arena);
}

struct html product_crumbs_data(struct ctx *ctx, struct str site_url, const struct ui_link crumbs[],
                                size_t count)
{
    struct buf json;
    struct json_writer w;
    begin_graph(&w, &json, ctx->arena);
    add_crumbs(&w, ctx->arena, site_url, crumbs, count);
    return end_graph(&w, &json, ctx->arena);
}
