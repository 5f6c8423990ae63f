/* Writes what came of payments: the one door to an order's money, and the way back. */
#include <inttypes.h>

#include "flow/queue.h"
#include "shop/order.h"
#include "shop/payment_inside.h"
#include "shop/shop.h"
#include "web/request.h"

enum { WORDS_MAX = 256 };

static const char *const names[] = {"begun",    "challenge", "pending", "authorised",
                                    "captured", "declined",  "void",    "unknown"};

_Static_assert(sizeof names / sizeof *names == PAYMENT_STATES + 1, "a name each, and one for none");

const char *payment_state_name(enum payment_state state)
{
    return names[state];
}

enum payment_state payment_state_of(struct str name)
{
    enum payment_state state = PAYMENT_BEGUN;
    while (state < PAYMENT_STATES && !str_equal(name, str_from(names[state])))
        state++;
    return state;
}

bool payment_is_over(enum payment_state state)
{
    return state >= PAYMENT_CAPTURED;
}

/* The longer nothing comes, the less often somebody asks. */
int64_t payment_look_us(const struct payment_load_row *row, enum payment_state state,
                        int64_t now_us)
{
    int64_t age_us = now_us - row->made_us;
    if (payment_is_over(state))
        return CLOCK_MAX_US;
    if (age_us < PAYMENT_QUIET_S * SECOND_US)
        age_us = PAYMENT_QUIET_S * SECOND_US;
    if (age_us > PAYMENT_LOOK_MAX_S * SECOND_US)
        age_us = PAYMENT_LOOK_MAX_S * SECOND_US;
    return now_us + age_us;
}

/* Forwards only, but for money: that counts whenever it comes. What was captured in part is still
 * to be captured. */
static enum payment_state step(enum payment_state now, const struct payment_told *told,
                               int64_t captured_minor, int64_t amount_minor)
{
    enum payment_state to = told->state;
    if (captured_minor >= amount_minor && (captured_minor || to == PAYMENT_CAPTURED))
        return PAYMENT_CAPTURED;
    if (to == PAYMENT_CAPTURED)
        to = PAYMENT_AUTHORISED;
    return payment_is_over(now) || to < now ? now : to;
}

/* An event is heard once. */
static enum err hear_event(struct tx *tx, struct str provider, struct str event, bool *heard)
{
    struct payment_event_find_row row;
    if (!event.len)
        return ERR_OK;
    enum err err = payment_event_find(tx, provider, event, &row);
    *heard = err == ERR_OK;
    if (err != ERR_MISSING)
        return err;
    err_clear(&tx->ctx->err);
    return payment_event_add(tx, provider, event, clock_now_us(tx->ctx->clock));
}

/* Made where there is none yet: who gives back may be the first. */
static enum err ask_back(struct tx *tx, struct str refund)
{
    struct queue_options options = queue_usual;
    struct queue queue;
    options.name = STR(SHOP_QUEUE_REFUNDS);
    options.receives_max = SHOP_REFUND_TRIES_MAX;
    TRY(queue_make(tx, &options, &queue));
    return queue_put(tx, &queue, refund);
}

static enum err reserve(struct tx *tx, struct str payment, int64_t minor, struct str why)
{
    char id[ID_TEXT_MAX];
    if (!minor)
        return ERR_OK;
    id_format(id_new(tx->ctx->ids), "rfd", id);
    TRY(payment_refund_add(tx, str_from(id), payment, minor, why, clock_now_us(tx->ctx->clock)));
    TRY(payment_reserve(tx, payment, minor));
    return ask_back(tx, str_from(id));
}

/* Two were begun, in two windows say, and both were paid; or the goods are gone. */
static enum err pay(struct tx *tx, struct str payment, const struct payment_load_row *row,
                    int64_t captured_minor)
{
    bool back = false;
    TRY(order_pay(tx, row->order_id, payment, captured_minor, &back));
    return back ? reserve(tx, payment, captured_minor - row->refunded_minor,
                          STR("The order was paid already, or could not be had any more."))
                : ERR_OK;
}

