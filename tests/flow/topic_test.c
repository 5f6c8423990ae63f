/* Topics on both engines: who hears what, once, and what becomes of each delivery. */
#include "flow/topic.h"

#include <stdio.h>
#include <string.h>

#include "flow/topic_inside.h"
#include "harness/folder.h"
#include "place.h"
#include "ports/calls.h"
#include "ports/mail/driver.h"
#include "ports/secrets/secrets.h"
#include "ports/sms/driver.h"
#include "web/request.h"

const struct mail_driver *const mail_drivers[] = {&mail_outbox, NULL};
const struct sms_driver *const sms_drivers[] = {&sms_outbox, NULL};

enum { CROWD = 2 * TOPIC_ROUND_MAX + 3, TARGET_ROOM = 64 };

#define BODY STR("{\"order\":\"ord_1\",\"total\":120}")

struct hall {
    struct test *t;
    struct flow_place place;
    struct ports ports;
    struct calls calls;
};

static const char *const queues[] = {TOPIC_QUEUE_TOLD, TOPIC_QUEUE_EMAIL, TOPIC_QUEUE_SMS,
                                     TOPIC_QUEUE_WEBHOOK, "erp"};

static enum err furnish(struct tx *tx, void *arg)
{
    struct queue queue;
    (void)arg;
    for (size_t i = 0; i < sizeof queues / sizeof *queues; i++) {
        struct queue_options options = queue_usual;
        options.name = str_from(queues[i]);
        TRY(queue_create(tx, &options, &queue));
    }
    return topic_make(tx, STR("orders"), STR("Your orders"));
}

static void hall_open(struct test *t, const struct engine *engine, const struct scene scenes[],
                      size_t count, struct hall *hall)
{
    const char *folder = test_folder(t, "topic");
    *hall = (struct hall){.t = t};
    calls_open(t, &hall->calls, scenes, count);
    flow_place_open(t, engine, &hall->place);
    hall->ports.db = hall->place.db;
    hall->ports.http = hall->calls.client;
    hall->ports.site_url = STR("https://stoa.example");
    REQUIRE(secrets_open(t->ctx, &(struct secrets_options){.folder = folder},
                         &hall->ports.secrets) == ERR_OK);
    REQUIRE(mail_open(t->ctx,
                      &(struct mailer_options){.url = STR("outbox:"),
                                               .folder = str_from(folder),
                                               .from = STR("shop@stoa.example")},
                      &hall->ports.mail) == ERR_OK);
    REQUIRE(sms_open(t->ctx,
                     &(struct sms_options){
                         .url = STR("outbox:"), .folder = str_from(folder), .from = STR("Stoa")},
                     &hall->ports.sms) == ERR_OK);
    REQUIRE(db_write(hall->ports.db, t->ctx, furnish, NULL) == ERR_OK);
}

static void hall_close(struct hall *hall)
{
    sms_close(hall->ports.sms);
    mail_close(hall->ports.mail);
    secrets_close(hall->ports.secrets);
    flow_place_close(&hall->place);
    calls_close(&hall->calls);
}

struct subscribing {
    struct topic_subscriber who;
    char id[ID_TEXT_MAX];
};

static enum err subscribe(struct tx *tx, void *arg)
{
    struct subscribing *subscribing = arg;
    return topic_subscribe(tx, &subscribing->who, subscribing->id);
}

static enum err unsubscribe(struct tx *tx, void *arg)
{
    const struct subscribing *subscribing = arg;
    return topic_unsubscribe(tx, str_from(subscribing->id));
}

static enum err refuse(struct tx *tx, void *arg)
{
    const struct subscribing *subscribing = arg;
    return topic_prefer(tx, subscribing->who.owner, subscribing->who.topic,
                        subscribing->who.channel, false);
}

static enum err tell(struct tx *tx, void *arg)
{
    return topic_tell(tx, arg);
}

