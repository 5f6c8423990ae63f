/* Events that go to topics and webhooks, and what is counted of each, on both engines. */
#include "flow/bus_kind.h"

#include <string.h>

#include "flow/bus_inside.h"
#include "flow/topic.h"
#include "harness/folder.h"
#include "place.h"
#include "ports/calls.h"
#include "ports/secrets/secrets.h"
#include "web/request.h"

#define RULE STR("tell")

struct hall {
    struct test *t;
    struct flow_place place;
    struct ports ports;
    struct calls calls;
    struct bus *bus;
};

static enum err furnish(struct tx *tx, void *arg)
{
    static const char *const names[] = {TOPIC_QUEUE_TOLD, TOPIC_QUEUE_WEBHOOK, "erp"};
    struct queue queue;
    char id[ID_TEXT_MAX];
    (void)arg;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct queue_options options = queue_usual;
        options.name = str_from(names[i]);
        TRY(queue_create(tx, &options, &queue));
    }
    TRY(topic_make(tx, STR("orders"), STR("Your orders")));
    return topic_subscribe(tx,
                           &(struct topic_subscriber){.topic = STR("orders"),
                                                      .channel = TOPIC_QUEUE,
                                                      .target = STR("erp")},
                           id);
}

static void hall_open(struct test *t, const struct engine *engine, const struct scene scenes[],
                      size_t count, struct hall *hall)
{
    *hall = (struct hall){.t = t};
    calls_open(t, &hall->calls, scenes, count);
    flow_place_open(t, engine, &hall->place);
    hall->ports.db = hall->place.db;
    hall->ports.http = hall->calls.client;
    REQUIRE(secrets_open(t->ctx, &(struct secrets_options){.folder = test_folder(t, "bus_kind")},
                         &hall->ports.secrets) == ERR_OK);
    REQUIRE(db_write(hall->ports.db, t->ctx, furnish, NULL) == ERR_OK);
    REQUIRE(bus_open(t->ctx, &(struct bus_options){.db = hall->ports.db, .kinds = bus_kinds},
                     &hall->bus) == ERR_OK);
}

static void hall_close(struct hall *hall)
{
    bus_close(hall->bus);
    secrets_close(hall->ports.secrets);
    flow_place_close(&hall->place);
    calls_close(&hall->calls);
}

static enum err set_rule(struct tx *tx, void *arg)
{
    return bus_rule_set(tx, arg);
}

static void set(struct hall *hall, const struct bus_target targets[], size_t count)
{
    struct test *t = hall->t;
    struct bus_rule rule = {.name = RULE,
                            .pattern = STR("{\"source\":[\"shop\"]}"),
                            .enabled = true,
                            .targets = targets,
                            .target_count = count};
    CHECK_ERR(db_write(hall->ports.db, t->ctx, set_rule, &rule), ERR_OK);
}

static enum err emit(struct tx *tx, void *arg)
{
    return flow_emit(tx, arg);
}

/* An event, as far as the bus brings it; the clock goes on, so that what was counted is written. */
static void tell(struct hall *hall, const char *detail)
{
    struct test *t = hall->t;
    size_t taken = 0;
    struct flow_event event = {
        .source = STR("shop"), .type = STR("order.placed"), .detail = str_from(detail)};
    CHECK_ERR(db_write(hall->ports.db, t->ctx, emit, &event), ERR_OK);
    do {
        CHECK_ERR(bus_dispatch(hall->bus, t->ctx, &taken), ERR_OK);
    } while (taken && t->failures == 0);
    fake_clock_turn(&t->clock, 2 * BUS_TALLY_MS * INT64_C(1000));
    CHECK_ERR(bus_dispatch(hall->bus, t->ctx, &taken), ERR_OK);
}

struct round {
    struct hall *hall;
    struct str name;
    struct queue queue;
    struct queue_messages got;
};

static enum err take(struct tx *tx, void *arg)
{
    struct round *round = arg;
    TRY(queue_find(tx, round->name, &round->queue));
    return queue_receive(
        tx, &round->queue,
        &(struct queue_want){.max = QUEUE_BATCH_MAX, .visibility_s = QUEUE_DEFAULT}, &round->got);
}

