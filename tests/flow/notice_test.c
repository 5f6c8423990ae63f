/* What a topic tells while who hears of it is away, and while the disk of the mails is full: each
 * notice is delivered at least once, or ends as failed, and none is lost. */
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "app/wiring.h"
#include "disk.h"
#include "flow/topic.h"
#include "harness/folder.h"
#include "place.h"
#include "ports/calls.h"
#include "ports/mail/driver.h"
#include "ports/mail/mail.h"
#include "ports/secrets/secrets.h"
#include "ports/sms/sms.h"
#include "web/request.h"

struct shop wiring_shop; /* the program's consumers name it; no message is for it here */

enum {
    NOTICES = 6,
    DELIVERIES = 2 * NOTICES, /* a webhook and a mail each, beside who is gone */
    LISTED_MAX = 64,
    STEP_MS = 100,
    STEPS_MAX = 250,
};

/* Ten times as fast as the real one: pauses pass, and nobody loses what they work on. */
struct quick_clock {
    struct clock clock;
    int64_t begun_us;
};

static int64_t quick_now_us(struct clock *clock)
{
    struct clock real = clock_system();
    int64_t begun_us = ((struct quick_clock *)clock)->begun_us;
    return begun_us + 10 * (clock_now_us(&real) - begun_us);
}

struct hall {
    struct test *t;
    struct flow_place place;
    struct ports ports;
    struct calls calls, gone;
    struct quick_clock clock;
    struct rand rand, id_rand;
    struct id_source ids;
    struct disk disk;
    struct worker worker;
    struct flow *flow;
};

static enum err furnish(struct tx *tx, void *arg)
{
    struct queue queue;
    struct queue_options options = queue_usual;
    (void)arg;
    options.name = STR("erp");
    TRY(queue_create(tx, &options, &queue));
    return topic_make(tx, STR("orders"), STR("Your orders"));
}

static void hall_open_ports(struct hall *hall)
{
    struct test *t = hall->t;
    const char *folder = test_folder(t, "flow/notices");
    hall->ports = (struct ports){
        .db = hall->place.db, .http = hall->calls.client, .site_url = STR("https://stoa.example")};
    REQUIRE(secrets_open(t->ctx, &(struct secrets_options){.folder = folder},
                         &hall->ports.secrets) == ERR_OK);
    REQUIRE(mail_open(t->ctx,
                      &(struct mailer_options){.url = STR("outbox:"),
                                               .folder = str_from(hall->disk.folder),
                                               .from = STR("shop@stoa.example")},
                      &hall->ports.mail) == ERR_OK);
    REQUIRE(sms_open(t->ctx,
                     &(struct sms_options){
                         .url = STR("outbox:"), .folder = str_from(folder), .from = STR("Stoa")},
                     &hall->ports.sms) == ERR_OK);
}

static void hall_open(struct test *t, const struct engine *engine, const struct scene scenes[],
                      size_t count, struct hall *hall)
{
    static const struct scene gone = {.answer = "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"};
    struct clock real = clock_system();
    *hall = (struct hall){.t = t, .rand = rand_system(), .id_rand = rand_system()};
    disk_open(t, "flow/notices_disk", &hall->disk);
    calls_open(t, &hall->calls, scenes, count);
    calls_open(t, &hall->gone, &gone, 1);
    flow_place_open(t, engine, &hall->place);
    hall_open_ports(hall);
    hall->clock = (struct quick_clock){{quick_now_us, real.tick_us}, clock_now_us(&real)};
    id_source_init(&hall->ids, &hall->clock.clock, &hall->id_rand);
    worker_init(&hall->worker, t);
    hall->worker.ctx.clock = &hall->clock.clock;
    hall->worker.ctx.rand = &hall->rand;
    hall->worker.ctx.ids = &hall->ids;
    REQUIRE(db_write(hall->place.db, &hall->worker.ctx, furnish, NULL) == ERR_OK);
    struct flow_options options = {
        .db = hall->place.db, .ports = &hall->ports, .consumers = wiring_consumers};
    REQUIRE(flow_open(&hall->worker.ctx, &options, &hall->flow) == ERR_OK);
}

static void hall_close(struct hall *hall)
{
    flow_close(hall->flow);
    sms_close(hall->ports.sms);
    mail_close(hall->ports.mail);
    secrets_close(hall->ports.secrets);
    id_source_release(&hall->ids);
    worker_release(&hall->worker);
    flow_place_close(&hall->place);
    calls_close(&hall->gone);
    calls_close(&hall->calls);
}

static enum err subscribe(struct tx *tx, void *arg)
{
    char id[ID_TEXT_MAX];
    return topic_subscribe(tx, arg, id);
}

static void listens(struct hall *hall, enum topic_channel channel, struct str target)
{
    struct test *t = hall->t;
    struct topic_subscriber who = {.topic = STR("orders"), .channel = channel, .target = target};
    REQUIRE(db_write(hall->place.db, &hall->worker.ctx, subscribe, &who) == ERR_OK);
}

static enum err tell(struct tx *tx, void *arg)
{
    return topic_tell(tx, arg);
}

