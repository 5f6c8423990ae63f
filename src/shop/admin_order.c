/* The console's list of orders: by state, searched, the newest first. */
#include "shop/admin_order.h"

#include "ports/db/db.h"
#include "shop/shop_pages.h"
#include "shop/shop_routes.h"

enum { LIST_ROWS = 25, STATES_MAX = 8 };

static const char *const states[] = {"placed", "review", "paid", "shipped", "cancelled"};

struct list {
    const struct admin_orders_input *input;
    struct admin_order_list_rows found;
    struct admin_order_open_rows open;
};

static enum err read_list(struct tx *tx, void *arg)
{
    struct list *list = arg;
    const struct admin_orders_input *input = list->input;
    struct str state = str_from(states[input->state]);
    struct admin_order_find_row last = {0};
    if (input->has_before)
        TRY(admin_order_find(tx, input->before, &last));
    TRY(admin_order_list(tx, input->has_state ? &state : NULL, input->q.len ? &input->q : NULL,
                         input->has_before ? &last.placed_us : NULL,
                         input->has_before ? &last.id : NULL, LIST_ROWS + 1, &list->found));
    return admin_order_open(tx, STATES_MAX, &list->open);
}

static size_t fill_states(const struct request *request, const struct list *list,
                          struct admin_word words[STATES_MAX])
{
    size_t count = admin_words(request, admin_order_states, route_typed(request, "state"), words);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < list->open.count; k++)
            if (str_equal(list->open.rows[k].state, str_from(words[i].name)))
                words[i].count = list->open.rows[k].count;
    return count;
}

static size_t fill_rows(const struct request *request, const struct list *list,
                        struct admin_order_row rows[LIST_ROWS])
{
    size_t count = 0;
    for (; count < list->found.count && count < LIST_ROWS; count++) {
        const struct admin_order_list_row *row = &list->found.rows[count];
        rows[count] = (struct admin_order_row){
            .is = row,
            .state = admin_word(request, admin_order_states, row->state),
            .currency = currency_find(row->currency)};
        if (!rows[count].currency)
            rows[count].currency = admin_currency(request);
    }
    return count;
}

enum err admin_orders(struct request *request, const struct admin_orders_input *input)
{
    struct list list = {.input = input};
    struct admin_order_row rows[LIST_ROWS];
    struct admin_word words[STATES_MAX];
    TRY(db_read(request->ports->db, request->ctx, read_list, &list));
    size_t count = fill_rows(request, &list, rows);
    admin_orders_page(respond_page(request),
                      &(struct admin_orders_page){
                          .frame = ui_frame(request, "/admin/orders"),
                          .query = input->q,
                          .state = input->has_state ? route_typed(request, "state") : STR(""),
                          .states = words,
                          .state_count = fill_states(request, &list, words),
                          .rows = rows,
                          .count = count,
                          .first = !input->has_before,
                          .more = list.found.count > LIST_ROWS});
    return ERR_OK;
}
