/* The pages of payments: the way to the provider and back, webhooks, and the page of "test". */
#include "shop/payment_inside.h"
#include "shop/shop.h"
#include "shop/shop_pages.h"
#include "shop/shop_routes.h"
#include "web/url.h"

static enum err open_payment(struct request *request, struct str id, struct payment *payment)
{
    const struct shop *shop = request->room;
    struct payment_found found = {.id = id};
    TRY(db_read(request->ports->db, request->ctx, payment_find, &found));
    return payment_fill(request->ctx, shop, &found, payment);
}

static enum err lead_to_order(struct request *request, struct str order)
{
    return respond_redirect(request, "/orders/" STR_FMT, STR_ARG(order));
}

/* A form may not lead out of this site, a page that refreshes itself may. */
static enum err lead_out(struct request *request, struct str place)
{
    struct buf refresh;
    buf_init(&refresh, request->ctx->arena, PAYMENT_PLACE_MAX + 16);
    buf_addf(&refresh, "0; url=" STR_FMT, STR_ARG(place));
    if (buf_err(&refresh))
        return err_memory(&request->ctx->err);
    respond_header(request, "Refresh", buf_str(&refresh));
    payment_go_page(respond_page(request),
                    &(struct payment_go_page){.frame = ui_frame(request, NULL), .place = place});
    return ERR_OK;
}

enum err payment_go(struct request *request, const struct payment_go_input *input)
{
    struct payment payment;
    TRY(open_payment(request, input->id, &payment));
    if (payment.state != PAYMENT_CHALLENGE || !payment.place.len)
        return lead_to_order(request, payment.order);
    if (url_is_own_path(payment.place))
        return respond_redirect(request, STR_FMT, STR_ARG(payment.place));
    return lead_out(request, payment.place);
}

enum err payment_return(struct request *request, const struct payment_return_input *input)
{
    struct payment_next next;
    TRY(payment_look(request->ctx, request->room, input->id, &next));
    return lead_to_order(request, next.order);
}

enum err payment_hook(struct request *request, const struct payment_hook_input *input)
{
    TRY(payment_hear(request, request->room, input->provider));
    respond_status(request, 200);
    return ERR_OK;
}

/* Where it is off there is no such page. */
static enum err open_test(struct request *request, struct str id, struct payment *payment)
{
    bool on = payment_driver_of(request->room, str_from(payment_test.name)) != NULL;
    if (on)
        TRY(open_payment(request, id, payment));
    if (!on || !str_equal(payment->provider, str_from(payment_test.name)))
        return err_fail(&request->ctx->err, ERR_MISSING, "There is no such page.",
                        "it is no payment of the provider test");
    return ERR_OK;
}

enum err payment_test_show(struct request *request, const struct payment_test_show_input *input)
{
    struct payment payment = {0};
    TRY(open_test(request, input->id, &payment));
    if (payment.state != PAYMENT_CHALLENGE)
        return lead_to_order(request, payment.order);
    payment_test_page(
        respond_page(request),
        &(struct payment_test_page){.frame = ui_frame(request, NULL), .payment = &payment});
    return ERR_OK;
}

enum err payment_test_post(struct request *request, const struct payment_test_post_input *input)
{
    struct payment payment = {0};
    TRY(open_test(request, input->id, &payment));
    TRY(payment_test_decide(request->ctx, request->room, input->id, input->choice == 0));
    return respond_redirect(request, "/payments/" STR_FMT "/return", STR_ARG(input->id));
}
