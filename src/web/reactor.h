/* The reactor: one thread that hears of everything and waits for nothing.
 *
 *     TRY(reactor_open(&server->reactor, ctx, server));
 *     while (reactor_turn(&server->reactor, &busy))     epoll, then what follows from it
 *         ;
 *     reactor_wake(&server->reactor);                   any thread, or a signal handler
 *
 * Connections are registered once, edge-triggered, so that a request costs no change of what is
 * listened for. What a worker gives back by the queue, and what was published, come with a wake;
 * `woken` keeps a second wake from costing a system call too. Deadlines stand in an array that is
 * looked through some times a second. */
#ifndef STOA_WEB_REACTOR_H
#define STOA_WEB_REACTOR_H

#include "web/exchange.h"

enum {
    REACTOR_EVENTS_MAX = 256,      /* taken at once */
    REACTOR_ACCEPTS_MAX = 64,      /* connections that are accepted before others go on */
    REACTOR_STEPS_MAX = 32,        /* of one connection before others go on: some 10 requests */
    REACTOR_SCAN_MS = 250,         /* how late a deadline may be met */
    REACTOR_PAUSE_MS = 100,        /* nothing is accepted so long where the system has no room */
    REACTOR_LINGER_MS = 3000,      /* for a reader to take its last answer and close */
    REACTOR_LINGER_MAX = 16 << 20, /* bytes that are read and dropped meanwhile */
    REACTOR_GRACE_MS = 1000,       /* an idle connection is kept so long when the server stops */
    REACTOR_CROWD_MIN = 64,        /* connections whose going is worth giving memory back */
};

struct reactor {
    struct server *server;
    int epoll_fd, wake_fd;
    _Atomic bool woken;
    struct connection *_Atomic returned; /* by workers; the newest first */
    struct connection *_Atomic called;   /* by later_wake */
    struct connection *again;            /* those that go on at once */
    struct intake *spare; /* what is received into; always there: some answers need no other */
    struct desk desk;
    int64_t now_us;     /* by the tick, of this turn */
    int64_t scan_us;    /* when deadlines are looked at next */
    int64_t accept_us;  /* when accepting goes on; 0 where it does */
    int64_t drained_us; /* when draining ends; 0 while it has not begun */
    int64_t grace_us;   /* when idle connections are closed then */
    uint32_t crowd;     /* the most connections since memory was given back */
};

enum err reactor_open(struct reactor *reactor, struct ctx *ctx, struct server *server);
void reactor_close(struct reactor *reactor);

/* One round: waits, unless the one before left the reactor `busy`. False once all is drained. */
bool reactor_turn(struct reactor *reactor, bool *busy);

/* Gives back a connection that is to go on at once. Any thread. */
void reactor_return(struct reactor *reactor, struct connection *connection);
void reactor_wake(struct reactor *reactor);

#endif
