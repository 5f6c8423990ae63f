/* Tests of src/web/request.c. */
#include "web/request.h"

#include "unit/asked.h"

static const struct route json_route = {.answers = "json"};

TEST(request_knows_programs_from_people)
{
    static const struct {
        const char *headers;
        const struct route *route;
        bool json;
    } rows[] = {
        {"", NULL, false},
        {"Accept: */*\r\n", NULL, false},
        {"Accept: */*\r\n", &json_route, true},
        {"Accept: */*\r\nContent-Type: application/json; charset=utf-8\r\n", NULL, true},
        {"Accept: application/json\r\n", NULL, true},
        {"Accept: application/problem+json\r\n", NULL, true},
        {"Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n", &json_route, false},
        {"Accept: text/html;q=0.5, application/json;q=0.6\r\n", NULL, true},
        {"Accept: text/*;q=0.5, application/json;version=1;q=0.4\r\n", NULL, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct asked asked;
        ask_with(t, &asked, "GET", rows[i].headers);
        asked.request.route = rows[i].route;
        test_note(t, "%s", rows[i].headers);
        CHECK(request_wants_json(&asked.request) == rows[i].json);
    }
    struct asked asked;
    ask(t, &asked, "GET / HTTP/1.1\r\nHost: a\r\ncookie: a=1; b=2\r\n\r\n");
    CHECK_STR(request_cookie(&asked.request, STR("b")), "2");
    CHECK_STR(request_header(&asked.request, STR("HOST")), "a");
}
