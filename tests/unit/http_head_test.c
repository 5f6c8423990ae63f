/* Tests the reader of request heads. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "harness/test.h"
#include "web/http.h"

#define LINE "GET / HTTP/1.1\r\n"
#define HOST "Host: a\r\n"

static enum http_verdict read_head(struct http_head *head, struct str bytes)
{
    size_t searched = 0;
    return http_read_head(head, bytes, &searched);
}

TEST(http_head_reads_what_a_browser_sends)
{
    struct http_head head;
    struct str bytes = STR("GET /contact/msg_1?page=2&q=a%20b HTTP/1.1\r\n"
                           "Host: www.example.com:8080\r\n"
                           "User-Agent:\tMozilla/5.0 (X11; Linux x86_64)  \r\n"
                           "Accept: text/html,*/*;q=0.8\r\n"
                           "X-Empty:\r\n"
                           "Cookie: session=abc; theme=dark\r\n"
                           "\r\nwhat follows");
    CHECK_INT(read_head(&head, bytes), HTTP_WHOLE);
    CHECK_INT(head.method, HTTP_GET);
    CHECK_STR(head.path, "/contact/msg_1");
    CHECK_STR(head.query, "page=2&q=a%20b");
    CHECK_STR(head.host, "www.example.com:8080");
    CHECK(!head.old && head.keep_alive && !head.chunked && !head.expects_continue);
    CHECK_INT(head.body_len, 0);
    CHECK_INT(head.header_count, 5);
    CHECK_STR(head.headers[1].name, "User-Agent");
    CHECK_STR(head.headers[1].value, "Mozilla/5.0 (X11; Linux x86_64)");
    CHECK_STR(http_header(&head, STR("x-empty")), "");
    CHECK(http_header(&head, STR("x-empty")).ptr);
    CHECK_STR(str_slice(bytes, head.len, bytes.len), "what follows");
}

