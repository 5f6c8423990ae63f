/* Tests of what the reactor does about those who are slow, many, or gone. */
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/intake.h"
#include "web/served.h"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

enum { VANISHING = 3000, LOOK_MS = 400 };

/* Turns the clock by one limit after the other until something comes: whenever the server saw what
 * was sent, the limit is over at the next turn. */
static bool turn_until_heard(struct served *served, struct client *client, int64_t limit_ms)
{
    struct pollfd one = {.fd = client->fd, .events = POLLIN};
    for (int i = 0; i < 20; i++) {
        served_turn(served, limit_ms + 1);
        if (poll(&one, 1, LOOK_MS) > 0)
            return true;
    }
    return false;
}

TEST(reactor_gives_up_on_slow_requests)
{
    static const struct {
        const char *request;
        int64_t limit_ms;
    } cases[] = {
        {"G", SERVER_HEAD_MS},
        {"GET /fixed HTTP/1.1\r\nHost: a\r\nX-Slow: ", SERVER_HEAD_MS},
        {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf", SERVER_BODY_MS},
        {"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nha",
         SERVER_BODY_MS},
    };
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        test_note(t, "%s", cases[i].request);
        client_open(t, &client, served.port);
        REQUIRE(client_say(&client, "%s", cases[i].request));
        REQUIRE(turn_until_heard(&served, &client, cases[i].limit_ms));
        REQUIRE(client_hear(&client));
        CHECK_INT(client.status, 408);
        CHECK(client_is_closed(&client));
        client_close(&client);
    }
    served_stop(t, &served);
}

TEST(reactor_closes_idle_connections)
{
    struct served served;
    struct client fresh, used;
    served_start(t, &served, NULL);
    client_open(t, &fresh, served.port);
    client_open(t, &used, served.port);
    CHECK_INT(client_ask(&used, GET("/small")), 200);
    REQUIRE(served_wait(&served, "web_connections", 2));
    REQUIRE(turn_until_heard(&served, &fresh, SERVER_IDLE_MS));
    CHECK(client_is_closed(&fresh) && fresh.len == 0);
    REQUIRE(turn_until_heard(&served, &used, SERVER_IDLE_MS));
    CHECK(client_is_closed(&used));
    client_close(&fresh);
    client_close(&used);
    served_stop(t, &served);
}

TEST(reactor_resets_who_does_not_read)
{
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    client_open(t, &client, served.port);
    REQUIRE(client_say(&client, GET("/large") GET("/large")));
    REQUIRE(served_wait(&served, "web_responses_2xx_total", 1));
    for (int i = 0; i < 20 && served_count(&served, "web_connections") > 0; i++) {
        served_turn(&served, SERVER_SEND_MS + 1);
        poll(NULL, 0, LOOK_MS);
    }
    CHECK_INT(served_count(&served, "web_connections"), 0);
    client_close(&client);
    served_stop(t, &served);
}

/* What was taken has made room, and as much has come: the server's kernel knows of it. */
static bool is_refilled(int fd, int least)
{
    int ready = 0;
    for (int i = 0; i < 100 && ready < least; i++) {
        if (ioctl(fd, FIONREAD, &ready) < 0)
            return false;
        poll(NULL, 0, ready < least ? LOOK_MS / 4 : 0);
    }
    return ready >= least;
}

/* The server has looked through the deadlines of now: it did before it took the second request. */
static void until_looked(struct test *t, struct client *other)
{
    for (int i = 0; i < 2; i++)
        CHECK_INT(client_ask(other, GET("/fixed")), 200);
}

/* A reader that takes little at a time, but always some, is waited for. */
TEST(reactor_lets_slow_readers_read)
{
    enum { ROUNDS = 3, STEP = 1 << 20 }; /* a kernel opens its window for as much */
    static char bytes[STEP];
    struct served served;
    struct client client, other;
    served_start(t, &served, NULL);
    client_open(t, &client, served.port);
    client_open(t, &other, served.port);
    REQUIRE(client_say(&client, GET("/large")));
    REQUIRE(served_wait(&served, "web_responses_2xx_total", 1));
    for (int i = 0; i < ROUNDS; i++) {
        poll(NULL, 0, LOOK_MS); /* the server waits for its reader by now */
        for (ssize_t left = STEP; left > 0;) {
            ssize_t count = recv(client.fd, bytes, (size_t)left, 0);
            REQUIRE(count > 0);
            left -= count;
        }
        REQUIRE(is_refilled(client.fd, STEP / 2));
        served_turn(&served, SERVER_SEND_MS + 1);
        until_looked(t, &other);
        CHECK_INT(served_count(&served, "web_connections"), 2);
    }
    client_close(&other);
    client_close(&client);
    served_stop(t, &served);
}

