/* The HTTP/1.1 server: one reactor that never blocks, and workers that may.
 *
 *     struct server_options options = {.rooms = wiring_routes, .ports = &ports, .listen_fd = fd};
 *     TRY(server_open(ctx, &options, &server));
 *     server_run(server, ctx);                     until server_drain, from a signal or a thread
 *     server_close(server);
 *
 * The reactor accepts, reads heads and small bodies, answers by itself what cannot block (assets,
 * health, pages that are kept, mistakes), and hands the rest to a bounded queue. A worker runs the
 * handler in an arena of its own, writes the answer to the socket, and gives the connection back.
 * What a slow reader did not take yet is the reactor's to send.
 *
 * An idle connection holds a struct of some 200 bytes and no buffer. System calls of a small
 * request on an open connection: a share of one epoll_wait, one recv, one send; behind a worker two
 * futexes more where none was running.
 *
 * Limits, each with its answer; of some there are fewer by server_options: */
#ifndef STOA_WEB_SERVER_H
#define STOA_WEB_SERVER_H

#include "base/address.h"
#include "base/counter.h"
#include "base/ctx.h"
#include "web/asset.h"
#include "web/route.h"

enum {
    SERVER_CONNECTIONS_MAX = 20000, /* the longest idle one is closed for a new one; else 503 */
    SERVER_CONNECTIONS_EACH_MAX = 10500, /* of one address; 503 */
    SERVER_REQUESTS_EACH_MAX = 100000,   /* on one connection, then it is closed behind an answer */
    SERVER_WORKERS = 64,
    SERVER_WORKERS_RESERVED = 2,   /* of the reserved lane */
    SERVER_PARKED_MAX = 10000,     /* requests that are answered later: later.h */
    SERVER_STREAMS_MAX = 16,       /* bodies that are streamed at once; 503 */
    SERVER_SENDERS = 8,            /* threads that go on with files for their readers */
    SERVER_QUEUE_MAX = 1024,       /* requests waiting for a worker; 503, Retry-After: 1 */
    SERVER_ARENA_MAX = 32 << 20,   /* of one request */
    SERVER_HEAD_MS = 10000,        /* from its first byte to the end of the head; 408 */
    SERVER_BODY_MS = 30000,        /* for a small body; 408 */
    SERVER_IDLE_MS = 60000,        /* between requests */
    SERVER_SEND_MS = 20000,        /* a reader is looked after so often, and … */
    SERVER_SEND_RATE_MIN = 1024,   /* … reset where it took fewer bytes a second */
    SERVER_STREAM_RATE_MIN = 1024, /* bytes a second that a streamed body must bring on average */
    SERVER_REQUEST_MS = 10000,     /* the request's deadline: reaches SQL and calls outside */
    SERVER_DRAIN_MS = 30000,       /* for requests that have begun when the server stops */
    SERVER_BACKLOG = 4096,         /* connections that wait to be accepted, if the system agrees */
};

struct events;
struct server;

/* Chance for one thread. */
typedef struct rand server_chance(void);

struct server_options {
    int listen_fd; /* a listening socket, see server_listen; closed by server_close */
    const struct room_routes *rooms;
    const struct ports *ports;
    const struct ui_site *site; /* handed on to the pages; may be NULL where there are none */
    const struct address_nets *proxies;       /* whose word about the client counts; may be NULL */
    int connections_max;                      /* of all; 0 is the limit above */
    int connections_each_max;                 /* of one address; the same */
    struct counter_registry *counters;        /* may be NULL; outlives the server */
    struct tracer *tracer;                    /* may be NULL */
    bool tells_timing;                        /* Server-Timing in each answer: for who develops */
    server_chance *chance;                    /* NULL is rand_system */
    const struct asset *const *const *assets; /* what asset_answer looks through; may be NULL */
    int pulse_fd;                             /* see heritage.h; 0 is none */

    /* Whether it comes too often. Kept pages and assets are not asked for. May be NULL; the reactor
     * calls it too. */
    enum err (*admit)(struct request *request);

    /* Finds out who asks (request->who), and refuses what cannot be theirs. Called on a worker
     * before anything of the route is looked at, not for inline ones. NULL: all are visitors. */
    enum err (*identify)(struct request *request);
    const char *sign_in; /* where visitors are led who open what is not theirs; may be NULL */

    /* Whether this request may do what the route's permission says; "anyone" is not asked. */
    enum err (*may)(struct request *request, const char *permission);

    /* Answers a request that failed, with a page for people. ctx->err says what is wrong. NULL
     * gives a plain line of text. The reactor calls it too: it must not wait. */
    void (*show_error)(struct request *request, int status);
};

/* A listening socket on every address, or on one ("127.0.0.1"). */
enum err server_listen(struct ctx *ctx, const char *address, int port, int *fd);

enum err server_open(struct ctx *ctx, const struct server_options *options, struct server **opened);
struct events *server_events(struct server *server);
bool server_is_draining(const struct server *server);

/* Serves until it was drained: then no request is under way and no connection is open, or the time
 * for that is over. */
enum err server_run(struct server *server, struct ctx *ctx);

/* No new connections; what was begun is finished; idle connections are closed. Only sets a flag and
 * writes to an eventfd: a signal handler may call it. */
void server_drain(struct server *server);

/* Not while server_run runs. What workers are still about is waited for. */
void server_close(struct server *server);

#endif