static struct subscribing listens(struct hall *hall, enum topic_channel channel, const char *target,
                                  const char *filter)
{
    struct test *t = hall->t;
    struct subscribing subscribing = {.who = {.topic = STR("orders"),
                                              .channel = channel,
                                              .target = str_from(target),
                                              .filter = str_from(filter)}};
    CHECK_ERR(db_write(hall->ports.db, t->ctx, subscribe, &subscribing), ERR_OK);
    return subscribing;
}

static void tell_order(struct hall *hall, const char *owner)
{
    struct test *t = hall->t;
    struct topic_notice notice = {.topic = STR("orders"),
                                  .subject = STR("It is on its way"),
                                  .words = STR("Your parcel comes tomorrow."),
                                  .body = BODY,
                                  .owner = str_from(owner)};
    CHECK_ERR(db_write(hall->ports.db, t->ctx, tell, &notice), ERR_OK);
}

/* A worker's round: what waits in a queue is taken, and done. */
struct round {
    struct hall *hall;
    struct str queue_name;
    struct queue queue;
    struct queue_messages got;
    size_t at;
    struct flow_outcome outcome;
};

static enum err take(struct tx *tx, void *arg)
{
    struct round *round = arg;
    TRY(queue_find(tx, round->queue_name, &round->queue));
    return queue_receive(
        tx, &round->queue,
        &(struct queue_want){.max = QUEUE_BATCH_MAX, .visibility_s = QUEUE_DEFAULT}, &round->got);
}

static enum err finish(struct tx *tx, void *arg)
{
    struct round *round = arg;
    const struct queue_message *message = &round->got.list[round->at];
    if (round->outcome.again_us)
        TRY(queue_give_back(tx, &round->queue, message, round->outcome.again_us));
    else
        TRY(queue_delete(tx, &round->queue, &message->receipt));
    if (round->outcome.told)
        return topic_note(tx, message, round->outcome.told);
    return str_equal(round->queue_name, STR(TOPIC_QUEUE_TOLD))
               ? topic_fan_out(tx, &round->hall->ports, message)
               : ERR_OK;
}

/* How many were done; those that failed come again after a pause. */
static int work(struct hall *hall, const char *queue)
{
    struct test *t = hall->t;
    struct round round = {.hall = hall, .queue_name = str_from(queue)};
    int done = 0;
    bool carries = strncmp(queue, "topics-", strlen("topics-")) == 0;
    do {
        REQUIRE(db_write(hall->ports.db, t->ctx, take, &round) == ERR_OK);
        for (round.at = 0; round.at < round.got.count; round.at++) {
            const struct queue_message *message = &round.got.list[round.at];
            round.outcome = (struct flow_outcome){.again_us = 0};
            if (carries)
                CHECK_ERR(topic_carry(t->ctx, &hall->ports, message, &round.outcome), ERR_OK);
            CHECK_ERR(db_write(hall->ports.db, t->ctx, finish, &round), ERR_OK);
            done += !round.outcome.again_us;
        }
    } while (round.got.count > 0);
    return done;
}

struct reading {
    struct topic_deliveries found;
};

static enum err read_deliveries(struct tx *tx, void *arg)
{
    struct reading *reading = arg;
    return topic_deliveries(tx, STR(""), STR(""), QUEUE_BATCH_MAX, &reading->found);
}

static struct topic_delivery newest(struct hall *hall)
{
    struct test *t = hall->t;
    struct reading reading;
    REQUIRE(db_read(hall->ports.db, t->ctx, read_deliveries, &reading) == ERR_OK);
    REQUIRE(reading.found.count > 0);
    return reading.found.list[0];
}

static enum err again(struct tx *tx, void *arg)
{
    return topic_deliver_again(tx, *(struct str *)arg);
}

