/* Handlers for tests of the server. */
#include "web/room.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/mem.h"
#include "web/later.h"
#include "web/outflow.h"

static enum err say(struct request *request, struct str words)
{
    buf_add(respond_body(request, "text/plain; charset=utf-8"), words);
    return ERR_OK;
}

static enum err show_fixed(struct request *request, const void *input)
{
    (void)input;
    return respond_fixed(request, "text/plain; charset=utf-8", STR("fixed\n"), STR("\"f1\""));
}

static enum err show_pid(struct request *request, const void *input)
{
    (void)input;
    buf_add_int(respond_body(request, "text/plain; charset=utf-8"), getpid());
    return ERR_OK;
}

static enum err show_small(struct request *request, const void *input)
{
    (void)input;
    return say(request, STR("small\n"));
}

static enum err show_large(struct request *request, const void *input)
{
    struct buf *body = respond_body(request, "application/octet-stream");
    (void)input;
    if (buf_reserve(body, ROOM_LARGE)) {
        for (size_t i = 0; i < ROOM_LARGE; i++)
            body->ptr[i] = (char)('a' + i % 23);
        body->len = ROOM_LARGE;
    }
    return ERR_OK;
}

static enum err show_slow(struct request *request, const void *input)
{
    struct test_room *room = request->room;
    (void)input;
    pthread_mutex_lock(&room->lock);
    room->waiting++;
    while (!room->open)
        pthread_cond_wait(&room->opened, &room->lock);
    room->waiting--;
    pthread_mutex_unlock(&room->lock);
    return say(request, STR("slow\n"));
}

/* Who waits for news. */
struct room_wait {
    struct later later;
    struct test_room *room;
    struct room_wait *next;
};

/* Under the lock. */
static bool take_out(struct test_room *room, struct room_wait *wait)
{
    struct room_wait **at = &room->waits;
    while (*at && *at != wait)
        at = &(*at)->next;
    if (!*at)
        return false;
    *at = wait->next;
    return true;
}

static void leave(struct later *later, bool gone)
{
    struct room_wait *wait = (struct room_wait *)later;
    struct test_room *room = wait->room;
    pthread_mutex_lock(&room->lock);
    take_out(room, wait);
    pthread_mutex_unlock(&room->lock);
    atomic_fetch_add(&room->gone, gone);
    mem_free(wait);
}

/* Under the lock. */
static bool wait_for_news(struct request *request, struct test_room *room)
{
    int64_t now_us = clock_tick_us(request->ctx->clock);
    int64_t until_us = (request->parked_us ? request->parked_us : now_us) +
                       ROOM_WAIT_MS * INT64_C(1000);
    struct room_wait *wait = now_us < until_us ? mem_alloc(sizeof *wait) : NULL;
    if (!wait)
        return false;
    *wait = (struct room_wait){.later = {.leave = leave}, .room = room, .next = room->waits};
    if (!later_answer(request, &wait->later, until_us)) {
        mem_free(wait);
        return false;
    }
    room->waits = wait;
    return true;
}

static enum err show_news(struct request *request, const void *input)
{
    struct test_room *room = request->room;
    (void)input;
    atomic_fetch_add(&room->rounds, 1);
    pthread_mutex_lock(&room->lock);
    bool news = room->news > 0, waits = !news && wait_for_news(request, room);
    room->news -= news;
    pthread_mutex_unlock(&room->lock);
    return waits ? ERR_OK : say(request, news ? STR("news\n") : STR("nothing\n"));
}

static enum err wait_and_fail(struct request *request, const void *input)
{
    struct test_room *room = request->room;
    (void)input;
    pthread_mutex_lock(&room->lock);
    wait_for_news(request, room);
    pthread_mutex_unlock(&room->lock);
    return err_fail(&request->ctx->err, ERR_INTERNAL, "This did not work.", "as it was to be");
}

void test_room_tell(struct test_room *room, int news)
{
    pthread_mutex_lock(&room->lock);
    room->news += news;
    for (; room->waits && news > 0; news--) {
        struct room_wait *wait = room->waits;
        room->waits = wait->next;
        later_wake(&wait->later);
    }
    pthread_mutex_unlock(&room->lock);
}

