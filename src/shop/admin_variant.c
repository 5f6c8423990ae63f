/* The console's form of a variant: made, and changed. */
#include "guard/audit_note.h"
#include "ports/db/db.h"
#include "shop/admin_msg.h"
#include "shop/admin_product.h"
#include "shop/shop_pages.h"
#include "shop/shop_routes.h"

enum { BEYONDS_MAX = 4, NUMBER_TEXT_MAX = 64 };

static const struct admin_name beyonds[] = {{"never", "", text_admin_beyond_never},
                                            {"backorder", "", text_admin_beyond_backorder},
                                            {"preorder", "", text_admin_beyond_preorder},
                                            {0}};

static const char *const value_names[ADMIN_OPTIONS_MAX] = {"first", "second", "third"};

struct look {
    struct str id, variant_id;
    struct admin_product_find_row product;
    struct admin_product_options_rows options;
    struct admin_product_variant_row variant;
};

static enum err read_variant(struct tx *tx, void *arg)
{
    struct look *look = arg;
    TRY(admin_product_find(tx, look->id, &look->product));
    TRY(admin_product_options(tx, look->id, ADMIN_OPTIONS_MAX, &look->options));
    if (!look->variant_id.len)
        return ERR_OK;
    TRY(admin_product_variant(tx, look->variant_id, &look->variant));
    if (str_equal(look->variant.product, look->id))
        return ERR_OK;
    return err_fail(&tx->ctx->err, ERR_MISSING, "There is no such variant.",
                    "the variant is another product's");
}

/* A value for each option that the product has; where it has none there is none. */
static size_t fill_options(const struct request *request, const struct look *look,
                           const struct field_errors *errors,
                           struct admin_option rows[ADMIN_OPTIONS_MAX])
{
    const struct str own[] = {look->variant.first, look->variant.second, look->variant.third};
    size_t count = 0;
    for (size_t i = 0; i < look->options.count; i++) {
        int64_t at = look->options.rows[i].position - 1;
        if (at < 0 || at >= ADMIN_OPTIONS_MAX)
            continue;
        struct admin_option *row = &rows[count++];
        row->label = look->options.rows[i].name;
        row->name = value_names[at];
        row->value = ui_value(request, errors, value_names[at]);
        if (!errors)
            row->value.typed = own[at];
    }
    return count;
}

static struct str weight_words(const struct request *request, int64_t weight_g)
{
    struct buf out;
    buf_init(&out, request->ctx->arena, NUMBER_TEXT_MAX);
    buf_add_int(&out, weight_g);
    return buf_str(&out);
}

static void fill_form(const struct request *request, const struct look *look,
                      const struct field_errors *errors, struct admin_variant_page *page)
{
    const struct admin_product_variant_row *own = &look->variant;
    bool is_new = !look->variant_id.len;
    struct str before = own->before_null ? STR("") : admin_amount(request, own->before_minor);
    const struct {
        struct ui_value *value;
        const char *name;
        struct str own;
    } fields[] = {
        {&page->sku, "sku", own->sku},
        {&page->barcode, "barcode", own->barcode},
        {&page->price, "price", is_new ? STR("") : admin_amount(request, own->price_minor)},
        {&page->before, "before", is_new ? STR("") : before},
        {&page->weight, "weight", weight_words(request, own->weight)},
        {&page->beyond, "beyond", own->beyond}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        *fields[i].value = ui_value(request, errors, fields[i].name);
        if (!errors)
            fields[i].value->typed = fields[i].own;
    }
    page->shipped = errors ? route_typed(request, "shipped").len > 0 : is_new || own->shipped;
}

static enum err show(struct request *request, struct str id, struct str variant,
                     const struct field_errors *errors)
{
    struct look look = {.id = id, .variant_id = variant};
    struct admin_option options[ADMIN_OPTIONS_MAX];
    struct admin_word words[BEYONDS_MAX];
    TRY(db_read(request->ports->db, request->ctx, read_variant, &look));
    struct admin_variant_page page = {.frame = ui_frame(request, "/admin/products"),
                                      .product = &look.product,
                                      .variant = variant,
                                      .errors = errors,
                                      .conflict = ui_value(request, errors, "seen").wrong,
                                      .options = options,
                                      .option_count = fill_options(request, &look, errors, options),
                                      .currency = str_from(admin_currency(request)->code),
                                      .may_write = request_may(request, "shop.products.write")};
    fill_form(request, &look, errors, &page);
    page.beyonds = words;
    page.beyond_count = admin_words(request, beyonds, page.beyond.typed, words);
    admin_variant_page(respond_page(request), &page);
    return ERR_OK;
}

