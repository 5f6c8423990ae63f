/* Payments: begins them, asks what came of them, and hears what is told. */
#include "shop/payment.h"

#include "base/log.h"
#include "shop/order.h"
#include "shop/payment_inside.h"
#include "shop/shop.h"
#include "web/request.h"

enum { EVENTS_DROP_MAX = 100 };

struct opening {
    struct str order, provider;
    char id[ID_TEXT_MAX];
    struct payment_order_row is;
    struct payment_found found;
};

static bool find_captured(const struct payment_list_rows *list, struct str *id)
{
    for (size_t i = 0; i < list->count; i++)
        if (payment_state_of(list->rows[i].state) == PAYMENT_CAPTURED) {
            *id = list->rows[i].id;
            return true;
        }
    return false;
}

static bool find_open(const struct payment_list_rows *list, struct str provider, struct str *id)
{
    for (size_t i = 0; i < list->count; i++)
        if (!payment_is_over(payment_state_of(list->rows[i].state)) &&
            str_equal(list->rows[i].provider, provider)) {
            *id = list->rows[i].id;
            return true;
        }
    return false;
}

static enum err check_waits(struct tx *tx, const struct opening *opening)
{
    struct str state = opening->is.state;
    if (str_equal(state, STR("placed")) || str_equal(state, STR("review")))
        return ERR_OK;
    return err_fail(&tx->ctx->err, ERR_CONFLICT, "This order is not to be paid any more.",
                    STR_FMT " is " STR_FMT, STR_ARG(opening->order), STR_ARG(state));
}

static enum err add_payment(struct tx *tx, struct opening *opening, size_t tries)
{
    int64_t now_us = clock_now_us(tx->ctx->clock);
    struct str id = str_from(opening->id);
    if (tries == PAYMENT_TRIES_MAX)
        return err_fail(&tx->ctx->err, ERR_CONFLICT,
                        "It was tried too often to pay this order. Please write to us.",
                        STR_FMT " has %d payments", STR_ARG(opening->order), PAYMENT_TRIES_MAX);
    opening->found.id = id;
    return payment_add(tx, id, opening->order, opening->provider, id, STR("begun"),
                       opening->is.gross_minor, now_us + PAYMENT_QUIET_S * SECOND_US, now_us);
}

/* One that is captured, or open with this provider, is taken for the one that is asked for. */
static enum err open_payment(struct tx *tx, void *arg)
{
    struct opening *opening = arg;
    struct payment_list_rows list;
    TRY(payment_order(tx, opening->order, &opening->is));
    TRY(payment_list(tx, opening->order, PAYMENT_TRIES_MAX, &list));
    if (find_captured(&list, &opening->found.id))
        return payment_find(tx, &opening->found);
    TRY(check_waits(tx, opening));
    if (!find_open(&list, opening->provider, &opening->found.id))
        TRY(add_payment(tx, opening, list.count));
    return payment_find(tx, &opening->found);
}

struct others {
    struct str order;
    struct payment_list_rows list;
};

static enum err list_others(struct tx *tx, void *arg)
{
    struct others *others = arg;
    return payment_list(tx, others->order, PAYMENT_TRIES_MAX, &others->list);
}

/* One that cannot be ended now is by the sweep, or its money goes back. */
static enum err end_other(struct ctx *ctx, const struct shop *shop, struct str id)
{
    enum err err = payment_cancel(ctx, shop, id);
    if (!err || ctx_check_deadline(ctx))
        return err;
    log_failure(ctx, "a payment could not be ended");
    err_clear(&ctx->err);
    return ERR_OK;
}

/* Who chose another way does not pay both ways. */
static enum err end_others(struct ctx *ctx, const struct shop *shop, struct str order,
                           struct str provider)
{
    struct others others = {.order = order};
    TRY(db_read(shop->ports->db, ctx, list_others, &others));
    for (size_t i = 0; i < others.list.count; i++) {
        const struct payment_list_row *row = &others.list.rows[i];
        if (!payment_is_over(payment_state_of(row->state)) && !str_equal(row->provider, provider))
            TRY(end_other(ctx, shop, row->id));
    }
    return ERR_OK;
}

/* What costs nothing is paid without anybody being asked. */
static enum err take_nothing(struct ctx *ctx, const struct shop *shop,
                             const struct payment *payment, struct payment_told *told)
{
    (void)ctx, (void)shop, (void)payment;
    told->state = PAYMENT_CAPTURED;
    return ERR_OK;
}

