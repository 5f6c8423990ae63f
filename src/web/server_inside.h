/* The server's parts, as they see each other.
 *
 *     struct server *server = desk->server;
 *     reactor_return(&server->reactor, connection);
 *
 * The reactor's thread has the table of connections and everything that stands in reactor.h; the
 * lanes have locks of their own; the rest does not change while the server runs. */
#ifndef STOA_WEB_SERVER_INSIDE_H
#define STOA_WEB_SERVER_INSIDE_H

#include "base/counter.h"
#include "web/connection.h"
#include "web/events_inside.h"
#include "web/exchange.h"
#include "web/heritage.h"
#include "web/measure.h"
#include "web/page_cache.h"
#include "web/reactor.h"
#include "web/response.h"
#include "web/server.h"
#include "web/worker.h"

#define MS_US INT64_C(1000)

/* Why a request or a connection was sent away. */
enum refusal {
    REFUSED_QUEUE,       /* too many requests wait */
    REFUSED_LATE,        /* one waited until its deadline */
    REFUSED_CONNECTIONS, /* too many are open */
    REFUSED_ADDRESS,     /* too many of one address */
    REFUSED_MEMORY,      /* no room for what came in or goes out */
    REFUSED_COUNT
};

struct server_counts {
    struct counter connections, accepted, queued, parked, statuses[6], refused[REFUSED_COUNT];
};

struct server {
    struct server_options options;
    struct clock *clock;
    struct id_source *ids;
    struct log *log;
    struct arena arena; /* what lives as long as the server */
    struct router *router;
    struct page_cache *pages;
    struct connections connections;
    struct lane lanes[LANE_COUNT];
    struct reactor reactor;
    struct events *events;
    struct pulse pulse;
    struct server_counts counts;
    struct measure measure;
    _Atomic bool draining; /* nothing new; answers end their connections */
};

static inline void server_refused(struct server *server, enum refusal why)
{
    counter_add(&server->counts.refused[why], 1);
}

#endif
