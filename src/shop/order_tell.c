/* What is written of orders: how their total came about, their events, their notes. */
#include "base/json.h"
#include "flow/flow_event.h"
#include "shop/order_inside.h"

/* How its total came about. */

static void add_id(struct json_writer *w, const char *prefix, struct id id)
{
    char text[ID_TEXT_MAX];
    id_format(id, prefix, text);
    json_key(w, STR("id"));
    json_add_str(w, str_from(text));
}

static void add_minor(struct json_writer *w, const char *name, int64_t minor)
{
    json_key(w, str_from(name));
    json_add_int(w, minor);
}

static void add_promotions(struct json_writer *w, const struct total *total)
{
    json_key(w, STR("promotions"));
    json_begin_array(w);
    for (size_t i = 0; i < total->note_count; i++) {
        const struct total_note *note = &total->notes[i];
        if (note->reason != TOTAL_APPLIED)
            continue;
        json_begin_object(w);
        add_id(w, "prm", note->promotion->id);
        add_minor(w, "off", note->off_minor);
        json_end_object(w);
    }
    json_end_array(w);
}

static void add_taxes(struct json_writer *w, const struct total *total)
{
    json_key(w, STR("taxes"));
    json_begin_array(w);
    for (size_t i = 0; i < total->tax_count; i++) {
        json_begin_object(w);
        add_id(w, "tax", total->taxes[i].rate->id);
        add_minor(w, "rate", total->taxes[i].rate->rate_ppm);
        add_minor(w, "net", total->taxes[i].net_minor);
        add_minor(w, "tax", total->taxes[i].tax_minor);
        json_end_object(w);
    }
    json_end_array(w);
}

static void add_part(struct json_writer *w, const struct total_part *part)
{
    json_begin_object(w);
    add_minor(w, "goods", part->goods_minor);
    add_minor(w, "off", part->off_minor);
    add_minor(w, "change", part->change_minor);
    add_minor(w, "net", part->net_minor);
    add_minor(w, "tax", part->tax_minor);
    json_key(w, STR("rates"));
    json_begin_array(w);
    for (size_t i = 0; i < part->rate_count; i++) {
        char text[ID_TEXT_MAX];
        id_format(part->rates[i]->id, "tax", text);
        json_add_str(w, str_from(text));
    }
    json_end_array(w);
    json_end_object(w);
}

enum err order_inside_terms(struct ctx *ctx, const struct order_placing *placing, struct str *terms)
{
    static const char *const treatments[] = {"taxed", "exempt", "reverse_charge"};
    const struct total *total = placing->total;
    struct buf out;
    struct json_writer w;
    buf_init(&out, ctx->arena, ORDER_TERMS_MAX);
    json_writer_init(&w, &out);
    json_begin_object(&w);
    json_key(&w, STR("treatment"));
    json_add_str(&w, str_from(treatments[total->treatment]));
    add_promotions(&w, total);
    add_taxes(&w, total);
    add_minor(&w, "untaxed", total->untaxed_minor);
    json_key(&w, STR("shipping"));
    add_part(&w, &total->shipping);
    json_key(&w, STR("lines"));
    json_begin_array(&w);
    for (size_t i = 0; i < placing->cart->count; i++)
        add_part(&w, &total->lines[i]);
    json_end_array(&w);
    json_end_object(&w);
    *terms = buf_str(&out);
    if (buf_err(&out) == ERR_LIMIT)
        return err_fail(&ctx->err, ERR_LIMIT, "The order is too large.", "its terms pass %d bytes",
                        ORDER_TERMS_MAX);
    return buf_err(&out) ? err_memory(&ctx->err) : ERR_OK;
}

/* Events and notes. */

enum err order_inside_note(struct tx *tx, struct str order, const struct order_inside_note *note)
{
    char id[ID_TEXT_MAX];
    id_format(id_new(tx->ctx->ids), "note", id);
    return order_row_note(tx, order, str_from(id), str_from(note->kind), note->words, note->who,
                          clock_now_us(tx->ctx->clock));
}

static void add_cart(struct json_writer *w, const struct cart *cart)
{
    json_key(w, STR("lines"));
    json_begin_array(w);
    for (size_t i = 0; i < cart->count; i++) {
        json_begin_object(w);
        json_key(w, STR("variant"));
        json_add_str(w, cart->lines[i].variant);
        add_minor(w, "quantity", cart->lines[i].quantity);
        json_end_object(w);
    }
    json_end_array(w);
}

static void add_order_row(struct json_writer *w, const struct order_row_find_row *order)
{
    const struct {
        const char *name;
        struct str text;
    } texts[] = {{"order", order->id},          {"code", order->code},
                 {"customer", order->customer}, {"state", order->state},
                 {"payment", order->payment},   {"currency", order->currency}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (!texts[i].text.len)
            continue;
        json_key(w, str_from(texts[i].name));
        json_add_str(w, texts[i].text);
    }
    add_minor(w, "goods", order->goods_minor);
    add_minor(w, "off", order->off_minor);
    add_minor(w, "shipping", order->shipping_minor);
    add_minor(w, "tax", order->tax_minor);
    add_minor(w, "gross", order->gross_minor);
    add_minor(w, "captured", order->captured_minor);
    add_minor(w, "refunded", order->refunded_minor);
}

enum err order_inside_tell(struct tx *tx, const char *type, const struct order_row_find_row *order,
                           const struct cart *cart)
{
    struct ctx *ctx = tx->ctx;
    struct buf out;
    struct json_writer w;
    buf_init(&out, ctx->arena, ORDER_EVENT_MAX);
    json_writer_init(&w, &out);
    json_begin_object(&w);
    add_order_row(&w, order);
    if (cart)
        add_cart(&w, cart);
    json_end_object(&w);
    if (buf_err(&out))
        return err_memory(&ctx->err);
    struct flow_event event = {
        .source = STR("shop"), .type = str_from(type), .detail = buf_str(&out)};
    return flow_emit(tx, &event);
}
