/* Connects to Redis, sends commands and receives replies, never waiting beyond a moment. */
#include "ports/cache/redis_wire.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RECEIVE_MIN = 4 << 10, COMMAND_MAX = REDIS_BYTES_MAX + (4 << 10) };

/* Until the socket can be read or written. */
static enum err wait_for(int fd, short events, int64_t until_us)
{
    struct pollfd polled = {.fd = fd, .events = events};
    struct clock clock = clock_system();
    int count;
    do {
        int64_t left_us = until_us - clock_tick_us(&clock);
        if (left_us <= 0)
            return ERR_TIMEOUT;
        count = poll(&polled, 1, (int)(left_us / 1000) + 1);
    } while (count == 0 || (count < 0 && errno == EINTR));
    return count > 0 ? ERR_OK : ERR_PEER;
}

static bool must_wait(void)
{
    return errno == EAGAIN || errno == EINTR;
}

static enum err send_all(int fd, struct str bytes, int64_t until_us)
{
    while (bytes.len) {
        ssize_t sent = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && !must_wait())
            return ERR_PEER;
        if (sent < 0)
            TRY(wait_for(fd, POLLOUT, until_us));
        else
            bytes = str_slice(bytes, (size_t)sent, bytes.len);
    }
    return ERR_OK;
}

/* Some more bytes behind those that are there. */
static enum err receive(int fd, struct buf *in, size_t wanted, int64_t until_us)
{
    if (!buf_reserve(in, wanted))
        return buf_err(in) == ERR_LIMIT ? ERR_PEER : ERR_MEMORY;
    for (;;) {
        ssize_t got = recv(fd, in->ptr + in->len, wanted, MSG_DONTWAIT);
        if (got > 0) {
            in->len += (size_t)got;
            return ERR_OK;
        }
        if (got == 0 || !must_wait())
            return ERR_PEER;
        TRY(wait_for(fd, POLLIN, until_us));
    }
}

static enum err receive_reply(struct ctx *ctx, int fd, int64_t until_us, struct redis_reply *reply)
{
    struct buf in;
    buf_init(&in, ctx->arena, REDIS_REPLY_MAX + RECEIVE_MIN);
    enum redis_verdict verdict = REDIS_MORE;
    *reply = (struct redis_reply){0};
    while (verdict == REDIS_MORE) {
        TRY(receive(fd, &in, reply->len > in.len ? reply->len - in.len : RECEIVE_MIN, until_us));
        verdict = redis_reply_read(buf_str(&in), reply);
    }
    return verdict == REDIS_WHOLE ? ERR_OK : ERR_PEER;
}

enum err redis_wire_ask(struct ctx *ctx, int fd, int64_t until_us, const struct str words[],
                        size_t count, struct redis_reply *reply)
{
    struct arena_mark mark = arena_mark(ctx->arena);
    struct buf command;
    buf_init(&command, ctx->arena, COMMAND_MAX);
    redis_command_write(&command, words, count);
    enum err err = buf_err(&command) ? ERR_MEMORY : send_all(fd, buf_str(&command), until_us);
    arena_rewind(ctx->arena, mark);
    return err ? err : receive_reply(ctx, fd, until_us, reply);
}

/* A command whose answer is a state: anything but an error is fine. */
static enum err tell(struct ctx *ctx, int fd, int64_t until_us, const struct str words[],
                     size_t count)
{
    struct redis_reply reply;
    TRY(redis_wire_ask(ctx, fd, until_us, words, count, &reply));
    return reply.kind == '+' ? ERR_OK : ERR_PEER;
}

static enum err introduce(struct ctx *ctx, int fd, int64_t until_us, const struct redis_url *place)
{
    const struct str auth[] = {STR("AUTH"), str_from(place->user), str_from(place->password)};
    const struct str old_auth[] = {auth[0], auth[2]};
    const struct str select[] = {STR("SELECT"), str_from(place->db)};
    if (place->user[0])
        TRY(tell(ctx, fd, until_us, auth, 3));
    else if (place->password[0])
        TRY(tell(ctx, fd, until_us, old_auth, 2));
    return strcmp(place->db, "0") == 0 ? ERR_OK : tell(ctx, fd, until_us, select, 2);
}

static enum err connect_to(const struct addrinfo *to, int64_t until_us, int *fd)
{
    int error = 0, on = 1;
    socklen_t len = sizeof error;
    *fd = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, to->ai_protocol);
    if (*fd < 0)
        return ERR_IO;
    enum err err = ERR_OK;
    if (connect(*fd, to->ai_addr, to->ai_addrlen)) {
        err = errno == EINPROGRESS ? wait_for(*fd, POLLOUT, until_us) : ERR_PEER;
        if (!err && (getsockopt(*fd, SOL_SOCKET, SO_ERROR, &error, &len) || error))
            err = ERR_PEER;
    }
    if (err)
        close(*fd);
    else
        setsockopt(*fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return err;
}

enum err redis_wire_open(struct ctx *ctx, const struct redis_url *place, int64_t until_us, int *fd)
{
    struct addrinfo wish = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV}, *found;
    if (getaddrinfo(place->host, place->port, &wish, &found))
        return ERR_PEER;
    enum err err = ERR_PEER;
    for (const struct addrinfo *at = found; at && err == ERR_PEER; at = at->ai_next)
        err = connect_to(at, until_us, fd);
    freeaddrinfo(found);
    TRY(err);
    err = introduce(ctx, *fd, until_us, place);
    if (err)
        close(*fd);
    return err;
}
