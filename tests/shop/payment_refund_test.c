/* Money that goes back: once, and never more than came; and webhooks that are not believed. */
#include <pthread.h>

#include "pay_place.h"
#include "shop/order.h"
#include "shop/payment_inside.h"

typedef void prove_fn(struct test *t, struct pay_place *place);

static void on_each(struct test *t, prove_fn *prove)
{
    for (const struct engine *engine = engines; engine->name; engine++) {
        struct pay_place place;
        pay_place_open(t, engine, &place);
        test_note(t, "%s", engine->name);
        prove(t, &place);
        pay_place_close(&place);
    }
}

#define NUMBER(...) shop_place_number(&place->place, __VA_ARGS__)

static struct str paid_order(struct pay_place *place)
{
    struct test *t = place->t;
    struct payment_next next;
    struct str order = pay_place_order(place, "ada@stoa.example");
    REQUIRE(payment_begin(place->ctx, &place->shop, order, STR("test"), &next) == ERR_OK);
    REQUIRE(next.state == PAYMENT_CAPTURED);
    return order;
}

static enum err cancel_it(struct tx *tx, void *arg)
{
    const struct str *order = arg;
    return order_cancel(tx, *order, STR("It rains."), STR(""));
}

static void cancel(struct pay_place *place, struct str order)
{
    struct test *t = place->t;
    REQUIRE(db_write(place->place.db, place->ctx, cancel_it, &order) == ERR_OK);
}

static void captured_behind_a_cancellation(struct test *t, struct pay_place *place)
{
    struct payment_next next;
    struct str order = pay_place_order(place, "ada+challenge@stoa.example");
    CHECK_ERR(payment_begin(place->ctx, &place->shop, order, STR("test"), &next), ERR_OK);
    CHECK_INT(next.state, PAYMENT_CHALLENGE);
    cancel(place, order);
    struct str payment = str_from(next.id);
    CHECK_ERR(payment_test_decide(place->ctx, &place->shop, payment, true), ERR_OK);
    for (int i = 0; i < 3; i++) {
        struct payment_next again;
        CHECK_ERR(pay_place_hook(place, payment, "captured", PAY_GROSS, 0), ERR_OK);
        CHECK_ERR(payment_look(place->ctx, &place->shop, payment, &again), ERR_OK);
        CHECK_INT(again.state, PAYMENT_CAPTURED);
    }
    CHECK_INT(NUMBER("SELECT COUNT(*) FROM flow_message"), 1);
    CHECK_INT(pay_place_refund_all(place), 1);
    CHECK_INT(pay_place_refund_all(place), 0);
    CHECK_INT(NUMBER("SELECT SUM(amount) FROM shop_test_refund"), PAY_GROSS);
    CHECK_INT(NUMBER("SELECT SUM(captured - refunded) FROM shop_order"), 0);
    CHECK_INT(NUMBER("SELECT COUNT(*) FROM shop_order WHERE state = 'cancelled'"), 1);
}

TEST(payment_captured_behind_a_cancellation_goes_back_once)
{
    on_each(t, captured_behind_a_cancellation);
}

static void cancelling_gives_back(struct test *t, struct pay_place *place)
{
    struct str order = paid_order(place);
    cancel(place, order);
    cancel(place, order);
    CHECK_INT(pay_place_refund_all(place), 1);
    CHECK_INT(NUMBER("SELECT SUM(refunded) FROM shop_order"), PAY_GROSS);
}

TEST(payment_of_a_cancelled_order_goes_back)
{
    on_each(t, cancelling_gives_back);
}

static void two_ways_at_once(struct test *t, struct pay_place *place)
{
    struct payment_next card, bank, again;
    struct str order = pay_place_order(place, "ada+challenge@stoa.example");
    CHECK_ERR(payment_begin(place->ctx, &place->shop, order, STR("test"), &card), ERR_OK);
    CHECK_ERR(payment_begin(place->ctx, &place->shop, order, STR("bank"), &bank), ERR_OK);
    CHECK_INT(bank.state, PAYMENT_PENDING);
    CHECK_INT(NUMBER("SELECT COUNT(*) FROM shop_payment WHERE state = 'void'"), 1);
    CHECK_ERR(payment_receive(place->ctx, &place->shop, order), ERR_OK);
    CHECK_ERR(payment_receive(place->ctx, &place->shop, order), ERR_CONFLICT);
    CHECK_ERR(payment_receive(place->ctx, &place->shop, STR("ord_x")), ERR_MISSING);
    CHECK_INT(NUMBER("SELECT COUNT(*) FROM shop_order WHERE state = 'paid'"), 1);
    /* what was void was paid all the same: money counts, and goes back */
    CHECK_ERR(pay_place_hook(place, str_from(card.id), "captured", PAY_GROSS, 0), ERR_OK);
    CHECK_INT(NUMBER("SELECT SUM(amount) FROM shop_refund"), PAY_GROSS);
    CHECK_INT(pay_place_refund_all(place), 1); /* this provider never had it, and refuses */
    CHECK_INT(NUMBER("SELECT COUNT(*) FROM shop_order_note WHERE kind = 'refused'"), 1);
    CHECK_ERR(payment_begin(place->ctx, &place->shop, order, STR("test"), &again), ERR_OK);
    CHECK_INT(again.state, PAYMENT_CAPTURED);
}

