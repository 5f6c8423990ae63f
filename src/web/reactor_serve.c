/* What the reactor does with a connection: receives, answers or hands over, sends the rest. */
#include <errno.h>
#include <sys/socket.h>

#include "web/later_inside.h"
#include "web/reactor_inside.h"

/* ON: there is more to do at once. WAIT: an event or a deadline goes on. GONE: closed, or lent. */
enum step { STEP_ON, STEP_WAIT, STEP_GONE };

void reactor_wait(struct reactor *reactor, struct connection *connection,
                  enum connection_phase phase, int64_t limit_ms)
{
    connection->phase = (uint8_t)phase;
    connection_wait(&reactor->server->connections, connection, reactor->now_us + limit_ms * MS_US);
}

void reactor_drop(struct reactor *reactor, struct connection *connection)
{
    struct server *server = reactor->server;
    if (connection->queued) { /* its turn comes, and is its last */
        connection->ending = true;
        connection->lingers = false;
        return;
    }
    later_end(server, connection, true);
    if (atomic_load(&connection->called)) { /* the same */
        connection->ending = true;
        connection->lingers = false;
        return;
    }
    events_leave(server->events, connection);
    connections_close(&server->connections, connection);
    counter_add(&server->counts.connections, -1);
}

static enum step drop(struct reactor *reactor, struct connection *connection)
{
    reactor_drop(reactor, connection);
    return STEP_GONE;
}

void reactor_wait_for_reader(struct reactor *reactor, struct connection *connection)
{
    connection->owed = connection_owed(connection);
    reactor_wait(reactor, connection, PHASE_SEND, SERVER_SEND_MS);
}

/* The largest request that waits for its rest, of equals the one that has waited for longest. */
static struct connection *largest_waiting(struct connections *all)
{
    struct connection *largest = NULL;
    for (uint32_t i = 0; i < all->used; i++) {
        struct connection *connection = &all->list[i];
        if (connection_is_lent(connection) || connection->queued || !connection->intake ||
            (connection->phase != PHASE_HEAD && connection->phase != PHASE_BODY))
            continue;
        if (!largest || connection->intake->size > largest->intake->size ||
            (connection->intake->size == largest->intake->size &&
             all->deadlines_us[i] < all->deadlines_us[connection_index(all, largest)]))
            largest = connection;
    }
    return largest;
}

/* Room for what came in. Where all of it is taken by requests that wait for their rest, the largest
 * of them gives way: who sends slowly is not to keep others out. */
static struct intake *take(struct reactor *reactor, const struct connection *for_whom, size_t size)
{
    struct connections *all = &reactor->server->connections;
    struct intake *intake;
    while (!(intake = intake_take(&all->intakes, size))) {
        struct connection *largest = largest_waiting(all);
        if (!largest || largest == for_whom || largest->intake->size < size)
            return NULL;
        server_refused(reactor->server, REFUSED_MEMORY);
        reactor_say_busy(largest);
        reactor_drop(reactor, largest);
    }
    return intake;
}

