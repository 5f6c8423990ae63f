/* The bus on both engines: events go to who wants them, each once, whoever is killed. */
#include "flow/bus.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "flow/flow.h"
#include "flow/flow_sql.h"
#include "flow/queue.h"
#include "harness/torture.h"
#include "place.h"

enum {
    KILLS = 12,
    KILL_AFTER_MS_MAX = 60,
    PATIENCE_MS = 3000,
    EVENTS_MAX = 20000,
    TOGETHER = 200,
    BODIES_MAX = 20000
};

/* A rule with one target, and the queue that this is. */
struct want {
    const char *rule, *pattern, *queue, *input;
};

static enum err set_want(struct tx *tx, void *arg)
{
    const struct want *want = arg;
    struct queue_options options = queue_usual;
    struct queue queue;
    const struct bus_target target = {STR("queue"), str_from(want->queue), str_from(want->input)};
    options.name = target.name;
    options.fifo = str_ends(options.name, STR(".fifo"));
    TRY(queue_create(tx, &options, &queue));
    return bus_rule_set(tx, &(struct bus_rule){.name = str_from(want->rule),
                                               .about = STR("a test"),
                                               .pattern = str_from(want->pattern),
                                               .enabled = true,
                                               .targets = &target,
                                               .target_count = 1});
}

static enum err emit(struct tx *tx, void *arg)
{
    return flow_emit(tx, arg);
}

static enum err emit_and_fail(struct tx *tx, void *arg)
{
    TRY(flow_emit(tx, arg));
    return err_fail(&tx->ctx->err, ERR_CONFLICT, "No.", "the caller's own reason");
}

static struct flow_event order(const char *detail)
{
    return (struct flow_event){
        .source = STR("shop"), .type = STR("order.placed"), .detail = str_from(detail)};
}

static void add_want(struct flow_place *place, struct want want)
{
    struct test *t = place->t;
    CHECK_ERR(db_write(place->db, place->ctx, set_want, &want), ERR_OK);
}

static void add_order(struct flow_place *place, const char *detail)
{
    struct test *t = place->t;
    struct flow_event event = order(detail);
    CHECK_ERR(db_write(place->db, place->ctx, emit, &event), ERR_OK);
}

static struct bus *open_bus(struct flow_place *place, const struct bus_kind *kinds)
{
    struct test *t = place->t;
    struct bus *bus = NULL;
    struct bus_options options = {.db = place->db, .kinds = kinds};
    REQUIRE(bus_open(place->ctx, &options, &bus) == ERR_OK);
    return bus;
}

/* Until nothing is left to do; how much it was. */
static size_t run(struct flow_place *place, struct bus *bus)
{
    struct test *t = place->t;
    size_t all = 0, taken = 0;
    do {
        CHECK_ERR(bus_dispatch(bus, place->ctx, &taken), ERR_OK);
        all += taken;
    } while (taken && t->failures == 0);
    return all;
}

/* What a queue holds: received and deleted. */
struct bodies {
    struct str queue;
    struct str list[BODIES_MAX];
    size_t count;
    bool more;
};

static enum err take_some(struct tx *tx, void *arg)
{
    struct bodies *bodies = arg;
    struct queue queue;
    struct queue_messages got;
    TRY(queue_find(tx, bodies->queue, &queue));
    TRY(queue_receive(tx, &queue, &(struct queue_want){.max = 10, .visibility_s = 30}, &got));
    size_t count = bodies->count;
    for (size_t i = 0; i < got.count; i++) {
        TRY(queue_delete(tx, &queue, &got.list[i].receipt));
        if (count + i < BODIES_MAX)
            bodies->list[count + i] = got.list[i].body;
    }
    bodies->more = got.count > 0;
    bodies->count = count + got.count; /* the last thing: it may run again */
    return ERR_OK;
}

static struct bodies *take_all(struct flow_place *place, const char *queue)
{
    struct test *t = place->t;
    struct bodies *bodies = ARENA_NEW(t->arena, struct bodies);
    REQUIRE(bodies);
    bodies->queue = str_from(queue);
    do {
        struct bodies before = {.count = bodies->count};
        if (!CHECK_ERR(db_write(place->db, place->ctx, take_some, bodies), ERR_OK))
            bodies->count = before.count;
    } while (bodies->more && t->failures == 0);
    CHECK(bodies->count <= BODIES_MAX);
    return bodies;
}