TEST(payment_in_two_ways_keeps_one)
{
    on_each(t, two_ways_at_once);
}

struct asking {
    struct pay_place *place;
    struct shop_place_worker worker;
    struct str order;
    pthread_t thread;
    enum err err;
};

static void *ask_back(void *arg)
{
    struct asking *asking = arg;
    asking->err = payment_refund(&asking->worker.ctx, &asking->place->shop, asking->order,
                                 PAY_GROSS * 2 / 3, STR("It was too small."));
    return NULL;
}

static void two_refunds_at_once(struct test *t, struct pay_place *place)
{
    struct asking askings[2];
    struct str order = paid_order(place);
    for (int i = 0; i < 2; i++) {
        askings[i] = (struct asking){.place = place, .order = order};
        shop_place_ctx(&place->place, &askings[i].worker);
        REQUIRE(pthread_create(&askings[i].thread, NULL, ask_back, &askings[i]) == 0);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(askings[i].thread, NULL);
        shop_place_ctx_end(&askings[i].worker);
    }
    CHECK((askings[0].err == ERR_OK) != (askings[1].err == ERR_OK));
    CHECK((askings[0].err == ERR_INPUT) != (askings[1].err == ERR_INPUT));
    CHECK_INT(pay_place_refund_all(place), 1);
    CHECK_INT(NUMBER("SELECT SUM(refunded) FROM shop_payment"), PAY_GROSS * 2 / 3);
    CHECK_ERR(payment_refund(place->ctx, &place->shop, order, PAYMENT_ALL, STR("")), ERR_OK);
    CHECK_ERR(payment_refund(place->ctx, &place->shop, order, 1, STR("")), ERR_INPUT);
    CHECK_TEXT(place->ctx->err.field, "amount");
    CHECK_ERR(payment_refund(place->ctx, &place->shop, order, -1, STR("")), ERR_INPUT);
    CHECK_INT(pay_place_refund_all(place), 1);
    CHECK_INT(NUMBER("SELECT SUM(amount) FROM shop_test_refund"), PAY_GROSS);
    CHECK_INT(NUMBER("SELECT SUM(captured - refunded) FROM shop_order"), 0);
}

TEST(payment_refunds_never_exceed_what_was_captured)
{
    on_each(t, two_refunds_at_once);
}

static void refund_with_kills(struct test *t, struct pay_place *place)
{
    for (enum pay_fault fault = PAY_BEFORE; fault <= PAY_BEHIND; fault++) {
        struct str order = paid_order(place);
        CHECK_ERR(payment_refund(place->ctx, &place->shop, order, 500, STR("It broke.")), ERR_OK);
        pay_place_fail(place, fault);
        CHECK_INT(pay_place_refund_all(place), 1);
    }
    CHECK_INT(NUMBER("SELECT COUNT(*) FROM shop_test_refund"), 2);
    CHECK_INT(NUMBER("SELECT SUM(amount) FROM shop_test_refund"), 2 * 500);
    CHECK_INT(NUMBER("SELECT SUM(refunded) FROM shop_order"), 2 * 500);
    CHECK_INT(NUMBER("SELECT COUNT(*) FROM shop_order_note WHERE kind = 'refunded'"), 2);
}

TEST(payment_refund_that_is_killed_is_done_once)
{
    on_each(t, refund_with_kills);
}

/* What the provider refuses is free to be given back in another way. */
static void refused_refund(struct test *t, struct pay_place *place)
{
    struct str order = paid_order(place);
    shop_place_do(&place->place, "UPDATE shop_test_payment SET captured = 100");
    CHECK_ERR(payment_refund(place->ctx, &place->shop, order, PAYMENT_ALL, STR("")), ERR_OK);
    CHECK_INT(pay_place_refund_all(place), 1);
    CHECK_INT(NUMBER("SELECT SUM(refunded) FROM shop_payment"), 0);
    CHECK_INT(NUMBER("SELECT SUM(refunded) FROM shop_order"), 0);
    CHECK_INT(NUMBER("SELECT COUNT(*) FROM shop_test_refund"), 0);
    CHECK_INT(NUMBER("SELECT COUNT(*) FROM shop_order_note WHERE kind = 'refused'"), 1);
    CHECK_ERR(payment_refund(place->ctx, &place->shop, order, 100, STR("")), ERR_OK);
    CHECK_INT(pay_place_refund_all(place), 1);
    CHECK_INT(NUMBER("SELECT SUM(refunded) FROM shop_order"), 100);
}

