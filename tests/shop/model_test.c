/* Random orders, payments, cancellations, deliveries and stocktakes beside a simple model of stock
 * and money: after each step both are the same. SHOP_SEED repeats a run, SHOP_STEPS tells how many
 * steps there are. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cart_place.h"
#include "web/request.h"

enum {
    VARIANTS =
        6, /* 1 to 3 usual ones, 4 sold beyond what is there, a bundle, and one not counted */
    BUNDLE = 5,
    UNCOUNTED = 6,
    LOCATIONS = 2,
    ORDERS_MAX = 256, /* that are remembered */
    STEPS = 3000,
    STEPS_MAX = 10000000,
    AUDIT_EVERY = 50,
};

struct pile {
    bool is_there;
    int64_t free, held, sold, damaged;
};

struct piles {
    struct pile of[VARIANTS + 1][LOCATIONS + 1];
};

struct model_order {
    char id[ID_TEXT_MAX];
    char state; /* placed, Paid, shipped, cancelled, expired: by its first letter, P for paid */
    char paid_by;
    int64_t gross_minor, captured_minor, held_us;
    struct stock_want wants[3];
    int64_t variants[3];
    size_t count;
    int64_t took[VARIANTS + 1][LOCATIONS + 1]; /* held or sold */
};

struct model {
    struct shop_place *place;
    struct test *t;
    struct fake_rand rand;
    uint64_t seed;
    int64_t step;
    struct piles piles;
    struct model_order *orders;
    size_t placed; /* ever; the place of the next is its rest by ORDERS_MAX */
    struct ports ports;
    struct shop shop;
    struct str variants[VARIANTS + 1], locations[LOCATIONS + 1];
};

static int64_t below(struct model *model, int64_t bound)
{
    return (int64_t)rand_below(&model->rand.rand, (uint64_t)bound);
}

/* What the database says. */

static const enum db_type row_types[] = {DB_TEXT, DB_TEXT, DB_INT, DB_INT, DB_INT, DB_INT};

#define ALL_ROWS \
    "SELECT variant, location, free, held, sold, damaged FROM shop_stock ORDER BY variant, location"

static const struct query all_rows = {.name = "all_rows",
                                      .sqlite = ALL_ROWS,
                                      .postgres = ALL_ROWS,
                                      .column_types = row_types,
                                      .column_count = 6};

static const struct query one_order = {
    .name = "one_order",
    .sqlite = "SELECT state, captured FROM shop_order WHERE id = ?1",
    .postgres = "SELECT state, captured FROM shop_order WHERE id = $1",
    .param_types = row_types,
    .param_count = 1,
    .column_types = row_types + 1,
    .column_count = 2};

static enum err take_row(struct tx *tx, const struct db_value row[], void *into)
{
    struct piles *piles = into;
    struct id variant = {0, 0}, location = {0, 0};
    (void)tx;
    TRY(id_parse(row[0].bytes, "var", &variant));
    TRY(id_parse(row[1].bytes, "loc", &location));
    piles->of[variant.low][location.low] = (struct pile){true, row[2].number, row[3].number,
                                                         row[4].number, row[5].number};
    return ERR_OK;
}

static enum err read_piles(struct tx *tx, void *arg)
{
    memset(arg, 0, sizeof(struct piles));
    return tx_query(tx, &all_rows, NULL, take_row, arg);
}

struct seen {
    struct str id;
    char state;
    int64_t captured_minor;
};

static enum err take_order(struct tx *tx, const struct db_value row[], void *into)
{
    struct seen *seen = into;
    (void)tx;
    seen->state = str_equal(row[0].bytes, STR("paid")) ? 'P' : row[0].bytes.ptr[0];
    seen->captured_minor = row[1].number;
    return ERR_OK;
}

static enum err read_order(struct tx *tx, void *arg)
{
    struct seen *seen = arg;
    const struct db_value id[] = {db_text(seen->id)};
    return tx_query_one(tx, &one_order, id, take_order, seen);
}

static void compare_order(struct model *model, const struct model_order *order)
{
    struct test *t = model->t;
    struct seen seen = {.id = str_from(order->id)};
    REQUIRE(db_read(model->place->db, t->ctx, read_order, &seen) == ERR_OK);
    CHECK_INT(seen.state, order->state == 'e' ? 'c' : order->state);
    CHECK_INT(seen.captured_minor, order->captured_minor);
}

