/* Connections: who has each, what it waits for, and what is still to be sent on it.
 *
 *     connection = connections_open(&server->connections, fd, peer);    the reactor
 *     connection_lend(connection);                      to a worker; the reactor lets it be
 *     if (!connection_give_back(connection, quiet))     a worker that is done with it
 *         reactor_return(reactor, connection);
 *
 * A connection belongs to the reactor or to one worker, as its state word says. An event that comes
 * while a worker has it only sets a bit in that word; so giving it back is one atomic operation and
 * no system call where nothing came, and nothing is lost where something did.
 *
 * One that is idle is this struct and nothing else. The table is of fixed size and is not touched
 * before it is used. */
#ifndef STOA_WEB_CONNECTION_H
#define STOA_WEB_CONNECTION_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/address.h"
#include "web/intake.h"
#include "web/outflow.h"
#include "web/page_cache.h"
#include "web/peers.h"

enum {
    OUTPUTS_MAX = 64 << 20, /* bytes of all that slow readers have not taken yet; reset beyond */
    CONNECTION_NONE = UINT32_MAX,
};

#define CONNECTION_NEVER INT64_MAX

/* What it waits for, and so which limit of time holds. */
enum connection_phase {
    PHASE_FREE,
    PHASE_IDLE,   /* for a request */
    PHASE_HEAD,   /* for the rest of one */
    PHASE_BODY,   /* for a small body */
    PHASE_WORK,   /* for a worker */
    PHASE_SEND,   /* for its reader */
    PHASE_LISTEN, /* for events */
    PHASE_PARKED, /* for what its answer is about: later.h */
    PHASE_LINGER, /* for the other end to close: its last answer was sent */
};

/* The rest of an answer. */
struct output {
    struct str copied;            /* in bytes */
    struct str fixed;             /* behind it; stays where it is */
    const struct kept_page *page; /* what holds `fixed`; NULL where it stays for ever */
    struct outflow_way flow;      /* or what is behind it; a worker's to send */
    size_t size;
    char bytes[];
};

struct connection {
    _Atomic uint32_t state; /* CONNECTION_LENT, CONNECTION_EVENT */
    uint32_t generation;    /* tells an event for the one before from one for this */
    int fd;
    uint32_t requests; /* that were begun */
    uint8_t phase;
    bool readable; /* the socket may hold bytes that nobody was told of */
    bool hung_up;  /* the other end sends no more */
    bool ending;   /* closed once its answer is out */
    bool lingers;  /* and then read from until the other end closes */
    bool counted;  /* among its address's */
    bool queued;   /* in the reactor's list of those that go on at once */
    struct address peer;
    struct intake *intake;
    struct output *output;
    struct connection *next; /* in whatever list it stands */
    size_t dropped;          /* bytes that were read while it lingers */
    size_t owed;             /* connection_owed as of when its time was set */
    struct channel *channel; /* events.h, which has the rest */
    int64_t event_next;      /* the number of the next one it is to be sent */
    uint32_t listener_before, listener_next;
    bool listens;        /* stands among the channel's listeners */
    struct later *later; /* later.h: what it waits for; the worker's, then the reactor's */
    _Atomic bool called; /* stands in the reactor's list of those that were woken */
    struct connection *called_next; /* there */
    bool due;                       /* was taken from there; the reactor's, also while it is lent */
};

/* All of them. `deadlines_us` stands apart because it is scanned. */
struct connections {
    struct connection *list;
    _Atomic int64_t *deadlines_us; /* one a connection, by the tick */
    struct connection *free;
    uint32_t count, used, most; /* open now, ever at once, and allowed */
    struct peers peers;
    struct intake_pool intakes;
    _Atomic int64_t output_size; /* of all that is still to be sent */
    struct page_cache *pages;
};

/* An answer, or a part of one. What is not sent at once is copied, but for a fixed body. */
struct answer {
    struct str head, body;
    bool fixed;                   /* the body outlives the request */
    const struct kept_page *page; /* is counted, and held by the answer; may be NULL */
};

void connections_prepare(struct connections *all); /* so that it can be released */
enum err connections_init(struct ctx *ctx, struct connections *all, struct page_cache *pages,
                          uint32_t most);
void connections_release(struct connections *all);

/* NULL where there are as many as may be. */
struct connection *connections_open(struct connections *all, int fd, struct address peer);
void connections_close(struct connections *all, struct connection *connection);

static inline uint32_t connection_index(const struct connections *all,
                                        const struct connection *connection)
{
    return (uint32_t)(connection - all->list);
}

void connection_wait(struct connections *all, const struct connection *connection,
                     int64_t deadline_us);

/* The protocol of the state word. */
void connection_lend(struct connection *connection);
bool connection_give_back(struct connection *connection, bool quiet); /* false: by the queue */
bool connection_is_lent(struct connection *connection);
bool connection_event(struct connection *connection);     /* true: it is the reactor's to act */
void connection_take_back(struct connection *connection); /* from the queue */

/* Sends without waiting; what the socket does not take is kept in connection->output. */
enum sent connection_send(struct connections *all, struct connection *connection,
                          const struct answer *answer);
enum sent connection_send_rest(struct connections *all, struct connection *connection);

/* The same of a head and a flow, which is the connection's from now on: a worker sends it, and goes
 * on with it after SENT_SOME when the socket has room, and after SENT_PAUSED. */
enum sent connection_flow(struct connections *all, struct connection *connection, struct ctx *ctx,
                          struct str head, struct outflow_way flow);
enum sent connection_flow_rest(struct connections *all, struct connection *connection,
                               struct ctx *ctx);
static inline bool connection_flows(const struct connection *connection)
{
    return connection->output && connection->output->flow.outflow;
}

/* Bytes of answers that the other end has not taken: ours and the kernel's. */
size_t connection_owed(const struct connection *connection);

/* Sends a few words of the server's own; false where they do not go out at once. */
bool connection_say(const struct connection *connection, struct str text);

/* Makes the close that follows a reset, which gives the kernel's memory back at once. */
void connection_reset(const struct connection *connection);

#endif
