/* Orders: what a cart becomes, and what becomes of that. */
#include "cart_place.h"
#include "flow/queue.h"

/* Runs on each engine, with variant 1 (20 free), 2 (3 free) and 3 (not counted, never beyond). */
static void on_each(struct test *t, void (*run)(struct test *t, struct shop_place *place))
{
    for (const struct engine *engine = engines; engine->name; engine++) {
        struct shop_place place;
        shop_place_open(t, engine, &place);
        shop_place_variant(&place, 1, 20);
        shop_place_variant(&place, 2, 3);
        shop_place_variant(&place, 3, -1);
        run(t, &place);
        cart_place_books_agree(&place);
        shop_place_close(&place);
    }
}

static int64_t stock(struct shop_place *place, const char *column, int64_t variant)
{
    return shop_place_number(place, "SELECT SUM(%s) FROM shop_stock WHERE variant = '" STR_FMT "'",
                             column, STR_ARG(shop_place_id(place, "var", variant)));
}

static int64_t orders_in(struct shop_place *place, const char *state)
{
    return shop_place_number(place, "SELECT COUNT(*) FROM shop_order WHERE state = '%s'", state);
}

static int64_t events_of(struct shop_place *place, const char *type)
{
    return shop_place_number(place, "SELECT COUNT(*) FROM flow_event WHERE type = '%s'", type);
}

/* What goes back is a message. */
static enum err make_refunds(struct tx *tx, void *arg)
{
    struct queue queue;
    struct queue_options options = queue_usual;
    (void)arg;
    options.name = STR(SHOP_QUEUE_REFUNDS);
    return queue_make(tx, &options, &queue);
}

/* A cart of two lines. */
static void fill(struct shop_place *place, struct cart_place *cart, int64_t first, int64_t second)
{
    const struct stock_want wants[] = {
        {.variant = shop_place_id(place, "var", 1), .quantity = first},
        {.variant = shop_place_id(place, "var", 2), .quantity = second}};
    cart_place_fill(place, cart, wants, 2);
}

static void place_makes_an_order_of_a_cart(struct test *t, struct shop_place *place)
{
    struct cart_place cart;
    fill(place, &cart, 2, 1);
    CHECK_ERR(cart_place_order(place, &cart), ERR_OK);
    CHECK(!cart.placing.again);
    CHECK_INT(stock(place, "free", 1), 18);
    CHECK_INT(stock(place, "held", 1), 2);
    CHECK_INT(stock(place, "held", 2), 1);
    CHECK_INT(orders_in(place, "placed"), 1);
    CHECK_INT(shop_place_number(place, "SELECT SUM(gross) FROM shop_order"), 3000);
    CHECK_INT(shop_place_number(place, "SELECT SUM(gross) FROM shop_order_line"), 3000);
    CHECK_INT(shop_place_number(place, "SELECT COUNT(*) FROM shop_order_note"), 1);
    CHECK_INT(shop_place_number(place, "SELECT COUNT(*) FROM shop_cart"), 0);
    CHECK_INT(events_of(place, "shop.order.placed"), 1);
    CHECK_INT(str_from(cart.placing.code).len, 9);
    CHECK(cart.placing.code[4] == '-');
}

TEST(order_place_makes_an_order_of_a_cart)
{
    on_each(t, place_makes_an_order_of_a_cart);
}

static void place_again_is_the_same_order(struct test *t, struct shop_place *place)
{
    struct cart_place cart;
    fill(place, &cart, 2, 1);
    CHECK_ERR(cart_place_order(place, &cart), ERR_OK);
    struct cart_place same = cart;
    CHECK_ERR(cart_place_order(place, &same), ERR_OK);
    CHECK(same.placing.again);
    CHECK_STR(str_from(same.placing.id), cart.placing.id);
    CHECK_STR(str_from(same.placing.code), cart.placing.code);
    CHECK_INT(stock(place, "held", 1), 2);
    CHECK_INT(events_of(place, "shop.order.placed"), 1);
}

TEST(order_place_again_is_the_same_order)
{
    on_each(t, place_again_is_the_same_order);
}

