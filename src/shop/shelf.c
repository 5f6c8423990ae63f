/* The shelf as it lies in memory: what is put there. */
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/mem.h"
#include "shop/shelf_inside.h"
#include "shop/word.h"

enum { ROOM_FIRST = 256 };

enum err shelf_open(struct ctx *ctx, struct shelf **opened)
{
    struct shelf *shelf = mem_alloc(sizeof *shelf);
    *opened = shelf;
    if (!shelf)
        return err_memory(&ctx->err);
    pthread_rwlock_init(&shelf->lock, NULL);
    pthread_mutex_init(&shelf->freshen, NULL);
    enum err err = search_open(ctx, &shelf->search);
    if (err) {
        shelf_close(shelf);
        *opened = NULL;
    }
    return err;
}

void shelf_close(struct shelf *shelf)
{
    if (!shelf)
        return;
    for (size_t i = 0; i < shelf->facet_count; i++)
        mem_free((void *)shelf->facets[i].name.ptr);
    search_close(shelf->search);
    mem_free(shelf->items);
    mem_free(shelf->categories);
    mem_free(shelf->slots);
    mem_free(shelf->item_of_text);
    pthread_mutex_destroy(&shelf->freshen);
    pthread_rwlock_destroy(&shelf->lock);
    mem_free(shelf);
}

static size_t slot_of(const struct shelf *shelf, struct id id)
{
    size_t mask = shelf->slot_count - 1;
    struct str bytes = str_make((const char *)&id, sizeof id);
    size_t at = (size_t)hash_str(&(struct hash_key){0}, bytes) & mask;
    while (shelf->slots[at] && id_compare(shelf->items[shelf->slots[at] - 1].id, id) != 0)
        at = (at + 1) & mask;
    return at;
}

uint32_t shelf_item_of(const struct shelf *shelf, struct str text)
{
    struct id id;
    if (shelf->slot_count == 0 || id_parse(text, "prd", &id))
        return SHELF_NONE;
    uint32_t number = shelf->slots[slot_of(shelf, id)];
    return number ? number - 1 : SHELF_NONE;
}

uint16_t shelf_category_of(const struct shelf *shelf, struct str text)
{
    struct id id;
    if (id_parse(text, "cat", &id))
        return 0;
    for (size_t i = 0; i < shelf->category_count; i++)
        if (id_compare(shelf->category_ids[i], id) == 0)
            return (uint16_t)(i + 1);
    return 0;
}

uint32_t shelf_facet_of(const struct shelf *shelf, struct str name, struct str value)
{
    for (size_t i = 0; i < shelf->facet_count; i++)
        if (str_equal(shelf->facets[i].value, value) && str_equal(shelf->facets[i].name, name))
            return (uint32_t)i;
    return SHELF_NONE;
}

static enum err grow(struct ctx *ctx, void **list, size_t count, size_t room, size_t size)
{
    void *larger = mem_alloc(room * size);
    if (!larger)
        return err_memory(&ctx->err);
    if (count > 0)
        memcpy(larger, *list, count * size);
    mem_free(*list);
    *list = larger;
    return ERR_OK;
}

/* The slots are twice the items' room. Each step leaves what was there as it was. */
static enum err make_item_room(struct ctx *ctx, struct shelf *shelf)
{
    size_t room = shelf->item_room ? 2 * shelf->item_room : ROOM_FIRST, count = shelf->item_count;
    if (count < shelf->item_room)
        return ERR_OK;
    void *list = shelf->items;
    TRY(grow(ctx, &list, count, room, sizeof *shelf->items));
    shelf->items = list;
    list = shelf->categories;
    TRY(grow(ctx, &list, count, room, sizeof *shelf->categories));
    shelf->categories = list;
    list = NULL;
    TRY(grow(ctx, &list, 0, 2 * room, sizeof *shelf->slots));
    mem_free(shelf->slots);
    shelf->slots = list;
    shelf->slot_count = 2 * room;
    shelf->item_room = room;
    for (size_t i = 0; i < count; i++)
        shelf->slots[slot_of(shelf, shelf->items[i].id)] = (uint32_t)i + 1;
    return ERR_OK;
}

static enum err make_text_room(struct ctx *ctx, struct shelf *shelf, size_t text)
{
    size_t room = shelf->text_room ? 2 * shelf->text_room : ROOM_FIRST;
    if (text < shelf->text_room)
        return ERR_OK;
    void *list = shelf->item_of_text;
    TRY(grow(ctx, &list, shelf->text_room, room, sizeof *shelf->item_of_text));
    shelf->item_of_text = list;
    shelf->text_room = room;
    return ERR_OK;
}

static enum err add_category(struct ctx *ctx, struct shelf *shelf, struct str text,
                             uint16_t *number)
{
    struct id id;
    *number = shelf_category_of(shelf, text);
    if (*number)
        return ERR_OK;
    if (shelf->category_count == SHELF_CATEGORIES_MAX || id_parse(text, "cat", &id))
        return err_fail(&ctx->err, ERR_LIMIT, "There are too many categories.",
                        "SHELF_CATEGORIES_MAX");
    shelf->category_ids[shelf->category_count++] = id;
    *number = (uint16_t)shelf->category_count;
    return ERR_OK;
}