static void check_one(struct flow_place *place, const char *queue, const char *body)
{
    struct test *t = place->t;
    struct bodies *bodies = take_all(place, queue);
    CHECK_INT(bodies->count, 1);
    if (bodies->count == 1)
        CHECK_STR(bodies->list[0], body);
}

static void goes_to_who_wants_it(struct flow_place *place)
{
    struct test *t = place->t;
    struct flow_event undone = order("{\"n\": 0}");
    struct bus *bus = open_bus(place, NULL);
    CHECK_INT(run(place, bus), 0);
    add_want(place, (struct want){"all", "{\"source\": [\"shop\"]}", "all", "$.detail"});
    add_want(place, (struct want){"big", "{\"detail\": {\"n\": [{\"numeric\": [\">\", 5]}]}}",
                                  "big", "{\"text\": \"<$.type> <$.detail.n>\"}"});
    add_want(place, (struct want){"none", "{\"source\": [\"staff\"]}", "none", ""});
    CHECK_ERR(db_write(place->db, place->ctx, emit_and_fail, &undone), ERR_CONFLICT);
    CHECK_INT(run(place, bus), 0);
    add_order(place, "{\"n\":7}");
    CHECK_INT(run(place, bus), 1);
    check_one(place, "all", "{\"n\":7}");
    check_one(place, "big", "{\"text\": \"order.placed 7\"}");
    CHECK_INT(take_all(place, "none")->count, 0);
    add_order(place, "{\"n\":5}");
    CHECK_INT(run(place, bus), 1);
    check_one(place, "all", "{\"n\":5}");
    CHECK_INT(take_all(place, "big")->count, 0);
    bus_close(bus);
}

static void is_told_whole(struct flow_place *place)
{
    struct test *t = place->t;
    struct json *event = NULL;
    int64_t n = 0;
    struct bus *bus = open_bus(place, NULL);
    add_want(place, (struct want){"all", "{\"type\": [{\"prefix\": \"order.\"}]}", "all.fifo", ""});
    struct flow_event told = order("{\"n\": 1}");
    char time[CLOCK_TEXT_MAX];
    clock_format(t->clock.now_us, time);
    CHECK_ERR(db_write(place->db, place->ctx, emit, &told), ERR_OK);
    CHECK_INT(run(place, bus), 1);
    struct bodies *bodies = take_all(place, "all.fifo");
    REQUIRE(bodies->count == 1);
    REQUIRE(json_read(t->ctx, bodies->list[0], &event) == ERR_OK);
    CHECK_STR(json_get(event, "id")->text, told.id);
    CHECK_STR(json_get(event, "source")->text, "shop");
    CHECK_STR(json_get(event, "type")->text, "order.placed");
    CHECK_STR(json_get(event, "time")->text, time);
    CHECK(json_int(json_get(json_get(event, "detail"), "n"), &n) == ERR_OK && n == 1);
    CHECK(!json_get(event, "replay"));
    bus_close(bus);
}

