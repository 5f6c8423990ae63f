/* Pulls a body out of a socket, at the pace of who reads it and of who sends it. */
#include "web/request_stream.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "web/server_inside.h"

void request_stream_begin(struct request_stream *stream, struct server *server,
                          struct connection *connection, struct intake *intake, struct ctx *ctx)
{
    *stream = (struct request_stream){.server = server,
                                      .connection = connection,
                                      .intake = intake,
                                      .ctx = ctx,
                                      .left = intake->head.body_len,
                                      .ended = intake->has_body};
    stream->due_us = clock_tick_us(ctx->clock) + SERVER_BODY_MS * MS_US;
}

static enum err fail(struct request_stream *stream, enum err code, const char *words)
{
    stream->err = code;
    return err_fail(&stream->ctx->err, code, words, "reading a streamed body");
}

/* Every byte buys time at the least rate, but never more than the start had. */
static void earn(struct request_stream *stream, size_t bytes)
{
    int64_t now_us = clock_tick_us(stream->ctx->clock);
    int64_t most_us = now_us + SERVER_BODY_MS * MS_US;
    stream->due_us += (int64_t)bytes * SECOND_US / SERVER_STREAM_RATE_MIN;
    if (stream->due_us > most_us)
        stream->due_us = most_us;
    stream->ctx->deadline_us = now_us + SERVER_REQUEST_MS * MS_US;
}

static enum err wait_for_bytes(struct request_stream *stream)
{
    int64_t left_us = stream->due_us - clock_tick_us(stream->ctx->clock);
    if (left_us <= 0)
        return fail(stream, ERR_TIMEOUT, "The body came too slowly.");
    struct pollfd one = {.fd = stream->connection->fd, .events = POLLIN};
    if (poll(&one, 1, (int)(left_us / MS_US) + 1) < 0 && errno != EINTR)
        return fail(stream, ERR_IO, "The body could not be read.");
    return ERR_OK;
}

/* Bytes as they came: those behind the head first, then the socket's. */
static enum err receive(struct request_stream *stream, char *bytes, size_t size, size_t *got)
{
    struct intake *intake = stream->intake;
    size_t ready = intake->len - intake->used;
    if (ready) {
        *got = ready < size ? ready : size;
        memcpy(bytes, intake->bytes + intake->used, *got);
        return ERR_OK;
    }
    for (;;) {
        ssize_t count = recv(stream->connection->fd, bytes, size, MSG_DONTWAIT);
        if (count > 0) {
            *got = (size_t)count;
            earn(stream, *got);
            return ERR_OK;
        }
        if (count == 0)
            return fail(stream, ERR_PEER, "The body ended too early.");
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            TRY(wait_for_bytes(stream));
        else if (errno != EINTR)
            return fail(stream, ERR_PEER, "The connection broke.");
    }
}

/* What came behind the head is used up only as far as it is the body's; what came from the socket
 * with the last chunk and is not the body's cannot be given back, so the connection ends. */
static void consume(struct request_stream *stream, bool from_input, size_t got, size_t used)
{
    if (from_input)
        stream->intake->used += used;
    else if (used < got)
        stream->connection->ending = true;
}

static enum err read_chunked(struct request_stream *stream, char *bytes, size_t size, size_t *got)
{
    *got = 0;
    while (*got == 0 && !stream->ended) {
        bool from_input = stream->intake->len > stream->intake->used;
        size_t came, used;
        TRY(receive(stream, bytes, size, &came));
        enum http_verdict verdict = http_chunks_read(&stream->chunks, bytes, came, got, &used);
        if (verdict == HTTP_BAD)
            return fail(stream, ERR_INPUT, "The body's chunks cannot be read.");
        consume(stream, from_input, came, verdict == HTTP_WHOLE ? used : came);
        stream->ended = verdict == HTTP_WHOLE;
    }
    return ERR_OK;
}

static enum err read_counted(struct request_stream *stream, char *bytes, size_t size, size_t *got)
{
    bool from_input = stream->intake->len > stream->intake->used;
    if (stream->left < (int64_t)size)
        size = (size_t)stream->left;
    TRY(receive(stream, bytes, size, got));
    consume(stream, from_input, *got, *got);
    stream->left -= (int64_t)*got;
    stream->ended = stream->left == 0;
    return ERR_OK;
}

/* Who waits for it is told to go on only when the body is wanted. */
static enum err welcome(struct request_stream *stream)
{
    struct intake *intake = stream->intake;
    bool waits = intake->head.expects_continue && !intake->continued && intake->len == intake->used;
    intake->continued = true;
    if (waits && !connection_say(stream->connection, STR("HTTP/1.1 100 Continue\r\n\r\n")))
        return fail(stream, ERR_PEER, "The connection broke.");
    return ERR_OK;
}

static enum err read_piece(struct request_stream *stream, char *bytes, size_t size, size_t *got)
{
    if (stream->err)
        return stream->err;
    if (stream->ended || size == 0)
        return ERR_OK;
    TRY(welcome(stream));
    return stream->intake->head.chunked ? read_chunked(stream, bytes, size, got)
                                        : read_counted(stream, bytes, size, got);
}

/* It is the sender who is slow, or gone: no failure of ours. */
enum err request_read(struct request *request, char *bytes, size_t size, size_t *got)
{
    *got = 0;
    enum err err = read_piece(request->stream, bytes, size, got);
    if (err == ERR_TIMEOUT || err == ERR_PEER)
        respond_status(request, err == ERR_TIMEOUT ? 408 : 400);
    return err;
}

/* Does not wait for what has not come: a connection is cheaper than a worker. */
static bool rest_is_there(const struct request_stream *stream)
{
    struct pollfd one = {.fd = stream->connection->fd, .events = POLLIN};
    return stream->intake->len > stream->intake->used || poll(&one, 1, 0) > 0;
}

bool request_stream_finish(struct request_stream *stream)
{
    struct err_record err = stream->ctx->err; /* the handler's, which is to be told */
    char bytes[STREAM_PIECE];
    size_t got = 0, all = 0;
    bool asked = !stream->intake->head.expects_continue || stream->intake->continued;
    while (asked && !stream->ended && all < STREAM_REST_MAX && rest_is_there(stream)) {
        if (read_piece(stream, bytes, sizeof bytes, &got))
            break;
        all += got;
    }
    stream->ctx->err = err;
    return stream->ended;
}
