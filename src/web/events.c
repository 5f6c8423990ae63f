/* Channels of events: told from any thread, sent by the reactor. */
#include "web/events.h"

#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "web/events_inside.h"
#include "web/reactor_inside.h"

enum {
    EVENT_FRAME_MAX = 64,                                  /* what stands around name and data */
    EVENTS_PIECE = 2 * (EVENT_SIZE_MAX + EVENT_FRAME_MAX), /* is sent at once */
    EVENTS_WALK_MAX = 64,      /* listeners that are told before others go on */
    EVENTS_RETRY_MIN_MS = 500, /* for who comes back; so that all do not come at once */
    EVENTS_RETRY_SPREAD_MS = 2500,
};

struct event {
    size_t len;
    char bytes[];
};

struct channel {
    struct events *events;
    char name[CHANNEL_NAME_MAX];
    pthread_mutex_t lock;
    int64_t first, next;              /* the numbers of the oldest kept, and of the next to come */
    struct event *ring[CHANNEL_KEPT]; /* by number; from `first` to `next` under the lock */
    _Atomic int64_t told;             /* `next`, for who does not want the lock */

    uint32_t listeners; /* the first one; the reactor's, as is all below */
    uint32_t cursor;    /* whom to tell next; CONNECTION_NONE: nobody */
    int64_t walked;     /* what `told` was when the last walk began */
};

enum { BEAT_MS = EVENTS_BEAT_S * 1000 };

struct events {
    struct server *server;
    pthread_mutex_t lock;
    _Atomic size_t count;
    struct channel *channels[CHANNELS_MAX];
};

enum err events_open(struct ctx *ctx, struct server *server, struct events **opened)
{
    struct events *events = mem_alloc(sizeof *events);
    if (!events)
        return err_memory(&ctx->err);
    events->server = server;
    pthread_mutex_init(&events->lock, NULL);
    *opened = events;
    return ERR_OK;
}

static void channel_free(struct channel *channel)
{
    for (int i = 0; i < CHANNEL_KEPT; i++)
        mem_free(channel->ring[i]);
    pthread_mutex_destroy(&channel->lock);
    mem_free(channel);
}

void events_close(struct events *events)
{
    if (!events)
        return;
    for (size_t i = 0; i < events->count; i++)
        channel_free(events->channels[i]);
    pthread_mutex_destroy(&events->lock);
    mem_free(events);
}

/* Numbers go on from the time, so that those of an earlier run are never taken for ours. */
static struct channel *channel_make(struct events *events, struct str name)
{
    struct channel *channel = mem_alloc(sizeof *channel);
    if (!channel)
        return NULL;
    memcpy(channel->name, name.ptr, name.len);
    pthread_mutex_init(&channel->lock, NULL);
    channel->events = events;
    channel->first = channel->next = clock_now_us(events->server->clock);
    channel->told = channel->walked = channel->next;
    channel->listeners = channel->cursor = CONNECTION_NONE;
    return channel;
}

struct channel *events_channel(struct events *events, struct str name)
{
    ASSERT(name.len > 0 && name.len < CHANNEL_NAME_MAX);
    struct channel *found = NULL;
    pthread_mutex_lock(&events->lock);
    size_t count = events->count;
    for (size_t i = 0; i < count && !found; i++)
        if (str_equal(str_from(events->channels[i]->name), name))
            found = events->channels[i];
    if (!found && count < CHANNELS_MAX) {
        found = channel_make(events, name);
        events->channels[count] = found;
        atomic_store(&events->count, count + (found != NULL));
    }
    pthread_mutex_unlock(&events->lock);
    return found;
}

/* Telling. */

static struct event **place(struct channel *channel, int64_t number)
{
    return &channel->ring[number % CHANNEL_KEPT];
}

int64_t events_last(const struct channel *channel)
{
    return channel ? atomic_load(&channel->told) - 1 : 0;
}

