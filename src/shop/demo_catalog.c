/* Makes the demo company's categories and products out of their tables. */
#include <string.h>

#include "shop/demo_inside.h"
#include "shop/picture.h"

enum {
    NEW_DAYS = 14,
    OLD_DAYS = 400,
    REDUCED_OF = 12,   /* every so many-th variant was dearer before */
    REDUCED_TO = 80,   /* percent of that */
    PRICE_SPREAD = 12, /* percent around the row's price */
    WIDE = 100,        /* percent */
    ROUND_FROM = 300,  /* minor units: dearer things end in 9 */
    NUMBER_STEP = 10,  /* barcodes: a product's variants are counted in ones */
};

static void split_names(const char *list, struct str names[DEMO_LANGUAGES])
{
    for (size_t i = 0; i < DEMO_LANGUAGES; i++)
        names[i] = demo_pick(list, '|', i);
}

/* Categories. */

static struct demo_category *find_category(struct demo *demo, const char *slug)
{
    for (size_t i = 0; i < demo->made.categories; i++)
        if (strcmp(demo->categories[i].shelf->slug, slug) == 0)
            return &demo->categories[i];
    return NULL;
}

static enum err add_category(struct demo *demo, const struct demo_shelf *shelf)
{
    struct demo_category *category = &demo->categories[demo->made.categories];
    *category = (struct demo_category){.shelf = shelf,
                                       .parent = find_category(demo, shelf->parent),
                                       .position = (int64_t)demo->made.categories};
    demo->made.categories++;
    split_names(shelf->names, category->is.names);
    split_names(shelf->words, category->is.words);
    return demo_make_id(demo, "cat", demo->now_us - OLD_DAYS * DAY_US, &category->is.id,
                        &category->is.text);
}

/* Names and words. */

static const struct demo_part *find_part(struct str word)
{
    for (const struct demo_part *part = demo_parts; part->word; part++)
        if (str_equal(word, str_from(part->word)))
            return part;
    return NULL;
}

/* A part that no row explains is a measure, the same in every language. */
static enum err name_product(struct demo *demo, struct demo_product *product)
{
    const struct demo_part *part = find_part(product->part);
    struct buf literal;
    buf_init(&literal, demo->ctx->arena, DEMO_TEXT_MAX);
    for (size_t i = 0; i < product->part.len; i++)
        buf_addc(&literal, product->part.ptr[i] == '_' ? ' ' : product->part.ptr[i]);
    split_names(product->thing->names, product->is.names);
    for (size_t i = 0; product->part.len && i < DEMO_LANGUAGES; i++) {
        struct str behind = part ? demo_pick(part->names, '|', i) : buf_str(&literal);
        TRY(demo_text(demo, &product->is.names[i], STR_FMT " " STR_FMT,
                      STR_ARG(product->is.names[i]), STR_ARG(behind)));
    }
    return demo_plain(demo, product->is.names[0], '-', &product->slug);
}

static enum err describe(struct demo *demo, struct demo_product *product)
{
    memcpy(product->is.words, product->category->is.words, sizeof product->is.words);
    return demo_text(demo, &product->is.words[0], "%s " STR_FMT, product->thing->words,
                     STR_ARG(product->category->is.words[0]));
}

/* "loaf:2" is that palette, "loaf" any. */
static enum err draw(struct demo *demo, struct demo_product *product)
{
    struct str kind = demo_pick(product->thing->drawing, ':', 0);
    struct str wanted = demo_pick(product->thing->drawing, ':', 1);
    const struct picture_kind *found = picture_find_kind(kind);
    int64_t seed = (int64_t)demo->made.products + 1, palette;
    if (!found)
        return err_fail(&demo->ctx->err, ERR_INTERNAL, "There is no such drawing.", "%s",
                        product->thing->drawing);
    if (strchr(product->thing->drawing, ':')) {
        TRY(str_to_int(wanted, 0, INT16_MAX, &palette));
        seed = seed * (int64_t)picture_palettes(found) + palette;
    }
    return demo_text(demo, &product->picture, "drawn:" STR_FMT ":%lld", STR_ARG(kind),
                     (long long)seed);
}

static void add_facts(struct demo_product *product, const char *facts)
{
    struct str rest = str_from(facts), fact;
    while (rest.len && str_cut(&rest, '|', &fact) && product->fact_count < DEMO_FACTS_MAX) {
        bool known = false;
        for (size_t i = 0; i < product->fact_count; i++)
            known = known || str_equal(product->facts[i], fact);
        if (!known)
            product->facts[product->fact_count++] = fact;
    }
}