static enum err show_part(struct request *request, const void *input)
{
    (void)input;
    return say(request, request->parts[0]);
}

static enum err show_kept(struct request *request, const void *input)
{
    struct test_room *room = request->room;
    struct buf *body = respond_body(request, "text/html; charset=utf-8");
    (void)input;
    buf_addf(body, "<p>made %d</p>\n", ++room->made);
    return ERR_OK;
}

static enum err show_failure(struct request *request, const void *input)
{
    (void)input;
    buf_add(respond_body(request, "text/plain"), STR("half of it"));
    return err_fail(&request->ctx->err, ERR_INTERNAL, "This did not work.", "as it was to be");
}

static enum err listen_in(struct request *request, const void *input)
{
    struct test_room *room = request->room;
    (void)input;
    return respond_events(request, room->channel, 0);
}

static enum err echo(struct request *request, const void *input)
{
    (void)input;
    return say(request, request->body);
}

static enum err tell(struct request *request, const void *input)
{
    struct test_room *room = request->room;
    (void)input;
    TRY(events_publish(request->ctx, room->channel, STR("told"), request->body));
    return say(request, STR("told\n"));
}

static enum err count(struct request *request, const void *input)
{
    char bytes[16 << 10];
    int64_t all = 0;
    uint64_t sum = 0;
    size_t got;
    (void)input;
    do {
        TRY(request_read(request, bytes, sizeof bytes, &got));
        for (size_t i = 0; i < got; i++)
            sum = sum * 31 + (unsigned char)bytes[i];
        all += (int64_t)got;
    } while (got);
    buf_addf(respond_body(request, "text/plain"), "%lld bytes, %016llx\n", (long long)all,
             (unsigned long long)sum);
    return ERR_OK;
}

static enum err refuse(struct request *request, const void *input)
{
    (void)input;
    return err_fail(&request->ctx->err, ERR_FORBIDDEN, "This is not taken.", "as it was to be");
}

/* What flows: its bytes are those of their places. */
struct room_flow {
    struct outflow outflow;
    struct test_room *room;
    int fd;
    int64_t broken_at;
};

char test_room_byte(int64_t at)
{
    return (char)('a' + at % 23);
}

static enum err next_bytes(struct outflow *outflow, struct ctx *ctx, int64_t from,
                           struct outflow_piece *piece)
{
    struct room_flow *flow = (struct room_flow *)outflow;
    int64_t left = outflow->size - from;
    size_t len = left < ROOM_FLOW_PIECE ? (size_t)left : ROOM_FLOW_PIECE;
    atomic_fetch_add(&flow->room->pieces, 1);
    if (from >= flow->broken_at)
        return err_fail(&ctx->err, ERR_IO, "It broke.", "as it was to be");
    if (flow->fd >= 0) {
        *piece = (struct outflow_piece){.fd = flow->fd, .at = from, .len = len};
        return ERR_OK;
    }
    char *bytes = arena_bytes(ctx->arena, len);
    if (!bytes)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < len; i++)
        bytes[i] = test_room_byte(from + (int64_t)i);
    *piece = (struct outflow_piece){.bytes = str_make(bytes, len), .fd = -1};
    return ERR_OK;
}

static void flow_close(struct outflow *outflow)
{
    struct room_flow *flow = (struct room_flow *)outflow;
    atomic_fetch_sub(&flow->room->flows, 1);
    if (flow->fd >= 0)
        close(flow->fd);
    mem_free(flow);
}

static enum err open_flow(struct request *request, int fd, int64_t broken_at)
{
    struct room_flow *flow = mem_alloc(sizeof *flow);
    if (!flow)
        return err_memory(&request->ctx->err);
    *flow = (struct room_flow){
        .outflow = {.size = ROOM_FLOW, .next = next_bytes, .close = flow_close},
        .room = request->room,
        .fd = fd,
        .broken_at = broken_at};
    atomic_fetch_add(&flow->room->flows, 1);
    return respond_outflow(request, "application/octet-stream", STR("\"o1\""), &flow->outflow);
}

static enum err show_flow(struct request *request, const void *input)
{
    (void)input;
    return open_flow(request, -1, INT64_MAX);
}

