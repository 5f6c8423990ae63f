/* A server on the loopback that answers as it is told, well or badly, and remembers what it heard.
 *
 *     static const struct scene scenes[] = {{"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"},
 *                                           {.answer = "HTTP/1.1 200 OK\r\n", .then = PEER_DRIP}};
 *     struct peer peer;
 *     peer_start(t, &peer, scenes, 2);
 *     …                                        http://127.0.0.1:peer.port/
 *     CHECK_INT(peer.requests, 2);
 *     peer_stop(&peer);
 *
 * Each request takes the next scene; the last one is played again and again. It is a thread of the
 * test. */
#ifndef STOA_TESTS_PORTS_PEER_H
#define STOA_TESTS_PORTS_PEER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/str.h"

struct test;

enum { PEER_HEARD_MAX = 64 << 10, PEER_CONNECTIONS_MAX = 16 };

/* What it does when it has said its answer. */
enum scene_end {
    PEER_KEEPS,  /* waits for the next request */
    PEER_CLOSES, /* */
    PEER_RESETS, /* the connection, with RST */
    PEER_DRIPS,  /* a letter every 20 ms, for ever */
    PEER_FLOODS, /* letters as fast as they are taken, for ever */
};

struct scene {
    const char *answer;
    enum scene_end then;
};

struct peer {
    int port, listener;
    const struct scene *scenes;
    size_t scene_count;
    atomic_int requests, connections;
    atomic_bool stops;
    pthread_t thread;
    pid_t pid; /* where it is apart */
    int open[PEER_CONNECTIONS_MAX];
    size_t open_count;
    size_t heard_len;
    char heard[PEER_HEARD_MAX]; /* every request, one after the other; read it when stopped */
};

void peer_start(struct test *t, struct peer *peer, const struct scene scenes[], size_t count);
void peer_stop(struct peer *peer);

/* In a process of its own, where the test counts what is open in its own. Only its port is known
 * here then. */
void peer_start_apart(struct test *t, struct peer *peer, const struct scene scenes[], size_t count);

/* Whether any request held these letters; once it was stopped. */
bool peer_heard(const struct peer *peer, const char *words);

#endif