/* Each body is an event's id: how many come twice, and how many there are. */
static int compare_bodies(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

static size_t count_twice(struct bodies *bodies)
{
    size_t twice = 0;
    qsort(bodies->list, bodies->count, sizeof *bodies->list, compare_bodies);
    for (size_t i = 1; i < bodies->count; i++)
        twice += str_equal(bodies->list[i - 1], bodies->list[i]);
    return twice;
}

/* The rules are read and compiled anew each time. */
static void every_allocation_fails(struct flow_place *place)
{
    struct test *t = place->t;
    struct bus *bus = open_bus(place, NULL);
    size_t sent = 0, taken = 0;
    bool met = true;
    struct want want = {"all", "{\"source\": [\"shop\"]}", "all", "{\"id\": <$.id>}"};
    for (int64_t n = 1; met && n < TORTURE_RUNS_MAX && t->failures == 0; n++, sent++) {
        struct arena_mark mark = arena_mark(t->arena);
        add_want(place, want);
        add_order(place, "{}");
        torture_arm(TORTURE_MEMORY, n);
        enum err err = bus_dispatch(bus, place->ctx, &taken);
        met = torture_disarm();
        CHECK(!err || met);
        run(place, bus);
        arena_rewind(t->arena, mark);
    }
    CHECK(sent > 3 && !met);
    bus_close(bus);
    struct bodies *bodies = take_all(place, "all");
    CHECK_INT(bodies->count, sent);
    CHECK_INT(count_twice(bodies), 0);
    printf("# %s: %zu allocations failed\n", place->fixture.engine->name, sent - 1);
}

struct change {
    const char *name;
    bool enabled, drop;
};

static enum err change(struct tx *tx, void *arg)
{
    const struct change *is = arg;
    return is->drop ? bus_rule_drop(tx, str_from(is->name))
                    : bus_rule_enable(tx, str_from(is->name), is->enabled);
}

static enum err read_rule(struct tx *tx, void *arg)
{
    return bus_rule_get(tx, STR("all"), arg);
}

static enum err list_rules(struct tx *tx, void *arg)
{
    return bus_rule_list(tx, STR(""), 10, arg);
}

static void sees_that_rules_change(struct flow_place *place)
{
    struct test *t = place->t;
    struct bus *bus = open_bus(place, NULL);
    struct bus_rule rule = {0};
    struct bus_rules rules = {0};
    struct change off = {.name = "all"}, on = {.name = "all", .enabled = true},
                  gone = {.name = "all", .drop = true}, nobody = {.name = "nobody"};
    add_want(place, (struct want){"all", "{\"source\": [\"shop\"]}", "one", ""});
    add_want(place, (struct want){"more", "{\"source\": [\"shop\"]}", "two", "$.id"});
    CHECK_ERR(db_read(place->db, place->ctx, read_rule, &rule), ERR_OK);
    CHECK_STR(rule.pattern, "{\"source\": [\"shop\"]}");
    CHECK(rule.enabled && rule.target_count == 1 && rule.made_us == t->clock.now_us);
    CHECK_ERR(db_read(place->db, place->ctx, list_rules, &rules), ERR_OK);
    REQUIRE(rules.count == 2 && rules.list[1].target_count == 1);
    CHECK_STR(rules.list[1].targets->input, "$.id");
    add_order(place, "{}");
    CHECK_INT(run(place, bus), 1);
    CHECK_INT(take_all(place, "one")->count, 1);
    CHECK_ERR(db_write(place->db, place->ctx, change, &off), ERR_OK);
    add_order(place, "{}");
    CHECK_INT(run(place, bus), 1);
    CHECK_INT(take_all(place, "one")->count, 0);
    CHECK_ERR(db_write(place->db, place->ctx, change, &on), ERR_OK);
    add_order(place, "{}");
    CHECK_INT(run(place, bus), 1);
    CHECK_INT(take_all(place, "one")->count, 1);
    CHECK_ERR(db_write(place->db, place->ctx, change, &gone), ERR_OK);
    CHECK_ERR(db_write(place->db, place->ctx, change, &gone), ERR_MISSING);
    CHECK_ERR(db_write(place->db, place->ctx, change, &nobody), ERR_MISSING);
    CHECK_ERR(db_read(place->db, place->ctx, read_rule, &rule), ERR_MISSING);
    add_order(place, "{}");
    CHECK_INT(run(place, bus), 1);
    CHECK_INT(take_all(place, "one")->count, 0);
    CHECK_INT(take_all(place, "two")->count, 4);
    bus_close(bus);
}

static enum err set_rule(struct tx *tx, void *arg)
{
    return bus_rule_set(tx, arg);
}

static void refuses_what_cannot_be(struct flow_place *place)
{
    struct test *t = place->t;
    const struct bus_target fine = {STR("queue"), STR("q"), STR("")};
    const struct bus_target wrong[] = {{STR("queue"), STR(""), STR("")},
                                       {STR(""), STR("q"), STR("")},
                                       {STR("queue"), STR("q"), STR("$x")}};
    struct bus_rule rules[] = {
        {.name = STR("a b"), .pattern = STR("{\"a\":[1]}"), .targets = &fine, .target_count = 1},
        {.name = STR(""), .pattern = STR("{\"a\":[1]}"), .targets = &fine, .target_count = 1},
        {.name = STR("a"), .pattern = STR("{\"a\":1}"), .targets = &fine, .target_count = 1},
        {.name = STR("a"), .pattern = STR("{\"a\":[1]}"), .targets = &fine, .target_count = 6},
        {.name = STR("a"), .pattern = STR("{\"a\":[1]}"), .targets = wrong, .target_count = 1},
        {.name = STR("a"), .pattern = STR("{\"a\":[1]}"), .targets = wrong + 1, .target_count = 1},
        {.name = STR("a"), .pattern = STR("{\"a\":[1]}"), .targets = wrong + 2, .target_count = 1},
    };
    static const char *const fields[] = {"name",    "name",    "pattern", "targets",
                                         "targets", "targets", "input"};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        CHECK_ERR(db_write(place->db, place->ctx, set_rule, &rules[i]), ERR_INPUT);
        CHECK_TEXT(t->ctx->err.field, fields[i]);
    }
    struct flow_event events[] = {
        {.source = STR("sh op"), .type = STR("t"), .detail = STR("{}")},
        {.source = STR("shop"), .type = STR(""), .detail = STR("{}")},
        {.source = STR("shop"), .type = STR("t"), .detail = STR("[]")},
        {.source = STR("shop"), .type = STR("t"), .detail = STR("{")},
    };
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        CHECK_ERR(db_write(place->db, place->ctx, emit, &events[i]), ERR_INPUT);
}