static enum err show_breaking(struct request *request, const void *input)
{
    (void)input;
    return open_flow(request, -1, ROOM_FLOW / 2);
}

static enum err show_file(struct request *request, const void *input)
{
    char *bytes = arena_bytes(request->ctx->arena, ROOM_FLOW_PIECE); /* stacks are small */
    int fd = bytes ? open("/tmp", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600) : -1;
    (void)input;
    for (int64_t at = 0; fd >= 0 && at < ROOM_FLOW; at += ROOM_FLOW_PIECE) {
        for (size_t i = 0; i < ROOM_FLOW_PIECE; i++)
            bytes[i] = test_room_byte(at + (int64_t)i);
        if (pwrite(fd, bytes, ROOM_FLOW_PIECE, at) != ROOM_FLOW_PIECE)
            return err_system(&request->ctx->err, "It broke.", "writing a file");
    }
    return fd < 0 ? err_system(&request->ctx->err, "It broke.", "making a file")
                  : open_flow(request, fd, INT64_MAX);
}

static const struct route_field none[] = {{.name = NULL}};

#define ROOM_ROUTE(verb, where, does, ...)                                                     \
    {                                                                                          \
        .method = HTTP_##verb, .path = where, .name = #does, .handler = does,                  \
        .permission = "anyone", .answers = "page", .summary = "Is for tests.", .fields = none, \
        __VA_ARGS__                                                                            \
    }

static const struct route routes[] = {
    ROOM_ROUTE(GET, "/fixed", show_fixed, .flags = ROUTE_INLINE),
    ROOM_ROUTE(GET, "/pid", show_pid, .flags = ROUTE_INLINE),
    ROOM_ROUTE(GET, "/small", show_small, .flags = 0),
    ROOM_ROUTE(GET, "/large", show_large, .flags = 0),
    ROOM_ROUTE(GET, "/slow", show_slow, .flags = 0),
    ROOM_ROUTE(GET, "/wait", show_news, .flags = 0),
    ROOM_ROUTE(GET, "/wait-and-fail", wait_and_fail, .flags = 0),
    ROOM_ROUTE(GET, "/flow", show_flow, .flags = 0),
    ROOM_ROUTE(GET, "/file", show_file, .flags = 0),
    ROOM_ROUTE(GET, "/breaks", show_breaking, .flags = 0),
    ROOM_ROUTE(GET, "/part/{name}", show_part, .flags = 0),
    ROOM_ROUTE(GET, "/kept", show_kept, .cache_s = 60),
    ROOM_ROUTE(GET, "/fails", show_failure, .flags = 0),
    ROOM_ROUTE(GET, "/health", show_fixed, .flags = ROUTE_LANE),
    ROOM_ROUTE(GET, "/listen", listen_in, .flags = 0),
    ROOM_ROUTE(POST, "/echo", echo, .body_max = ROOM_ECHO_MAX),
    ROOM_ROUTE(POST, "/tell", tell, .body_max = EVENT_SIZE_MAX),
    ROOM_ROUTE(POST, "/count", count, .flags = ROUTE_STREAM, .body_max = 1 << 30),
    ROOM_ROUTE(POST, "/refuse", refuse, .flags = ROUTE_STREAM, .body_max = 1 << 30),
    {.method = HTTP_GET,
     .path = "/secret",
     .name = "show_secret",
     .handler = show_fixed,
     .permission = "secrets.read",
     .answers = "page",
     .summary = "Is for tests.",
     .fields = none},
    {.name = NULL},
};

void test_room_init(struct test_room *room)
{
    *room = (struct test_room){.routes = {{"room", routes, room, NULL}, {NULL, NULL, NULL, NULL}}};
    pthread_mutex_init(&room->lock, NULL);
    pthread_cond_init(&room->opened, NULL);
}

void test_room_open(struct test_room *room, struct server *server)
{
    room->channel = events_channel(server_events(server), STR("room"));
}

void test_room_gate(struct test_room *room, bool open)
{
    pthread_mutex_lock(&room->lock);
    room->open = open;
    pthread_cond_broadcast(&room->opened);
    pthread_mutex_unlock(&room->lock);
}
