/* An exchange: a whole request, its answer, and the desk at which one is made of the other.
 *
 *     exchange_begin(desk, connection, intake);
 *     enum err err = exchange_find(desk);                the route
 *     if (!err && desk->request.route)
 *         err = exchange_run(desk);                      all that leads to its handler
 *     exchange_send(desk, err);                          without waiting
 *     quiet = exchange_settle(desk);                     what the connection does next
 *
 * A desk holds what one exchange after the other is made with: an arena, chance, a context. Each
 * worker has one and the reactor has one, so the two answer in the same way. */
#ifndef STOA_WEB_EXCHANGE_H
#define STOA_WEB_EXCHANGE_H

#include "base/span.h"
#include "web/connection.h"
#include "web/request_stream.h"
#include "web/response.h"
#include "web/route.h"

enum { EXCHANGE_SMALL_MAX = 1 << 10 }; /* bytes of a body that are copied behind the head */

struct desk {
    struct server *server;
    struct connection *connection;
    struct intake *intake;
    struct ctx ctx;
    struct arena arena;
    struct rand rand;
    struct span span;
    struct request request;
    struct request_stream stream;
    struct field_errors errors; /* what route_decode found */
    unsigned methods;           /* that the path has, for Allow */
    uint64_t drops;             /* page_cache_drops as of before the handler ran */
    enum sent sent;
    char head[RESPONSE_HEAD_MAX + EXCHANGE_SMALL_MAX]; /* of the answer, and a small body */
};

void desk_init(struct desk *desk, struct server *server);
void desk_release(struct desk *desk);

void exchange_begin(struct desk *desk, struct connection *connection, struct intake *intake);

/* Looks the path up. What is not there is answered here (a redirect to what was meant, Allow) or is
 * an error; request.route says which. */
enum err exchange_find(struct desk *desk);

/* Refuses what a foreign site makes a browser send, finds out who asks and what they may, decodes,
 * and runs the handler. */
enum err exchange_run(struct desk *desk);

/* Records a mistake that has a status of its own. */
enum err exchange_refuse(struct desk *desk, int status, enum err code, const char *words);

/* Sends what the response says, or ctx->err where `err` says so. */
void exchange_send(struct desk *desk, enum err err);

/* Sends a page that is kept, and lets go of it. */
void exchange_send_page(struct desk *desk, const struct kept_page *page);

/* Leaves the connection as it is to go on: its phase, its limit of time, and what came behind the
 * request. True where the reactor need not look at it before it hears of it. */
bool exchange_settle(struct desk *desk);

/* Goes on with a body that is taken piece by piece. True as exchange_settle says. */
bool exchange_flow(struct desk *desk, struct connection *connection);

#endif
