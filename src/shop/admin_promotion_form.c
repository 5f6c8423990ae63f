/* The console's form of a promotion: the common kinds. What else its terms say stays as it is. */
#include "base/json.h"
#include "guard/audit_note.h"
#include "ports/db/db.h"
#include "shop/admin_msg.h"
#include "shop/admin_promotion.h"
#include "shop/rules.h"
#include "shop/shop_pages.h"
#include "shop/shop_routes.h"
#include "text/number.h"

enum { KINDS_MAX = 6, TERMS_MAX = 64 << 10, TEXT_MAX = 64, PERCENT_DIGITS = 4, CODES_MAX = 2 };

/* In the order of enum total_effect. */
const struct admin_name admin_promotion_kinds[] = {
    {"percent", "", text_admin_kind_percent},   {"each", "", text_admin_kind_each},
    {"order", "", text_admin_kind_order},       {"buy_get", "", text_admin_kind_buy_get},
    {"shipping", "", text_admin_kind_shipping}, {0}};

static bool is_amount(enum total_effect effect)
{
    return effect == TOTAL_EACH || effect == TOTAL_ORDER;
}

struct finding {
    struct str id;
    struct admin_promotion_find_row row;
};

static enum err find(struct tx *tx, void *arg)
{
    struct finding *finding = arg;
    return admin_promotion_find(tx, finding->id, &finding->row);
}

/* As a browser's field of date and time has it, in UTC; nothing for 0. */
static struct str time_words(const struct request *request, int64_t time_us)
{
    struct buf out;
    struct civil civil = civil_from_us(time_us);
    buf_init(&out, request->ctx->arena, TEXT_MAX);
    if (time_us)
        buf_addf(&out, "%04d-%02d-%02dT%02d:%02d", (int)civil.year, (int)civil.month,
                 (int)civil.day, (int)civil.hour, (int)civil.minute);
    return buf_str(&out);
}

static struct str number_words(const struct request *request, int64_t number)
{
    struct buf out;
    buf_init(&out, request->ctx->arena, TEXT_MAX);
    if (number)
        text_int(&out, request->ctx->language, number);
    return buf_str(&out);
}

static void fill_form(const struct request *request, const struct admin_promotion_find_row *own,
                      const struct field_errors *errors, struct admin_promotion_page *page)
{
    struct total_promotion terms = {.value = 0};
    if (own->id.len)
        terms = admin_promotion_terms(request, own->terms);
    struct str value = is_amount(terms.effect) ? admin_amount(request, terms.value)
                                               : admin_percent(request, terms.value);
    const struct {
        struct ui_value *value;
        const char *name;
        struct str own;
    } fields[] = {
        {&page->name, "name", own->name},
        {&page->code, "code", own->code},
        {&page->effect, "effect", str_from(admin_promotion_kinds[terms.effect].name)},
        {&page->value, "value", own->id.len ? value : STR("")},
        {&page->buy, "buy", number_words(request, terms.buy)},
        {&page->get, "get", number_words(request, terms.get)},
        {&page->minimum, "minimum",
         terms.minimum_minor ? admin_amount(request, terms.minimum_minor) : STR("")},
        {&page->begins, "begins", time_words(request, terms.begin_us)},
        {&page->ends, "ends", time_words(request, terms.end_us)},
        {&page->uses, "uses", number_words(request, own->used_max)},
        {&page->uses_each, "uses_each", number_words(request, terms.uses_by_customer.max)}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        *fields[i].value = ui_value(request, errors, fields[i].name);
        if (!errors)
            fields[i].value->typed = fields[i].own;
    }
    page->active = errors ? route_typed(request, "active").len > 0 : !own->id.len || own->active;
}

static enum err show(struct request *request, struct str id, const struct field_errors *errors)
{
    struct finding finding = {.id = id};
    struct admin_word kinds[KINDS_MAX];
    if (id.len)
        TRY(db_read(request->ports->db, request->ctx, find, &finding));
    struct admin_promotion_page page = {.frame = ui_frame(request, "/admin/promotions"),
                                        .id = id,
                                        .errors = errors,
                                        .used = finding.row.used,
                                        .currency = str_from(admin_currency(request)->code),
                                        .may_write = request_may(request, "shop.promotions.write")};
    fill_form(request, &finding.row, errors, &page);
    page.kinds = kinds;
    page.kind_count = admin_words(request, admin_promotion_kinds, page.effect.typed, kinds);
    admin_promotion_page(respond_page(request), &page);
    return ERR_OK;
}

enum err admin_promotion_new(struct request *request)
{
    return show(request, STR(""), NULL);
}

enum err admin_promotion_make_again(struct request *request, const struct field_errors *errors)
{
    return show(request, STR(""), errors);
}

enum err admin_promotion(struct request *request, const struct admin_promotion_input *input)
{
    return show(request, input->id, NULL);
}

enum err admin_promotion_save_again(struct request *request, const struct field_errors *errors)
{
    return show(request, request->parts[0], errors);
}

struct saving {
    const struct request *request;
    struct str id, name, code, value, minimum;
    int64_t effect, value_number, buy, get, minimum_minor, begins_us, ends_us, uses, uses_each;
    bool active, is_new;
    char made[ID_TEXT_MAX];
};

static void write_number(struct json_writer *w, const char *name, int64_t number)
{
    if (!number)
        return;
    json_key(w, str_from(name));
    json_add_int(w, number);
}

