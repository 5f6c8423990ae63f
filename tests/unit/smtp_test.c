/* Tests of the URLs of mail servers; what is said to them is tested on one, in tests/ports. */
#include "harness/test.h"
#include "ports/mail/mail.h"

static enum err open_url(struct test *t, const char *url, const char *from, const char *password)
{
    const struct mailer_options options = {.url = str_from(url),
                                           .folder = STR("."),
                                           .from = str_from(from),
                                           .password = str_from(password)};
    struct mailer *mailer;
    enum err err = mail_open(t->ctx, &options, &mailer);
    mail_close(mailer);
    return err;
}

TEST(smtp_urls_are_read)
{
    static const char *const good[] = {
        "smtp://host",
        "smtp://host:587",
        "smtps://host:465",
        "smtp://user:pass%40word@host:587",
        "smtp://user:p@host:587?tls=required",
        "smtp://host?tls=no",
        "smtp://[::1]:2525?tls=opportunistic",
        "smtp://host?tls=required&ca=/etc/ssl/own.pem",
    };
    static const struct {
        const char *url, *said;
    } bad[] = {
        {"post://host", "must begin with outbox:, smtp:// or smtps://"},
        {"", "must begin with outbox:, smtp:// or smtps://"},
        {"smtp", "must begin with outbox:, smtp:// or smtps://"},
        {"smtp:", "must be like smtp://user:password@host:587"},
        {"smtp://", "must be like smtp://user:password@host:587"},
        {"smtp://host:99999", "must be like smtp://user:password@host:587"},
        {"smtp://us er@host", "must be like smtp://user:password@host:587"},
        {"smtp://host?tls=maybe", "may have ?tls=required, opportunistic or no, and ca=/FILE"},
        {"smtp://host?ca=own.pem", "may have ?tls=required, opportunistic or no, and ca=/FILE"},
        {"smtp://user@host", "names a user without a password; stoa secret set mail_password"},
        {"smtp://user:p@host?tls=no",
         "names a user, whose password goes through tls=required alone"},
        {"smtp://user:p@host?tls=opportunistic",
         "names a user, whose password goes through tls=required alone"},
        {"smtp://us%00er:p@host", "must have its user and password percent-encoded"},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        test_note(t, "%s", good[i]);
        CHECK_ERR(open_url(t, good[i], "shop@example.com", NULL), ERR_OK);
    }
    CHECK_ERR(open_url(t, "smtp://user@host", "shop@example.com", "kept elsewhere"), ERR_OK);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        test_note(t, "%s", bad[i].url);
        CHECK_ERR(open_url(t, bad[i].url, "shop@example.com", NULL), ERR_INPUT);
        CHECK_TEXT(t->ctx->err.field, "MAIL_URL");
        CHECK_TEXT(t->ctx->err.user, bad[i].said);
    }
}

TEST(smtp_sender_is_checked)
{
    static const char *const bad[] = {
        "", "Stoa", "Stoa <shop>", "a@b.com\nBcc: x@y.com", "St\noa <a@b.com>", "\xff <a@b.com>"};
    CHECK_ERR(open_url(t, "smtp://host", "Stoa <shop@example.com>", NULL), ERR_OK);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_ERR(open_url(t, "smtp://host", bad[i], NULL), ERR_INPUT);
        CHECK_TEXT(t->ctx->err.field, "MAIL_FROM");
    }
}
