/* The port of short messages: its contract, the outbox, and Twilio's API as a peer speaks it. */
#include "ports/sms/sms.h"

#include <stdio.h>
#include <string.h>

#include "harness/folder.h"
#include "harness/test.h"
#include "ports/calls.h"
#include "ports/sms/driver.h"

enum { URL_ROOM = 128 };

const struct sms_driver *const sms_drivers[] = {&sms_outbox, &sms_twilio, NULL};

static const struct sms_options usual = {.url = STR("outbox:"), .from = STR("Stoa")};

static struct sms sms_to(struct test *t, const char *number, const char *text)
{
    return (struct sms){.id = id_new(t->ctx->ids), .to = str_from(number), .text = str_from(text)};
}

static struct sms_sender *open_outbox(struct test *t, const char *folder)
{
    struct sms_options options = usual;
    struct sms_sender *sender = NULL;
    options.folder = str_from(test_folder(t, folder));
    REQUIRE(sms_open(t->ctx, &options, &sender) == ERR_OK);
    return sender;
}

TEST(sms_outbox_keeps_what_would_be_sent)
{
    struct sms_sender *sender = open_outbox(t, "sms/outbox");
    struct sms first = sms_to(t, "+4915112345678",
                              "Ihr Paket ist da.\nGr\xc3\xbc\xc3\x9f"
                              "e");
    struct sms_row rows[SMS_PAGE_MAX];
    size_t count;
    CHECK_ERR(sms_send(sender, t->ctx, &first), ERR_OK);
    CHECK_ERR(sms_send(sender, t->ctx, &first), ERR_OK);
    struct sms second = sms_to(t, "+12025550123", "Second");
    CHECK_ERR(sms_send(sender, t->ctx, &second), ERR_OK);
    REQUIRE(sms_list(sender, t->ctx, STR(""), rows, SMS_PAGE_MAX, &count) == ERR_OK && count == 2);
    CHECK_STR(rows[0].text, "Second");
    CHECK_STR(rows[1].to, "+4915112345678");
    CHECK(str_equal(rows[1].text, first.text));
    CHECK_INT(rows[1].sent_us, FAKE_NOW_US);
    sms_close(sender);
}

TEST(sms_names_the_field_that_is_wrong)
{
    static const struct {
        const char *to, *text, *field;
    } rows[] = {
        {"", "a", "to"},
        {"4915112345678", "a", "to"},
        {"+0915112345678", "a", "to"},
        {"+49 151 123456", "a", "to"},
        {"+123456", "a", "to"},
        {"+1234567890123456", "a", "to"},
        {"+4915112345678", "", "text"},
        {"+4915112345678", "\xff", "text"},
    };
    struct sms_sender *sender = open_outbox(t, "sms/fields");
    char text[SMS_TEXT_MAX + 2];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sms sms = sms_to(t, rows[i].to, rows[i].text);
        CHECK_ERR(sms_send(sender, t->ctx, &sms), ERR_INPUT);
        CHECK_STR(str_from(t->ctx->err.field), rows[i].field);
    }
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    struct sms sms = sms_to(t, "+4915112345678", text);
    CHECK_ERR(sms_send(sender, t->ctx, &sms), ERR_INPUT);
    text[SMS_TEXT_MAX] = '\0';
    sms = sms_to(t, "+4915112345678", text);
    CHECK_ERR(sms_send(sender, t->ctx, &sms), ERR_OK);
    sms_close(sender);
}

