/* The table of connections, who has each, and the rest of what is sent. */
#include "web/connection.h"

#include <errno.h>
#include <linux/sockios.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/mem.h"
#include "web/server.h"

enum { CONNECTION_LENT = 1, CONNECTION_EVENT = 2 };

void connections_prepare(struct connections *all)
{
    *all = (struct connections){.count = 0};
    intake_pool_init(&all->intakes);
}

enum err connections_init(struct ctx *ctx, struct connections *all, struct page_cache *pages,
                          uint32_t most)
{
    all->most = most;
    all->pages = pages;
    all->list = mem_alloc(most * sizeof *all->list);
    all->deadlines_us = mem_alloc(most * sizeof *all->deadlines_us);
    if (!all->list || !all->deadlines_us)
        return err_memory(&ctx->err);
    return peers_init(ctx, &all->peers);
}

void connections_release(struct connections *all)
{
    for (uint32_t i = 0; i < all->used; i++) {
        all->list[i].channel = NULL; /* of one that was to become a listener, and now is none */
        if (all->list[i].phase != PHASE_FREE)
            connections_close(all, &all->list[i]);
    }
    peers_release(&all->peers);
    mem_free(all->list);
    mem_free((void *)all->deadlines_us);
    intake_pool_release(&all->intakes);
}

/* The one that was freed last is warm; the table beyond `used` was never touched. */
static struct connection *slot_take(struct connections *all)
{
    struct connection *connection = all->free;
    if (connection)
        all->free = connection->next;
    else if (all->used < all->most)
        connection = &all->list[all->used++];
    return connection;
}

struct connection *connections_open(struct connections *all, int fd, struct address peer)
{
    struct connection *connection = slot_take(all);
    if (!connection)
        return NULL;
    uint32_t generation = connection->generation;
    *connection = (struct connection){
        .generation = generation, .fd = fd, .phase = PHASE_IDLE, .peer = peer};
    all->count++;
    return connection;
}

static void output_free(struct connections *all, struct connection *connection)
{
    struct output *output = connection->output;
    if (!output)
        return;
    if (output->page)
        page_cache_done(all->pages, output->page);
    if (output->flow.outflow)
        output->flow.outflow->close(output->flow.outflow);
    atomic_fetch_sub_explicit(&all->output_size, (int64_t)output->size, memory_order_relaxed);
    mem_free(output);
    connection->output = NULL;
}

void connections_close(struct connections *all, struct connection *connection)
{
    ASSERT(connection->phase != PHASE_FREE && !connection->channel);
    connection_wait(all, connection, CONNECTION_NEVER);
    if (connection->counted)
        peers_leave(&all->peers, connection->peer);
    output_free(all, connection);
    intake_give(&all->intakes, connection->intake);
    close(connection->fd);
    connection->intake = NULL;
    connection->generation++;
    connection->phase = PHASE_FREE;
    connection->next = all->free;
    all->free = connection;
    all->count--;
}

void connection_wait(struct connections *all, const struct connection *connection,
                     int64_t deadline_us)
{
    atomic_store_explicit(&all->deadlines_us[connection_index(all, connection)], deadline_us,
                          memory_order_relaxed);
}

void connection_lend(struct connection *connection)
{
    atomic_store_explicit(&connection->state, CONNECTION_LENT, memory_order_relaxed);
}

bool connection_is_lent(struct connection *connection)
{
    return atomic_load_explicit(&connection->state, memory_order_acquire) & CONNECTION_LENT;
}

/* Nothing of the connection may be touched any more once this is true. */
bool connection_give_back(struct connection *connection, bool quiet)
{
    uint32_t lent = CONNECTION_LENT;
    return quiet && atomic_compare_exchange_strong_explicit(
                        &connection->state, &lent, 0, memory_order_release, memory_order_relaxed);
}

bool connection_event(struct connection *connection)
{
    if (!connection_is_lent(connection))
        return true;
    uint32_t before = atomic_fetch_or_explicit(&connection->state, CONNECTION_EVENT,
                                               memory_order_acquire);
    if (before & CONNECTION_LENT)
        return false;
    connection_take_back(connection); /* it was given back in between */
    return true;
}

void connection_take_back(struct connection *connection)
{
    atomic_store_explicit(&connection->state, 0, memory_order_relaxed);
}

static struct str rest_of(struct str bytes, size_t *sent)
{
    size_t taken = *sent < bytes.len ? *sent : bytes.len;
    *sent -= taken;
    return str_slice(bytes, taken, bytes.len);
}