/* Receives without waiting. 0 at the end, -1 where there is nothing now, -2 where it broke. */
static ssize_t receive(struct connection *connection, char *bytes, size_t room)
{
    if (!connection->readable)
        return -1;
    ssize_t count = recv(connection->fd, bytes, room, MSG_DONTWAIT);
    if (count < 0 && errno == EINTR)
        return -1; /* still readable: its turn comes again */
    if (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
        return -2;
    if (count < (ssize_t)room) /* the socket is empty: more of it is a new event */
        connection->readable = count > 0 && connection->hung_up;
    return count;
}

/* After an answer. */
static enum step step_end(struct reactor *reactor, struct connection *connection)
{
    if (!connection->lingers || shutdown(connection->fd, SHUT_WR) < 0)
        return drop(reactor, connection);
    reactor_wait(reactor, connection, PHASE_LINGER, REACTOR_LINGER_MS);
    connection->readable = true;
    return STEP_ON;
}

/* Reads and forgets, so that closing does not destroy an answer on its way; of a listener, to see
 * that it left. */
static enum step step_forget(struct reactor *reactor, struct connection *connection)
{
    ssize_t count = receive(connection, reactor->spare->bytes, reactor->spare->size);
    if (count == -1)
        return connection->readable ? STEP_ON : STEP_WAIT;
    connection->dropped += count > 0 ? (size_t)count : 0;
    if (count <= 0 || connection->dropped > REACTOR_LINGER_MAX)
        return drop(reactor, connection);
    return STEP_ON;
}

/* The phase, and what was owed as of when, stay: the reader is looked after all the same. */
static enum step lend_to_sender(struct reactor *reactor, struct connection *connection)
{
    connection_lend(connection);
    if (lane_add(&reactor->server->lanes[LANE_SEND], connection))
        return STEP_GONE;
    connection_take_back(connection);
    return drop(reactor, connection);
}

static enum step step_send(struct reactor *reactor, struct connection *connection)
{
    struct connections *all = &reactor->server->connections;
    if (connection_flows(connection))
        return lend_to_sender(reactor, connection);
    enum sent sent = connection_send_rest(all, connection);
    if (sent == SENT_FAILED)
        return drop(reactor, connection);
    if (sent == SENT_ALL)
        reactor_wait(reactor, connection, PHASE_IDLE, SERVER_IDLE_MS);
    return sent == SENT_ALL ? STEP_ON : STEP_WAIT;
}

static enum step step_listen(struct reactor *reactor, struct connection *connection)
{
    struct events *events = reactor->server->events;
    if (atomic_load_explicit(&reactor->server->draining, memory_order_relaxed))
        return drop(reactor, connection);
    if (connection->phase != PHASE_LISTEN && !events_join(events, connection))
        return drop(reactor, connection);
    return connection->output ? STEP_WAIT : step_forget(reactor, connection);
}

/* Sends what the reactor's desk has made. */
static enum step answer(struct reactor *reactor, enum err err)
{
    exchange_send(&reactor->desk, err);
    return exchange_settle(&reactor->desk) ? STEP_WAIT : STEP_ON;
}

static enum step refuse(struct reactor *reactor, struct connection *connection,
                        struct intake *intake, int status, enum err code, const char *words)
{
    intake->begun_us = reactor->now_us;
    exchange_begin(&reactor->desk, connection, intake);
    return answer(reactor, exchange_refuse(&reactor->desk, status, code, words));
}

static enum step refuse_memory(struct reactor *reactor, struct connection *connection,
                               struct intake *intake)
{
    server_refused(reactor->server, REFUSED_MEMORY);
    return refuse(reactor, connection, intake, 503, ERR_BUSY,
                  "There is too much to do. Please try again.");
}

/* What was received into the spare one and is to stay becomes the connection's, in its size. False
 * where there is no room for it. */
static bool keep(struct reactor *reactor, struct connection *connection)
{
    struct intake *spare = reactor->spare;
    if (spare->len == 0)
        return true;
    size_t size = 2 * spare->len > INTAKE_SIZE_MIN ? 2 * spare->len : INTAKE_SIZE_MIN;
    struct intake *kept = take(reactor, connection, 2 * size < INTAKE_SIZE ? size : INTAKE_SIZE);
    if (!kept)
        return false;
    intake_copy(kept, spare);
    intake_clear(spare);
    connection->intake = kept;
    return true;
}

/* Room for the rest: of a head, of a body whose length is known, or twice as much. */
static struct intake *grow(struct reactor *reactor, struct connection *connection,
                           struct intake *intake)
{
    size_t size = 2 * intake->size > INTAKE_SIZE ? 2 * intake->size : INTAKE_SIZE;
    size_t whole = intake->head.len + (size_t)intake->head.body_len;
    if (intake->has_head && !intake->head.chunked && whole > intake->size && whole < size)
        size = whole;
    struct intake *grown = take(reactor, connection, size);
    if (!grown)
        return NULL;
    intake_copy(grown, intake);
    if (intake == reactor->spare)
        intake_clear(intake);
    else
        intake_give(&reactor->server->connections.intakes, intake);
    connection->intake = grown;
    return grown;
}

/* Nothing came that makes the request whole: it waits for more, or for its end. */
static enum step wait_for_more(struct reactor *reactor, struct connection *connection,
                               struct intake *intake)
{
    if (connection->readable)
        return STEP_ON;
    if (intake->len == 0)
        return STEP_WAIT;
    enum connection_phase phase = intake->has_head ? PHASE_BODY : PHASE_HEAD;
    if (connection->phase != phase)
        reactor_wait(reactor, connection, phase,
                     phase == PHASE_BODY ? SERVER_BODY_MS : SERVER_HEAD_MS);
    return STEP_WAIT;
}

static enum step step_receive(struct reactor *reactor, struct connection *connection,
                              struct intake *intake)
{
    struct intake *roomy = intake_is_full(intake) ? grow(reactor, connection, intake) : intake;
    if (!roomy)
        return refuse_memory(reactor, connection, intake);
    intake = roomy;
    ssize_t count = receive(connection, intake->bytes + intake->len, intake->size - intake->len);
    if (count == -1)
        return wait_for_more(reactor, connection, intake);
    if (count <= 0)
        return drop(reactor, connection);
    intake->len += (size_t)count;
    return STEP_ON;
}

static enum lane_kind lane_of(const struct route *route)
{
    if (route->flags & ROUTE_STREAM)
        return LANE_STREAM;
    return route->flags & ROUTE_LANE ? LANE_RESERVED : LANE_NORMAL;
}

/* Nothing here may be touched once a worker has it. */
static enum step hand_over(struct reactor *reactor, struct connection *connection,
                           struct intake *intake)
{
    struct server *server = reactor->server;
    if (intake == reactor->spare) {
        struct intake *next = take(reactor, connection, INTAKE_SIZE);
        if (!next)
            return refuse_memory(reactor, connection, intake);
        reactor->spare = next;
    }
    connection->intake = intake;
    connection->phase = PHASE_WORK;
    connection_wait(&server->connections, connection, CONNECTION_NEVER);
    connection_lend(connection);
    if (lane_add(&server->lanes[lane_of(intake->route)], connection))
        return STEP_GONE;
    connection_take_back(connection);
    server_refused(server, REFUSED_QUEUE);
    return answer(reactor,
                  err_fail(&reactor->desk.ctx.err, ERR_BUSY,
                           "There is too much to do. Please try again.", "the lane is full"));
}

/* The kept page, where there is one; else it is to be made. NULL where it is not one to be kept. */
static const struct kept_page *find_page(struct reactor *reactor, struct intake *intake)
{
    struct desk *desk = &reactor->desk;
    const struct kept_page *page;
    struct buf key;
    bool render;
    if (!response_is_shared(&desk->request))
        return NULL;
    buf_init(&key, &desk->arena, RESPONSE_KEY_MAX);
    response_key(&desk->request, &key);
    if (buf_err(&key))
        return NULL;
    page = page_cache_find(reactor->server->pages, buf_str(&key), reactor->now_us, &render);
    intake->keeps_page = render;
    if (!page || !render)
        return page;
    page_cache_done(reactor->server->pages, page);
    return NULL;
}

/* What can be had without waiting costs no worker. False: it is to be done as all else. */
static bool answer_quickly(struct reactor *reactor, struct connection *connection,
                           struct intake *intake)
{
    struct desk *desk = &reactor->desk;
    desk->ctx.never_waits = true;
    enum err err = exchange_run(desk);
    if (err != ERR_BUSY) {
        exchange_send(desk, err);
        return true;
    }
    exchange_begin(desk, connection, intake);
    return false;
}

/* The desk has the request, and its route. */
static enum step step_whole(struct reactor *reactor, struct connection *connection,
                            struct intake *intake)
{
    struct desk *desk = &reactor->desk;
    const struct kept_page *page = find_page(reactor, intake);
    if (page) {
        exchange_send_page(desk, page);
        return exchange_settle(desk) ? STEP_WAIT : STEP_ON;
    }
    if (intake->route->flags & ROUTE_INLINE)
        return answer(reactor, exchange_run(desk));
    if ((intake->route->flags & ROUTE_QUICK) && answer_quickly(reactor, connection, intake))
        return exchange_settle(desk) ? STEP_WAIT : STEP_ON;
    return hand_over(reactor, connection, intake);
}

/* A body that is waited for is asked for. */
static enum step step_body(struct reactor *reactor, struct connection *connection,
                           struct intake *intake)
{
    enum intake_state state = intake_read(intake);
    if (state == INTAKE_BAD)
        return answer(reactor,
                      exchange_refuse(&reactor->desk, intake->status, ERR_INPUT, intake->reason));
    if (state == INTAKE_WHOLE) {
        struct desk *desk = &reactor->desk;
        desk->request.body = intake_body(intake);
        intake->begun_us = reactor->now_us;
        desk->ctx.deadline_us = reactor->now_us + SERVER_REQUEST_MS * MS_US;
        return step_whole(reactor, connection, intake);
    }
    if (intake->head.expects_continue && intake->len == intake->head.len && !intake->continued) {
        intake->continued = true;
        if (!connection_say(connection, STR("HTTP/1.1 100 Continue\r\n\r\n")))
            return drop(reactor, connection);
    }
    return step_receive(reactor, connection, intake);
}

/* A body that is there already does not end the connection, unless it cannot be read. */
static enum step step_without_route(struct reactor *reactor, struct intake *intake, enum err err)
{
    struct desk *desk = &reactor->desk;
    if (intake_read(intake) == INTAKE_BAD && intake->status == 400)
        err = exchange_refuse(desk, intake->status, ERR_INPUT, intake->reason);
    return answer(reactor, err);
}

static enum step step_head(struct reactor *reactor, struct connection *connection,
                           struct intake *intake)
{
    struct desk *desk = &reactor->desk;
    connection->requests++;
    intake->begun_us = reactor->now_us;
    exchange_begin(desk, connection, intake);
    enum err err = exchange_find(desk);
    intake->route = desk->request.route;
    if (err || !intake->route)
        return step_without_route(reactor, intake, err);
    return step_body(reactor, connection, intake);
}

static enum step step_request(struct reactor *reactor, struct connection *connection)
{
    struct intake *intake = connection->intake ? connection->intake : reactor->spare;
    if (intake->has_head) { /* its body was waited for */
        struct desk *desk = &reactor->desk;
        exchange_begin(desk, connection, intake);
        enum err err = exchange_find(desk);
        return err ? answer(reactor, err) : step_body(reactor, connection, intake);
    }
    switch (intake_read(intake)) {
    case INTAKE_MORE:
        return step_receive(reactor, connection, intake);
    case INTAKE_HEAD:
        return step_head(reactor, connection, intake);
    case INTAKE_WHOLE:
    case INTAKE_BAD:
        break;
    }
    return refuse(reactor, connection, intake, intake->status, ERR_INPUT, intake->reason);
}

static enum step step_parked(struct reactor *reactor, struct connection *connection)
{
    switch (later_look(reactor, connection)) {
    case LATER_WAITS:
        return STEP_WAIT;
    case LATER_GONE:
        return drop(reactor, connection);
    case LATER_DUE:
        break;
    }
    return step_request(reactor, connection);
}

static enum step step(struct reactor *reactor, struct connection *connection)
{
    if (connection->output)
        return step_send(reactor, connection);
    if (connection->phase == PHASE_LINGER)
        return step_forget(reactor, connection);
    if (connection->ending)
        return step_end(reactor, connection);
    if (connection->channel)
        return step_listen(reactor, connection);
    if (connection->later)
        return step_parked(reactor, connection);
    return step_request(reactor, connection);
}

/* What came cannot stay: it is refused, and where an answer is still on its way, dropped. */
static enum step forget(struct reactor *reactor, struct connection *connection)
{
    struct intake *spare = reactor->spare;
    if (!connection->output)
        return refuse_memory(reactor, connection, spare);
    server_refused(reactor->server, REFUSED_MEMORY);
    connection->ending = true;
    intake_clear(spare);
    return STEP_WAIT;
}

void reactor_serve(struct reactor *reactor, struct connection *connection)
{
    enum step last = STEP_ON;
    for (int i = 0; last == STEP_ON && i < REACTOR_STEPS_MAX; i++)
        last = step(reactor, connection);
    if (last == STEP_GONE) {
        intake_clear(reactor->spare);
        return;
    }
    if (!keep(reactor, connection))
        last = forget(reactor, connection);
    if (last == STEP_ON) {
        connection->queued = true;
        connection->next = reactor->again;
        reactor->again = connection;
    }
}

void reactor_give_up(struct reactor *reactor, struct connection *connection)
{
    refuse(reactor, connection, connection->intake, 408, ERR_TIMEOUT,
           "The request took too long to come.");
    reactor_serve(reactor, connection);
}
