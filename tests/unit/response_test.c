/* Tests of src/web/response.c: what goes back over the wire. */
#include "web/response.h"

#include <string.h>

#include "harness/torture.h"
#include "unit/asked.h"

#define PLAIN "GET /page HTTP/1.1\r\nHost: a.example\r\n\r\n"
#define GZIP  "GET /page?q=1 HTTP/1.1\r\nHost: a.example\r\nAccept-Encoding: gzip, br\r\n\r\n"

static const struct route shared_route = {.cache_s = 10, .answers = "page"};

static void write_page(struct request *request)
{
    struct buf *body = respond_page(request)->buf;
    for (int i = 0; i < 200; i++)
        buf_addf(body, "<p>Row %d of what is shown here.</p>\n", i);
}

TEST(response_of_a_page_is_whole_and_guarded)
{
    struct asked asked;
    ask(t, &asked, PLAIN);
    buf_add(respond_page(&asked.request)->buf, STR("<p>Yes</p>"));
    struct str head = finish(t, &asked, ERR_OK);
    CHECK(str_starts(head, STR("HTTP/1.1 200 OK\r\n")));
    CHECK(says(head, "Content-Type: text/html; charset=utf-8"));
    CHECK(says(head, "Content-Length: 10"));
    CHECK(says(head, "Cache-Control: no-store"));
    CHECK(says(head, "X-Content-Type-Options: nosniff"));
    CHECK(says(head, "Referrer-Policy: same-origin"));
    CHECK(says(head, "Cross-Origin-Resource-Policy: same-origin"));
    CHECK(says(head, "Date: Thu, 15 Jan 2026 12:00:00 GMT"));
    CHECK(says(head, "Cross-Origin-Opener-Policy: same-origin"));
    CHECK(has_line(head, "Permissions-Policy: "));
    CHECK(str_find(head, STR("default-src 'none'")) != STR_NONE);
    CHECK(str_find(head, STR("unsafe")) == STR_NONE);
    CHECK(!has_line(head, "Connection"));
    CHECK(!has_line(head, "Strict-Transport-Security"));
    CHECK(!has_line(head, "ETag"));
    CHECK_STR(asked.request.response.bytes, "<p>Yes</p>");
}

TEST(response_of_no_document_has_no_policy_of_one)
{
    struct asked asked;
    ask(t, &asked, PLAIN);
    buf_add(respond_body(&asked.request, "application/json"), STR("{}"));
    struct str head = finish(t, &asked, ERR_OK);
    CHECK(says(head, "X-Content-Type-Options: nosniff"));
    CHECK(!has_line(head, "Content-Security-Policy"));
    ask(t, &asked, PLAIN);
    buf_add(respond_body(&asked.request, "image/svg+xml"), STR("<svg/>"));
    CHECK(str_find(finish(t, &asked, ERR_OK), STR("sandbox")) != STR_NONE);
}

