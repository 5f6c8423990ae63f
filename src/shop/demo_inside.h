/* Inside of the demo company: its tables, what is made of them, and who makes it.
 *
 *     TRY(demo_stock_shelves(demo));        categories, products, variants, collections
 *     TRY(demo_invite(demo));               customers
 *     TRY(demo_take_orders(demo));          orders, their totals worked out
 *     TRY(db_write(db, ctx, demo_write, demo)); */
#ifndef STOA_SHOP_DEMO_INSIDE_H
#define STOA_SHOP_DEMO_INSIDE_H

#include "ports/db/db.h"
#include "shop/demo.h"
#include "shop/total.h"

enum {
    DEMO_LANGUAGES = 5, /* en de fr es ar: the first is the shop's own */
    DEMO_DAYS = 90,
    DEMO_VARIANTS_MAX = 9, /* of a product */
    DEMO_FACTS_MAX = 8,    /* of a product */
    DEMO_LINES_MAX = 5,    /* of an order */
    DEMO_PRODUCTS_MAX = 600,
    DEMO_CATEGORIES_MAX = 60,
    DEMO_COLLECTIONS_MAX = 10,
    DEMO_CUSTOMERS = 140,
    DEMO_ORDERS_MAX = 2000,
    DEMO_LOCATIONS = 2,
    DEMO_PROMOTIONS = 5,
    DEMO_METHODS = 5,
    DEMO_TEXT_MAX = 2 << 10,
};

/* The tables. Each ends with a row of NULL; lists in a text have | or spaces between. */
struct demo_shelf {
    const char *slug, *parent, *picture, *names, *words, *brands;
};
struct demo_part {
    const char *word, *names, *facts;
};
struct demo_option {
    const char *word, *name, *values;
};
struct demo_thing {
    const char *shelf, *drawing, *names;
    int price_minor, weight_g;
    const char *parts, *options, *facts, *words;
};
struct demo_bundle {
    const char *slug, *picture, *names, *words;
    const char *shelves, *parts; /* what is in it */
};
struct demo_box {
    const char *slug, *contents; /* a product that is a bundle, and the slugs of what it holds */
};
struct demo_place {
    const char *country, *language, *first, *last, *streets, *cities; /* "80331 München|…" */
};
struct demo_rate {
    const char *name, *country, *state, *postcode, *tax_class;
    int step, rate_ppm;
};
struct demo_way {
    const char *name, *countries;
    struct total_band bands[3];
    int days_min, days_max;
    bool pickup;
};
struct demo_offer {
    const char *name, *code, *shelf; /* the shelf it is on; NULL: everything */
    struct total_promotion terms;
    bool has_currency;
};

extern const struct demo_shelf demo_shelves[];
extern const struct demo_part demo_parts[];
extern const struct demo_option demo_options[];
extern const struct demo_thing demo_food[], demo_goods[];
extern const struct demo_bundle demo_bundles[];
extern const struct demo_box demo_boxes[];
extern const struct demo_place demo_places[];
extern const struct demo_rate demo_rates[];
extern const struct demo_way demo_ways[DEMO_METHODS];
extern const struct demo_offer demo_offers[DEMO_PROMOTIONS];
extern const char *const demo_languages[DEMO_LANGUAGES];

/* What is made of them. */
struct demo_name {
    struct id id;
    struct str text; /* of the id */
    struct str names[DEMO_LANGUAGES], words[DEMO_LANGUAGES];
};

struct demo_category {
    struct demo_name is;
    const struct demo_shelf *shelf;
    struct demo_category *parent; /* NULL at the top */
    int64_t position;
};

struct demo_variant {
    struct str id, sku, barcode, values[3];
    struct id mark;
    int64_t price_minor, before_minor, weight_g; /* before: 0 where there is none */
    int64_t held, sold;                          /* of all orders */
    const struct demo_product *product;
};

struct demo_product {
    struct demo_name is;
    const struct demo_thing *thing;
    const struct demo_category *category;
    struct str part, slug, picture, brand, tax_class;
    const struct demo_option *options[3];
    struct str facts[DEMO_FACTS_MAX]; /* "Origin=Italy" */
    const struct demo_box *box;       /* what it holds; NULL where it is no bundle */
    size_t fact_count, variant_count;
    struct demo_variant *variants;
    int64_t made_us;
};

struct demo_collection {
    struct demo_name is;
    const struct demo_bundle *bundle;
    const struct demo_product **products;
    size_t count;
};

struct demo_customer {
    struct str id, name, email, street, postcode, city;
    const struct demo_place *place;
    bool has_account;
    int64_t made_us;
    size_t orders;
};

enum demo_state { DEMO_PLACED, DEMO_REVIEW, DEMO_PAID, DEMO_SHIPPED, DEMO_CANCELLED };

struct demo_line {
    struct demo_variant *variant;
    int64_t quantity, off_minor, tax_minor, gross_minor;
};

struct demo_order {
    struct str id, code, cart, tracking, terms;
    struct demo_customer *customer;
    struct demo_line lines[DEMO_LINES_MAX];
    size_t line_count;
    enum demo_state state;
    const char *payment, *method;
    bool uses[DEMO_PROMOTIONS];
    int64_t goods_minor, off_minor, shipping_minor, tax_minor, gross_minor;
    int64_t placed_us, paid_us, shipped_us, cancelled_us, score;
};

struct demo {
    struct ctx *ctx;
    const struct currency *currency;
    int64_t now_us; /* of the hour */
    uint64_t chance;
    uint64_t ids; /* so many were made */
    struct str locations[DEMO_LOCATIONS];
    struct demo_category *categories;
    struct demo_product *products;
    struct demo_collection *collections;
    struct demo_customer *customers;
    struct demo_order *orders;
    struct total_rate *rates;
    struct str *rate_ids;
    size_t rate_count;
    struct total_method methods[DEMO_METHODS];
    struct str method_ids[DEMO_METHODS];
    struct total_promotion promotions[DEMO_PROMOTIONS];
    struct str promotion_ids[DEMO_PROMOTIONS];
    struct id promotion_marks[DEMO_PROMOTIONS];
    int64_t promotion_uses[DEMO_PROMOTIONS];
    struct demo_made made;
};

/* Chance that is the same each time. */
uint64_t demo_below(struct demo *demo, uint64_t bound);
int64_t demo_from_to(struct demo *demo, int64_t from, int64_t to); /* both may come */

/* The n-th of a list; how many there are. */
struct str demo_pick(const char *list, char separator, size_t n);
size_t demo_count(const char *list, char separator);
bool demo_has(const char *words, struct str word); /* with spaces between */

/* Ids in the order in which they are asked for, of a moment. */
enum err demo_make_id(struct demo *demo, const char *prefix, int64_t at_us, struct id *id,
                      struct str *text);
enum err demo_text(struct demo *demo, struct str *text, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Small letters and digits, with `separator` for all else. */
enum err demo_plain(struct demo *demo, struct str text, char separator, struct str *plain);

enum err demo_stock_shelves(struct demo *demo);
enum err demo_collect(struct demo *demo);
enum err demo_set_rules(struct demo *demo);
enum err demo_invite(struct demo *demo);
enum err demo_take_orders(struct demo *demo);
db_fn demo_write;
/* Of a slug; NULL where there is none. */
const struct demo_product *demo_find_product(const struct demo *demo, struct str slug);

enum err demo_write_orders(struct tx *tx, struct demo *demo);

#endif