enum err payment_begin(struct ctx *ctx, const struct shop *shop, struct str order,
                       struct str provider, struct payment_next *next)
{
    struct opening opening = {.order = order, .provider = provider};
    const struct payment_driver *driver = payment_driver_of(shop, provider);
    struct payment payment;
    if (!driver)
        return err_input(&ctx->err, "payment", "Choose one of the ways to pay that are offered.");
    TRY(end_others(ctx, shop, order, provider));
    id_format(id_new(ctx->ids), "pay", opening.id);
    TRY(db_write(shop->ports->db, ctx, open_payment, &opening));
    TRY(payment_fill(ctx, shop, &opening.found, &payment));
    if (payment_is_over(payment.state) || (payment.state == PAYMENT_CHALLENGE && payment.place.len))
        return payment_tell(ctx, &payment, payment.state, STR(""), next);
    if (!payment.amount_minor)
        return payment_ask(ctx, shop, &payment, take_nothing, next);
    return payment_ask(ctx, shop, &payment,
                       payment.state == PAYMENT_BEGUN ? driver->begin : driver->look, next);
}

/* The payment as it is, and its driver. */
static enum err open_of(struct ctx *ctx, const struct shop *shop, struct payment_found *found,
                        struct payment *payment, const struct payment_driver **driver)
{
    TRY(db_read(shop->ports->db, ctx, payment_find, found));
    TRY(payment_fill(ctx, shop, found, payment));
    *driver = payment_driver_of(shop, payment->provider);
    return *driver ? ERR_OK
                   : err_fail(&ctx->err, ERR_CONFLICT, "This way to pay is not offered any more.",
                              STR_FMT " is not in SHOP_PAYMENTS", STR_ARG(payment->provider));
}

/* Of one that was begun the provider may know nothing yet, and is asked anew. What an order that is
 * gone still waits for ends. */
static payment_ask_fn *look_of(const struct payment_found *found, const struct payment *payment,
                               const struct payment_driver *driver)
{
    if (str_equal(found->row.order_state, STR("cancelled")))
        return driver->cancel;
    if (!payment->amount_minor)
        return take_nothing;
    return payment->state == PAYMENT_BEGUN ? driver->begin : driver->look;
}

enum err payment_look(struct ctx *ctx, const struct shop *shop, struct str id,
                      struct payment_next *next)
{
    struct payment_found found = {.id = id};
    struct payment payment;
    const struct payment_driver *driver;
    TRY(open_of(ctx, shop, &found, &payment, &driver));
    if (payment_is_over(payment.state))
        return payment_tell(ctx, &payment, payment.state, STR(""), next);
    return payment_ask(ctx, shop, &payment, look_of(&found, &payment, driver), next);
}

enum err payment_capture(struct ctx *ctx, const struct shop *shop, struct str id)
{
    struct payment_found found = {.id = id};
    struct payment_next next;
    struct payment payment;
    const struct payment_driver *driver;
    TRY(open_of(ctx, shop, &found, &payment, &driver));
    if (payment.state == PAYMENT_CAPTURED)
        return ERR_OK;
    if (payment.state != PAYMENT_PENDING && payment.state != PAYMENT_AUTHORISED)
        return err_fail(&ctx->err, ERR_CONFLICT, "There is nothing to take of this payment.",
                        STR_FMT " is %s", STR_ARG(id), payment_state_name(payment.state));
    return payment_ask(ctx, shop, &payment, driver->capture, &next);
}

struct accepting {
    struct str order, who;
    struct payment_list_rows list;
};

static enum err accept_it(struct tx *tx, void *arg)
{
    struct accepting *accepting = arg;
    TRY(order_accept(tx, accepting->order, accepting->who));
    return payment_list(tx, accepting->order, PAYMENT_TRIES_MAX, &accepting->list);
}

/* What cannot be captured now is by the sweep: the order is not in review any more. */
enum err payment_accept(struct ctx *ctx, const struct shop *shop, struct str order, struct str who)
{
    struct accepting accepting = {.order = order, .who = who};
    TRY(db_write(shop->ports->db, ctx, accept_it, &accepting));
    for (size_t i = 0; i < accepting.list.count; i++)
        if (payment_state_of(accepting.list.rows[i].state) == PAYMENT_AUTHORISED)
            TRY(payment_capture(ctx, shop, accepting.list.rows[i].id));
    return ERR_OK;
}

static enum err list_of_order(struct tx *tx, void *arg)
{
    struct others *others = arg;
    struct payment_order_row is;
    TRY(payment_order(tx, others->order, &is));
    return list_others(tx, others);
}

