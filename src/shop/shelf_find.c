/* What is asked of the shelf: which products, in which order, and what else could be chosen. */
#include "shop/shelf_inside.h"

struct asking {
    struct ctx *ctx;
    const struct shelf *shelf;
    const struct shelf_ask *ask;
    struct shelf_found *found;
    struct top top;
    uint8_t *is_chosen;     /* of each facet */
    uint32_t *counts;       /* of each facet */
    uint64_t chosen_groups; /* a bit a name */
    bool *wanted;           /* of each category */
    const uint32_t *given;  /* the items that it is chosen from; NULL: all that are wanted */
    size_t given_count;
};

_Static_assert(SHELF_NAMES_MAX == 64, "a bit a name of a uint64_t");

static uint64_t bit_of(const struct shelf *shelf, uint16_t facet)
{
    return UINT64_C(1) << shelf->facets[facet].group;
}

static struct top_row key_of(const struct asking *asking, uint32_t number, size_t position)
{
    const struct shelf_item *item = &asking->shelf->items[number];
    struct top_row row = {.low = position, .number = number};
    switch (asking->ask->sort) {
    case SHELF_CHEAPEST:
        row.high = (uint64_t)item->price_minor;
        break;
    case SHELF_DEAREST:
        row.high = ~(uint64_t)item->price_minor;
        break;
    case SHELF_BY_NAME:
        row.high = item->name_high;
        row.low = item->name_low;
        break;
    case SHELF_NEWEST:
        row.high = ~(uint64_t)item->made_us;
        row.low = ~item->id.high;
        break;
    case SHELF_AS_GIVEN:
        break;
    }
    return row;
}

/* A product that lacks one name alone of what was chosen counts for the values of that name: for
 * what would be found if they were chosen too. */
static void consider(struct asking *asking, uint32_t number, size_t position)
{
    const struct shelf_item *item = &asking->shelf->items[number];
    const struct shelf_ask *ask = asking->ask;
    struct shelf_found *found = asking->found;
    if (found->most_minor < item->price_minor)
        found->most_minor = item->price_minor;
    if (found->least_minor > item->price_minor)
        found->least_minor = item->price_minor;
    if (item->price_minor < ask->from_minor || (ask->to_minor && item->price_minor > ask->to_minor))
        return;
    uint64_t has = 0;
    for (size_t i = 0; i < item->facet_count; i++)
        if (asking->is_chosen[item->facets[i]])
            has |= bit_of(asking->shelf, item->facets[i]);
    uint64_t lacks = asking->chosen_groups & ~has;
    if (lacks & (lacks - 1))
        return;
    for (size_t i = 0; i < item->facet_count; i++)
        if (!lacks || bit_of(asking->shelf, item->facets[i]) == lacks)
            asking->counts[item->facets[i]]++;
    if (!lacks) {
        found->total++;
        top_offer(&asking->top, key_of(asking, number, position));
    }
}

static void consider_all(struct asking *asking)
{
    const struct shelf *shelf = asking->shelf;
    if (asking->given)
        for (size_t i = 0; i < asking->given_count; i++)
            consider(asking, asking->given[i], i);
    else
        for (size_t i = 0; i < shelf->item_count; i++)
            if (asking->wanted[shelf->categories[i]])
                consider(asking, (uint32_t)i, i);
    if (asking->found->least_minor > asking->found->most_minor)
        asking->found->least_minor = asking->found->most_minor;
}

static enum err want_categories(struct asking *asking)
{
    const struct shelf *shelf = asking->shelf;
    asking->wanted = ARENA_ARRAY(asking->ctx->arena, shelf->category_count + 1, bool);
    if (!asking->wanted)
        return err_memory(&asking->ctx->err);
    for (size_t i = 1; i <= shelf->category_count; i++)
        asking->wanted[i] = !asking->ask->categories;
    size_t count = asking->ask->categories ? asking->ask->category_count : 0;
    for (size_t i = 0; i < count; i++)
        asking->wanted[shelf_category_of(shelf, asking->ask->categories[i])] = true;
    asking->wanted[0] = false;
    return ERR_OK;
}

static enum err give_found(struct asking *asking)
{
    struct search_found texts;
    TRY(search_find(asking->ctx, asking->shelf->search, asking->ask->words, &texts));
    uint32_t *given = ARENA_ARRAY(asking->ctx->arena, texts.count, uint32_t);
    if (!given)
        return err_memory(&asking->ctx->err);
    for (size_t i = 0; i < texts.count; i++)
        given[i] = asking->shelf->item_of_text[texts.rows[i].number];
    asking->given = given;
    asking->given_count = texts.count;
    asking->found->instead = texts.instead;
    asking->found->all = texts.all;
    return ERR_OK;
}

static enum err give_among(struct asking *asking)
{
    const struct shelf *shelf = asking->shelf;
    uint32_t *given = ARENA_ARRAY(asking->ctx->arena, asking->ask->among_count, uint32_t);
    if (!given)
        return err_memory(&asking->ctx->err);
    for (size_t i = 0; i < asking->ask->among_count; i++) {
        uint32_t item = shelf_item_of(shelf, asking->ask->among[i]);
        if (item != SHELF_NONE && shelf->categories[item])
            given[asking->given_count++] = item;
    }
    asking->given = given;
    return ERR_OK;
}