static void reaches_each_channel(struct hall *hall)
{
    struct test *t = hall->t;
    struct mail_row mails[2];
    struct sms_row texts[2];
    struct str mail;
    size_t count;
    listens(hall, TOPIC_EMAIL, "ada@example.com", "");
    listens(hall, TOPIC_SMS, "+4915112345678", "{\"total\": [{\"numeric\": [\">\", 100]}]}");
    listens(hall, TOPIC_SMS, "+4915112345679", "{\"total\": [{\"numeric\": [\">\", 200]}]}");
    listens(hall, TOPIC_QUEUE, "erp", "");
    tell_order(hall, "");
    CHECK_INT(work(hall, TOPIC_QUEUE_TOLD), 0); /* so few have it where it is told */
    CHECK_INT(work(hall, TOPIC_QUEUE_EMAIL), 1);
    CHECK_INT(work(hall, TOPIC_QUEUE_SMS), 1);
    REQUIRE(mail_list(hall->ports.mail, t->ctx, STR(""), mails, 2, &count) == ERR_OK);
    REQUIRE(count == 1);
    CHECK_STR(mails[0].to, "ada@example.com");
    CHECK_STR(mails[0].subject, "It is on its way");
    REQUIRE(mail_read(hall->ports.mail, t->ctx, str_from(mails[0].id), &mail) == ERR_OK);
    CHECK(str_find(mail, STR("https://stoa.example/unsubscribe/sub_")) != STR_NONE);
    REQUIRE(sms_list(hall->ports.sms, t->ctx, STR(""), texts, 2, &count) == ERR_OK && count == 1);
    CHECK_STR(texts[0].to, "+4915112345678");
    struct round round = {.hall = hall, .queue_name = STR("erp")};
    REQUIRE(db_write(hall->ports.db, t->ctx, take, &round) == ERR_OK && round.got.count == 1);
    CHECK(str_find(round.got.list[0].body, STR("\"data\":{\"order\":\"ord_1\"")) != STR_NONE);
}

/* One that ended, one that does not want it, and one for whom it is not. */
static void reaches_nobody_else(struct hall *hall)
{
    struct test *t = hall->t;
    struct subscribing gone = listens(hall, TOPIC_EMAIL, "bob@example.com", "");
    CHECK_ERR(db_write(hall->ports.db, t->ctx, unsubscribe, &gone), ERR_OK);
    CHECK_ERR(db_write(hall->ports.db, t->ctx, unsubscribe, &gone), ERR_MISSING);
    struct subscribing quiet = {.who = {.topic = STR("orders"),
                                        .channel = TOPIC_EMAIL,
                                        .target = STR("cara@example.com"),
                                        .owner = STR("per_c")}};
    CHECK_ERR(db_write(hall->ports.db, t->ctx, subscribe, &quiet), ERR_OK);
    tell_order(hall, "per_c");
    CHECK_INT(work(hall, TOPIC_QUEUE_EMAIL), 1);
    CHECK_STR(newest(hall).target, "cara@example.com");
    CHECK_ERR(db_write(hall->ports.db, t->ctx, refuse, &quiet), ERR_OK);
    tell_order(hall, "per_c");
    CHECK_INT(work(hall, TOPIC_QUEUE_EMAIL), 0);
}

TEST(topic_reaches_who_asked_and_nobody_else)
{
    static const struct scene scenes[] = {{.answer = "HTTP/1.1 204 Ok\r\n\r\n"}};
    for (const struct engine *engine = engines; engine->name; engine++) {
        struct hall hall;
        hall_open(t, engine, scenes, 1, &hall);
        reaches_each_channel(&hall);
        reaches_nobody_else(&hall);
        hall_close(&hall);
    }
}

/* What is done to one subscription by its id. */
struct changing {
    struct str id;
    int64_t turns, count;
    bool off;
};

static enum err switch_off(struct tx *tx, void *arg)
{
    const struct changing *changing = arg;
    return topic_turn_off(tx, changing->id, changing->off);
}

static enum err turn_secret(struct tx *tx, void *arg)
{
    struct changing *changing = arg;
    return topic_turn_secret(tx, changing->id, &changing->turns);
}

