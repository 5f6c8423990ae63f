/* What consumers do with orders: the mail that confirms one, the end of those that nobody pays. */
#include "cart_place.h"
#include "flow/flow.h"
#include "harness/folder.h"
#include "ports/mail/mail.h"
#include "web/request.h"

/* The event as its consumer gets it. */
static struct str event_of(struct shop_place *place, const char *order)
{
    struct test *t = place->t;
    struct buf body;
    buf_init(&body, t->arena, 1024);
    buf_addf(&body, "{\"id\":\"" STR_FMT "\",\"detail\":{\"order\":\"%s\"}}",
             STR_ARG(shop_place_id(place, "evt", 1)), order);
    return buf_str(&body);
}

static struct str mail_of(struct shop_place *place, struct ports *ports,
                          const struct cart_place *cart)
{
    struct test *t = place->t;
    struct queue_message message = {.body = event_of(place, cart->placing.id)};
    struct mail_row rows[2];
    struct mail_view view = {.head = {NULL, 0}};
    struct str composed;
    size_t count = 0;
    CHECK_ERR(shop_confirm(place->ctx, &(struct shop){.ports = ports}, &message), ERR_OK);
    REQUIRE(mail_list(ports->mail, place->ctx, STR(""), rows, 2, &count) == ERR_OK && count == 1);
    CHECK_STR(rows[0].to, "ada@example.com");
    CHECK_ERR(mail_read(ports->mail, place->ctx, str_from(rows[0].id), &composed), ERR_OK);
    CHECK_ERR(mail_view(place->ctx, composed, &view), ERR_OK);
    CHECK(str_find(view.subject, str_from(cart->placing.code)) != STR_NONE);
    return view.text;
}

TEST(shop_confirm_tells_the_customer_in_their_language)
{
    struct shop_place place;
    struct cart_place cart;
    struct ports ports = {.site_url = STR("https://shop.example")};
    shop_place_open(t, engine_sqlite, &place);
    shop_place_variant(&place, 1, 10);
    ports.db = place.db;
    REQUIRE(mail_open(t->ctx,
                      &(struct mailer_options){.url = STR("outbox:"),
                                               .folder = str_from(test_folder(t, "shop/mail")),
                                               .from = STR("shop@stoa.example")},
                      &ports.mail) == ERR_OK);
    cart_place_fill(&place, &cart,
                    &(struct stock_want){.variant = shop_place_id(&place, "var", 1), .quantity = 2},
                    1);
    CHECK_ERR(cart_place_order(&place, &cart), ERR_OK);
    struct str text = mail_of(&place, &ports, &cart);
    CHECK(str_find(text, STR("2 × Rye loaf, Large: 20,00")) != STR_NONE);
    CHECK(str_find(text, STR("Guten Tag Ada,")) != STR_NONE);
    CHECK(str_find(text, STR("https://shop.example/orders/ord_")) != STR_NONE);
    mail_of(&place, &ports, &cart); /* told twice it is one mail */
    struct queue_message wrong = {.body = STR("{\"id\":\"evt_1\"}")};
    CHECK_ERR(shop_confirm(t->ctx, &(struct shop){.ports = &ports}, &wrong), ERR_INPUT);
    mail_close(ports.mail);
    shop_place_close(&place);
}

static enum err apply(struct tx *tx, void *arg)
{
    return shop_expire(tx, arg);
}

static enum err make_queue(struct tx *tx, void *arg)
{
    struct queue queue;
    struct queue_options options = queue_usual;
    (void)arg;
    options.name = STR(SHOP_QUEUE_EXPIRE);
    return queue_create(tx, &options, &queue);
}

TEST(shop_expire_calls_for_the_rest)
{
    struct shop_place place;
    struct queue_message message = {.body = STR("{}")};
    shop_place_open(t, engine_sqlite, &place);
    shop_place_variant(&place, 1, 1000);
    const struct stock_want want = {.variant = shop_place_id(&place, "var", 1), .quantity = 1};
    CHECK_ERR(db_write(place.db, t->ctx, make_queue, NULL), ERR_OK);
    for (int i = 0; i < ORDER_EXPIRES_MAX + 1; i++) {
        struct cart_place cart;
        cart_place_fill(&place, &cart, &want, 1);
        CHECK_ERR(cart_place_order(&place, &cart), ERR_OK);
    }
    fake_clock_turn(&t->clock, (ORDER_HOLD_S + 1) * SECOND_US);
    for (int i = 0; i < 2; i++) {
        CHECK_ERR(db_write(place.db, t->ctx, apply, &message), ERR_OK);
        CHECK_INT(shop_place_number(&place, "SELECT COUNT(*) FROM flow_message"), 1);
    }
    CHECK_INT(shop_place_number(&place, "SELECT COUNT(*) FROM shop_order "
                                        "WHERE state = 'cancelled'"),
              ORDER_EXPIRES_MAX + 1);
    shop_place_close(&place);
}