TEST(http_head_reads_how_the_body_comes)
{
    static const struct {
        const char *lines;
        int64_t len;
        bool chunked, expects;
    } rows[] = {
        {"Content-Length: 0\r\n", 0, false, false},
        {"content-length:5\r\n", 5, false, false},
        {"Content-Length: 1099511627776\r\n", HTTP_BODY_MAX, false, false},
        {"Transfer-Encoding: chunked\r\n", 0, true, false},
        {"TRANSFER-ENCODING: Chunked \r\n", 0, true, false},
        {"Expect: 100-continue\r\n", 0, false, false},
        {"Expect: 100-Continue\r\nContent-Length: 5\r\n", 5, false, true},
        {"Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n", 0, true, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[256];
        struct http_head head;
        int len = snprintf(text, sizeof text, "POST / HTTP/1.1\r\n" HOST "%s\r\n", rows[i].lines);
        test_note(t, "%s", rows[i].lines);
        CHECK_INT(read_head(&head, str_make(text, (size_t)len)), HTTP_WHOLE);
        CHECK_INT(head.body_len, rows[i].len);
        CHECK_INT(head.chunked, rows[i].chunked);
        CHECK_INT(head.expects_continue, rows[i].expects);
    }
}

TEST(http_head_knows_whether_the_connection_stays)
{
    static const struct {
        const char *bytes;
        bool keep_alive;
    } rows[] = {
        {LINE HOST "\r\n", true},
        {LINE HOST "Connection: close\r\n\r\n", false},
        {LINE HOST "Connection: Keep-Alive, CLOSE\r\n\r\n", false},
        {LINE HOST "Connection: keep-alive\r\nConnection: close\r\n\r\n", false},
        {LINE HOST "Connection: closed\r\n\r\n", true},
        {"GET / HTTP/1.0\r\n\r\n", false},
        {"GET / HTTP/1.0\r\nConnection: Upgrade, keep-alive\r\n\r\n", true},
        {"GET / HTTP/1.0\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct http_head head;
        test_note(t, "%s", rows[i].bytes);
        CHECK_INT(read_head(&head, str_from(rows[i].bytes)), HTTP_WHOLE);
        CHECK_INT(head.keep_alive, rows[i].keep_alive);
    }
}

TEST(http_head_reads_every_form_of_a_target)
{
    static const struct {
        const char *start, *path, *query, *host;
    } rows[] = {
        {"GET /", "/", "", "a"},
        {"GET //a//", "//a//", "", "a"},
        {"GET /?", "/", "", "a"},
        {"GET /a?b?c", "/a", "b?c", "a"},
        {"GET /|^\"<>`{}[]\\", "/|^\"<>`{}[]\\", "", "a"},
        {"OPTIONS *", "*", "", "a"},
        {"OPTIONS /x", "/x", "", "a"},
        {"GET http://b:81/x?y", "/x", "y", "b:81"},
        {"GET HTTPS://[::1]", "/", "", "[::1]"},
        {"GET http://b?y", "/", "y", "b"},
        {"\r\nGET /", "/", "", "a"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[256];
        struct http_head head;
        int len = snprintf(text, sizeof text, "%s HTTP/1.1\r\n" HOST "\r\n", rows[i].start);
        test_note(t, "%s", rows[i].start);
        CHECK_INT(read_head(&head, str_make(text, (size_t)len)), HTTP_WHOLE);
        CHECK_STR(head.path, rows[i].path);
        CHECK_STR(head.query, rows[i].query);
        CHECK_STR(head.host, rows[i].host);
        CHECK_INT(head.len, len);
    }
}

/* What was sent, the status it is refused with, a part of the reason. The bytes may hold NUL. */
static const struct refusal {
    struct str bytes;
    int status;
    const char *reason;
} refusals[] = {
#define REFUSED(bytes, status, reason)             \
    {                                              \
        {bytes, sizeof(bytes) - 1}, status, reason \
    }
    REFUSED("\n", 400, "CR LF"),
    REFUSED("\r\n\r\n" LINE HOST "\r\n", 400, "method"),
    REFUSED("GET /\0 HTTP/1.1\r\n", 400, "control"),
    REFUSED("\x16\x03\x01", 400, "control"),
    REFUSED("GET / HTTP/1.1\n", 400, "CR LF"),
    REFUSED("GET / HTTP/1.1\rHost: a", 400, "CR LF"),
    REFUSED(LINE HOST "X: a\rb\r\n", 400, "CR LF"),
    REFUSED(LINE HOST "X: a\0b\r\n", 400, "control"),
    REFUSED(LINE HOST "X: a\x7f\r\n", 400, "control"),
    REFUSED(LINE HOST "X: a\x0b\r\n", 400, "control"),
    REFUSED("get / HTTP/1.1\r\n" HOST "\r\n", 400, "method"),
    REFUSED(" / HTTP/1.1\r\n" HOST "\r\n", 400, "method"),
    REFUSED("BREW / HTTP/1.1\r\n" HOST "\r\n", 501, "method"),
    REFUSED("TRACE / HTTP/1.1\r\n" HOST "\r\n", 405, "method"),
    REFUSED("CONNECT a:80 HTTP/1.1\r\n" HOST "\r\n", 405, "method"),
    REFUSED("GET\r\n" HOST "\r\n", 400, "first line"),
    REFUSED("GET /\r\n" HOST "\r\n", 400, "first line"),
    REFUSED("GET / \r\n" HOST "\r\n", 400, "first line"),
    REFUSED("GET  / HTTP/1.1\r\n" HOST "\r\n", 400, "first line"),
    REFUSED("GET / a HTTP/1.1\r\n" HOST "\r\n", 400, "first line"),
    REFUSED("GET / HTTP/1.1 \r\n" HOST "\r\n", 400, "first line"),
    REFUSED("GET / http/1.1\r\n" HOST "\r\n", 400, "first line"),
    REFUSED("GET / HTTP/1.10\r\n" HOST "\r\n", 400, "first line"),
    REFUSED("GET / HTTP/2.0\r\n" HOST "\r\n", 505, "HTTP/1.1"),
    REFUSED("GET / HTTP/1.2\r\n" HOST "\r\n", 505, "HTTP/1.1"),
    REFUSED("GET a HTTP/1.1\r\n" HOST "\r\n", 400, "address"),
    REFUSED("GET * HTTP/1.1\r\n" HOST "\r\n", 400, "address"),
    REFUSED("OPTIONS *a HTTP/1.1\r\n" HOST "\r\n", 400, "address"),
    REFUSED("GET /#a HTTP/1.1\r\n" HOST "\r\n", 400, "percent"),
    REFUSED("GET /\xc3\xa4 HTTP/1.1\r\n" HOST "\r\n", 400, "percent"),
    REFUSED("GET /\ta HTTP/1.1\r\n" HOST "\r\n", 400, "percent"),
    REFUSED("GET a:80 HTTP/1.1\r\n" HOST "\r\n", 400, "address"),
    REFUSED("GET ftp://a/ HTTP/1.1\r\n" HOST "\r\n", 400, "address"),
    REFUSED("GET http:///a HTTP/1.1\r\n" HOST "\r\n", 400, "address"),
    REFUSED("GET http://me@a/ HTTP/1.1\r\n" HOST "\r\n", 400, "address"),
    REFUSED("GET http://a/ HTTP/1.1\r\n\r\n", 400, "no Host"),
    REFUSED(LINE "\r\n", 400, "no Host"),
    REFUSED(LINE HOST HOST "\r\n", 400, "two Host"),
    REFUSED(LINE "Host:\r\n\r\n", 400, "not a host"),
    REFUSED(LINE "Host: a b\r\n\r\n", 400, "not a host"),
    REFUSED(LINE "Host: a, b\r\n\r\n", 400, "not a host"),
    REFUSED(LINE "Host: a/b\r\n\r\n", 400, "not a host"),
    REFUSED(LINE "Host: a@b\r\n\r\n", 400, "not a host"),
    REFUSED(LINE "Host: a:\r\n\r\n", 400, "not a host"),
    REFUSED(LINE "Host: a:0\r\n\r\n", 400, "not a host"),
    REFUSED(LINE "Host: a:65536\r\n\r\n", 400, "not a host"),
    REFUSED(LINE "Host: a:80x\r\n\r\n", 400, "not a host"),
    REFUSED(LINE "Host: [::1\r\n\r\n", 400, "not a host"),
    REFUSED(LINE "Host: [1.2.3.4]\r\n\r\n", 400, "not a host"),
    REFUSED(LINE "Host: [::g]\r\n\r\n", 400, "not a host"),
    REFUSED(LINE "Host: \xc3\xa4\r\n\r\n", 400, "not a host"),
    REFUSED("GET / HTTP/1.0\r\n" HOST HOST "\r\n", 400, "two Host"),
    REFUSED(LINE HOST "X : a\r\n\r\n", 400, "colon"),
    REFUSED(LINE HOST "X\t: a\r\n\r\n", 400, "colon"),
    REFUSED(LINE HOST "X\r\n\r\n", 400, "colon"),
    REFUSED(LINE HOST "X(: a\r\n\r\n", 400, "colon"),
    REFUSED(LINE HOST "X\xc3\xa4: a\r\n\r\n", 400, "colon"),
    REFUSED(LINE HOST ": a\r\n\r\n", 400, "no name"),
    REFUSED(LINE HOST " folded\r\n\r\n", 400, "folded"),
    REFUSED(LINE HOST "\tfolded\r\n\r\n", 400, "folded"),
    REFUSED(LINE " X: a\r\n" HOST "\r\n", 400, "folded"),
    REFUSED(LINE HOST "Content-Length: 5\r\nContent-Length: 5\r\n\r\n", 400, "two Content-Length"),
    REFUSED(LINE HOST "Content-Length: 5\r\nContent-Length: 6\r\n\r\n", 400, "two Content-Length"),
    REFUSED(LINE HOST "Content-Length: 5, 5\r\n\r\n", 400, "not a number"),
    REFUSED(LINE HOST "Content-Length: +5\r\n\r\n", 400, "not a number"),
    REFUSED(LINE HOST "Content-Length: -5\r\n\r\n", 400, "not a number"),
    REFUSED(LINE HOST "Content-Length:\r\n\r\n", 400, "not a number"),
    REFUSED(LINE HOST "Content-Length: 05\r\n\r\n", 400, "not a number"),
    REFUSED(LINE HOST "Content-Length: 0x5\r\n\r\n", 400, "not a number"),
    REFUSED(LINE HOST "Content-Length: 5 5\r\n\r\n", 400, "not a number"),
    REFUSED(LINE HOST "Content-Length: 1099511627777\r\n\r\n", 413, "larger"),
    REFUSED(LINE HOST "Content-Length: 99999999999999999999\r\n\r\n", 413, "larger"),
    REFUSED(LINE HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "beside"),
    REFUSED(LINE HOST "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n", 400, "beside"),
    REFUSED(LINE HOST "Transfer-Encoding: gzip, chunked\r\n\r\n", 501, "chunked"),
    REFUSED(LINE HOST "Transfer-Encoding: identity\r\n\r\n", 501, "chunked"),
    REFUSED(LINE HOST "Transfer-Encoding: xchunked\r\n\r\n", 501, "chunked"),
    REFUSED(LINE HOST "Transfer-Encoding:\r\n\r\n", 501, "chunked"),
    REFUSED(LINE HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
            "two"),
    REFUSED("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "HTTP/1.0"),
    REFUSED(LINE HOST "Expect: 200-ok\r\n\r\n", 417, "100-continue"),
#undef REFUSED
};

TEST(http_head_refuses_what_could_be_read_differently)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct http_head head;
        test_note(t, "row %zu: " STR_FMT, i, STR_ARG(refusals[i].bytes));
        CHECK_INT(read_head(&head, refusals[i].bytes), HTTP_BAD);
        CHECK_INT(head.status, refusals[i].status);
        CHECK(head.reason &&
              str_find(str_from(head.reason), str_from(refusals[i].reason)) != STR_NONE);
    }
}

/* Each prefix is in memory of its own size, so that a look behind it would be seen. */
static enum http_verdict read_by_bytes(struct http_head *head, struct str bytes)
{
    enum http_verdict verdict = HTTP_MORE;
    size_t searched = 0;
    for (size_t len = 0; len <= bytes.len && verdict == HTTP_MORE; len++) {
        char *prefix = malloc(len + 1);
        if (len)
            memcpy(prefix, bytes.ptr, len);
        verdict = http_read_head(head, str_make(prefix, len), &searched);
        free(prefix);
    }
    return verdict;
}

TEST(http_head_says_the_same_byte_by_byte)
{
    struct http_head head;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        test_note(t, "row %zu: " STR_FMT, i, STR_ARG(refusals[i].bytes));
        CHECK_INT(read_by_bytes(&head, refusals[i].bytes), HTTP_BAD);
        CHECK_INT(head.status, refusals[i].status);
    }
    struct str whole = STR("\r\nPUT /a?b HTTP/1.1\r\nHost: a\r\nX:\t\r\nContent-Length: 3\r\n\r\n");
    CHECK_INT(read_by_bytes(&head, whole), HTTP_WHOLE);
    CHECK_INT(head.len, whole.len);
    CHECK_INT(head.header_count, 3);
    CHECK_INT(read_by_bytes(&head, str_slice(whole, 0, whole.len - 1)), HTTP_MORE);
}

/* `before`, so many letters, `after`. */
static struct str text_of(struct test *t, const char *before, size_t letters, const char *after)
{
    struct buf out;
    buf_init(&out, t->arena, 2 * HTTP_HEAD_MAX);
    buf_add(&out, str_from(before));
    for (size_t i = 0; i < letters; i++)
        buf_addc(&out, 'a');
    buf_add(&out, str_from(after));
    return buf_str(&out);
}

TEST(http_head_keeps_its_limits)
{
    struct http_head head;
    const char *rest = " HTTP/1.1\r\n" HOST "\r\n";
    CHECK_INT(read_head(&head, text_of(t, "GET /", HTTP_TARGET_MAX - 1, rest)), HTTP_WHOLE);
    CHECK_INT(read_head(&head, text_of(t, "GET /", HTTP_TARGET_MAX, rest)), HTTP_BAD);
    CHECK_INT(head.status, 414);
    CHECK_INT(read_head(&head, text_of(t, "GET /", HTTP_HEAD_MAX, rest)), HTTP_BAD);
    CHECK_INT(head.status, 414);

    size_t others = strlen(LINE HOST "X: \r\n\r\n");
    const char *front = LINE HOST "X: ";
    CHECK_INT(read_head(&head, text_of(t, front, HTTP_HEAD_MAX - others, "\r\n\r\n")), HTTP_WHOLE);
    CHECK_INT(head.len, HTTP_HEAD_MAX);
    CHECK_INT(read_head(&head, text_of(t, front, HTTP_HEAD_MAX - others + 1, "\r\n\r\n")),
              HTTP_BAD);
    CHECK_INT(head.status, 431);
    CHECK_INT(read_head(&head, text_of(t, front, 100, "")), HTTP_MORE);
    CHECK_INT(read_head(&head, text_of(t, "GET http://", 255, rest)), HTTP_WHOLE);
    CHECK_INT(read_head(&head, text_of(t, "GET http://", 256, rest)), HTTP_BAD);
}

static struct str head_of(struct test *t, const char *before, int headers)
{
    struct buf out;
    buf_init(&out, t->arena, HTTP_HEAD_MAX);
    buf_addf(&out, "%s" LINE HOST, before);
    for (int i = 1; i < headers; i++)
        buf_addf(&out, "X: %d\r\n", i);
    buf_add(&out, STR("\r\n"));
    return buf_str(&out);
}

TEST(http_head_counts_the_headers)
{
    struct http_head head;
    CHECK_INT(read_head(&head, head_of(t, "", HTTP_HEADERS_MAX)), HTTP_WHOLE);
    CHECK_INT(head.header_count, HTTP_HEADERS_MAX);
    CHECK_STR(http_header(&head, STR("x")), "1");
    CHECK_STR(http_header_last(&head, STR("x")), "63");
    CHECK_INT(read_head(&head, head_of(t, "\r\n", HTTP_HEADERS_MAX)), HTTP_WHOLE);
    for (int more = 1; more < 10; more++) {
        CHECK_INT(read_head(&head, head_of(t, "", HTTP_HEADERS_MAX + more)), HTTP_BAD);
        CHECK_INT(head.status, 431);
        CHECK_INT(read_head(&head, head_of(t, "\r\n", HTTP_HEADERS_MAX + more)), HTTP_BAD);
        CHECK_INT(head.status, 431);
    }
}
