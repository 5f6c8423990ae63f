/* Looks through the deadlines, and acts on those that have passed. */
#include "base/mem.h"
#include "web/reactor_inside.h"

/* The kernel takes an answer in large pieces: whether its reader takes it is asked there. */
static bool keeps_pace(const struct connection *connection)
{
    static const size_t least = SERVER_SEND_MS / 1000 * (size_t)SERVER_SEND_RATE_MIN;
    return connection_owed(connection) + least <= connection->owed;
}

/* What the end of a phase's time means. */
static void on_due(struct reactor *reactor, struct connection *connection)
{
    switch ((enum connection_phase)connection->phase) {
    case PHASE_HEAD:
    case PHASE_BODY:
        reactor_give_up(reactor, connection);
        return;
    case PHASE_LISTEN:
        if (!events_beat(reactor->server->events, connection))
            reactor_drop(reactor, connection);
        return;
    case PHASE_PARKED:
        reactor_serve(reactor, connection);
        return;
    case PHASE_SEND:
        if (keeps_pace(connection)) {
            reactor_wait_for_reader(reactor, connection);
            return;
        }
        connection_reset(connection);
        reactor_drop(reactor, connection);
        return;
    case PHASE_IDLE:
    case PHASE_LINGER:
    case PHASE_FREE:
    case PHASE_WORK:
        reactor_drop(reactor, connection);
    }
}

/* What a crowd took is given back once most of it has left. */
static void give_memory_back(struct reactor *reactor)
{
    uint32_t count = reactor->server->connections.count;
    if (reactor->crowd >= REACTOR_CROWD_MIN && count <= reactor->crowd / 2) {
        mem_trim();
        reactor->crowd = count;
    }
    if (count > reactor->crowd)
        reactor->crowd = count;
}

void reactor_scan(struct reactor *reactor)
{
    struct connections *all = &reactor->server->connections;
    bool hurries = reactor->drained_us && reactor->now_us >= reactor->grace_us;
    reactor->scan_us = reactor->now_us + REACTOR_SCAN_MS * MS_US;
    for (uint32_t i = 0; i < all->used; i++) {
        struct connection *connection = &all->list[i];
        int64_t due_us = atomic_load_explicit(&all->deadlines_us[i], memory_order_relaxed);
        if ((due_us > reactor->now_us && !hurries) || due_us == CONNECTION_NEVER ||
            connection_is_lent(connection) || connection->queued)
            continue;
        if (due_us <= reactor->now_us || connection->phase == PHASE_IDLE)
            on_due(reactor, connection);
    }
    if (reactor->accept_us && reactor->now_us >= reactor->accept_us)
        reactor_go_on_accepting(reactor);
    give_memory_back(reactor);
    if (!pulse_beat(&reactor->server->pulse, reactor->now_us))
        atomic_store(&reactor->server->draining, true); /* the supervisor is gone */
}
