/* A list of products as people see it: filtered, sorted, and turned page by page.
 *
 *     struct listing *listing;
 *     TRY(listing_take(request, &said, &listing));      what the URL says
 *     listing->ask.categories = …, listing->title = …;
 *     err = db_read(…);                                 which calls listing_read
 *     return listing_show(request, err, listing);
 *
 * What is chosen stands in the URL as is=NAME=VALUE, once a value: so a form of checkboxes sends it
 * without a script, and a page can be passed on. */
#ifndef STOA_SHOP_LISTING_H
#define STOA_SHOP_LISTING_H

#include "shop/catalog.h"
#include "shop/shelf.h"

enum {
    LISTING_PAGE = 24,
    LISTING_PAGES_MAX = SHELF_DEEP_MAX / LISTING_PAGE,
    LISTING_URL_MAX = 4096,
};

/* What routes.tbl decodes of each list. */
struct listing_said {
    struct str from, to; /* prices as they were typed; one that is none is as if it was not said */
    int64_t sort, page;
    bool given; /* the order is the collection's own, or what fits best */
};

struct listing {
    const struct shop *shop;
    struct str path, slug; /* "/c/bread", "bread" */
    struct str title, lead;
    struct ui_link crumbs[CATALOG_DEPTH_MAX + 1];
    size_t crumb_count;
    struct catalog_category *below; /* those right below the category */
    size_t below_count;
    bool searches;
    struct listing_said said;
    struct str words; /* that are looked for */
    struct shelf_ask ask;
    struct shelf_pair chosen[SHELF_CHOSEN_MAX];
    bool narrowed; /* by a filter */
    int64_t pages;
    struct shelf_found found;
    struct catalog_cards cards;
    struct str before, after, bare; /* URLs: of the pages beside it; without any filter */
};

enum err listing_take(struct request *request, const struct listing_said *said,
                      struct listing **taken);
/* ERR_MISSING for a page beyond its end. */
enum err listing_read(struct tx *tx, struct listing *listing);

/* Where reading it ended with ERR_MISSING, what is asked for may have moved. */
enum err listing_show(struct request *request, enum err err, struct listing *listing);

#endif
