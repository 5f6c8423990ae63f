/* A product as its page shows it: one of its variants is chosen, and the others are a link away.
 *
 *     struct product product = {.shop = shop, .slug = input->slug, .wanted = input->variant};
 *     TRY(product_read(tx, &product));                 ERR_MISSING: none, or a draft
 *     product.data = product_data(ctx, &product);      what search engines read */
#ifndef STOA_SHOP_PRODUCT_H
#define STOA_SHOP_PRODUCT_H

#include "shop/catalog.h"
#include "shop/shop_sql.h"
#include "ui/frame.h"
#include "web/html.h"

enum {
    PRODUCT_VARIANTS_MAX = 250,
    PRODUCT_OPTIONS_MAX = 3,
    PRODUCT_ATTRIBUTES_MAX = 64,
    PRODUCT_VALUE_MAX = 4096, /* bytes of those of one name, together */
    PRODUCT_IMAGES_MAX = 12,
    PRODUCT_RELATED_MAX = 4,
    PRODUCT_FEW = 5, /* so many left, or less, is said */
};

enum product_stock { STOCK_THERE, STOCK_FEW, STOCK_BACKORDER, STOCK_PREORDER, STOCK_SOLD_OUT };

struct product_value {
    struct str name, path; /* of the page with this value chosen */
    bool here, can;        /* it is chosen; it is not sold out */
};

struct product_option {
    struct str name;
    struct product_value *values;
    size_t count;
};

struct product {
    const struct shop *shop;
    struct str slug, wanted, site_url; /* what is asked for */
    struct product_of_slug_row row;
    struct str canonical, path;
    struct ui_link crumbs[CATALOG_DEPTH_MAX + 2];
    size_t crumb_count;
    struct product_option options[PRODUCT_OPTIONS_MAX];
    size_t option_count;
    struct product_images_row *images;
    size_t image_count;
    struct product_attributes_row *attributes;
    size_t attribute_count;
    struct catalog_cards related;
    const struct currency *currency;
    bool tax_included;
    /* Of the variant that is chosen. */
    struct str variant, sku, barcode;
    int64_t price_minor, before_minor; /* 0: nothing is struck through */
    enum product_stock stock;
    int64_t free, most, due_us; /* most: that may be asked for at once */
};

enum err product_read(struct tx *tx, struct product *product);

/* schema.org's Product, Offer and BreadcrumbList as JSON-LD. Nothing where memory is at its end. */
struct html product_data(struct ctx *ctx, const struct product *product);

/* The same of the way to a list. */
struct html product_crumbs_data(struct ctx *ctx, struct str site_url, const struct ui_link crumbs[],
                                size_t count);

#endif
