/* Carts and the shop's rules: what is put in, what it costs, and whose it becomes. */
#include "shop/cart.h"

#include <pthread.h>

#include "harness/torture.h"
#include "place.h"
#include "shop/rules.h"
#include "shop/shop.h"
#include "web/request.h"

enum { MANY = 1000 };

/* A shop with variants 1 (20 free) and 2 (3 free), each 10.00. */
struct stall {
    struct shop_place place;
    struct ports ports;
    struct shop shop;
};

static void add_method(struct shop_place *place, int64_t n, const char *countries,
                       const char *bands)
{
    shop_place_do(place,
                  "INSERT INTO shop_method (id, name, position, countries, bands, free_from, "
                  "pickup, days_min, days_max, active) VALUES ('" STR_FMT
                  "', 'Parcel', %d, '%s', '%s', 0, NULL, 1, 2, TRUE)",
                  STR_ARG(shop_place_id(place, "shp", n)), (int)n, countries, bands);
}

static void add_promotion(struct shop_place *place, int64_t n, const char *code, const char *terms,
                          int used_max)
{
    shop_place_do(place,
                  "INSERT INTO shop_promotion (id, name, code, active, terms, used, used_max, "
                  "made) VALUES ('" STR_FMT "', 'Off', '%s', TRUE, '%s', 0, %d, 0)",
                  STR_ARG(shop_place_id(place, "prm", n)), code, terms, used_max);
}

static void add_rate(struct shop_place *place, int64_t n, const char *country, int rate)
{
    shop_place_do(place,
                  "INSERT INTO shop_tax_rate (id, name, country, state, postcode, tax_class, step, "
                  "rate, compound) VALUES ('" STR_FMT "', 'VAT', '%s', '', '', '', 0, %d, FALSE)",
                  STR_ARG(shop_place_id(place, "tax", n)), country, rate);
}

static void stall_open(struct test *t, const struct engine *engine, struct stall *stall)
{
    struct shop_place *place = &stall->place;
    shop_place_open(t, engine, place);
    shop_place_variant(place, 1, 20);
    shop_place_variant(place, 2, 3);
    add_rate(place, 1, "DE", 190000);
    add_rate(place, 2, "AT", 200000);
    add_method(place, 1, "DE AT", "[{\"price\":490}]");
    add_method(place, 2, "", "[{\"price\":990}]");
    stall->ports = (struct ports){.db = place->db};
    stall->shop = (struct shop){.currency = currency_find(STR("EUR")), .country = STR("DE")};
    REQUIRE(shop_open(t->ctx, &stall->ports, &stall->shop) == ERR_OK);
}

static void stall_close(struct stall *stall)
{
    shop_close(&stall->shop);
    shop_place_close(&stall->place);
}

static void on_each(struct test *t, void (*run)(struct test *t, struct stall *stall))
{
    for (const struct engine *engine = engines; engine->name; engine++) {
        struct stall stall;
        stall_open(t, engine, &stall);
        run(t, &stall);
        stall_close(&stall);
    }
}

struct act {
    enum err (*fn)(struct tx *tx, struct str id, struct str variant, int64_t quantity);
    const struct shop *shop;
    struct str cart, other, variant;
    int64_t quantity;
    struct cart *read;
};

static enum err make_it(struct tx *tx, void *arg)
{
    return cart_make(tx, &((struct act *)arg)->cart);
}

static enum err do_it(struct tx *tx, void *arg)
{
    const struct act *act = arg;
    return act->fn(tx, act->cart, act->variant, act->quantity);
}

static enum err read_it(struct tx *tx, void *arg)
{
    const struct act *act = arg;
    return cart_read(tx, act->shop, act->cart, act->read);
}

static enum err merge_it(struct tx *tx, void *arg)
{
    const struct act *act = arg;
    return cart_merge(tx, act->other, act->cart);
}

static struct str a_cart(struct stall *stall)
{
    struct test *t = stall->place.t;
    struct act act = {0};
    REQUIRE(db_write(stall->place.db, t->ctx, make_it, &act) == ERR_OK);
    return act.cart;
}

static enum err put(struct stall *stall, struct str cart, int64_t variant, int64_t quantity,
                    bool adds)
{
    struct act act = {.fn = adds ? cart_add : cart_set,
                      .cart = cart,
                      .variant = shop_place_id(&stall->place, "var", variant),
                      .quantity = quantity};
    return db_write(stall->place.db, stall->place.ctx, do_it, &act);
}