/* What the form knows nothing of is kept. */
static void keep_others(struct json_writer *w, const struct json *before)
{
    static const char *const known[] = {"effect",   "value",    "buy",
                                        "get",      "currency", "minimum_minor",
                                        "begin_us", "end_us",   "uses_by_customer"};
    for (const struct json *at = before ? before->first : NULL; at; at = at->next) {
        bool is_known = false;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            is_known |= str_equal(at->name, str_from(known[i]));
        if (is_known)
            continue;
        json_key(w, at->name);
        json_add_tree(w, at);
    }
}

static enum err write_terms(struct ctx *ctx, const struct saving *is, struct str before,
                            struct str *terms)
{
    struct json *root = NULL;
    struct json_writer w;
    struct buf out;
    bool in_money = is_amount((enum total_effect)is->effect) || is->minimum_minor;
    if (before.len)
        TRY(json_read(ctx, before, &root));
    buf_init(&out, ctx->arena, TERMS_MAX);
    json_writer_init(&w, &out);
    json_begin_object(&w);
    json_key(&w, STR("effect"));
    json_add_str(&w, str_from(admin_promotion_kinds[is->effect].name));
    write_number(&w, "value", is->value_number);
    if (is->effect == TOTAL_BUY_GET) {
        write_number(&w, "buy", is->buy);
        write_number(&w, "get", is->get);
    }
    if (in_money) {
        json_key(&w, STR("currency"));
        json_add_str(&w, str_from(admin_currency(is->request)->code));
    }
    write_number(&w, "minimum_minor", is->minimum_minor);
    write_number(&w, "begin_us", is->begins_us);
    write_number(&w, "end_us", is->ends_us);
    write_number(&w, "uses_by_customer", is->uses_each);
    keep_others(&w, root);
    json_end_object(&w);
    *terms = buf_str(&out);
    return buf_err(&out);
}

static enum err check_code(struct tx *tx, const struct saving *is)
{
    struct admin_promotion_of_code_rows rows;
    if (!is->code.len)
        return ERR_OK;
    TRY(admin_promotion_of_code(tx, is->code, CODES_MAX, &rows));
    for (size_t i = 0; i < rows.count; i++)
        if (!str_equal(rows.rows[i].id, is->id))
            return admin_wrong(is->request, "code", text_admin_taken);
    return ERR_OK;
}

static enum err save(struct tx *tx, void *arg)
{
    const struct saving *is = arg;
    struct admin_promotion_find_row before = {0};
    struct str terms;
    int64_t changed = 0;
    if (!is->is_new)
        TRY(admin_promotion_find(tx, is->id, &before));
    TRY(check_code(tx, is));
    TRY(write_terms(tx->ctx, is, before.terms, &terms));
    if (is->is_new)
        TRY(admin_promotion_add(tx, is->id, is->name, is->code, is->active, terms, is->uses,
                                clock_now_us(tx->ctx->clock)));
    else
        TRY(admin_promotion_change(tx, is->id, is->name, is->code, is->active, terms, is->uses,
                                   &changed));
    return audit_note(tx, is->request, is->is_new ? "promotion.make" : "promotion.change", is->id,
                      STR(""));
}

static enum err read_value(struct saving *is)
{
    const struct request *request = is->request;
    if (is->minimum.len)
        TRY(admin_read_amount(request, "minimum", is->minimum, &is->minimum_minor));
    if (is_amount((enum total_effect)is->effect)) {
        TRY(admin_read_amount(request, "value", is->value, &is->value_number));
        return is->value_number ? ERR_OK : admin_wrong(request, "value", text_admin_no_amount);
    }
    if (text_read_decimal(request->ctx->language, is->value, PERCENT_DIGITS, &is->value_number) ||
        is->value_number < 1 || is->value_number > TOTAL_WHOLE)
        return admin_wrong(request, "value", text_admin_no_percent);
    return ERR_OK;
}

static enum err finish(struct request *request, struct saving *is)
{
    TRY(read_value(is));
    if (is->effect == TOTAL_BUY_GET && (!is->buy || !is->get))
        return admin_wrong(request, is->buy ? "get" : "buy", text_admin_no_pieces);
    if (is->ends_us && is->ends_us <= is->begins_us)
        return admin_wrong(request, "ends", text_admin_ends_wrong);
    TRY(db_write(request->ports->db, request->ctx, save, is));
    return respond_redirect(request, "/admin/promotions?done=true");
}

/* Both forms have these fields, in structs of their own. */
#define TYPED(input)                                                                             \
    .request = request, .name = (input)->name, .code = (input)->code, .effect = (input)->effect, \
    .value = (input)->value, .minimum = (input)->minimum, .buy = (input)->buy,                   \
    .get = (input)->get, .begins_us = (input)->begins_us, .ends_us = (input)->ends_us,           \
    .uses = (input)->uses, .uses_each = (input)->uses_each, .active = (input)->active

enum err admin_promotion_make(struct request *request,
                              const struct admin_promotion_make_input *input)
{
    struct saving saving = {TYPED(input), .is_new = true};
    id_format(id_new(request->ctx->ids), "prm", saving.made);
    saving.id = str_from(saving.made);
    return finish(request, &saving);
}

enum err admin_promotion_save(struct request *request,
                              const struct admin_promotion_save_input *input)
{
    struct saving saving = {TYPED(input), .id = input->id};
    return finish(request, &saving);
}
