/* Stock: what the ledger says and what lies there are the same. */
#include "cart_place.h"

static int64_t at(struct shop_place *place, const char *column, int64_t variant, int64_t location)
{
    return shop_place_number(place,
                             "SELECT %s FROM shop_stock WHERE variant = '" STR_FMT
                             "' AND location = '" STR_FMT "'",
                             column, STR_ARG(shop_place_id(place, "var", variant)),
                             STR_ARG(shop_place_id(place, "loc", location)));
}

struct held {
    struct stock_want wants[3];
    size_t count;
    const char *cause;
    enum err (*turn)(struct tx *tx, struct str cause);
};

static enum err hold(struct tx *tx, void *arg)
{
    struct held *held = arg;
    return stock_hold(tx, str_from(held->cause), held->wants, held->count);
}

static enum err turn(struct tx *tx, void *arg)
{
    struct held *held = arg;
    return held->turn(tx, str_from(held->cause));
}

static enum err hold_of(struct shop_place *place, const char *cause, int64_t variant,
                        int64_t quantity, int64_t *lacks)
{
    struct held held = {
        .wants = {{.variant = shop_place_id(place, "var", variant), .quantity = quantity}},
        .count = 1,
        .cause = cause};
    enum err err = db_write(place->db, place->ctx, hold, &held);
    *lacks = held.wants[0].lacks;
    return err;
}

static enum err turn_of(struct shop_place *place, enum err (*fn)(struct tx *tx, struct str cause),
                        const char *cause)
{
    return db_write(place->db, place->ctx, turn, &(struct held){.cause = cause, .turn = fn});
}

struct asked {
    struct str variant;
    int64_t free;
};

static enum err ask_free(struct tx *tx, void *arg)
{
    struct asked *asked = arg;
    return stock_free(tx, asked->variant, &asked->free);
}

static int64_t free_of(struct shop_place *place, int64_t variant)
{
    struct test *t = place->t;
    struct asked asked = {.variant = shop_place_id(place, "var", variant)};
    CHECK_ERR(db_read(place->db, place->ctx, ask_free, &asked), ERR_OK);
    return asked.free;
}

static void set_beyond(struct shop_place *place, int64_t variant, const char *beyond)
{
    shop_place_do(place, "UPDATE shop_variant SET beyond = '%s' WHERE id = '" STR_FMT "'", beyond,
                  STR_ARG(shop_place_id(place, "var", variant)));
}

static void hold_and_turn(struct shop_place *place)
{
    struct test *t = place->t;
    int64_t lacks;
    CHECK_ERR(hold_of(place, "ord_1", 1, 5, &lacks), ERR_OK);
    CHECK_INT(at(place, "free", 1, 1), 15);
    CHECK_ERR(turn_of(place, stock_release, "ord_1"), ERR_OK);
    CHECK_ERR(turn_of(place, stock_release, "ord_1"), ERR_OK);
    CHECK_ERR(turn_of(place, stock_sell, "ord_1"), ERR_OK);
    CHECK_INT(at(place, "free", 1, 1), 20);
    CHECK_ERR(hold_of(place, "ord_1", 1, 4, &lacks), ERR_OK);
    for (int i = 0; i < 2; i++)
        CHECK_ERR(turn_of(place, stock_sell, "ord_1"), ERR_OK);
    CHECK_INT(at(place, "sold", 1, 1), 4);
    for (int i = 0; i < 2; i++)
        CHECK_ERR(turn_of(place, stock_give_back, "ord_1"), ERR_OK);
    CHECK_INT(at(place, "sold", 1, 1), 0);
    CHECK_INT(at(place, "free", 1, 1), 20);
}

/* From one location where it has all, from several else, and by the position of these. */
static void spread(struct shop_place *place)
{
    struct test *t = place->t;
    int64_t lacks;
    CHECK_ERR(cart_place_by_hand(place, stock_receive, 1, 2, 25), ERR_OK);
    CHECK_INT(free_of(place, 1), 45);
    CHECK_ERR(hold_of(place, "ord_2", 1, 21, &lacks), ERR_OK);
    CHECK_INT(at(place, "held", 1, 2), 21);
    CHECK_ERR(hold_of(place, "ord_3", 1, 22, &lacks), ERR_OK);
    CHECK_INT(at(place, "held", 1, 1), 20);
    CHECK_INT(at(place, "held", 1, 2), 23);
    CHECK_ERR(hold_of(place, "ord_4", 1, 3, &lacks), ERR_CONFLICT);
    CHECK_INT(lacks, 1);
    CHECK_INT(free_of(place, 1), 2);
    CHECK_ERR(hold_of(place, "ord_4", 1, 0, &lacks), ERR_INPUT);
    CHECK_ERR(hold_of(place, "ord_4", 99, 1, &lacks), ERR_MISSING);
}