static enum err send_nowhere(struct tx *tx, const struct bus_delivery *delivery)
{
    return err_fail(&tx->ctx->err, ERR_MISSING, "Nobody is there.", STR_FMT,
                    STR_ARG(delivery->target->name));
}

static enum err add_two(struct tx *tx, void *arg)
{
    static const struct bus_target targets[] = {{STR("nowhere"), STR("x"), STR("")},
                                                {STR("unknown"), STR("x"), STR("")},
                                                {STR("queue"), STR("gone"), STR("")},
                                                {STR("queue"), STR("here"), STR("$.detail.no")},
                                                {STR("queue"), STR("here"), STR("$.detail")}};
    struct queue_options options = queue_usual;
    struct queue queue;
    (void)arg;
    options.name = STR("here");
    TRY(queue_create(tx, &options, &queue));
    return bus_rule_set(tx, &(struct bus_rule){.name = STR("r"),
                                               .pattern = STR("{\"source\":[\"shop\"]}"),
                                               .enabled = true,
                                               .targets = targets,
                                               .target_count = 5});
}

static void target_that_fails_keeps_nobody_waiting(struct flow_place *place)
{
    static const struct bus_kind kinds[] = {{"nowhere", send_nowhere}, {0}};
    struct test *t = place->t;
    struct bus *bus = open_bus(place, kinds);
    CHECK_ERR(db_write(place->db, place->ctx, add_two, NULL), ERR_OK);
    add_order(place, "{\"n\":1}");
    CHECK_INT(run(place, bus), 1);
    check_one(place, "here", "{\"n\":1}");
    CHECK(str_find(test_log(t), STR("an event could not go to a target")) != STR_NONE);
    bus_close(bus);
}

static enum err replay(struct tx *tx, void *arg)
{
    return bus_replay(tx, arg);
}

static void check_replayed(struct test *t, const struct bodies *bodies, const char *id)
{
    CHECK_INT(bodies->count, 1);
    if (bodies->count == 1)
        CHECK(str_find(bodies->list[0], str_from(id)) != STR_NONE);
}

