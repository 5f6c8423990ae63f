/* The mail port's contract, on each driver; and SMTP with a server that is real and misbehaves. */
#include "ports/mail/mail.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "harness/folder.h"
#include "harness/test.h"
#include "ports/smtp_server.h"

enum { URL_ROOM = 4300, THREADS = 4, EACH = 5 };

/* How a server is started and spoken to. */
struct way {
    const char *name, *scheme, *login, *query;
    bool trusted; /* its certificate is named as an authority */
};

static const struct way plain = {"plain", "smtp", "", "?tls=no", false};
static const struct way starttls = {"starttls", "smtp", "ada:pass%20word@", "?tls=required", true};
static const struct way smtps = {"smtps", "smtps", "ada:pass%20word@", "?tls=required", true};

struct post {
    struct smtp_server server;
    struct mailer *mailer;
};

static enum err open_at(struct test *t, const char *url, struct mailer **mailer)
{
    const struct mailer_options options = {.url = str_from(url),
                                           .folder = str_from(test_folder(t, "mail/data")),
                                           .from = STR("Stoa <shop@example.com>")};
    return mail_open(t->ctx, &options, mailer);
}

static void speak(struct test *t, struct post *post, const struct way *way)
{
    char url[URL_ROOM];
    int len = snprintf(url, sizeof url, "%s://%s127.0.0.1:%d%s", way->scheme, way->login,
                       post->server.port, way->query);
    if (way->trusted)
        snprintf(url + len, sizeof url - (size_t)len, "&ca=%s/cert.pem", post->server.folder);
    REQUIRE(open_at(t, url, &post->mailer) == ERR_OK);
}

static void post_open(struct test *t, struct post *post, const char *folder, const struct way *way)
{
    smtp_server_start(t, folder, way->name, &post->server);
    speak(t, post, way);
}

static void post_close(struct post *post)
{
    mail_close(post->mailer);
    smtp_server_stop(&post->server);
}

/* What OpenSSL took at its first use it keeps for the process. The last line of a test that used it
 * gives it back, for the count of what was not freed. */
static void forget_tls(void)
{
    void (*cleanup)(void) = (void (*)(void))dlsym(RTLD_DEFAULT, "OPENSSL_cleanup");
    if (cleanup)
        cleanup();
}

static struct mail mail_make(struct test *t)
{
    return (struct mail){.id = id_new(t->ctx->ids),
                         .to = {STR("Ada"), STR("ada@example.org")},
                         .subject = STR("Your order is on its way"),
                         .text = STR("Hello Ada.\n.\n..two dots\nBye.\n"),
                         .html = STR("<p>Hello Ada.</p>\n")};
}

static enum err send_one(struct test *t, struct post *post)
{
    struct mail mail = mail_make(t);
    enum err err = mail_send(post->mailer, t->ctx, &mail);
    test_note(t, "%s (%s)", t->ctx->err.user, t->ctx->err.operator);
    return err;
}

/* What arrives is what was composed, byte for byte. */
static void check_arrives(struct test *t, struct mailer *mailer, const struct smtp_server *server)
{
    const struct mail_address from = {STR("Stoa"), STR("shop@example.com")};
    struct mail mail = mail_make(t);
    struct buf composed;
    struct mail_row row;
    struct str arrived;
    size_t count = 0;
    buf_init(&composed, t->arena, MAIL_COMPOSED_MAX);
    REQUIRE(mail_compose(t->ctx, &mail, &from, &composed) == ERR_OK);
    CHECK_ERR(mail_send(mailer, t->ctx, &mail), ERR_OK);
    if (server) {
        arrived = smtp_server_mail(t, server, 0);
        CHECK_INT(smtp_server_count(t, server, "from shop@example.com to ada@example.org"), 1);
        CHECK_ERR(mail_list(mailer, t->ctx, STR(""), &row, 1, &count), ERR_MISSING);
        CHECK_ERR(mail_read(mailer, t->ctx, STR("mail_1"), &arrived), ERR_MISSING);
        arrived = smtp_server_mail(t, server, 0);
    } else {
        REQUIRE(mail_list(mailer, t->ctx, STR(""), &row, 1, &count) == ERR_OK && count == 1);
        REQUIRE(mail_read(mailer, t->ctx, str_from(row.id), &arrived) == ERR_OK);
    }
    CHECK(str_equal(arrived, buf_str(&composed)));
}

