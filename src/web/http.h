/* HTTP/1.1 on the wire: the head of a request, read strictly.
 *
 *     struct http_head head;
 *     switch (http_read_head(&head, bytes)) {
 *     case HTTP_MORE:  …                  not whole yet
 *     case HTTP_BAD:   …                  head.status and head.reason say why; answer and close
 *     case HTTP_WHOLE: …                  head.len bytes were the head; what follows is the body
 *     }
 *
 * What two programs in a row could read differently is refused, never repaired: a line that does
 * not end in CR LF, a folded or nameless header, a space before the colon, a NUL, two lengths, a
 * length beside a coding, any coding but chunked, no Host or two. Everything in the head points
 * into the bytes that were read.
 *
 * A method that is none of these is 405 where HTTP/1.1 has it (CONNECT, TRACE), else 501. */
#ifndef STOA_WEB_HTTP_H
#define STOA_WEB_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum {
    HTTP_HEAD_MAX = 16 << 10,  /* the request line and all headers: 431 beyond */
    HTTP_TARGET_MAX = 8 << 10, /* 414 beyond */
    HTTP_HEADERS_MAX = 64,     /* 431 beyond */
    HTTP_EXTRA_MAX = 4 << 10,  /* an extension of a chunk, or all trailers: 400 beyond */
};

#define HTTP_BODY_MAX (INT64_C(1) << 40) /* what a Content-Length may say at all: 413 beyond */

enum http_method {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OPTIONS,
    HTTP_METHOD_COUNT
};

enum http_verdict { HTTP_MORE, HTTP_WHOLE, HTTP_BAD };

struct http_header {
    struct str name, value; /* without the spaces around them */
};

struct http_head {
    enum http_method method;
    struct str path;  /* as sent, begins with "/"; "*" for OPTIONS alone; url.h decodes it */
    struct str query; /* as sent, behind the first "?" */
    struct str host;  /* with its port, as sent; of HTTP/1.0 maybe empty */
    bool old;         /* HTTP/1.0 */
    bool keep_alive;  /* the connection may be used again */
    bool chunked;
    bool expects_continue; /* waits for 100 before it sends the body */
    int64_t body_len;      /* by Content-Length; 0 where there is no body or it is chunked */
    struct http_header headers[HTTP_HEADERS_MAX];
    size_t header_count;
    size_t len; /* of the head, its empty line included */

    int status;         /* of HTTP_BAD: 400, 405, 413, 414, 417, 431, 501 or 505 */
    const char *reason; /* of HTTP_BAD, a sentence for whoever sent it */
};

/* Reads a head from the front of `bytes`. HTTP_MORE tells that its end has not come; `*searched`
 * (0 at first) remembers how far it was looked for, so that a head which comes byte by byte costs
 * what it costs whole. No copy is made; a control, a bare CR or a bare LF is refused at once. */
enum http_verdict http_read_head(struct http_head *head, struct str bytes, size_t *searched);

/* The value of the first header of that name, in any case; empty where there is none. */
struct str http_header(const struct http_head *head, struct str name);

/* Of the last one: of X-Forwarded-For that is what the nearest proxy wrote. */
struct str http_header_last(const struct http_head *head, struct str name);

const char *http_method_name(enum http_method method);
const char *http_status_words(int status); /* 404: "Not Found" */

/* True where a comma-separated header holds the word: "keep-alive, Upgrade". */
bool http_list_has(struct str list, struct str word);

/* The chunked coding, undone where it lies, piece by piece:
 *
 *     struct http_chunks chunks = {0};
 *     verdict = http_chunks_read(&chunks, bytes, size, &got, &used);
 *
 * `got` bytes of body stand at the front of `bytes` afterwards, made of its first `used`; HTTP_MORE
 * used all. HTTP_WHOLE: the body is at its end, trailers (which are read over) included. The size
 * of a body is the caller's to limit: `left` says what the chunk under way still holds. */
struct http_chunks {
    uint64_t left; /* of the chunk that is being read */
    int state, digits;
    size_t extra_len; /* of this chunk's extension, or of the trailers */
};
enum http_verdict http_chunks_read(struct http_chunks *chunks, char *bytes, size_t size,
                                   size_t *got, size_t *used);

/* Dates as HTTP writes them: "Sat, 21 Nov 2026 07:21:49 GMT". The two older forms are read as well.
 * ERR_INPUT for anything else, also for a weekday that is not the date's. */
enum { HTTP_DATE_LEN = 29 };
void http_date_format(int64_t time_us, char text[HTTP_DATE_LEN + 1]);
enum err http_date_parse(struct str text, int64_t *time_us);

#endif