static enum err choose_facets(struct asking *asking)
{
    const struct shelf *shelf = asking->shelf;
    const struct shelf_ask *ask = asking->ask;
    asking->is_chosen = ARENA_ARRAY(asking->ctx->arena, shelf->facet_count, uint8_t);
    asking->counts = ARENA_ARRAY(asking->ctx->arena, shelf->facet_count, uint32_t);
    if (!asking->is_chosen || !asking->counts)
        return err_memory(&asking->ctx->err);
    for (size_t i = 0; i < ask->chosen_count; i++) {
        uint32_t facet = shelf_facet_of(shelf, ask->chosen[i].name, ask->chosen[i].value);
        if (facet == SHELF_NONE)
            continue;
        asking->is_chosen[facet] = 1;
        asking->chosen_groups |= bit_of(shelf, (uint16_t)facet);
    }
    return ERR_OK;
}

/* What was chosen first, then what most have. */
static enum err tell_group(struct asking *asking, size_t number, struct shelf_group *group)
{
    const struct shelf *shelf = asking->shelf;
    struct top top;
    TRY(top_init(asking->ctx, SHELF_VALUES_MAX, &top));
    for (size_t i = 0; i < shelf->facet_count; i++)
        if (shelf->facets[i].group == number && (asking->counts[i] || asking->is_chosen[i]))
            top_offer(&top, (struct top_row){.high = !asking->is_chosen[i],
                                             .low = ~(uint64_t)asking->counts[i],
                                             .number = (uint32_t)i});
    top_sort(&top);
    struct shelf_value *values = ARENA_ARRAY(asking->ctx->arena, top.count, struct shelf_value);
    if (!values)
        return err_memory(&asking->ctx->err);
    for (size_t i = 0; i < top.count; i++) {
        uint32_t facet = top.rows[i].number;
        values[i] = (struct shelf_value){.value = shelf->facets[facet].value,
                                         .count = asking->counts[facet],
                                         .chosen = asking->is_chosen[facet]};
    }
    *group = (struct shelf_group){shelf->group_names[number], values, top.count};
    return ERR_OK;
}

/* A name that all have the same value of is nothing to choose by. */
static enum err tell_groups(struct asking *asking)
{
    size_t count = asking->shelf->group_count;
    struct shelf_found *found = asking->found;
    struct shelf_group *groups = ARENA_ARRAY(asking->ctx->arena, count, struct shelf_group);
    if (!groups)
        return err_memory(&asking->ctx->err);
    for (size_t i = 0; i < count; i++) {
        struct shelf_group *group = &groups[found->group_count];
        TRY(tell_group(asking, i, group));
        found->group_count += group->count > 1 || (asking->chosen_groups >> i & 1);
    }
    found->groups = groups;
    return ERR_OK;
}

static enum err tell_ids(struct asking *asking)
{
    struct arena *arena = asking->ctx->arena;
    size_t first = asking->ask->first;
    struct shelf_found *found = asking->found;
    found->count = asking->top.count > first ? asking->top.count - first : 0;
    struct str *ids = ARENA_ARRAY(arena, found->count, struct str);
    char *texts = arena_array(arena, found->count, ID_TEXT_MAX);
    if (!ids || !texts)
        return err_memory(&asking->ctx->err);
    top_sort(&asking->top);
    for (size_t i = 0; i < found->count; i++, texts += ID_TEXT_MAX) {
        id_format(asking->shelf->items[asking->top.rows[first + i].number].id, "prd", texts);
        ids[i] = str_from(texts);
    }
    found->ids = ids;
    return ERR_OK;
}

size_t shelf_count(struct shelf *shelf)
{
    pthread_rwlock_rdlock(&shelf->lock);
    size_t count = shelf->item_count;
    pthread_rwlock_unlock(&shelf->lock);
    return count;
}

enum err shelf_slice(struct ctx *ctx, struct shelf *shelf, size_t first, size_t limit,
                     struct str **ids, size_t *count)
{
    *ids = ARENA_ARRAY(ctx->arena, limit, struct str);
    *count = 0;
    char *texts = arena_array(ctx->arena, limit, ID_TEXT_MAX);
    if (!*ids || !texts)
        return err_memory(&ctx->err);
    pthread_rwlock_rdlock(&shelf->lock);
    for (size_t i = first; i < shelf->item_count && i - first < limit; i++) {
        if (!shelf->categories[i])
            continue;
        id_format(shelf->items[i].id, "prd", texts);
        (*ids)[(*count)++] = str_from(texts);
        texts += ID_TEXT_MAX;
    }
    pthread_rwlock_unlock(&shelf->lock);
    return ERR_OK;
}

static enum err find(struct asking *asking)
{
    const struct shelf_ask *ask = asking->ask;
    size_t last = ask->first + ask->limit;
    TRY(top_init(asking->ctx, last < SHELF_DEEP_MAX ? last : SHELF_DEEP_MAX, &asking->top));
    TRY(choose_facets(asking));
    if (ask->words.len)
        TRY(give_found(asking));
    else if (ask->among)
        TRY(give_among(asking));
    else
        TRY(want_categories(asking));
    consider_all(asking);
    TRY(tell_groups(asking));
    return tell_ids(asking);
}

enum err shelf_find(struct ctx *ctx, struct shelf *shelf, const struct shelf_ask *ask,
                    struct shelf_found *found)
{
    struct asking asking = {.ctx = ctx, .shelf = shelf, .ask = ask, .found = found};
    *found = (struct shelf_found){.least_minor = INT64_MAX};
    pthread_rwlock_rdlock(&shelf->lock);
    enum err err = find(&asking);
    pthread_rwlock_unlock(&shelf->lock);
    return err;
}
