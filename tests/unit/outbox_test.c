/* Tests of the outbox: each mail a file, newest first, page by page. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/folder.h"
#include "harness/test.h"
#include "harness/torture.h"
#include "ports/mail/mail.h"

enum { PATH_ROOM = 4096, MAILS = 7, PAGE = 3 };

static struct mailer_options options_for(struct test *t, const char *name)
{
    return (struct mailer_options){.url = STR("outbox:"),
                                   .folder = str_from(test_folder(t, name)),
                                   .from = STR("Stoa <shop@example.com>")};
}

static struct mail mail_make(struct test *t, struct str subject)
{
    return (struct mail){.id = id_new(t->ctx->ids),
                         .to = {STR("Ada"), STR("ada@example.org")},
                         .subject = subject,
                         .text = STR("Hello.\n")};
}

TEST(outbox_keeps_each_mail_as_a_file)
{
    struct mailer_options options = options_for(t, "outbox/keeps");
    struct mailer *mailer;
    struct mail mail = mail_make(t, STR("Gr\xc3\xbc\xc3\x9f"
                                        "e aus der Ferne"));
    struct mail_row rows[PAGE];
    size_t count;
    struct str composed;
    char path[PATH_ROOM];
    REQUIRE(mail_open(t->ctx, &options, &mailer) == ERR_OK);
    CHECK_ERR(mail_send(mailer, t->ctx, &mail), ERR_OK);
    CHECK_ERR(mail_send(mailer, t->ctx, &mail), ERR_OK);
    CHECK_ERR(mail_list(mailer, t->ctx, STR(""), rows, PAGE, &count), ERR_OK);
    REQUIRE(count == 1);
    CHECK_STR(rows[0].to, "ada@example.org");
    CHECK_STR(rows[0].subject, "Gr\xc3\xbc\xc3\x9f"
                               "e aus der Ferne");
    CHECK_INT(rows[0].sent_us, FAKE_NOW_US);
    CHECK_ERR(mail_read(mailer, t->ctx, str_from(rows[0].id), &composed), ERR_OK);
    CHECK_INT(composed.len, rows[0].bytes);
    CHECK(str_ends(composed, STR("\r\n\r\nHello.\r\n")));
    snprintf(path, sizeof path, STR_FMT "/outbox/%s.eml", STR_ARG(options.folder), rows[0].id);
    CHECK(access(path, F_OK) == 0);
    mail_close(mailer);
}

TEST(outbox_lists_newest_first_and_page_by_page)
{
    struct mailer_options options = options_for(t, "outbox/pages");
    struct mailer *mailer;
    struct mail_row rows[PAGE];
    size_t count = 0, seen = 0;
    struct str before = STR("");
    char subject[32], path[PATH_ROOM];
    REQUIRE(mail_open(t->ctx, &options, &mailer) == ERR_OK);
    for (int i = 0; i < MAILS; i++) {
        snprintf(subject, sizeof subject, "number %d", i);
        struct mail mail = mail_make(t, str_from(subject));
        CHECK_ERR(mail_send(mailer, t->ctx, &mail), ERR_OK);
        fake_clock_turn(&t->clock, SECOND_US);
    }
    snprintf(path, sizeof path, STR_FMT "/outbox/notes.eml", STR_ARG(options.folder));
    close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    do {
        CHECK_ERR(mail_list(mailer, t->ctx, before, rows, PAGE, &count), ERR_OK);
        for (size_t i = 0; i < count; i++) {
            snprintf(subject, sizeof subject, "number %d", MAILS - 1 - (int)seen++);
            CHECK_STR(rows[i].subject, subject);
        }
        REQUIRE(str_copy(t->arena, str_from(rows[count ? count - 1 : 0].id), &before) == ERR_OK);
    } while (count == PAGE);
    CHECK_INT(seen, MAILS);
    mail_close(mailer);
}

TEST(outbox_has_no_mail_of_another_name)
{
    static const char *const ids[] = {"", "../secrets", "mail_01KAH0XVK4A9N3FYJ0T8Q5RWZC",
                                      "mail_01KAH0XVK4A9N3FYJ0T8Q5RWZC.eml", "notes"};
    struct mailer_options options = options_for(t, "outbox/names");
    struct mailer *mailer;
    struct str composed;
    REQUIRE(mail_open(t->ctx, &options, &mailer) == ERR_OK);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        CHECK_ERR(mail_read(mailer, t->ctx, str_from(ids[i]), &composed), ERR_MISSING);
    mail_close(mailer);
}

TEST(outbox_may_lie_elsewhere)
{
    struct mailer_options options = options_for(t, "outbox/elsewhere");
    struct mailer *mailer;
    char path[PATH_ROOM];
    options.url = STR("outbox:letters");
    REQUIRE(mail_open(t->ctx, &options, &mailer) == ERR_OK);
    mail_close(mailer);
    snprintf(path, sizeof path, STR_FMT "/letters", STR_ARG(options.folder));
    CHECK(access(path, X_OK) == 0);
    snprintf(path, sizeof path, "outbox:" STR_FMT "/absolute", STR_ARG(options.folder));
    options.url = str_from(path);
    REQUIRE(mail_open(t->ctx, &options, &mailer) == ERR_OK);
    mail_close(mailer);
    CHECK(access(path + sizeof "outbox:" - 1, X_OK) == 0);
    options.url = STR("outbox:no/such/place");
    CHECK_ERR(mail_open(t->ctx, &options, &mailer), ERR_IO);
    CHECK(!mailer);
}

/* The same mail each time, so that there is one to be listed. */
struct same_again {
    struct mailer_options options;
    struct mail mail;
};

static enum err torture_all(struct test *t, void *arg)
{
    const struct same_again *again = arg;
    struct mailer *mailer;
    struct mail_row rows[PAGE];
    size_t count;
    TRY(mail_open(t->ctx, &again->options, &mailer));
    enum err err = mail_send(mailer, t->ctx, &again->mail);
    if (!err)
        err = mail_list(mailer, t->ctx, STR(""), rows, PAGE, &count);
    mail_close(mailer);
    return err;
}

TEST(outbox_survives_each_failing_allocation_and_call)
{
    struct same_again again = {options_for(t, "outbox/torture"), mail_make(t, STR("Hello"))};
    TORTURE_EVERY(t, TORTURE_MEMORY, torture_all, &again);
    TORTURE_EVERY(t, TORTURE_SYSTEM, torture_all, &again);
}
