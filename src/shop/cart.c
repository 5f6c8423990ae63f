/* Carts: what is put in, and what that is as it is sold now. */
#include "shop/cart.h"

#include "shop/rules.h"
#include "shop/shop.h"
#include "shop/shop_sql.h"
#include "shop/stock.h"
#include "text/language.h"

enum { OPTIONS_MAX = 1 << 10 };

enum err cart_make(struct tx *tx, struct str *id)
{
    char *text = arena_alloc(tx->ctx->arena, ID_TEXT_MAX);
    if (!text)
        return err_memory(&tx->ctx->err);
    id_format(id_new(tx->ctx->ids), "crt", text);
    *id = str_from(text);
    return cart_row_add(tx, *id, clock_now_us(tx->ctx->clock));
}

static enum err touch(struct tx *tx, struct str id)
{
    int64_t changed = 0;
    TRY(cart_row_touch(tx, id, clock_now_us(tx->ctx->clock), &changed));
    return changed ? ERR_OK
                   : err_fail(&tx->ctx->err, ERR_MISSING, "There is no such cart.", "no cart");
}

static enum err check_sold(struct tx *tx, struct str variant)
{
    struct cart_line_sold_row row;
    TRY(cart_line_sold(tx, variant, &row));
    if (str_equal(row.state, STR("draft")))
        return err_fail(&tx->ctx->err, ERR_MISSING, "That is not for sale.", "a draft");
    return ERR_OK;
}

static enum err quantity_of(struct tx *tx, struct str id, struct str variant, int64_t *quantity)
{
    struct cart_line_quantity_rows rows = {0};
    TRY(cart_line_quantity(tx, id, variant, &rows));
    *quantity = rows.count ? rows.rows[0].quantity : 0;
    return ERR_OK;
}

enum err cart_set(struct tx *tx, struct str id, struct str variant, int64_t quantity)
{
    struct cart_line_count_row had;
    int64_t before;
    TRY(touch(tx, id));
    if (quantity == 0)
        return cart_line_drop(tx, id, variant);
    if (quantity < 0 || quantity > CART_QUANTITY_MAX)
        return err_input(&tx->ctx->err, "quantity", "must be from 0 to %d", CART_QUANTITY_MAX);
    TRY(check_sold(tx, variant));
    TRY(quantity_of(tx, id, variant, &before));
    TRY(cart_line_count(tx, id, &had));
    if (!before && had.lines >= CART_LINES_MAX)
        return err_input(&tx->ctx->err, "variant", "may be one of %d at most", CART_LINES_MAX);
    return cart_line_set(tx, id, variant, quantity, clock_now_us(tx->ctx->clock));
}

enum err cart_add(struct tx *tx, struct str id, struct str variant, int64_t quantity)
{
    int64_t before;
    if (quantity < 1 || quantity > CART_QUANTITY_MAX)
        return err_input(&tx->ctx->err, "quantity", "must be from 1 to %d", CART_QUANTITY_MAX);
    TRY(quantity_of(tx, id, variant, &before));
    return cart_set(tx, id, variant, before + quantity);
}

/* "42, brown" */
static enum err join_options(struct ctx *ctx, const struct cart_line_list_row *row,
                             struct str *options)
{
    const struct str values[] = {row->first, row->second, row->third};
    struct buf out;
    buf_init(&out, ctx->arena, OPTIONS_MAX);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (values[i].len) {
            buf_add(&out, out.len ? STR(", ") : STR(""));
            buf_add(&out, values[i]);
        }
    *options = buf_str(&out);
    return buf_err(&out) == ERR_MEMORY ? err_memory(&ctx->err) : ERR_OK; /* else it is cut */
}

static enum err read_marks(struct tx *tx, const struct cart_line_list_row *row,
                           struct total_ids *marks)
{
    struct cart_line_marks_rows rows = {0};
    TRY(cart_line_marks(tx, row->product, row->category, TOTAL_MARKS_MAX - 1, &rows));
    struct id *list = ARENA_ARRAY(tx->ctx->arena, rows.count + 1, struct id);
    if (!list)
        return err_memory(&tx->ctx->err);
    list[0] = rules_mark(row->product);
    for (size_t i = 0; i < rows.count; i++)
        list[i + 1] = rules_mark(rows.rows[i].mark);
    *marks = (struct total_ids){list, rows.count + 1};
    return ERR_OK;
}

static enum err read_price(struct tx *tx, const struct shop *shop, const struct cart *cart,
                           struct cart_line *line)
{
    struct cart_line_price_rows rows = {0};
    TRY(cart_line_price(tx, line->variant, str_from(shop->currency->code), cart->audience,
                        clock_now_us(tx->ctx->clock), &rows));
    if (rows.count)
        line->price_minor = rows.rows[0].price_minor;
    return ERR_OK;
}