static void goes_out_again(struct flow_place *place)
{
    struct test *t = place->t;
    struct bus *bus = open_bus(place, NULL);
    add_want(place, (struct want){"one", "{\"source\": [\"shop\"]}", "one", ""});
    add_want(place, (struct want){"two", "{\"source\": [\"shop\"]}", "two.fifo", ""});
    add_order(place, "{\"n\":1}");
    fake_clock_turn(&t->clock, HOUR_US);
    int64_t from_us = t->clock.now_us;
    add_order(place, "{\"n\":2}");
    fake_clock_turn(&t->clock, HOUR_US);
    int64_t until_us = t->clock.now_us;
    add_order(place, "{\"n\":3}");
    CHECK_INT(run(place, bus), 3);
    CHECK_INT(take_all(place, "one")->count, 3);
    CHECK_INT(take_all(place, "two.fifo")->count, 3);
    struct bus_replay to_one = {from_us, until_us, STR("one"), ""};
    struct bus_replay to_all = {from_us, until_us, STR(""), ""};
    struct bus_replay to_none = {from_us, until_us, STR("none"), ""};
    struct bus_replay backwards = {until_us, from_us, STR(""), ""};
    fake_clock_turn(&t->clock, HOUR_US);
    CHECK_ERR(db_write(place->db, place->ctx, replay, &to_none), ERR_MISSING);
    CHECK_ERR(db_write(place->db, place->ctx, replay, &backwards), ERR_INPUT);
    CHECK_ERR(db_write(place->db, place->ctx, replay, &to_one), ERR_OK);
    run(place, bus);
    check_replayed(t, take_all(place, "one"), to_one.id);
    CHECK_INT(take_all(place, "two.fifo")->count, 0);
    CHECK_ERR(db_write(place->db, place->ctx, replay, &to_all), ERR_OK);
    run(place, bus);
    check_replayed(t, take_all(place, "one"), to_all.id);
    check_replayed(t, take_all(place, "two.fifo"), to_all.id);
    bus_close(bus);
}

static enum err count_events(struct tx *tx, void *arg)
{
    size_t *count = arg;
    struct event_row_page_rows rows;
    TRY(event_row_page(tx, STR("~"), NULL, NULL, 10000, &rows));
    *count = rows.count;
    return ERR_OK;
}

static size_t events_in(struct flow_place *place)
{
    struct test *t = place->t;
    size_t count = 0;
    CHECK_ERR(db_read(place->db, place->ctx, count_events, &count), ERR_OK);
    return count;
}

static void old_ones_are_forgotten(struct flow_place *place)
{
    struct test *t = place->t;
    struct bus *bus = open_bus(place, NULL);
    int64_t forgotten = 0;
    add_order(place, "{\"n\":1}");
    CHECK_INT(run(place, bus), 1);
    add_order(place, "{\"n\":2}"); /* is still pending */
    fake_clock_turn(&t->clock, (BUS_KEPT_DAYS + 1) * DAY_US);
    add_order(place, "{\"n\":3}");
    CHECK_ERR(bus_sweep(bus, place->ctx, &forgotten), ERR_OK);
    CHECK_INT(forgotten, 1);
    CHECK_INT(events_in(place), 2);
    CHECK_INT(run(place, bus), 2);
    CHECK_ERR(bus_sweep(bus, place->ctx, &forgotten), ERR_OK);
    CHECK_INT(forgotten, 1);
    CHECK_INT(events_in(place), 1);
    bus_close(bus);
}

/* Who has the machine's clock and chance. */
struct child {
    struct ctx ctx;
    struct arena arena;
    struct clock clock;
    struct rand rand, id_rand;
    struct id_source ids;
};

static void child_init(struct child *child, struct ctx *parent)
{
    child->clock = clock_system();
    child->rand = rand_system();
    child->id_rand = rand_system();
    id_source_init(&child->ids, &child->clock, &child->id_rand);
    arena_init(&child->arena, BUS_MEMORY_MAX);
    child->ctx = (struct ctx){.arena = &child->arena,
                              .clock = &child->clock,
                              .rand = &child->rand,
                              .ids = &child->ids,
                              .log = parent->log};
}

static void child_release(struct child *child)
{
    id_source_release(&child->ids);
    arena_release(&child->arena);
}