/* Half requests that take all the memory there is for requests give way to whole ones. */
TEST(reactor_lets_half_requests_keep_nobody_out)
{
    enum { STRANGERS = (int)INTAKES_MAX / ROOM_ECHO_MAX + 20, HALF = ROOM_ECHO_MAX / 4 * 3 };
    static struct client strangers[STRANGERS];
    static char half[HALF];
    struct served served;
    struct client client;
    memset(half, 'x', sizeof half);
    served_start(t, &served, NULL);
    for (int i = 0; i < STRANGERS; i++) {
        client_open(t, &strangers[i], served.port);
        REQUIRE(client_say(&strangers[i],
                           "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n",
                           (int)ROOM_ECHO_MAX));
        client_send(&strangers[i], str_make(half, sizeof half));
    }
    client_open(t, &client, served.port);
    for (int i = 0; i < 20; i++) {
        CHECK_INT(client_ask(&client, GET("/fixed")), 200);
        CHECK_INT(client_ask(&client, GET("/small")), 200);
        CHECK_INT(client_ask(&client, "POST /echo HTTP/1.1\r\nHost: a\r\n"
                                      "Content-Length: 2\r\n\r\nhi"),
                  200);
    }
    CHECK(served_count(&served, "web_refused_memory_total") > 0);
    client_close(&client);
    for (int i = 0; i < STRANGERS; i++)
        client_close(&strangers[i]);
    served_stop(t, &served);
}

/* Who was turned away and does not leave keeps nobody out. */
TEST(reactor_lets_those_turned_away_keep_nobody_out)
{
    enum { STRANGERS = 20 };
    struct served served;
    static struct client strangers[STRANGERS];
    struct client client;
    served_start(t, &served,
                 &(struct server_options){.connections_max = 10, .connections_each_max = 4});
    for (int i = 0; i < STRANGERS; i++)
        client_open(t, &strangers[i], served.port);
    REQUIRE(served_wait(&served, "web_refused_address_total", STRANGERS - 4));
    CHECK_INT(served_count(&served, "web_refused_connections_total"), 0);
    client_close(&strangers[0]);
    client_open(t, &client, served.port);
    CHECK_INT(client_ask(&client, GET("/fixed")), 200);
    for (int i = 1; i < STRANGERS; i++)
        client_close(&strangers[i]);
    client_close(&client);
    served_stop(t, &served);
}

