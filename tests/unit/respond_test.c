/* Tests of src/web/respond.c: what a handler says, as it goes out. */
#include <string.h>

#include "unit/asked.h"

#define PLAIN "GET /page HTTP/1.1\r\nHost: a.example\r\n\r\n"

TEST(respond_adds_what_the_handler_says)
{
    struct asked asked;
    ask(t, &asked, "POST /page HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
    asked.request.secure = true;
    respond_header(&asked.request, "Link", STR("</style>; rel=help"));
    respond_cookie(&asked.request, "session", STR("abc"), 3600);
    respond_cookie(&asked.request, "old", (struct str){0}, 0);
    CHECK_ERR(respond_redirect(&asked.request, "/contact/%s?q=%%C3#a b\r\nX: 1", "msg_1"), ERR_OK);
    struct str head = finish(t, &asked, ERR_OK);
    CHECK(str_starts(head, STR("HTTP/1.1 303 See Other\r\n")));
    CHECK(says(head, "Location: /contact/msg_1?q=%C3#a%20b%0D%0AX:%201"));
    CHECK(says(head, "Link: </style>; rel=help"));
    CHECK(says(head,
               "Set-Cookie: session=abc; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure"));
    CHECK(says(head, "Set-Cookie: old=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"));
    CHECK(says(head, "Content-Length: 0"));
}

TEST(respond_leads_to_no_other_site)
{
    static const char *const places[] = {"//evil.example/", "https://evil.example/", "", "contact"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct asked asked;
        ask(t, &asked, PLAIN);
        CHECK_ERR(respond_redirect(&asked.request, "%s", places[i]), ERR_INPUT);
    }
    struct asked asked;
    ask(t, &asked, PLAIN);
    CHECK_ERR(respond_redirect(&asked.request, "/%s", "\\evil.example"), ERR_OK);
    CHECK(says(finish(t, &asked, ERR_OK), "Location: /%5Cevil.example"));
}

/* Each byte of a target may become three; what is longer than a target is the asker's mistake. */
TEST(respond_leads_as_far_as_a_target_goes)
{
    char place[HTTP_TARGET_MAX + 2];
    memset(place, '"', sizeof place);
    place[0] = '/';
    place[HTTP_TARGET_MAX] = '\0';
    struct asked asked;
    ask(t, &asked, PLAIN);
    respond_cookie(&asked.request, "language", STR("de"), 60);
    CHECK_ERR(respond_redirect(&asked.request, "%s", place), ERR_OK);
    struct str head = finish(t, &asked, ERR_OK);
    CHECK(str_starts(head, STR("HTTP/1.1 303 ")));
    CHECK(str_find(head, STR("%22\r\n")) != STR_NONE);

    place[HTTP_TARGET_MAX] = '"';
    place[HTTP_TARGET_MAX + 1] = '\0';
    ask(t, &asked, PLAIN);
    enum err err = respond_redirect(&asked.request, "%s", place);
    CHECK_ERR(err, ERR_INPUT);
    CHECK(str_starts(finish(t, &asked, err), STR("HTTP/1.1 414 ")));
    CHECK_STR(test_log(t), "");
}

TEST(respond_events_has_no_end)
{
    struct asked asked;
    struct channel *channel = (struct channel *)&asked;
    ask(t, &asked, "GET /events HTTP/1.1\r\nHost: a\r\nLast-Event-ID: 17\r\n\r\n");
    CHECK_ERR(respond_events(&asked.request, channel, 7), ERR_OK);
    struct str head = finish(t, &asked, ERR_OK);
    CHECK(says(head, "Content-Type: text/event-stream"));
    CHECK(says(head, "Connection: close"));
    CHECK(says(head, "Cache-Control: no-store"));
    CHECK(!has_line(head, "Content-Length"));
    CHECK(asked.request.response.events == channel);
    CHECK_INT(asked.request.response.events_after, 17);

    ask(t, &asked, "HEAD /events HTTP/1.1\r\nHost: a\r\nLast-Event-ID: -1\r\n\r\n");
    CHECK_ERR(respond_events(&asked.request, channel, 7), ERR_OK);
    finish(t, &asked, ERR_OK);
    CHECK(asked.request.response.events == NULL);
    CHECK_INT(asked.request.response.events_after, 7);
}