static enum err look(struct stall *stall, struct str id, struct cart *cart)
{
    struct act act = {.shop = &stall->shop, .cart = id, .read = cart};
    return db_read(stall->place.db, stall->place.ctx, read_it, &act);
}

static int64_t left_of(struct stall *stall, const struct cart *cart)
{
    struct test *t = stall->place.t;
    struct total *total = NULL;
    REQUIRE(cart_total(t->ctx, &stall->shop, cart, &total) == ERR_OK);
    return total->left_minor;
}

static void cart_holds(struct test *t, struct stall *stall)
{
    struct str id = a_cart(stall);
    struct cart cart;
    CHECK_ERR(put(stall, id, 1, 2, true), ERR_OK);
    CHECK_ERR(put(stall, id, 1, 3, true), ERR_OK);
    CHECK_ERR(put(stall, id, 2, 4, false), ERR_OK);
    REQUIRE(look(stall, id, &cart) == ERR_OK);
    CHECK_INT(cart.count, 2);
    CHECK_INT(cart.pieces, 9);
    CHECK_INT(cart.lines[0].quantity, 5);
    CHECK_INT(cart.lines[0].price_minor, 1000);
    CHECK_INT(cart.lines[1].free, 3);
    CHECK_STR(cart.lines[0].name, "Product 1");
    CHECK_ERR(put(stall, id, 1, 0, false), ERR_OK);
    CHECK_ERR(put(stall, id, 1, 0, false), ERR_OK);
    REQUIRE(look(stall, id, &cart) == ERR_OK);
    CHECK_INT(cart.count, 1);
}

TEST(cart_holds_what_is_put_into_it)
{
    on_each(t, cart_holds);
}

static void cart_refuses(struct test *t, struct stall *stall)
{
    struct str id = a_cart(stall);
    struct cart cart;
    CHECK_ERR(put(stall, id, 1, -1, false), ERR_INPUT);
    CHECK_TEXT(t->ctx->err.field, "quantity");
    CHECK_ERR(put(stall, id, 1, INT64_MAX, false), ERR_INPUT);
    CHECK_ERR(put(stall, id, 1, INT64_MAX, true), ERR_INPUT);
    CHECK_ERR(put(stall, id, 1, CART_QUANTITY_MAX, true), ERR_OK);
    CHECK_ERR(put(stall, id, 1, 1, true), ERR_INPUT);
    CHECK_ERR(put(stall, id, 9, 1, true), ERR_MISSING);
    CHECK_ERR(put(stall, STR("crt_00000000000000000000000000"), 1, 1, true), ERR_MISSING);
    CHECK_ERR(look(stall, STR("crt_00000000000000000000000000"), &cart), ERR_MISSING);
    shop_place_do(&stall->place, "UPDATE shop_product SET state = 'draft'");
    CHECK_ERR(put(stall, id, 2, 1, true), ERR_MISSING);
    REQUIRE(look(stall, id, &cart) == ERR_OK);
    CHECK_INT(cart.lines[0].free, 0);
}

TEST(cart_refuses_what_cannot_be)
{
    on_each(t, cart_refuses);
}

static void carts_merge(struct test *t, struct stall *stall)
{
    struct str from = a_cart(stall), into = a_cart(stall);
    struct act act = {.cart = into, .other = from};
    struct cart cart;
    CHECK_ERR(put(stall, from, 1, 900, false), ERR_OK);
    CHECK_ERR(put(stall, from, 2, 1, false), ERR_OK);
    CHECK_ERR(put(stall, into, 1, 900, false), ERR_OK);
    shop_place_do(&stall->place, "UPDATE shop_cart SET codes = 'A B' WHERE id = '" STR_FMT "'",
                  STR_ARG(from));
    shop_place_do(&stall->place, "UPDATE shop_cart SET codes = 'B' WHERE id = '" STR_FMT "'",
                  STR_ARG(into));
    CHECK_ERR(db_write(stall->place.db, t->ctx, merge_it, &act), ERR_OK);
    REQUIRE(look(stall, into, &cart) == ERR_OK);
    CHECK_INT(cart.count, 2);
    CHECK_INT(cart.pieces, CART_QUANTITY_MAX + 1);
    CHECK_STR(cart.codes, "B A");
    CHECK_ERR(look(stall, from, &cart), ERR_MISSING);
}