TEST(payment_refund_that_is_refused_is_free_again)
{
    on_each(t, refused_refund);
}

static void hooks_not_to_be_believed(struct test *t, struct pay_place *place)
{
    struct payment_next next;
    struct str order = pay_place_order(place, "ada+challenge@stoa.example");
    CHECK_ERR(payment_begin(place->ctx, &place->shop, order, STR("test"), &next), ERR_OK);
    struct str payment = str_from(next.id);
    static const char *const signatures[] = {
        "",
        "t=1",
        "v1=00",
        "t=1768478400,v1=",
        "t=x,v1=y",
        "t=1768478400",
        "t=1768478400,v1=0000000000000000000000000000000000000000000000000000000000000000",
        NULL};
    for (const char *const *signature = signatures; *signature; signature++) {
        CHECK_ERR(pay_place_hook_raw(place, *signature, "{}"), ERR_FORBIDDEN);
        CHECK_TEXT(place->ctx->err.user, "This is not for you to say.");
    }
    CHECK_ERR(pay_place_hook(place, payment, "captured", PAY_GROSS, 301), ERR_FORBIDDEN);
    CHECK_TEXT(place->ctx->err.user, "This is not for you to say.");
    CHECK_ERR(pay_place_hook(place, payment, "captured", PAY_GROSS, -301), ERR_FORBIDDEN);
    CHECK_INT(NUMBER("SELECT SUM(captured) FROM shop_payment"), 0);
    /* what nobody knows is well, and nothing */
    CHECK_ERR(pay_place_hook(place, STR("pay_00000000000000000000000009"), "captured", 1, 0),
              ERR_OK);
    CHECK_ERR(pay_place_hook(place, payment, "sings", 0, 0), ERR_OK);
    CHECK_INT(NUMBER("SELECT COUNT(*) FROM shop_payment WHERE state = 'challenge'"), 1);
    /* another provider's payment is not this one's to tell of */
    struct payment_next bank;
    CHECK_ERR(payment_begin(place->ctx, &place->shop, order, STR("bank"), &bank), ERR_OK);
    CHECK_ERR(pay_place_hook(place, str_from(bank.id), "captured", PAY_GROSS, 0), ERR_OK);
    CHECK_INT(NUMBER("SELECT SUM(captured) FROM shop_payment"), 0);
}

TEST(payment_hook_that_is_not_signed_changes_nothing)
{
    on_each(t, hooks_not_to_be_believed);
}

static void sweep_of_what_is_gone(struct test *t, struct pay_place *place)
{
    struct payment_next next;
    struct str order = pay_place_order(place, "ada+challenge@stoa.example");
    CHECK_ERR(payment_begin(place->ctx, &place->shop, order, STR("test"), &next), ERR_OK);
    cancel(place, order);
    CHECK_ERR(payment_sweep(place->ctx, &place->shop), ERR_OK);
    CHECK_INT(NUMBER("SELECT COUNT(*) FROM shop_payment WHERE state = 'challenge'"), 1);
    fake_clock_turn(&t->clock, (PAYMENT_QUIET_S + 1) * SECOND_US);
    CHECK_ERR(payment_sweep(place->ctx, &place->shop), ERR_OK);
    CHECK_INT(NUMBER("SELECT COUNT(*) FROM shop_payment WHERE state = 'void'"), 1);
    /* and what was heard long ago is forgotten */
    CHECK_ERR(pay_place_hook(place, str_from(next.id), "void", 0, 0), ERR_OK);
    CHECK_INT(NUMBER("SELECT COUNT(*) FROM shop_payment_event"), 1);
    fake_clock_turn(&t->clock, (PAYMENT_EVENTS_S + 1) * SECOND_US);
    CHECK_ERR(payment_sweep(place->ctx, &place->shop), ERR_OK);
    CHECK_INT(NUMBER("SELECT COUNT(*) FROM shop_payment_event"), 0);
}

TEST(payment_sweep_ends_what_its_order_waits_for_no_more)
{
    on_each(t, sweep_of_what_is_gone);
}