TEST(mail_arrives_by_every_driver)
{
    static const struct way *const ways[] = {&plain, &starttls, &smtps, NULL};
    struct mailer *outbox;
    REQUIRE(open_at(t, "outbox:", &outbox) == ERR_OK);
    CHECK_ERR(mail_reach(outbox, t->ctx), ERR_OK);
    check_arrives(t, outbox, NULL);
    mail_close(outbox);
    for (const struct way *const *way = ways; *way; way++) {
        struct post post;
        char folder[64];
        snprintf(folder, sizeof folder, "mail/arrives_%s", (*way)->name);
        post_open(t, &post, folder, *way);
        CHECK_ERR(mail_reach(post.mailer, t->ctx), ERR_OK);
        CHECK_INT(smtp_server_count(t, &post.server, "auth"), (*way)->login[0] ? 1 : 0);
        check_arrives(t, post.mailer, &post.server);
        post_close(&post);
    }
    forget_tls();
}

TEST(mail_wrong_is_refused_by_every_driver_before_it_leaves)
{
    static const char *const urls[] = {"outbox:", "smtp://127.0.0.1:1?tls=no"};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct mailer *mailer;
        struct mail mail = mail_make(t);
        REQUIRE(open_at(t, urls[i], &mailer) == ERR_OK);
        mail.to.address = STR("ada@example.org\r\nBcc: eve@example.org");
        CHECK_ERR(mail_send(mailer, t->ctx, &mail), ERR_INPUT);
        CHECK_TEXT(t->ctx->err.field, "to");
        mail_close(mailer);
    }
}

/* What the server says, what that becomes, and how often it was asked. */
TEST(mail_answers_of_the_server_say_what_to_do)
{
    static const struct {
        const char *mode;
        enum err err;
        const char *field, *words;
        int rcpts, datas;
    } rows[] = {{"busy", ERR_BUSY, "", "451 4.7.1 Come back later", MAIL_TRIES, 0},
                {"busy_once", ERR_OK, "", "", 2, 1},
                {"full", ERR_BUSY, "", "452 4.2.2 The box is full", MAIL_TRIES, MAIL_TRIES},
                {"unknown", ERR_INPUT, "to", "550 5.1.1 There is no such person", 1, 0},
                {"relay", ERR_PEER, "", "554 5.7.1 Not for you", 1, 0},
                {"spam", ERR_PEER, "", "554 5.7.1 We do not like it", 1, 1}};
    struct post post;
    post_open(t, &post, "mail/answers", &plain);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int rcpts = smtp_server_count(t, &post.server, "rcpt");
        int datas = smtp_server_count(t, &post.server, "data");
        smtp_server_set(t, &post.server, rows[i].mode);
        err_clear(&t->ctx->err);
        CHECK_ERR(send_one(t, &post), rows[i].err);
        CHECK_INT(smtp_server_count(t, &post.server, "rcpt") - rcpts, rows[i].rcpts);
        CHECK_INT(smtp_server_count(t, &post.server, "data") - datas, rows[i].datas);
        if (rows[i].err) {
            CHECK_TEXT(t->ctx->err.field, rows[i].field);
            CHECK(str_find(str_from(t->ctx->err.operator), str_from(rows[i].words)) != STR_NONE);
        }
    }
    post_close(&post);
}

/* It took the mail and then went silent: trying again would send it twice. */
TEST(mail_whose_answer_was_lost_is_not_sent_twice)
{
    struct post post;
    post_open(t, &post, "mail/lost", &plain);
    smtp_server_set(t, &post.server, "lost");
    CHECK_ERR(send_one(t, &post), ERR_IO);
    CHECK_INT(smtp_server_count(t, &post.server, "data"), 1);
    CHECK(smtp_server_mail(t, &post.server, 0).len > 0);
    post_close(&post);
}