TEST(cart_merge_adds_one_to_the_other)
{
    on_each(t, carts_merge);
}

static void total_follows_rules(struct test *t, struct stall *stall)
{
    struct str id = a_cart(stall);
    struct cart cart;
    struct total *total = NULL;
    CHECK_ERR(put(stall, id, 1, 2, false), ERR_OK);
    REQUIRE(look(stall, id, &cart) == ERR_OK);
    CHECK_INT(cart.rules->shipping.method_count, 2);
    CHECK_INT(cart.rules->tax.rate_count, 1);
    CHECK_INT(left_of(stall, &cart), 2000);
    cart.method = shop_place_id(&stall->place, "shp", 1);
    REQUIRE(cart_total(t->ctx, &stall->shop, &cart, &total) == ERR_OK);
    CHECK_INT(total->delivery, TOTAL_DELIVERY_PRICED);
    CHECK_INT(total->left_minor, 2490);
    CHECK_INT(total->tax_count, 1);
    CHECK_INT(total->taxes[0].tax_minor, 397);
    shop_place_do(&stall->place, "UPDATE shop_cart SET country = 'FR'");
    REQUIRE(look(stall, id, &cart) == ERR_OK);
    CHECK_INT(cart.rules->shipping.method_count, 1);
    CHECK_INT(cart.rules->tax.rate_count, 0);
}

TEST(cart_total_follows_the_rules_of_where_it_goes)
{
    on_each(t, total_follows_rules);
}

static void prices_of_now(struct test *t, struct stall *stall)
{
    struct str id = a_cart(stall), variant = shop_place_id(&stall->place, "var", 1);
    struct cart cart;
    CHECK_ERR(put(stall, id, 1, 1, false), ERR_OK);
    shop_place_do(&stall->place,
                  "INSERT INTO shop_price (variant, currency, audience, begins, ends, price) "
                  "VALUES ('" STR_FMT "', 'EUR', '', 0, 9000000000000000, 800)",
                  STR_ARG(variant));
    shop_place_do(&stall->place,
                  "INSERT INTO shop_price (variant, currency, audience, begins, ends, price) "
                  "VALUES ('" STR_FMT "', 'EUR', 'trade', 0, 9000000000000000, 500)",
                  STR_ARG(variant));
    REQUIRE(look(stall, id, &cart) == ERR_OK);
    CHECK_INT(cart.lines[0].price_minor, 800);
    shop_place_do(&stall->place,
                  "INSERT INTO shop_customer (id, email, name, language, audience, exempt, vat, "
                  "made) VALUES ('per_1', 'ada@example.com', 'Ada', 'en', 'trade', FALSE, '', 0)");
    shop_place_do(&stall->place, "UPDATE shop_cart SET customer = 'per_1'");
    REQUIRE(look(stall, id, &cart) == ERR_OK);
    CHECK_INT(cart.lines[0].price_minor, 500);
    CHECK_STR(cart.email, "ada@example.com");
}

TEST(cart_read_takes_the_prices_of_now_and_of_the_customer)
{
    on_each(t, prices_of_now);
}

/* Rows that cannot be read are left out, all others hold. */
static void rules_change(struct test *t, struct stall *stall)
{
    struct shop_place *place = &stall->place;
    struct shop_rules *rules = stall->shop.rules;
    struct rules *copy = NULL;
    add_promotion(place, 1, "", "{\"effect\":\"order\",\"value\":100}", 0);
    add_promotion(place, 2, "", "{\"effect\":\"nothing\"}", 0);
    add_promotion(place, 3, "Ten", "{\"effect\":\"percent\",\"value\":100000}", 0);
    add_promotion(place, 4, "", "{\"effect\":\"percent\",\"value\":2000000}", 0);
    add_method(place, 3, "", "{}");
    add_rate(place, 3, "DE", -5);
    rules_refresh(t->ctx, rules);
    REQUIRE(rules_copy(t->ctx, rules, STR("DE"), STR(""), &copy) == ERR_OK);
    CHECK_INT(copy->promotion_count, 0); /* it was not time yet */
    fake_clock_turn(&t->clock, RULES_KEPT_US);
    rules_refresh(t->ctx, rules);
    REQUIRE(rules_copy(t->ctx, rules, STR("DE"), STR(""), &copy) == ERR_OK);
    CHECK_INT(copy->promotion_count, 1);
    CHECK_INT(copy->shipping.method_count, 2);
    CHECK_INT(copy->tax.rate_count, 1);
    REQUIRE(rules_copy(t->ctx, rules, STR("XX"), STR("other ten"), &copy) == ERR_OK);
    CHECK_INT(copy->promotion_count, 2);
    CHECK_INT(copy->shipping.method_count, 1);
    CHECK(rules_know_code(rules, STR("TEN")) && !rules_know_code(rules, STR("")));
    CHECK(rules_send_to(rules, STR("FR")));
}

