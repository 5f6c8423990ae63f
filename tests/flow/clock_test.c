/* Clocks that are put forward and back by hours, while messages are sent and received: nothing is
 * lost, nothing is done twice, and it is as docs/flow/queue.md says. */
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "act.h"
#include "flow/flow.h"
#include "harness/folder.h"
#include "ledger.h"

enum {
    JUMPS = 16,
    JUMP_PAUSE_MS = 120,
    PROCESSES = 3,
    KILL_EACH = 5, /* jumps */
    PATH_BYTES = 512,
};

/* Who has it when the clock goes back has it for as much longer; what is sent then is there. */
static void back_delays_what_is_hidden(struct test *t, struct flow_place *place)
{
    struct act act;
    act_open(t, place, "back", &act);
    CHECK_ERR(act_send(&act, "one"), ERR_OK);
    const struct queue_message *one = act_take(&act);
    REQUIRE(one);
    t->clock.now_us -= 2 * HOUR_US;
    CHECK(!act_take(&act));
    CHECK_ERR(act_send(&act, "two"), ERR_OK);
    const struct queue_message *two = act_take(&act);
    REQUIRE(two);
    CHECK_STR(two->body, "two");
    CHECK_ERR(act_delete(&act, two), ERR_OK);
    t->clock.now_us += HOUR_US;
    CHECK(!act_take(&act));
    t->clock.now_us += HOUR_US + 31 * SECOND_US;
    const struct queue_message *again = act_take(&act);
    REQUIRE(again);
    CHECK_STR(again->body, "one");
    CHECK_ERR(act_delete(&act, one), ERR_MISSING);
    CHECK_ERR(act_delete(&act, again), ERR_OK);
    CHECK(!act_take(&act));
}

/* Who has it when the clock goes back can end it; who has it when it goes forward may lose it. */
static void receipt_says_whose_it_is(struct test *t, struct flow_place *place)
{
    struct act act;
    act_open(t, place, "whose", &act);
    CHECK_ERR(act_send(&act, "one"), ERR_OK);
    const struct queue_message *one = act_take(&act);
    REQUIRE(one);
    t->clock.now_us -= 3 * HOUR_US;
    CHECK_ERR(act_delete(&act, one), ERR_OK);
    CHECK_ERR(act_send(&act, "two"), ERR_OK);
    const struct queue_message *two = act_take(&act);
    REQUIRE(two);
    t->clock.now_us += 3 * HOUR_US;
    const struct queue_message *others = act_take(&act);
    REQUIRE(others);
    CHECK_ERR(act_delete(&act, two), ERR_MISSING);
    CHECK_ERR(act_delete(&act, others), ERR_OK);
    t->clock.now_us += 3 * HOUR_US;
    CHECK(!act_take(&act));
}

static struct str take_body(struct act *act)
{
    struct test *t = act->t;
    const struct queue_message *message = act_take(act);
    if (!message)
        return STR("");
    CHECK_ERR(act_delete(act, message), ERR_OK);
    return message->body;
}

static void group_keeps_its_order(struct test *t, struct flow_place *place)
{
    struct act act;
    act_open(t, place, "order.fifo", &act);
    CHECK_ERR(act_send_to(&act, "g", "1", "one"), ERR_OK);
    t->clock.now_us += 5 * HOUR_US;
    CHECK_ERR(act_send_to(&act, "g", "2", "two"), ERR_OK);
    t->clock.now_us -= 9 * HOUR_US;
    CHECK_ERR(act_send_to(&act, "g", "3", "three"), ERR_OK);
    CHECK_ERR(act_send_to(&act, "h", "4", "of another"), ERR_OK);
    CHECK_STR(take_body(&act), "of another"); /* groups do not wait for each other */
    t->clock.now_us += 10 * HOUR_US;
    CHECK_STR(take_body(&act), "one");
    CHECK_STR(take_body(&act), "two");
    t->clock.now_us -= 4 * HOUR_US;
    CHECK_ERR(act_send_to(&act, "g", "5", "four"), ERR_OK);
    t->clock.now_us += 5 * HOUR_US;
    CHECK_STR(take_body(&act), "three");
    CHECK_STR(take_body(&act), "four");
    CHECK_STR(take_body(&act), "");
}

/* The five minutes of a dedup are those of the clock. */
static void dedup_goes_by_the_clock(struct test *t, struct flow_place *place)
{
    struct act act;
    act_open(t, place, "dedup.fifo", &act);
    CHECK_ERR(act_send_to(&act, "g", "same", "one"), ERR_OK);
    t->clock.now_us -= 2 * HOUR_US;
    CHECK_ERR(act_send_to(&act, "g", "same", "two"), ERR_OK); /* taken for the one before */
    t->clock.now_us += 2 * HOUR_US + SECOND_US;
    CHECK_STR(take_body(&act), "one");
    CHECK_STR(take_body(&act), "");
    CHECK_ERR(act_send_to(&act, "g", "same", "three"), ERR_OK);
    CHECK_STR(take_body(&act), "");
    t->clock.now_us += HOUR_US;
    CHECK_ERR(act_send_to(&act, "g", "same", "four"), ERR_OK); /* five minutes went by, it seems */
    CHECK_STR(take_body(&act), "four");
}

TEST(clock_jumps_lose_and_double_no_message)
{
    static void (*const parts[])(struct test *, struct flow_place *) = {
        back_delays_what_is_hidden, receipt_says_whose_it_is, group_keeps_its_order,
        dedup_goes_by_the_clock};
    struct flow_place place;
    for (const struct engine *engine = engines; engine->name; engine++) {
        flow_place_open(t, engine, &place);
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
            test_note(t, "%s, part %zu", engine->name, i + 1);
            parts[i](t, &place);
        }
        flow_place_close(&place);
    }
}

