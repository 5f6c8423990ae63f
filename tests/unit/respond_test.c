/* Tests of src/web/respond.c: what a handler says, as it goes out. */
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
