/* What people do to an order in the console: it is shipped, cancelled, or something is noted. */
#include "guard/audit_note.h"
#include "ports/db/db.h"
#include "shop/admin_order.h"
#include "shop/order.h"
#include "shop/shop_routes.h"

struct act {
    const struct request *request;
    struct str id, words;
};

static enum err finish(struct request *request, db_fn *fn, struct act *act, const char *done)
{
    act->request = request;
    TRY(db_write(request->ports->db, request->ctx, fn, act));
    return respond_redirect(request, "/admin/orders/" STR_FMT "?done=%s", STR_ARG(act->id), done);
}

static enum err ship(struct tx *tx, void *arg)
{
    const struct act *act = arg;
    TRY(order_ship(tx, act->id, act->words, admin_who(act->request)));
    return audit_note(tx, act->request, "order.ship", act->id, STR(""));
}

enum err admin_order_ship(struct request *request, const struct admin_order_ship_input *input)
{
    struct act act = {.id = input->id, .words = input->tracking};
    return finish(request, ship, &act, "shipped");
}

enum err admin_order_ship_again(struct request *request, const struct field_errors *errors)
{
    return admin_order_show(request, request->parts[0], errors, "");
}

static enum err cancel(struct tx *tx, void *arg)
{
    const struct act *act = arg;
    TRY(order_cancel(tx, act->id, act->words, admin_who(act->request)));
    return audit_note(tx, act->request, "order.cancel", act->id, STR(""));
}

enum err admin_order_cancel(struct request *request, const struct admin_order_cancel_input *input)
{
    struct act act = {.id = input->id, .words = input->why};
    return finish(request, cancel, &act, "cancelled");
}

enum err admin_order_cancel_again(struct request *request, const struct field_errors *errors)
{
    return admin_order_show(request, request->parts[0], errors, "");
}

static enum err note(struct tx *tx, void *arg)
{
    const struct act *act = arg;
    struct admin_order_find_row order;
    TRY(admin_order_find(tx, act->id, &order));
    TRY(order_note(tx, act->id, STR("words"), act->words, admin_who(act->request)));
    return audit_note(tx, act->request, "order.note", act->id, STR(""));
}

enum err admin_order_note(struct request *request, const struct admin_order_note_input *input)
{
    struct act act = {.id = input->id, .words = input->words};
    return finish(request, note, &act, "noted");
}

enum err admin_order_note_again(struct request *request, const struct field_errors *errors)
{
    return admin_order_show(request, request->parts[0], errors, "");
}