static enum err note_amount(struct tx *tx, const struct payment_load_row *row, const char *kind,
                            int64_t minor, struct str words)
{
    char bytes[WORDS_MAX], text[MONEY_TEXT_MAX];
    struct buf out;
    buf_init_fixed(&out, bytes, sizeof bytes);
    money_format(minor, currency_find(row->currency), text);
    buf_addf(&out, "%s " STR_FMT, text, STR_ARG(row->currency));
    size_t len = out.len;
    buf_addf(&out, ": " STR_FMT, STR_ARG(words));
    if (!words.len || buf_err(&out)) /* words that are too long are left out */
        buf_rewind(&out, len);
    return order_note(tx, row->order_id, str_from(kind), buf_str(&out), STR(""));
}

/* What went back without us having asked for it: at the provider's own pages. */
static enum err note_outside(struct tx *tx, const struct payment_load_row *row, int64_t minor)
{
    TRY(payment_order_refunded(tx, row->order_id, minor, clock_now_us(tx->ctx->clock)));
    return note_amount(tx, row, "refunded", minor, row->provider);
}

static enum err write_row(struct tx *tx, const struct payment_settling *settling,
                          const struct payment_load_row *row, int64_t captured_minor)
{
    const struct payment_told *told = settling->told;
    int64_t now_us = clock_now_us(tx->ctx->clock);
    bool waits = settling->state == PAYMENT_CHALLENGE;
    struct str reference = told->reference.len ? told->reference : row->reference;
    struct str place = told->place.len ? told->place : row->place;
    return payment_put(tx, settling->payment, reference, waits ? place : STR(""),
                       str_from(names[settling->state]), captured_minor, row->refunded_minor,
                       payment_look_us(row, settling->state, now_us), now_us);
}

/* In the provider's words, as far as there is room. */
static enum err note_declined(struct tx *tx, struct str order, struct str why)
{
    struct str words = str_slice(why, 0, PAYMENT_WHY_MAX);
    size_t bad = str_find_bad_utf8(words);
    return order_note(tx, order, STR("declined"),
                      bad == STR_NONE ? words : str_slice(words, 0, bad), STR(""));
}

/* What follows of it for the order. */
static enum err follow(struct tx *tx, const struct payment_settling *settling,
                       const struct payment_load_row *row, int64_t captured_minor)
{
    enum payment_state before = payment_state_of(row->state), state = settling->state;
    bool changed = state != before;
    if (captured_minor > row->captured_minor || (changed && state == PAYMENT_CAPTURED))
        return pay(tx, settling->payment, row, captured_minor);
    if (changed && payment_is_over(state) && captured_minor)
        return reserve(tx, settling->payment, captured_minor - row->refunded_minor,
                       STR("The rest of it was not paid."));
    if (changed && state == PAYMENT_DECLINED)
        return note_declined(tx, row->order_id, settling->told->why);
    return ERR_OK;
}

enum err payment_settle(struct tx *tx, void *arg)
{
    struct payment_settling *settling = arg;
    const struct payment_told *told = settling->told;
    struct payment_load_row row;
    bool heard = false;
    TRY(payment_load(tx, settling->payment, &row));
    if (!str_equal(row.provider, settling->provider))
        return err_fail(&tx->ctx->err, ERR_MISSING, "There is no such payment.",
                        STR_FMT " is no payment of " STR_FMT, STR_ARG(settling->payment),
                        STR_ARG(settling->provider));
    TRY(hear_event(tx, row.provider, told->event, &heard));
    settling->state = payment_state_of(row.state);
    if (heard)
        return ERR_OK;
    int64_t captured_minor = told->captured_minor;
    if (captured_minor < row.captured_minor)
        captured_minor = row.captured_minor;
    int64_t outside_minor = told->refunded_minor - row.refunded_minor;
    if (outside_minor < 0)
        outside_minor = 0;
    settling->state = step(settling->state, told, captured_minor, row.amount_minor);
    row.refunded_minor += outside_minor;
    TRY(write_row(tx, settling, &row, captured_minor));
    if (outside_minor)
        TRY(note_outside(tx, &row, outside_minor));
    return follow(tx, settling, &row, captured_minor);
}