/* Each says something else, and goes in another way. */
static void vanish(struct test *t, int port, int i)
{
    static const char *const said[] = {
        "",
        "GET /sma",
        GET("/small"),
        GET("/large"),
        GET("/fixed") GET("/small") GET("/large"),
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nhalf",
        "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nhalf",
        GET("/listen"),
    };
    static const struct linger now = {.l_onoff = 1, .l_linger = 0};
    struct client client;
    client_open(t, &client, port);
    client_say(&client, "%s ", said[i % 8]);
    if (i % 3 == 0)
        setsockopt(client.fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    if (i % 3 == 1)
        shutdown(client.fd, SHUT_WR);
    client_close(&client);
}

TEST(reactor_survives_those_who_vanish)
{
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    for (int i = 0; i < VANISHING; i++)
        vanish(t, served.port, i);
    CHECK(served_wait(&served, "web_queued", 0));
    client_open(t, &client, served.port);
    CHECK_INT(client_ask(&client, GET("/small")), 200);
    client_close(&client);
    CHECK(served_wait(&served, "web_connections", 0));
    served_stop(t, &served);
}

TEST(reactor_counts_connections_of_one_address)
{
    struct served served;
    struct client clients[4], other;
    served_start(t, &served, &(struct server_options){.connections_each_max = 4});
    for (int i = 0; i < 4; i++) {
        client_open(t, &clients[i], served.port);
        CHECK_INT(client_ask(&clients[i], GET("/fixed")), 200);
    }
    client_open(t, &other, served.port);
    CHECK_INT(client_ask(&other, GET("/fixed")), 503);
    CHECK_STR(client_header(&other, "Retry-After"), "1");
    CHECK(client_is_closed(&other));
    client_close(&other);
    client_close(&clients[2]);
    REQUIRE(served_wait(&served, "web_connections", 3));
    client_open(t, &clients[2], served.port);
    CHECK_INT(client_ask(&clients[2], GET("/fixed")), 200);
    for (int i = 0; i < 4; i++)
        client_close(&clients[i]);
    CHECK_INT(served_count(&served, "web_refused_address_total"), 1);
    served_stop(t, &served);
}

/* The one that was idle for longest makes room; where none is idle there is none. */
TEST(reactor_has_room_for_so_many_connections)
{
    struct served served;
    struct client clients[3];
    served_start(t, &served, &(struct server_options){.connections_max = 2});
    for (int i = 0; i < 3; i++) {
        client_open(t, &clients[i], served.port);
        REQUIRE(client_ask(&clients[i], GET("/fixed")) == 200);
    }
    CHECK(client_is_closed(&clients[0]));
    REQUIRE(client_say(&clients[1], GET("/slow")) && client_say(&clients[2], GET("/slow")));
    while (served.room.waiting < 2)
        poll(NULL, 0, 1);
    client_close(&clients[0]);
    client_open(t, &clients[0], served.port);
    CHECK(client_hear(&clients[0]));
    CHECK_INT(clients[0].status, 503);
    CHECK(client_is_closed(&clients[0]));
    CHECK_INT(served_count(&served, "web_refused_connections_total"), 1);
    test_room_gate(&served.room, true);
    for (int i = 0; i < 3; i++) {
        CHECK(i == 0 || client_hear(&clients[i]));
        client_close(&clients[i]);
    }
    served_stop(t, &served);
}

TEST(reactor_does_not_count_connections_of_a_proxy)
{
    struct served served;
    struct client clients[4];
    struct address_nets proxies;
    REQUIRE(address_nets_parse(t->ctx, "proxies", STR("127.0.0.0/8"), &proxies) == ERR_OK);
    served_start(t, &served,
                 &(struct server_options){.connections_each_max = 1, .proxies = &proxies});
    for (int i = 0; i < 4; i++) {
        client_open(t, &clients[i], served.port);
        CHECK_INT(client_ask(&clients[i], GET("/fixed")), 200);
    }
    for (int i = 0; i < 4; i++)
        client_close(&clients[i]);
    served_stop(t, &served);
}

static void limit_files(rlim_t most)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = most;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* The number that the next file would have. */
static rlim_t next_file(void)
{
    int fd = dup(STDERR_FILENO);
    close(fd);
    return (rlim_t)fd;
}

TEST(reactor_makes_room_where_there_are_no_more_files)
{
    struct served served;
    struct client idle[2], client;
    served_start(t, &served, NULL);
    for (int i = 0; i < 2; i++) {
        client_open(t, &idle[i], served.port);
        REQUIRE(client_ask(&idle[i], GET("/fixed")) == 200);
    }
    limit_files(next_file() + 1); /* the client's end, and none for the server's */
    client_open(t, &client, served.port);
    CHECK_INT(client_ask(&client, GET("/fixed")), 200);
    CHECK(client_is_closed(&idle[0]));
    CHECK_INT(client_ask(&idle[1], GET("/fixed")), 200);
    limit_files(1024);
    client_close(&client);
    client_close(&idle[0]);
    client_close(&idle[1]);
    served_stop(t, &served);
}

/* With none that could be closed it waits, and tries again. */
TEST(reactor_pauses_where_there_are_no_more_files)
{
    struct served served;
    struct client busy, client;
    served_start(t, &served, NULL);
    client_open(t, &busy, served.port);
    REQUIRE(client_say(&busy, GET("/slow")));
    REQUIRE(served_wait(&served, "web_connections", 1));
    while (served.room.waiting == 0)
        poll(NULL, 0, 1);
    limit_files(next_file() + 1);
    client_open(t, &client, served.port);
    REQUIRE(client_say(&client, GET("/fixed")));
    REQUIRE(served_wait(&served, "web_refused_connections_total", 1));
    limit_files(1024);
    REQUIRE(client_hear(&client));
    CHECK_INT(client.status, 200);
    test_room_gate(&served.room, true);
    CHECK(client_hear(&busy));
    client_close(&client);
    client_close(&busy);
    served_stop(t, &served);
}
