/* Tests of mails: what is refused, and what is composed of the rest. */
#include "ports/mail/mail.h"

#include <string.h>

#include "harness/test.h"
#include "harness/torture.h"
#include "ports/mail/mail_encode.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct mail_address sender = {STR("Stoa"), STR("shop@example.com")};

static struct mail mail_make(struct test *t)
{
    return (struct mail){.id = id_new(t->ctx->ids),
                         .to = {STR("Ada"), STR("ada@example.org")},
                         .subject = STR("Hello"),
                         .text = STR("Hello Ada.\n")};
}

static struct str compose(struct test *t, const struct mail *mail)
{
    struct buf out;
    buf_init(&out, t->arena, MAIL_COMPOSED_MAX);
    CHECK_ERR(mail_compose(t->ctx, mail, &sender, &out), ERR_OK);
    return buf_str(&out);
}

static bool has(struct str text, const char *part)
{
    return str_find(text, str_from(part)) != STR_NONE;
}

TEST(mail_addresses_are_checked)
{
    static const char *const good[] = {"ada@example.com", "a.b+c@x-y.example", "a@localhost",
                                       "o'neil@example.com", "#!$%&'*/=?^_`{|}~-@example.org"};
    static const char *const bad[] = {"",
                                      "ada",
                                      "@example.com",
                                      "ada@",
                                      "a@b@c",
                                      "a..b@example.com",
                                      ".a@x.com",
                                      "a.@x.com",
                                      "a b@x.com",
                                      "a@x y.com",
                                      "a@-x.com",
                                      "a@x-.com",
                                      "a@x..com",
                                      "a@x.com.",
                                      "a\n@x.com",
                                      "a@x.com\n",
                                      "a@x.com\r\nBcc: b@x.com",
                                      "<a@x.com>",
                                      "a,b@x.com",
                                      "a\"@x.com",
                                      "\"a\"@x.com",
                                      "a@[127.0.0.1]",
                                      "\xc3\xa4@x.com",
                                      "a@\xc3\xa4.com",
                                      "a>@x.com",
                                      "a@x.com>",
                                      "a(b)@x.com"};
    for (size_t i = 0; i < COUNT(good); i++) {
        test_note(t, "%s", good[i]);
        CHECK(mail_is_address(str_from(good[i])));
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        test_note(t, "%s", bad[i]);
        CHECK(!mail_is_address(str_from(bad[i])));
    }
    char local[65 + sizeof "@x.com"];
    memset(local, 'a', 65);
    memcpy(local + 65, "@x.com", sizeof "@x.com");
    CHECK(!mail_is_address(str_from(local)));
    CHECK(mail_is_address(str_from(local + 1)));
}

TEST(mail_addresses_are_read_with_their_names)
{
    static const struct {
        const char *text, *name, *address;
    } rows[] = {{"ada@example.com", "", "ada@example.com"},
                {" Ada <ada@example.com> ", "Ada", "ada@example.com"},
                {"\"Ada, Lovelace\" <ada@example.com>", "Ada, Lovelace", "ada@example.com"},
                {"<ada@example.com>", "", "ada@example.com"}};
    static const char *const bad[] = {"",  "Ada", "Ada <ada>", "Ada <ada@example.com",
                                      "<", ">",   "Ada <>",    "a@b.com>"};
    struct mail_address address;
    for (size_t i = 0; i < COUNT(rows); i++) {
        CHECK(mail_read_address(str_from(rows[i].text), &address));
        CHECK_STR(address.name, rows[i].name);
        CHECK_STR(address.address, rows[i].address);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        test_note(t, "%s", bad[i]);
        CHECK(!mail_read_address(str_from(bad[i]), &address));
    }
}

static void check_refused(struct test *t, const struct mail *mail, const char *field)
{
    struct buf out;
    buf_init(&out, t->arena, MAIL_COMPOSED_MAX);
    test_note(t, "%s", field);
    CHECK_ERR(mail_compose(t->ctx, mail, &sender, &out), ERR_INPUT);
    CHECK_TEXT(t->ctx->err.field, field);
    CHECK_INT(out.len, 0);
}

