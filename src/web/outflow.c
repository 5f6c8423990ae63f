/* Brings the pieces of a body to a socket. */
#include "web/outflow.h"

#include <errno.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/assert.h"

/* The piece that is next, cut to what is wanted. */
static enum err next_piece(const struct outflow_way *flow, struct ctx *ctx,
                           struct outflow_piece *piece)
{
    int64_t left = flow->end - flow->at;
    *piece = (struct outflow_piece){.fd = -1};
    if (!left)
        return ERR_OK;
    TRY(flow->outflow->next(flow->outflow, ctx, flow->at, piece));
    ASSERT(piece->bytes.len || piece->len);
    piece->bytes = str_slice(piece->bytes, 0, (size_t)left);
    if ((int64_t)piece->len > left)
        piece->len = (size_t)left;
    return ERR_OK;
}

static ssize_t send_bytes(int fd, struct str head, struct str bytes, bool more)
{
    struct iovec parts[2] = {{(void *)(uintptr_t)head.ptr, head.len},
                             {(void *)(uintptr_t)bytes.ptr, bytes.len}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    return sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL | (more ? MSG_MORE : 0));
}

/* A file that became shorter would be waited for without an end. */
static ssize_t send_file(int fd, const struct outflow_piece *piece, struct ctx *ctx)
{
    off_t at = piece->at;
    ssize_t sent = sendfile(fd, piece->fd, &at, piece->len);
    if (sent == 0 || (sent < 0 && errno == EIO)) {
        err_fail(&ctx->err, ERR_IO, "This file is damaged and cannot be read.",
                 sent ? "a file cannot be read as it is sent" : "a file ended as it was sent");
        return -1;
    }
    return sent;
}

/* How many bytes of both the socket took: 0 where it is full, -1 where it is broken. */
static ssize_t send_piece(int fd, struct str head, const struct outflow_piece *piece,
                          struct ctx *ctx)
{
    ssize_t sent;
    do
        sent = head.len || !piece->len ? send_bytes(fd, head, piece->bytes, piece->len > 0)
                                       : send_file(fd, piece, ctx);
    while (sent < 0 && errno == EINTR && !ctx->err.code);
    return sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? 0 : sent;
}

static bool takes_all(ssize_t sent, struct str head, const struct outflow_piece *piece)
{
    return piece->len || (size_t)sent == head.len + piece->bytes.len;
}

enum sent outflow_send(struct outflow_way *flow, struct ctx *ctx, int fd, struct str *head)
{
    int64_t turn_end = flow->at + OUTFLOW_TURN_MAX;
    while (head->len || flow->at < flow->end) {
        struct outflow_piece piece;
        struct arena_mark mark = arena_mark(ctx->arena);
        if (flow->at >= turn_end)
            return SENT_PAUSED;
        if (next_piece(flow, ctx, &piece))
            return SENT_FAILED;
        ssize_t sent = send_piece(fd, *head, &piece, ctx);
        arena_rewind(ctx->arena, mark);
        if (sent < 0)
            return SENT_FAILED;
        bool goes_on = sent > 0 && takes_all(sent, *head, &piece);
        size_t of_head = (size_t)sent < head->len ? (size_t)sent : head->len;
        *head = str_slice(*head, of_head, head->len);
        flow->at += sent - (ssize_t)of_head;
        if (!goes_on)
            return SENT_SOME;
    }
    return SENT_ALL;
}
