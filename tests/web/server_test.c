/* Tests of the server as a whole: how it begins and ends, with everything failing that can. */
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "harness/torture.h"
#include "web/served.h"
#include "web/wire.h"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

TEST(server_listens_where_it_is_told)
{
    int first = -1, second = -1;
    CHECK_ERR(server_listen(t->ctx, "not an address", 0, &first), ERR_INPUT);
    CHECK_ERR(server_listen(t->ctx, "192.0.2.1", 0, &first), ERR_IO);
    CHECK_ERR(server_listen(t->ctx, NULL, 0, &first), ERR_OK);
    CHECK_ERR(server_listen(t->ctx, "127.0.0.1", 0, &second), ERR_OK);
    close(first);
    close(second);
}

TEST(server_reads_requests_as_recorded)
{
    struct served served;
    served_start(t, &served, NULL);
    wire_check_server(t, served.port);
    served_stop(t, &served);
}

/* What was begun is finished, and is told that it was the last. */
TEST(server_drains)
{
    struct served served;
    struct client slow, idle, half, listener, late;
    served_start(t, &served, NULL);
    client_open(t, &slow, served.port);
    client_open(t, &idle, served.port);
    client_open(t, &half, served.port);
    client_open(t, &listener, served.port);
    REQUIRE(client_ask(&idle, GET("/small")) == 200);
    REQUIRE(client_say(&half, "GET /small HTTP/1.1\r\nHost"));
    REQUIRE(client_say(&listener, GET("/listen")) && client_waits_for(&listener, STR("retry: ")));
    REQUIRE(client_say(&slow, GET("/slow")));
    while (served.room.waiting == 0)
        poll(NULL, 0, 1);
    server_drain(served.server);
    CHECK(client_is_closed(&listener));
    CHECK(!client_try(&late, served.port));
    REQUIRE(client_say(&half, ": a\r\n\r\n") && client_hear(&half));
    CHECK_INT(half.status, 200);
    CHECK_STR(client_header(&half, "Connection"), "close");
    CHECK(client_is_closed(&half));
    CHECK(client_is_closed(&idle));
    test_room_gate(&served.room, true);
    REQUIRE(client_hear(&slow));
    CHECK_INT(slow.status, 200);
    CHECK_STR(client_header(&slow, "Connection"), "close");
    client_close(&slow);
    client_close(&idle);
    client_close(&half);
    client_close(&listener);
    served_stop(t, &served);
}

/* Who was in line when the draining began is served. */
TEST(server_serves_who_is_in_line)
{
    struct served served;
    static struct client clients[100];
    served_start(t, &served, NULL);
    for (int i = 0; i < 100; i++) {
        client_open(t, &clients[i], served.port);
        REQUIRE(client_say(&clients[i], GET("/fixed")));
    }
    server_drain(served.server);
    for (int i = 0; i < 100; i++) {
        CHECK(client_hear(&clients[i]));
        CHECK_INT(clients[i].status, 200);
        client_close(&clients[i]);
    }
    served_stop(t, &served);
}

/* A body that never comes does not keep the server from ending. */
TEST(server_ends_in_its_time)
{
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    client_open(t, &client, served.port);
    REQUIRE(client_say(&client, "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n"
                                "Expect: 100-continue\r\n\r\n"));
    REQUIRE(client_waits_for(&client, STR("100 Continue")));
    server_drain(served.server);
    poll(NULL, 0, 300);
    served_turn(&served, SERVER_DRAIN_MS + 1);
    served_stop(t, &served);
    client_close(&client);
}

/* One of each way through the server; any of it may fail for want of memory or of the system. */
static const char *const asked[] = {
    GET("/fixed"),
    GET("/small"),
    GET("/kept"),
    GET("/none"),
    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
    "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
    "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
    "POST /tell HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
};

enum { ASKED = sizeof asked / sizeof *asked, TRIES = 4 };

static bool is_answer(int status)
{
    return status == 200 || status == 404;
}

static bool ask_once(int port, const char *request)
{
    struct client client;
    bool heard = false;
    if (client_try(&client, port)) {
        size_t cut = strlen(request) / 2; /* so that a part has to be kept */
        heard = client_send(&client, str_make(request, cut)) && poll(NULL, 0, 1) == 0 &&
                is_answer(client_ask(&client, "%s", request + cut));
        client_close(&client);
    }
    return heard;
}

/* One thing fails, once: whoever asks again is answered. */
static enum err ask_all(struct test *t, void *arg)
{
    struct served served;
    bool whole = true;
    (void)arg;
    enum err err = served_try(t, &served, NULL);
    if (err)
        return err;
    for (int i = 0; i < ASKED; i++) {
        bool heard = false;
        for (int tries = 0; tries < TRIES && !heard; tries++) {
            heard = ask_once(served.port, asked[i]);
            whole &= heard;
        }
        test_note(t, "%s", asked[i]);
        CHECK(heard);
    }
    served_stop(t, &served);
    return whole ? ERR_OK : ERR_IO;
}

TEST(server_without_memory_answers_later)
{
    CHECK(TORTURE_EVERY(t, TORTURE_MEMORY, ask_all, NULL) > 0);
}

TEST(server_survives_whatever_the_system_denies)
{
    CHECK(TORTURE_EVERY(t, TORTURE_SYSTEM, ask_all, NULL) > 0);
}
