/* Sends an answer, and leaves its connection as it is to go on. */
#include "web/exchange.h"

#include "base/log.h"
#include "web/server_inside.h"

static void allow(struct request *request, unsigned methods)
{
    struct buf list;
    buf_init(&list, request->ctx->arena, RESPONSE_HEADERS_MAX);
    for (unsigned method = 0; method < HTTP_METHOD_COUNT; method++)
        if (methods & 1U << method)
            buf_addf(&list, "%s%s", list.len ? ", " : "", http_method_name(method));
    respond_header(request, "Allow", buf_str(&list));
}

/* A request whose body was not read leaves bytes on the way that nobody could tell from the next
 * request; a server that drains takes no next one. */
static void settle_end(struct desk *desk)
{
    struct connection *connection = desk->connection;
    struct request *request = &desk->request;
    bool asked_for = !request->head->keep_alive;
    const struct intake *intake = desk->intake;
    bool whole = intake->has_body;
    request->response.close |= asked_for || !whole || connection->ending ||
                               connection->requests >= SERVER_REQUESTS_EACH_MAX ||
                               atomic_load_explicit(&desk->server->draining, memory_order_relaxed);
    connection->ending = request->response.close;
    connection->lingers = connection->ending &&
                          (!asked_for || !whole || !intake->has_head || intake->len > intake->used);
}

static void break_off(struct connection *connection)
{
    connection->ending = true;
    connection->lingers = false;
}

/* What failed is logged where it is ours: of a reader who left nothing is recorded. */
static enum sent note(const struct ctx *ctx, enum sent sent)
{
    if (sent == SENT_FAILED && ctx->err.code)
        log_failure(ctx, "answer broke off");
    return sent;
}

static enum sent send_parts(struct desk *desk, const struct answer *answer)
{
    struct connections *all = &desk->server->connections;
    struct request *request = &desk->request;
    const struct response *response = &request->response;
    struct outflow *outflow = request->outflow;
    request->outflow = NULL;
    if (response->outflow && response->from < response->to) {
        const struct outflow_way flow = {outflow, response->from, response->to};
        err_clear(&desk->ctx.err);
        return note(&desk->ctx,
                    connection_flow(all, desk->connection, &desk->ctx, answer->head, flow));
    }
    if (outflow)
        outflow->close(outflow);
    return connection_send(all, desk->connection, answer);
}

static void send_answer(struct desk *desk, struct answer *answer)
{
    struct server *server = desk->server;
    struct connection *connection = desk->connection;
    int status = desk->request.response.status;
    counter_add(&server->counts.statuses[status / 100], 1);
    desk->sent = send_parts(desk, answer);
    if (desk->sent == SENT_NO_ROOM)
        server_refused(server, REFUSED_MEMORY);
    if (desk->sent == SENT_FAILED || desk->sent == SENT_NO_ROOM) {
        break_off(connection);
    } else if (desk->request.response.events && desk->request.head->method != HTTP_HEAD) {
        connection->ending = false;
        connection->channel = desk->request.response.events;
        connection->event_next = desk->request.response.events_after;
    }
}

/* A page that others may be given too. */
static void keep_page(struct desk *desk)
{
    struct buf key;
    if (!desk->intake->keeps_page || !response_is_shared(&desk->request))
        return;
    buf_init(&key, &desk->arena, RESPONSE_KEY_MAX);
    response_key(&desk->request, &key);
    if (buf_err(&key) == ERR_OK)
        response_keep(&desk->request, desk->server->pages, buf_str(&key), desk->drops);
}

void exchange_send(struct desk *desk, enum err err)
{
    struct request *request = &desk->request;
    struct response *response = &request->response;
    struct buf head;
    buf_init_fixed(&head, desk->head, sizeof desk->head);
    response_finish(request, err, &desk->errors, desk->server->options.show_error);
    if (desk->methods && (response->status == 405 || request->head->method == HTTP_OPTIONS))
        allow(request, desk->methods);
    if (desk->server->options.tells_timing)
        measure_tell(request, clock_tick_us(desk->ctx.clock) - desk->intake->begun_us);
    keep_page(desk);
    settle_end(desk);
    response_head(request, &head);
    struct answer answer = {.body = response->bytes,
                            .fixed = !response->body.len && !response->events};
    if (answer.body.len <= EXCHANGE_SMALL_MAX) { /* the copy is cheaper than a second piece */
        buf_add(&head, answer.body);
        answer = (struct answer){0};
    }
    answer.head = buf_str(&head);
    send_answer(desk, &answer);
}

void exchange_send_page(struct desk *desk, const struct kept_page *page)
{
    struct buf head;
    buf_init_fixed(&head, desk->head, sizeof desk->head);
    settle_end(desk);
    response_kept(&desk->request, page, &head);
    struct answer answer = {
        .head = buf_str(&head), .body = desk->request.response.bytes, .fixed = true, .page = page};
    send_answer(desk, &answer);
}

/* True where something came behind the request, which then stays. */
static bool settle_intake(struct desk *desk)
{
    struct connection *connection = desk->connection;
    struct intake *intake = desk->intake;
    if (connection->ending || connection->channel)
        intake->used = intake->len;
    if (intake_next(intake))
        return true;
    if (intake == connection->intake) {
        connection->intake = NULL;
        intake_give(&desk->server->connections.intakes, intake);
    }
    return false;
}

bool exchange_settle(struct desk *desk)
{
    struct server *server = desk->server;
    struct connection *connection = desk->connection;
    int64_t now_us = clock_tick_us(server->clock);
    measure_answer(&server->measure, &desk->request, now_us - desk->intake->begun_us);
    bool more = settle_intake(desk), sends = connection->output != NULL;
    connection->phase = sends ? PHASE_SEND : PHASE_IDLE;
    connection->owed = sends ? connection_owed(connection) : 0;
    connection_wait(&server->connections, connection,
                    now_us + (sends ? SERVER_SEND_MS : SERVER_IDLE_MS) * MS_US);
    if (sends)
        return desk->sent == SENT_SOME;
    return !(more || connection->ending || connection->readable || connection->channel);
}

bool exchange_flow(struct desk *desk, struct connection *connection)
{
    struct server *server = desk->server;
    int64_t now_us = clock_tick_us(server->clock);
    arena_clear(&desk->arena);
    desk->ctx = (struct ctx){.arena = &desk->arena,
                             .clock = server->clock,
                             .rand = &desk->rand,
                             .log = server->log,
                             .deadline_us = now_us + SERVER_REQUEST_MS * MS_US};
    enum sent sent = note(&desk->ctx,
                          connection_flow_rest(&server->connections, connection, &desk->ctx));
    if (sent == SENT_FAILED)
        break_off(connection);
    if (!connection->output) {
        connection->phase = PHASE_IDLE;
        connection_wait(&server->connections, connection, now_us + SERVER_IDLE_MS * MS_US);
    }
    return sent == SENT_SOME;
}