/* Puts it in the ring, its number written into it, and returns what it took the place of. */
static struct event *ring_add(struct channel *channel, struct event *event, size_t size,
                              struct str name, struct str data)
{
    struct buf out;
    buf_init_fixed(&out, event->bytes, size);
    pthread_mutex_lock(&channel->lock);
    buf_add(&out, STR("id: "));
    buf_add_int(&out, channel->next);
    buf_add(&out, STR("\nevent: "));
    buf_add(&out, name);
    buf_add(&out, STR("\ndata: "));
    buf_add(&out, data);
    buf_add(&out, STR("\n\n"));
    event->len = out.len;
    struct event *old = *place(channel, channel->next);
    *place(channel, channel->next) = event;
    channel->next++;
    if (channel->next - channel->first > CHANNEL_KEPT)
        channel->first++;
    atomic_store(&channel->told, channel->next);
    pthread_mutex_unlock(&channel->lock);
    ASSERT(buf_err(&out) == ERR_OK);
    return old;
}

static bool is_one_line(struct str text)
{
    return str_find_char(text, '\n') == STR_NONE && str_find_char(text, '\r') == STR_NONE;
}

enum err events_publish(struct ctx *ctx, struct channel *channel, struct str name, struct str data)
{
    ASSERT(name.len > 0 && is_one_line(name) && is_one_line(data));
    if (!channel)
        return err_memory(&ctx->err);
    if (name.len + data.len > EVENT_SIZE_MAX)
        return err_fail(&ctx->err, ERR_LIMIT, "This is too much to tell at once.",
                        "an event of %zu bytes", name.len + data.len);
    size_t size = name.len + data.len + EVENT_FRAME_MAX;
    struct event *event = mem_alloc(sizeof *event + size);
    if (!event)
        return err_memory(&ctx->err);
    mem_free(ring_add(channel, event, size, name, data));
    reactor_wake(&channel->events->server->reactor);
    return ERR_OK;
}

/* Listeners: a list through the table of connections. */

static struct connection *at(struct events *events, uint32_t index)
{
    return index == CONNECTION_NONE ? NULL : &events->server->connections.list[index];
}

static void list_add(struct events *events, struct connection *connection)
{
    struct channel *channel = connection->channel;
    uint32_t index = connection_index(&events->server->connections, connection);
    struct connection *next = at(events, channel->listeners);
    connection->listener_before = CONNECTION_NONE;
    connection->listener_next = channel->listeners;
    if (next)
        next->listener_before = index;
    channel->listeners = index;
    connection->listens = true;
}

void events_leave(struct events *events, struct connection *connection)
{
    struct channel *channel = connection->channel;
    connection->channel = NULL;
    if (!channel || !connection->listens)
        return;
    struct connection *before = at(events, connection->listener_before);
    struct connection *next = at(events, connection->listener_next);
    uint32_t index = connection_index(&events->server->connections, connection);
    *(before ? &before->listener_next : &channel->listeners) = connection->listener_next;
    if (next)
        next->listener_before = connection->listener_before;
    if (channel->cursor == index)
        channel->cursor = connection->listener_next;
    connection->listens = false;
}

/* Copies as many events as there is room for from connection->event_next on. False where those are
 * forgotten already. */
static bool gather(struct channel *channel, struct connection *connection, struct buf *out)
{
    pthread_mutex_lock(&channel->lock);
    bool kept = connection->event_next >= channel->first;
    while (kept && connection->event_next < channel->next) {
        const struct event *event = *place(channel, connection->event_next);
        if (event->len > out->limit - out->len)
            break;
        buf_add(out, str_make(event->bytes, event->len));
        connection->event_next++;
    }
    pthread_mutex_unlock(&channel->lock);
    return kept;
}

static bool send_piece(struct events *events, struct connection *connection, struct str piece)
{
    struct server *server = events->server;
    struct answer answer = {.head = piece};
    enum sent sent = connection_send(&server->connections, connection, &answer);
    if (sent == SENT_SOME)
        reactor_wait_for_reader(&server->reactor, connection);
    return sent == SENT_ALL || sent == SENT_SOME;
}

