/* The console's page of an order: what was bought, paid and done, and what can be done next. */
#include "ports/db/db.h"
#include "shop/admin_msg.h"
#include "shop/admin_order.h"
#include "shop/cart.h"
#include "shop/payment.h"
#include "shop/shop_pages.h"
#include "shop/shop_routes.h"

enum { STEPS_MAX = 100, PAYMENTS_MAX = 20 };

static const struct admin_name payment_states[] = {
    {"begun", "warn", text_admin_pay_begun},
    {"challenge", "warn", text_admin_pay_challenge},
    {"pending", "warn", text_admin_pay_pending},
    {"authorised", "good", text_admin_pay_authorised},
    {"captured", "good", text_admin_pay_captured},
    {"declined", "bad", text_admin_pay_declined},
    {"void", "", text_admin_pay_void},
    {"refunded", "", text_admin_refunded},
    {0}};

static const struct admin_name step_kinds[] = {{"placed", "", text_admin_step_placed},
                                               {"paid", "good", text_admin_state_paid},
                                               {"declined", "bad", text_admin_pay_declined},
                                               {"review", "bad", text_admin_state_review},
                                               {"shipped", "good", text_admin_state_shipped},
                                               {"cancelled", "warn", text_admin_state_cancelled},
                                               {"refunded", "warn", text_admin_refunded},
                                               {"words", "", text_admin_note},
                                               {0}};

/* What the address says was done, in the order of the route's choice. */
static const struct admin_name deeds[] = {{"shipped", "", text_admin_done_shipped},
                                          {"cancelled", "", text_admin_done_cancelled},
                                          {"noted", "", text_admin_done_noted},
                                          {0}};

struct look {
    struct str id;
    struct admin_order_find_row order;
    struct admin_order_lines_rows lines;
    struct admin_order_notes_rows notes;
    struct admin_order_payments_rows payments;
    struct admin_order_reasons reasons;
};

static enum err read_order(struct tx *tx, void *arg)
{
    struct look *look = arg;
    TRY(admin_order_find(tx, look->id, &look->order));
    TRY(admin_order_explain(tx, look->order.terms, &look->reasons));
    TRY(admin_order_lines(tx, look->id, CART_LINES_MAX, &look->lines));
    TRY(admin_order_notes(tx, look->id, STEPS_MAX, &look->notes));
    return admin_order_payments(tx, look->id, PAYMENTS_MAX, &look->payments);
}

static bool is_in(const struct look *look, const char *state)
{
    return str_equal(look->order.state, str_from(state));
}

static const struct admin_order_item *items_of(const struct request *request,
                                               const struct look *look)
{
    struct admin_order_item *items = ARENA_ARRAY(request->ctx->arena, look->lines.count + 1,
                                                 struct admin_order_item);
    for (size_t i = 0; items && i < look->lines.count; i++)
        items[i] = (struct admin_order_item){&look->lines.rows[i],
                                             admin_picture(request, look->lines.rows[i].picture)};
    return items;
}

static const struct admin_order_payment *payments_of(const struct request *request,
                                                     const struct look *look)
{
    struct admin_order_payment *payments = ARENA_ARRAY(
        request->ctx->arena, look->payments.count + 1, struct admin_order_payment);
    for (size_t i = 0; payments && i < look->payments.count; i++)
        payments[i] = (struct admin_order_payment){
            &look->payments.rows[i],
            admin_word(request, payment_states, look->payments.rows[i].state)};
    return payments;
}

static const struct admin_order_step *steps_of(const struct request *request,
                                               const struct look *look)
{
    struct admin_order_step *steps = ARENA_ARRAY(request->ctx->arena, look->notes.count + 1,
                                                 struct admin_order_step);
    for (size_t i = 0; steps && i < look->notes.count; i++)
        steps[i] = (struct admin_order_step){
            &look->notes.rows[i], admin_word(request, step_kinds, look->notes.rows[i].kind)};
    return steps;
}

/* What is still to be paid: nothing once it was cancelled. */
static int64_t open_of(const struct look *look)
{
    int64_t open_minor = look->order.gross_minor - look->order.captured_minor;
    return is_in(look, "cancelled") || open_minor < 0 ? 0 : open_minor;
}

/* A bank transfer, or cash: nobody else tells that it came. */
static bool waits_for_people(const struct request *request, const struct look *look)
{
    for (size_t i = 0; i < look->payments.count; i++) {
        const struct admin_order_payments_row *row = &look->payments.rows[i];
        const struct payment_driver *driver = payment_driver_of(request->room, row->provider);
        if (driver && driver->asks_later && str_equal(row->state, STR("pending")))
            return true;
    }
    return false;
}

static void fill_doors(struct request *request, const struct look *look,
                       struct admin_order_page *page)
{
    bool may_write = request_may(request, "shop.orders.write");
    bool is_open = is_in(look, "placed") || is_in(look, "review") || is_in(look, "paid");
    page->may_ship = may_write && is_in(look, "paid");
    page->may_cancel = may_write && is_open;
    page->may_accept = may_write && is_in(look, "review");
    page->may_receive = may_write && is_in(look, "placed") && waits_for_people(request, look);
    page->may_note = request_may(request, "shop.orders.note");
}

enum err admin_order_show(struct request *request, struct str id, const struct field_errors *errors,
                          const char *done)
{
    struct look look = {.id = id};
    TRY(db_read(request->ports->db, request->ctx, read_order, &look));
    const struct admin_order_find_row *order = &look.order;
    const struct currency *currency = currency_find(order->currency);
    struct admin_order_page page = {
        .frame = ui_frame(request, "/admin/orders"),
        .order = order,
        .state = admin_word(request, admin_order_states, order->state),
        .currency = currency ? currency : admin_currency(request),
        .items = items_of(request, &look),
        .payments = payments_of(request, &look),
        .steps = steps_of(request, &look),
        .reasons = look.reasons.rows,
        .reason_count = look.reasons.count,
        .added_tax_minor = order->gross_minor -
                           (order->goods_minor - order->off_minor + order->shipping_minor),
        .open_minor = open_of(&look),
        .done = admin_word(request, deeds, str_from(done)),
        .errors = errors,
        .tracking = ui_value(request, errors, "tracking"),
        .why = ui_value(request, errors, "why"),
        .words = ui_value(request, errors, "words")};
    if (!page.items || !page.payments || !page.steps)
        return err_memory(&request->ctx->err);
    page.item_count = look.lines.count;
    page.payment_count = look.payments.count;
    page.step_count = look.notes.count;
    fill_doors(request, &look, &page);
    admin_order_page(respond_page(request), &page);
    return ERR_OK;
}

enum err admin_order(struct request *request, const struct admin_order_input *input)
{
    return admin_order_show(request, input->id, NULL,
                            input->has_done ? deeds[input->done].name : "");
}