static void place_wants_the_cart_as_it_was(struct test *t, struct shop_place *place)
{
    struct cart_place cart;
    fill(place, &cart, 2, 1);
    shop_place_do(place, "UPDATE shop_cart_line SET quantity = 3 WHERE quantity = 2");
    CHECK_ERR(cart_place_order(place, &cart), ERR_CONFLICT);
    shop_place_do(place, "UPDATE shop_cart_line SET quantity = 2 WHERE quantity = 3");
    shop_place_do(place, "UPDATE shop_cart SET codes = 'SPRING'");
    CHECK_ERR(cart_place_order(place, &cart), ERR_CONFLICT);
    shop_place_do(place, "UPDATE shop_cart SET codes = ''");
    shop_place_do(place, "DELETE FROM shop_cart_line WHERE quantity = 1");
    CHECK_ERR(cart_place_order(place, &cart), ERR_CONFLICT);
    CHECK_INT(orders_in(place, "placed"), 0);
    CHECK_INT(stock(place, "held", 1), 0);
}

TEST(order_place_wants_the_cart_as_it_was)
{
    on_each(t, place_wants_the_cart_as_it_was);
}

static void place_tells_what_lacks(struct test *t, struct shop_place *place)
{
    struct cart_place cart;
    fill(place, &cart, 2, 5);
    CHECK_ERR(cart_place_order(place, &cart), ERR_CONFLICT);
    CHECK_INT(cart.placing.wants[0].lacks, 0);
    CHECK_INT(cart.placing.wants[1].lacks, 2);
    CHECK_INT(stock(place, "held", 1), 0);
    CHECK_INT(shop_place_number(place, "SELECT COUNT(*) FROM shop_cart_line"), 2);
}

TEST(order_place_tells_what_lacks)
{
    on_each(t, place_tells_what_lacks);
}

static void place_counts_a_promotion(struct test *t, struct shop_place *place)
{
    struct cart_place carts[2];
    bool refund;
    shop_place_do(
        place,
        "INSERT INTO shop_promotion (id, name, code, active, terms, used, used_max, made) "
        "VALUES ('" STR_FMT "', 'One off', '', TRUE, '{}', 0, 1, 0)",
        STR_ARG(shop_place_id(place, "prm", 7)));
    for (int i = 0; i < 2; i++) {
        fill(place, &carts[i], 1, 1);
        cart_place_promote(place, &carts[i], 7);
    }
    CHECK_ERR(cart_place_order(place, &carts[0]), ERR_OK);
    CHECK_INT(shop_place_number(place, "SELECT SUM(gross) FROM shop_order"), 1900);
    CHECK_ERR(cart_place_order(place, &carts[1]), ERR_CONFLICT);
    CHECK_INT(shop_place_number(place, "SELECT used FROM shop_promotion"), 1);
    CHECK_INT(stock(place, "held", 1), 1);
    CHECK_ERR(cart_place_cancel(place, carts[0].placing.id), ERR_OK);
    CHECK_INT(shop_place_number(place, "SELECT used FROM shop_promotion"), 0);
    CHECK_ERR(cart_place_order(place, &carts[1]), ERR_OK);
    CHECK_ERR(cart_place_pay(place, carts[1].placing.id, "pay_1", 1900, &refund), ERR_OK);
    CHECK_INT(orders_in(place, "paid"), 1);
}

TEST(order_place_counts_a_promotion)
{
    on_each(t, place_counts_a_promotion);
}