/* Sends what it has not been sent, as far as it reads. False where it is to be let go. */
static bool catch_up(struct events *events, struct connection *connection)
{
    struct channel *channel = connection->channel;
    char bytes[EVENTS_PIECE];
    struct buf out;
    while (!connection->output && connection->event_next < atomic_load(&channel->told)) {
        buf_init_fixed(&out, bytes, sizeof bytes);
        if (!gather(channel, connection, &out) || !send_piece(events, connection, buf_str(&out)))
            return false;
    }
    return true;
}

static uint32_t spread(const struct events *events, const struct connection *connection)
{
    return connection_index(&events->server->connections, connection) * UINT32_C(2654435761);
}

/* Where it begins: behind the event it knows; a page that knows one that is forgotten, or none of
 * ours, is to be loaded anew. */
static bool greet(struct events *events, struct connection *connection)
{
    struct channel *channel = connection->channel;
    int64_t after = connection->event_next;
    char bytes[EVENT_FRAME_MAX * 2];
    struct buf out;
    buf_init_fixed(&out, bytes, sizeof bytes);
    buf_addf(&out, "retry: %u\n\n",
             EVENTS_RETRY_MIN_MS + spread(events, connection) % EVENTS_RETRY_SPREAD_MS);
    pthread_mutex_lock(&channel->lock);
    bool knows = after >= channel->first - 1 && after < channel->next;
    connection->event_next = knows ? after + 1 : channel->next;
    pthread_mutex_unlock(&channel->lock);
    if (after && !knows)
        buf_addf(&out, "id: %lld\nevent: reset\ndata: reset\n\n",
                 (long long)connection->event_next - 1);
    return send_piece(events, connection, buf_str(&out));
}

/* Beats are spread over the time between two, whenever the listeners came. */
bool events_join(struct events *events, struct connection *connection)
{
    bool first = !connection->listens;
    if (first) {
        list_add(events, connection);
        if (!greet(events, connection))
            return false;
    }
    if (!catch_up(events, connection))
        return false;
    int64_t beat_ms = first ? spread(events, connection) % BEAT_MS : BEAT_MS;
    if (!connection->output)
        reactor_wait(&events->server->reactor, connection, PHASE_LISTEN, beat_ms);
    return true;
}

bool events_beat(struct events *events, struct connection *connection)
{
    reactor_wait(&events->server->reactor, connection, PHASE_LISTEN, BEAT_MS);
    return send_piece(events, connection, STR(":\n\n"));
}

/* One listener after the other, up to the walk's share; true where some are left. */
static bool walk(struct events *events, struct channel *channel, int *share)
{
    int64_t told = atomic_load(&channel->told);
    if (channel->cursor == CONNECTION_NONE) {
        if (channel->walked == told)
            return false;
        channel->walked = told;
        channel->cursor = channel->listeners;
    }
    while (channel->cursor != CONNECTION_NONE && (*share)-- > 0) {
        struct connection *connection = at(events, channel->cursor);
        channel->cursor = connection->listener_next;
        if (!catch_up(events, connection))
            reactor_drop(&events->server->reactor, connection);
    }
    return channel->cursor != CONNECTION_NONE || channel->walked != atomic_load(&channel->told);
}

bool events_walk(struct events *events)
{
    int share = EVENTS_WALK_MAX;
    bool more = false;
    size_t count = atomic_load(&events->count);
    for (size_t i = 0; i < count; i++)
        more |= walk(events, events->channels[i], &share);
    return more;
}

void events_end(struct events *events)
{
    size_t count = atomic_load(&events->count);
    for (size_t i = 0; i < count; i++) {
        struct connection *connection = at(events, events->channels[i]->listeners);
        while (connection) {
            struct connection *next = at(events, connection->listener_next);
            reactor_drop(&events->server->reactor, connection);
            connection = next;
        }
    }
}
