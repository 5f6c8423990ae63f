/* Tests the HTTP client with peers that misbehave and places that it must not go to. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "harness/test.h"
#include "ports/calls.h"
#include "ports/http/client.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define EMPTY        "Content-Length: 0\r\n\r\n"

TEST(http_client_bears_bad_answers)
{
    static const struct {
        const char *name;
        struct scene scene;
        enum err err;
    } rows[] = {
        {"silent", {"", PEER_KEEPS}, ERR_TIMEOUT},
        {"half a head", {"HTTP/1.1 200 OK\r\nContent-Le", PEER_KEEPS}, ERR_TIMEOUT},
        {"half a body",
         {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", PEER_KEEPS},
         ERR_TIMEOUT},
        {"a letter at a time", {"HTTP/1.1 200 OK\r\n\r\n", PEER_DRIPS}, ERR_TIMEOUT},
        {"a head without end", {"HTTP/1.1 200 OK\r\nX: ", PEER_FLOODS}, ERR_LIMIT},
        {"a body without end", {"HTTP/1.1 200 OK\r\n\r\n", PEER_FLOODS}, ERR_LIMIT},
        {"an error without end", {"HTTP/1.1 404 No\r\n\r\n", PEER_FLOODS}, ERR_LIMIT},
        {"interim answers",
         {"HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 100 Go\r\n\r\n", PEER_KEEPS},
         ERR_TIMEOUT},
        {"cut", {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", PEER_CLOSES}, ERR_PEER},
        {"cut in its head", {"HTTP/1.1 200 OK\r\nX: ", PEER_RESETS}, ERR_PEER},
        {"cut in a chunk",
         {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", PEER_CLOSES},
         ERR_PEER},
        {"no chunk",
         {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", PEER_CLOSES},
         ERR_PEER},
        {"closed", {"", PEER_CLOSES}, ERR_PEER},
        {"reset", {"", PEER_RESETS}, ERR_PEER},
        {"no HTTP", {"SSH-2.0-OpenSSH_9.2\r\n", PEER_CLOSES}, ERR_PEER},
        {"letters", {"", PEER_FLOODS}, ERR_PEER},
        {"too long",
         {"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n", PEER_FLOODS},
         ERR_LIMIT},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct calls calls;
        calls_open(t, &calls, &rows[i].scene, 1);
        test_note(t, "%s", rows[i].name);
        int timeout_ms = rows[i].err == ERR_TIMEOUT ? CALLS_IMPATIENT_MS : 0;
        CHECK_ERR(calls_send(&calls, &(struct http_client_call){.method = "GET",
                                                                .url = calls_url(&calls, "/"),
                                                                .timeout_ms = timeout_ms}),
                  rows[i].err);
        CHECK_INT(calls.peer.requests, 1);
        calls_close(&calls);
    }
}

static struct str many_headers(struct test *t, int count)
{
    struct buf head;
    buf_init(&head, t->arena, 64 << 10);
    buf_add(&head, STR("HTTP/1.1 200 OK\r\n"));
    for (int i = 0; i < count; i++)
        buf_addf(&head, "X-Number-%d: %500d\r\n", i, i);
    buf_add(&head, STR(EMPTY));
    buf_addc(&head, '\0');
    REQUIRE(buf_err(&head) == ERR_OK);
    return buf_str(&head);
}

TEST(http_client_limits_headers)
{
    static const struct {
        int count;
        enum err err;
    } rows[] = {{60, ERR_OK}, {64, ERR_LIMIT}, {100, ERR_LIMIT}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct calls calls;
        struct scene scene = {.answer = many_headers(t, rows[i].count).ptr};
        calls_open(t, &calls, &scene, 1);
        test_note(t, "%d", rows[i].count);
        CHECK_ERR(calls_get(&calls, "/"), rows[i].err);
        calls_close(&calls);
    }
}

TEST(http_client_keeps_to_the_limit_and_the_deadline)
{
    static const struct scene scenes[] = {
        {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"}, {"", PEER_KEEPS}};
    struct calls calls;
    calls_open(t, &calls, scenes, 2);
    struct http_client_call call = {
        .method = "GET", .url = calls_url(&calls, "/"), .answer_max = 5};
    CHECK_ERR(calls_send(&calls, &call), ERR_OK);
    CHECK_STR(calls.answer.body, "hello");
    t->ctx->deadline_us = clock_tick_us(t->ctx->clock) + CALLS_IMPATIENT_MS * 1000;
    CHECK_ERR(calls_get(&calls, "/"), ERR_TIMEOUT);
    fake_clock_turn(&t->clock, CALLS_IMPATIENT_MS * 1000);
    int requests = calls.peer.requests;
    CHECK_ERR(calls_get(&calls, "/"), ERR_TIMEOUT);
    CHECK_INT(calls.peer.requests, requests);
    calls_close(&calls);
}

TEST(http_client_refuses_what_cannot_be_sent)
{
    static const struct str urls[] = {
        {"", 0},
        {"http://", 7},
        {"/path", 5},
        {"ftp://127.0.0.1/", 16},
        {"file:///etc/passwd", 18},
        {"gopher://127.0.0.1/", 19},
        {"dict://127.0.0.1:1/", 19},
        {"http://user:word@127.0.0.1/", 27},
        {"http://user@127.0.0.1/", 22},
        {"http://127.0.0.1:99999/", 23},
        {"http://127.0.0.1/a\0b", 20},
        {"http://127.0.0.1/a\r\nX: y", 24},
        {"http://127.0.0.1 /", 18},
        {"http://[::1/", 12},
    };
    struct http_client *client = calls_client(t, NULL, "127.0.0.1");
    for (size_t i = 0; i < COUNT(urls); i++) {
        struct http_client_answer answer;
        test_note(t, STR_FMT, STR_ARG(urls[i]));
        CHECK_ERR(http_client_send(client, t->ctx,
                                   &(struct http_client_call){.method = "GET", .url = urls[i]},
                                   &answer),
                  ERR_INPUT);
        CHECK_TEXT(t->ctx->err.field, "url");
        CHECK_INT(answer.tries, 0);
    }
    http_client_close(client);
}

TEST(http_client_refuses_headers_that_are_none)
{
    static const struct http_client_header headers[] = {
        {{"", 0}, {"a", 1}},
        {{"X Y", 3}, {"a", 1}},
        {{"X:", 2}, {"a", 1}},
        {{"X\r\nY", 4}, {"a", 1}},
        {{"X", 1}, {"a\r\nY: b", 7}},
        {{"X", 1}, {"a\0b", 3}},
        {{"X", 1}, {"a\x7f", 2}},
        {{"content-length", 14}, {"1", 1}},
        {{"Connection", 10}, {"close", 5}},
        {{"Transfer-Encoding", 17}, {"chunked", 7}},
    };
    struct http_client *client = calls_client(t, NULL, "127.0.0.1");
    for (size_t i = 0; i < COUNT(headers); i++) {
        struct http_client_answer answer;
        struct http_client_call call = {.method = "GET",
                                        .url = STR("http://127.0.0.1:1/"),
                                        .headers = &headers[i],
                                        .header_count = 1};
        test_note(t, STR_FMT, STR_ARG(headers[i].name));
        CHECK_ERR(http_client_send(client, t->ctx, &call, &answer), ERR_INPUT);
    }
    struct http_client_signing wrong = {STR("k"), STR("s"), STR("a:b"), STR("s3")};
    struct http_client_answer answer;
    CHECK_ERR(http_client_send(client, t->ctx,
                               &(struct http_client_call){.method = "GET",
                                                          .url = STR("http://127.0.0.1:1/"),
                                                          .signing = &wrong},
                               &answer),
              ERR_INPUT);
    http_client_close(client);
}

/* Whatever the name, it is the address that counts. */
TEST(http_client_goes_nowhere_private)
{
    static const char *const hosts[] = {
        "127.0.0.1",
        "127.9.9.9",
        "localhost",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::1]",
        "[fe80::1]",
        "[fc00::1]",
        "[ff02::1]",
    };
    struct calls calls;
    char url[64];
    calls_open(t, &calls, &(struct scene){.answer = "HTTP/1.1 200 OK\r\n" EMPTY}, 1);
    struct counter_registry counters = {.first = NULL};
    struct http_client *client = calls_client(t, &counters, "10.9.9.0/24");
    for (size_t i = 0; i < COUNT(hosts); i++) {
        struct http_client_answer answer;
        snprintf(url, sizeof url, "http://%s:%d/", hosts[i], calls.peer.port);
        test_note(t, "%s", url);
        CHECK_ERR(http_client_send(client, t->ctx,
                                   &(struct http_client_call){
                                       .method = "GET", .url = str_from(url), .idempotent = true},
                                   &answer),
                  ERR_FORBIDDEN);
        CHECK_INT(answer.tries, 1);
    }
    CHECK_INT(calls.peer.connections, 0);
    http_client_close(client);
    calls_close(&calls);
}

