/* What search engines read of a product: whole JSON, which cannot end the script that it stands in.
 */
#include "shop/product.h"

#include "base/json.h"
#include "harness/test.h"

static struct product example(void)
{
    return (struct product){
        .site_url = STR("https://stoa.example"),
        .canonical = STR("https://stoa.example/p/rye"),
        .row = {.name = STR("</script><!-- \"Rye\""), .brand = STR("Stone & Mill")},
        .currency = currency_find(STR("EUR")),
        .variant = STR("var_1"),
        .price_minor = 450,
        .stock = STOCK_BACKORDER,
        .crumbs = {{.path = STR("/c/bread"), .words = STR("Bread")}},
        .crumb_count = 1,
    };
}

static struct json *read_data(struct test *t, struct html data)
{
    const struct str begin = STR("<script type=\"application/ld+json\">"), end = STR("</script>");
    struct json *root = NULL;
    REQUIRE(str_starts(data.markup, begin) && str_ends(data.markup, end));
    struct str json = str_slice(data.markup, begin.len, data.markup.len - end.len);
    CHECK(str_find_char(json, '<') == STR_NONE);
    REQUIRE(json_read(t->ctx, json, &root) == ERR_OK);
    return root;
}

static struct str text_of(struct test *t, const struct json *value)
{
    struct str text = {0};
    CHECK(json_str(value, &text) == ERR_OK);
    return text;
}

TEST(product_data_is_what_the_product_is)
{
    struct product product = example();
    const struct json *root = read_data(t, product_data(t->ctx, &product));
    const struct json *graph = json_get(root, "@graph");
    REQUIRE(graph && graph->count == 2);
    const struct json *offer = json_get(graph->first, "offers");
    CHECK_STR(text_of(t, json_get(graph->first, "name")), "</script><!-- \"Rye\"");
    CHECK_STR(text_of(t, json_get(offer, "price")), "4.50");
    CHECK_STR(text_of(t, json_get(offer, "availability")), "https://schema.org/BackOrder");
    CHECK_STR(text_of(t, json_get(json_get(graph->first, "brand"), "name")), "Stone & Mill");
    CHECK(!json_get(graph->first, "sku"));
}

TEST(product_data_has_no_offer_where_nothing_is_sold)
{
    struct product product = example();
    product.variant = STR("");
    const struct json *root = read_data(t, product_data(t->ctx, &product));
    CHECK(!json_get(json_get(root, "@graph")->first, "offers"));
}

TEST(product_crumbs_data_leads_to_the_list)
{
    struct product product = example();
    struct html data = product_crumbs_data(t->ctx, product.site_url, product.crumbs, 1);
    const struct json *list = json_get(json_get(read_data(t, data), "@graph")->first,
                                       "itemListElement");
    REQUIRE(list && list->count == 1);
    CHECK_STR(text_of(t, json_get(list->first, "item")), "https://stoa.example/c/bread");
}
