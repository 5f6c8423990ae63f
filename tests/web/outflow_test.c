/* Tests of bodies that are taken piece by piece: whole, in part, slowly, by many, not at all. */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "web/served.h"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

enum { LOOK_MS = 20, PATIENCE = 1000, CROWD = 12 };

static const char *const paths[] = {"/flow", "/file"};

static bool waits_until_closed(const struct served *served)
{
    for (int i = 0; i < PATIENCE && served->room.flows; i++)
        poll(NULL, 0, LOOK_MS);
    return served->room.flows == 0;
}

/* The bytes of an answer whose head was heard: true where each is the one of its place. */
static bool reads(struct client *client, int64_t from, int64_t to)
{
    bool right = true;
    while (right && from < to) {
        if (client->used == client->len) {
            client->used = client->len = 0;
            if (!client_more(client))
                return false;
        }
        for (; right && from < to && client->used < client->len; from++)
            right = client->bytes[client->used++] == test_room_byte(from);
    }
    return right;
}

TEST(outflow_comes_whole_and_the_next_answer_behind_it)
{
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    for (size_t i = 0; i < 2; i++) {
        client_open(t, &client, served.port);
        test_note(t, "%s", paths[i]);
        REQUIRE(client_say(&client, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n" GET("/small"), paths[i]));
        REQUIRE(client_hear_head(&client));
        CHECK_INT(client.status, 200);
        CHECK(reads(&client, 0, ROOM_FLOW));
        REQUIRE(client_hear(&client));
        CHECK_STR(client.body, "small\n");
        client_close(&client);
    }
    CHECK(waits_until_closed(&served));
    served_stop(t, &served);
}

TEST(outflow_gives_parts_and_keeps_conditions)
{
    static const struct {
        const char *path, *how;
        int status;
        const char *range;
        int64_t from, to;
    } rows[] = {
        {"/flow", "Range: bytes=0-0", 206, "bytes 0-0/25165824", 0, 1},
        {"/file", "Range: bytes=65535-65536", 206, "bytes 65535-65536/25165824", 65535, 65537},
        {"/flow", "Range: bytes=65535-200000", 206, "bytes 65535-200000/25165824", 65535, 200001},
        {"/file", "Range: bytes=-3", 206, "bytes 25165821-25165823/25165824", ROOM_FLOW - 3,
         ROOM_FLOW},
        {"/file", "Range: bytes=25165824-", 416, "bytes */25165824", 0, 0},
        {"/flow", "If-None-Match: \"o1\"", 304, "", 0, 0},
        {"/flow", "If-Match: \"o2\"", 412, "", 0, 0},
        {"/flow", "Range: bytes=0-9\r\nIf-Range: \"o2\"", 200, "", 0, ROOM_FLOW},
        {"/file", "Range: bytes=0-9\r\nIf-Range: \"o1\"", 206, "bytes 0-9/25165824", 0, 10},
        {"/file", "Range: bytes=0-1,5-6", 200, "", 0, ROOM_FLOW},
    };
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    client_open(t, &client, served.port);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        test_note(t, "%s %s", rows[i].path, rows[i].how);
        REQUIRE(client_say(&client, "GET %s HTTP/1.1\r\nHost: a\r\n%s\r\n\r\n", rows[i].path,
                           rows[i].how));
        REQUIRE(client_hear_head(&client));
        CHECK_INT(client.status, rows[i].status);
        CHECK_STR(client_header(&client, "Content-Range"), rows[i].range);
        CHECK(reads(&client, rows[i].from, rows[i].to));
    }
    REQUIRE(client_say(&client, "HEAD /file HTTP/1.1\r\nHost: a\r\n\r\n" GET("/small")));
    REQUIRE(client_hear_head(&client));
    CHECK_STR(client_header(&client, "Content-Length"), "25165824");
    REQUIRE(client_hear(&client));
    CHECK_STR(client.body, "small\n");
    client_close(&client);
    CHECK(waits_until_closed(&served));
    served_stop(t, &served);
}

TEST(outflow_that_breaks_ends_the_connection)
{
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    client_open(t, &client, served.port);
    REQUIRE(client_say(&client, GET("/breaks") GET("/small")));
    REQUIRE(client_hear_head(&client));
    CHECK_INT(client.status, 200);
    CHECK(reads(&client, 0, ROOM_FLOW / 2));
    CHECK(!reads(&client, ROOM_FLOW / 2, ROOM_FLOW / 2 + 1));
    CHECK(client.closed);
    client_close(&client);
    CHECK(waits_until_closed(&served));
    served_stop(t, &served);
}

/* More readers than there are threads to send, none of which reads at first: others are served, and
 * what they do not take is not made. */
TEST(outflow_of_readers_that_wait_holds_up_nobody)
{
    static struct client readers[CROWD];
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    for (int i = 0; i < CROWD; i++) {
        client_open(t, &readers[i], served.port);
        REQUIRE(client_say(&readers[i], "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", paths[i % 2]));
    }
    REQUIRE(served_wait(&served, "web_responses_2xx_total", CROWD));
    client_open(t, &client, served.port);
    CHECK_INT(client_ask(&client, GET("/small")), 200);
    poll(NULL, 0, LOOK_MS);
    int made = served.room.pieces;
    for (int i = 0; i < 10; i++) /* words that are no reading */
        for (int reader = 0; reader < CROWD; reader++)
            REQUIRE(client_say(&readers[reader], "G"));
    CHECK_INT(client_ask(&client, GET("/small")), 200);
    CHECK(served.room.pieces - made <= CROWD * ROOM_FLOW / ROOM_FLOW_PIECE);
    for (int i = 0; i < CROWD; i++) {
        REQUIRE(client_hear_head(&readers[i]));
        CHECK(reads(&readers[i], 0, ROOM_FLOW));
        client_close(&readers[i]);
    }
    client_close(&client);
    CHECK(waits_until_closed(&served));
    served_stop(t, &served);
}

TEST(outflow_of_readers_that_vanish_is_closed)
{
    static struct client readers[CROWD];
    struct served served;
    served_start(t, &served, NULL);
    for (int i = 0; i < CROWD; i++) {
        client_open(t, &readers[i], served.port);
        REQUIRE(client_say(&readers[i], "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", paths[i % 2]));
        if (i % 4 == 0)
            REQUIRE(client_hear_head(&readers[i]));
    }
    for (int i = 0; i < CROWD; i++) {
        const struct linger now = {.l_onoff = 1, .l_linger = 0};
        if (i % 3 == 0)
            setsockopt(readers[i].fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        client_close(&readers[i]);
    }
    REQUIRE(served_wait(&served, "web_connections", 0));
    CHECK(waits_until_closed(&served));
    served_stop(t, &served);
}

TEST(outflow_of_a_reader_that_stands_still_is_reset)
{
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    client_open(t, &client, served.port);
    REQUIRE(client_say(&client, GET("/file")));
    REQUIRE(served_wait(&served, "web_responses_2xx_total", 1));
    for (int i = 0; i < 20 && served_count(&served, "web_connections") > 0; i++) {
        client_say(&client, "G"); /* asking for more is no reading */
        served_turn(&served, SERVER_SEND_MS + 1);
        poll(NULL, 0, LOOK_MS);
    }
    CHECK_INT(served_count(&served, "web_connections"), 0);
    CHECK(waits_until_closed(&served));
    client_close(&client);
    served_stop(t, &served);
}

TEST(outflow_is_closed_with_the_server)
{
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    client_open(t, &client, served.port);
    REQUIRE(client_say(&client, GET("/flow")));
    REQUIRE(served_wait(&served, "web_responses_2xx_total", 1));
    served_turn(&served, 0);
    server_drain(served.server);
    poll(NULL, 0, LOOK_MS);
    served_turn(&served, SERVER_DRAIN_MS + 1);
    served_stop(t, &served);
    CHECK_INT(served.room.flows, 0);
    client_close(&client);
}
