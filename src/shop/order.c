/* Makes an order of a cart, and tells of orders. */
#include "shop/order.h"

#include <string.h>

#include "shop/order_inside.h"
#include "shop/payment.h"
#include "shop/shop.h"
#include "shop/stock.h"

enum { CART_ROWS_MAX = CART_LINES_MAX + 1 };

/* The cart. */

static bool has_line(const struct cart *cart, size_t guess, const struct order_row_cart_row *row)
{
    for (size_t i = 0; i < cart->count; i++) {
        const struct cart_line *line = &cart->lines[(guess + i) % cart->count];
        if (str_equal(line->variant, row->variant))
            return line->quantity == row->quantity;
    }
    return false;
}

static bool is_as_it_was(const struct cart *cart, const struct order_row_cart_rows *rows)
{
    bool same = rows->count == cart->count;
    for (size_t i = 0; same && i < rows->count; i++)
        same = has_line(cart, i, &rows->rows[i]);
    return same && str_equal(rows->rows[0].codes, cart->codes) &&
           str_equal(rows->rows[0].country, cart->country) &&
           str_equal(rows->rows[0].postcode, cart->postcode) &&
           str_equal(rows->rows[0].method, cart->method);
}

static enum err keep_id(struct str text, char id[ID_TEXT_MAX])
{
    struct id parsed;
    TRY(id_parse(text, "ord", &parsed));
    id_format(parsed, "ord", id);
    return ERR_OK;
}

enum err order_of_cart(struct tx *tx, struct str cart, char id[ID_TEXT_MAX])
{
    struct order_row_of_cart_row row;
    TRY(order_row_of_cart(tx, cart, &row));
    return keep_id(row.id, id);
}

static enum err find_placed(struct tx *tx, struct order_placing *placing)
{
    struct order_row_of_cart_row row;
    struct buf code;
    enum err err = order_row_of_cart(tx, placing->cart->id, &row);
    if (err == ERR_MISSING) {
        err_clear(&tx->ctx->err);
        return err_fail(&tx->ctx->err, ERR_CONFLICT, "The cart has changed meanwhile.",
                        "cart " STR_FMT " is not as it was", STR_ARG(placing->cart->id));
    }
    TRY(err);
    placing->again = true;
    buf_init_fixed(&code, placing->code, sizeof placing->code - 1);
    buf_add(&code, row.code);
    TRY(buf_err(&code));
    placing->code[code.len] = '\0';
    return keep_id(row.id, placing->id);
}

static enum err check_cart(struct tx *tx, struct order_placing *placing)
{
    const struct cart *cart = placing->cart;
    struct order_row_cart_rows rows;
    placing->again = false;
    if (!cart->count || cart->count > CART_LINES_MAX)
        return err_input(&tx->ctx->err, "cart", "must have 1 to %d lines", CART_LINES_MAX);
    TRY(order_row_cart(tx, cart->id, CART_ROWS_MAX, &rows));
    return is_as_it_was(cart, &rows) ? ERR_OK : find_placed(tx, placing);
}

static enum err hold(struct tx *tx, struct order_placing *placing)
{
    const struct cart *cart = placing->cart;
    placing->wants = ARENA_ARRAY(tx->ctx->arena, cart->count, struct stock_want);
    if (!placing->wants)
        return err_memory(&tx->ctx->err);
    for (size_t i = 0; i < cart->count; i++)
        placing->wants[i] = (struct stock_want){.variant = cart->lines[i].variant,
                                                .quantity = cart->lines[i].quantity};
    return stock_hold(tx, str_from(placing->id), placing->wants, cart->count);
}

/* The order. */

static bool asks_later(const struct order_placing *placing)
{
    const struct payment_driver *const *at = placing->shop ? placing->shop->payments : NULL;
    for (; at && *at; at++)
        if (str_equal(placing->payment, str_from((*at)->name)))
            return (*at)->asks_later;
    return false;
}

/* 40 bits: nobody guesses one, and the index says that no other order has it. */
static void draw_code(struct ctx *ctx, char code[ORDER_CODE_MAX])
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    uint64_t drawn = rand_u64(ctx->rand);
    for (size_t i = 0; i < ORDER_CODE_MAX - 1; i++) {
        bool dash = i == (ORDER_CODE_MAX - 1) / 2;
        code[i] = dash ? '-' : digits[drawn % 32];
        drawn = dash ? drawn : drawn / 32;
    }
    code[ORDER_CODE_MAX - 1] = '\0';
}

