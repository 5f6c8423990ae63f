/* Tests the HTTP client with a peer that behaves: what is sent, what comes back, what is tried
 * again. */
#include "ports/http/client.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/span.h"
#include "harness/test.h"
#include "harness/torture.h"
#include "ports/calls.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define EMPTY        "Content-Length: 0\r\n\r\n"

static const struct scene hello[] = {
    {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-One:  a b \r\nx-one: c\r\n\r\nhello"}};

TEST(http_client_gives_status_headers_and_body)
{
    struct calls calls;
    calls_open(t, &calls, hello, 1);
    CHECK_ERR(calls_get(&calls, "/path?q=1"), ERR_OK);
    CHECK_INT(calls.answer.status, 200);
    CHECK_INT(calls.answer.tries, 1);
    CHECK_STR(calls.answer.body, "hello");
    CHECK_STR(http_client_answer_header(&calls.answer, STR("X-ONE")), "a b");
    CHECK(!http_client_answer_header(&calls.answer, STR("X-Two")).ptr);
    calls_close(&calls);
    CHECK(peer_heard(&calls.peer, "GET /path?q=1 HTTP/1.1\r\n"));
    CHECK(peer_heard(&calls.peer, "User-Agent: stoa\r\n"));
    CHECK(!peer_heard(&calls.peer, "traceparent"));
}

TEST(http_client_sends_methods_headers_and_bodies)
{
    static const struct {
        const char *method, *body, *heard;
    } rows[] = {
        {"POST", "a=1", "\r\nContent-Length: 3\r\n\r\na=1"},
        {"PUT", "", "\r\nContent-Length: 0\r\n\r\n"},
        {"PATCH", "p", "\r\nContent-Length: 1\r\n\r\np"},
        {"DELETE", "", "\r\nX-Empty:\r\n\r\n"},
        {"DELETE", "d", "\r\nContent-Length: 1\r\n\r\nd"},
        {"OPTIONS", "", "\r\nX-Empty:\r\n\r\n"},
        {"HEAD", "", "\r\nX-Empty:\r\n\r\n"},
    };
    const struct http_client_header headers[] = {{STR("X-Kind"), STR("some kind")},
                                                 {STR("X-Empty"), STR("")}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct calls calls;
        calls_open(t, &calls, hello, 1);
        test_note(t, "%s %s", rows[i].method, rows[i].body);
        CHECK_ERR(calls_send(&calls, &(struct http_client_call){.method = rows[i].method,
                                                                .url = calls_url(&calls, "/x"),
                                                                .headers = headers,
                                                                .header_count = COUNT(headers),
                                                                .body = str_from(rows[i].body)}),
                  ERR_OK);
        calls_close(&calls);
        CHECK(
            str_starts(str_make(calls.peer.heard, calls.peer.heard_len), str_from(rows[i].method)));
        CHECK(peer_heard(&calls.peer, "X-Kind: some kind\r\n"));
        CHECK(peer_heard(&calls.peer, rows[i].heard));
        CHECK(!peer_heard(&calls.peer, "Content-Type"));
        CHECK(!peer_heard(&calls.peer, "Expect"));
    }
}

/* A source of letters. */
struct letters {
    int64_t len;
    int begun;
    enum err err;
};

static enum err give_letters(void *arg, int64_t offset, char *bytes, size_t size, size_t *len)
{
    struct letters *letters = arg;
    int64_t left = letters->len - offset;
    letters->begun += offset == 0;
    *len = left > 3 ? 3 : (size_t)left;
    *len = *len > size ? size : *len;
    memset(bytes, 'l', *len);
    return letters->err;
}

TEST(http_client_sends_what_a_source_gives)
{
    static const struct {
        int64_t len, said;
        enum err source, expected;
        const char *heard;
    } rows[] = {
        {7, 7, ERR_OK, ERR_OK, "Content-Length: 7\r\n\r\nlllllll"},
        {7, HTTP_CLIENT_LEN_UNKNOWN, ERR_OK, ERR_OK, "chunked"},
        {0, 0, ERR_OK, ERR_OK, "Content-Length: 0"},
        {9, 7, ERR_OK, ERR_OK, "Content-Length: 7\r\n\r\nlllllll"},
        {5, 7, ERR_OK, ERR_INTERNAL, ""},
        {7, 7, ERR_CONFLICT, ERR_CONFLICT, ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct calls calls;
        struct letters letters = {.len = rows[i].len, .err = rows[i].source};
        calls_open(t, &calls, hello, 1);
        test_note(t, "row %zu", i);
        CHECK_ERR(calls_send(&calls, &(struct http_client_call){.method = "PUT",
                                                                .url = calls_url(&calls, "/x"),
                                                                .source = give_letters,
                                                                .source_len = rows[i].said,
                                                                .arg = &letters}),
                  rows[i].expected);
        calls_close(&calls);
        CHECK(peer_heard(&calls.peer, rows[i].heard));
    }
}

struct taken {
    struct test *t;
    int64_t len;
    int status;
    enum err err;
};

static enum err take(void *arg, const struct http_client_answer *answer, struct str bytes)
{
    struct taken *taken = arg;
    taken->len += (int64_t)bytes.len;
    taken->status = answer->status;
    return taken->err;
}

TEST(http_client_gives_a_sink_what_went_well)
{
    static const struct {
        const char *answer;
        enum err sink, expected;
        int64_t taken;
        const char *body;
    } rows[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", ERR_OK, ERR_OK, 5, ""},
        {"HTTP/1.1 206 OK\r\nContent-Length: 5\r\n\r\nhello", ERR_FORBIDDEN, ERR_FORBIDDEN, 5, ""},
        {"HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno", ERR_OK, ERR_OK, 0, "no"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct calls calls;
        struct taken taken = {.t = t, .err = rows[i].sink};
        struct scene scene = {.answer = rows[i].answer};
        calls_open(t, &calls, &scene, 1);
        CHECK_ERR(calls_send(&calls, &(struct http_client_call){.method = "GET",
                                                                .url = calls_url(&calls, "/x"),
                                                                .sink = take,
                                                                .arg = &taken,
                                                                .idempotent = true}),
                  rows[i].expected);
        CHECK_INT(taken.len, rows[i].taken);
        CHECK_STR(calls.answer.body, rows[i].body);
        calls_close(&calls);
    }
}

TEST(http_client_tells_the_last_of_several_heads)
{
    static const struct scene scene = {.answer = "HTTP/1.1 103 Early\r\nX-A: 1\r\n\r\n"
                                                 "HTTP/1.1 204 None\r\nX-B: 2\r\n\r\n"};
    struct calls calls;
    calls_open(t, &calls, &scene, 1);
    CHECK_ERR(calls_get(&calls, "/"), ERR_OK);
    CHECK_INT(calls.answer.status, 204);
    CHECK_INT(calls.answer.header_count, 1);
    CHECK_STR(http_client_answer_header(&calls.answer, STR("x-b")), "2");
    calls_close(&calls);
}

/* A kept connection that is gone is found out by sending: what must not come twice has its own. */
TEST(http_client_keeps_connections)
{
    struct calls calls;
    calls_open(t, &calls, hello, 1);
    struct http_client_call post = {
        .method = "POST", .url = calls_url(&calls, "/"), .body = STR("b"), .idempotent = true};
    for (int i = 0; i < 3; i++)
        CHECK_ERR(calls_get(&calls, "/"), ERR_OK);
    CHECK_ERR(calls_send(&calls, &post), ERR_OK);
    CHECK_INT(calls.peer.connections, 1);
    post.idempotent = false;
    CHECK_ERR(calls_send(&calls, &post), ERR_OK);
    CHECK_INT(calls.peer.connections, 2);
    calls_close(&calls);
}

enum { IDEMPOTENT = 1, ONCE = 2 };
static const char ok[] = "HTTP/1.1 200 OK\r\n" EMPTY, busy[] = "HTTP/1.1 503 Busy\r\n" EMPTY;
static const struct {
    const char *name;
    struct scene scenes[4];
    int flags, status, requests;
    enum err err;
} tries[] = {
    {"503, 500, 200",
     {{.answer = busy}, {.answer = "HTTP/1.1 500 No\r\n" EMPTY}, {.answer = ok}},
     IDEMPOTENT,
     200,
     3,
     0},
    {"always 503",
     {{.answer = busy}, {.answer = busy}, {.answer = busy}, {.answer = busy}},
     IDEMPOTENT,
     503,
     3,
     0},
    {"not idempotent", {{.answer = busy}, {.answer = ok}}, 0, 503, 1, 0},
    {"once", {{.answer = busy}, {.answer = ok}}, IDEMPOTENT | ONCE, 503, 1, 0},
    {"closed", {{"", PEER_CLOSES}, {.answer = ok}}, IDEMPOTENT, 200, 2, 0},
    {"closed, not idempotent", {{"", PEER_CLOSES}, {.answer = ok}}, 0, 0, 1, ERR_PEER},
    {"asked to",
     {{.answer = "HTTP/1.1 503 B\r\nRetry-After: 0\r\n" EMPTY}, {.answer = ok}},
     0,
     200,
     2,
     0},
    {"too often",
     {{.answer = "HTTP/1.1 429 B\r\nRetry-After: 1\r\n" EMPTY}, {.answer = ok}},
     0,
     200,
     2,
     0},
    {"too late",
     {{.answer = "HTTP/1.1 429 B\r\nRetry-After: 60\r\n" EMPTY}, {.answer = ok}},
     0,
     429,
     1,
     0},
    {"past",
     {{.answer = "HTTP/1.1 503 B\r\nRetry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n" EMPTY},
      {.answer = ok}},
     0,
     200,
     2,
     0},
    {"no date",
     {{.answer = "HTTP/1.1 503 B\r\nRetry-After: soon\r\n" EMPTY}, {.answer = ok}},
     0,
     200,
     2,
     0},
    {"elsewhere",
     {{.answer = "HTTP/1.1 404 B\r\nRetry-After: 0\r\n" EMPTY}, {.answer = ok}},
     1,
     404,
     1,
     0},
};

TEST(http_client_tries_again_what_may_be)
{
    for (size_t i = 0; i < COUNT(tries); i++) {
        struct calls calls;
        calls_open(t, &calls, tries[i].scenes, 4);
        test_note(t, "%s", tries[i].name);
        CHECK_ERR(
            calls_send(&calls, &(struct http_client_call){.method = "POST",
                                                          .url = calls_url(&calls, "/"),
                                                          .idempotent = tries[i].flags & IDEMPOTENT,
                                                          .once = tries[i].flags & ONCE}),
            tries[i].err);
        CHECK_INT(calls.answer.status, tries[i].status);
        CHECK_INT(calls.peer.requests, tries[i].requests);
        CHECK_INT(calls.answer.tries, tries[i].requests);
        CHECK_INT(calls_count(&calls, "http_client_retries_total"), tries[i].requests - 1);
        calls_close(&calls);
    }
}

TEST(http_client_begins_a_source_again)
{
    static const struct scene scenes[] = {{.answer = "HTTP/1.1 503 Busy\r\n" EMPTY},
                                          {.answer = "HTTP/1.1 200 OK\r\n" EMPTY}};
    struct calls calls;
    struct letters letters = {.len = 7};
    calls_open(t, &calls, scenes, 2);
    CHECK_ERR(calls_send(&calls, &(struct http_client_call){.method = "PUT",
                                                            .url = calls_url(&calls, "/x"),
                                                            .source = give_letters,
                                                            .source_len = 7,
                                                            .arg = &letters,
                                                            .idempotent = true}),
              ERR_OK);
    CHECK_INT(letters.begun, 2);
    CHECK_INT(calls.answer.status, 200);
    calls_close(&calls);
}

TEST(http_client_ignores_proxies_of_the_environment)
{
    char http[] = "http_proxy=http://127.0.0.1:1", all[] = "ALL_PROXY=http://127.0.0.1:1";
    struct calls calls;
    calls_open(t, &calls, hello, 1);
    environ = (char *[]){http, all, NULL};
    CHECK_ERR(calls_get(&calls, "/"), ERR_OK);
    calls_close(&calls);
}

TEST(http_client_signs_as_aws_wants)
{
    static const struct {
        const char *service, *hash, *signed_headers;
    } rows[] = {
        {"s3", "UNSIGNED-PAYLOAD", "content-type;host;x-amz-content-sha256;x-amz-date"},
        {"s3", "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
         "content-type;host;x-amz-content-sha256;x-amz-date"},
        {"sqs", "", "content-type;host;x-amz-date"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct http_client_header headers[] = {
            {STR("Content-Type"), STR("text/plain")},
            {STR("X-Amz-Content-Sha256"), str_from(rows[i].hash)}};
        struct http_client_signing signing = {.key = STR("AKIDEXAMPLE"),
                                              .secret = STR("not-told"),
                                              .region = STR("eu-central-1"),
                                              .service = str_from(rows[i].service)};
        struct calls calls;
        calls_open(t, &calls, hello, 1);
        struct http_client_call call = {.method = "PUT",
                                        .url = calls_url(&calls, "/b/k?a=1"),
                                        .headers = headers,
                                        .header_count = i == 1 ? 2 : 1,
                                        .body = STR("hello"),
                                        .signing = &signing};
        CHECK_INT(calls_send_apart(&calls, &call), ERR_OK);
        calls_close(&calls);
        test_note(t, STR_FMT, (int)calls.peer.heard_len, calls.peer.heard);
        CHECK(peer_heard(&calls.peer, "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"));
        CHECK(peer_heard(&calls.peer, rows[i].service));
        CHECK(peer_heard(&calls.peer, rows[i].hash));
        CHECK(peer_heard(&calls.peer, rows[i].signed_headers));
        CHECK(!peer_heard(&calls.peer, "not-told"));
    }
}

/* A tracer that keeps the last span as text. */
struct keeper {
    struct tracer tracer;
    struct test *t;
    struct buf text;
};

static void keep(struct tracer *tracer, const struct span *span)
{
    struct keeper *keeper = (struct keeper *)tracer;
    buf_addf(&keeper->text, "%s:%s", span->name, err_name(span->err));
    for (size_t i = 0; i < span->field_count; i++)
        buf_addf(&keeper->text, " %s=" STR_FMT "%lld", span->fields[i].name,
                 STR_ARG(span->fields[i].text), (long long)span->fields[i].number);
}

TEST(http_client_tells_the_tracer_but_nothing_secret)
{
    static const struct scene scenes[] = {{.answer = "HTTP/1.1 500 No\r\n" EMPTY},
                                          {"", PEER_CLOSES}};
    struct keeper keeper = {.tracer = {.ended = keep}, .t = t};
    const struct http_client_header key = {STR("Authorization"), STR("Bearer secret")};
    struct span root;
    struct calls calls;
    char parent[TRACE_PARENT_LEN + 1];
    calls_open(t, &calls, scenes, 2);
    buf_init(&keeper.text, t->arena, 4096);
    span_begin_root(t->ctx, &root, "test", &keeper.tracer, STR(""));
    struct http_client_call call = {.method = "GET",
                                    .url = calls_url(&calls, "/secret?secret#secret"),
                                    .headers = &key,
                                    .header_count = 1};
    CHECK_ERR(calls_send(&calls, &call), ERR_OK);
    CHECK_ERR(calls_send(&calls, &call), ERR_PEER);
    log_failure(t->ctx, "failed");
    span_traceparent(&root, parent);
    CHECK(t->ctx->span == &root);
    span_end(t->ctx, &root);
    CHECK_INT(calls_count(&calls, "http_client_calls_total"), 2);
    CHECK_INT(calls_count(&calls, "http_client_failures_total"), 2);
    calls_close(&calls);
    parent[35] = '\0';
    CHECK(peer_heard(&calls.peer, "traceparent: 00-"));
    CHECK(peer_heard(&calls.peer, parent));
    CHECK(str_find(buf_str(&keeper.text), STR("http.call:ok method=GET0 host=127.0.0.1:")) == 0);
    CHECK(str_find(buf_str(&keeper.text), STR(" status=500 tries=1")) != STR_NONE);
    CHECK(str_find(buf_str(&keeper.text), STR("http.call:peer")) != STR_NONE);
    CHECK(str_find(buf_str(&keeper.text), STR("secret")) == STR_NONE);
    CHECK(str_find(test_log(t), STR("secret")) == STR_NONE);
    CHECK(str_find(test_log(t), STR("127.0.0.1:")) != STR_NONE);
}

/* Many at once. */

enum { CALLERS = 12, CALLS_EACH = 20 };

struct caller {
    struct http_client *client;
    struct str url;
    pthread_t thread;
    int good;
};

static void *call_often(void *arg)
{
    struct caller *caller = arg;
    struct arena arena;
    struct clock clock = clock_system();
    struct rand rand = rand_system();
    arena_init(&arena, 1 << 20);
    struct ctx ctx = {.arena = &arena, .clock = &clock, .rand = &rand};
    for (int i = 0; i < CALLS_EACH; i++) {
        struct http_client_answer answer;
        struct http_client_call call = {.method = "GET", .url = caller->url};
        if (!http_client_send(caller->client, &ctx, &call, &answer) &&
            str_equal(answer.body, STR("hello")))
            caller->good++;
        arena_clear(&arena);
    }
    arena_release(&arena);
    return NULL;
}

TEST(http_client_serves_many_threads)
{
    struct caller callers[CALLERS];
    struct calls calls;
    calls_open(t, &calls, hello, 1);
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = (struct caller){.client = calls.client, .url = calls_url(&calls, "/")};
        REQUIRE(pthread_create(&callers[i].thread, NULL, call_often, &callers[i]) == 0);
    }
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(callers[i].thread, NULL);
        CHECK_INT(callers[i].good, CALLS_EACH);
    }
    CHECK(calls.peer.connections <= CALLERS);
    calls_close(&calls);
}

/* Without memory. */

static enum err call_without(struct test *t, void *arg)
{
    struct calls *calls = arg;
    struct http_client_options options = {.counters = NULL};
    struct http_client_call call = {
        .method = "PUT", .url = calls_url(calls, "/"), .body = STR("b")};
    TRY(address_nets_parse(t->ctx, "OUTBOUND_ALLOWED", STR("127.0.0.1"), &options.allowed));
    TRY(http_client_open(t->ctx, &options, &calls->client));
    enum err err = http_client_send(calls->client, t->ctx, &call, &calls->answer);
    CHECK(err || calls->answer.status == 200);
    http_client_close(calls->client);
    return err;
}

TEST(http_client_outlives_a_lack_of_memory)
{
    static struct calls calls;
    calls = (struct calls){.t = t};
    peer_start_apart(t, &calls.peer, hello, 1);
    TORTURE_EVERY(t, TORTURE_MEMORY, call_without, &calls);
    peer_stop(&calls.peer);
}
