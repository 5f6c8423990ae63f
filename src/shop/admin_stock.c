/* The console's list of stock, and the stock of a variant: forms to change it, and its ledger. */
#include "shop/admin_stock.h"

#include "guard/audit_note.h"
#include "ports/db/db.h"
#include "shop/admin_msg.h"
#include "shop/shop_pages.h"
#include "shop/shop_routes.h"
#include "shop/stock.h"

enum { LIST_ROWS = 30, STEPS_ROWS = 30, PLACES_MAX = 100 };

static const struct admin_name acts[] = {{"receive", "", text_admin_receive},
                                         {"damage", "", text_admin_damage},
                                         {"count", "", text_admin_count},
                                         {0}};
enum { RECEIVE, DAMAGE, COUNT };

static const struct admin_name move_kinds[] = {{"receive", "good", text_admin_move_receive},
                                               {"hold", "warn", text_admin_held},
                                               {"sell", "good", text_admin_sold},
                                               {"release", "", text_admin_move_release},
                                               {"give_back", "", text_admin_move_give_back},
                                               {"damage", "bad", text_admin_damaged},
                                               {"count", "", text_admin_move_count},
                                               {0}};

struct list {
    const struct admin_stock_input *input;
    struct admin_stock_list_rows found;
};

static enum err read_list(struct tx *tx, void *arg)
{
    struct list *list = arg;
    const struct admin_stock_input *input = list->input;
    const int64_t few = ADMIN_STOCK_FEW;
    struct admin_stock_variant_row last = {0};
    if (input->has_after)
        TRY(admin_stock_variant(tx, input->after, &last));
    return admin_stock_list(tx, input->q.len ? &input->q : NULL, input->soon ? &few : NULL,
                            input->has_after ? &last.sku : NULL, LIST_ROWS + 1, &list->found);
}

enum err admin_stock(struct request *request, const struct admin_stock_input *input)
{
    struct list list = {.input = input};
    struct admin_stock_row rows[LIST_ROWS];
    TRY(db_read(request->ports->db, request->ctx, read_list, &list));
    size_t count = 0;
    for (; count < list.found.count && count < LIST_ROWS; count++) {
        const struct admin_stock_list_row *row = &list.found.rows[count];
        rows[count] = (struct admin_stock_row){
            .is = row,
            .options = admin_options(request, row->first, row->second, row->third),
            .picture = admin_picture(request, row->picture),
            .is_few = row->free <= ADMIN_STOCK_FEW,
            .is_out = row->free <= 0};
    }
    admin_stock_page(respond_page(request),
                     &(struct admin_stock_page){.frame = ui_frame(request, "/admin/stock"),
                                                .query = input->q,
                                                .soon = input->soon,
                                                .few = ADMIN_STOCK_FEW,
                                                .rows = rows,
                                                .count = count,
                                                .first = !input->has_after,
                                                .more = list.found.count > LIST_ROWS});
    return ERR_OK;
}

struct look {
    struct str id;
    const struct str *before;
    struct admin_stock_variant_row variant;
    struct admin_stock_places_rows places;
    struct admin_stock_ledger_rows ledger;
    int64_t since; /* what became free from the first row that is shown on */
};

static enum err read_variant(struct tx *tx, void *arg)
{
    struct look *look = arg;
    struct admin_stock_since_row since = {0};
    TRY(admin_stock_variant(tx, look->id, &look->variant));
    TRY(admin_stock_places(tx, look->id, PLACES_MAX, &look->places));
    TRY(admin_stock_ledger(tx, look->id, look->before, STEPS_ROWS + 1, &look->ledger));
    if (look->before)
        TRY(admin_stock_since(tx, look->id, *look->before, &since));
    look->since = since.free;
    return ERR_OK;
}

static size_t fill_steps(const struct request *request, const struct look *look,
                         struct admin_stock_step steps[STEPS_ROWS])
{
    size_t count = 0;
    int64_t free = -look->since;
    for (size_t i = 0; i < look->places.count; i++)
        free += look->places.rows[i].free;
    for (; count < look->ledger.count && count < STEPS_ROWS; count++) {
        const struct admin_stock_ledger_row *row = &look->ledger.rows[count];
        struct id order;
        bool is_order = !id_parse(row->cause, "ord", &order);
        steps[count] = (struct admin_stock_step){.is = row,
                                                 .kind = admin_word(request, move_kinds, row->kind),
                                                 .order = is_order ? row->cause : STR(""),
                                                 .free_after = free};
        free -= row->free;
    }
    return count;
}

