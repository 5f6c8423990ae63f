/* The console's page of a product: its form, and its variants as rows. */
#include "ports/db/db.h"
#include "shop/admin_msg.h"
#include "shop/admin_product.h"
#include "shop/shop_pages.h"
#include "shop/shop_routes.h"

enum { VARIANTS_MAX = 200, WORDS_MAX = 8 };

static const struct admin_name kinds[] = {{"goods", "", text_admin_goods},
                                          {"digital", "", text_admin_kind_digital},
                                          {"bundle", "", text_admin_kind_bundle},
                                          {"gift_card", "", text_admin_kind_gift_card},
                                          {0}};

static const struct admin_name deeds[] = {{"made", "", text_admin_done_made},
                                          {"saved", "", text_admin_done_saved},
                                          {"variant", "", text_admin_done_variant},
                                          {0}};

static const char *const option_names[ADMIN_OPTIONS_MAX] = {"option1", "option2", "option3"};

struct look {
    struct str id;
    struct admin_product_find_row product;
    struct admin_product_options_rows options;
    struct admin_product_variants_rows variants;
    struct admin_product_categories_rows categories;
};

static enum err read_product(struct tx *tx, void *arg)
{
    struct look *look = arg;
    TRY(admin_product_categories(tx, ADMIN_CATEGORIES_MAX, &look->categories));
    if (!look->id.len)
        return ERR_OK;
    TRY(admin_product_find(tx, look->id, &look->product));
    TRY(admin_product_options(tx, look->id, ADMIN_OPTIONS_MAX, &look->options));
    return admin_product_variants(tx, look->id, VARIANTS_MAX, &look->variants);
}

/* What is in the form: the product's own, or what was typed. */
static void fill_form(const struct request *request, const struct look *look,
                      const struct field_errors *errors, struct admin_product_page *page)
{
    const struct admin_product_find_row *product = &look->product;
    const struct {
        struct ui_value *value;
        const char *name;
        struct str own;
    } fields[] = {{&page->name, "name", product->name},
                  {&page->slug, "slug", product->slug},
                  {&page->words, "words", product->words},
                  {&page->brand, "brand", product->brand},
                  {&page->category, "category", product->category},
                  {&page->state, "state", product->state},
                  {&page->kind, "kind", product->kind},
                  {&page->tax_class, "tax_class", product->tax_class},
                  {&page->picture, "picture", product->picture}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        *fields[i].value = ui_value(request, errors, fields[i].name);
        if (!errors)
            fields[i].value->typed = fields[i].own;
    }
    for (size_t i = 0; i < ADMIN_OPTIONS_MAX; i++)
        page->options[i] = ui_value(request, errors, option_names[i]);
    for (size_t i = 0; i < look->options.count && !errors; i++) {
        int64_t at = look->options.rows[i].position - 1;
        if (at >= 0 && at < ADMIN_OPTIONS_MAX)
            page->options[at].typed = look->options.rows[i].name;
    }
}

static enum err fill_rows(const struct request *request, const struct look *look,
                          struct admin_product_page *page)
{
    struct arena *arena = request->ctx->arena;
    size_t count = look->variants.count;
    struct admin_variant_row *variants = ARENA_ARRAY(arena, count + 1, struct admin_variant_row);
    struct admin_category *categories = ARENA_ARRAY(arena, ADMIN_CATEGORIES_MAX,
                                                    struct admin_category);
    if (!variants || !categories)
        return err_memory(&request->ctx->err);
    for (size_t i = 0; i < count; i++) {
        const struct admin_product_variants_row *row = &look->variants.rows[i];
        variants[i] = (struct admin_variant_row){
            row, admin_options(request, row->first, row->second, row->third)};
    }
    page->variants = variants;
    page->variant_count = count;
    page->categories = categories;
    page->category_count = admin_category_rows(&look->categories, page->category.typed, categories);
    return ERR_OK;
}

enum err admin_product_show(struct request *request, struct str id,
                            const struct field_errors *errors, const char *done)
{
    struct ui_value options[ADMIN_OPTIONS_MAX];
    struct admin_word states[WORDS_MAX], kind_words[WORDS_MAX];
    struct look *look = ARENA_NEW(request->ctx->arena, struct look);
    if (!look)
        return err_memory(&request->ctx->err);
    look->id = id;
    TRY(db_read(request->ports->db, request->ctx, read_product, look));
    struct admin_product_page page = {
        .frame = ui_frame(request, "/admin/products"),
        .product = &look->product,
        .errors = errors,
        .conflict = ui_value(request, errors, "seen").wrong,
        .options = options,
        .shown = admin_word(request, admin_product_states, look->product.state),
        .picture_at = admin_picture(request, look->product.picture),
        .currency = admin_currency(request),
        .done = admin_word(request, deeds, str_from(done)),
        .may_write = request_may(request, "shop.products.write")};
    fill_form(request, look, errors, &page);
    TRY(fill_rows(request, look, &page));
    page.states = states;
    page.state_count = admin_words(request, admin_product_states, page.state.typed, states);
    page.kinds = kind_words;
    page.kind_count = admin_words(request, kinds, page.kind.typed, kind_words);
    admin_product_page(respond_page(request), &page);
    return ERR_OK;
}

enum err admin_product(struct request *request, const struct admin_product_input *input)
{
    return admin_product_show(request, input->id, NULL,
                              input->has_done ? deeds[input->done].name : "");
}

enum err admin_product_new(struct request *request)
{
    return admin_product_show(request, STR(""), NULL, "");
}

enum err admin_product_make_again(struct request *request, const struct field_errors *errors)
{
    return admin_product_show(request, STR(""), errors, "");
}

enum err admin_product_save_again(struct request *request, const struct field_errors *errors)
{
    return admin_product_show(request, request->parts[0], errors, "");
}