TEST(mail_fields_that_would_be_headers_are_refused)
{
    static const char *const lines[] = {
        "a\nBcc: x@example.com", "a\r\nBcc: x@example.com", "a\r", "a\x01", "a\x7f", "a\t", "\xff"};
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct str line = str_from(lines[i]);
        struct mail mail = mail_make(t);
        mail.to.name = line;
        check_refused(t, &mail, "to");
        mail = mail_make(t);
        mail.reply_to = (struct mail_address){line, STR("a@example.com")};
        check_refused(t, &mail, "reply_to");
        mail = mail_make(t);
        mail.subject = line;
        check_refused(t, &mail, "subject");
        mail = mail_make(t);
        mail.language = line;
        check_refused(t, &mail, "language");
        mail = mail_make(t);
        mail.list_unsubscribe = line;
        check_refused(t, &mail, "list_unsubscribe");
        mail = mail_make(t);
        mail.to.address = line;
        check_refused(t, &mail, "to");
        struct mail_attachment attachment = {line, STR("text/plain"), STR("x")};
        mail = mail_make(t);
        mail.attachments = &attachment;
        mail.attachment_count = 1;
        check_refused(t, &mail, "attachment_name");
        attachment = (struct mail_attachment){STR("a.txt"), line, STR("x")};
        check_refused(t, &mail, "attachment_type");
    }
}

TEST(mail_what_is_missing_or_too_long_is_refused)
{
    static char large[MAIL_TEXT_MAX + 1];
    static struct mail_attachment attachments[MAIL_ATTACHMENTS_MAX + 1];
    struct mail mail = mail_make(t);
    memset(large, 'x', sizeof large);
    mail.subject = STR("");
    check_refused(t, &mail, "subject");
    mail.subject = str_make(large, MAIL_SUBJECT_MAX + 1);
    check_refused(t, &mail, "subject");
    mail = mail_make(t);
    mail.text = STR("");
    check_refused(t, &mail, "text");
    mail.text = str_make(large, sizeof large);
    check_refused(t, &mail, "text");
    mail.text = STR("a\0b");
    check_refused(t, &mail, "text");
    mail = mail_make(t);
    mail.html = STR("\xff");
    check_refused(t, &mail, "html");
    mail = mail_make(t);
    mail.list_unsubscribe = STR("http://example.com/u");
    check_refused(t, &mail, "list_unsubscribe");
    mail = mail_make(t);
    for (size_t i = 0; i < COUNT(attachments); i++)
        attachments[i] = (struct mail_attachment){STR("a"), STR("text/plain"),
                                                  str_make(large, sizeof large)};
    mail.attachments = attachments;
    mail.attachment_count = MAIL_ATTACHMENTS_MAX + 1;
    check_refused(t, &mail, "attachments");
    mail.attachment_count = MAIL_ATTACHMENTS_MAX;
    check_refused(t, &mail, "attachments");
    mail.attachment_count = 1;
    attachments[0].name = STR("");
    check_refused(t, &mail, "attachment_name");
    attachments[0] = (struct mail_attachment){STR("a"), STR("multipart/mixed"), STR("")};
    check_refused(t, &mail, "attachment_type");
}

TEST(mail_composes_the_same_bytes_again)
{
    struct mail mail = mail_make(t);
    struct str first = compose(t, &mail);
    fake_clock_turn(&t->clock, DAY_US);
    CHECK(str_equal(first, compose(t, &mail)));
    char id[ID_TEXT_MAX];
    struct buf message_id;
    id_format(mail.id, "mail", id);
    buf_init(&message_id, t->arena, 200);
    buf_addf(&message_id, "\r\nMessage-ID: <%s@example.com>\r\n", id);
    CHECK(str_find(first, buf_str(&message_id)) != STR_NONE);
    CHECK(str_starts(first, STR("Date: Thu, 15 Jan 2026 12:00:00 +0000\r\n"
                                "From: \"Stoa\"\r\n <shop@example.com>\r\n"
                                "To: \"Ada\"\r\n <ada@example.org>\r\n"
                                "Subject: Hello\r\n")));
    CHECK(str_ends(first, STR("\r\n\r\nHello Ada.\r\n")));
}

