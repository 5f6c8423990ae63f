/* The shelf: what is for sale, in memory, so that lists, filters and searches ask no database.
 *
 *     TRY(shelf_freshen(tx, shelf));                     what changed since is read again
 *     struct shelf_ask ask = {.categories = ids, .category_count = n, .limit = 24};
 *     TRY(shelf_find(ctx, shelf, &ask, &found));
 *     found.ids[0 .. found.count)                        "prd_…", to be read and shown
 *     found.groups[i].values[k]                          Grain: rye (12)
 *
 * A list costs a look at each product that it is chosen from, some 10 ns, and a heap of those that
 * are shown; a filter that people set leaves open what else they could choose of the same name:
 * values of one name are "or", names among each other "and".
 *
 * Who changes a product, its variants, attributes or translations sets its `changed`; it is hidden,
 * never deleted. shelf_freshen asks for the newest `changed`, one look into an index, and reads
 * what is newer; what was committed late by another process (its `changed` up to SHELF_LATE_US
 * before) is found a moment later. The first call reads all. Any thread may call: while one reads,
 * the others find what was there before. Once two thirds of what is in the search were changed
 * since it was made, it is made anew: for that moment what was not read again yet is not found.
 *
 * 100,000 products with 4 attributes each take some 15 MB, and what search.h says. */
#ifndef STOA_SHOP_SHELF_H
#define STOA_SHOP_SHELF_H

#include "ports/db/db.h"

enum {
    SHELF_FACETS_EACH = 12,  /* attributes of a product that it can be found by */
    SHELF_FACETS_MAX = 4096, /* different ones; of more the rest are no filters */
    SHELF_NAMES_MAX = 64,    /* different names of them */
    SHELF_CATEGORIES_MAX = 4096,
    SHELF_CHOSEN_MAX = 32, /* of one ask */
    SHELF_VALUES_MAX = 10, /* told of one name, what most products have first */
    SHELF_DEEP_MAX = 2400, /* products that can be reached by turning pages */
    SHELF_BATCH = 1000,
};

#define SHELF_LATE_US (2 * SECOND_US)

struct shelf;

enum shelf_sort { SHELF_NEWEST, SHELF_CHEAPEST, SHELF_DEAREST, SHELF_BY_NAME, SHELF_AS_GIVEN };

struct shelf_pair {
    struct str name, value;
};

struct shelf_ask {
    const struct str *categories; /* NULL with no `among` and no words: all products */
    size_t category_count;
    const struct str *among; /* or these products */
    size_t among_count;
    struct str words; /* or those with these words */
    const struct shelf_pair *chosen;
    size_t chosen_count;
    int64_t from_minor, to_minor; /* the price; to 0: no end */
    enum shelf_sort sort;         /* SHELF_AS_GIVEN: as in `among`, or by what fits best */
    size_t first, limit;
};

struct shelf_value {
    struct str value;
    size_t count;
    bool chosen;
};

struct shelf_group {
    struct str name;
    const struct shelf_value *values;
    size_t count;
};

/* In the arena; the words of groups are good until shelf_close. */
struct shelf_found {
    const struct str *ids;
    size_t count, total;
    int64_t least_minor, most_minor; /* of all that it was chosen from */
    const struct shelf_group *groups;
    size_t group_count;
    struct str instead; /* as of search.h, */
    bool all;           /* and this */
};

enum err shelf_open(struct ctx *ctx, struct shelf **opened);
void shelf_close(struct shelf *shelf); /* NULL is nothing */

/* What is known of a product. */
struct shelf_product {
    struct str id, category, name, brand, words, names; /* names in other languages */
    const struct shelf_pair *attributes;
    size_t attribute_count;
    int64_t price_minor, made_us, changed_us;
    bool listed;
};

/* Puts it there, or what is told of it now. Whole or not at all. */
enum err shelf_put(struct ctx *ctx, struct shelf *shelf, const struct shelf_product *product);

/* How many products there ever were, and which of these numbers from `first` on are listed. */
size_t shelf_count(struct shelf *shelf);
enum err shelf_slice(struct ctx *ctx, struct shelf *shelf, size_t first, size_t limit,
                     struct str **ids, size_t *count);

enum err shelf_freshen(struct tx *tx, struct shelf *shelf);

enum err shelf_find(struct ctx *ctx, struct shelf *shelf, const struct shelf_ask *ask,
                    struct shelf_found *found);

#endif
