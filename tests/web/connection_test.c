/* Tests of what happens on one connection: order, pieces, slow readers, ends. */
#include <stdio.h>
#include <sys/socket.h>

#include "web/served.h"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

TEST(connection_is_kept_alive)
{
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    client_open(t, &client, served.port);
    for (int i = 0; i < 50; i++) {
        CHECK_INT(client_ask(&client, GET("/fixed")), 200);
        CHECK_STR(client.body, "fixed\n");
        CHECK_INT(client_ask(&client, GET("/small")), 200);
        CHECK_STR(client.body, "small\n");
    }
    CHECK_INT(served_count(&served, "web_connections_total"), 1);
    client_close(&client);
    served_stop(t, &served);
}

/* The answers come in the order of the requests, whoever makes them. */
TEST(connection_answers_a_pipeline_in_order)
{
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    client_open(t, &client, served.port);
    for (int i = 0; i < 100; i++)
        REQUIRE(client_say(&client,
                           GET("/part/%d") GET("/fixed") "POST /echo HTTP/1.1\r\nHost: a\r\n"
                                                         "Content-Length: 3\r\n\r\na%02d",
                           i, i));
    for (int i = 0; i < 100; i++) {
        char part[16], body[16];
        snprintf(part, sizeof part, "%d", i);
        snprintf(body, sizeof body, "a%02d", i);
        REQUIRE(client_hear(&client));
        CHECK_STR(client.body, part);
        REQUIRE(client_hear(&client));
        CHECK_STR(client.body, "fixed\n");
        REQUIRE(client_hear(&client));
        CHECK_STR(client.body, body);
    }
    client_close(&client);
    served_stop(t, &served);
}

static void ask_in_two(struct test *t, int port, struct str bytes, size_t cut)
{
    struct client client;
    client_open(t, &client, port);
    test_note(t, "cut at %zu", cut);
    CHECK(client_send(&client, str_slice(bytes, 0, cut)));
    CHECK_INT(client_ask(&client, STR_FMT, STR_ARG(str_slice(bytes, cut, bytes.len))), 200);
    CHECK_STR(client.body, "hello world");
    CHECK(client_hear(&client));
    CHECK_STR(client.body, "fixed\n");
    client_close(&client);
}

TEST(connection_takes_requests_cut_at_every_byte)
{
    static const struct str requests[] = {
        STR("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world" GET(
            "/fixed")),
        STR("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            "6\r\nhello \r\n5;x=y\r\nworld\r\n0\r\nTrailer: 1\r\n\r\n" GET("/fixed"))};
    struct served served;
    served_start(t, &served, NULL);
    for (size_t i = 0; i < 2; i++)
        for (size_t cut = 1; cut < requests[i].len; cut++)
            ask_in_two(t, served.port, requests[i], cut);
    served_stop(t, &served);
}

TEST(connection_takes_a_request_byte_by_byte)
{
    static const struct str request = STR("POST /echo HTTP/1.1\r\nHost: a\r\n"
                                          "Transfer-Encoding: chunked\r\n\r\n"
                                          "3\r\nabc\r\n0\r\n\r\n");
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    client_open(t, &client, served.port);
    for (size_t i = 0; i < request.len; i++)
        REQUIRE(client_send(&client, str_slice(request, i, i + 1)));
    REQUIRE(client_hear(&client));
    CHECK_STR(client.body, "abc");
    client_close(&client);
    served_stop(t, &served);
}

/* More than the sockets hold, to a reader that reads late, and the next answer behind it. */
TEST(connection_waits_for_a_slow_reader)
{
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    client_open(t, &client, served.port);
    REQUIRE(client_say(&client, GET("/large") GET("/fixed") GET("/large") GET("/small")));
    REQUIRE(client_hear(&client));
    CHECK_INT(client.status, 200);
    REQUIRE(client_hear(&client));
    CHECK_STR(client.body, "fixed\n");
    REQUIRE(client_hear(&client));
    REQUIRE(client_hear(&client));
    CHECK_STR(client.body, "small\n");
    client_close(&client);
    served_stop(t, &served);
}

TEST(connection_ends_where_it_was_asked_to)
{
    static const struct {
        const char *request;
        bool closes;
        const char *says;
    } cases[] = {
        {"GET /small HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", true, "close"},
        {"GET /fixed HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", true, "close"},
        {"GET /small HTTP/1.0\r\n\r\n", true, "close"},
        {"GET /small HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", false, "keep-alive"},
        {"GET /small HTTP/1.1\r\nHost: a\r\n\r\n", false, ""},
        {"nonsense\r\n\r\n", true, "close"},
    };
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        test_note(t, "%s", cases[i].request);
        client_open(t, &client, served.port);
        CHECK(client_ask(&client, "%s", cases[i].request) != 0);
        CHECK_STR(client_header(&client, "Connection"), cases[i].says);
        if (cases[i].closes)
            CHECK(client_is_closed(&client));
        else
            CHECK_INT(client_ask(&client, GET("/small")), 200);
        client_close(&client);
    }
    served_stop(t, &served);
}

/* It says all that it has to say, and closes its side: it is still answered. */
TEST(connection_answers_who_has_closed_one_side)
{
    static const char *const paths[] = {"/fixed", "/small", "/large"};
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    for (size_t i = 0; i < 3; i++) {
        client_open(t, &client, served.port);
        CHECK(client_say(&client, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", paths[i]));
        shutdown(client.fd, SHUT_WR);
        CHECK(client_hear(&client));
        CHECK_INT(client.status, 200);
        CHECK(client_is_closed(&client));
        client_close(&client);
    }
    CHECK(served_wait(&served, "web_connections", 0));
    served_stop(t, &served);
}

TEST(connection_ends_after_its_share_of_requests)
{
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    client_open(t, &client, served.port);
    for (int i = 1; i <= SERVER_REQUESTS_EACH_MAX; i += 20) {
        for (int k = 0; k < 20; k++)
            REQUIRE(client_say(&client, GET("/fixed")));
        for (int k = 0; k < 20; k++)
            REQUIRE(client_hear(&client));
    }
    CHECK_STR(client_header(&client, "Connection"), "close");
    CHECK(client_is_closed(&client));
    client_close(&client);
    served_stop(t, &served);
}

TEST(connection_has_no_body_for_head)
{
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    client_open(t, &client, served.port);
    REQUIRE(client_say(&client, "HEAD /small HTTP/1.1\r\nHost: a\r\n\r\n"));
    REQUIRE(client_hear_head(&client));
    CHECK_INT(client.status, 200);
    CHECK_STR(client_header(&client, "Content-Length"), "6");
    CHECK_INT(client_ask(&client, GET("/fixed")), 200);
    CHECK_STR(client.body, "fixed\n");
    client_close(&client);
    served_stop(t, &served);
}

TEST(connection_says_continue_before_a_body)
{
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    client_open(t, &client, served.port);
    for (int i = 0; i < 2; i++) {
        const char *path = i ? "/count" : "/echo";
        client.len = client.used = 0;
        REQUIRE(client_say(&client,
                           "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
                           "Expect: 100-continue\r\n\r\n",
                           path));
        REQUIRE(client_waits_for(&client, STR("100 Continue\r\n\r\n")));
        CHECK_INT(client_ask(&client, "hello"), 200);
    }
    CHECK_INT(client_ask(&client, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n"
                                  "Expect: 100-continue\r\n\r\n"),
              413);
    CHECK(str_find(str_make(client.bytes, client.len), STR("100 Continue")) == STR_NONE);
    CHECK(client_is_closed(&client));
    client_close(&client);
    served_stop(t, &served);
}