/* Two buses of one database, each with its thread and connections, as two processes have them. */
static void two_take_each_once(struct flow_place *place)
{
    struct test *t = place->t;
    struct bus *buses[2] = {NULL, NULL};
    struct child children[2];
    struct db *dbs[2];
    add_want(place, (struct want){"all", "{\"source\": [\"shop\"]}", "all", "$.id"});
    for (int i = 0; i < 2; i++) {
        child_init(&children[i], t->ctx);
        dbs[i] = flow_place_open_db(place, &children[i].ctx);
        struct bus_options options = {.db = dbs[i], .runs = true};
        REQUIRE(bus_open(&children[i].ctx, &options, &buses[i]) == ERR_OK);
    }
    for (int i = 0; i < TOGETHER; i++) {
        struct flow_event event = order("{}");
        CHECK_ERR(db_write(dbs[i % 2], &children[i % 2].ctx, emit, &event), ERR_OK);
    }
    struct bodies *bodies = ARENA_NEW(t->arena, struct bodies);
    struct clock real = clock_system();
    REQUIRE(bodies);
    t->clock.now_us = clock_now_us(&real) + MINUTE_US;
    bodies->queue = STR("all");
    for (int i = 0; i < 3000 && bodies->count < TOGETHER; i++) {
        bus_wake(buses[i % 2]);
        CHECK_ERR(db_write(place->db, place->ctx, take_some, bodies), ERR_OK);
        if (!bodies->more)
            nanosleep(&(struct timespec){0, 10000000}, NULL);
    }
    for (int i = 0; i < 2; i++) {
        bus_close(buses[i]);
        db_close(dbs[i]);
        child_release(&children[i]);
    }
    bus_close(NULL);
    CHECK_INT(bodies->count, TOGETHER);
    CHECK_INT(count_twice(bodies), 0);
    CHECK_INT(take_all(place, "all")->count, 0);
}

/* In one transaction with the message's end. */
static enum err thank(struct tx *tx, const struct ports *ports, const struct queue_message *message)
{
    struct queue queue;
    (void)ports;
    TRY(queue_find(tx, STR("thanks"), &queue));
    return queue_put(tx, &queue, message->body);
}

static void is_brought_to_consumers(struct flow_place *place)
{
    static const struct flow_consumer consumers[] = {
        {.queue = "orders", .pattern = "{\"type\":[\"order.placed\"]}", .apply = thank},
        {.queue = NULL}};
    struct test *t = place->t;
    struct child child;
    struct flow *flow = NULL;
    struct bodies *bodies = ARENA_NEW(t->arena, struct bodies);
    REQUIRE(bodies);
    bodies->queue = STR("thanks");
    add_want(place, (struct want){"other", "{\"source\":[\"staff\"]}", "thanks", ""});
    child_init(&child, t->ctx);
    struct flow_options options = {.db = place->db, .consumers = consumers, .brings_events = true};
    REQUIRE(flow_open(&child.ctx, &options, &flow) == ERR_OK);
    struct flow_event event = order("{}");
    CHECK_ERR(db_write(place->db, &child.ctx, emit, &event), ERR_OK);
    for (int i = 0; i < 3000 && !bodies->count; i++) {
        CHECK_ERR(db_write(place->db, &child.ctx, take_some, bodies), ERR_OK);
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    }
    CHECK_INT(bodies->count, 1);
    flow_close(flow);
    child_release(&child);
}

/* What a process that is killed had been told: emitted[n] once the n-th is durable. */
struct ledger {
    atomic_int emitted;
};

/* Emits and dispatches for ever: it is killed. */
static void live(struct flow_place *place, struct ledger *ledger)
{
    struct child child;
    struct bus *bus = NULL;
    struct bus_options options = {0};
    child_init(&child, place->ctx);
    options.db = flow_place_open_db(place, &child.ctx);
    options.runs = true;
    if (bus_open(&child.ctx, &options, &bus))
        _exit(2);
    while (atomic_load(&ledger->emitted) < EVENTS_MAX) {
        struct flow_event event = order("{\"n\": 1}");
        arena_clear(&child.arena);
        if (db_write(options.db, &child.ctx, emit, &event) == ERR_OK)
            atomic_fetch_add(&ledger->emitted, 1);
        bus_wake(bus);
    }
    _exit(0);
}

