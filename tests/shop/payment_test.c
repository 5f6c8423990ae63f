/* Payments: in whatever order return, webhook, retry, sweep and kill come, one is paid once. */
#include "flow/queue.h"
#include "pay_place.h"
#include "shop/order.h"
#include "shop/payment_inside.h"

/* What happens behind the checkout, in any order. */
enum step { RETURN, HOOK, HOOK_AGAIN, LOOK, SWEEP, STEPS };

enum { ORDERINGS = 120, FAULTS = 4 };

/* The n-th order of the steps. */
static void order_steps(int n, enum step steps[STEPS])
{
    for (int i = 0; i < STEPS; i++)
        steps[i] = (enum step)i;
    for (int left = STEPS; left > 1; left--) {
        int at = STEPS - left, from = at + n % left;
        enum step taken = steps[from];
        for (int i = from; i > at; i--)
            steps[i] = steps[i - 1];
        steps[at] = taken;
        n /= left;
    }
}

static const struct course {
    const char *email;
    bool asks, approved, paid;
    int each; /* of so many orderings one */
} courses[] = {
    {"ada@stoa.example", false, false, true, 1},
    {"ada+decline@stoa.example", false, false, false, 1},
    {"ada+challenge@stoa.example", true, true, true, 1},
    {"ada+challenge@stoa.example", true, false, false, 1},
    {"ada+late@stoa.example", true, true, true, 7},
    {"ada+early@stoa.example", true, true, true, 7},
    {"ada+timeout@stoa.example", false, false, true, 7},
    {"ada+parts@stoa.example", false, false, true, 7},
    {NULL, false, false, false, 0},
};

/* One customer, from the checkout on. */
struct walk {
    struct pay_place *place;
    const struct course *course;
    struct str order, payment;
};

/* Who was killed begins again. */
static void begin(struct walk *walk)
{
    struct pay_place *place = walk->place;
    struct test *t = place->t;
    struct payment_next next;
    enum err err = payment_begin(place->ctx, &place->shop, walk->order, STR("test"), &next);
    err_clear(&place->ctx->err);
    if (err)
        err = payment_begin(place->ctx, &place->shop, walk->order, STR("test"), &next);
    REQUIRE(err == ERR_OK);
    REQUIRE(str_copy(t->arena, str_from(next.id), &walk->payment) == ERR_OK);
    CHECK(next.place.len > 0);
}

static void take_step(struct walk *walk, enum step step)
{
    struct pay_place *place = walk->place;
    struct payment_next next;
    bool paid = walk->course->paid;
    switch (step) {
    case RETURN:
    case LOOK:
        (void)payment_look(place->ctx, &place->shop, walk->payment, &next);
        break;
    case HOOK:
    case HOOK_AGAIN:
        (void)pay_place_hook(place, walk->payment, paid ? "captured" : "declined",
                             paid ? PAY_GROSS : 0, 0);
        break;
    case SWEEP:
    case STEPS:
        fake_clock_turn(&place->t->clock, 2 * PAYMENT_QUIET_S * SECOND_US);
        (void)payment_sweep(place->ctx, &place->shop);
        break;
    }
    err_clear(&place->ctx->err);
}

#define OF_ORDER " WHERE order_id = '" STR_FMT "'"

static void check_books(struct walk *walk)
{
    struct test *t = walk->place->t;
    struct shop_place *place = &walk->place->place;
    struct str order = walk->order;
    int paid = walk->course->paid;
    CHECK_INT(
        shop_place_number(place, "SELECT COUNT(*) FROM shop_payment" OF_ORDER, STR_ARG(order)), 1);
    CHECK_INT(shop_place_number(place,
                                "SELECT COUNT(*) FROM shop_payment" OF_ORDER " AND state = '%s'",
                                STR_ARG(order), paid ? "captured" : "declined"),
              1);
    CHECK_INT(shop_place_number(place, "SELECT SUM(captured - refunded) FROM shop_payment" OF_ORDER,
                                STR_ARG(order)),
              paid * PAY_GROSS);
    CHECK_INT(shop_place_number(place,
                                "SELECT COUNT(*) FROM shop_order_note" OF_ORDER " AND kind = '%s'",
                                STR_ARG(order), paid ? "paid" : "declined"),
              1);
    CHECK_INT(shop_place_number(place,
                                "SELECT captured FROM shop_order WHERE id = '" STR_FMT
                                "' AND state = '%s'",
                                STR_ARG(order), paid ? "paid" : "placed"),
              paid * PAY_GROSS);
}

/* The checkout, then all steps; the provider is asked badly once, at `bad`: 0 is the checkout. */
static void walk_through(struct pay_place *place, const struct course *course, int ordering,
                         int bad, enum pay_fault fault)
{
    struct test *t = place->t;
    struct walk walk = {.place = place, .course = course};
    enum step steps[STEPS];
    test_note(t, "%s, ordering %d, fault %d at %d", course->email, ordering, (int)fault, bad);
    order_steps(ordering, steps);
    walk.order = pay_place_order(place, course->email);
    if (bad == 0)
        pay_place_fail(place, fault);
    begin(&walk);
    if (course->asks)
        CHECK_ERR(payment_test_decide(place->ctx, &place->shop, walk.payment, course->approved),
                  ERR_OK);
    for (int i = 0; i < STEPS; i++) {
        if (bad == i + 1)
            pay_place_fail(place, fault);
        take_step(&walk, steps[i]);
    }
    pay_place_fail(place, PAY_WELL);
    take_step(&walk, LOOK);
    check_books(&walk);
}

/* Each ordering of each course; where it goes wrong, and how, goes round. */
TEST(payment_in_any_order_pays_once)
{
    for (const struct engine *engine = engines; engine->name; engine++) {
        struct pay_place place;
        int round = 0;
        pay_place_open(t, engine, &place);
        for (const struct course *course = courses; course->email; course++)
            for (int ordering = 0; ordering < ORDERINGS; ordering += course->each, round++)
                walk_through(&place, course, ordering, round % (STEPS + 1),
                             (enum pay_fault)(round / (STEPS + 1) % FAULTS));
        CHECK_INT(pay_place_refund_all(&place), 0);
        pay_place_close(&place);
    }
}
