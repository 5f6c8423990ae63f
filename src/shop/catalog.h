/* The catalogue as pages read it: categories as a tree and products as cards, in the reader's
 * language.
 *
 *     struct catalog_tree tree;
 *     TRY(catalog_tree(tx, &tree));
 *     const struct catalog_category *bread = catalog_find(&tree, STR("bread"));
 *     TRY(shelf_find(tx->ctx, shop->shelf, &ask, &found));
 *     TRY(catalog_cards(tx, shop, found.ids, found.count, &cards));
 *
 * What a page costs in statements: one that looks whether the shelf is fresh (shelf.h), one for all
 * categories, one of a few microseconds for each card that is shown, and
 *
 *     /              one for the collections
 *     /c/…           one for its words
 *     /collections/… two: itself, and its products' ids
 *     /p/…           five: itself, its variants, options, attributes and images
 *     /search        none
 *
 * None of them reads more rows than it shows, however many products there are; a collection reads
 * the ids of its products, and whoever comes first after a change reads what changed. */
#ifndef STOA_SHOP_CATALOG_H
#define STOA_SHOP_CATALOG_H

#include "ports/db/db.h"
#include "shop/shop.h"
#include "ui/frame.h"

enum {
    CATALOG_CATEGORIES_MAX = 1000,
    CATALOG_DEPTH_MAX = 8, /* of categories within each other */
    CATALOG_PATH_MAX = 1024,
    CATALOG_URL_MAX = 2048,
};

struct catalog_category {
    struct str id, parent, slug, name;
    struct str path, picture;             /* "/c/bread", "/pictures/loaf-7.svg" */
    size_t depth;                         /* 1 for those at the top */
    const struct catalog_category *below; /* the rows behind it that are below it */
    size_t below_count;
};

/* In their order: a category stands before those below it. */
struct catalog_tree {
    struct catalog_category *rows;
    size_t count;
};

struct catalog_collection {
    struct str path, name, words, picture;
};

struct catalog_card {
    struct str path, name, brand, picture;
    int64_t price_minor, before_minor; /* before is 0 where nothing is struck through */
    bool from;                         /* there are dearer variants */
    bool sold_out;
    const struct currency *currency;
};

struct catalog_cards {
    struct catalog_card *rows;
    size_t count;
};

enum err catalog_tree(struct tx *tx, struct catalog_tree *tree);

/* NULL where there is none. */
const struct catalog_category *catalog_find(const struct catalog_tree *tree, struct str slug);
const struct catalog_category *catalog_of_id(const struct catalog_tree *tree, struct str id);

/* It and all below it: their ids. Those at most CATALOG_DEPTH_MAX deep. */
enum err catalog_below(struct ctx *ctx, const struct catalog_category *top, struct str **ids,
                       size_t *count);

/* Products that are gone meanwhile are left out. */
enum err catalog_cards(struct tx *tx, const struct shop *shop, const struct str ids[], size_t count,
                       struct catalog_cards *cards);

/* "/pictures/loaf-7.svg" for "drawn:loaf:7"; empty for what is no drawing. */
struct str catalog_picture(struct arena *arena, struct str picture);

/* "/c/" and a slug; and the same with what links from elsewhere begin with. */
struct str catalog_path(struct arena *arena, const char *before, struct str slug);
struct str catalog_url(struct arena *arena, struct str site_url, struct str path);

/* The way to a category from the top, itself last: how many there are. NULL has none. */
size_t catalog_crumbs(const struct catalog_tree *tree, const struct catalog_category *category,
                      struct ui_link crumbs[CATALOG_DEPTH_MAX + 1]);

/* What is asked for at a place that it has left is sent on for good; else ERR_MISSING. */
enum err catalog_send_on(struct request *request);

#endif
