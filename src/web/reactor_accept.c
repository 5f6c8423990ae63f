/* Takes new connections, as many as there is room for, and tells the others. */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/reactor_inside.h"

static const struct str busy = STR(
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\n"
    "Content-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n"
    "Content-Length: 43\r\n\r\nThere is too much to do. Please try again.\n");

bool reactor_say_busy(const struct connection *connection)
{
    return connection_say(connection, busy);
}

static struct address address_of(const struct sockaddr_storage *from)
{
    struct address address = {.bytes = {[10] = 0xff, [11] = 0xff}};
    if (from->ss_family == AF_INET6)
        memcpy(address.bytes, &((const struct sockaddr_in6 *)from)->sin6_addr, 16);
    else if (from->ss_family == AF_INET)
        memcpy(address.bytes + 12, &((const struct sockaddr_in *)from)->sin_addr, 4);
    return address;
}

static bool may_go(const struct connection *connection)
{
    return connection->phase == PHASE_LINGER ||
           (connection->phase == PHASE_IDLE && !connection->readable);
}

/* Who only waits for the other end to close has had its answer. */
static bool goes_before(const struct connection *connection, const struct connection *other)
{
    return connection->phase == PHASE_LINGER && other->phase != PHASE_LINGER;
}

/* Closes the connection that is done, or has been idle, for longest. False where none is. */
static bool make_room(struct reactor *reactor)
{
    struct connections *all = &reactor->server->connections;
    struct connection *oldest = NULL;
    int64_t oldest_us = 0;
    for (uint32_t i = 0; i < all->used; i++) {
        struct connection *connection = &all->list[i];
        int64_t due_us = atomic_load_explicit(&all->deadlines_us[i], memory_order_relaxed);
        if (connection_is_lent(connection) || connection->queued || !may_go(connection))
            continue;
        if (oldest && !goes_before(connection, oldest) &&
            (goes_before(oldest, connection) || due_us >= oldest_us))
            continue;
        oldest = connection;
        oldest_us = due_us;
    }
    if (oldest)
        reactor_drop(reactor, oldest);
    return oldest != NULL;
}

/* Proxies have as many as they need: it is their clients that count. */
static bool may_enter(struct server *server, struct connection *connection)
{
    const struct server_options *options = &server->options;
    if (options->proxies && address_nets_have(options->proxies, connection->peer))
        return true;
    int most = options->connections_each_max ? options->connections_each_max
                                             : SERVER_CONNECTIONS_EACH_MAX;
    connection->counted = peers_enter(&server->connections.peers, connection->peer, most);
    return connection->counted;
}

/* The answer goes out before anything was asked, and is waited for by who reads it. */
static void turn_away(struct reactor *reactor, struct connection *connection)
{
    server_refused(reactor->server, REFUSED_ADDRESS);
    connection->ending = connection->lingers = reactor_say_busy(connection);
    if (connection->ending)
        reactor_serve(reactor, connection);
    else
        reactor_drop(reactor, connection);
}

static void enter(struct reactor *reactor, int fd, struct address peer)
{
    struct server *server = reactor->server;
    struct connections *all = &server->connections;
    struct connection *connection = connections_open(all, fd, peer);
    if (!connection && make_room(reactor))
        connection = connections_open(all, fd, peer);
    if (!connection) {
        server_refused(server, REFUSED_CONNECTIONS);
        reactor_say_busy(&(struct connection){.fd = fd});
        close(fd);
        return;
    }
    counter_add(&server->counts.accepted, 1);
    counter_add(&server->counts.connections, 1);
    reactor_wait(reactor, connection, PHASE_IDLE, SERVER_IDLE_MS);
    uint64_t what = (uint64_t)connection->generation << 32 | connection_index(all, connection);
    if (!reactor_watch(reactor, fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, what))
        reactor_drop(reactor, connection);
    else if (!may_enter(server, connection))
        turn_away(reactor, connection);
}

static void listen_for(struct reactor *reactor, unsigned events)
{
    struct epoll_event event = {.events = events, .data.u64 = REACTOR_ARRIVAL};
    epoll_ctl(reactor->epoll_fd, EPOLL_CTL_MOD, reactor->server->options.listen_fd, &event);
}

/* What waits to be accepted would be told again and again. */
static void pause_accepting(struct reactor *reactor)
{
    server_refused(reactor->server, REFUSED_CONNECTIONS);
    reactor->accept_us = reactor->now_us + REACTOR_PAUSE_MS * MS_US;
    if (reactor->scan_us > reactor->accept_us)
        reactor->scan_us = reactor->accept_us;
    listen_for(reactor, 0);
}

void reactor_go_on_accepting(struct reactor *reactor)
{
    reactor->accept_us = 0;
    listen_for(reactor, EPOLLIN);
}

/* The system has no room for another. */
static bool is_full(int number)
{
    return number == EMFILE || number == ENFILE || number == ENOBUFS || number == ENOMEM;
}

bool reactor_accept(struct reactor *reactor)
{
    bool made_room = false;
    for (int i = 0; i < REACTOR_ACCEPTS_MAX && reactor->server->options.listen_fd >= 0; i++) {
        struct sockaddr_storage from = {.ss_family = AF_UNSPEC};
        socklen_t size = sizeof from;
        int fd = accept4(reactor->server->options.listen_fd, (struct sockaddr *)&from, &size,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            enter(reactor, fd, address_of(&from));
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return false;
        } else if (is_full(errno)) {
            if (made_room || !make_room(reactor)) {
                pause_accepting(reactor);
                return false;
            }
            made_room = true;
        } /* else the one that waited is gone again */
    }
    return true;
}

/* Who was in line already is served. */
void reactor_stop_listening(struct reactor *reactor)
{
    struct server *server = reactor->server;
    bool more = true;
    for (int i = 0; more && i < SERVER_BACKLOG / REACTOR_ACCEPTS_MAX; i++)
        more = reactor_accept(reactor);
    epoll_ctl(reactor->epoll_fd, EPOLL_CTL_DEL, server->options.listen_fd, NULL);
    close(server->options.listen_fd);
    server->options.listen_fd = -1;
    reactor->accept_us = 0;
}