static void compare_piles(struct model *model)
{
    struct test *t = model->t;
    struct piles seen;
    REQUIRE(db_read(model->place->db, t->ctx, read_piles, &seen) == ERR_OK);
    for (int v = 1; v <= VARIANTS; v++)
        for (int l = 1; l <= LOCATIONS; l++) {
            const struct pile *is = &seen.of[v][l], *said = &model->piles.of[v][l];
            test_note(t, "SHOP_SEED=%" PRIu64 ", step %" PRId64 ", variant %d at %d", model->seed,
                      model->step, v, l);
            CHECK_INT(is->is_there, said->is_there);
            CHECK_INT(is->free, said->free);
            CHECK_INT(is->held, said->held);
            CHECK_INT(is->sold, said->sold);
            CHECK_INT(is->damaged, said->damaged);
        }
}

/* The model of a hold. */

static void take(struct pile *pile, int64_t *took, int64_t pieces)
{
    pile->free -= pieces;
    pile->held += pieces;
    *took += pieces;
}

static bool hold_leaf(struct piles *piles, struct model_order *order, int64_t v, int64_t pieces)
{
    struct pile *at = piles->of[v];
    int64_t there = 0;
    for (int l = 1; l <= LOCATIONS; l++) {
        if (at[l].is_there && at[l].free >= pieces) {
            take(&at[l], &order->took[v][l], pieces);
            return true;
        }
        there += at[l].free > 0 ? at[l].free : 0;
    }
    if (there < pieces && v != 4)
        return false;
    int64_t beyond = there < pieces ? pieces - there : 0, left = pieces - beyond;
    for (int l = 1; l <= LOCATIONS; l++) {
        int64_t here = at[l].free > 0 ? at[l].free : 0;
        here = here < left ? here : left;
        left -= here;
        take(&at[l], &order->took[v][l], here + (l == 1 ? beyond : 0));
    }
    return true;
}

/* A want of the bundle is two of the first and one of the second. By variant, then by want. */
static bool hold(struct model *model, struct model_order *order)
{
    struct piles tried = model->piles;
    struct model_order with = *order;
    bool all = true;
    for (int64_t v = 1; v < BUNDLE; v++)
        for (size_t i = 0; i < order->count; i++) {
            int64_t each = order->variants[i] == v ? 1 : 0;
            if (order->variants[i] == BUNDLE)
                each = v == 1 ? 2 : v == 2 ? 1 : 0;
            if (each)
                all = hold_leaf(&tried, &with, v, each * order->wants[i].quantity) && all;
        }
    if (all) {
        model->piles = tried;
        *order = with;
    }
    return all;
}

/* What an order has is free again, or is sold. */
static void let_go(struct model *model, struct model_order *order)
{
    for (int v = 1; v <= VARIANTS; v++)
        for (int l = 1; l <= LOCATIONS; l++) {
            struct pile *pile = &model->piles.of[v][l];
            int64_t *of = order->state == 'P' ? &pile->sold : &pile->held;
            *of -= order->took[v][l];
            pile->free += order->took[v][l];
            order->took[v][l] = 0;
        }
}

static void sell(struct model *model, struct model_order *order, char payment)
{
    for (int v = 1; v <= VARIANTS; v++)
        for (int l = 1; l <= LOCATIONS; l++) {
            model->piles.of[v][l].held -= order->took[v][l];
            model->piles.of[v][l].sold += order->took[v][l];
        }
    order->state = 'P';
    order->paid_by = payment;
}

/* Steps. */

static struct model_order *some_order(struct model *model)
{
    size_t known = model->placed < ORDERS_MAX ? model->placed : ORDERS_MAX;
    return known ? &model->orders[below(model, (int64_t)known)] : NULL;
}

static void cancel(struct model *model, struct model_order *order)
{
    struct test *t = model->t;
    bool may = order->state != 's';
    CHECK_ERR(cart_place_cancel(model->place, order->id), may ? ERR_OK : ERR_CONFLICT);
    if (order->state == 'p' || order->state == 'P') {
        let_go(model, order);
        order->state = 'c';
    }
}

