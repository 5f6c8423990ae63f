/* What consumers do with orders: a letter to who ordered, and the end of what nobody pays. */
#include "base/json.h"
#include "flow/flow.h"
#include "ports/mail/mail.h"
#include "shop/order_inside.h"
#include "shop/order_msg.h"
#include "shop/shop.h"
#include "web/request.h"

enum { TEXT_MAX = 256 << 10, SUBJECT_MAX = 256 };

struct letter {
    struct str order;
    struct order_row_find_row is;
    struct order_row_lines_rows lines;
};

static enum err find(struct tx *tx, void *arg)
{
    struct letter *letter = arg;
    TRY(order_row_find(tx, letter->order, &letter->is));
    return order_row_lines(tx, letter->order, CART_LINES_MAX, &letter->lines);
}

/* The id of the event is that of the mail: told twice, it is still one. */
static enum err read_event(struct ctx *ctx, struct str body, struct letter *letter, struct id *id)
{
    struct json *event;
    struct str text = STR("");
    TRY(json_read(ctx, body, &event));
    if (json_str(json_get(event, "id"), &text) || id_parse(text, "evt", id) ||
        json_str(json_get(json_get(event, "detail"), "order"), &letter->order))
        return err_input(&ctx->err, "event", "must be one of an order");
    return ERR_OK;
}

static void write_lines(struct buf *out, const struct language *language,
                        const struct letter *letter, const struct currency *currency)
{
    for (size_t i = 0; i < letter->lines.count; i++) {
        const struct order_row_lines_row *line = &letter->lines.rows[i];
        text_order_mail_line(out, language, line->quantity, line->name,
                             line->quantity * line->price_minor, currency);
        buf_addc(out, '\n');
    }
    buf_addc(out, '\n');
    if (letter->is.off_minor) {
        text_order_mail_off(out, language, -letter->is.off_minor, currency);
        buf_addc(out, '\n');
    }
    text_order_mail_shipping(out, language, letter->is.shipping_minor, currency);
    buf_addc(out, '\n');
    text_order_mail_total(out, language, letter->is.gross_minor, currency, letter->is.tax_minor,
                          currency);
}

static void write_letter(struct buf *out, const struct language *language,
                         const struct letter *letter, const struct currency *currency,
                         struct str site_url)
{
    text_order_mail_hello(out, language, letter->is.name);
    buf_add(out, STR("\n\n"));
    text_order_mail_thanks(out, language, letter->is.code);
    buf_add(out, STR("\n\n"));
    write_lines(out, language, letter, currency);
    buf_add(out, STR("\n\n"));
    text_order_mail_link(out, language);
    buf_addf(out, "\n" STR_FMT "/orders/" STR_FMT "\n", STR_ARG(site_url), STR_ARG(letter->is.id));
}

enum err shop_confirm(struct ctx *ctx, const struct shop *shop, const struct queue_message *message)
{
    const struct ports *ports = shop->ports;
    struct letter letter = {.lines = {.count = 0}};
    struct mail mail = {.to = {.name = {NULL, 0}}};
    struct buf subject, text;
    TRY(read_event(ctx, message->body, &letter, &mail.id));
    TRY(db_read(ports->db, ctx, find, &letter));
    const struct language *language = language_find(letter.is.language);
    const struct currency *currency = currency_find(letter.is.currency);
    language = language ? language : &languages[0];
    if (!currency)
        return err_fail(&ctx->err, ERR_INTERNAL, "The order has no currency.", STR_FMT,
                        STR_ARG(letter.is.currency));
    buf_init(&subject, ctx->arena, SUBJECT_MAX);
    buf_init(&text, ctx->arena, TEXT_MAX);
    text_order_mail_subject(&subject, language, letter.is.code);
    write_letter(&text, language, &letter, currency, ports->site_url);
    if (buf_err(&subject) || buf_err(&text))
        return err_memory(&ctx->err);
    mail.to.address = letter.is.email;
    mail.subject = buf_str(&subject);
    mail.text = buf_str(&text);
    mail.language = str_from(language->code);
    return mail_send(ports->mail, ctx, &mail);
}

enum err shop_expire(struct tx *tx, const struct queue_message *message)
{
    struct queue queue;
    bool more;
    TRY(order_expire(tx, &more));
    if (!more)
        return ERR_OK;
    TRY(queue_find(tx, STR(SHOP_QUEUE_EXPIRE), &queue));
    return queue_put(tx, &queue, message->body);
}