static enum err all_again(struct tx *tx, void *arg)
{
    struct changing *changing = arg;
    return topic_deliver_all_again(tx, changing->id, &changing->count);
}

static enum err send_test(struct tx *tx, void *arg)
{
    const struct changing *changing = arg;
    return topic_test(tx, changing->id);
}

static enum err look(struct tx *tx, void *arg)
{
    return topic_look(tx, arg);
}

static struct topic_state state_of(struct hall *hall)
{
    struct test *t = hall->t;
    struct topic_state state = {0};
    CHECK_ERR(db_read(hall->ports.db, t->ctx, look, &state), ERR_OK);
    return state;
}

static struct subscribing listens_by_hook(struct hall *hall)
{
    struct test *t = hall->t;
    const char *text;
    REQUIRE(str_cstr(t->arena, calls_url(&hall->calls, "/hook"), &text) == ERR_OK);
    return listens(hall, TOPIC_WEBHOOK, text, "");
}

/* Refused, taken when it came again, and gone when it was sent once more: then it hears no more. */
static void hook_fails_recovers_and_goes(struct hall *hall)
{
    struct test *t = hall->t;
    tell_order(hall, "");
    CHECK_INT(work(hall, TOPIC_QUEUE_WEBHOOK), 0);
    CHECK_STR(newest(hall).state, "waiting");
    CHECK_INT(newest(hall).status, 500);
    CHECK(str_find(newest(hall).answer, STR("busy")) != STR_NONE);
    CHECK_INT(state_of(hall).failing, 1);
    CHECK(state_of(hall).waiting_us > 0);
    struct str id = newest(hall).id;
    CHECK_ERR(db_write(hall->ports.db, t->ctx, again, &id), ERR_CONFLICT);
    fake_clock_turn(&t->clock, 2 * SECOND_US);
    CHECK_INT(work(hall, TOPIC_QUEUE_WEBHOOK), 1);
    CHECK_STR(newest(hall).state, "sent");
    CHECK_INT(newest(hall).tries, 2);
    CHECK_INT(state_of(hall).failing, 0);
    CHECK_ERR(db_write(hall->ports.db, t->ctx, again, &id), ERR_OK);
    CHECK_INT(work(hall, TOPIC_QUEUE_WEBHOOK), 1);
    CHECK_STR(newest(hall).state, "failed");
    tell_order(hall, "");
    CHECK(str_equal(newest(hall).id, id));
}

TEST(topic_webhook_is_signed_tried_again_and_seen)
{
    static const struct scene scenes[] = {
        {.answer = "HTTP/1.1 500 No\r\nContent-Length: 4\r\n\r\nbusy"},
        {.answer = "HTTP/1.1 204 Ok\r\n\r\n"},
        {.answer = "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"}};
    for (const struct engine *engine = engines; engine->name; engine++) {
        struct hall hall;
        char secret[TOPIC_SECRET_TEXT], next[TOPIC_SECRET_TEXT];
        hall_open(t, engine, scenes, 3, &hall);
        struct subscribing hook = listens_by_hook(&hall);
        struct changing changing = {.id = str_from(hook.id)};
        CHECK_ERR(topic_secret(hall.ports.secrets, t->ctx, changing.id, 0, secret), ERR_OK);
        CHECK(strncmp(secret, "whsec_", 6) == 0 && strlen(secret) == 6 + 44);
        CHECK_ERR(db_write(hall.ports.db, t->ctx, turn_secret, &changing), ERR_OK);
        CHECK_ERR(topic_secret(hall.ports.secrets, t->ctx, changing.id, changing.turns, next),
                  ERR_OK);
        CHECK(strcmp(secret, next) != 0);
        hook_fails_recovers_and_goes(&hall);
        CHECK_INT(hall.calls.peer.requests, 3);
        hall_close(&hall);
        CHECK(peer_heard(&hall.calls.peer, "webhook-signature: v1,"));
        CHECK(peer_heard(&hall.calls.peer, "= v1,")); /* of the secret before, beside it */
        CHECK(peer_heard(&hall.calls.peer, "webhook-id: dlv_"));
        CHECK(peer_heard(&hall.calls.peer, "\"type\":\"orders\""));
    }
}