/* SHELF_NAMES_MAX where there is no room for another. */
static size_t group_of(const struct shelf *shelf, struct str name)
{
    size_t group = 0;
    while (group < shelf->group_count && !str_equal(shelf->group_names[group], name))
        group++;
    return group;
}

static enum err add_facet(struct ctx *ctx, struct shelf *shelf, const struct shelf_pair *pair,
                          uint32_t *number)
{
    *number = shelf_facet_of(shelf, pair->name, pair->value);
    size_t group = group_of(shelf, pair->name);
    if (*number != SHELF_NONE || shelf->facet_count == SHELF_FACETS_MAX ||
        group == SHELF_NAMES_MAX || pair->name.len == 0 || pair->value.len == 0)
        return ERR_OK;
    char *block = mem_alloc(pair->name.len + pair->value.len);
    if (!block)
        return err_memory(&ctx->err);
    memcpy(block, pair->name.ptr, pair->name.len);
    memcpy(block + pair->name.len, pair->value.ptr, pair->value.len);
    *number = (uint32_t)shelf->facet_count;
    shelf->facets[shelf->facet_count++] = (struct shelf_facet){
        .name = str_make(block, pair->name.len),
        .value = str_make(block + pair->name.len, pair->value.len),
        .group = (uint8_t)group};
    if (group == shelf->group_count)
        shelf->group_names[shelf->group_count++] = shelf->facets[*number].name;
    return ERR_OK;
}

static enum err add_facets(struct ctx *ctx, struct shelf *shelf,
                           const struct shelf_product *product, struct shelf_item *item)
{
    for (size_t i = 0; i < product->attribute_count && item->facet_count < SHELF_FACETS_EACH; i++) {
        uint32_t number;
        TRY(add_facet(ctx, shelf, &product->attributes[i], &number));
        if (number != SHELF_NONE)
            item->facets[item->facet_count++] = (uint16_t)number;
    }
    return ERR_OK;
}

/* The first bytes of its words, as a number that sorts as they do. */
static void make_name_key(struct str name, struct shelf_item *item)
{
    uint8_t bytes[2 * sizeof(uint64_t)] = {0};
    size_t len = 0;
    struct word word;
    while (len < sizeof bytes && word_next(&name, &word)) {
        for (size_t i = 0; i < word.len && len < sizeof bytes; i++)
            bytes[len++] = (uint8_t)word.text[i];
        len++;
    }
    for (size_t i = 0; i < sizeof(uint64_t); i++) {
        item->name_high = item->name_high << 8 | bytes[i];
        item->name_low = item->name_low << 8 | bytes[sizeof(uint64_t) + i];
    }
}

static enum err add_text(struct ctx *ctx, struct shelf *shelf, const struct shelf_product *product,
                         uint32_t *text)
{
    struct buf names;
    buf_init(&names, ctx->arena, 2 * (product->name.len + product->names.len) + ROOM_FIRST);
    buf_add(&names, product->name);
    buf_addc(&names, ' ');
    buf_add(&names, product->names);
    if (buf_err(&names))
        return err_memory(&ctx->err);
    TRY(search_add(ctx, shelf->search,
                   &(struct search_text){buf_str(&names), product->brand, product->words}, text));
    enum err err = make_text_room(ctx, shelf, *text);
    if (err)
        search_drop(shelf->search, *text);
    return err;
}

static enum err put(struct ctx *ctx, struct shelf *shelf, const struct shelf_product *product)
{
    struct shelf_item item = {.price_minor = product->price_minor,
                              .made_us = product->made_us,
                              .changed_us = product->changed_us,
                              .text = SHELF_NONE};
    uint16_t category = 0;
    uint32_t at = shelf_item_of(shelf, product->id);
    TRY(id_parse(product->id, "prd", &item.id));
    if (product->listed) {
        make_name_key(product->name, &item);
        TRY(add_category(ctx, shelf, product->category, &category));
        TRY(add_facets(ctx, shelf, product, &item));
    }
    TRY(make_item_room(ctx, shelf));
    if (product->listed)
        TRY(add_text(ctx, shelf, product, &item.text));
    if (at == SHELF_NONE) {
        at = (uint32_t)shelf->item_count;
        shelf->slots[slot_of(shelf, item.id)] = at + 1;
        shelf->item_count++;
    } else if (shelf->items[at].text != SHELF_NONE) {
        search_drop(shelf->search, shelf->items[at].text);
    }
    if (item.text != SHELF_NONE) {
        shelf->item_of_text[item.text] = at;
        shelf->text_count = item.text + 1;
    }
    shelf->items[at] = item;
    shelf->categories[at] = category;
    return ERR_OK;
}

enum err shelf_put(struct ctx *ctx, struct shelf *shelf, const struct shelf_product *product)
{
    pthread_rwlock_wrlock(&shelf->lock);
    enum err err = put(ctx, shelf, product);
    pthread_rwlock_unlock(&shelf->lock);
    return err;
}