TEST(http_client_checks_each_place_it_is_sent_on_to)
{
    static const struct {
        const char *place;
        int redirects;
        enum err err;
        int status, requests;
    } rows[] = {
        {"/there", 0, ERR_OK, 302, 1},
        {"/there", 1, ERR_OK, 200, 2},
        {"http://127.0.0.2/there", 1, ERR_FORBIDDEN, 302, 1},
        {"http://[::1]/there", 1, ERR_FORBIDDEN, 302, 1},
        {"file:///etc/passwd", 1, ERR_PEER, 302, 1},
        {"ftp://127.0.0.1/", 1, ERR_PEER, 302, 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct calls calls;
        char answer[256];
        snprintf(answer, sizeof answer, "HTTP/1.1 302 There\r\nLocation: %s\r\n" EMPTY,
                 rows[i].place);
        struct scene scenes[] = {{answer, PEER_KEEPS}, {"HTTP/1.1 200 OK\r\n" EMPTY, PEER_KEEPS}};
        calls_open(t, &calls, scenes, 2);
        test_note(t, "%s", rows[i].place);
        CHECK_ERR(calls_send(&calls, &(struct http_client_call){.method = "GET",
                                                                .url = calls_url(&calls, "/"),
                                                                .redirects = rows[i].redirects}),
                  rows[i].err);
        CHECK_INT(calls.answer.status, rows[i].status);
        CHECK_INT(calls.peer.requests, rows[i].requests);
        calls_close(&calls);
    }
}

TEST(http_client_follows_so_far)
{
    static const struct scene round = {.answer = "HTTP/1.1 302 Round\r\nLocation: /\r\n" EMPTY};
    struct calls calls;
    calls_open(t, &calls, &round, 1);
    CHECK_ERR(calls_send(&calls, &(struct http_client_call){.method = "GET",
                                                            .url = calls_url(&calls, "/"),
                                                            .redirects = 3}),
              ERR_PEER);
    CHECK_INT(calls.peer.requests, 4);
    calls_close(&calls);
}

TEST(http_client_leaves_a_failing_host_alone)
{
    static const struct scene scenes[HTTP_CLIENT_FAILURES_MAX + 1] = {
        {.answer = "HTTP/1.1 502 Bad\r\nConnection: close\r\n" EMPTY},
        {"", PEER_CLOSES},
        {.answer = "HTTP/1.1 503 Bad\r\nConnection: close\r\n" EMPTY},
        {.answer = "HTTP/1.1 504 Bad\r\nConnection: close\r\n" EMPTY},
        {"", PEER_RESETS},
        {.answer = "HTTP/1.1 200 OK\r\n" EMPTY}};
    struct calls calls;
    calls_open(t, &calls, scenes, COUNT(scenes));
    for (int i = 0; i < HTTP_CLIENT_FAILURES_MAX; i++)
        CHECK(calls_get(&calls, "/") != ERR_BUSY);
    CHECK_ERR(calls_get(&calls, "/"), ERR_BUSY);
    CHECK_INT(calls.peer.requests, HTTP_CLIENT_FAILURES_MAX);
    CHECK_INT(calls.answer.tries, 0);
    fake_clock_turn(&t->clock, HTTP_CLIENT_OPEN_MS * INT64_C(1000));
    CHECK_ERR(calls_get(&calls, "/"), ERR_OK);
    CHECK_ERR(calls_get(&calls, "/"), ERR_OK);
    CHECK_INT(calls_count(&calls, "http_client_circuits_opened_total"), 1);
    calls_close(&calls);
}

/* Where the circuit opens between two tries, the caller is told what the last one met. */
TEST(http_client_stops_trying_where_the_circuit_opens)
{
    static const struct scene bad = {.answer = "HTTP/1.1 502 Bad\r\n" EMPTY};
    struct calls calls;
    calls_open(t, &calls, &bad, 1);
    for (int i = 0; i < HTTP_CLIENT_FAILURES_MAX - 1; i++)
        CHECK_ERR(calls_get(&calls, "/"), ERR_OK);
    CHECK_ERR(calls_send(&calls, &(struct http_client_call){.method = "GET",
                                                            .url = calls_url(&calls, "/"),
                                                            .idempotent = true}),
              ERR_OK);
    CHECK_INT(calls.answer.status, 502);
    CHECK_INT(calls.answer.tries, 1);
    CHECK_INT(calls.peer.requests, HTTP_CLIENT_FAILURES_MAX);
    calls_close(&calls);
}