static void fails_until_left_alone(struct hall *hall)
{
    struct test *t = hall->t;
    for (int i = 0; i < TOPIC_FAILURES_MAX; i++)
        tell_order(hall, "");
    CHECK_INT(work(hall, TOPIC_QUEUE_WEBHOOK), 0);
    CHECK_INT(hall->calls.peer.requests, TOPIC_FAILURES_MAX);
    CHECK_INT(state_of(hall).shut, 1);
    fake_clock_turn(&t->clock, 5 * SECOND_US);
    CHECK_INT(work(hall, TOPIC_QUEUE_WEBHOOK), 0);
    CHECK_INT(hall->calls.peer.requests, TOPIC_FAILURES_MAX);
    fake_clock_turn(&t->clock, (TOPIC_SHUT_S + 10) * SECOND_US);
    CHECK_INT(work(hall, TOPIC_QUEUE_WEBHOOK), TOPIC_FAILURES_MAX);
    CHECK_INT(state_of(hall).shut, 0);
    CHECK_INT(state_of(hall).failing, 0);
}

TEST(topic_webhook_that_fails_is_left_alone_and_turned_off_and_on)
{
    static const struct scene bad = {.answer = "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"};
    static const struct scene good = {.answer = "HTTP/1.1 204 Ok\r\n\r\n"};
    const struct scene scenes[] = {bad, bad, bad, bad, bad, good};
    for (const struct engine *engine = engines; engine->name; engine++) {
        struct hall hall;
        hall_open(t, engine, scenes, 6, &hall);
        struct subscribing hook = listens_by_hook(&hall);
        struct changing changing = {.id = str_from(hook.id), .off = true};
        fails_until_left_alone(&hall);
        tell_order(&hall, "");
        CHECK_ERR(db_write(hall.ports.db, t->ctx, switch_off, &changing), ERR_OK);
        CHECK_INT(work(&hall, TOPIC_QUEUE_WEBHOOK), 1);
        CHECK_STR(newest(&hall).state, "failed");
        CHECK_INT(newest(&hall).tries, 0);
        changing.off = false;
        CHECK_ERR(db_write(hall.ports.db, t->ctx, switch_off, &changing), ERR_OK);
        CHECK_ERR(db_write(hall.ports.db, t->ctx, all_again, &changing), ERR_OK);
        CHECK_INT(changing.count, 1);
        CHECK_ERR(db_write(hall.ports.db, t->ctx, send_test, &changing), ERR_OK);
        CHECK_INT(work(&hall, TOPIC_QUEUE_WEBHOOK), 2);
        CHECK_STR(newest(&hall).state, "sent");
        hall_close(&hall);
        CHECK(peer_heard(&hall.calls.peer, "\"data\":{\"test\":true}"));
    }
}

static enum err put_template(struct tx *tx, void *arg)
{
    return topic_template_set(tx, arg);
}

static void say(struct hall *hall, const char *language, const char *subject, const char *words,
                enum err expected)
{
    struct test *t = hall->t;
    struct topic_template template = {.topic = STR("orders"),
                                      .language = str_from(language),
                                      .subject = str_from(subject),
                                      .words = str_from(words)};
    CHECK_ERR(db_write(hall->ports.db, t->ctx, put_template, &template), expected);
}

