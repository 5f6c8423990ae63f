/* The console's list of promotions, and the lists of taxes and shipping methods. */
#include "shop/admin_promotion.h"

#include "guard/audit_note.h"
#include "ports/db/db.h"
#include "shop/admin_msg.h"
#include "shop/rules.h"
#include "shop/shop_pages.h"
#include "shop/shop_routes.h"
#include "text/number.h"

enum { LIST_ROWS = 25, TAXES_MAX = 500, WORDS_MAX = 256, MILLIONTHS_DIGITS = 4 };

static const struct admin_name states[] = {{"on", "good", text_admin_promotion_on},
                                           {"off", "", text_admin_promotion_off},
                                           {"early", "warn", text_admin_promotion_early},
                                           {"over", "", text_admin_promotion_over},
                                           {0}};

struct total_promotion admin_promotion_terms(const struct request *request, struct str json)
{
    struct total_promotion terms = {0};
    if (rules_read_terms(request->ctx, json, &terms)) {
        err_clear(&request->ctx->err);
        return (struct total_promotion){0};
    }
    return terms;
}

struct str admin_percent(const struct request *request, int64_t millionths)
{
    struct buf out;
    int digits = MILLIONTHS_DIGITS;
    buf_init(&out, request->ctx->arena, WORDS_MAX);
    for (; digits > 0 && millionths % 10 == 0; digits--)
        millionths /= 10;
    text_decimal(&out, request->ctx->language, millionths, digits);
    return buf_str(&out);
}

struct str admin_promotion_words(const struct request *request, const struct total_promotion *terms)
{
    const struct language *language = request->ctx->language;
    const struct currency *currency = terms->currency ? terms->currency : admin_currency(request);
    struct str percent = admin_percent(request, terms->value);
    struct buf out;
    buf_init(&out, request->ctx->arena, WORDS_MAX);
    bool is_whole = terms->value == TOTAL_WHOLE;
    if (terms->effect == TOTAL_PERCENT)
        text_admin_off_percent(&out, language, percent);
    else if (terms->effect == TOTAL_EACH)
        text_admin_off_each(&out, language, terms->value, currency);
    else if (terms->effect == TOTAL_ORDER)
        text_admin_off_order(&out, language, terms->value, currency);
    else if (terms->effect == TOTAL_SHIPPING && is_whole)
        text_admin_off_shipping_all(&out, language);
    else if (terms->effect == TOTAL_SHIPPING)
        text_admin_off_shipping(&out, language, percent);
    else if (is_whole)
        text_admin_off_get_free(&out, language, terms->buy, terms->get);
    else
        text_admin_off_buy_get(&out, language, terms->buy, terms->get, percent);
    return buf_str(&out);
}

struct list {
    const struct str *before;
    struct admin_promotion_list_rows found;
};

static enum err read_list(struct tx *tx, void *arg)
{
    struct list *list = arg;
    return admin_promotion_list(tx, list->before, LIST_ROWS + 1, &list->found);
}

static const char *state_of(const struct total_promotion *terms, bool active, int64_t now_us)
{
    if (!active)
        return "off";
    if (terms->end_us && terms->end_us <= now_us)
        return "over";
    return terms->begin_us > now_us ? "early" : "on";
}

enum err admin_promotions(struct request *request, const struct admin_promotions_input *input)
{
    struct list list = {.before = input->has_before ? &input->before : NULL};
    struct admin_promotion_row rows[LIST_ROWS];
    size_t count = 0;
    int64_t now_us = clock_now_us(request->ctx->clock);
    TRY(db_read(request->ports->db, request->ctx, read_list, &list));
    for (; count < list.found.count && count < LIST_ROWS; count++) {
        const struct admin_promotion_list_row *row = &list.found.rows[count];
        struct total_promotion terms = admin_promotion_terms(request, row->terms);
        rows[count] = (struct admin_promotion_row){
            .is = row,
            .what = admin_promotion_words(request, &terms),
            .state = admin_word(request, states, str_from(state_of(&terms, row->active, now_us))),
            .end_us = terms.end_us};
    }
    admin_promotions_page(
        respond_page(request),
        &(struct admin_promotions_page){.frame = ui_frame(request, "/admin/promotions"),
                                        .rows = rows,
                                        .count = count,
                                        .is_done = input->done,
                                        .may_write = request_may(request, "shop.promotions.write"),
                                        .first = !input->has_before,
                                        .more = list.found.count > LIST_ROWS});
    return ERR_OK;
}