enum err payment_receive(struct ctx *ctx, const struct shop *shop, struct str order)
{
    struct others others = {.order = order};
    TRY(db_read(shop->ports->db, ctx, list_of_order, &others));
    for (size_t i = 0; i < others.list.count; i++) {
        const struct payment_list_row *row = &others.list.rows[i];
        const struct payment_driver *driver = payment_driver_of(shop, row->provider);
        if (driver && driver->asks_later && payment_state_of(row->state) == PAYMENT_PENDING)
            return payment_capture(ctx, shop, row->id);
    }
    return err_fail(&ctx->err, ERR_CONFLICT, "No payment of this order waits for people.",
                    STR_FMT " has no payment that is pending", STR_ARG(order));
}

enum err payment_cancel(struct ctx *ctx, const struct shop *shop, struct str id)
{
    struct payment_found found = {.id = id};
    struct payment_next next;
    struct payment payment;
    const struct payment_driver *driver;
    TRY(open_of(ctx, shop, &found, &payment, &driver));
    if (payment_is_over(payment.state))
        return ERR_OK;
    return payment_ask(ctx, shop, &payment, driver->cancel, &next);
}

/* Another installation's, or another's kind of event: whoever sent it is told that it is well. */
static enum err settle_heard(struct ctx *ctx, const struct shop *shop, struct str provider,
                             const struct payment_told *told)
{
    struct payment_settling settling = {
        .payment = told->payment, .provider = provider, .told = told};
    enum err err = db_write(shop->ports->db, ctx, payment_settle, &settling);
    if (err == ERR_MISSING) {
        err_clear(&ctx->err);
        return ERR_OK;
    }
    return err;
}

enum err payment_hear(struct request *request, const struct shop *shop, struct str provider)
{
    const struct payment_driver *driver = payment_driver_of(shop, provider);
    struct payment_told told = {0};
    if (!driver || !driver->hear)
        return err_fail(&request->ctx->err, ERR_MISSING, "There is no such provider.",
                        STR_FMT " has no webhooks here", STR_ARG(provider));
    TRY(driver->hear(request, shop, &told));
    return told.payment.len ? settle_heard(request->ctx, shop, provider, &told) : ERR_OK;
}

struct giving {
    struct str order, why;
    int64_t minor;
};

static enum err give_back(struct tx *tx, void *arg)
{
    const struct giving *giving = arg;
    return payment_give_back(tx, giving->order, giving->minor, giving->why);
}

enum err payment_refund(struct ctx *ctx, const struct shop *shop, struct str order, int64_t minor,
                        struct str why)
{
    struct giving giving = {.order = order, .why = why, .minor = minor};
    return db_write(shop->ports->db, ctx, give_back, &giving);
}

static enum err list_due(struct tx *tx, void *arg)
{
    struct payment_due_rows *due = arg;
    return payment_due(tx, clock_now_us(tx->ctx->clock), PAYMENT_SWEEP_MAX, due);
}

static enum err drop_events(struct tx *tx, void *arg)
{
    struct payment_event_old_rows old;
    int64_t before_us = clock_now_us(tx->ctx->clock) - PAYMENT_EVENTS_S * SECOND_US;
    (void)arg;
    TRY(payment_event_old(tx, before_us, EVENTS_DROP_MAX, &old));
    for (size_t i = 0; i < old.count; i++)
        TRY(payment_event_drop(tx, old.rows[i].provider, old.rows[i].event));
    return ERR_OK;
}

/* One that cannot be looked at, its provider is off say, keeps none of the others waiting. */
static enum err sweep_one(struct ctx *ctx, const struct shop *shop, struct str id)
{
    struct payment_next next;
    struct payment_found found = {.id = id};
    enum err err = payment_look(ctx, shop, id, &next);
    if (!err || ctx_check_deadline(ctx))
        return err;
    log_failure(ctx, "a payment could not be looked at");
    err_clear(&ctx->err);
    return db_write(shop->ports->db, ctx, payment_delay, &found);
}

enum err payment_sweep(struct ctx *ctx, const struct shop *shop)
{
    struct payment_due_rows due;
    TRY(db_read(shop->ports->db, ctx, list_due, &due));
    for (size_t i = 0; i < due.count; i++)
        TRY(sweep_one(ctx, shop, due.rows[i].id));
    return db_write(shop->ports->db, ctx, drop_events, NULL);
}

enum err shop_sweep(struct ctx *ctx, const struct shop *shop, const struct queue_message *message)
{
    (void)message;
    return payment_sweep(ctx, shop);
}
