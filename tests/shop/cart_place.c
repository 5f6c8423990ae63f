/* Fills carts, and does with orders what handlers do. */
#include "cart_place.h"

#include <inttypes.h>
#include <string.h>

static const enum db_type texts[] = {DB_TEXT, DB_TEXT, DB_INT};

static const struct query add_cart = {
    .name = "add_cart",
    .sqlite = "INSERT INTO shop_cart (id, customer, codes, country, postcode, method, made, "
              "changed) VALUES (?1, NULL, '', 'DE', '', '', 0, 0)",
    .postgres = "INSERT INTO shop_cart (id, customer, codes, country, postcode, method, made, "
                "changed) VALUES ($1, NULL, '', 'DE', '', '', 0, 0)",
    .param_types = texts,
    .param_count = 1,
    .writes = true};

static const struct query add_line = {
    .name = "add_line",
    .sqlite = "INSERT INTO shop_cart_line (cart, variant, quantity, made) VALUES (?1, ?2, ?3, 0)",
    .postgres = "INSERT INTO shop_cart_line (cart, variant, quantity, made) VALUES ($1, $2, $3, 0)",
    .param_types = texts,
    .param_count = 3,
    .writes = true};

enum err cart_place_keep(struct tx *tx, void *arg)
{
    const struct cart *cart = arg;
    const struct db_value id[] = {db_text(cart->id)};
    TRY(tx_exec(tx, &add_cart, id, NULL));
    for (size_t i = 0; i < cart->count; i++) {
        const struct db_value line[] = {db_text(cart->id), db_text(cart->lines[i].variant),
                                        db_int(cart->lines[i].quantity)};
        TRY(tx_exec(tx, &add_line, line, NULL));
    }
    return ERR_OK;
}

static void add_up(struct shop_place *place, struct cart_place *cart)
{
    struct test *t = place->t;
    struct total_line *lines = ARENA_ARRAY(t->arena, cart->cart.count, struct total_line);
    REQUIRE(lines != NULL);
    for (size_t i = 0; i < cart->cart.count; i++)
        lines[i] = (struct total_line){.id = {.low = i + 1},
                                       .quantity = cart->cart.lines[i].quantity,
                                       .price_minor = cart->cart.lines[i].price_minor};
    cart->total_cart.currency = cart->shop.currency;
    cart->total_cart.lines = lines;
    cart->total_cart.line_count = cart->cart.count;
    CHECK_ERR(total_compute(place->ctx, &cart->total_cart, &cart->total), ERR_OK);
    cart->placing.total = cart->total;
}

void cart_place_fill(struct shop_place *place, struct cart_place *cart,
                     const struct stock_want wants[], size_t count)
{
    struct test *t = place->t;
    char *id = arena_alloc(t->arena, ID_TEXT_MAX);
    memset(cart, 0, sizeof *cart);
    cart->cart.lines = ARENA_ARRAY(t->arena, count, struct cart_line);
    REQUIRE(id && cart->cart.lines);
    id_format(id_new(place->ctx->ids), "crt", id);
    cart->shop.currency = currency_find(STR("EUR"));
    cart->cart.id = str_from(id);
    cart->cart.country = STR("DE");
    cart->cart.count = count;
    for (size_t i = 0; i < count; i++)
        cart->cart.lines[i] = (struct cart_line){.variant = wants[i].variant,
                                                 .quantity = wants[i].quantity,
                                                 .name = STR("Rye loaf"),
                                                 .options = STR("Large"),
                                                 .price_minor = 1000};
    cart->placing = (struct order_placing){.cart = &cart->cart,
                                           .shop = &cart->shop,
                                           .email = STR("ada@example.com"),
                                           .language = STR("de"),
                                           .payment = STR("test"),
                                           .ship_to = {.name = STR("Ada"), .country = STR("DE")}};
    add_up(place, cart);
    REQUIRE(db_write(place->db, place->ctx, cart_place_keep, &cart->cart) == ERR_OK);
}

