/* Tests of lanes: what happens when there is more to do than workers. */
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "web/served.h"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

enum { FULL = SERVER_WORKERS + SERVER_QUEUE_MAX };

static void allow_files(struct test *t)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max < 8192 ? limit.rlim_max : 8192;
    setrlimit(RLIMIT_NOFILE, &limit);
    REQUIRE(limit.rlim_cur > 2 * FULL + 100);
}

static int ask_aside(struct test *t, int port, const char *request)
{
    struct client client;
    client_open(t, &client, port);
    int status = client_ask(&client, "%s", request);
    client_close(&client);
    return status;
}

/* Each of them waits before the gate, or for a worker. */
static void fill(struct test *t, struct served *served, struct client *client, int fds[], int count)
{
    for (int i = 0; i < count; i++) {
        client_open(t, client, served->port);
        REQUIRE(client_say(client, GET("/slow")));
        fds[i] = client->fd;
    }
    int workers = count < SERVER_WORKERS ? count : SERVER_WORKERS;
    for (int i = 0; i < CLIENT_DEADLINE_S * 100 && served->room.waiting < workers; i++)
        poll(NULL, 0, 10);
    REQUIRE(served->room.waiting == workers);
    REQUIRE(served_wait(served, "web_queued", count - workers));
}

static int hear_all(struct client *client, const int fds[], int count, int status)
{
    int heard = 0;
    for (int i = 0; i < count; i++) {
        *client = (struct client){.fd = fds[i]};
        heard += client_hear(client) && client->status == status;
        client_close(client);
    }
    return heard;
}

TEST(worker_lane_that_is_full_refuses_and_health_still_answers)
{
    static int fds[FULL];
    struct served served;
    struct client client;
    allow_files(t);
    served_start(t, &served, NULL);
    fill(t, &served, &client, fds, FULL);
    client_open(t, &client, served.port);
    CHECK_INT(client_ask(&client, GET("/small")), 503);
    CHECK_STR(client_header(&client, "Retry-After"), "1");
    CHECK_INT(client_ask(&client, GET("/fixed")), 200);
    CHECK_INT(client_ask(&client, GET("/health")), 200);
    CHECK_INT(client_ask(&client, GET("/small")), 503);
    client_close(&client);
    CHECK_INT(served_count(&served, "web_refused_queue_total"), 2);
    test_room_gate(&served.room, true);
    CHECK_INT(hear_all(&client, fds, FULL, 200), FULL);
    CHECK_INT(ask_aside(t, served.port, GET("/small")), 200);
    served_stop(t, &served);
}

TEST(worker_does_not_begin_what_waited_too_long)
{
    static int fds[SERVER_WORKERS + 10];
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    fill(t, &served, &client, fds, SERVER_WORKERS + 10);
    served_turn(&served, SERVER_REQUEST_MS + 1);
    test_room_gate(&served.room, true);
    CHECK_INT(hear_all(&client, fds, SERVER_WORKERS, 200), SERVER_WORKERS);
    CHECK_INT(hear_all(&client, fds + SERVER_WORKERS, 10, 503), 10);
    CHECK_INT(served_count(&served, "web_refused_late_total"), 10);
    served_stop(t, &served);
}

TEST(worker_lane_of_streams_has_its_own_limit)
{
    struct served served;
    struct client client;
    int fds[SERVER_STREAMS_MAX];
    served_start(t, &served, NULL);
    for (int i = 0; i < SERVER_STREAMS_MAX; i++) {
        client_open(t, &client, served.port);
        REQUIRE(client_say(&client, "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n"
                                    "Expect: 100-continue\r\n\r\n"));
        REQUIRE(client_waits_for(&client, STR("100 Continue")));
        fds[i] = client.fd;
    }
    client_open(t, &client, served.port);
    CHECK_INT(
        client_ask(&client, "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nmore"),
        503);
    CHECK(client_is_closed(&client));
    client_close(&client);
    CHECK_INT(ask_aside(t, served.port, GET("/small")), 200);
    for (int i = 0; i < SERVER_STREAMS_MAX; i++) {
        client = (struct client){.fd = fds[i]};
        CHECK_INT(client_ask(&client, "12345678"), 200);
        client_close(&client);
    }
    served_stop(t, &served);
}

/* Idle workers give their memory back, and go on where they are called again. */
TEST(worker_rests_and_comes_back)
{
    static int fds[SERVER_WORKERS];
    struct served served;
    struct client client;
    served_start(t, &served, NULL);
    fill(t, &served, &client, fds, SERVER_WORKERS);
    test_room_gate(&served.room, true);
    CHECK_INT(hear_all(&client, fds, SERVER_WORKERS, 200), SERVER_WORKERS);
    int64_t before = test_live_blocks();
    for (int i = 0; i < CLIENT_DEADLINE_S * 10 && test_live_blocks() > before - 40; i++)
        poll(NULL, 0, 100);
    CHECK(test_live_blocks() <= before - 40);
    test_room_gate(&served.room, false);
    fill(t, &served, &client, fds, SERVER_WORKERS);
    test_room_gate(&served.room, true);
    CHECK_INT(hear_all(&client, fds, SERVER_WORKERS, 200), SERVER_WORKERS);
    served_stop(t, &served);
}
