/* A server with the tests' room (room.h), in a thread of the test, with a clock that can be turned.
 *
 *     struct served served;
 *     served_start(t, &served, NULL);
 *     struct client client;
 *     client_open(t, &client, served.port);
 *     client_say(&client, "GET /fixed HTTP/1.1\r\nHost: a\r\n\r\n");
 *     REQUIRE(client_hear(&client));
 *     CHECK_INT(client.status, 200);
 *     served_turn(&served, SERVER_IDLE_MS);          time passes at once
 *     CHECK(client_is_closed(&client));
 *     client_close(&client);
 *     served_stop(t, &served);
 *
 * Whatever waits does so for CLIENT_DEADLINE_S at most. */
#ifndef STOA_TESTS_WEB_SERVED_H
#define STOA_TESTS_WEB_SERVED_H

#include "harness/test.h"
#include "web/client.h"
#include "web/room.h"

struct served_clock {
    struct clock clock;
    _Atomic int64_t ahead_us; /* of the system's */
};

struct served {
    struct ctx ctx;
    struct arena arena;
    struct served_clock clock;
    struct rand rand, id_rand;
    struct id_source ids;
    struct counter_registry counters;
    struct test_room room;
    struct server *server;
    pthread_t thread;
    int port;
};

/* `options` (may be NULL) is for what differs: rooms, listen_fd and counters are set here. */
enum err served_try(struct test *t, struct served *served, const struct server_options *options);
void served_start(struct test *t, struct served *served, const struct server_options *options);

/* Opens the gate, drains, and waits for its end. */
void served_stop(struct test *t, struct served *served);

void served_turn(struct served *served, int64_t by_ms);

/* The value of a counter by its name; -1 where there is none. */
int64_t served_count(const struct served *served, const char *name);

/* Waits until the counter has the value; false at the deadline. */
bool served_wait(const struct served *served, const char *name, int64_t value);

#endif
