/* Asks a payment's provider, and writes what it says. */
#include "base/log.h"
#include "shop/payment_inside.h"
#include "shop/shop.h"
#include "web/request.h"

enum err payment_find(struct tx *tx, void *arg)
{
    struct payment_found *found = arg;
    return payment_load(tx, found->id, &found->row);
}

static enum err write_place(struct ctx *ctx, struct str *place, const char *before, struct str id,
                            const char *behind)
{
    struct buf out;
    buf_init(&out, ctx->arena, PAYMENT_PLACE_MAX);
    buf_addf(&out, "%s" STR_FMT "%s", before, STR_ARG(id), behind);
    *place = buf_str(&out);
    return buf_err(&out) ? err_memory(&ctx->err) : ERR_OK;
}

enum err payment_fill(struct ctx *ctx, const struct shop *shop, const struct payment_found *found,
                      struct payment *payment)
{
    const struct payment_load_row *row = &found->row;
    const char *site;
    *payment = (struct payment){.id = found->id,
                                .order = row->order_id,
                                .provider = row->provider,
                                .reference = row->reference,
                                .place = row->place,
                                .email = row->email,
                                .code = row->code,
                                .amount_minor = row->amount_minor,
                                .captured_minor = row->captured_minor,
                                .refunded_minor = row->refunded_minor,
                                .made_us = row->made_us,
                                .currency = currency_find(row->currency),
                                .state = payment_state_of(row->state),
                                .holds = str_equal(row->order_state, STR("review"))};
    TRY(str_cstr(ctx->arena, shop->ports->site_url, &site));
    struct str path;
    TRY(write_place(ctx, &path, "/payments/", found->id, "/return"));
    return write_place(ctx, &payment->return_to, site, path, "");
}

/* Where the browser goes with what is known now. */
enum err payment_tell(struct ctx *ctx, const struct payment *payment, enum payment_state state,
                      struct str why, struct payment_next *next)
{
    struct buf id;
    *next = (struct payment_next){.state = state, .order = payment->order, .why = why};
    buf_init_fixed(&id, next->id, sizeof next->id);
    buf_addf(&id, STR_FMT "%c", STR_ARG(payment->id), '\0');
    TRY(buf_err(&id));
    if (state == PAYMENT_CHALLENGE)
        return write_place(ctx, &next->place, "/payments/", payment->id, "");
    if (state == PAYMENT_BEGUN)
        return write_place(ctx, &next->place, "/payments/", payment->id, "/return");
    return write_place(ctx, &next->place, "/orders/", payment->order, "");
}

/* Somebody else's failure, or the network's: nobody knows what came of it. */
static bool is_silence(enum err err)
{
    return err == ERR_TIMEOUT || err == ERR_PEER || err == ERR_BUSY || err == ERR_IO ||
           err == ERR_LIMIT;
}

enum err payment_delay(struct tx *tx, void *arg)
{
    struct payment_found *found = arg;
    TRY(payment_find(tx, found));
    return payment_put_off(tx, found->id,
                           payment_look_us(&found->row, payment_state_of(found->row.state),
                                           clock_now_us(tx->ctx->clock)));
}

static enum err take_silence(struct ctx *ctx, const struct shop *shop,
                             const struct payment *payment)
{
    struct payment_found found = {.id = payment->id};
    log_warn(ctx, "a payment's provider did not answer", field_str("payment", payment->id),
             field_str("why", str_from(ctx->err.operator)));
    err_clear(&ctx->err);
    return db_write(shop->ports->db, ctx, payment_delay, &found);
}

/* Asks, and writes what was said. *state stays where nothing was. */
static enum err ask_once(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                         payment_ask_fn *ask, struct payment_told *told, enum payment_state *state)
{
    struct payment_settling settling = {
        .payment = payment->id, .provider = payment->provider, .told = told};
    enum err err = ask(ctx, shop, payment, told);
    if (is_silence(err))
        return take_silence(ctx, shop, payment);
    TRY(err);
    TRY(db_write(shop->ports->db, ctx, payment_settle, &settling));
    *state = settling.state;
    return ERR_OK;
}

/* What is authorised is captured, but of an order that people look at. */
enum err payment_ask(struct ctx *ctx, const struct shop *shop, const struct payment *payment,
                     payment_ask_fn *ask, struct payment_next *next)
{
    const struct payment_driver *driver = payment_driver_of(shop, payment->provider);
    struct payment_told told = {0}, more = {0};
    enum payment_state state = payment->state;
    TRY(ask_once(ctx, shop, payment, ask, &told, &state));
    if (state == PAYMENT_AUTHORISED && told.state == PAYMENT_AUTHORISED && !payment->holds) {
        struct payment now = *payment;
        now.reference = told.reference.len ? told.reference : payment->reference;
        TRY(ask_once(ctx, shop, &now, driver->capture, &more, &state));
    }
    return payment_tell(ctx, payment, state, told.why, next);
}
