/* A body that is not in memory: it is taken piece by piece, at the pace of its reader.
 *
 *     struct download { struct outflow outflow; struct objects_reader *reader; };
 *     download->outflow = (struct outflow){.size = info.size, .next = next, .close = close_it};
 *     return respond_outflow(request, "image/png", etag, &download->outflow);
 *
 * Workers alone ask for pieces: files may be slow. Nothing of what a reader does not take is kept
 * in memory: the piece is made once more when the socket has room again. A piece that lies in a
 * file goes to the socket without being copied (sendfile). A failure in the middle ends the
 * connection, by which the reader sees that the body is not whole. */
#ifndef STOA_WEB_OUTFLOW_H
#define STOA_WEB_OUTFLOW_H

#include <sys/types.h>

#include "base/ctx.h"

enum { OUTFLOW_TURN_MAX = 1 << 20 }; /* bytes until it is another's turn */

/* What begins at a place of it: bytes in ctx->arena, or of a file. */
struct outflow_piece {
    struct str bytes;
    int fd; /* where `bytes` is empty */
    int64_t at;
    size_t len;
};

struct outflow {
    int64_t size;
    /* At least one byte from `from` on, which is below the size. One thread at a time. */
    enum err (*next)(struct outflow *outflow, struct ctx *ctx, int64_t from,
                     struct outflow_piece *piece);
    void (*close)(struct outflow *outflow); /* once, by any thread */
};

/* How far it has gone out. */
struct outflow_way {
    struct outflow *outflow; /* NULL: there is none */
    int64_t at, end;
};

/* How a part of an answer went out. SOME: the socket is full. PAUSED: it is not, but it is others'
 * turn. NO_ROOM: the rest of it cannot be kept, as with FAILED. */
enum sent { SENT_ALL, SENT_SOME, SENT_PAUSED, SENT_FAILED, SENT_NO_ROOM };

/* Sends the head, and as much behind it as the socket takes in one turn; both are moved on. Where
 * it FAILED and it was not the reader who left, ctx->err says why. */
enum sent outflow_send(struct outflow_way *flow, struct ctx *ctx, int fd, struct str *head);

#endif
