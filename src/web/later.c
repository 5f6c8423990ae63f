/* Parks requests, and calls them up again. */
#include "web/later.h"

#include <poll.h>

#include "base/assert.h"
#include "web/later_inside.h"
#include "web/reactor_inside.h"

bool later_answer(struct request *request, struct later *later, int64_t until_us)
{
    struct server *server = request->server;
    ASSERT(!(request->route->flags & (ROUTE_INLINE | ROUTE_QUICK | ROUTE_STREAM)));
    ASSERT(!request->response.later && later->leave);
    if (server_is_draining(server) || counter_value(&server->counts.parked) >= SERVER_PARKED_MAX ||
        !intake_pool_has_room(&server->connections.intakes))
        return false;
    counter_add(&server->counts.parked, 1);
    later->until_us = until_us;
    later->server = server;
    later->connection = request->connection;
    request->response.later = later;
    return true;
}

void later_wake(struct later *later)
{
    struct connection *connection = later->connection;
    struct reactor *reactor = &later->server->reactor;
    if (atomic_exchange(&connection->called, true))
        return;
    connection->called_next = atomic_load_explicit(&reactor->called, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&reactor->called, &connection->called_next,
                                                  connection, memory_order_release,
                                                  memory_order_relaxed))
        ; /* another came between; connection->called_next is now that one */
    reactor_wake(reactor);
}

/* A handler that failed after all is answered for. */
bool later_park(struct desk *desk, enum err err)
{
    struct connection *connection = desk->connection;
    struct later *later = desk->request.response.later;
    if (!later)
        return false;
    connection->later = later;
    if (err) {
        later_end(desk->server, connection, true);
        return false;
    }
    if (!desk->intake->parked_us)
        desk->intake->parked_us = clock_tick_us(desk->ctx.clock);
    connection->phase = PHASE_PARKED;
    connection_wait(&desk->server->connections, connection, later->until_us);
    return true;
}

void later_end(struct server *server, struct connection *connection, bool gone)
{
    struct later *later = connection->later;
    if (!later)
        return;
    connection->later = NULL;
    counter_add(&server->counts.parked, -1);
    later->leave(later, gone);
}

/* A connection that was ended by the other side, also behind bytes that nobody has read. */
static bool has_left(const struct connection *connection)
{
    struct pollfd one = {.fd = connection->fd, .events = POLLRDHUP};
    return poll(&one, 1, 0) > 0 && (one.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

/* Many wait: each in as little memory as it takes. What there is none for stays as it is. */
static void make_small(struct server *server, struct connection *connection)
{
    struct intake *intake = connection->intake;
    struct intake_pool *pool = &server->connections.intakes;
    struct intake *small = intake->size > 2 * intake->len ? intake_take(pool, intake->len) : NULL;
    if (!small)
        return;
    intake_copy(small, intake);
    intake_give(pool, intake);
    connection->intake = small;
}

enum later_state later_look(struct reactor *reactor, struct connection *connection)
{
    struct server *server = reactor->server;
    bool due = connection->due || reactor->now_us >= connection->later->until_us ||
               atomic_load_explicit(&server->draining, memory_order_relaxed);
    if (has_left(connection))
        return LATER_GONE;
    if (!due) {
        make_small(server, connection);
        return LATER_WAITS;
    }
    connection->due = false;
    later_end(server, connection, false);
    return LATER_DUE;
}

void later_take_called(struct reactor *reactor)
{
    struct connection *list = atomic_exchange_explicit(&reactor->called, NULL,
                                                       memory_order_acquire);
    while (list) {
        struct connection *connection = list;
        list = list->called_next;
        connection->due = true;
        atomic_store(&connection->called, false);
        if (!connection_is_lent(connection) && !connection->queued)
            reactor_serve(reactor, connection);
    }
}

void later_look_at_all(struct reactor *reactor)
{
    struct connections *all = &reactor->server->connections;
    for (uint32_t i = 0; i < all->used; i++) {
        struct connection *connection = &all->list[i];
        if (!connection_is_lent(connection) && !connection->queued &&
            connection->phase == PHASE_PARKED)
            reactor_serve(reactor, connection);
    }
}

void later_end_all(struct server *server)
{
    for (uint32_t i = 0; i < server->connections.used; i++)
        later_end(server, &server->connections.list[i], true);
}