static void draw_wants(struct model *model, struct model_order *order)
{
    order->count = (size_t)below(model, 3) + 1;
    order->gross_minor = 0;
    for (size_t i = 0; i < order->count; i++) {
        order->variants[i] = (below(model, 2) + (int64_t)i * 2) % VARIANTS + 1;
        order->wants[i] = (struct stock_want){.variant = model->variants[order->variants[i]],
                                              .quantity = below(model, 4) + 1};
        order->gross_minor += order->wants[i].quantity * 1000;
    }
}

static void step_place(struct model *model)
{
    struct test *t = model->t;
    struct cart_place cart;
    struct model_order *order = &model->orders[model->placed % ORDERS_MAX];
    if (order->state == 'p')
        cancel(model, order);
    *order = (struct model_order){.held_us = clock_now_us(t->ctx->clock) +
                                             ORDER_HOLD_S * SECOND_US};
    draw_wants(model, order);
    cart_place_fill(model->place, &cart, order->wants, order->count);
    bool fits = hold(model, order);
    CHECK_ERR(cart_place_order(model->place, &cart), fits ? ERR_OK : ERR_CONFLICT);
    if (!fits) { /* what was to be here is nobody's: it is written over */
        memset(order, 0, sizeof *order);
        order->state = 'n';
        return;
    }
    order->state = 'p';
    memcpy(order->id, cart.placing.id, sizeof order->id);
    model->placed++;
    if (below(model, 4) == 0) {
        CHECK_ERR(cart_place_order(model->place, &cart), ERR_OK);
        CHECK(cart.placing.again && str_equal(str_from(cart.placing.id), str_from(order->id)));
    }
    compare_order(model, order);
}

static bool pay_late(struct model *model, struct model_order *order, char payment, bool whole)
{
    if (order->state == 'e' && whole && hold(model, order)) {
        sell(model, order, payment);
        return false;
    }
    return true;
}

static void step_pay(struct model *model)
{
    struct test *t = model->t;
    struct model_order *order = some_order(model);
    char payment[] = {'p', 'a', 'y', '_', (char)('0' + below(model, 2)), '\0'};
    if (!order || order->state == 'n')
        return;
    int64_t minor = below(model, 4) ? order->gross_minor : order->gross_minor / 2;
    bool refund, wants_refund = false;
    int64_t all = minor > order->captured_minor ? minor : order->captured_minor;
    CHECK_ERR(cart_place_pay(model->place, order->id, payment, minor, &refund), ERR_OK);
    if (order->state == 'c' || order->state == 'e')
        wants_refund = pay_late(model, order, payment[4], all >= order->gross_minor);
    else if (order->state == 'p' && all >= order->gross_minor)
        sell(model, order, payment[4]);
    else if (order->state != 'p' && order->paid_by != payment[4])
        wants_refund = all > order->captured_minor;
    order->captured_minor = all;
    CHECK_INT(refund, wants_refund);
    compare_order(model, order);
}

static void step_cancel(struct model *model)
{
    struct model_order *order = some_order(model);
    if (!order || order->state == 'n')
        return;
    cancel(model, order);
    compare_order(model, order);
}

static void step_ship(struct model *model)
{
    struct test *t = model->t;
    struct model_order *order = some_order(model);
    if (!order || order->state == 'n')
        return;
    bool may = order->state == 'P' || order->state == 's';
    CHECK_ERR(cart_place_ship(model->place, order->id), may ? ERR_OK : ERR_CONFLICT);
    order->state = may ? 's' : order->state;
    compare_order(model, order);
}

static void step_expire(struct model *model)
{
    struct test *t = model->t;
    bool more = true;
    fake_clock_turn(&t->clock, below(model, ORDER_HOLD_S) * SECOND_US);
    while (more)
        REQUIRE(cart_place_expire(model->place, &more) == ERR_OK);
    for (size_t i = 0; i < ORDERS_MAX; i++) {
        struct model_order *order = &model->orders[i];
        if (order->state == 'p' && order->held_us < clock_now_us(t->ctx->clock)) {
            let_go(model, order);
            order->state = order->captured_minor ? 'c' : 'e'; /* a part goes back */
        }
    }
}

