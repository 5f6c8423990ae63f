/* Tests the words of HTTP. */
#include "harness/test.h"
#include "web/http.h"

TEST(http_words_name_methods_and_statuses)
{
    CHECK_TEXT(http_method_name(HTTP_GET), "GET");
    CHECK_TEXT(http_method_name(HTTP_OPTIONS), "OPTIONS");
    for (enum http_method i = 0; i < HTTP_METHOD_COUNT; i++)
        CHECK(http_method_name(i));
    CHECK_TEXT(http_status_words(200), "OK");
    CHECK_TEXT(http_status_words(431), "Request Header Fields Too Large");
    CHECK_TEXT(http_status_words(299), "Unknown");
}

TEST(http_words_name_the_status_of_every_err)
{
#define CHECK_STATUS(code, status, name) \
    CHECK(!str_equal(str_from(http_status_words(status)), STR("Unknown")));
    ERR_TABLE(CHECK_STATUS)
#undef CHECK_STATUS
}

TEST(http_words_find_headers_in_any_case)
{
    struct http_head head = {.header_count = 3,
                             .headers = {{STR("Accept"), STR("first")},
                                         {STR("X"), STR("")},
                                         {STR("ACCEPT"), STR("last")}}};
    CHECK_STR(http_header(&head, STR("accept")), "first");
    CHECK_STR(http_header_last(&head, STR("accept")), "last");
    CHECK(http_header(&head, STR("x")).ptr);
    CHECK(!http_header(&head, STR("y")).ptr);
    CHECK(!http_header_last(&head, STR("y")).ptr);
}

TEST(http_words_find_a_word_in_a_list)
{
    CHECK(http_list_has(STR("close"), STR("close")));
    CHECK(http_list_has(STR("keep-alive,\tClose ,"), STR("close")));
    CHECK(http_list_has(STR(",,close"), STR("close")));
    CHECK(!http_list_has(STR("closed, close d"), STR("close")));
    CHECK(!http_list_has(STR(""), STR("close")));
    CHECK(!http_list_has((struct str){0}, STR("close")));
}
