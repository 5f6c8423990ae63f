/* Tests of src/ports/mail/mail_view.c: what was composed is read as it was written. */
#include "harness/test.h"
#include "ports/mail/mail.h"

static const struct mail_address from = {.address = STR("stoa@example.com")};

static struct mail_view view_of(struct test *t, struct mail mail)
{
    struct buf out;
    struct mail_view view = {.has_html = false};
    mail.id = id_new(t->ctx->ids);
    mail.to = (struct mail_address){.address = STR("ada@example.com")};
    buf_init(&out, t->arena, MAIL_COMPOSED_MAX);
    REQUIRE(mail_compose(t->ctx, &mail, &from, &out) == ERR_OK);
    REQUIRE(mail_view(t->ctx, buf_str(&out), &view) == ERR_OK);
    return view;
}

TEST(mail_view_reads_a_text)
{
    struct mail_view view = view_of(
        t,
        (struct mail){.subject = STR("Hello"),
                      .text = STR("Hello = there,\n\nhttps://stoa.example/verify/"
                                  "0123456789abcdef0123456789abcdef0123456789abcdef01234567\n")});
    CHECK_STR(view.subject, "Hello");
    CHECK(!view.has_html);
    CHECK(str_starts(view.text, STR("Hello = there,\n\nhttps://stoa.example/verify/"
                                    "0123456789abcdef0123456789abcdef0123456789abcdef01234567\n")));
    CHECK(str_find(view.head, STR("To: <ada@example.com>")) != STR_NONE);
    CHECK(str_find(view.head, STR("there")) == STR_NONE);
}

TEST(mail_view_reads_other_alphabets)
{
    struct mail_view view = view_of(
        t, (struct mail){.subject = STR("حسابك لدى Stoa"), .text = STR("مرحبًا غريس، اختر هنا")});
    CHECK_STR(view.subject, "حسابك لدى Stoa");
    CHECK(str_starts(view.text, STR("مرحبًا غريس، اختر هنا")));
}

/* The text is shown, and of the rest that it is there. */
TEST(mail_view_takes_the_text_among_others)
{
    static const struct mail_attachment paper = {
        .name = STR("a.pdf"), .type = STR("application/pdf"), .bytes = STR("%PDF-1.7")};
    struct mail_view view = view_of(t, (struct mail){.subject = STR("Hello"),
                                                     .text = STR("As text"),
                                                     .html = STR("<script>alert(1)</script>"),
                                                     .attachments = &paper,
                                                     .attachment_count = 1});
    CHECK(view.has_html);
    CHECK(str_starts(view.text, STR("As text")));
    CHECK(str_find(view.text, STR("script")) == STR_NONE);
    CHECK(str_find(view.text, STR("--=_")) == STR_NONE);
}

TEST(mail_view_takes_any_bytes)
{
    static const char *const rows[] = {"",
                                       "\r\n\r\n",
                                       "Content-Type: text/plain;",
                                       "Content-Type: text/plain;\r\n\r\n=",
                                       "Content-Type: text/plain;\r\n\r\n=4",
                                       "Content-Type: text/plain;\r\n\r\n=\r\n"};
    struct mail_view view;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_ERR(mail_view(t->ctx, str_from(rows[i]), &view), ERR_OK);
    CHECK_ERR(mail_view(t->ctx, STR("Content-Type: text/plain;base64\r\n\r\n!!!"), &view),
              ERR_INPUT);
}