static enum err fan_out(struct tx *tx, void *arg)
{
    struct round *round = arg;
    for (size_t i = 0; i < round->got.count; i++) {
        TRY(queue_delete(tx, &round->queue, &round->got.list[i].receipt));
        TRY(topic_fan_out(tx, &round->hall->ports, &round->got.list[i]));
    }
    return ERR_OK;
}

static struct round taken_from(struct hall *hall, const char *queue)
{
    struct test *t = hall->t;
    struct round round = {.hall = hall, .name = str_from(queue)};
    REQUIRE(db_write(hall->ports.db, t->ctx, take, &round) == ERR_OK);
    return round;
}

static void spread(struct hall *hall)
{
    struct test *t = hall->t;
    struct round round = taken_from(hall, TOPIC_QUEUE_TOLD);
    CHECK_ERR(db_write(hall->ports.db, t->ctx, fan_out, &round), ERR_OK);
}

struct counted {
    struct bus_tallies tallies;
    struct topic_deliveries deliveries;
    int64_t oldest_us;
};

static enum err count(struct tx *tx, void *arg)
{
    struct counted *counted = arg;
    TRY(bus_tallies(tx, RULE, &counted->tallies));
    TRY(topic_deliveries(tx, STR(""), STR(""), QUEUE_BATCH_MAX, &counted->deliveries));
    return bus_oldest(tx, &counted->oldest_us);
}

static struct counted counted_in(struct hall *hall)
{
    struct test *t = hall->t;
    struct counted counted = {.oldest_us = 0};
    REQUIRE(db_read(hall->ports.db, t->ctx, count, &counted) == ERR_OK);
    return counted;
}

static void topic_is_told(struct hall *hall)
{
    static const struct bus_target target = {STR("topic"), STR("orders"),
                                             STR("{\"number\": <$.detail.n>}")};
    struct test *t = hall->t;
    set(hall, &target, 1);
    tell(hall, "{\"n\":7}");
    spread(hall);
    struct round round = taken_from(hall, "erp");
    REQUIRE(round.got.count == 1);
    CHECK(str_find(round.got.list[0].body, STR("\"data\":{\"number\":7}")) != STR_NONE);
    CHECK(str_find(round.got.list[0].body, STR("\"subject\":\"order.placed\"")) != STR_NONE);
    struct counted counted = counted_in(hall);
    CHECK_INT(counted.tallies.rule.taken, 1);
    CHECK_INT(counted.tallies.targets[0].taken, 1);
    CHECK_INT(counted.oldest_us, 0);
}

/* What was matched stays when the targets are others; what they took does not. */
static void failure_is_counted(struct hall *hall)
{
    static const struct bus_target targets[] = {{STR("topic"), STR("orders"), STR("$.detail.n")},
                                                {STR("topic"), STR("gone"), STR("")},
                                                {STR("topic"), STR("orders"), STR("$.detail.no")},
                                                {STR("topic"), STR("orders"), STR("")}};
    struct test *t = hall->t;
    set(hall, targets, 4);
    CHECK_INT(counted_in(hall).tallies.targets[0].taken, 0);
    tell(hall, "{\"n\":8}");
    struct bus_tallies tallies = counted_in(hall).tallies;
    CHECK_INT(tallies.rule.taken, 2);
    for (int i = 0; i < 3; i++) {
        CHECK_INT(tallies.targets[i].failed, 1);
        CHECK_INT(tallies.targets[i].taken, 0);
        CHECK(bus_is_failing(&tallies.targets[i]) && tallies.targets[i].reason.len > 0);
    }
    CHECK_INT(tallies.targets[3].taken, 1);
    CHECK(!bus_is_failing(&tallies.targets[3]));
}

struct noting {
    const struct queue_message *message;
    void *told;
};

static enum err note(struct tx *tx, void *arg)
{
    struct noting *noting = arg;
    return topic_note(tx, noting->message, noting->told);
}

static void deliver(struct hall *hall)
{
    struct test *t = hall->t;
    struct flow_outcome outcome = {.again_us = 0};
    struct round round = taken_from(hall, TOPIC_QUEUE_WEBHOOK);
    REQUIRE(round.got.count == 1);
    CHECK_ERR(topic_carry(t->ctx, &hall->ports, &round.got.list[0], &outcome), ERR_OK);
    struct noting noting = {&round.got.list[0], outcome.told};
    CHECK_ERR(db_write(hall->ports.db, t->ctx, note, &noting), ERR_OK);
    fake_clock_turn(&t->clock, MINUTE_US);
}

