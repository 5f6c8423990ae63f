/* What people say of an order's money in the console: it may be taken, or it is there. */
#include "guard/audit_note.h"
#include "shop/admin_order.h"
#include "shop/payment.h"
#include "shop/shop_routes.h"

struct saying {
    const struct request *request;
    struct str order;
    const char *action;
};

static enum err note(struct tx *tx, void *arg)
{
    const struct saying *saying = arg;
    return audit_note(tx, saying->request, saying->action, saying->order, STR(""));
}

/* Behind what was done, which is its own transactions with the provider between. */
static enum err finish(struct request *request, struct str order, const char *action)
{
    struct saying saying = {.request = request, .order = order, .action = action};
    TRY(db_write(request->ports->db, request->ctx, note, &saying));
    return respond_redirect(request, "/admin/orders/" STR_FMT, STR_ARG(order));
}

enum err admin_order_accept(struct request *request, const struct admin_order_accept_input *input)
{
    TRY(payment_accept(request->ctx, request->room, input->id, admin_who(request)));
    return finish(request, input->id, "order.accept");
}

enum err admin_order_receive(struct request *request, const struct admin_order_receive_input *input)
{
    TRY(payment_receive(request->ctx, request->room, input->id));
    return finish(request, input->id, "order.receive");
}
