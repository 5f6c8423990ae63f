/* The reactor's loop: what epoll tells, what others hand over, what is due. */
#include "web/reactor.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "web/later_inside.h"
#include "web/reactor_inside.h"

void reactor_wake(struct reactor *reactor)
{
    static const uint64_t one = 1;
    int before = errno; /* a signal handler may call this */
    if (!atomic_exchange(&reactor->woken, true) &&
        write(reactor->wake_fd, &one, sizeof one) != sizeof one)
        atomic_store(&reactor->woken, false); /* the next scan finds what was handed over */
    errno = before;
}

void reactor_return(struct reactor *reactor, struct connection *connection)
{
    connection->next = atomic_load_explicit(&reactor->returned, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&reactor->returned, &connection->next, connection,
                                                  memory_order_release, memory_order_relaxed))
        ; /* another came between; connection->next is now that one */
    reactor_wake(reactor);
}

bool reactor_watch(struct reactor *reactor, int fd, unsigned events, uint64_t what)
{
    struct epoll_event event = {.events = events, .data.u64 = what};
    return epoll_ctl(reactor->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

enum err reactor_open(struct reactor *reactor, struct ctx *ctx, struct server *server)
{
    *reactor = (struct reactor){.server = server, .epoll_fd = -1, .wake_fd = -1};
    desk_init(&reactor->desk, server);
    reactor->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    reactor->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (reactor->epoll_fd < 0 || reactor->wake_fd < 0 ||
        !reactor_watch(reactor, reactor->wake_fd, EPOLLIN | EPOLLET, REACTOR_WOKEN) ||
        !reactor_watch(reactor, server->options.listen_fd, EPOLLIN, REACTOR_ARRIVAL))
        return err_system(&ctx->err, "The server cannot be started.", "setting up epoll");
    reactor->spare = intake_take(&server->connections.intakes, INTAKE_SIZE);
    return reactor->spare ? ERR_OK : err_memory(&ctx->err);
}

void reactor_close(struct reactor *reactor)
{
    intake_give(&reactor->server->connections.intakes, reactor->spare);
    desk_release(&reactor->desk);
    if (reactor->wake_fd >= 0)
        close(reactor->wake_fd);
    if (reactor->epoll_fd >= 0)
        close(reactor->epoll_fd);
}

/* An event of a connection that is gone meets another generation in its place. */
static void on_connection(struct reactor *reactor, const struct epoll_event *event)
{
    uint32_t index = (uint32_t)event->data.u64, generation = (uint32_t)(event->data.u64 >> 32);
    struct connection *connection = &reactor->server->connections.list[index];
    if (connection->generation != generation || !connection_event(connection))
        return;
    connection->hung_up |= (event->events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    connection->readable |= (event->events & EPOLLIN) != 0 || connection->hung_up;
    if (!connection->queued)
        reactor_serve(reactor, connection);
}

static void on_event(struct reactor *reactor, const struct epoll_event *event)
{
    if (event->data.u64 == REACTOR_ARRIVAL)
        reactor_accept(reactor);
    else if (event->data.u64 != REACTOR_WOKEN)
        on_connection(reactor, event);
}

/* The workers' list has the newest first: it is turned round, so that none waits for long. */
static void take_returned(struct reactor *reactor)
{
    struct connection *list = atomic_exchange_explicit(&reactor->returned, NULL,
                                                       memory_order_acquire);
    struct connection *first = NULL;
    while (list) {
        struct connection *next = list->next;
        list->next = first;
        first = list;
        list = next;
    }
    while (first) {
        struct connection *next = first->next;
        connection_take_back(first);
        first->readable = true; /* whatever came meanwhile was not looked at */
        reactor_serve(reactor, first);
        first = next;
    }
}

static void go_on(struct reactor *reactor)
{
    struct connection *list = reactor->again;
    reactor->again = NULL;
    while (list) {
        struct connection *connection = list;
        list = list->next;
        connection->queued = false;
        reactor_serve(reactor, connection);
    }
}

static void begin_to_drain(struct reactor *reactor)
{
    struct ctx ctx = {.clock = reactor->server->clock, .log = reactor->server->log};
    reactor->drained_us = reactor->now_us + SERVER_DRAIN_MS * MS_US;
    reactor->grace_us = reactor->now_us + REACTOR_GRACE_MS * MS_US;
    log_info(&ctx, "server drains", field_int("connections", reactor->server->connections.count));
    reactor_stop_listening(reactor);
    events_end(reactor->server->events);
    later_look_at_all(reactor);
}

/* Where the time is over, whoever still waits for bytes is told that none will come. */
static bool is_drained(struct reactor *reactor)
{
    struct connections *all = &reactor->server->connections;
    if (!reactor->drained_us || (all->count && reactor->now_us < reactor->drained_us))
        return false;
    for (uint32_t i = 0; all->count && i < all->used; i++)
        if (connection_is_lent(&all->list[i]))
            shutdown(all->list[i].fd, SHUT_RDWR);
    return true;
}

static int wait_ms(const struct reactor *reactor, bool busy)
{
    int64_t left_us = reactor->scan_us - reactor->now_us;
    if (busy || reactor->again || left_us <= 0)
        return 0;
    return (int)((left_us + MS_US - 1) / MS_US);
}

bool reactor_turn(struct reactor *reactor, bool *busy)
{
    struct server *server = reactor->server;
    struct epoll_event events[REACTOR_EVENTS_MAX];
    int count = epoll_wait(reactor->epoll_fd, events, REACTOR_EVENTS_MAX, wait_ms(reactor, *busy));
    reactor->now_us = clock_tick_us(server->clock);
    for (int i = 0; i < count; i++)
        on_event(reactor, &events[i]);
    atomic_store(&reactor->woken, false); /* before looking: what comes later wakes again */
    take_returned(reactor);
    later_take_called(reactor);
    go_on(reactor);
    *busy = events_walk(server->events);
    if (atomic_load(&server->draining) && !reactor->drained_us)
        begin_to_drain(reactor);
    if (reactor->now_us >= reactor->scan_us)
        reactor_scan(reactor);
    return !is_drained(reactor);
}