static void step_by_hand(struct model *model)
{
    struct test *t = model->t;
    int64_t v = below(model, 4) + 1, l = below(model, LOCATIONS) + 1, kind = below(model, 3);
    int64_t quantity = kind == 0 ? below(model, 16) - 5 : below(model, 6) - 2;
    struct pile *pile = &model->piles.of[v][l], was = *pile;
    cart_place_by_hand_fn *fns[] = {stock_receive, stock_damage, stock_count};
    enum err expected = ERR_OK;
    quantity = kind == 2 ? below(model, 20) : quantity ? quantity : 1;
    pile->is_there = true;
    pile->free += kind == 0 ? quantity : kind == 1 ? -quantity : quantity - was.free - was.held;
    pile->damaged += kind == 1 ? quantity : 0;
    if ((kind == 0 && quantity < 0 && pile->free < 0) || pile->damaged < 0 ||
        (kind == 1 && quantity > 0 && pile->free < 0))
        expected = ERR_CONFLICT;
    if (expected)
        *pile = was;
    CHECK_ERR(cart_place_by_hand(model->place, fns[kind], v, l, quantity), expected);
}

static void step(struct model *model)
{
    static const struct {
        int64_t of_100;
        void (*run)(struct model *model);
    } rows[] = {{40, step_place}, {22, step_pay},   {8, step_cancel},
                {8, step_ship},   {8, step_expire}, {14, step_by_hand}};
    int64_t lot = below(model, 100);
    size_t i = 0;
    for (; lot >= rows[i].of_100; i++)
        lot -= rows[i].of_100;
    test_note(model->t, "SHOP_SEED=%" PRIu64 ", step %" PRId64, model->seed, model->step);
    rows[i].run(model);
    compare_piles(model);
}

static void begin(struct test *t, struct shop_place *place, struct model *model)
{
    *model = (struct model){.place = place, .t = t};
    model->orders = ARENA_ARRAY(t->arena, ORDERS_MAX, struct model_order);
    REQUIRE(model->orders != NULL);
    struct rand rand = rand_system();
    const char *seed = getenv("SHOP_SEED");
    model->seed = seed ? strtoull(seed, NULL, 10) : rand_u64(&rand) % 1000000000;
    fake_rand_init(&model->rand, model->seed);
    model->ports.db = place->db;
    model->shop.ports = &model->ports;
    for (size_t i = 0; i < ORDERS_MAX; i++)
        model->orders[i].state = 'n';
    for (int v = 1; v <= VARIANTS; v++) {
        shop_place_variant(place, v, v < BUNDLE ? 20 : -1);
        model->variants[v] = shop_place_id(place, "var", v);
        if (v < BUNDLE)
            model->piles.of[v][1] = (struct pile){.is_there = true, .free = 20};
    }
    shop_place_do(place, "UPDATE shop_variant SET beyond = 'backorder' WHERE sku IN ('S4', 'S6')");
    for (int part = 1; part <= 2; part++)
        shop_place_do(place,
                      "INSERT INTO shop_part (bundle, part, quantity) VALUES ('" STR_FMT
                      "', '" STR_FMT "', %d)",
                      STR_ARG(model->variants[BUNDLE]), STR_ARG(model->variants[part]), 3 - part);
}

static void run(struct test *t, const struct engine *engine, int64_t steps)
{
    struct shop_place place;
    struct model model;
    shop_place_open(t, engine, &place);
    begin(t, &place, &model);
    struct arena_mark mark = arena_mark(t->arena);
    for (; model.step < steps && !t->failures; model.step++) {
        step(&model);
        if (model.step % AUDIT_EVERY == 0) {
            CHECK_ERR(shop_audit(t->ctx, &model.shop, NULL), ERR_OK);
            CHECK_INT(counter_value(&model.shop.stock_wrong), 0);
        }
        arena_rewind(t->arena, mark);
    }
    for (size_t i = 0; i < ORDERS_MAX; i++)
        if (model.orders[i].state != 'n')
            compare_order(&model, &model.orders[i]);
    cart_place_books_agree(&place);
    shop_place_close(&place);
}

static int64_t steps_of(const char *text)
{
    int64_t steps = STEPS;
    if (text && str_to_int(str_from(text), 1, STEPS_MAX, &steps))
        return STEPS;
    return steps;
}

TEST(order_model_agrees_on_sqlite)
{
    run(t, engine_sqlite, steps_of(getenv("SHOP_STEPS")));
}

TEST(order_model_agrees_on_postgres)
{
    run(t, engine_postgres, steps_of(getenv("SHOP_STEPS")) / 5);
}