static void tell_order(struct hall *hall, int number)
{
    struct test *t = hall->t;
    char body[64];
    snprintf(body, sizeof body, "{\"order\":\"ord_%d\"}", number);
    struct topic_notice notice = {.topic = STR("orders"),
                                  .subject = STR("It is on its way"),
                                  .words = str_from(body),
                                  .body = str_from(body)};
    REQUIRE(db_write(hall->place.db, &hall->worker.ctx, tell, &notice) == ERR_OK);
}

/* Each delivery by what became of it. Who is gone for good is not told of what comes later. */
struct fates {
    struct topic_deliveries found;
    int sent, failed, waiting, tried;
};

static enum err list_deliveries(struct tx *tx, void *arg)
{
    struct fates *fates = arg;
    return topic_deliveries(tx, STR(""), STR(""), LISTED_MAX, &fates->found);
}

static struct fates look(struct hall *hall)
{
    struct test *t = hall->t;
    struct fates fates = {0};
    arena_clear(&hall->worker.arena);
    REQUIRE(db_read(hall->place.db, &hall->worker.ctx, list_deliveries, &fates) == ERR_OK);
    for (size_t i = 0; i < fates.found.count; i++) {
        const struct topic_delivery *delivery = &fates.found.list[i];
        fates.sent += str_equal(delivery->state, STR("sent"));
        fates.failed += str_equal(delivery->state, STR("failed"));
        fates.tried += delivery->tries > 0 && !str_equal(delivery->state, STR("failed"));
    }
    fates.waiting = (int)fates.found.count - fates.sent - fates.failed;
    return fates;
}

static void pause_ms(int64_t ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

/* Until each was tried once: by then the disk has been full and the receiver away for all. */
static void await_tries(struct hall *hall)
{
    struct fates fates = {0};
    for (int i = 0; i < STEPS_MAX && fates.tried < DELIVERIES; i++, pause_ms(STEP_MS))
        fates = look(hall);
    struct test *t = hall->t;
    CHECK_INT(fates.tried, DELIVERIES);
    CHECK(!hall->disk.mounted || fates.sent <= NOTICES); /* no mail */
}

static struct fates await_ends(struct hall *hall)
{
    struct fates fates = {.waiting = 1};
    for (int i = 0; i < STEPS_MAX && fates.waiting; i++, pause_ms(STEP_MS))
        fates = look(hall);
    return fates;
}

static int mails_in(struct hall *hall)
{
    struct test *t = hall->t;
    struct mail_row mails[LISTED_MAX];
    size_t count = 0;
    CHECK_ERR(mail_list(hall->ports.mail, t->ctx, STR(""), mails, LISTED_MAX, &count), ERR_OK);
    return (int)count;
}

static enum err count_erp(struct tx *tx, void *arg)
{
    struct queue queue;
    TRY(queue_find(tx, STR("erp"), &queue));
    return queue_count(tx, &queue, arg);
}

static void tell_while_away(struct hall *hall)
{
    struct test *t = hall->t;
    struct queue_counts counts = {0};
    listens(hall, TOPIC_EMAIL, STR("ada@example.com"));
    listens(hall, TOPIC_QUEUE, STR("erp"));
    listens(hall, TOPIC_WEBHOOK, calls_url(&hall->calls, "/hook"));
    listens(hall, TOPIC_WEBHOOK, calls_url(&hall->gone, "/gone"));
    if (hall->disk.mounted)
        disk_fill(&hall->disk);
    for (int i = 1; i <= NOTICES; i++)
        tell_order(hall, i);
    await_tries(hall);
    if (hall->disk.mounted)
        disk_free(&hall->disk);
    struct fates fates = await_ends(hall);
    CHECK_INT(fates.waiting, 0);
    CHECK_INT(fates.sent, DELIVERIES);
    CHECK(fates.failed > 0); /* to whom is gone */
    CHECK(mails_in(hall) >= NOTICES);
    CHECK_ERR(db_read(hall->place.db, &hall->worker.ctx, count_erp, &counts), ERR_OK);
    CHECK_INT(counts.visible, NOTICES);
    printf("# %s, a %s disk: %d calls of which %d were heard out, %d mails\n",
           hall->place.fixture.engine->name, hall->disk.mounted ? "full" : "usual",
           hall->calls.peer.requests, fates.sent - NOTICES, mails_in(hall));
}

/* No answer, but not five times in a row: then it would be left alone for a minute. */
#define AWAY                              \
    {                                     \
        .answer = "", .then = PEER_RESETS \
    }

TEST(notices_reach_who_was_away_and_end)
{
    static const struct scene scenes[] = {
        AWAY, AWAY, AWAY, AWAY, {.answer = "HTTP/1.1 204 Ok\r\n\r\n"}};
    for (const struct engine *engine = engines; engine->name; engine++) {
        struct hall *hall = ARENA_NEW(t->arena, struct hall);
        char order[16];
        REQUIRE(hall);
        test_note(t, "%s", engine->name);
        hall_open(t, engine, scenes, sizeof scenes / sizeof *scenes, hall);
        tell_while_away(hall);
        hall_close(hall);
        for (int i = 1; i <= NOTICES; i++) {
            snprintf(order, sizeof order, "\"ord_%d\"", i);
            CHECK(peer_heard(&hall->calls.peer, order));
        }
    }
}