enum err admin_variant_new(struct request *request, const struct admin_variant_new_input *input)
{
    return show(request, input->id, STR(""), NULL);
}

enum err admin_variant_make_again(struct request *request, const struct field_errors *errors)
{
    return show(request, request->parts[0], STR(""), errors);
}

enum err admin_variant(struct request *request, const struct admin_variant_input *input)
{
    return show(request, input->id, input->variant, NULL);
}

enum err admin_variant_save_again(struct request *request, const struct field_errors *errors)
{
    return show(request, request->parts[0], request->parts[1], errors);
}

struct saving {
    const struct request *request;
    struct str product, id, sku, barcode, values[ADMIN_OPTIONS_MAX], beyond, price, before;
    int64_t seen_us, price_minor, before_minor, weight_g;
    bool shipped, is_new;
    char made[ID_TEXT_MAX];
};

static enum err check_sku(struct tx *tx, const struct saving *is)
{
    struct admin_product_variant_of_sku_row other;
    enum err err = admin_product_variant_of_sku(tx, is->sku, &other);
    if (err == ERR_MISSING) {
        err_clear(&tx->ctx->err);
        return ERR_OK;
    }
    TRY(err);
    return str_equal(other.id, is->id) ? ERR_OK : admin_wrong(is->request, "sku", text_admin_taken);
}

static enum err write_row(struct tx *tx, const struct saving *is)
{
    const int64_t *before = is->before.len ? &is->before_minor : NULL;
    if (is->is_new)
        return admin_product_add_variant(
            tx, is->id, is->product, is->sku, is->barcode, is->values[0], is->values[1],
            is->values[2], is->price_minor, before, is->weight_g, is->shipped, is->beyond);
    return admin_product_change_variant(tx, is->id, is->sku, is->barcode, is->values[0],
                                        is->values[1], is->values[2], is->price_minor, before,
                                        is->weight_g, is->shipped, is->beyond);
}

static enum err save(struct tx *tx, void *arg)
{
    const struct saving *is = arg;
    struct look look = {.id = is->product, .variant_id = is->is_new ? STR("") : is->id};
    int64_t changed = 0;
    TRY(read_variant(tx, &look));
    TRY(check_sku(tx, is));
    TRY(write_row(tx, is));
    TRY(admin_product_touch(tx, is->product, is->seen_us, admin_product_now(tx, is->seen_us),
                            &changed));
    if (!changed)
        return admin_product_conflict(tx);
    return audit_note(tx, is->request, is->is_new ? "variant.make" : "variant.change", is->id,
                      STR(""));
}

static enum err finish(struct request *request, struct saving *saving, route_again *again)
{
    TRY(admin_read_amount(request, "price", saving->price, &saving->price_minor));
    if (saving->before.len)
        TRY(admin_read_amount(request, "before", saving->before, &saving->before_minor));
    if (saving->barcode.len && !admin_is_barcode(saving->barcode))
        return admin_wrong(request, "barcode", text_admin_barcode_wrong);
    enum err err = db_write(request->ports->db, request->ctx, save, saving);
    if (err)
        return admin_conflict_again(request, err, again);
    return respond_redirect(request, "/admin/products/" STR_FMT "?done=variant",
                            STR_ARG(saving->product));
}

/* Both forms have these fields, in structs of their own. */
#define TYPED(input)                                                                           \
    .request = request, .product = (input)->id, .seen_us = (input)->seen, .sku = (input)->sku, \
    .barcode = (input)->barcode, .values = {(input)->first, (input)->second, (input)->third},  \
    .price = (input)->price, .before = (input)->before, .weight_g = (input)->weight,           \
    .shipped = (input)->shipped, .beyond = str_from(beyonds[(input)->beyond].name)

enum err admin_variant_make(struct request *request, const struct admin_variant_make_input *input)
{
    struct saving saving = {TYPED(input), .is_new = true};
    id_format(id_new(request->ctx->ids), "var", saving.made);
    saving.id = str_from(saving.made);
    return finish(request, &saving, admin_variant_make_again);
}

enum err admin_variant_save(struct request *request, const struct admin_variant_save_input *input)
{
    struct saving saving = {TYPED(input), .id = input->variant};
    return finish(request, &saving, admin_variant_save_again);
}