static enum err read_line(struct tx *tx, const struct shop *shop, const struct cart *cart,
                          const struct cart_line_list_row *row, struct cart_line *line)
{
    *line = (struct cart_line){.variant = row->variant,
                               .product = row->product,
                               .slug = row->slug,
                               .sku = row->sku,
                               .name = row->name,
                               .picture = row->picture,
                               .kind = row->kind,
                               .tax_class = row->tax_class,
                               .quantity = row->quantity,
                               .price_minor = row->price_minor,
                               .weight_g = row->weight,
                               .shipped = row->shipped};
    TRY(join_options(tx->ctx, row, &line->options));
    TRY(read_price(tx, shop, cart, line));
    TRY(read_marks(tx, row, &line->marks));
    if (str_equal(row->state, STR("draft")))
        return ERR_OK; /* it is sold no more: none is free */
    return stock_free(tx, row->variant, &line->free);
}

static enum err read_head(struct tx *tx, const struct shop *shop, struct cart *cart)
{
    struct cart_row_row row;
    struct rules *rules;
    TRY(cart_row(tx, cart->id, &row));
    cart->customer = row.customer_null ? STR("") : row.customer;
    cart->codes = row.codes;
    cart->country = row.country.len ? row.country : shop->country;
    cart->postcode = row.postcode;
    cart->method = row.method;
    if (!row.email_null) {
        cart->email = row.email;
        cart->audience = row.audience;
        cart->vat = row.vat;
        cart->exempt = row.exempt;
    }
    TRY(rules_copy(tx->ctx, shop->rules, cart->country, cart->codes, &rules));
    cart->rules = rules;
    return ERR_OK;
}

enum err cart_read(struct tx *tx, const struct shop *shop, struct str id, struct cart *cart)
{
    struct cart_line_list_rows rows = {0};
    const struct language *language = tx->ctx->language;
    *cart = (struct cart){.id = id};
    TRY(read_head(tx, shop, cart));
    TRY(cart_line_list(tx, id, str_from(language ? language->code : "en"), CART_LINES_MAX, &rows));
    cart->lines = ARENA_ARRAY(tx->ctx->arena, rows.count, struct cart_line);
    if (!cart->lines)
        return err_memory(&tx->ctx->err);
    for (size_t i = 0; i < rows.count; i++) {
        TRY(read_line(tx, shop, cart, &rows.rows[i], &cart->lines[i]));
        cart->pieces += rows.rows[i].quantity;
    }
    cart->count = rows.count;
    return ERR_OK;
}

/* Codes of both, each once; what is too many is left out. */
static enum err merge_codes(struct tx *tx, struct str from, struct str into)
{
    struct cart_row_row theirs, ours;
    struct str words, word;
    struct buf out;
    size_t count = 0;
    TRY(cart_row(tx, from, &theirs));
    TRY(cart_row(tx, into, &ours));
    buf_init(&out, tx->ctx->arena, ours.codes.len + theirs.codes.len + 1);
    buf_add(&out, ours.codes);
    for (words = ours.codes; str_cut(&words, ' ', &word);)
        count += word.len > 0;
    for (words = theirs.codes; str_cut(&words, ' ', &word);)
        if (word.len && count < RULES_CODES_MAX && !rules_has_word(ours.codes, word)) {
            buf_add(&out, out.len ? STR(" ") : STR(""));
            buf_add(&out, word);
            count++;
        }
    if (buf_err(&out))
        return err_memory(&tx->ctx->err);
    return cart_row_codes(tx, into, buf_str(&out), clock_now_us(tx->ctx->clock));
}

static enum err merge_line(struct tx *tx, struct str into, const struct cart_line_list_row *row)
{
    int64_t before;
    TRY(quantity_of(tx, into, row->variant, &before));
    int64_t sum = before + row->quantity;
    enum err err = cart_set(tx, into, row->variant,
                            sum < CART_QUANTITY_MAX ? sum : CART_QUANTITY_MAX);
    if (err != ERR_MISSING && err != ERR_INPUT)
        return err;
    err_clear(&tx->ctx->err); /* no longer sold, or too many lines: it stays behind */
    return ERR_OK;
}

enum err cart_merge(struct tx *tx, struct str from, struct str into)
{
    struct cart_line_list_rows rows = {0};
    if (str_equal(from, into))
        return ERR_OK;
    TRY(cart_line_list(tx, from, STR(""), CART_LINES_MAX, &rows));
    for (size_t i = 0; i < rows.count; i++)
        TRY(merge_line(tx, into, &rows.rows[i]));
    TRY(merge_codes(tx, from, into));
    TRY(cart_line_drop_all(tx, from));
    return cart_row_drop(tx, from);
}
