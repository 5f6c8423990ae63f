/* The console's page of categories: all of them, and the form of one. */
#include "guard/audit_note.h"
#include "ports/db/db.h"
#include "shop/admin_msg.h"
#include "shop/admin_product.h"
#include "shop/shop_pages.h"
#include "shop/shop_routes.h"

struct look {
    struct str id; /* whose form it is; empty: of a new one */
    struct admin_category_find_row category;
    struct admin_category_list_rows list;
};

static enum err read_list(struct tx *tx, void *arg)
{
    struct look *look = arg;
    if (look->id.len)
        TRY(admin_category_find(tx, look->id, &look->category));
    return admin_category_list(tx, ADMIN_CATEGORIES_MAX, &look->list);
}

/* A category stands below one that stands below none. */
static size_t fill_parents(const struct look *look, struct str chosen,
                           struct admin_category rows[ADMIN_CATEGORIES_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < look->list.count; i++) {
        const struct admin_category_list_row *row = &look->list.rows[i];
        if (!str_equal(row->id, look->id))
            rows[count++] = (struct admin_category){row->id, row->label,
                                                    str_equal(row->id, chosen)};
    }
    return count;
}

static void fill_form(const struct request *request, const struct look *look,
                      const struct field_errors *errors, struct admin_categories_page *page)
{
    const struct admin_category_find_row *own = &look->category;
    const struct {
        struct ui_value *value;
        const char *name;
        struct str own;
    } fields[] = {{&page->name, "name", own->name},
                  {&page->slug, "slug", own->slug},
                  {&page->words, "words", own->words},
                  {&page->parent, "parent", own->parent},
                  {&page->picture, "picture", own->picture}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        *fields[i].value = ui_value(request, errors, fields[i].name);
        if (!errors)
            fields[i].value->typed = fields[i].own;
    }
}

static enum err show(struct request *request, struct str id, const struct field_errors *errors,
                     bool is_done)
{
    struct look look = {.id = id};
    struct admin_category *parents = ARENA_ARRAY(request->ctx->arena, ADMIN_CATEGORIES_MAX,
                                                 struct admin_category);
    if (!parents)
        return err_memory(&request->ctx->err);
    TRY(db_read(request->ports->db, request->ctx, read_list, &look));
    struct admin_categories_page page = {.frame = ui_frame(request, "/admin/products"),
                                         .id = id,
                                         .errors = errors,
                                         .list = &look.list,
                                         .parents = parents,
                                         .is_done = is_done,
                                         .may_write = request_may(request, "shop.products.write")};
    fill_form(request, &look, errors, &page);
    page.parent_count = fill_parents(&look, page.parent.typed, parents);
    admin_categories_page(respond_page(request), &page);
    return ERR_OK;
}

enum err admin_categories(struct request *request, const struct admin_categories_input *input)
{
    return show(request, STR(""), NULL, input->done);
}

enum err admin_category_show(struct request *request, const struct admin_category_show_input *input)
{
    return show(request, input->id, NULL, false);
}

enum err admin_category_make_again(struct request *request, const struct field_errors *errors)
{
    return show(request, STR(""), errors, false);
}

enum err admin_category_save_again(struct request *request, const struct field_errors *errors)
{
    return show(request, request->parts[0], errors, false);
}

struct saving {
    const struct request *request;
    struct str id, name, slug, words, parent, picture;
    bool is_new;
    char made[ID_TEXT_MAX];
};

static enum err check_slug(struct tx *tx, const struct saving *is)
{
    struct admin_category_of_slug_row other;
    if (!admin_is_slug(is->slug))
        return admin_wrong(is->request, "slug", text_admin_slug_wrong);
    enum err err = admin_category_of_slug(tx, is->slug, &other);
    if (err == ERR_MISSING) {
        err_clear(&tx->ctx->err);
        return ERR_OK;
    }
    TRY(err);
    return str_equal(other.id, is->id) ? ERR_OK
                                       : admin_wrong(is->request, "slug", text_admin_taken);
}

/* The way up ends: no category stands below itself. */
static enum err check_parent(struct tx *tx, const struct saving *is)
{
    struct str at = is->parent;
    for (int steps = 0; at.len; steps++) {
        struct admin_category_find_row row;
        enum err err = admin_category_find(tx, at, &row);
        if (err == ERR_MISSING || str_equal(at, is->id) || steps == ADMIN_CATEGORY_DEPTH_MAX)
            return admin_wrong(is->request, "parent", text_admin_category_wrong);
        TRY(err);
        at = row.parent;
    }
    return ERR_OK;
}

static enum err save(struct tx *tx, void *arg)
{
    const struct saving *is = arg;
    const struct str *parent = is->parent.len ? &is->parent : NULL;
    int64_t changed = 0;
    TRY(check_slug(tx, is));
    TRY(check_parent(tx, is));
    if (is->is_new) {
        TRY(admin_category_add(tx, is->id, parent, is->slug, is->name, is->words, is->picture));
        return audit_note(tx, is->request, "category.make", is->id, STR(""));
    }
    TRY(admin_category_change(tx, is->id, parent, is->slug, is->name, is->words, is->picture,
                              &changed));
    if (!changed)
        return err_fail(&tx->ctx->err, ERR_MISSING, "There is no such category.",
                        "no category " STR_FMT, STR_ARG(is->id));
    return audit_note(tx, is->request, "category.change", is->id, STR(""));
}

static enum err finish(struct request *request, struct saving *saving)
{
    saving->request = request;
    if (!saving->slug.len)
        saving->slug = admin_slug(request->ctx->arena, saving->name);
    TRY(db_write(request->ports->db, request->ctx, save, saving));
    return respond_redirect(request, "/admin/categories?done=true");
}

enum err admin_category_make(struct request *request, const struct admin_category_make_input *input)
{
    struct saving saving = {.name = input->name,
                            .slug = input->slug,
                            .words = input->words,
                            .parent = input->parent,
                            .picture = input->picture,
                            .is_new = true};
    id_format(id_new(request->ctx->ids), "cat", saving.made);
    saving.id = str_from(saving.made);
    return finish(request, &saving);
}

enum err admin_category_save(struct request *request, const struct admin_category_save_input *input)
{
    struct saving saving = {.id = input->id,
                            .name = input->name,
                            .slug = input->slug,
                            .words = input->words,
                            .parent = input->parent,
                            .picture = input->picture};
    return finish(request, &saving);
}