static enum err give_back_of(struct tx *tx, const struct payment_list_rows *list, int64_t minor,
                             struct str why)
{
    for (size_t i = 0; i < list->count && minor; i++) {
        int64_t left = list->rows[i].captured_minor - list->rows[i].refunded_minor;
        int64_t part = left < minor ? left : minor;
        TRY(reserve(tx, list->rows[i].id, part, why));
        minor -= part;
    }
    return ERR_OK;
}

enum err payment_give_back(struct tx *tx, struct str order, int64_t minor, struct str why)
{
    struct payment_list_rows list;
    int64_t left = 0;
    TRY(payment_list(tx, order, PAYMENT_TRIES_MAX, &list));
    for (size_t i = 0; i < list.count; i++)
        left += list.rows[i].captured_minor - list.rows[i].refunded_minor;
    if (minor < 0 || minor > left)
        return err_input(&tx->ctx->err, "amount",
                         "There is no more to give back than %" PRId64
                         " of the smallest unit of the currency.",
                         left);
    return give_back_of(tx, &list, minor == PAYMENT_ALL ? left : minor, why);
}

struct refunding {
    struct str id;
    struct payment_refund_load_row is;
    struct payment_found found;
    const char *state; /* that it ends in */
    struct str words;
};

static enum err find_refund(struct tx *tx, void *arg)
{
    struct refunding *refunding = arg;
    TRY(payment_refund_load(tx, refunding->id, &refunding->is));
    refunding->found.id = refunding->is.payment;
    return payment_find(tx, &refunding->found);
}

/* Whoever was first has written it. */
static enum err end_refund(struct tx *tx, void *arg)
{
    struct refunding *refunding = arg;
    int64_t now_us = clock_now_us(tx->ctx->clock);
    struct str state = str_from(refunding->state);
    TRY(find_refund(tx, arg));
    const struct payment_refund_load_row *is = &refunding->is;
    const struct payment_load_row *row = &refunding->found.row;
    if (!str_equal(is->state, STR("asked")))
        return ERR_OK;
    TRY(payment_refund_end(tx, refunding->id, state, now_us));
    if (str_equal(state, STR("failed"))) {
        TRY(payment_reserve(tx, is->payment, -is->amount_minor));
        return note_amount(tx, row, "refused", is->amount_minor, refunding->words);
    }
    TRY(payment_order_refunded(tx, row->order_id, is->amount_minor, now_us));
    return note_amount(tx, row, "refunded", is->amount_minor, is->why);
}

enum err shop_refund(struct ctx *ctx, const struct shop *shop, const struct queue_message *message)
{
    struct refunding *refunding = ARENA_NEW(ctx->arena, struct refunding);
    struct payment payment;
    struct payment_told told = {0};
    if (!refunding)
        return err_memory(&ctx->err);
    refunding->id = message->body;
    TRY(db_read(shop->ports->db, ctx, find_refund, refunding));
    if (!str_equal(refunding->is.state, STR("asked")))
        return ERR_OK;
    TRY(payment_fill(ctx, shop, &refunding->found, &payment));
    const struct payment_driver *driver = payment_driver_of(shop, payment.provider);
    if (!driver)
        return err_fail(&ctx->err, ERR_CONFLICT, "The provider of this payment is off.",
                        STR_FMT " is not in SHOP_PAYMENTS", STR_ARG(payment.provider));
    enum err err = driver->refund(ctx, shop, &payment, refunding->is.amount_minor, refunding->id,
                                  &told);
    if (err && err != ERR_INPUT)
        return err;
    refunding->state = err ? "failed" : "done";
    if (err)
        TRY(str_copy(ctx->arena, str_from(ctx->err.user), &refunding->words));
    return db_write(shop->ports->db, ctx, end_refund, refunding);
}