static void beyond(struct shop_place *place)
{
    struct test *t = place->t;
    int64_t lacks;
    CHECK_ERR(hold_of(place, "ord_5", 2, 4, &lacks), ERR_CONFLICT);
    CHECK_INT(lacks, 1);
    set_beyond(place, 2, "backorder");
    CHECK_ERR(hold_of(place, "ord_5", 2, 5, &lacks), ERR_OK);
    CHECK_INT(at(place, "free", 2, 1), -2);
    CHECK_INT(free_of(place, 2), INT64_MAX);
    set_beyond(place, 2, "never");
    CHECK_INT(free_of(place, 2), 0);
    CHECK_ERR(turn_of(place, stock_sell, "ord_5"), ERR_OK);
    CHECK_ERR(cart_place_by_hand(place, stock_receive, 2, 1, 10), ERR_OK);
    CHECK_INT(at(place, "free", 2, 1), 8);
    /* 3 lies nowhere: lacking, not counted, ordered beforehand */
    CHECK_ERR(hold_of(place, "ord_6", 3, 2, &lacks), ERR_CONFLICT);
    CHECK_INT(lacks, 2);
    CHECK_INT(free_of(place, 3), 0);
    set_beyond(place, 3, "backorder");
    CHECK_ERR(hold_of(place, "ord_6", 3, 2, &lacks), ERR_OK);
    CHECK_INT(shop_place_number(place, "SELECT COUNT(*) FROM shop_movement WHERE cause = 'ord_6'"),
              0);
    set_beyond(place, 3, "preorder");
    CHECK_ERR(hold_of(place, "ord_7", 3, 2, &lacks), ERR_OK);
    CHECK_INT(at(place, "free", 3, 1), -2);
}

static void part(struct shop_place *place, int64_t of, int64_t quantity)
{
    shop_place_do(place,
                  "INSERT INTO shop_part (bundle, part, quantity) VALUES ('" STR_FMT "', '" STR_FMT
                  "', %d)",
                  STR_ARG(shop_place_id(place, "var", 4)), STR_ARG(shop_place_id(place, "var", of)),
                  (int)quantity);
}

static void bundle(struct shop_place *place)
{
    struct test *t = place->t;
    int64_t lacks;
    shop_place_variant(place, 4, -1);
    shop_place_variant(place, 5, 7);
    shop_place_variant(place, 6, 100);
    part(place, 5, 2);
    part(place, 6, 1);
    CHECK_INT(free_of(place, 4), 3);
    CHECK_ERR(hold_of(place, "ord_8", 4, 5, &lacks), ERR_CONFLICT);
    CHECK_INT(lacks, 2); /* 3 pieces of 5, which are 2 bundles */
    struct held held = {.wants = {{.variant = shop_place_id(place, "var", 5), .quantity = 2},
                                  {.variant = shop_place_id(place, "var", 4), .quantity = 2}},
                        .count = 2,
                        .cause = "ord_8"};
    CHECK_ERR(db_write(place->db, place->ctx, hold, &held), ERR_OK);
    CHECK_INT(at(place, "free", 5, 1), 1);
    CHECK_INT(at(place, "held", 5, 1), 6);
    CHECK_INT(at(place, "held", 6, 1), 2);
    CHECK_ERR(turn_of(place, stock_release, "ord_8"), ERR_OK);
    CHECK_INT(at(place, "free", 5, 1), 7);
}

static void by_hand(struct shop_place *place)
{
    struct test *t = place->t;
    int64_t lacks;
    shop_place_variant(place, 8, 10);
    CHECK_ERR(hold_of(place, "ord_9", 8, 4, &lacks), ERR_OK);
    CHECK_ERR(cart_place_by_hand(place, stock_receive, 8, 1, -7), ERR_CONFLICT);
    CHECK_ERR(cart_place_by_hand(place, stock_receive, 8, 1, -6), ERR_OK);
    CHECK_ERR(cart_place_by_hand(place, stock_receive, 8, 1, 6), ERR_OK);
    CHECK_ERR(cart_place_by_hand(place, stock_receive, 8, 1, 0), ERR_INPUT);
    CHECK_ERR(cart_place_by_hand(place, stock_receive, 8, 9, 1), ERR_INPUT);
    CHECK_ERR(cart_place_by_hand(place, stock_damage, 8, 1, 7), ERR_CONFLICT);
    CHECK_ERR(cart_place_by_hand(place, stock_damage, 8, 1, 2), ERR_OK);
    CHECK_ERR(cart_place_by_hand(place, stock_damage, 8, 1, -3), ERR_CONFLICT);
    CHECK_ERR(cart_place_by_hand(place, stock_damage, 8, 1, -1), ERR_OK);
    CHECK_INT(at(place, "free", 8, 1), 5);
    CHECK_INT(at(place, "damaged", 8, 1), 1);
    CHECK_ERR(cart_place_by_hand(place, stock_count, 8, 1, 6), ERR_OK);
    CHECK_INT(at(place, "free", 8, 1), 2);
    CHECK_ERR(cart_place_by_hand(place, stock_count, 8, 2, 3), ERR_OK);
    CHECK_INT(at(place, "free", 8, 2), 3);
    CHECK_ERR(cart_place_by_hand(place, stock_count, 8, 2, -1), ERR_INPUT);
    CHECK_ERR(cart_place_by_hand(place, stock_count, 8, 1, 3), ERR_OK); /* fewer than are held */
    CHECK_INT(at(place, "free", 8, 1), -1);
    CHECK_INT(free_of(place, 8), 3);
}

TEST(stock_is_what_its_ledger_says)
{
    static void (*const rows[])(struct shop_place * place) = {hold_and_turn, spread, beyond, bundle,
                                                              by_hand};
    for (const struct engine *engine = engines; engine->name; engine++) {
        struct shop_place place;
        shop_place_open(t, engine, &place);
        shop_place_variant(&place, 1, 20);
        shop_place_variant(&place, 2, 3);
        shop_place_variant(&place, 3, -1);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            rows[i](&place);
            cart_place_books_agree(&place);
        }
        shop_place_close(&place);
    }
}