/* The switches, of a promotion and of a shipping method. */

struct switching {
    const struct request *request;
    struct str id;
    bool active;
    const char *action;
    enum err (*turn)(struct tx *tx, struct str id, bool active, int64_t *changed);
};

static enum err turn(struct tx *tx, void *arg)
{
    const struct switching *is = arg;
    int64_t changed = 0;
    TRY(is->turn(tx, is->id, is->active, &changed));
    if (!changed)
        return err_fail(&tx->ctx->err, ERR_MISSING, "There is no such thing.", "no row " STR_FMT,
                        STR_ARG(is->id));
    return audit_note(tx, is->request, is->action, is->id, STR(""));
}

enum err admin_promotion_act(struct request *request, const struct admin_promotion_act_input *input)
{
    struct switching switching = {request, input->id, input->act == 0, "promotion.switch",
                                  admin_promotion_switch};
    TRY(db_write(request->ports->db, request->ctx, turn, &switching));
    return respond_redirect(request, "/admin/promotions?done=true");
}

enum err admin_method_act(struct request *request, const struct admin_method_act_input *input)
{
    struct switching switching = {request, input->id, input->act == 0, "method.switch",
                                  admin_promotion_switch_method};
    TRY(db_write(request->ports->db, request->ctx, turn, &switching));
    return respond_redirect(request, "/admin/shipping?done=true");
}

/* Taxes and methods. */

static enum err read_taxes(struct tx *tx, void *arg)
{
    return admin_promotion_taxes(tx, TAXES_MAX, arg);
}

enum err admin_taxes(struct request *request)
{
    struct admin_promotion_taxes_rows found;
    TRY(db_read(request->ports->db, request->ctx, read_taxes, &found));
    struct admin_tax_row *rows = ARENA_ARRAY(request->ctx->arena, found.count + 1,
                                             struct admin_tax_row);
    if (!rows)
        return err_memory(&request->ctx->err);
    for (size_t i = 0; i < found.count; i++)
        rows[i] = (struct admin_tax_row){&found.rows[i],
                                         admin_percent(request, found.rows[i].rate)};
    admin_taxes_page(respond_page(request),
                     &(struct admin_taxes_page){.frame = ui_frame(request, "/admin/taxes"),
                                                .rows = rows,
                                                .count = found.count});
    return ERR_OK;
}

static enum err read_methods(struct tx *tx, void *arg)
{
    return admin_promotion_methods(tx, RULES_METHODS_MAX, arg);
}

enum err admin_methods(struct request *request, const struct admin_methods_input *input)
{
    struct admin_promotion_methods_rows found;
    TRY(db_read(request->ports->db, request->ctx, read_methods, &found));
    struct admin_method_row *rows = ARENA_ARRAY(request->ctx->arena, found.count + 1,
                                                struct admin_method_row);
    if (!rows)
        return err_memory(&request->ctx->err);
    for (size_t i = 0; i < found.count; i++) {
        struct total_method method = {0};
        if (rules_read_bands(request->ctx, found.rows[i].bands, &method))
            err_clear(&request->ctx->err);
        rows[i] = (struct admin_method_row){&found.rows[i], method.bands, method.band_count};
    }
    admin_methods_page(
        respond_page(request),
        &(struct admin_methods_page){.frame = ui_frame(request, "/admin/shipping"),
                                     .currency = admin_currency(request),
                                     .rows = rows,
                                     .count = found.count,
                                     .is_done = input->done,
                                     .may_write = request_may(request, "shop.rules.write")});
    return ERR_OK;
}