static const struct demo_box *find_box(struct str slug)
{
    for (const struct demo_box *box = demo_boxes; box->slug; box++)
        if (str_equal(slug, str_from(box->slug)))
            return box;
    return NULL;
}

const struct demo_product *demo_find_product(const struct demo *demo, struct str slug)
{
    for (size_t i = 0; i < demo->made.products; i++)
        if (str_equal(slug, demo->products[i].slug))
            return &demo->products[i];
    return NULL;
}

/* Variants. */

static int64_t round_price(int64_t minor)
{
    return minor < ROUND_FROM ? (minor + 2) / 5 * 5 : (minor + 5) / 10 * 10 - 1;
}

static enum err read_value(const struct demo_option *option, size_t n, struct str *name,
                           int64_t *price_percent, int64_t *weight_percent)
{
    struct str rest = demo_pick(option->values, '|', n), price = {0};
    (void)(str_cut(&rest, '=', name) && str_cut(&rest, '=', &price));
    TRY(str_to_int(price, 1, INT16_MAX, price_percent));
    return str_to_int(rest, 1, INT16_MAX, weight_percent);
}

/* The n-th variant: its options' values are the digits of n. */
static enum err make_variant(struct demo *demo, struct demo_product *product, size_t n,
                             int64_t price_minor)
{
    struct demo_variant *variant = &product->variants[n];
    struct str shelf = str_from(product->category->shelf->slug);
    int64_t number = (int64_t)demo->made.products + 1, price = price_minor,
            weight = product->thing->weight_g;
    char barcode[EAN_DIGITS + 1];
    variant->product = product;
    size_t rest = n;
    for (size_t i = 0; i < 3 && product->options[i]; i++) {
        size_t values = demo_count(product->options[i]->values, '|');
        int64_t price_percent = WIDE, weight_percent = WIDE;
        TRY(read_value(product->options[i], rest % values, &variant->values[i], &price_percent,
                       &weight_percent));
        price = price * price_percent / WIDE;
        weight = weight * weight_percent / WIDE;
        rest /= values;
    }
    variant->price_minor = round_price(price);
    variant->weight_g = weight > 0 ? weight : 1;
    if (demo_below(demo, REDUCED_OF) == 0)
        variant->before_minor = round_price(variant->price_minor * WIDE / REDUCED_TO + 5);
    demo_barcode(number * NUMBER_STEP + (int64_t)n, barcode);
    TRY(demo_text(demo, &variant->barcode, "%s", barcode));
    TRY(demo_text(demo, &variant->sku, "%c%c%c-%04lld-%zu", shelf.ptr[0] - 'a' + 'A',
                  shelf.ptr[1] - 'a' + 'A', shelf.ptr[2] - 'a' + 'A', (long long)number, n + 1));
    return demo_make_id(demo, "var", product->made_us, &variant->mark, &variant->id);
}

static enum err find_options(struct demo *demo, struct demo_product *product, size_t *variants)
{
    size_t count = 0;
    *variants = 1;
    for (const struct demo_option *option = demo_options; option->word; option++)
        if (demo_has(product->thing->options, str_from(option->word))) {
            product->options[count++] = option;
            *variants *= demo_count(option->values, '|');
        }
    return *variants <= DEMO_VARIANTS_MAX
               ? ERR_OK
               : err_fail(&demo->ctx->err, ERR_LIMIT, "There are too many variants.", "%s",
                          product->thing->names);
}

static enum err make_variants(struct demo *demo, struct demo_product *product)
{
    int64_t percent = demo_from_to(demo, WIDE - PRICE_SPREAD, WIDE + PRICE_SPREAD);
    TRY(find_options(demo, product, &product->variant_count));
    product->variants = ARENA_ARRAY(demo->ctx->arena, product->variant_count, struct demo_variant);
    if (!product->variants)
        return err_memory(&demo->ctx->err);
    for (size_t i = 0; i < product->variant_count; i++)
        TRY(make_variant(demo, product, i, product->thing->price_minor * percent / WIDE));
    demo->made.variants += product->variant_count;
    return ERR_OK;
}

/* Products. */