TEST(rules_are_read_again_and_what_is_wrong_is_left_out)
{
    on_each(t, rules_change);
}

static void uses_are_counted(struct test *t, struct stall *stall)
{
    struct shop_place *place = &stall->place;
    struct str id = a_cart(stall);
    struct cart cart;
    add_promotion(place, 1, "", "{\"effect\":\"order\",\"value\":100,\"uses_by_customer\":1}", 5);
    fake_clock_turn(&t->clock, RULES_KEPT_US);
    rules_refresh(t->ctx, stall->shop.rules);
    CHECK_ERR(put(stall, id, 1, 1, false), ERR_OK);
    REQUIRE(look(stall, id, &cart) == ERR_OK);
    cart.email = STR("ada@example.com");
    CHECK_INT(left_of(stall, &cart), 900);
    shop_place_do(place, "INSERT INTO shop_promotion_use (promotion, order_id, email) "
                         "SELECT id, 'ord_1', 'ada@example.com' FROM shop_promotion");
    CHECK_INT(left_of(stall, &cart), 1000);
    cart.email = STR("grace@example.com");
    CHECK_INT(left_of(stall, &cart), 900);
    shop_place_do(place, "UPDATE shop_promotion SET used = 5");
    CHECK_INT(left_of(stall, &cart), 1000);
}

TEST(cart_total_counts_how_often_a_promotion_was_used)
{
    on_each(t, uses_are_counted);
}

static enum err copy_once(struct test *t, void *arg)
{
    const struct stall *stall = arg;
    struct rules *copy = NULL;
    enum err err = rules_copy(t->ctx, stall->shop.rules, STR("DE"), STR(""), &copy);
    CHECK(err ? err == ERR_MEMORY : copy->promotion_count == 1 && copy->tax.rate_count == 1);
    return err;
}

TEST(rules_copy_says_that_memory_fails)
{
    struct stall stall;
    stall_open(t, engine_sqlite, &stall);
    add_promotion(&stall.place, 1, "", "{\"effect\":\"order\",\"value\":100,\"on\":[\"cat_1\"]}",
                  0);
    fake_clock_turn(&t->clock, RULES_KEPT_US);
    rules_refresh(t->ctx, stall.shop.rules);
    TORTURE_EVERY(t, TORTURE_MEMORY, copy_once, &stall);
    stall_close(&stall);
}

/* Many threads read the rules while they are read anew. */
enum { READERS = 3, COPIES = 200 };

struct reader {
    struct stall *stall;
    pthread_t thread;
    int wrong;
};

static void *copy_rules(void *arg)
{
    struct reader *reader = arg;
    struct shop_place_worker worker;
    shop_place_ctx(&reader->stall->place, &worker);
    for (int i = 0; i < COPIES; i++) {
        struct rules *copy = NULL;
        enum err err = rules_copy(&worker.ctx, reader->stall->shop.rules, STR("DE"), STR(""),
                                  &copy);
        reader->wrong += err || copy->shipping.method_count != 2;
        arena_clear(&worker.arena);
    }
    shop_place_ctx_end(&worker);
    return NULL;
}

TEST(rules_are_copied_while_they_are_read_anew)
{
    struct stall stall;
    struct reader readers[READERS];
    stall_open(t, engine_sqlite, &stall);
    for (int i = 0; i < READERS; i++) {
        readers[i] = (struct reader){.stall = &stall};
        REQUIRE(pthread_create(&readers[i].thread, NULL, copy_rules, &readers[i]) == 0);
    }
    for (int i = 0; i < 20; i++) {
        fake_clock_turn(&t->clock, RULES_KEPT_US);
        rules_refresh(t->ctx, stall.shop.rules);
    }
    for (int i = 0; i < READERS; i++) {
        pthread_join(readers[i].thread, NULL);
        CHECK_INT(readers[i].wrong, 0);
    }
    stall_close(&stall);
}