/* How many bytes the socket took of both; 0 where it is full, -1 where it is broken. */
static ssize_t send_two(int fd, struct str first, struct str second)
{
    struct iovec parts[2] = {{(void *)(uintptr_t)first.ptr, first.len},
                             {(void *)(uintptr_t)second.ptr, second.len}};
    const struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    const int how = MSG_DONTWAIT | MSG_NOSIGNAL;
    ssize_t sent;
    do /* one piece is cheaper by a plain send */
        sent = second.len ? sendmsg(fd, &message, how) : send(fd, first.ptr, first.len, how);
    while (sent < 0 && errno == EINTR);
    return sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? 0 : sent;
}

/* Keeps what was not sent: copied, but for what stays where it is. */
static enum sent keep_rest(struct connections *all, struct connection *connection,
                           const struct answer *answer, size_t sent)
{
    struct str head = rest_of(answer->head, &sent), body = rest_of(answer->body, &sent);
    size_t size = sizeof(struct output) + head.len + (answer->fixed ? 0 : body.len);
    int64_t before = atomic_fetch_add_explicit(&all->output_size, (int64_t)size,
                                               memory_order_relaxed);
    struct output *output = before + (int64_t)size <= OUTPUTS_MAX ? mem_alloc(size) : NULL;
    if (!output) {
        atomic_fetch_sub_explicit(&all->output_size, (int64_t)size, memory_order_relaxed);
        return SENT_NO_ROOM;
    }
    output->size = size;
    output->page = answer->page;
    if (head.len)
        memcpy(output->bytes, head.ptr, head.len);
    if (answer->fixed)
        output->fixed = body;
    else if (body.len)
        memcpy(output->bytes + head.len, body.ptr, body.len);
    output->copied = str_make(output->bytes, size - sizeof *output);
    connection->output = output;
    return SENT_SOME;
}

enum sent connection_send(struct connections *all, struct connection *connection,
                          const struct answer *answer)
{
    ASSERT(!connection->output);
    ssize_t sent = send_two(connection->fd, answer->head, answer->body);
    enum sent how = sent < 0 ? SENT_FAILED : SENT_ALL;
    if (sent >= 0 && (size_t)sent < answer->head.len + answer->body.len)
        how = keep_rest(all, connection, answer, (size_t)sent);
    if (how != SENT_SOME && answer->page)
        page_cache_done(all->pages, answer->page);
    return how;
}

enum sent connection_send_rest(struct connections *all, struct connection *connection)
{
    struct output *output = connection->output;
    ssize_t taken = send_two(connection->fd, output->copied, output->fixed);
    if (taken < 0)
        return SENT_FAILED;
    size_t sent = (size_t)taken;
    output->copied = rest_of(output->copied, &sent);
    output->fixed = rest_of(output->fixed, &sent);
    if (output->copied.len + output->fixed.len > 0)
        return SENT_SOME;
    output_free(all, connection);
    return SENT_ALL;
}

enum sent connection_flow(struct connections *all, struct connection *connection, struct ctx *ctx,
                          struct str head, struct outflow_way flow)
{
    ASSERT(!connection->output);
    enum sent sent = outflow_send(&flow, ctx, connection->fd, &head);
    if (sent == SENT_SOME || sent == SENT_PAUSED) {
        const struct answer rest = {.head = head};
        if (keep_rest(all, connection, &rest, 0) == SENT_SOME) {
            connection->output->flow = flow;
            return sent;
        }
        sent = SENT_NO_ROOM;
    }
    flow.outflow->close(flow.outflow);
    return sent;
}

/* What made the reactor look may have been a byte of the reader's: no piece is made for that. */
static bool has_room(const struct connection *connection)
{
    struct pollfd one = {.fd = connection->fd, .events = POLLOUT};
    return poll(&one, 1, 0) != 0;
}

enum sent connection_flow_rest(struct connections *all, struct connection *connection,
                               struct ctx *ctx)
{
    struct output *output = connection->output;
    if (!has_room(connection))
        return SENT_SOME;
    enum sent sent = outflow_send(&output->flow, ctx, connection->fd, &output->copied);
    if (sent == SENT_ALL || sent == SENT_FAILED)
        output_free(all, connection);
    return sent;
}

size_t connection_owed(const struct connection *connection)
{
    const struct output *output = connection->output;
    int queued = 0;
    if (ioctl(connection->fd, SIOCOUTQ, &queued) < 0)
        queued = 0;
    int64_t flows = output ? output->flow.end - output->flow.at : 0;
    return (size_t)queued + (size_t)flows + (output ? output->copied.len + output->fixed.len : 0);
}

bool connection_say(const struct connection *connection, struct str text)
{
    return send_two(connection->fd, text, (struct str){0}) == (ssize_t)text.len;
}

void connection_reset(const struct connection *connection)
{
    const struct linger now = {.l_onoff = 1, .l_linger = 0};
    setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}
