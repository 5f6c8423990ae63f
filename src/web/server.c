/* Puts the server together, and takes it apart. */
#include "web/server.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/log.h"
#include "base/mem.h"
#include "web/later_inside.h"
#include "web/server_inside.h"

enum { SERVER_MEMORY_MAX = 16 << 20 }; /* the router's index, above all */

static const struct {
    const char *name, *help;
} status_counters[] = {
    [2] = {"web_responses_2xx_total", "Answers that gave what was asked for."},
    [3] = {"web_responses_3xx_total", "Answers that led elsewhere, or to what is known already."},
    [4] = {"web_responses_4xx_total", "Answers to what could not be taken."},
    [5] = {"web_responses_5xx_total", "Answers that told a failure of ours."},
};

static const struct {
    const char *name, *help;
} refusal_counters[REFUSED_COUNT] = {
    [REFUSED_QUEUE] = {"web_refused_queue_total", "Requests turned away: too many waited."},
    [REFUSED_LATE] = {"web_refused_late_total", "Requests that waited until their deadline."},
    [REFUSED_CONNECTIONS] = {"web_refused_connections_total",
                             "Times that there was no room for a connection."},
    [REFUSED_ADDRESS] = {"web_refused_address_total",
                         "Connections turned away: too many of one address."},
    [REFUSED_MEMORY] = {"web_refused_memory_total",
                        "Requests turned away: no room for what came in."},
};

static void count(struct server_counts *counts, struct counter_registry *counters)
{
    counter_register(counters, &counts->connections, COUNTER_LEVEL, "web_connections",
                     "Connections that are open.");
    counter_register(counters, &counts->accepted, COUNTER_TOTAL, "web_connections_total",
                     "Connections that were accepted.");
    counter_register(counters, &counts->queued, COUNTER_LEVEL, "web_queued",
                     "Requests that wait for a worker.");
    counter_register(counters, &counts->parked, COUNTER_LEVEL, "web_parked",
                     "Requests that are answered later.");
    for (size_t i = 2; i < sizeof status_counters / sizeof *status_counters; i++)
        counter_register(counters, &counts->statuses[i], COUNTER_TOTAL, status_counters[i].name,
                         status_counters[i].help);
    for (size_t i = 0; i < REFUSED_COUNT; i++)
        counter_register(counters, &counts->refused[i], COUNTER_TOTAL, refusal_counters[i].name,
                         refusal_counters[i].help);
}

/* Another process may have the same socket: who is too late to accept must not wait there. */
static enum err settle_listener(struct ctx *ctx, int fd)
{
    int flags = fcntl(fd, F_GETFL);
    if (flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0)
        return ERR_OK;
    return err_system(&ctx->err, "The server cannot be started.", "the listening socket");
}

static uint32_t connections_max(const struct server *server)
{
    int most = server->options.connections_max;
    return most > 0 && most < SERVER_CONNECTIONS_MAX ? (uint32_t)most : SERVER_CONNECTIONS_MAX;
}

static enum err open_parts(struct server *server, struct ctx *ctx)
{
    struct ctx lasting = *ctx;
    lasting.arena = &server->arena;
    enum err err = router_open(&lasting, server->options.rooms, &server->router);
    if (!err)
        err = measure_open(&server->measure, &lasting, server->options.rooms);
    if (err) {
        ctx->err = lasting.err;
        return err;
    }
    TRY(settle_listener(ctx, server->options.listen_fd));
    TRY(page_cache_open(ctx, PAGE_CACHE_MAX, &server->pages));
    TRY(connections_init(ctx, &server->connections, server->pages, connections_max(server)));
    TRY(events_open(ctx, server, &server->events));
    TRY(reactor_open(&server->reactor, ctx, server));
    for (enum lane_kind kind = 0; kind < LANE_COUNT; kind++)
        TRY(lane_open(&server->lanes[kind], ctx, kind));
    return ERR_OK;
}

/* What every part's closing finds before the part was opened. */
static void prepare(struct server *server)
{
    server->reactor = (struct reactor){.server = server, .epoll_fd = -1, .wake_fd = -1};
    server->pulse.fd = server->options.pulse_fd;
    arena_init(&server->arena, SERVER_MEMORY_MAX);
    connections_prepare(&server->connections);
    for (enum lane_kind kind = 0; kind < LANE_COUNT; kind++)
        lane_prepare(&server->lanes[kind], server, kind);
}

enum err server_open(struct ctx *ctx, const struct server_options *options, struct server **opened)
{
    struct server *server = mem_alloc(sizeof *server);
    if (!server)
        return err_memory(&ctx->err);
    server->options = *options;
    server->clock = ctx->clock;
    server->ids = ctx->ids;
    server->log = ctx->log;
    prepare(server);
    enum err err = open_parts(server, ctx);
    if (err) {
        server->options.listen_fd = -1; /* stays the caller's */
        server_close(server);
        return err;
    }
    if (options->counters) {
        count(&server->counts, options->counters);
        measure_register(&server->measure, options->counters);
    }
    *opened = server;
    return ERR_OK;
}

bool server_is_draining(const struct server *server)
{
    return atomic_load_explicit(&server->draining, memory_order_relaxed);
}

struct events *server_events(struct server *server)
{
    return server->events;
}

enum err server_run(struct server *server, struct ctx *ctx)
{
    bool busy = false;
    log_info(ctx, "server serves");
    server->reactor.now_us = clock_tick_us(server->clock);
    while (reactor_turn(&server->reactor, &busy))
        ;
    log_info(ctx, "server ends", field_int("connections", server->connections.count));
    return ERR_OK;
}

void server_drain(struct server *server)
{
    atomic_store(&server->draining, true);
    reactor_wake(&server->reactor);
}

/* Workers end first: they use everything else. */
void server_close(struct server *server)
{
    for (enum lane_kind kind = 0; kind < LANE_COUNT; kind++)
        lane_close(&server->lanes[kind]);
    later_end_all(server);
    if (server->events)
        events_end(server->events);
    reactor_close(&server->reactor);
    connections_release(&server->connections);
    events_close(server->events);
    if (server->pages)
        page_cache_close(server->pages);
    arena_release(&server->arena);
    if (server->options.listen_fd >= 0)
        close(server->options.listen_fd);
    mem_free(server);
}
