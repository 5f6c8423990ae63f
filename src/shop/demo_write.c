/* Writes the demo company's goods, rules and customers, and its stock. */
#include "base/json.h"
#include "shop/demo_inside.h"
#include "shop/rules.h"
#include "shop/shop_sql.h"

enum {
    JSON_MAX = 2 << 10,
    SCARCE_OF = 18, /* every so many-th variant is sold out, or nearly */
    SCARCE_MAX = 4,
    PLENTY_MIN = 8,
    PLENTY_MAX = 120,
    AT_HAND_MAX = 15,
    NAMES_OF_EFFECTS = TOTAL_EFFECTS,
};

/* What things are called. */

static enum err add_translations(struct tx *tx, struct demo *demo, const struct demo_name *name)
{
    for (size_t i = 1; i < DEMO_LANGUAGES; i++, demo->made.translations++)
        TRY(demo_add_translation(tx, name->text, str_from(demo_languages[i]), name->names[i],
                                 name->words[i]));
    return ERR_OK;
}

static enum err add_categories(struct tx *tx, struct demo *demo)
{
    for (size_t i = 0; i < demo->made.categories; i++) {
        const struct demo_category *category = &demo->categories[i];
        const struct demo_shelf *shelf = category->shelf;
        TRY(demo_add_category(tx, category->is.text,
                              category->parent ? &category->parent->is.text : NULL,
                              str_from(shelf->slug), category->is.names[0], category->is.words[0],
                              category->position, str_from(shelf->picture)));
        TRY(add_translations(tx, demo, &category->is));
    }
    return ERR_OK;
}

static enum err add_variants(struct tx *tx, const struct demo_product *product)
{
    for (size_t i = 0; i < product->variant_count; i++) {
        const struct demo_variant *is = &product->variants[i];
        bool is_book = str_equal(product->tax_class, STR("books"));
        TRY(demo_add_variant(tx, is->id, product->is.text, (int64_t)i, is->sku, is->barcode,
                             is->values[0], is->values[1], is->values[2], is->price_minor,
                             is->before_minor ? &is->before_minor : NULL, is->weight_g,
                             is_book ? STR("backorder") : STR("never")));
    }
    return ERR_OK;
}

static enum err add_facts(struct tx *tx, const struct demo_product *product)
{
    for (size_t i = 0; i < product->fact_count; i++) {
        struct str value = product->facts[i], name;
        (void)str_cut(&value, '=', &name);
        TRY(demo_add_attribute(tx, product->is.text, name, value));
    }
    for (size_t i = 0; i < 3 && product->options[i]; i++)
        TRY(demo_add_option(tx, product->is.text, (int64_t)i, str_from(product->options[i]->name)));
    return ERR_OK;
}

static enum err add_contents(struct tx *tx, struct demo *demo, const struct demo_product *product)
{
    struct str rest = str_from(product->box->contents), slug;
    while (str_cut(&rest, ' ', &slug)) {
        const struct demo_product *part = demo_find_product(demo, slug);
        if (!part)
            return err_fail(&tx->ctx->err, ERR_INTERNAL, "A box holds what is not there.", STR_FMT,
                            STR_ARG(slug));
        TRY(demo_add_part(tx, product->variants[0].id, part->variants[0].id, 1));
    }
    return ERR_OK;
}

static enum err add_boxes(struct tx *tx, struct demo *demo)
{
    for (size_t i = 0; i < demo->made.products; i++)
        if (demo->products[i].box)
            TRY(add_contents(tx, demo, &demo->products[i]));
    return ERR_OK;
}

static enum err add_products(struct tx *tx, struct demo *demo)
{
    for (size_t i = 0; i < demo->made.products; i++) {
        const struct demo_product *product = &demo->products[i];
        int64_t least_minor = product->variants[0].price_minor;
        for (size_t k = 1; k < product->variant_count; k++)
            if (product->variants[k].price_minor < least_minor)
                least_minor = product->variants[k].price_minor;
        TRY(demo_add_product(tx, product->is.text, product->category->is.text, product->slug,
                             product->is.names[0], product->is.words[0], product->brand,
                             product->box ? STR("bundle") : STR("goods"), product->tax_class,
                             product->picture, least_minor, product->made_us, demo->now_us));
        TRY(add_translations(tx, demo, &product->is));
        TRY(add_variants(tx, product));
        TRY(add_facts(tx, product));
    }
    return ERR_OK;
}

