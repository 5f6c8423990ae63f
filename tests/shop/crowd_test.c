/* Many at once: exactly what is there is sold, a cart becomes one order, an order is paid once,
 * and what is paid while its time ends is not lost. */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "cart_place.h"

enum {
    BUYERS = 200,
    PIECES = 20,
    THREADS = 8,
    DATABASES = 2, /* as two processes have it */
    TRIES_MAX = 200,
};

struct crowd {
    struct test *t;
    struct shop_place place;
    struct db *db[DATABASES];
    struct cart_place carts[BUYERS];
    char orders[BUYERS][ID_TEXT_MAX]; /* what became of them */
    size_t count;
    void (*act)(struct crowd *crowd, struct shop_place_worker *worker, size_t who, size_t buyer);
    atomic_int next, done, short_of, wrong;
};

struct one {
    struct crowd *crowd;
    size_t who;
    pthread_t thread;
    struct shop_place_worker worker;
};

/* What passes is tried again, as people do. */
static enum err insist(struct crowd *crowd, struct ctx *ctx, size_t who, db_fn *fn, void *arg)
{
    enum err err = ERR_BUSY;
    for (int tries = 0; err_is_passing(err) && tries < TRIES_MAX; tries++)
        err = db_write(crowd->db[who % DATABASES], ctx, fn, arg);
    return err;
}

static void note(struct crowd *crowd, enum err err)
{
    if (err == ERR_OK)
        atomic_fetch_add(&crowd->done, 1);
    else if (err == ERR_CONFLICT)
        atomic_fetch_add(&crowd->short_of, 1);
    else
        atomic_fetch_add(&crowd->wrong, 1);
}

/* Each buyer once, by whichever thread is free; or each by all of them. */
static void *once_each(void *arg)
{
    struct one *one = arg;
    struct crowd *crowd = one->crowd;
    for (;;) {
        size_t buyer = (size_t)atomic_fetch_add(&crowd->next, 1);
        if (buyer >= crowd->count)
            return NULL;
        crowd->act(crowd, &one->worker, one->who, buyer);
        arena_clear(&one->worker.arena);
    }
}

static void *by_all(void *arg)
{
    struct one *one = arg;
    for (size_t buyer = 0; buyer < one->crowd->count; buyer++) {
        one->crowd->act(one->crowd, &one->worker, one->who, buyer);
        arena_clear(&one->worker.arena);
    }
    return NULL;
}