static enum err show(struct request *request, struct str id, const struct str *before,
                     const struct field_errors *errors, const char *done)
{
    struct look look = {.id = id, .before = before};
    struct admin_stock_step steps[STEPS_ROWS];
    struct admin_place places[PLACES_MAX];
    struct admin_word act_words[sizeof acts / sizeof *acts];
    TRY(db_read(request->ports->db, request->ctx, read_variant, &look));
    const struct admin_stock_variant_row *row = &look.variant;
    struct str location = errors ? route_typed(request, "location") : STR("");
    struct str act = errors ? route_typed(request, "act") : STR("");
    for (size_t i = 0; i < look.places.count; i++)
        places[i] = (struct admin_place){&look.places.rows[i],
                                         str_equal(look.places.rows[i].id, location)};
    struct admin_stock_variant_page page = {
        .frame = ui_frame(request, "/admin/stock"),
        .variant = row,
        .options = admin_options(request, row->first, row->second, row->third),
        .picture = admin_picture(request, row->picture),
        .places = places,
        .place_count = look.places.count,
        .acts = act_words,
        .act_count = admin_words(request, acts, act, act_words),
        .errors = errors,
        .location = ui_value(request, errors, "location"),
        .quantity = ui_value(request, errors, "quantity"),
        .why = ui_value(request, errors, "why"),
        .steps = steps,
        .step_count = fill_steps(request, &look, steps),
        .is_done = done[0],
        .may_write = request_may(request, "shop.stock.write"),
        .first = !before,
        .more = look.ledger.count > STEPS_ROWS};
    admin_stock_variant_page(respond_page(request), &page);
    return ERR_OK;
}

enum err admin_stock_show(struct request *request, const struct admin_stock_show_input *input)
{
    return show(request, input->variant, input->has_before ? &input->before : NULL, NULL,
                input->has_done ? acts[input->done].name : "");
}

enum err admin_stock_act_again(struct request *request, const struct field_errors *errors)
{
    return show(request, request->parts[0], NULL, errors, "");
}

struct changing {
    const struct request *request;
    const struct admin_stock_act_input *input;
};

static enum err check_place(struct tx *tx, const struct changing *changing)
{
    const struct admin_stock_act_input *input = changing->input;
    struct admin_stock_variant_row variant;
    struct admin_stock_places_rows places;
    TRY(admin_stock_variant(tx, input->variant, &variant));
    TRY(admin_stock_places(tx, input->variant, PLACES_MAX, &places));
    for (size_t i = 0; i < places.count; i++)
        if (str_equal(places.rows[i].id, input->location))
            return ERR_OK;
    return admin_wrong(changing->request, "location", text_admin_no_place);
}

static enum err change(struct tx *tx, void *arg)
{
    static enum err (*const deeds[])(struct tx *, struct str, struct str, int64_t, struct str) = {
        [RECEIVE] = stock_receive, [DAMAGE] = stock_damage, [COUNT] = stock_count};
    const struct changing *changing = arg;
    const struct admin_stock_act_input *input = changing->input;
    TRY(check_place(tx, changing));
    enum err err = deeds[input->act](tx, input->variant, input->location, input->quantity,
                                     input->why);
    if (err == ERR_CONFLICT)
        return admin_wrong(changing->request, "quantity", text_admin_too_many);
    TRY(err);
    return audit_note(tx, changing->request, "stock.change", input->variant, STR(""));
}

enum err admin_stock_act(struct request *request, const struct admin_stock_act_input *input)
{
    struct changing changing = {request, input};
    if (input->act == COUNT && input->quantity < 0)
        return admin_wrong(request, "quantity", text_admin_too_few);
    TRY(db_write(request->ports->db, request->ctx, change, &changing));
    return respond_redirect(request, "/admin/stock/" STR_FMT "?done=%s", STR_ARG(input->variant),
                            acts[input->act].name);
}