static enum err add_collections(struct tx *tx, struct demo *demo)
{
    for (size_t i = 0; i < demo->made.collections; i++) {
        const struct demo_collection *collection = &demo->collections[i];
        TRY(demo_add_collection(tx, collection->is.text, str_from(collection->bundle->slug),
                                collection->is.names[0], collection->is.words[0], (int64_t)i,
                                str_from(collection->bundle->picture)));
        TRY(add_translations(tx, demo, &collection->is));
        for (size_t k = 0; k < collection->count; k++)
            TRY(demo_add_collected(tx, collection->is.text, collection->products[k]->is.text,
                                   (int64_t)k));
    }
    return ERR_OK;
}

/* Rules. */

static void add_number(struct json_writer *w, const char *name, int64_t number)
{
    if (number) {
        json_key(w, str_from(name));
        json_add_int(w, number);
    }
}

static void write_bands(struct buf *out, const struct demo_way *way)
{
    struct json_writer w;
    json_writer_init(&w, out);
    json_begin_array(&w);
    for (size_t i = 0; i < sizeof way->bands / sizeof *way->bands; i++) {
        json_begin_object(&w);
        add_number(&w, "weight", way->bands[i].weight_g);
        json_key(&w, STR("price"));
        json_add_int(&w, way->bands[i].price_minor);
        json_end_object(&w);
    }
    json_end_array(&w);
}

static void write_offer(struct buf *out, const struct demo *demo, size_t n)
{
    static const char *const effects[NAMES_OF_EFFECTS] = {"percent", "each", "order", "buy_get",
                                                          "shipping"};
    const struct total_promotion *is = &demo->promotions[n];
    struct json_writer w;
    char id[ID_TEXT_MAX];
    json_writer_init(&w, out);
    json_begin_object(&w);
    json_key(&w, STR("effect"));
    json_add_str(&w, str_from(effects[is->effect]));
    add_number(&w, "value", is->value);
    add_number(&w, "buy", is->buy);
    add_number(&w, "get", is->get);
    add_number(&w, "minimum_minor", is->minimum_minor);
    add_number(&w, "uses_by_customer", is->uses_by_customer.max);
    add_number(&w, "priority", is->priority);
    if (is->currency) {
        json_key(&w, STR("currency"));
        json_add_str(&w, str_from(is->currency->code));
    }
    if (is->on.count) {
        id_format(is->on.list[0], "cat", id);
        json_key(&w, STR("on"));
        json_begin_array(&w);
        json_add_str(&w, str_from(id));
        json_end_array(&w);
    }
    json_end_object(&w);
}

static enum err add_methods(struct tx *tx, const struct demo *demo)
{
    for (size_t i = 0; i < DEMO_METHODS; i++) {
        const struct demo_way *way = &demo_ways[i];
        char text[JSON_MAX];
        struct buf bands;
        buf_init_fixed(&bands, text, sizeof text);
        write_bands(&bands, way);
        TRY(buf_err(&bands));
        TRY(demo_add_method(tx, demo->method_ids[i], str_from(way->name), (int64_t)i,
                            str_from(way->countries), buf_str(&bands),
                            way->pickup ? &demo->locations[1] : NULL, way->days_min,
                            way->days_max));
    }
    return ERR_OK;
}

static enum err add_offers(struct tx *tx, const struct demo *demo)
{
    for (size_t i = 0; i < DEMO_PROMOTIONS; i++) {
        char text[JSON_MAX];
        struct buf terms;
        buf_init_fixed(&terms, text, sizeof text);
        write_offer(&terms, demo, i);
        TRY(buf_err(&terms));
        TRY(demo_add_promotion(tx, demo->promotion_ids[i], str_from(demo_offers[i].name),
                               str_from(demo_offers[i].code), buf_str(&terms),
                               demo->promotion_uses[i], demo->now_us - DEMO_DAYS * DAY_US));
    }
    return ERR_OK;
}