static enum err add_order(struct tx *tx, struct order_placing *placing, int64_t now_us)
{
    const struct cart *cart = placing->cart;
    const struct total *total = placing->total;
    const struct total_part *all = &total->all, *shipping = &total->shipping;
    const struct order_place_to *to = &placing->ship_to;
    int64_t added = 0, hold_s = asks_later(placing) ? ORDER_HOLD_LATER_S : ORDER_HOLD_S;
    struct str terms;
    TRY(order_inside_terms(tx->ctx, placing, &terms));
    for (int tries = 0; !added && tries < ORDER_CODE_TRIES; tries++) {
        draw_code(tx->ctx, placing->code);
        TRY(order_row_add(
            tx, str_from(placing->id), str_from(placing->code), cart->id,
            cart->customer.len ? &cart->customer : NULL, placing->email,
            placing->review ? STR("review") : STR("placed"), placing->language,
            str_from(placing->shop->currency->code), to->name, to->street, to->more, to->postcode,
            to->city, to->region, to->country, placing->method, placing->payment,
            all->goods_minor - shipping->goods_minor, all->off_minor - shipping->off_minor,
            shipping->goods_minor - shipping->off_minor, all->tax_minor, all->gross_minor, terms,
            placing->score, now_us + hold_s * SECOND_US, now_us, &added));
    }
    return added ? ERR_OK
                 : err_fail(&tx->ctx->err, ERR_BUSY, "Please try again.", "no code is left");
}

static enum err name_line(struct ctx *ctx, const struct cart_line *line, struct str *name)
{
    struct buf out;
    struct str comma = STR(", ");
    *name = line->name;
    if (!line->options.len)
        return ERR_OK;
    buf_init(&out, ctx->arena, line->name.len + comma.len + line->options.len);
    buf_add(&out, line->name);
    buf_add(&out, comma);
    buf_add(&out, line->options);
    *name = buf_str(&out);
    return buf_err(&out) ? err_memory(&ctx->err) : ERR_OK;
}

static enum err add_lines(struct tx *tx, const struct order_placing *placing)
{
    for (size_t i = 0; i < placing->cart->count; i++) {
        const struct cart_line *line = &placing->cart->lines[i];
        const struct total_part *part = &placing->total->lines[i];
        struct str name;
        TRY(name_line(tx->ctx, line, &name));
        TRY(order_row_add_line(tx, str_from(placing->id), (int64_t)i + 1, line->variant, line->sku,
                               name, line->picture, line->quantity, line->price_minor,
                               part->off_minor, part->tax_minor, part->gross_minor));
    }
    return ERR_OK;
}

static enum err use_promotions(struct tx *tx, const struct order_placing *placing)
{
    const struct total *total = placing->total;
    for (size_t i = 0; i < total->note_count; i++) {
        char id[ID_TEXT_MAX];
        int64_t used;
        if (total->notes[i].reason != TOTAL_APPLIED)
            continue;
        id_format(total->notes[i].promotion->id, "prm", id);
        TRY(order_row_use(tx, str_from(id), &used));
        if (!used)
            return err_fail(&tx->ctx->err, ERR_CONFLICT, "A promotion is used up.",
                            "%s was used as often as may be", id);
        TRY(order_row_add_use(tx, str_from(id), str_from(placing->id), placing->email));
    }
    return ERR_OK;
}

static enum err tell_placed(struct tx *tx, const struct order_placing *placing)
{
    const struct total *total = placing->total;
    const struct order_row_find_row row = {
        .id = str_from(placing->id),
        .code = str_from(placing->code),
        .customer = placing->cart->customer,
        .state = placing->review ? STR("review") : STR("placed"),
        .currency = str_from(placing->shop->currency->code),
        .payment = placing->payment,
        .goods_minor = total->all.goods_minor - total->shipping.goods_minor,
        .off_minor = total->all.off_minor - total->shipping.off_minor,
        .shipping_minor = total->shipping.goods_minor - total->shipping.off_minor,
        .tax_minor = total->all.tax_minor,
        .gross_minor = total->all.gross_minor};
    return order_inside_tell(tx, "shop.order.placed", &row, placing->cart);
}

enum err order_place(struct tx *tx, void *placing_of_caller)
{
    struct order_placing *placing = placing_of_caller;
    TRY(check_cart(tx, placing));
    if (placing->again)
        return ERR_OK;
    id_format(id_new(tx->ctx->ids), "ord", placing->id);
    struct str id = str_from(placing->id);
    TRY(hold(tx, placing));
    TRY(use_promotions(tx, placing));
    TRY(add_order(tx, placing, clock_now_us(tx->ctx->clock)));
    TRY(add_lines(tx, placing));
    TRY(order_inside_note(tx, id, &(struct order_inside_note){.kind = "placed"}));
    TRY(tell_placed(tx, placing));
    TRY(order_row_clear_cart(tx, placing->cart->id));
    return order_row_drop_cart(tx, placing->cart->id);
}
