/* An order as who placed it sees it: what was bought, what became of it, and a way to pay. */
#include "shop/bought.h"
#include "guard/guard.h"
#include "shop/cart.h"
#include "shop/catalog.h"
#include "shop/checkout_country.h"
#include "shop/checkout_msg.h"
#include "shop/checkout_way.h"
#include "shop/order.h"
#include "shop/shop.h"
#include "shop/shop_pages.h"
#include "shop/shop_routes.h"
#include "shop/shop_sql.h"

enum { NOTES_MAX = 100, LIST_ROWS = 20 };

struct bought {
    struct str id;
    struct bought_find_row row;
    struct bought_lines_rows lines;
    struct bought_notes_rows notes;
    struct bought_payment_rows payments;
};

static enum err find(struct tx *tx, void *arg)
{
    struct bought *bought = arg;
    TRY(bought_find(tx, bought->id, &bought->row));
    TRY(bought_lines(tx, bought->id, CART_LINES_MAX, &bought->lines));
    TRY(bought_notes(tx, bought->id, NOTES_MAX, &bought->notes));
    return bought_payment(tx, bought->id, &bought->payments);
}

/* How a state of an order, or what happened to it, is said; of what is not told there is none. */
static const struct said {
    const char *kind;
    ui_say *words;
    const char *tone; /* of its badge */
} said[] = {{"placed", text_bought_placed, "warn"},      {"review", text_bought_review, "warn"},
            {"paid", text_bought_paid, "good"},          {"shipped", text_bought_shipped, "good"},
            {"cancelled", text_bought_cancelled, "bad"}, {"refunded", text_bought_refunded, ""},
            {"declined", text_bought_declined, "bad"},   {0}};

static const struct said *find_said(struct str kind)
{
    const struct said *at = said;
    while (at->kind && !str_equal(str_from(at->kind), kind))
        at++;
    return at;
}

static struct str say(const struct request *request, struct str kind)
{
    const struct said *at = find_said(kind);
    return at->words ? ui_words(request, at->words) : STR("");
}

/* The state in the customer's eyes: what is placed waits to be paid. */
static struct str say_state(const struct request *request, struct str state)
{
    return str_equal(state, STR("placed")) ? ui_words(request, text_bought_waits)
                                           : say(request, state);
}

static enum err show_lines(struct ctx *ctx, const struct bought *bought,
                           struct bought_order_page *page)
{
    struct bought_line *lines = ARENA_ARRAY(ctx->arena, bought->lines.count, struct bought_line);
    if (!lines)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < bought->lines.count; i++) {
        const struct bought_lines_row *row = &bought->lines.rows[i];
        lines[i] = (struct bought_line){.row = row,
                                        .picture = catalog_picture(ctx->arena, row->picture),
                                        .goods_minor = row->price_minor * row->quantity};
    }
    page->lines = lines;
    page->line_count = bought->lines.count;
    return ERR_OK;
}

static enum err show_steps(struct request *request, const struct bought *bought,
                           struct bought_order_page *page)
{
    struct bought_step *steps = ARENA_ARRAY(request->ctx->arena, bought->notes.count,
                                            struct bought_step);
    if (!steps)
        return err_memory(&request->ctx->err);
    for (size_t i = 0; i < bought->notes.count; i++) {
        struct str words = say(request, bought->notes.rows[i].kind);
        if (words.len)
            steps[page->step_count++] = (struct bought_step){words, bought->notes.rows[i].made_us};
    }
    page->steps = steps;
    return ERR_OK;
}

static bool is_one_of(struct str state, const char *const states[])
{
    while (*states && !str_equal(state, str_from(*states)))
        states++;
    return *states != NULL;
}

/* While no payment is on its way, and none has come, another may begin. */
static enum err show_payment(struct request *request, const struct bought *bought,
                             struct bought_order_page *page)
{
    static const char *const under_way[] = {"pending", "authorised", "captured", NULL};
    struct str state = bought->payments.count ? bought->payments.rows[0].state : STR("");
    page->paid_by = checkout_way_name(request, bought->row.payment);
    page->refused = str_equal(state, STR("declined"));
    page->waits = str_equal(bought->row.state, STR("placed"));
    page->pays = page->waits && !is_one_of(state, under_way);
    return page->pays ? checkout_ways(request, bought->row.payment, &page->ways, &page->way_count)
                      : ERR_OK;
}

enum err bought_show(struct request *request, const struct bought_show_input *input)
{
    struct bought bought = {.id = input->id};
    TRY(db_read(request->ports->db, request->ctx, find, &bought));
    const struct country *country = country_find(bought.row.country);
    struct bought_order_page page = {
        .frame = ui_frame(request, guard_who(request) ? "/account/orders" : NULL),
        .id = input->id,
        .order = &bought.row,
        .currency = currency_find(bought.row.currency),
        .country = country ? ui_words(request, country->name) : bought.row.country,
        .state = say_state(request, bought.row.state),
        .tone = find_said(bought.row.state)->tone};
    TRY(show_lines(request->ctx, &bought, &page));
    TRY(show_steps(request, &bought, &page));
    TRY(show_payment(request, &bought, &page));
    bought_order_page(respond_page(request), &page);
    return ERR_OK;
}

struct list {
    struct str customer;
    const struct str *before;
    struct bought_page_rows rows;
};

static enum err read_list(struct tx *tx, void *arg)
{
    struct list *list = arg;
    return bought_page(tx, list->customer, list->before, LIST_ROWS + 1, &list->rows);
}

enum err bought_list_show(struct request *request, const struct bought_list_show_input *input)
{
    struct list list = {.customer = guard_who(request)->person,
                        .before = input->has_before ? &input->before : NULL};
    TRY(db_read(request->ports->db, request->ctx, read_list, &list));
    bool more = list.rows.count > LIST_ROWS;
    size_t count = more ? LIST_ROWS : list.rows.count;
    struct bought_item *items = ARENA_ARRAY(request->ctx->arena, count, struct bought_item);
    if (!items)
        return err_memory(&request->ctx->err);
    for (size_t i = 0; i < count; i++)
        items[i] = (struct bought_item){.row = &list.rows.rows[i],
                                        .currency = currency_find(list.rows.rows[i].currency),
                                        .state = say_state(request, list.rows.rows[i].state),
                                        .tone = find_said(list.rows.rows[i].state)->tone};
    bought_list_page(respond_page(request),
                     &(struct bought_list_page){.frame = ui_frame(request, "/account/orders"),
                                                .items = items,
                                                .count = count,
                                                .more = more});
    return ERR_OK;
}

enum err bought_pay(struct request *request, const struct bought_pay_input *input)
{
    enum err err = checkout_pay(request, input->id, input->payment);
    if (err == ERR_CONFLICT) /* it waits no longer: its page says what became of it */
        return respond_redirect(request, "/orders/" STR_FMT, STR_ARG(input->id));
    return err;
}
