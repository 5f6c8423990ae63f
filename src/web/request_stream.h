/* A body that its handler reads from the connection, piece by piece, waiting where it must.
 *
 *     request_stream_begin(&stream, server, connection, intake, &desk->ctx);
 *     while (!request_read(request, bytes, sizeof bytes, &got) && got)      the handler
 *         …
 *     whole = request_stream_finish(&stream);        reads over a small rest that is there already
 *
 * Nothing is buffered but what came with the head. Who sends less than SERVER_STREAM_RATE_MIN bytes
 * a second, after a start of SERVER_BODY_MS, is ERR_TIMEOUT. */
#ifndef STOA_WEB_REQUEST_STREAM_H
#define STOA_WEB_REQUEST_STREAM_H

#include "web/connection.h"

enum { STREAM_REST_MAX = 256 << 10, STREAM_PIECE = 4 << 10 }; /* what a handler left unread */

struct request_stream {
    struct server *server;
    struct connection *connection;
    struct intake *intake;
    struct ctx *ctx;
    struct http_chunks chunks;
    int64_t left;   /* of a body with a length */
    int64_t due_us; /* when bytes must have come; what came moves it on */
    bool ended;     /* the whole body was read */
    enum err err;   /* stays */
};

void request_stream_begin(struct request_stream *stream, struct server *server,
                          struct connection *connection, struct intake *intake, struct ctx *ctx);

/* True where the body was read to its end, and the connection can go on. */
bool request_stream_finish(struct request_stream *stream);

#endif