static void check_lines(struct test *t, struct str composed)
{
    struct str line;
    CHECK(str_ends(composed, STR("\r\n")));
    while (composed.len && str_cut(&composed, '\n', &line)) {
        test_note(t, STR_FMT, STR_ARG(line));
        CHECK(str_ends(line, STR("\r")) && line.len <= MAIL_LINE_MAX + 1);
        for (size_t i = 0; i + 1 < line.len; i++)
            if (line.ptr[i] < ' ' || line.ptr[i] > '~')
                CHECK_INT(line.ptr[i], ' ');
    }
}

TEST(mail_lines_are_short_and_ascii_whatever_is_in_it)
{
    static const unsigned char pieces[2][3] = {{0xe2, 0x82, 0xac}, {'a', '=', ' '}};
    static char many[4000];
    for (size_t i = 0; i + 3 < sizeof many; i += 3)
        memcpy(many + i, pieces[i % 7 > 0], sizeof pieces[0]);
    struct str long_text = str_make(many, 3996), name = str_make(many, 198);
    struct mail_attachment attachments[] = {{name, STR("application/pdf"), long_text},
                                            {STR("a \"b\".txt"), STR("text/plain"), STR("")}};
    struct mail mail = mail_make(t);
    mail.to.name = name;
    mail.reply_to = (struct mail_address){STR("\"A\" \\ B"), STR("a@example.com")};
    mail.subject = str_make(many, 498);
    mail.text = long_text;
    mail.html = STR("<p>\t \n.\r\nFrom me\rx \n");
    mail.language = STR("de");
    mail.attachments = attachments;
    mail.attachment_count = COUNT(attachments);
    struct str composed = compose(t, &mail);
    check_lines(t, composed);
    CHECK(has(composed, "multipart/mixed"));
    CHECK(has(composed, "multipart/alternative"));
    CHECK(has(composed, "filename*0*=UTF-8''"));
    CHECK(has(composed, "filename*1*="));
    CHECK(has(composed, "\r\n<p>=09=20\r\n.\r\nFrom me=0Dx=20\r\n"));
    CHECK(has(composed, "Reply-To: \"\\\"A\\\" \\\\ B\"\r\n <a@example.com>\r\n"));
}

TEST(mail_unsubscribes_with_one_click)
{
    struct mail mail = mail_make(t);
    mail.list_unsubscribe = STR("https://example.com/u/123");
    struct str composed = compose(t, &mail);
    CHECK(has(composed, "\r\nList-Unsubscribe: <https://example.com/u/123>\r\n"
                        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
}

TEST(mail_words_are_read_back)
{
    static const char *const rows[] = {
        "K\xc3\xb6ln", "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac",
        "a",           "ab",
        "abc",         "a long subject with more than forty letters, and a \xe2\x82\xac"};
    static const char *const broken[] = {
        "=?UTF-8?B?", "=?UTF-8?B?YQ?=", "=?UTF-8?B?Y*==?=", "=?UTF-8?B?YQ==?=\r\n x"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf out;
        struct str read;
        buf_init(&out, t->arena, 1000);
        mail_add_words(&out, str_from(rows[i]));
        CHECK_ERR(mail_read_words(t->arena, buf_str(&out), &read), ERR_OK);
        CHECK_STR(read, rows[i]);
    }
    for (size_t i = 0; i < COUNT(broken); i++) {
        struct str read;
        CHECK_ERR(mail_read_words(t->arena, str_from(broken[i]), &read), ERR_OK);
        CHECK_STR(read, broken[i]);
    }
}

static enum err torture_compose(struct test *t, void *arg)
{
    struct buf out;
    buf_init(&out, t->arena, MAIL_COMPOSED_MAX);
    return mail_compose(t->ctx, arg, &sender, &out);
}

TEST(mail_composing_survives_each_failing_allocation)
{
    static char bytes[100000];
    struct mail mail = mail_make(t);
    struct mail_attachment attachment = {STR("a"), STR("text/plain"), {bytes, sizeof bytes}};
    mail.text = STR("\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac");
    mail.attachments = &attachment;
    mail.attachment_count = 1;
    TORTURE_EVERY(t, TORTURE_MEMORY, torture_compose, &mail);
}