static enum err add_rules(struct tx *tx, const struct demo *demo)
{
    TRY(demo_add_location(tx, demo->locations[0], STR("Warehouse"), 0, STR("86150"),
                          STR("Augsburg"), STR("Am Güterbahnhof 4")));
    TRY(demo_add_location(tx, demo->locations[1], STR("Shop"), 1, STR("80331"), STR("München"),
                          STR("Rosental 11")));
    for (size_t i = 0; i < demo->rate_count; i++)
        TRY(demo_add_rate(tx, demo->rate_ids[i], str_from(demo_rates[i].name),
                          str_from(demo_rates[i].country), str_from(demo_rates[i].state),
                          str_from(demo_rates[i].postcode), str_from(demo_rates[i].tax_class),
                          demo_rates[i].step, demo_rates[i].rate_ppm));
    TRY(add_methods(tx, demo));
    return add_offers(tx, demo);
}

/* Stock: what came in before the first order is what was sold since, and what is left. */

static enum err receive(struct tx *tx, struct demo *demo, const struct demo_variant *variant,
                        size_t location, int64_t left)
{
    int64_t came_us = demo->now_us - (DEMO_DAYS + 2) * DAY_US;
    int64_t held = location ? 0 : variant->held, sold = location ? 0 : variant->sold;
    struct id id;
    struct str text;
    if (left + held + sold) {
        TRY(demo_make_id(demo, "mov", came_us, &id, &text));
        TRY(demo_add_movement(tx, variant->id, demo->locations[location], text, STR("receive"),
                              left + held + sold, 0, 0, STR("opening stock"), came_us));
    }
    return demo_add_stock(tx, variant->id, demo->locations[location], left, held, sold,
                          demo->now_us);
}

static enum err add_stock(struct tx *tx, struct demo *demo)
{
    for (size_t i = 0; i < demo->made.products; i++)
        for (size_t k = 0; k < demo->products[i].variant_count; k++) {
            const struct demo_variant *variant = &demo->products[i].variants[k];
            bool is_scarce = demo_below(demo, SCARCE_OF) == 0;
            if (variant->product->box)
                continue;
            TRY(receive(tx, demo, variant, 0,
                        is_scarce ? demo_from_to(demo, 0, SCARCE_MAX)
                                  : demo_from_to(demo, PLENTY_MIN, PLENTY_MAX)));
            TRY(receive(tx, demo, variant, 1, is_scarce ? 0 : demo_from_to(demo, 0, AT_HAND_MAX)));
        }
    return ERR_OK;
}

/* Customers. */

static enum err add_customers(struct tx *tx, struct demo *demo)
{
    for (size_t i = 0; i < DEMO_CUSTOMERS; i++) {
        const struct demo_customer *is = &demo->customers[i];
        struct id id;
        struct str address;
        if (!is->has_account)
            continue;
        TRY(demo_make_id(demo, "adr", is->made_us, &id, &address));
        TRY(demo_add_customer(tx, is->id, is->email, is->name, str_from(is->place->language),
                              is->made_us));
        TRY(demo_add_address(tx, address, is->id, is->name, is->street, is->postcode, is->city,
                             str_from(is->place->country)));
    }
    return ERR_OK;
}

static enum err check_empty(struct tx *tx)
{
    struct demo_products_rows products;
    struct demo_categories_rows categories;
    TRY(demo_products(tx, 1, &products));
    TRY(demo_categories(tx, 1, &categories));
    if (products.count || categories.count)
        return err_fail(&tx->ctx->err, ERR_CONFLICT,
                        "This shop has products or categories: the demo company fills only an "
                        "empty one. Point DATABASE_URL or STOA_DATA at another place.",
                        "%s", "");
    return ERR_OK;
}

/* It may run again, and then does the same: what it counts with is its own. */
enum err demo_write(struct tx *tx, void *arg)
{
    struct demo *filled = arg, run = *filled;
    struct demo *demo = &run;
    demo->ctx = tx->ctx;
    TRY(check_empty(tx));
    TRY(add_categories(tx, demo));
    TRY(add_products(tx, demo));
    TRY(add_boxes(tx, demo));
    TRY(add_collections(tx, demo));
    TRY(add_rules(tx, demo));
    TRY(add_customers(tx, demo));
    TRY(add_stock(tx, demo));
    TRY(demo_write_orders(tx, demo));
    filled->made.translations = demo->made.translations;
    return ERR_OK;
}