static void what_cannot_be_begun(struct test *t, struct pay_place *place)
{
    struct payment_next next;
    struct str order = paid_order(place);
    CHECK_ERR(payment_begin(place->ctx, &place->shop, order, STR("gold"), &next), ERR_INPUT);
    CHECK_TEXT(place->ctx->err.field, "payment");
    CHECK_ERR(payment_begin(place->ctx, &place->shop, order, STR("test"), &next), ERR_OK);
    CHECK_INT(next.state, PAYMENT_CAPTURED);
    CHECK_INT(NUMBER("SELECT COUNT(*) FROM shop_payment"), 1);
    struct str gone = pay_place_order(place, "ada@stoa.example");
    cancel(place, gone);
    CHECK_ERR(payment_begin(place->ctx, &place->shop, gone, STR("test"), &next), ERR_CONFLICT);
    /* nor one that was begun before it was cancelled */
    gone = pay_place_order(place, "ada+challenge@stoa.example");
    CHECK_ERR(payment_begin(place->ctx, &place->shop, gone, STR("test"), &next), ERR_OK);
    cancel(place, gone);
    CHECK_ERR(payment_begin(place->ctx, &place->shop, gone, STR("test"), &next), ERR_CONFLICT);
    struct str free = pay_place_order(place, "ada@stoa.example");
    shop_place_do(&place->place, "UPDATE shop_order SET gross = 0 WHERE id = '" STR_FMT "'",
                  STR_ARG(free));
    CHECK_ERR(payment_begin(place->ctx, &place->shop, free, STR("test"), &next), ERR_OK);
    CHECK_INT(next.state, PAYMENT_CAPTURED);
    CHECK_INT(NUMBER("SELECT COUNT(*) FROM shop_test_payment"), 2);
    CHECK_INT(NUMBER("SELECT COUNT(*) FROM shop_order WHERE state = 'paid'"), 2);
    for (int i = 0; i < PAYMENT_TRIES_MAX; i++) {
        order = i ? order : pay_place_order(place, "ada+decline@stoa.example");
        CHECK_ERR(payment_begin(place->ctx, &place->shop, order, STR("test"), &next), ERR_OK);
        CHECK_INT(next.state, PAYMENT_DECLINED);
        CHECK_STR(next.why, "The card was declined.");
    }
    CHECK_ERR(payment_begin(place->ctx, &place->shop, order, STR("test"), &next), ERR_CONFLICT);
}

TEST(payment_begins_where_there_is_something_to_pay)
{
    on_each(t, what_cannot_be_begun);
}

/* Nobody takes money for what people still look at. */
static void order_in_review(struct test *t, struct pay_place *place)
{
    static const char *const emails[] = {"ada@stoa.example", "ada+challenge@stoa.example", NULL};
    int64_t taken = 0;
    for (const char *const *email = emails; *email; email++) {
        struct payment_next next;
        struct str order = pay_place_order(place, *email);
        shop_place_do(&place->place,
                      "UPDATE shop_order SET state = 'review' WHERE id = '" STR_FMT "'",
                      STR_ARG(order));
        CHECK_ERR(payment_begin(place->ctx, &place->shop, order, STR("test"), &next), ERR_OK);
        struct str payment = str_from(next.id);
        CHECK_ERR(payment_test_decide(place->ctx, &place->shop, payment, true), ERR_OK);
        struct payment_next again;
        CHECK_ERR(payment_look(place->ctx, &place->shop, payment, &again), ERR_OK);
        CHECK_INT(again.state, PAYMENT_AUTHORISED);
        CHECK_INT(NUMBER("SELECT SUM(captured) FROM shop_order"), taken);
        /* taken, and killed before it is captured: the sweep does it */
        pay_place_fail(place, email == emails ? PAY_WELL : PAY_BEFORE);
        enum err err = payment_accept(place->ctx, &place->shop, order, STR("per_1"));
        CHECK_ERR(err, email == emails ? ERR_OK : ERR_INTERNAL);
        fake_clock_turn(&t->clock, 2 * PAYMENT_QUIET_S * SECOND_US);
        CHECK_ERR(payment_sweep(place->ctx, &place->shop), ERR_OK);
        taken += PAY_GROSS;
        CHECK_INT(NUMBER("SELECT SUM(captured) FROM shop_order WHERE state = 'paid'"), taken);
        CHECK_ERR(payment_accept(place->ctx, &place->shop, order, STR("per_1")), ERR_OK);
    }
    CHECK_INT(NUMBER("SELECT COUNT(*) FROM shop_order_note WHERE kind = 'paid'"), 2);
    CHECK_INT(pay_place_refund_all(place), 0);
}

TEST(payment_of_an_order_in_review_waits_for_people)
{
    on_each(t, order_in_review);
}