static void rush(struct crowd *crowd, void *(*how)(void *arg))
{
    struct test *t = crowd->t;
    struct one all[THREADS];
    atomic_store(&crowd->next, 0);
    atomic_store(&crowd->done, 0);
    atomic_store(&crowd->short_of, 0);
    atomic_store(&crowd->wrong, 0);
    for (size_t i = 0; i < THREADS; i++) {
        all[i].crowd = crowd;
        all[i].who = i;
        shop_place_ctx(&crowd->place, &all[i].worker);
        REQUIRE(pthread_create(&all[i].thread, NULL, how, &all[i]) == 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(all[i].thread, NULL);
        shop_place_ctx_end(&all[i].worker);
    }
    CHECK_INT(atomic_load(&crowd->wrong), 0);
}

static void open_crowd(struct test *t, const struct engine *engine, struct crowd *crowd,
                       size_t count)
{
    memset(crowd, 0, sizeof *crowd);
    crowd->t = t;
    crowd->count = count;
    shop_place_open(t, engine, &crowd->place);
    shop_place_variant(&crowd->place, 1, PIECES);
    crowd->db[0] = crowd->place.db;
    crowd->db[1] = shop_place_open_db(&crowd->place, t->ctx);
    const struct stock_want want = {.variant = shop_place_id(&crowd->place, "var", 1),
                                    .quantity = 1};
    for (size_t i = 0; i < count; i++)
        cart_place_fill(&crowd->place, &crowd->carts[i], &want, 1);
}

static void close_crowd(struct crowd *crowd)
{
    cart_place_books_agree(&crowd->place);
    db_close(crowd->db[1]);
    shop_place_close(&crowd->place);
}

static int64_t sum(struct crowd *crowd, const char *column)
{
    return shop_place_number(&crowd->place, "SELECT SUM(%s) FROM shop_stock", column);
}

static int64_t orders_in(struct crowd *crowd, const char *state)
{
    return shop_place_number(&crowd->place, "SELECT COUNT(*) FROM shop_order WHERE state = '%s'",
                             state);
}

static int64_t events_of(struct crowd *crowd, const char *type)
{
    return shop_place_number(&crowd->place, "SELECT COUNT(*) FROM flow_event WHERE type = '%s'",
                             type);
}

static void buy(struct crowd *crowd, struct shop_place_worker *worker, size_t who, size_t buyer)
{
    struct order_placing *placing = &crowd->carts[buyer].placing;
    enum err err = insist(crowd, &worker->ctx, who, order_place, placing);
    if (err == ERR_OK)
        memcpy(crowd->orders[buyer], placing->id, sizeof placing->id);
    note(crowd, err);
}

/* With what is the thread's own: the same cart by several at once. */
static void buy_too(struct crowd *crowd, struct shop_place_worker *worker, size_t who, size_t buyer)
{
    struct order_placing placing = crowd->carts[buyer].placing;
    note(crowd, insist(crowd, &worker->ctx, who, order_place, &placing));
    if (who == 0)
        memcpy(crowd->orders[buyer], placing.id, sizeof placing.id);
}

struct turning {
    struct str order, payment;
    bool flag;
};

static enum err pay(struct tx *tx, void *arg)
{
    struct turning *turning = arg;
    return order_pay(tx, turning->order, turning->payment, 1000, &turning->flag);
}

static enum err expire(struct tx *tx, void *arg)
{
    return order_expire(tx, &((struct turning *)arg)->flag);
}

static void pay_for(struct crowd *crowd, struct shop_place_worker *worker, size_t who, size_t buyer)
{
    struct turning turning = {str_from(crowd->orders[buyer]), STR("pay_1"), false};
    enum err err = turning.order.len ? insist(crowd, &worker->ctx, who, pay, &turning)
                                     : ERR_CONFLICT;
    note(crowd, err);
    if (err == ERR_OK && turning.flag) /* the money would go back */
        atomic_fetch_add(&crowd->wrong, 1);
}

static void pay_or_expire(struct crowd *crowd, struct shop_place_worker *worker, size_t who,
                          size_t buyer)
{
    struct turning turning = {.flag = false};
    if (who / DATABASES % 2)
        pay_for(crowd, worker, who, buyer);
    else
        note(crowd, insist(crowd, &worker->ctx, who, expire, &turning));
}

static void nothing_is_oversold(struct test *t, const struct engine *engine, struct crowd *crowd)
{
    open_crowd(t, engine, crowd, BUYERS);
    crowd->act = buy;
    rush(crowd, once_each);
    CHECK_INT(atomic_load(&crowd->done), PIECES);
    CHECK_INT(atomic_load(&crowd->short_of), BUYERS - PIECES);
    CHECK_INT(sum(crowd, "held"), PIECES);
    CHECK_INT(orders_in(crowd, "placed"), PIECES);
    crowd->act = pay_for;
    rush(crowd, by_all);
    CHECK_INT(atomic_load(&crowd->done), PIECES * THREADS);
    CHECK_INT(sum(crowd, "sold"), PIECES);
    CHECK_INT(sum(crowd, "free"), 0);
    CHECK_INT(orders_in(crowd, "paid"), PIECES);
    CHECK_INT(events_of(crowd, "shop.order.paid"), PIECES);
    CHECK_INT(shop_place_number(&crowd->place, "SELECT SUM(captured) FROM shop_order"),
              PIECES * 1000);
    close_crowd(crowd);
}

static void a_cart_is_one_order(struct test *t, const struct engine *engine, struct crowd *crowd)
{
    open_crowd(t, engine, crowd, PIECES);
    crowd->act = buy_too;
    rush(crowd, by_all);
    CHECK_INT(atomic_load(&crowd->done), PIECES * THREADS);
    CHECK_INT(orders_in(crowd, "placed"), PIECES);
    CHECK_INT(sum(crowd, "held"), PIECES);
    CHECK_INT(events_of(crowd, "shop.order.placed"), PIECES);
    /* its time is over while it is paid: it is let go and held again, or never let go */
    fake_clock_turn(&t->clock, (ORDER_HOLD_S + 1) * SECOND_US);
    crowd->act = pay_or_expire;
    rush(crowd, by_all);
    CHECK_INT(atomic_load(&crowd->done), PIECES * THREADS);
    CHECK_INT(orders_in(crowd, "paid"), PIECES);
    CHECK_INT(sum(crowd, "sold"), PIECES);
    CHECK_INT(sum(crowd, "held"), 0);
    CHECK_INT(events_of(crowd, "shop.order.paid"), PIECES);
    close_crowd(crowd);
}

static void on_each(struct test *t,
                    void (*run)(struct test *t, const struct engine *engine, struct crowd *crowd))
{
    struct crowd *crowd = ARENA_NEW(t->arena, struct crowd);
    REQUIRE(crowd != NULL);
    for (const struct engine *engine = engines; engine->name; engine++)
        run(t, engine, crowd);
}

TEST(order_place_sells_a_crowd_exactly_what_is_there)
{
    on_each(t, nothing_is_oversold);
}

TEST(order_place_makes_one_order_of_a_cart_that_many_place)
{
    on_each(t, a_cart_is_one_order);
}