static void pay_sells_once(struct test *t, struct shop_place *place)
{
    struct cart_place cart;
    bool refund;
    fill(place, &cart, 2, 1);
    CHECK_ERR(cart_place_order(place, &cart), ERR_OK);
    CHECK_ERR(cart_place_pay(place, cart.placing.id, "pay_1", 1000, &refund), ERR_OK);
    CHECK_INT(orders_in(place, "placed"), 1); /* not all of it */
    for (int i = 0; i < 2; i++) {
        CHECK_ERR(cart_place_pay(place, cart.placing.id, "pay_1", 3000, &refund), ERR_OK);
        CHECK(!refund);
    }
    CHECK_INT(stock(place, "sold", 1), 2);
    CHECK_INT(stock(place, "held", 1), 0);
    CHECK_INT(shop_place_number(place, "SELECT captured FROM shop_order"), 3000);
    CHECK_INT(events_of(place, "shop.order.paid"), 1);
    CHECK_ERR(cart_place_ship(place, cart.placing.id), ERR_OK);
    CHECK_ERR(cart_place_ship(place, cart.placing.id), ERR_OK);
    CHECK_ERR(cart_place_cancel(place, cart.placing.id), ERR_CONFLICT);
    CHECK_INT(events_of(place, "shop.order.shipped"), 1);
    CHECK_ERR(cart_place_pay(place, "ord_1", "pay_1", 3000, &refund), ERR_MISSING);
}

TEST(order_pay_sells_once)
{
    on_each(t, pay_sells_once);
}

static void pay_by_two_payments_gives_one_back(struct test *t, struct shop_place *place)
{
    struct cart_place cart;
    bool refund;
    fill(place, &cart, 2, 1);
    CHECK_ERR(cart_place_order(place, &cart), ERR_OK);
    CHECK_ERR(cart_place_pay(place, cart.placing.id, "pay_1", 3000, &refund), ERR_OK);
    shop_place_do(place, "UPDATE shop_order SET captured = 3000");
    shop_place_do(place,
                  "INSERT INTO shop_payment (id, order_id, provider, reference, place, state, "
                  "amount, captured, refunded, look, made, changed) VALUES ('pay_1', '%s', 'test', "
                  "'1', '', 'captured', 3000, 3000, 0, 0, 0, 0)",
                  cart.placing.id);
    CHECK_ERR(cart_place_pay(place, cart.placing.id, "pay_2", 3000, &refund), ERR_OK);
    CHECK(refund);
    CHECK_INT(shop_place_number(place, "SELECT captured FROM shop_order"), 6000);
    CHECK_INT(stock(place, "sold", 1), 2);
    CHECK_INT(events_of(place, "shop.order.paid"), 1);
}

TEST(order_pay_by_two_payments_gives_one_back)
{
    on_each(t, pay_by_two_payments_gives_one_back);
}

static void cancel_gives_stock_back(struct test *t, struct shop_place *place)
{
    struct cart_place carts[2];
    bool refund;
    for (int i = 0; i < 2; i++) {
        fill(place, &carts[i], 2, 1);
        CHECK_ERR(cart_place_order(place, &carts[i]), ERR_OK);
    }
    CHECK_ERR(cart_place_pay(place, carts[1].placing.id, "pay_1", 3000, &refund), ERR_OK);
    for (int i = 0; i < 4; i++)
        CHECK_ERR(cart_place_cancel(place, carts[i % 2].placing.id), ERR_OK);
    CHECK_INT(stock(place, "free", 1), 20);
    CHECK_INT(stock(place, "free", 2), 3);
    CHECK_INT(orders_in(place, "cancelled"), 2);
    CHECK_INT(events_of(place, "shop.order.cancelled"), 2);
    CHECK_ERR(cart_place_ship(place, carts[1].placing.id), ERR_CONFLICT);
    /* people cancelled it: what comes late goes back */
    CHECK_ERR(cart_place_pay(place, carts[0].placing.id, "pay_2", 3000, &refund), ERR_OK);
    CHECK(refund);
    CHECK_INT(stock(place, "free", 1), 20);
}

TEST(order_cancel_gives_stock_back)
{
    on_each(t, cancel_gives_stock_back);
}