static struct str find_tax_class(const struct demo_category *category)
{
    static const char *const food[] = {"bakery", "coffee-and-tea", "deli", "fruit-and-vegetables"};
    for (size_t i = 0; i < sizeof food / sizeof *food; i++)
        if (category->parent && strcmp(category->parent->shelf->slug, food[i]) == 0)
            return STR("food");
    return strcmp(category->shelf->slug, "books") == 0 ? STR("books") : STR("");
}

static enum err add_product(struct demo *demo, const struct demo_thing *thing, struct str part)
{
    struct demo_product *product = &demo->products[demo->made.products];
    const struct demo_category *category = find_category(demo, thing->shelf);
    if (demo->made.products == DEMO_PRODUCTS_MAX || !category || !category->parent)
        return err_fail(&demo->ctx->err, ERR_INTERNAL, "There is no shelf for this.", "%s",
                        thing->shelf);
    const char *brands = *category->shelf->brands ? category->shelf->brands
                                                  : category->parent->shelf->brands;
    int64_t days = demo_below(demo, 10) ? demo_from_to(demo, NEW_DAYS, OLD_DAYS)
                                        : demo_from_to(demo, 1, NEW_DAYS);
    *product = (struct demo_product){.thing = thing,
                                     .category = category,
                                     .part = part,
                                     .made_us = demo->now_us - days * DAY_US,
                                     .tax_class = find_tax_class(category)};
    product->brand = demo_pick(brands, ';', demo_below(demo, demo_count(brands, ';')));
    TRY(demo_make_id(demo, "prd", product->made_us, &product->is.id, &product->is.text));
    TRY(name_product(demo, product));
    product->box = find_box(product->slug);
    TRY(describe(demo, product));
    TRY(draw(demo, product));
    add_facts(product, thing->facts);
    if (find_part(part))
        add_facts(product, find_part(part)->facts);
    TRY(make_variants(demo, product));
    demo->made.products++;
    return ERR_OK;
}

static enum err add_things(struct demo *demo, const struct demo_thing *things)
{
    for (; things->names; things++) {
        struct str rest = str_from(things->parts), part;
        while (str_cut(&rest, ' ', &part))
            TRY(add_product(demo, things, part));
    }
    return ERR_OK;
}

enum err demo_stock_shelves(struct demo *demo)
{
    demo->categories = ARENA_ARRAY(demo->ctx->arena, DEMO_CATEGORIES_MAX, struct demo_category);
    demo->products = ARENA_ARRAY(demo->ctx->arena, DEMO_PRODUCTS_MAX, struct demo_product);
    if (!demo->categories || !demo->products)
        return err_memory(&demo->ctx->err);
    for (const struct demo_shelf *shelf = demo_shelves; shelf->slug; shelf++)
        TRY(add_category(demo, shelf));
    TRY(add_things(demo, demo_food));
    return add_things(demo, demo_goods);
}

/* Collections. */

static bool belongs(const struct demo *demo, const struct demo_bundle *bundle,
                    const struct demo_product *product)
{
    bool is_new = product->made_us > demo->now_us - NEW_DAYS * DAY_US;
    return demo_has(bundle->shelves, str_from(product->category->shelf->slug)) ||
           demo_has(bundle->parts, product->part) ||
           (is_new && demo_has(bundle->parts, STR("new")));
}

static enum err fill_collection(struct demo *demo, struct demo_collection *collection)
{
    collection->products = (const struct demo_product **)ARENA_ARRAY(
        demo->ctx->arena, demo->made.products, struct demo_product *);
    if (!collection->products)
        return err_memory(&demo->ctx->err);
    for (size_t i = 0; i < demo->made.products; i++)
        if (belongs(demo, collection->bundle, &demo->products[i]))
            collection->products[collection->count++] = &demo->products[i];
    return ERR_OK;
}

enum err demo_collect(struct demo *demo)
{
    demo->collections = ARENA_ARRAY(demo->ctx->arena, DEMO_COLLECTIONS_MAX, struct demo_collection);
    if (!demo->collections)
        return err_memory(&demo->ctx->err);
    for (const struct demo_bundle *bundle = demo_bundles; bundle->slug; bundle++) {
        struct demo_collection *collection = &demo->collections[demo->made.collections++];
        collection->bundle = bundle;
        split_names(bundle->names, collection->is.names);
        split_names(bundle->words, collection->is.words);
        TRY(demo_make_id(demo, "col", demo->now_us - OLD_DAYS * DAY_US, &collection->is.id,
                         &collection->is.text));
        TRY(fill_collection(demo, collection));
    }
    return ERR_OK;
}