struct hook {
    struct str url, id;
    char made[ID_TEXT_MAX];
};

static enum err find_hook(struct tx *tx, void *arg)
{
    struct hook *hook = arg;
    char text[BUS_OWNER_MAX];
    return bus_webhook_find(tx, bus_webhook_owner(RULE, hook->url, text), hook->url, &hook->id);
}

static enum err make_hook(struct tx *tx, void *arg)
{
    struct hook *hook = arg;
    return bus_webhook(tx, RULE, hook->url, hook->made);
}

/* Made with the first event; tried again; ended with the target. */
static void webhook_is_called(struct hall *hall)
{
    struct test *t = hall->t;
    struct hook hook = {.url = calls_url(&hall->calls, "/hook")};
    const struct bus_target target = {STR("webhook"), hook.url, STR("$.detail")};
    set(hall, &target, 1);
    CHECK_ERR(db_read(hall->ports.db, t->ctx, find_hook, &hook), ERR_MISSING);
    tell(hall, "{\"n\":9}");
    spread(hall);
    deliver(hall);
    struct topic_deliveries found = counted_in(hall).deliveries;
    REQUIRE(found.count == 1);
    CHECK_STR(found.list[0].state, "waiting");
    CHECK_INT(found.list[0].status, 500);
    deliver(hall);
    CHECK_STR(counted_in(hall).deliveries.list[0].state, "sent");
    CHECK_ERR(db_read(hall->ports.db, t->ctx, find_hook, &hook), ERR_OK);
    CHECK_ERR(db_write(hall->ports.db, t->ctx, make_hook, &hook), ERR_OK);
    CHECK_STR(str_slice(hook.id, hook.id.len - ID_DIGITS, hook.id.len), hook.made + strlen("sub_"));
    set(hall, NULL, 0);
    CHECK_ERR(db_read(hall->ports.db, t->ctx, find_hook, &hook), ERR_MISSING);
}

TEST(bus_brings_events_to_topics_and_webhooks)
{
    static const struct scene scenes[] = {
        {.answer = "HTTP/1.1 500 No\r\nContent-Length: 4\r\n\r\nbusy"},
        {.answer = "HTTP/1.1 204 Ok\r\n\r\n"}};
    for (const struct engine *engine = engines; engine->name; engine++) {
        struct hall hall;
        hall_open(t, engine, scenes, 2, &hall);
        topic_is_told(&hall);
        failure_is_counted(&hall);
        spread(&hall);
        webhook_is_called(&hall);
        CHECK_INT(hall.calls.peer.requests, 2);
        hall_close(&hall);
        CHECK(peer_heard(&hall.calls.peer, "webhook-signature: v1,"));
        CHECK(peer_heard(&hall.calls.peer, "\"data\":{\"n\":9}"));
    }
}

struct asking {
    struct bus_target target;
};

static enum err check(struct tx *tx, void *arg)
{
    const struct asking *asking = arg;
    return bus_target_check(tx, &asking->target);
}

TEST(bus_target_is_checked_by_its_kind)
{
    static const struct {
        struct bus_target target;
        enum err err;
    } rows[] = {
        {{STR("queue"), STR("erp"), STR("")}, ERR_OK},
        {{STR("queue"), STR("nowhere"), STR("")}, ERR_MISSING},
        {{STR("topic"), STR("orders"), STR("")}, ERR_OK},
        {{STR("topic"), STR("nowhere"), STR("")}, ERR_MISSING},
        {{STR("webhook"), STR("https://erp.example/hook"), STR("")}, ERR_OK},
        {{STR("webhook"), STR("https://"), STR("")}, ERR_INPUT},
        {{STR("webhook"), STR("ftp://erp.example"), STR("")}, ERR_INPUT},
        {{STR("webhook"), STR("https://erp.example/a b"), STR("")}, ERR_INPUT},
        {{STR("pigeon"), STR("erp"), STR("")}, ERR_INPUT},
    };
    struct hall hall;
    hall_open(t, &engines[0], (const struct scene[]){{.answer = ""}}, 0, &hall);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct asking asking = {rows[i].target};
        test_note(t, STR_FMT, STR_ARG(rows[i].target.name));
        CHECK_ERR(db_read(hall.ports.db, t->ctx, check, &asking), rows[i].err);
    }
    hall_close(&hall);
}