static void expire_lets_go_what_is_not_paid(struct test *t, struct shop_place *place)
{
    struct cart_place carts[3];
    bool more, refund;
    for (int i = 0; i < 3; i++) {
        fill(place, &carts[i], 2, 1);
        CHECK_ERR(cart_place_order(place, &carts[i]), ERR_OK);
    }
    CHECK_ERR(cart_place_pay(place, carts[0].placing.id, "pay_1", 3000, &refund), ERR_OK);
    CHECK_ERR(cart_place_expire(place, &more), ERR_OK);
    CHECK_INT(orders_in(place, "placed"), 2);
    fake_clock_turn(&t->clock, (ORDER_HOLD_S + 1) * SECOND_US);
    CHECK_ERR(cart_place_expire(place, &more), ERR_OK);
    CHECK(!more);
    CHECK_INT(orders_in(place, "cancelled"), 2);
    CHECK_INT(stock(place, "free", 2), 2);
    /* paid late: it is held again, as long as it is there */
    CHECK_ERR(cart_place_pay(place, carts[1].placing.id, "pay_2", 3000, &refund), ERR_OK);
    CHECK(!refund);
    CHECK_INT(stock(place, "sold", 2), 2);
    CHECK_ERR(cart_place_by_hand(place, stock_receive, 2, 1, -1), ERR_OK);
    CHECK_ERR(cart_place_pay(place, carts[2].placing.id, "pay_3", 3000, &refund), ERR_OK);
    CHECK(refund);
    CHECK_INT(stock(place, "sold", 1), 4);
    CHECK_INT(stock(place, "held", 1), 0);
    CHECK_INT(orders_in(place, "cancelled"), 1);
}

TEST(order_expire_lets_go_what_is_not_paid)
{
    on_each(t, expire_lets_go_what_is_not_paid);
}

static void expire_gives_a_part_back(struct test *t, struct shop_place *place)
{
    struct cart_place cart;
    bool more, refund;
    fill(place, &cart, 2, 1);
    CHECK_ERR(cart_place_order(place, &cart), ERR_OK);
    shop_place_do(place,
                  "INSERT INTO shop_payment (id, order_id, provider, reference, place, state, "
                  "amount, captured, refunded, look, made, changed) VALUES ('pay_1', '%s', 'test', "
                  "'1', '', 'captured', 3000, 1000, 0, 0, 0, 0)",
                  cart.placing.id);
    CHECK_ERR(cart_place_pay(place, cart.placing.id, "pay_1", 1000, &refund), ERR_OK);
    CHECK(!refund);
    CHECK_ERR(db_write(place->db, t->ctx, make_refunds, NULL), ERR_OK);
    fake_clock_turn(&t->clock, (ORDER_HOLD_S + 1) * SECOND_US);
    CHECK_ERR(cart_place_expire(place, &more), ERR_OK);
    CHECK_INT(shop_place_number(place, "SELECT refunded FROM shop_payment"), 1000);
    /* the rest comes too late, and is given back as well */
    CHECK_ERR(cart_place_pay(place, cart.placing.id, "pay_2", 2000, &refund), ERR_OK);
    CHECK(refund);
    CHECK_INT(orders_in(place, "cancelled"), 1);
    CHECK_INT(stock(place, "free", 1), 20);
}

TEST(order_expire_gives_a_part_back)
{
    on_each(t, expire_gives_a_part_back);
}

static void expire_does_some_at_a_time(struct test *t, struct shop_place *place)
{
    const struct stock_want want = {.variant = shop_place_id(place, "var", 1), .quantity = 1};
    bool more;
    CHECK_ERR(cart_place_by_hand(place, stock_receive, 1, 1, 200), ERR_OK);
    for (int i = 0; i < ORDER_EXPIRES_MAX + 5; i++) {
        struct cart_place cart;
        cart_place_fill(place, &cart, &want, 1);
        CHECK_ERR(cart_place_order(place, &cart), ERR_OK);
    }
    fake_clock_turn(&t->clock, (ORDER_HOLD_S + 1) * SECOND_US);
    CHECK_ERR(cart_place_expire(place, &more), ERR_OK);
    CHECK(more);
    CHECK_ERR(cart_place_expire(place, &more), ERR_OK);
    CHECK(!more);
    CHECK_INT(orders_in(place, "cancelled"), ORDER_EXPIRES_MAX + 5);
    CHECK_INT(stock(place, "free", 1), 220);
}

TEST(order_expire_does_some_at_a_time)
{
    on_each(t, expire_does_some_at_a_time);
}
