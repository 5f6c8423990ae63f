/* Allocations fail while a cart becomes an order and is paid: the failure is told, nothing leaks,
 * what was acknowledged is there, and the books agree. TORTURE_ALL=1 has each fail. */
#include <inttypes.h>
#include <stdlib.h>

#include "cart_place.h"
#include "harness/torture.h"

enum { LINES = 2, PIECES = 100000, STEP = 11, FAILURES_MAX = 20000 };

struct strike {
    struct shop_place *place;
    struct db *db;
    struct shop shop;
    struct cart cart;
    struct cart_line lines[LINES];
    struct total total;
    struct total_part parts[LINES];
    struct order_placing placing;
    char variants[LINES][ID_TEXT_MAX], cart_id[ID_TEXT_MAX];
    int64_t bought; /* acknowledged */
};

/* All in one, so that each failure costs one commit. */
static enum err buy(struct tx *tx, void *arg)
{
    struct strike *strike = arg;
    bool refund;
    TRY(cart_place_keep(tx, &strike->cart));
    TRY(order_place(tx, &strike->placing));
    return order_pay(tx, str_from(strike->placing.id), STR("pay_1"), 3000, &refund);
}

static enum err work(struct strike *strike, struct ctx *ctx)
{
    id_format(id_new(ctx->ids), "crt", strike->cart_id);
    strike->cart.id = str_from(strike->cart_id);
    TRY(db_write(strike->db, ctx, buy, strike));
    strike->bought++;
    return ERR_OK;
}

static enum err open_and_work(struct strike *strike, struct ctx *ctx)
{
    struct db_options options = {.url = str_from(strike->place->fixture.url)};
    TRY(db_open(ctx, &options, &strike->db));
    enum err err = work(strike, ctx);
    db_close(strike->db);
    return err;
}

/* With the n-th failing; 0 is none. True while there was one to fail. */
static bool run(struct strike *strike, int64_t n)
{
    struct test *t = strike->place->t;
    struct shop_place_worker worker;
    int64_t blocks = test_live_blocks();
    shop_place_ctx(strike->place, &worker);
    test_note(t, "with failing allocation %" PRId64, n);
    if (n)
        torture_arm(TORTURE_MEMORY, n);
    enum err err = open_and_work(strike, &worker.ctx);
    bool met = torture_disarm();
    shop_place_ctx_end(&worker);
    if (!met)
        CHECK_ERR(err, ERR_OK);
    CHECK_INT(test_live_blocks() - blocks, 0);
    return met;
}

static void fill(struct strike *strike)
{
    for (int i = 0; i < LINES; i++) {
        id_format((struct id){.low = (uint64_t)i + 1}, "var", strike->variants[i]);
        strike->lines[i] = (struct cart_line){.variant = str_from(strike->variants[i]),
                                              .quantity = i + 1,
                                              .name = STR("Rye loaf"),
                                              .options = STR("Large"),
                                              .price_minor = 1000};
        strike->parts[i].gross_minor = 1000 * (i + 1);
        strike->total.all.gross_minor += strike->parts[i].gross_minor;
    }
    strike->total.lines = strike->parts;
    strike->shop.currency = currency_find(STR("EUR"));
    strike->cart = (struct cart){.country = STR("DE"), .lines = strike->lines, .count = LINES};
    strike->placing = (struct order_placing){.cart = &strike->cart,
                                             .total = &strike->total,
                                             .shop = &strike->shop,
                                             .email = STR("ada@example.com"),
                                             .language = STR("en"),
                                             .payment = STR("test")};
}

TEST(order_place_survives_failing_allocations)
{
    struct shop_place place;
    struct strike strike = {.place = &place};
    int64_t step = getenv("TORTURE_ALL") ? 1 : STEP, n = 1;
    shop_place_open(t, engine_sqlite, &place);
    for (int i = 1; i <= LINES; i++)
        shop_place_variant(&place, i, PIECES);
    fill(&strike);
    db_close(place.db); /* each run has a database of its own to leave nothing behind of */
    run(&strike, 0);
    while (n < FAILURES_MAX && run(&strike, n))
        n += step;
    CHECK(n > step && n < FAILURES_MAX);
    place.db = shop_place_open_db(&place, t->ctx);
    int64_t orders = shop_place_number(&place, "SELECT COUNT(*) FROM shop_order");
    CHECK(strike.bought > 1 && orders >= strike.bought);
    CHECK_INT(shop_place_number(&place, "SELECT COUNT(*) FROM shop_order WHERE state = 'paid'"),
              orders);
    CHECK_INT(shop_place_number(&place, "SELECT COUNT(*) FROM shop_order_line"), orders * LINES);
    CHECK_INT(shop_place_number(&place, "SELECT COUNT(*) FROM flow_event "
                                        "WHERE type = 'shop.order.placed'"),
              orders);
    CHECK_INT(shop_place_number(&place, "SELECT SUM(sold) FROM shop_stock"), orders * 3);
    cart_place_books_agree(&place);
    shop_place_close(&place);
}
