/* What the console's pages of products show.
 *
 *     return admin_product_show(request, input->id, errors, "");      a product, with its form */
#ifndef STOA_SHOP_ADMIN_PRODUCT_H
#define STOA_SHOP_ADMIN_PRODUCT_H

#include "shop/admin.h"
#include "shop/shop_sql.h"

enum {
    ADMIN_CATEGORIES_MAX = 500,
    ADMIN_OPTIONS_MAX = 3,
    ADMIN_SLUG_MAX = 80,
    ADMIN_CATEGORY_DEPTH_MAX = 8
};

struct admin_product_row {
    const struct admin_product_list_row *is;
    struct admin_word state;
    struct str picture;
    int64_t variants, free;
};

struct admin_category {
    struct str id, label;
    bool chosen;
};

/* A field of a variant's form: what its product's option is for it. */
struct admin_option {
    struct str label;
    const char *name;
    struct ui_value value;
};

struct admin_variant_row {
    const struct admin_product_variants_row *is;
    struct str options; /* "500 g, whole bean" */
};

/* The page of a product; of a new one where `id` is empty. `errors` are those of the form that was
 * sent, or NULL; `done` is what was done a moment ago: a name of deeds, or nothing. */
enum err admin_product_show(struct request *request, struct str id,
                            const struct field_errors *errors, const char *done);

/* All categories; how many. */
size_t admin_category_rows(const struct admin_product_categories_rows *found, struct str chosen,
                           struct admin_category rows[ADMIN_CATEGORIES_MAX]);

/* A product and its variants are one thing that people change: its `changed` stands in the forms,
 * and who sends an older one than is there is told ERR_CONFLICT. admin_conflict_again tells people
 * so on their form, with what they typed and the newer `changed`: sent once more it counts. Another
 * err, and a program's, is given back. */
enum err admin_product_conflict(struct tx *tx);
enum err admin_conflict_again(struct request *request, enum err err, route_again *again);

/* The time of a change: later than the one before, whatever the clock says. */
int64_t admin_product_now(const struct tx *tx, int64_t seen_us);

/* Whether these are the digits of an EAN, UPC or GTIN: 8, 12, 13 or 14, the last of which checks
 * the others. */
bool admin_is_barcode(struct str digits);

/* What a name is in an address: "Rye loaf, 1 kg" is "rye-loaf-1-kg". Empty: nothing is left. */
struct str admin_slug(struct arena *arena, struct str name);

/* Small letters, digits, and hyphens between them. */
bool admin_is_slug(struct str slug);

#endif