/* However busy the machine is: in half of the lives something was told. */
static void await_more(const struct ledger *ledger, int before)
{
    for (int i = 0; i < PATIENCE_MS && atomic_load(&ledger->emitted) == before; i++)
        nanosleep(&(struct timespec){0, 1000000}, NULL);
}

static void kill_some(struct flow_place *place, struct ledger *ledger)
{
    struct test *t = place->t;
    for (int i = 0; i < KILLS; i++) {
        int before = atomic_load(&ledger->emitted);
        pid_t pid = fork();
        REQUIRE(pid >= 0);
        if (pid == 0)
            live(place, ledger);
        if (i % 2)
            await_more(ledger, before);
        int64_t ms = 20 + (int64_t)rand_below(t->ctx->rand, KILL_AFTER_MS_MAX);
        nanosleep(&(struct timespec){0, ms * 1000000}, NULL);
        CHECK_INT(kill(pid, SIGKILL), 0);
        CHECK_INT(waitpid(pid, NULL, 0), pid);
    }
}

static void killed_anywhere_each_comes_once(struct flow_place *place)
{
    static const char *const queues[] = {"one", "two"};
    struct test *t = place->t;
    struct ledger *ledger = mmap(NULL, sizeof *ledger, PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    REQUIRE(ledger != MAP_FAILED);
    add_want(place, (struct want){"one", "{\"source\": [\"shop\"]}", "one", "$.id"});
    add_want(place, (struct want){"two", "{\"detail\": {\"n\": [1]}}", "two", "$.id"});
    db_close(place->db);
    kill_some(place, ledger);
    place->db = flow_place_open_db(place, place->ctx);
    struct bus *bus = open_bus(place, NULL);
    struct clock real = clock_system(); /* as those had that were killed */
    t->clock.now_us = clock_now_us(&real) + SECOND_US;
    run(place, bus);
    size_t events = events_in(place);
    CHECK(events >= (size_t)atomic_load(&ledger->emitted) && events > KILLS);
    for (int i = 0; i < 2; i++) {
        struct bodies *bodies = take_all(place, queues[i]);
        CHECK_INT(bodies->count, events);
        CHECK_INT(count_twice(bodies), 0);
    }
    printf("# %s: %d kills, %zu events\n", place->fixture.engine->name, KILLS, events);
    bus_close(bus);
    munmap(ledger, sizeof *ledger);
}

/* All of them in one database after the other: an engine takes longer to start than they do. */
static const struct {
    const char *what;
    void (*check)(struct flow_place *place);
} checks[] = {
    {"goes to who wants it", goes_to_who_wants_it},
    {"is told whole", is_told_whole},
    {"sees that rules change", sees_that_rules_change},
    {"refuses what cannot be", refuses_what_cannot_be},
    {"a target that fails keeps nobody waiting", target_that_fails_keeps_nobody_waiting},
    {"a replay brings a time again", goes_out_again},
    {"forgets what is old", old_ones_are_forgotten},
    {"every allocation fails", every_allocation_fails},
    {"is brought to consumers", is_brought_to_consumers},
    {"two take each once", two_take_each_once},
    {"killed anywhere each comes once", killed_anywhere_each_comes_once},
};

static void clear(struct flow_place *place)
{
    static const char *const tables[] = {
        "message", "entry", "group",      "line",          "queue",        "moved",      "dedup",
        "event",   "dead",  "event_rule", "event_pending", "event_target", "event_tally"};
    struct test *t = place->t;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char text[64];
        snprintf(text, sizeof text, "DELETE FROM flow_%s", tables[i]);
        const char *const statements[][2] = {{text, text}, {NULL, NULL}};
        CHECK_ERR(run_statements(place->db, place->ctx, statements), ERR_OK);
    }
}

TEST(bus_takes_each_event_to_who_wants_it)
{
    struct flow_place place;
    for (const struct engine *engine = engines; engine->name; engine++) {
        flow_place_open(t, engine, &place);
        for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
            test_note(t, "%s: %s", engine->name, checks[i].what);
            clear(&place);
            int failures = t->failures;
            checks[i].check(&place);
            if (t->failures > failures)
                printf("# failed on %s: %s\n", engine->name, checks[i].what);
        }
        flow_place_close(&place);
    }
}
