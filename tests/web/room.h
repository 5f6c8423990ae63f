/* A room of routes for tests of the server: one of each kind.
 *
 *     struct test_room room;
 *     test_room_init(&room, &server);
 *     options.rooms = room.routes;
 *
 *     GET  /fixed          the reactor answers: "fixed\n"
 *     GET  /pid            the reactor says which process it is of
 *     GET  /small          a worker answers: "small\n"
 *     GET  /large          ROOM_LARGE bytes, made by a worker
 *     GET  /slow           waits until room.gate is open
 *     GET  /wait           "news\n" once there are some, after ROOM_WAIT_MS "nothing\n"; later.h
 *     GET  /wait-and-fail  says that it answers later, and fails
 *     GET  /part/{name}    says the part
 *     GET  /kept           a page for all, with the number of times it was made
 *     GET  /fails          ERR_INTERNAL
 *     GET  /health         as /fixed, on the reserved lane's workers
 *     GET  /listen         events of the channel "room"
 *     POST /echo           its body
 *     POST /tell           publishes its body
 *     POST /count          reads a streamed body, and says how many bytes there were
 *     POST /refuse         a streamed body that is not read
 *     GET  /file           ROOM_FLOW bytes of a file, as its reader takes them (outflow.h)
 *     GET  /flow           the same, made in memory
 *     GET  /breaks         the same, of which the second half cannot be read
 *     GET  /secret         needs a permission */
#ifndef STOA_TESTS_WEB_ROOM_H
#define STOA_TESTS_WEB_ROOM_H

#include <pthread.h>

#include "web/events.h"
#include "web/server.h"

enum {
    ROOM_LARGE = 15 << 20, /* more than kernels take at once */
    ROOM_WAIT_MS = 5000,
    ROOM_ECHO_MAX = 256 << 10,
    ROOM_FLOW = 24 << 20,
    ROOM_FLOW_PIECE = 64 << 10
};

struct test_room {
    struct room_routes routes[2];
    struct channel *channel;
    _Atomic int made, waiting; /* kept pages; requests that stand before the gate */
    _Atomic int flows, pieces; /* open now; made in all */
    pthread_mutex_t lock;
    pthread_cond_t opened;
    bool open;
    struct room_wait *waits; /* for news; under the lock, as what follows */
    int news;                /* that nobody was told of yet */
    _Atomic int rounds, gone;
};

char test_room_byte(int64_t at); /* of what flows */

void test_room_init(struct test_room *room);
void test_room_open(struct test_room *room, struct server *server); /* once there is one */
void test_room_tell(struct test_room *room, int news);              /* wakes as many */
void test_room_gate(struct test_room *room, bool open);

#endif