TEST(mail_to_a_slow_server_ends_at_the_deadline)
{
    struct post post;
    post_open(t, &post, "mail/slow", &plain);
    smtp_server_set(t, &post.server, "slow");
    t->ctx->deadline_us = clock_tick_us(t->ctx->clock) + SECOND_US;
    CHECK_ERR(send_one(t, &post), ERR_TIMEOUT);
    CHECK_INT(smtp_server_count(t, &post.server, "rcpt"), 1);
    smtp_server_pause(&post.server);
    CHECK_ERR(send_one(t, &post), ERR_TIMEOUT);
    t->ctx->deadline_us = clock_tick_us(t->ctx->clock);
    CHECK_ERR(send_one(t, &post), ERR_TIMEOUT);
    post_close(&post);
}

TEST(mail_to_a_stopped_server_is_for_later)
{
    struct post post;
    post_open(t, &post, "mail/stopped", &plain);
    CHECK_ERR(send_one(t, &post), ERR_OK);
    smtp_server_stop(&post.server);
    CHECK_ERR(mail_reach(post.mailer, t->ctx), ERR_BUSY);
    CHECK_ERR(send_one(t, &post), ERR_BUSY);
    CHECK(err_is_passing(t->ctx->err.code));
    post_close(&post);
}

/* Who we are is refused, and so is a server that is not who it says: nothing was sent to it. */
TEST(mail_is_not_sent_where_trust_is_missing)
{
    static const struct way unwanted = {"starttls", "smtp", "ada:wrong@", "?tls=required", true};
    static const struct way unknown = {"starttls", "smtp", "ada:pass%20word@", "?tls=required",
                                       false};
    static const struct way open = {"plain", "smtp", "", "?tls=required", false};
    static const struct way *const ways[] = {&unwanted, &unknown, &open, NULL};
    for (const struct way *const *way = ways; *way; way++) {
        struct post post;
        post_open(t, &post, "mail/trust", *way);
        CHECK_ERR(send_one(t, &post), ERR_PEER);
        CHECK_INT(str_find(str_from(t->ctx->err.operator), STR("wrong")), STR_NONE);
        CHECK_INT(smtp_server_count(t, &post.server, "rcpt"), 0);
        CHECK_INT(smtp_server_count(t, &post.server, "auth"), *way == &unwanted ? 1 : 0);
        CHECK_ERR(mail_reach(post.mailer, t->ctx), ERR_PEER);
        CHECK_INT(str_find(str_from(t->ctx->err.operator), STR("wrong")), STR_NONE);
        post_close(&post);
    }
    forget_tls();
}

struct sender {
    pthread_t thread;
    struct post *post;
    struct mail mails[EACH];
    int sent;
};

static void *send_each(void *arg)
{
    struct sender *sender = arg;
    struct clock clock = clock_system();
    struct arena arena;
    arena_init(&arena, TEST_ARENA_MAX);
    for (int i = 0; i < EACH; i++) {
        struct ctx ctx = {.arena = &arena, .clock = &clock};
        sender->sent += mail_send(sender->post->mailer, &ctx, &sender->mails[i]) == ERR_OK;
        arena_clear(&arena);
    }
    arena_release(&arena);
    return NULL;
}

TEST(mail_is_sent_by_any_thread)
{
    static struct sender senders[THREADS];
    struct post post;
    post_open(t, &post, "mail/threads", &starttls);
    for (size_t i = 0; i < THREADS; i++) {
        senders[i].post = &post;
        for (size_t k = 0; k < EACH; k++)
            senders[i].mails[k] = mail_make(t);
        REQUIRE(pthread_create(&senders[i].thread, NULL, send_each, &senders[i]) == 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(senders[i].thread, NULL);
        CHECK_INT(senders[i].sent, EACH);
    }
    CHECK_INT(smtp_server_count(t, &post.server, "from"), THREADS * EACH);
    post_close(&post);
    forget_tls();
}