TEST(sms_settings_that_cannot_be)
{
    static const struct {
        const char *url, *from, *password, *field;
    } rows[] = {
        {"", "Stoa", "", "SMS_URL"},
        {"pigeon:", "Stoa", "", "SMS_URL"},
        {"twilio:", "Stoa", "p", "SMS_URL"},
        {"twilio://api.twilio.com", "Stoa", "p", "SMS_URL"},
        {"twilio://@api.twilio.com", "Stoa", "p", "SMS_URL"},
        {"twilio://AC1@", "Stoa", "p", "SMS_URL"},
        {"twilio://AC1@host?tls=maybe", "Stoa", "p", "SMS_URL"},
        {"twilio://AC1@host", "Stoa", "", "SMS_URL"},
        {"outbox:", "", "", "SMS_FROM"},
        {"outbox:", "A name too long", "", "SMS_FROM"},
        {"outbox:", "Sto\n", "", "SMS_FROM"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct sms_options options = {.url = str_from(rows[i].url),
                                            .folder = str_from(test_folder(t, "sms/settings")),
                                            .from = str_from(rows[i].from),
                                            .password = str_from(rows[i].password)};
        struct sms_sender *sender = NULL;
        CHECK_ERR(sms_open(t->ctx, &options, &sender), ERR_INPUT);
        CHECK_STR(str_from(t->ctx->err.field), rows[i].field);
        CHECK(!sender);
    }
}

static struct sms_sender *open_twilio(struct test *t, struct calls *calls)
{
    char url[URL_ROOM];
    struct sms_options options = usual;
    struct sms_sender *sender = NULL;
    snprintf(url, sizeof url, "twilio://AC1@127.0.0.1:%d?tls=no", calls->peer.port);
    options.url = str_from(url);
    options.password = STR("pass");
    options.http = calls->client;
    REQUIRE(sms_open(t->ctx, &options, &sender) == ERR_OK);
    return sender;
}

static enum err send_by_twilio(struct test *t, struct calls *calls)
{
    struct sms_sender *sender = open_twilio(t, calls);
    struct sms_row row;
    size_t count;
    struct sms sms = sms_to(t, "+4915112345678", "Da & dort");
    enum err err = sms_send(sender, t->ctx, &sms);
    struct err_record told = t->ctx->err;
    CHECK_ERR(sms_list(sender, t->ctx, STR(""), &row, 1, &count), ERR_MISSING);
    t->ctx->err = told;
    sms_close(sender);
    return err;
}

TEST(sms_twilio_is_sent_a_signed_in_form)
{
    static const struct scene scenes[] = {
        {.answer = "HTTP/1.1 201 Created\r\nContent-Length: 13\r\n\r\n{\"sid\":\"SM1\"}"}};
    struct calls calls;
    calls_open(t, &calls, scenes, 1);
    CHECK_ERR(send_by_twilio(t, &calls), ERR_OK);
    calls_close(&calls);
    CHECK(peer_heard(&calls.peer, "POST /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1"));
    CHECK(peer_heard(&calls.peer, "Authorization: Basic QUMxOnBhc3M="));
    CHECK(peer_heard(&calls.peer, "To=%2B4915112345678&From=Stoa&Body=Da%20%26%20dort&"));
}

TEST(sms_twilio_refusals_say_what_to_do)
{
    static const struct {
        struct scene scene;
        enum err err;
        const char *words;
    } rows[] = {
        {{"HTTP/1.1 400 No\r\nContent-Length: 39\r\n\r\n"
          "{\"code\":21211,\"message\":\"Invalid 'To'\"}",
          PEER_KEEPS},
         ERR_INPUT,
         "21211 Invalid 'To'"},
        {{"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", PEER_KEEPS}, ERR_PEER, "401"},
        {{"HTTP/1.1 429 No\r\nContent-Length: 0\r\n\r\n", PEER_KEEPS}, ERR_BUSY, "429"},
        {{"HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\n[]", PEER_KEEPS}, ERR_IO, "500"},
        {{"HTTP/1.1 201 Cre", PEER_CLOSES}, ERR_IO, "lost"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct calls calls;
        calls_open(t, &calls, &rows[i].scene, 1);
        CHECK_ERR(send_by_twilio(t, &calls), rows[i].err);
        CHECK(str_find(str_from(t->ctx->err.operator), str_from(rows[i].words)) != STR_NONE);
        calls_close(&calls);
        CHECK_INT(calls.peer.requests, 1);
    }
}

static enum err reach(struct test *t, struct sms_sender *sender)
{
    enum err err = sms_reach(sender, t->ctx);
    sms_close(sender);
    return err;
}

TEST(sms_is_reached_without_a_message)
{
    static const struct scene scenes[] = {
        {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"},
        {.answer = "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"}};
    struct calls calls;
    calls_open(t, &calls, scenes, 2);
    CHECK_ERR(reach(t, open_twilio(t, &calls)), ERR_OK);
    CHECK_ERR(reach(t, open_twilio(t, &calls)), ERR_PEER);
    CHECK_ERR(reach(t, open_outbox(t, "sms/reached")), ERR_OK);
    calls_close(&calls);
    CHECK(peer_heard(&calls.peer, "GET /2010-04-01/Accounts/AC1.json HTTP/1.1"));
    CHECK(peer_heard(&calls.peer, "Authorization: Basic QUMxOnBhc3M="));
    CHECK(!peer_heard(&calls.peer, "POST"));
}