void cart_place_promote(struct shop_place *place, struct cart_place *cart, int64_t n)
{
    struct test *t = place->t;
    struct total_promotion *promotion = ARENA_NEW(t->arena, struct total_promotion);
    REQUIRE(promotion != NULL);
    *promotion = (struct total_promotion){.id = {.low = (uint64_t)n},
                                          .effect = TOTAL_ORDER,
                                          .value = 100,
                                          .currency = cart->shop.currency};
    cart->total_cart.promotions = promotion;
    cart->total_cart.promotion_count = 1;
    add_up(place, cart);
}

enum err cart_place_order(struct shop_place *place, struct cart_place *cart)
{
    return db_write(place->db, place->ctx, order_place, &cart->placing);
}

struct turning {
    struct str order, payment;
    int64_t captured_minor;
    bool refund, more;
};

static enum err pay(struct tx *tx, void *arg)
{
    struct turning *turning = arg;
    return order_pay(tx, turning->order, turning->payment, turning->captured_minor,
                     &turning->refund);
}

enum err cart_place_pay(struct shop_place *place, const char *order, const char *payment,
                        int64_t captured_minor, bool *refund)
{
    struct turning turning = {
        .order = str_from(order), .payment = str_from(payment), .captured_minor = captured_minor};
    enum err err = db_write(place->db, place->ctx, pay, &turning);
    *refund = turning.refund;
    return err;
}

static enum err cancel(struct tx *tx, void *arg)
{
    return order_cancel(tx, ((struct turning *)arg)->order, STR("Changed her mind."), STR("per_1"));
}

static enum err ship(struct tx *tx, void *arg)
{
    return order_ship(tx, ((struct turning *)arg)->order, STR("TRACK-1"), STR("per_1"));
}

static enum err expire(struct tx *tx, void *arg)
{
    return order_expire(tx, &((struct turning *)arg)->more);
}

enum err cart_place_cancel(struct shop_place *place, const char *order)
{
    return db_write(place->db, place->ctx, cancel, &(struct turning){.order = str_from(order)});
}

enum err cart_place_ship(struct shop_place *place, const char *order)
{
    return db_write(place->db, place->ctx, ship, &(struct turning){.order = str_from(order)});
}

enum err cart_place_expire(struct shop_place *place, bool *more)
{
    struct turning turning = {.more = false};
    enum err err = db_write(place->db, place->ctx, expire, &turning);
    *more = turning.more;
    return err;
}

struct by_hand {
    cart_place_by_hand_fn *fn;
    struct str variant, location;
    int64_t quantity;
};

static enum err do_by_hand(struct tx *tx, void *arg)
{
    struct by_hand *by_hand = arg;
    return by_hand->fn(tx, by_hand->variant, by_hand->location, by_hand->quantity,
                       STR("A delivery."));
}

enum err cart_place_by_hand(struct shop_place *place, cart_place_by_hand_fn *fn, int64_t variant,
                            int64_t location, int64_t quantity)
{
    struct by_hand by_hand = {.fn = fn,
                              .variant = shop_place_id(place, "var", variant),
                              .location = shop_place_id(place, "loc", location),
                              .quantity = quantity};
    return db_write(place->db, place->ctx, do_by_hand, &by_hand);
}

#define SUM(column)                                               \
    "COALESCE((SELECT SUM(m." column ") FROM shop_movement AS m " \
    "WHERE m.variant = s.variant AND m.location = s.location), 0) <> s." column " "

bool cart_place_books_agree(struct shop_place *place)
{
    struct test *t = place->t;
    bool agree = CHECK_INT(
        shop_place_number(place,
                          "SELECT COUNT(*) FROM shop_stock AS s WHERE " SUM("free") "OR " SUM(
                              "held") "OR " SUM("sold") "OR " SUM("damaged")),
        0);
    agree = CHECK_INT(shop_place_number(place, "SELECT COUNT(*) FROM shop_stock "
                                               "WHERE held < 0 OR sold < 0 OR damaged < 0"),
                      0) &&
            agree;
    return CHECK_INT(shop_place_number(place, "SELECT COUNT(*) FROM (SELECT DISTINCT variant, "
                                              "location FROM shop_movement) AS m") -
                         shop_place_number(place, "SELECT COUNT(*) FROM shop_stock"),
                     0) &&
           agree;
}