static struct str only_mail(struct hall *hall, struct str *subject)
{
    struct test *t = hall->t;
    struct mail_row mails[2];
    struct str mail;
    size_t count;
    CHECK_INT(work(hall, TOPIC_QUEUE_EMAIL), 1);
    REQUIRE(mail_list(hall->ports.mail, t->ctx, STR(""), mails, 2, &count) == ERR_OK && count);
    *subject = mails[0].subject;
    REQUIRE(mail_read(hall->ports.mail, t->ctx, str_from(mails[0].id), &mail) == ERR_OK);
    return mail;
}

TEST(topic_template_speaks_the_subscribers_language)
{
    static const struct scene scenes[] = {{.answer = "HTTP/1.1 204 Ok\r\n\r\n"}};
    for (const struct engine *engine = engines; engine->name; engine++) {
        struct hall hall;
        struct str subject;
        hall_open(t, engine, scenes, 1, &hall);
        struct subscribing ada = {.who = {.topic = STR("orders"),
                                          .channel = TOPIC_EMAIL,
                                          .target = STR("ada@example.com"),
                                          .language = STR("de")}};
        CHECK_ERR(db_write(hall.ports.db, t->ctx, subscribe, &ada), ERR_OK);
        say(&hall, "en", "Order {{order}}", "<b>{{total}}</b> and {{nothing}}.", ERR_OK);
        tell_order(&hall, "");
        struct str mail = only_mail(&hall, &subject); /* English, where there is no German yet */
        CHECK_STR(subject, "Order ord_1");
        CHECK(str_find(mail, STR("<b>120</b> and .")) != STR_NONE);
        CHECK(str_find(mail, STR("&lt;b&gt;120&lt;/b&gt;")) != STR_NONE);
        fake_clock_turn(&t->clock, SECOND_US);
        say(&hall, "de", "Bestellung {{ order }}", "Es kostet {{total}}.", ERR_OK);
        tell_order(&hall, "");
        mail = only_mail(&hall, &subject);
        CHECK_STR(subject, "Bestellung ord_1");
        CHECK(str_find(mail, STR("Es kostet 120.")) != STR_NONE);
        say(&hall, "de", "{{order", "A", ERR_INPUT);
        CHECK_STR(str_from(t->ctx->err.field), "subject");
        say(&hall, "xx", "A", "A", ERR_INPUT);
        hall_close(&hall);
    }
}