TEST(response_says_how_the_connection_goes_on)
{
    static const struct {
        const char *text;
        bool close, secure;
        const char *said;
    } rows[] = {
        {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false, false,
         "Connection: close"},
        {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", false, false,
         "Connection: keep-alive"},
        {"GET / HTTP/1.0\r\n\r\n", false, false, "Connection: close"},
        {PLAIN, true, false, "Connection: close"},
        {PLAIN, false, true, "Strict-Transport-Security: max-age=31536000"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct asked asked;
        ask(t, &asked, rows[i].text);
        asked.request.response.close = rows[i].close;
        asked.request.secure = rows[i].secure;
        test_note(t, "row %zu", i);
        CHECK(says(finish(t, &asked, ERR_OK), rows[i].said));
    }
}

TEST(response_to_head_tells_the_length_and_sends_nothing)
{
    struct asked asked;
    ask(t, &asked, "HEAD /page HTTP/1.1\r\nHost: a\r\n\r\n");
    buf_add(respond_body(&asked.request, "text/plain"), STR("four"));
    struct str head = finish(t, &asked, ERR_OK);
    CHECK(says(head, "Content-Length: 4"));
    CHECK(says(head, "Content-Type: text/plain"));
    CHECK_INT(asked.request.response.bytes.len, 0);
}

TEST(response_without_a_body_has_no_length_where_none_may_be)
{
    struct asked asked;
    ask(t, &asked, "DELETE /page HTTP/1.1\r\nHost: a\r\n\r\n");
    respond_status(&asked.request, 204);
    struct str head = finish(t, &asked, ERR_OK);
    CHECK(str_starts(head, STR("HTTP/1.1 204 No Content\r\n")));
    CHECK(!has_line(head, "Content-Length"));
}

TEST(response_compresses_what_is_worth_it)
{
    struct asked asked;
    ask(t, &asked, GZIP);
    write_page(&asked.request);
    size_t plain_len = asked.request.response.body.len;
    struct str head = finish(t, &asked, ERR_OK);
    struct str bytes = asked.request.response.bytes;
    CHECK(says(head, "Content-Encoding: gzip"));
    CHECK(says(head, "Vary: Accept-Encoding"));
    CHECK(bytes.len < plain_len / 4 && str_starts(bytes, STR("\x1f\x8b")));

    ask(t, &asked, PLAIN);
    write_page(&asked.request);
    head = finish(t, &asked, ERR_OK);
    CHECK(!has_line(head, "Content-Encoding"));
    CHECK(says(head, "Vary: Accept-Encoding"));
    CHECK_INT(asked.request.response.bytes.len, plain_len);
}

TEST(response_asked_for_by_another_site_does_not_tell_by_its_size)
{
#define PACKED "Accept-Encoding: gzip\r\n"
    static const struct {
        const char *headers;
        bool packed;
    } rows[] = {
        {PACKED "Sec-Fetch-Site: cross-site\r\nCookie: session=1\r\n", false},
        {PACKED "Sec-Fetch-Site: same-site\r\nCookie: session=1\r\n", false},
        {PACKED "Sec-Fetch-Site: cross-site\r\n", true},
        {PACKED "Sec-Fetch-Site: same-origin\r\nCookie: session=1\r\n", true},
        {PACKED "Sec-Fetch-Site: none\r\nCookie: session=1\r\n", true},
        {PACKED "Cookie: session=1\r\n", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct asked asked;
        ask_with(t, &asked, "GET", rows[i].headers);
        write_page(&asked.request);
        test_note(t, "%s", rows[i].headers);
        CHECK(has_line(finish(t, &asked, ERR_OK), "Content-Encoding") == rows[i].packed);
    }
}

static struct str ask_fixed(struct test *t, struct asked *asked, const char *method,
                            const char *headers)
{
    ask_with(t, asked, method, headers);
    respond_cache(&asked->request, "public, max-age=60");
    CHECK_ERR(respond_fixed(&asked->request, "text/plain", STR("0123456789"), STR("\"ten\"")),
              ERR_OK);
    return finish(t, asked, ERR_OK);
}

TEST(response_of_fixed_bytes_is_given_whole_in_part_or_not_at_all)
{
    static const struct {
        const char *method, *headers, *status, *bytes, *line;
    } rows[] = {
        {"GET", "", "200 OK", "0123456789", "Content-Length: 10"},
        {"GET", "", "200 OK", "0123456789", "Accept-Ranges: bytes"},
        {"GET", "Range: bytes=2-4\r\n", "206 Partial Content", "234",
         "Content-Range: bytes 2-4/10"},
        {"GET", "Range: bytes=2-4\r\n", "206 Partial Content", "234", "Content-Length: 3"},
        {"GET", "Range: bytes=-2\r\n", "206 Partial Content", "89", "Content-Range: bytes 8-9/10"},
        {"GET", "Range: bytes=8-\r\n", "206 Partial Content", "89", "ETag: \"ten\""},
        {"GET", "Range: bytes=0-0,9-9\r\n", "200 OK", "0123456789", "Content-Length: 10"},
        {"GET", "Range: bytes=10-\r\n", "416 Range Not Satisfiable", "",
         "Content-Range: bytes */10"},
        {"GET", "Range: bytes=10-\r\n", "416 Range Not Satisfiable", "", "Content-Length: 0"},
        {"GET", "Range: bytes=2-4\r\nIf-Range: \"ten\"\r\n", "206 Partial Content", "234",
         "Content-Length: 3"},
        {"GET", "Range: bytes=2-4\r\nIf-Range: \"other\"\r\n", "200 OK", "0123456789",
         "Content-Length: 10"},
        {"GET", "If-None-Match: \"ten\"\r\n", "304 Not Modified", "", "ETag: \"ten\""},
        {"GET", "If-None-Match: \"ten\"\r\n", "304 Not Modified", "",
         "Cache-Control: public, max-age=60"},
        {"GET", "If-None-Match: *\r\nRange: bytes=0-1\r\n", "304 Not Modified", "",
         "ETag: \"ten\""},
        {"GET", "If-None-Match: \"other\"\r\n", "200 OK", "0123456789", "ETag: \"ten\""},
        {"GET", "Range: bytes=10-\r\n", "416 Range Not Satisfiable", "", "Cache-Control: no-store"},
        {"GET", "If-Match: \"other\"\r\n", "412 Precondition Failed", "", "Content-Length: 0"},
        {"HEAD", "", "200 OK", "", "Content-Length: 10"},
        {"HEAD", "Range: bytes=2-4\r\n", "200 OK", "", "Content-Length: 10"},
        {"HEAD", "If-None-Match: \"ten\"\r\n", "304 Not Modified", "", "ETag: \"ten\""},
        {"POST", "Content-Length: 0\r\nIf-None-Match: \"ten\"\r\n", "200 OK", "0123456789",
         "Content-Length: 10"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct asked asked;
        struct str head = ask_fixed(t, &asked, rows[i].method, rows[i].headers);
        test_note(t, "%s %s", rows[i].method, rows[i].headers);
        CHECK(str_starts(str_slice(head, 9, head.len), str_from(rows[i].status)));
        CHECK_STR(asked.request.response.bytes, rows[i].bytes);
        CHECK(says(head, rows[i].line));
        bool has_none = str_starts(str_from(rows[i].status), STR("304"));
        CHECK(has_line(head, "Content-Length: ") != has_none);
        CHECK(has_line(head, "Content-Type: ") ==
              (rows[i].bytes[0] || (rows[i].method[0] == 'H' && !has_none)));
    }
}

TEST(response_too_large_is_our_mistake)
{
    struct asked asked;
    ask(t, &asked, PLAIN);
    struct buf *body = respond_body(&asked.request, "text/plain");
    buf_fail(body, ERR_LIMIT);
    struct str head = finish(t, &asked, ERR_OK);
    CHECK(str_starts(head, STR("HTTP/1.1 500 ")));
    CHECK_STR(asked.request.response.bytes, "The answer could not be made.\n");
    CHECK(str_find(test_log(t), STR("the answer's body: limit")) != STR_NONE);
}

TEST(response_that_all_share_is_named_and_kept)
{
    struct asked asked;
    struct page_cache *cache;
    char bytes[RESPONSE_KEY_MAX];
    struct buf key;
    bool render;
    REQUIRE(page_cache_open(t->ctx, 1 << 20, &cache) == ERR_OK);
    ask(t, &asked, GZIP);
    asked.request.route = &shared_route;
    CHECK(response_is_shared(&asked.request));
    buf_init_fixed(&key, bytes, sizeof bytes);
    response_key(&asked.request, &key);
    CHECK_STR(buf_str(&key), "/page\nq=1\nen\ngzip");
    write_page(&asked.request);
    response_finish(&asked.request, ERR_OK, NULL, NULL);
    response_keep(&asked.request, cache, buf_str(&key), page_cache_drops(cache));
    struct str made = head_of(t, &asked);
    struct str made_bytes = asked.request.response.bytes;
    CHECK(has_line(made, "ETag: \""));
    CHECK(says(made, "Cache-Control: private, no-cache"));
    CHECK(says(made, "Vary: Accept-Encoding, Accept-Language"));

    const struct kept_page *page = page_cache_find(cache, buf_str(&key), t->clock.tick_us, &render);
    REQUIRE(page != NULL);
    CHECK(!render);
    struct asked again;
    struct buf head;
    ask(t, &again, GZIP);
    buf_init_fixed(&head, again.bytes, sizeof again.bytes);
    response_kept(&again.request, page, &head);
    CHECK(str_equal(buf_str(&head), made));
    CHECK(str_equal(again.request.response.bytes, made_bytes));

    struct buf condition;
    buf_init(&condition, t->arena, 100);
    buf_addf(&condition, "If-None-Match: " STR_FMT "\r\n%c", STR_ARG(page->etag), '\0');
    ask_with(t, &again, "HEAD", condition.ptr);
    buf_init_fixed(&head, again.bytes, sizeof again.bytes);
    response_kept(&again.request, page, &head);
    CHECK(str_starts(buf_str(&head), STR("HTTP/1.1 304 Not Modified\r\nCache-Control: private")));
    CHECK(has_line(buf_str(&head), "ETag: "));
    CHECK(!has_line(buf_str(&head), "Content-Length"));
    CHECK(!has_line(buf_str(&head), "Content-Encoding"));
    CHECK_INT(again.request.response.bytes.len, 0);
    page_cache_done(cache, page);
    page_cache_close(cache);
}

TEST(response_for_one_is_not_shared)
{
    static const char *const headers[] = {"Cookie: a=b\r\n", "Authorization: Basic x\r\n"};
    struct asked asked;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        ask_with(t, &asked, "GET", headers[i]);
        asked.request.route = &shared_route;
        CHECK(!response_is_shared(&asked.request));
    }
    ask(t, &asked, PLAIN);
    CHECK(!response_is_shared(&asked.request));
    asked.request.route = &shared_route;
    write_page(&asked.request);
    respond_cookie(&asked.request, "seen", STR("1"), 60);
    struct str head = finish(t, &asked, ERR_OK);
    CHECK(says(head, "Cache-Control: no-store"));
    CHECK(!has_line(head, "ETag"));
}

/* Whatever fails, there is an answer, and it is no half of one. */
static enum err answer(struct test *t, void *arg)
{
    struct asked asked;
    (void)arg;
    ask(t, &asked, GZIP);
    asked.request.route = &shared_route;
    write_page(&asked.request);
    respond_header(&asked.request, "Link", STR("</style>; rel=help"));
    struct str head = finish(t, &asked, ERR_OK);
    bool whole = str_starts(head, STR("HTTP/1.1 200 OK\r\n"));
    CHECK(whole || str_starts(head, STR("HTTP/1.1 503 Service Unavailable\r\n")));
    CHECK(says(head, "Retry-After: 1") != whole);
    CHECK(asked.request.response.bytes.len > 0);
    return whole ? ERR_OK : ERR_MEMORY;
}

TEST(response_needs_no_memory_to_say_that_there_is_none)
{
    CHECK(TORTURE_EVERY(t, TORTURE_MEMORY, answer, NULL) > 0);
}
