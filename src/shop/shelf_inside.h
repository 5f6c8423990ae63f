/* What the parts of the shelf share. */
#ifndef STOA_SHOP_SHELF_INSIDE_H
#define STOA_SHOP_SHELF_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "shop/search.h"
#include "shop/shelf.h"

#define SHELF_NONE UINT32_MAX

struct shelf_item {
    struct id id;
    uint64_t name_high, name_low; /* the first bytes of its words, to sort by */
    int64_t price_minor, made_us, changed_us;
    uint32_t text; /* its number in the search; SHELF_NONE where it is not listed */
    uint16_t facets[SHELF_FACETS_EACH];
    uint8_t facet_count;
};

struct shelf_facet {
    struct str name, value; /* one block, from the name on */
    uint8_t group;
};

struct shelf {
    pthread_rwlock_t lock;   /* of all below */
    pthread_mutex_t freshen; /* one reads at a time: */
    int64_t seen_us, looked_us;
    bool whole;            /* all was read until then */
    atomic_bool is_loaded; /* it was once: nobody waits for another */

    struct shelf_item *items;
    uint16_t *categories; /* of the items, from 1; 0 where it is not listed */
    uint32_t *slots;      /* of items by their id, from 1; 0 is free */
    size_t item_count, item_room, slot_count;
    uint32_t *item_of_text;
    size_t text_count, text_room;
    struct id category_ids[SHELF_CATEGORIES_MAX];
    size_t category_count;
    struct shelf_facet facets[SHELF_FACETS_MAX];
    size_t facet_count, group_count;
    struct str group_names[SHELF_NAMES_MAX]; /* into the facets' blocks */
    struct search *search;
};

/* Under the lock: the item of that id, or SHELF_NONE; a category's number, or 0; a facet's, or
 * SHELF_NONE. */
uint32_t shelf_item_of(const struct shelf *shelf, struct str text);
uint16_t shelf_category_of(const struct shelf *shelf, struct str text);
uint32_t shelf_facet_of(const struct shelf *shelf, struct str name, struct str value);

#endif