TEST(topic_template_says_where_it_is_wrong)
{
    static const struct {
        const char *text;
        int line, column;
    } rows[] = {{"Dear {{name}},\n{{lines[0].sku}}", 0, 0},
                {"{{}}", 1, 1},
                {"ä {{a..b}}", 1, 3},
                {"one\ntwo {{open", 2, 5},
                {"a {{b[x]}}", 1, 3},
                {"", 0, 0},
                {"} } { {", 0, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct topic_place place = topic_template_check(str_from(rows[i].text));
        test_note(t, "%s", rows[i].text);
        CHECK_INT(place.line, rows[i].line);
        CHECK_INT(place.column, rows[i].column);
    }
}

static enum err sweep(struct tx *tx, void *arg)
{
    return topic_sweep(tx, arg);
}

TEST(topic_forgets_what_is_old)
{
    static const struct scene scenes[] = {{.answer = "HTTP/1.1 204 Ok\r\n\r\n"}};
    for (const struct engine *engine = engines; engine->name; engine++) {
        struct hall hall;
        struct reading reading;
        int64_t removed = 0;
        hall_open(t, engine, scenes, 1, &hall);
        listens(&hall, TOPIC_EMAIL, "ada@example.com", "");
        tell_order(&hall, "");
        CHECK_INT(work(&hall, TOPIC_QUEUE_EMAIL), 1);
        fake_clock_turn(&t->clock, (TOPIC_KEPT_DAYS - 1) * DAY_US);
        tell_order(&hall, "");
        CHECK_ERR(db_write(hall.ports.db, t->ctx, sweep, &removed), ERR_OK);
        CHECK_INT(removed, 0);
        fake_clock_turn(&t->clock, DAY_US + MINUTE_US);
        CHECK_ERR(db_write(hall.ports.db, t->ctx, sweep, &removed), ERR_OK);
        CHECK_INT(removed, 1); /* the first delivery; its notice a day later */
        REQUIRE(db_read(hall.ports.db, t->ctx, read_deliveries, &reading) == ERR_OK);
        CHECK_INT(reading.found.count, 1);
        fake_clock_turn(&t->clock, DAY_US);
        CHECK_ERR(db_write(hall.ports.db, t->ctx, sweep, &removed), ERR_OK);
        CHECK_INT(removed, 1);
        hall_close(&hall);
    }
}

/* What openssl dgst -sha256 -hmac makes of the same bytes. */
TEST(topic_signature_is_that_of_standard_webhooks)
{
    unsigned char key[TOPIC_KEY_SIZE];
    struct buf out;
    memset(key, 7, sizeof key);
    buf_init(&out, t->arena, TOPIC_SECRET_TEXT);
    topic_sign(&out, key, STR("msg_1"), 1614265330, STR("{\"test\": 2432232314}"));
    CHECK_STR(buf_str(&out), "v1,4tb+MnkCTqymlrGQQ6f66PPeMjMas7AHx6XI40qL5MA=");
}

TEST(topic_that_many_hear_of_is_told_in_rounds)
{
    static const struct scene scenes[] = {{.answer = "HTTP/1.1 204 Ok\r\n\r\n"}};
    struct hall hall;
    hall_open(t, engines, scenes, 1, &hall);
    for (int i = 0; i < CROWD; i++) {
        char target[TARGET_ROOM];
        snprintf(target, sizeof target, "reader%d@example.com", i);
        listens(&hall, TOPIC_EMAIL, target, "");
    }
    tell_order(&hall, "");
    CHECK_INT(work(&hall, TOPIC_QUEUE_TOLD), 2);
    CHECK_INT(work(&hall, TOPIC_QUEUE_EMAIL), CROWD);
    hall_close(&hall);
}

TEST(topic_names_the_field_that_is_wrong)
{
    static const struct {
        enum topic_channel channel;
        const char *topic, *target, *filter;
        enum err err;
        const char *field;
    } rows[] = {
        {TOPIC_EMAIL, "orders", "ada", "", ERR_INPUT, "target"},
        {TOPIC_SMS, "orders", "12345", "", ERR_INPUT, "target"},
        {TOPIC_WEBHOOK, "orders", "ftp://example.com", "", ERR_INPUT, "target"},
        {TOPIC_WEBHOOK, "orders", "https://exa mple.com", "", ERR_INPUT, "target"},
        {TOPIC_QUEUE, "orders", "nowhere", "", ERR_MISSING, ""},
        {TOPIC_EMAIL, "parcels", "ada@example.com", "", ERR_MISSING, ""},
        {TOPIC_EMAIL, "orders", "ada@example.com", "{\"a\": 1}", ERR_INPUT, "filter"},
    };
    struct hall hall;
    static const struct scene scenes[] = {{.answer = "HTTP/1.1 204 Ok\r\n\r\n"}};
    hall_open(t, engines, scenes, 1, &hall);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct subscribing subscribing = {.who = {.topic = str_from(rows[i].topic),
                                                  .channel = rows[i].channel,
                                                  .target = str_from(rows[i].target),
                                                  .filter = str_from(rows[i].filter)}};
        CHECK_ERR(db_write(hall.ports.db, t->ctx, subscribe, &subscribing), rows[i].err);
        CHECK_STR(str_from(t->ctx->err.field), rows[i].field);
    }
    struct topic_notice notice = {
        .topic = STR("orders"), .subject = STR("A"), .words = STR("B"), .body = STR("[]")};
    CHECK_ERR(db_write(hall.ports.db, t->ctx, tell, &notice), ERR_INPUT);
    CHECK_STR(str_from(t->ctx->err.field), "body");
    hall_close(&hall);
}
