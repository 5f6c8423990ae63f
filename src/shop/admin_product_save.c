/* What the console writes of a product: a new one, and a change. */
#include "guard/audit_note.h"
#include "ports/db/db.h"
#include "shop/admin_msg.h"
#include "shop/admin_product.h"
#include "shop/shop_routes.h"

enum { PATH_TEXT_MAX = 256 };

static const char *const kind_names[] = {"goods", "digital", "bundle", "gift_card"};

struct saving {
    const struct request *request;
    struct str id, name, slug, words, brand, category, state, kind, tax_class, picture;
    struct str options[ADMIN_OPTIONS_MAX];
    int64_t seen_us;
    char made[ID_TEXT_MAX];
};

static enum err check_slug(struct tx *tx, const struct saving *saving)
{
    struct admin_product_of_slug_row other;
    if (!admin_is_slug(saving->slug))
        return admin_wrong(saving->request, "slug", text_admin_slug_wrong);
    enum err err = admin_product_of_slug(tx, saving->slug, &other);
    if (err == ERR_MISSING) {
        err_clear(&tx->ctx->err);
        return ERR_OK;
    }
    TRY(err);
    return str_equal(other.id, saving->id) ? ERR_OK
                                           : admin_wrong(saving->request, "slug", text_admin_taken);
}

static enum err check_category(struct tx *tx, const struct saving *saving)
{
    struct admin_product_categories_rows rows;
    TRY(admin_product_categories(tx, ADMIN_CATEGORIES_MAX, &rows));
    for (size_t i = 0; i < rows.count; i++)
        if (str_equal(rows.rows[i].id, saving->category))
            return ERR_OK;
    return admin_wrong(saving->request, "category", text_admin_category_wrong);
}

static enum err write_options(struct tx *tx, const struct saving *saving)
{
    for (int i = 0; i < ADMIN_OPTIONS_MAX; i++)
        if (saving->options[i].len)
            TRY(admin_product_set_option(tx, saving->id, i + 1, saving->options[i]));
        else
            TRY(admin_product_drop_option(tx, saving->id, i + 1));
    return ERR_OK;
}

static enum err path_of(struct ctx *ctx, struct str slug, struct str *path)
{
    struct buf out;
    buf_init(&out, ctx->arena, PATH_TEXT_MAX);
    buf_add(&out, STR("/p/"));
    buf_add(&out, slug);
    *path = buf_str(&out);
    return buf_err(&out);
}

static enum err leave_way(struct tx *tx, struct str from, struct str to)
{
    struct str path, place;
    if (str_equal(from, to))
        return ERR_OK;
    TRY(path_of(tx->ctx, from, &path));
    TRY(path_of(tx->ctx, to, &place));
    TRY(admin_product_stays(tx, place));
    TRY(admin_product_follows(tx, path, place));
    return admin_product_moved(tx, path, place);
}

enum err admin_product_conflict(struct tx *tx)
{
    return err_fail(&tx->ctx->err, ERR_CONFLICT, "Somebody else changed this product meanwhile.",
                    "the product was changed since it was read");
}

int64_t admin_product_now(const struct tx *tx, int64_t seen_us)
{
    int64_t now_us = clock_now_us(tx->ctx->clock);
    return now_us > seen_us ? now_us : seen_us + 1;
}

static enum err check_listed(struct tx *tx, const struct saving *saving)
{
    struct admin_product_counts_row counts;
    TRY(admin_product_counts(tx, saving->id, &counts));
    if (str_equal(saving->state, STR("listed")) && !counts.variants)
        return admin_wrong(saving->request, "state", text_admin_needs_variant);
    return ERR_OK;
}

static enum err change(struct tx *tx, void *arg)
{
    const struct saving *is = arg;
    struct admin_product_find_row before;
    int64_t changed = 0;
    TRY(admin_product_find(tx, is->id, &before));
    TRY(check_slug(tx, is));
    TRY(check_category(tx, is));
    TRY(check_listed(tx, is));
    TRY(admin_product_change(tx, is->id, is->category, is->slug, is->name, is->words, is->brand,
                             is->kind, is->tax_class, is->state, is->picture, is->seen_us,
                             admin_product_now(tx, is->seen_us), &changed));
    if (!changed)
        return admin_product_conflict(tx);
    TRY(leave_way(tx, before.slug, is->slug));
    TRY(write_options(tx, is));
    return audit_note(tx, is->request, "product.change", is->id, STR(""));
}

static enum err make(struct tx *tx, void *arg)
{
    const struct saving *is = arg;
    struct str path;
    TRY(check_slug(tx, is));
    TRY(check_category(tx, is));
    TRY(admin_product_add(tx, is->id, is->category, is->slug, is->name, is->words, is->brand,
                          is->kind, is->tax_class, is->picture, clock_now_us(tx->ctx->clock)));
    TRY(path_of(tx->ctx, is->slug, &path));
    TRY(admin_product_stays(tx, path));
    TRY(write_options(tx, is));
    return audit_note(tx, is->request, "product.make", is->id, STR(""));
}

/* Both forms have these fields, in structs of their own. */
#define TYPED(input)                                                                            \
    .request = request, .name = (input)->name, .words = (input)->words,                         \
    .slug = (input)->slug.len ? (input)->slug : admin_slug(request->ctx->arena, (input)->name), \
    .brand = (input)->brand, .category = (input)->category,                                     \
    .kind = str_from(kind_names[(input)->kind]), .tax_class = (input)->tax_class,               \
    .picture = (input)->picture, .options = {(input)->option1, (input)->option2, (input)->option3}

enum err admin_product_make(struct request *request, const struct admin_product_make_input *input)
{
    struct saving saving = {TYPED(input)};
    id_format(id_new(request->ctx->ids), "prd", saving.made);
    saving.id = str_from(saving.made);
    TRY(db_write(request->ports->db, request->ctx, make, &saving));
    return respond_redirect(request, "/admin/products/%s?done=made", saving.made);
}

enum err admin_conflict_again(struct request *request, enum err err, route_again *again)
{
    if (err != ERR_CONFLICT || request_wants_json(request))
        return err;
    struct field_errors errors = {.rows = {{"seen", ui_words(request, text_admin_conflict)}},
                                  .count = 1};
    err_clear(&request->ctx->err);
    respond_status(request, err_http_status(ERR_CONFLICT));
    return again(request, &errors);
}

enum err admin_product_save(struct request *request, const struct admin_product_save_input *input)
{
    struct saving saving = {TYPED(input), .id = input->id, .seen_us = input->seen};
    saving.state = str_from(admin_product_states[input->state].name);
    enum err err = db_write(request->ports->db, request->ctx, change, &saving);
    if (err)
        return admin_conflict_again(request, err, admin_product_save_again);
    return respond_redirect(request, "/admin/products/" STR_FMT "?done=saved", STR_ARG(input->id));
}
