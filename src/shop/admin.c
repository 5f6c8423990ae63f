/* What the shop's pages of the console share: words, amounts, mistakes. */
#include "shop/admin.h"

#include "shop/admin_msg.h"
#include "shop/picture.h"
#include "shop/shop.h"
#include "shop/total.h"
#include "text/number.h"

enum { AMOUNT_TEXT_MAX = 64, PATH_TEXT_MAX = 256, OPTIONS_TEXT_MAX = 2 << 10 };

const struct admin_name admin_order_states[] = {
    {"placed", "warn", text_admin_state_placed},   {"review", "bad", text_admin_state_review},
    {"paid", "good", text_admin_state_paid},       {"shipped", "", text_admin_state_shipped},
    {"cancelled", "", text_admin_state_cancelled}, {0}};

const struct admin_name admin_product_states[] = {{"draft", "warn", text_admin_state_draft},
                                                  {"listed", "good", text_admin_state_listed},
                                                  {"hidden", "", text_admin_state_hidden},
                                                  {0}};

struct admin_word admin_word(const struct request *request, const struct admin_name names[],
                             struct str word)
{
    for (const struct admin_name *at = names; at->name; at++)
        if (str_equal(word, str_from(at->name)))
            return (struct admin_word){
                .name = at->name, .kind = at->kind, .words = ui_words(request, at->say)};
    return (struct admin_word){.name = "", .kind = "", .words = word};
}

size_t admin_words(const struct request *request, const struct admin_name names[],
                   struct str chosen, struct admin_word words[])
{
    size_t count = 0;
    for (; names[count].name; count++) {
        words[count] = admin_word(request, names, str_from(names[count].name));
        words[count].chosen = str_equal(chosen, str_from(names[count].name));
    }
    return count;
}

const struct currency *admin_currency(const struct request *request)
{
    const struct shop *shop = request->room;
    return shop->currency;
}

struct str admin_amount(const struct request *request, int64_t minor)
{
    struct buf out;
    buf_init(&out, request->ctx->arena, AMOUNT_TEXT_MAX);
    text_decimal(&out, request->ctx->language, minor, admin_currency(request)->digits);
    return buf_str(&out);
}

enum err admin_read_amount(const struct request *request, const char *field, struct str typed,
                           int64_t *minor)
{
    if (text_read_decimal(request->ctx->language, typed, admin_currency(request)->digits, minor) ||
        *minor < 0 || *minor > TOTAL_PRICE_MAX_MINOR)
        return admin_wrong(request, field, text_admin_no_amount);
    return ERR_OK;
}

enum err admin_wrong(const struct request *request, const char *field, ui_say *say)
{
    struct str words = ui_words(request, say);
    return err_input(&request->ctx->err, field, STR_FMT, STR_ARG(words));
}

struct str admin_who(const struct request *request)
{
    return request->who ? request->who->name : STR("");
}

struct str admin_picture(const struct request *request, struct str key)
{
    struct buf out;
    buf_init(&out, request->ctx->arena, PATH_TEXT_MAX);
    picture_add_path(&out, key);
    return buf_str(&out);
}

struct str admin_options(const struct request *request, struct str first, struct str second,
                         struct str third)
{
    const struct str values[] = {first, second, third};
    struct buf out;
    buf_init(&out, request->ctx->arena, OPTIONS_TEXT_MAX);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (values[i].len) {
            buf_add(&out, out.len ? STR(", ") : STR(""));
            buf_add(&out, values[i]);
        }
    return buf_str(&out);
}
