/* The console's list of products: searched, sorted, and many of them listed or hidden at once. */
#include "shop/admin_product.h"

#include <inttypes.h>
#include <stdio.h>

#include "guard/audit_note.h"
#include "ports/db/db.h"
#include "shop/admin_msg.h"
#include "shop/shop_pages.h"
#include "shop/shop_routes.h"

enum { LIST_ROWS = 25, STATES_MAX = 4, SORTS_MAX = 4, FIELD_MAX = 16 };

static const struct admin_name sorts[] = {{"newest", "", text_admin_sort_newest},
                                          {"name", "", text_admin_name},
                                          {"price", "", text_admin_price},
                                          {0}};

struct list {
    const struct admin_products_input *input;
    struct str sort, state;
    struct admin_product_list_rows found;
    struct admin_product_counts_row counts[LIST_ROWS];
    struct admin_product_categories_rows categories;
};

static enum err read_list(struct tx *tx, void *arg)
{
    struct list *list = arg;
    const struct admin_products_input *input = list->input;
    struct admin_product_place_row last = {0};
    bool on = input->has_after;
    if (on)
        TRY(admin_product_place(tx, list->sort, input->after, &last));
    TRY(admin_product_list(tx, list->sort, input->q.len ? &input->q : NULL,
                           input->has_category ? &input->category : NULL,
                           input->has_state ? &list->state : NULL, on ? &last.number : NULL,
                           on ? &last.word : NULL, on ? &input->after : NULL, LIST_ROWS + 1,
                           &list->found));
    for (size_t i = 0; i < list->found.count && i < LIST_ROWS; i++)
        TRY(admin_product_counts(tx, list->found.rows[i].id, &list->counts[i]));
    return admin_product_categories(tx, ADMIN_CATEGORIES_MAX, &list->categories);
}

size_t admin_category_rows(const struct admin_product_categories_rows *found, struct str chosen,
                           struct admin_category rows[ADMIN_CATEGORIES_MAX])
{
    for (size_t i = 0; i < found->count; i++)
        rows[i] = (struct admin_category){.id = found->rows[i].id,
                                          .label = found->rows[i].label,
                                          .chosen = str_equal(found->rows[i].id, chosen)};
    return found->count;
}

static size_t fill_rows(const struct request *request, const struct list *list,
                        struct admin_product_row rows[LIST_ROWS])
{
    size_t count = 0;
    for (; count < list->found.count && count < LIST_ROWS; count++) {
        const struct admin_product_list_row *row = &list->found.rows[count];
        rows[count] = (struct admin_product_row){
            .is = row,
            .state = admin_word(request, admin_product_states, row->state),
            .picture = admin_picture(request, row->picture),
            .variants = list->counts[count].variants,
            .free = list->counts[count].free};
    }
    return count;
}

static enum err show_list(struct request *request, const struct list *list)
{
    const struct admin_products_input *input = list->input;
    struct admin_product_row rows[LIST_ROWS];
    struct admin_word states[STATES_MAX], orders[SORTS_MAX];
    struct admin_category *categories = ARENA_ARRAY(request->ctx->arena, ADMIN_CATEGORIES_MAX,
                                                    struct admin_category);
    if (!categories)
        return err_memory(&request->ctx->err);
    size_t count = fill_rows(request, list, rows);
    struct admin_products_page page = {
        .frame = ui_frame(request, "/admin/products"),
        .query = input->q,
        .category = input->category,
        .state = list->state,
        .sort = list->sort,
        .currency = admin_currency(request),
        .categories = categories,
        .category_count = admin_category_rows(&list->categories, input->category, categories),
        .states = states,
        .state_count = admin_words(request, admin_product_states, list->state, states),
        .sorts = orders,
        .sort_count = admin_words(request, sorts, list->sort, orders),
        .rows = rows,
        .count = count,
        .is_changed = input->has_changed,
        .changed = input->changed,
        .may_write = request_may(request, "shop.products.write"),
        .is_filtered = input->q.len || input->has_category || input->has_state,
        .first = !input->has_after,
        .more = list->found.count > LIST_ROWS};
    admin_products_page(respond_page(request), &page);
    return ERR_OK;
}

enum err admin_products(struct request *request, const struct admin_products_input *input)
{
    struct list *list = ARENA_NEW(request->ctx->arena, struct list);
    if (!list)
        return err_memory(&request->ctx->err);
    list->input = input;
    list->sort = str_from(sorts[input->sort].name);
    if (input->has_state)
        list->state = str_from(admin_product_states[input->state].name);
    TRY(db_read(request->ports->db, request->ctx, read_list, list));
    return show_list(request, list);
}

struct bulk {
    const struct request *request;
    struct str state, picked[LIST_ROWS];
    size_t count;
    int64_t changed;
};

static enum err change_all(struct tx *tx, void *arg)
{
    struct bulk *bulk = arg;
    bulk->changed = 0;
    for (size_t i = 0; i < bulk->count; i++) {
        int64_t changed = 0;
        TRY(admin_product_set_state(tx, bulk->picked[i], bulk->state, clock_now_us(tx->ctx->clock),
                                    &changed));
        if (changed)
            TRY(audit_note(tx, bulk->request, "product.state", bulk->picked[i], STR("")));
        bulk->changed += changed;
    }
    return ERR_OK;
}

/* The checkboxes are pick0, pick1 …: those that are not ticked are not sent. */
static void read_picks(const struct request *request, struct bulk *bulk)
{
    for (int i = 0; i < LIST_ROWS; i++) {
        char field[FIELD_MAX];
        struct id id;
        snprintf(field, sizeof field, "pick%d", i);
        struct str picked = request_form_field(request, str_from(field));
        if (!id_parse(picked, "prd", &id))
            bulk->picked[bulk->count++] = picked;
    }
}

enum err admin_products_act(struct request *request, const struct admin_products_act_input *input)
{
    struct bulk bulk = {.request = request,
                        .state = str_from(admin_product_states[input->act].name)};
    read_picks(request, &bulk);
    TRY(db_write(request->ports->db, request->ctx, change_all, &bulk));
    return respond_redirect(request,
                            "/admin/products?category=" STR_FMT "&state=" STR_FMT "&sort=" STR_FMT
                            "&changed=%" PRId64,
                            STR_ARG(input->category), STR_ARG(route_typed(request, "state")),
                            STR_ARG(route_typed(request, "sort")), bulk.changed);
}