/* A clock that threads look at while it is turned. */
struct turned_clock {
    struct clock clock;
    _Atomic int64_t ahead_us;
};

static int64_t turned_now_us(struct clock *clock)
{
    struct clock real = clock_system();
    return clock_now_us(&real) + atomic_load(&((struct turned_clock *)clock)->ahead_us);
}

static enum err make_queue(struct tx *tx, void *arg)
{
    struct queue_options options = queue_usual;
    options.name = STR("floor");
    return queue_create(tx, &options, arg);
}

static enum err put(struct tx *tx, void *arg)
{
    const struct queue *queue = arg;
    return queue_put(tx, queue, STR("below the floor"));
}

/* Who received knows from where on something is visible; what a clock that was put back leaves
 * before that is found all the same, also while they wait. */
static void finds_what_is_below_the_floor(struct test *t, struct flow_place *place,
                                          struct turned_clock *clock)
{
    struct flow *flow = NULL;
    struct queue queue;
    struct queue_messages got;
    struct flow_want want = {.max = 1, .visibility_s = QUEUE_DEFAULT};
    struct db *other = flow_place_open_db(place, t->ctx);
    REQUIRE(db_write(place->db, t->ctx, make_queue, &queue) == ERR_OK);
    REQUIRE(flow_open(t->ctx, &(struct flow_options){.db = place->db}, &flow) == ERR_OK);
    for (int i = 0; i < 3; i++) {
        CHECK_ERR(db_write(other, t->ctx, put, &queue), ERR_OK);
        want.wait_s = QUEUE_WAIT_MAX_S;
        CHECK_ERR(flow_receive(flow, t->ctx, STR("floor"), &want, &got), ERR_OK);
        REQUIRE(got.count == 1);
        enum err deleted = ERR_OK;
        CHECK_ERR(flow_delete(flow, t->ctx, STR("floor"), &got.list[0].receipt, 1, &deleted),
                  ERR_OK);
        CHECK_ERR(deleted, ERR_OK);
        want.wait_s = 0;
        CHECK_ERR(flow_receive(flow, t->ctx, STR("floor"), &want, &got), ERR_OK);
        CHECK_INT(got.count, 0);
        atomic_fetch_sub(&clock->ahead_us, 2 * HOUR_US);
    }
    flow_close(flow);
    db_close(other);
}

TEST(clock_put_back_hides_nothing_from_who_waits)
{
    struct flow_place place;
    struct rand rand = rand_system();
    for (const struct engine *engine = engines; engine->name; engine++) {
        struct turned_clock clock = {.clock = clock_system()};
        clock.clock.now_us = turned_now_us;
        flow_place_open(t, engine, &place);
        test_note(t, "%s", engine->name);
        t->ctx->clock = &clock.clock;
        t->ctx->rand = &rand;
        finds_what_is_below_the_floor(t, &place, &clock);
        t->ctx->clock = &t->clock.clock;
        flow_place_close(&place);
    }
}

/* Each process has a clock of its own, which jumps by up to six hours; now and then all jump
 * together, and one is killed. At the end it is later than it ever was. */
static void jump(struct ledger *ledger)
{
    struct rand rand = rand_system();
    int64_t latest_us = 0;
    for (int i = 0; i < PROCESSES; i++)
        ledger_start(ledger, i);
    for (int i = 0; i < JUMPS; i++) {
        int64_t ahead_us = ((int64_t)rand_below(&rand, 721) - 360) * MINUTE_US;
        int which = (int)rand_below(&rand, PROCESSES + 1);
        ledger_await_said(ledger, which % PROCESSES);
        ledger_pause_us(1000 * (int64_t)rand_below(&rand, JUMP_PAUSE_MS));
        for (int k = 0; k < PROCESSES; k++)
            if (k == which || which == PROCESSES)
                atomic_store(&ledger->boards[k]->ahead_us, ahead_us);
        latest_us = ahead_us > latest_us ? ahead_us : latest_us;
        if (i % KILL_EACH == 0) {
            ledger_kill(ledger, which % PROCESSES);
            ledger_start(ledger, which % PROCESSES);
        }
    }
    ledger_pause_us(SECOND_US); /* a look of the ticker's */
    atomic_store(&ledger->boards[0]->ahead_us, latest_us + MINUTE_US);
    ledger_judge(ledger);
}

static void jump_on(struct test *t, const char *folder, const char *url)
{
    struct ledger *ledger = ARENA_NEW(t->arena, struct ledger);
    REQUIRE(ledger);
    ledger_open_with_boards(t, folder, url, ledger);
    jump(ledger);
    printf("# %d jumps: %" PRId64 " sent, %" PRId64 " applied, %" PRId64 " runs in %" PRId64
           " minutes, each once\n",
           JUMPS, ledger->found.sent, ledger->found.applied, ledger->found.runs,
           ledger->found.minutes);
    CHECK(ledger->found.runs > 0);
    for (int i = 0; i < BOOKS_WAYS; i++)
        CHECK(ledger->found.ways[i] > 0);
}

TEST(clock_jumps_leave_the_ledger_whole_on_sqlite)
{
    char url[PATH_BYTES];
    const char *folder = test_folder(t, "flow/clock");
    snprintf(url, sizeof url, "sqlite:%s/stoa.db", folder);
    jump_on(t, folder, url);
}

TEST(clock_jumps_leave_the_ledger_whole_on_postgres)
{
    struct postgres server;
    REQUIRE(postgres_start(t->ctx, test_folder(t, "flow/pg_clock"), false, &server) == ERR_OK);
    jump_on(t, test_folder(t, "flow/pg_clock_said"), server.url);
    postgres_stop(&server);
}
