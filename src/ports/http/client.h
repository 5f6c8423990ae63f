/* The HTTP client: calls to other systems that end in time and stay where they are allowed to go.
 *
 *     struct http_client_call call = {.method = "PUT",
 *                                     .url = STR("https://pay.example/v1/captures/cap_1"),
 *                                     .headers = (struct http_client_header[]){
 *                                         {STR("Content-Type"), STR("application/json")}},
 *                                     .header_count = 1,
 *                                     .body = buf_str(&json),
 *                                     .idempotent = true};
 *     struct http_client_answer answer;
 *     TRY(http_client_send(ports->http, ctx, &call, &answer));
 *     if (answer.status != 200)
 *         return err_fail(&ctx->err, ERR_PEER, …);
 *
 * Whatever status came whole is ERR_OK. What did not is told by the code:
 *
 *     ERR_INPUT      the URL or a header cannot be sent: nothing was
 *     ERR_FORBIDDEN  the address is not public and not allowed: nothing was sent there
 *     ERR_BUSY       the host failed too often just now (its circuit is open), or every handle is
 *                    in use: nothing was sent
 *     ERR_TIMEOUT    the call's time or ctx->deadline_us passed; it may have been done
 *     ERR_PEER       no connection, no valid certificate, or no HTTP; it may have been done
 *     ERR_LIMIT      the answer is longer than it may be
 *     others         what the call's own source or sink returned, ERR_MEMORY
 *
 * Only public addresses are reached, and the networks that OUTBOUND_ALLOWED names. What is checked
 * is the address that is connected to, so a name that changes its mind changes nothing.
 * Certificates are always checked. Proxies of the environment are ignored. URLs hold no user and no
 * password.
 *
 * Tried again, after a pause that doubles and is partly chance, is: a call that says it is
 * idempotent and met no answer, 500, 502, 503 or 504; and any call that met 429 or 503 with a
 * Retry-After that the time allows. Nothing is tried again once the sink has taken bytes.
 *
 * A circuit opens when a host and port failed HTTP_CLIENT_FAILURES_MAX times in a row (no answer,
 * 502, 503, 504): for HTTP_CLIENT_OPEN_MS nobody asks it, then one call tries while the others are
 * still told ERR_BUSY. Its success closes the circuit. A host whose last answer took longer than
 * HTTP_CLIENT_FAIR_MS has at most slow_max calls at once of those who say so: it does not hold all
 * of its callers' threads.
 *
 * Every call is a span that carries method, host, status and attempts, and the callee is told the
 * trace (traceparent). Paths, queries, headers and bodies are neither logged nor in the span. Any
 * thread may send. */
#ifndef STOA_PORTS_HTTP_CLIENT_H
#define STOA_PORTS_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/counter.h"
#include "base/ctx.h"
#include "base/str.h"

enum {
    HTTP_CLIENT_TIMEOUT_MS = 10000, /* of a call that names none: retries and pauses too */
    HTTP_CLIENT_CONNECT_MS = 3000,  /* for name, connection and TLS */
    HTTP_CLIENT_STALL_S = 20,       /* without any byte, however long the call may take */
    HTTP_CLIENT_TRIES = 3,          /* of one call, the first included */
    HTTP_CLIENT_PAUSE_MS = 100,     /* before the second try; doubles; half of it is chance */
    HTTP_CLIENT_RETRY_AFTER_MAX_MS = 5000, /* a longer wish is the caller's to follow */
    HTTP_CLIENT_FAILURES_MAX = 5,          /* in a row, then the circuit opens */
    HTTP_CLIENT_OPEN_MS = 10000,           /* before one call tries again */
    HTTP_CLIENT_FAIR_MS = 1000,            /* running out of less is not the host's failure */
    HTTP_CLIENT_HOSTS_MAX = 256,           /* circuits; the one that was asked least lately goes */
    HTTP_CLIENT_HANDLES_MAX = 32,          /* calls at once; others wait */
    HTTP_CLIENT_CONNECTIONS_MAX = 4,       /* kept open by one handle */
    HTTP_CLIENT_URL_MAX = 8 << 10,
    HTTP_CLIENT_HEADERS_MAX = 64,     /* of the call, and of the answer */
    HTTP_CLIENT_HEAD_MAX = 32 << 10,  /* all headers of an answer */
    HTTP_CLIENT_ANSWER_MAX = 1 << 20, /* the body of an answer, where the call names no limit */
    HTTP_CLIENT_REDIRECTS_MAX = 5,
};

struct http_client; /* opened once a process */

struct http_client_options {
    struct address_nets allowed;       /* OUTBOUND_ALLOWED: networks beyond the public ones */
    const char *ca_file;               /* whom TLS trusts; NULL is what the system does */
    struct counter_registry *counters; /* may be NULL; outlives the client */
};

/* A name and a value without CR, LF and NUL. */
struct http_client_header {
    struct str name, value;
};

/* AWS Signature Version 4. The query must be sorted by name and encoded, each name with its "=".
 * The hash of the body is what the header X-Amz-Content-Sha256 says; where there is none, for the
 * service "s3" it is "UNSIGNED-PAYLOAD", else that of `body`, and a source cannot be signed. A call
 * with a body names its Content-Type. */
struct http_client_signing {
    struct str key, secret, region, service; /* "eu-central-1", "s3" */
};

struct http_client_answer {
    int status; /* of the last try */
    int tries;
    struct http_client_header *headers; /* in the arena, as everything here */
    size_t header_count;
    struct str body; /* what the sink did not take */
};

/* Gives the next bytes of a body, up to `size`; *len 0 is its end. `offset` is where they begin: 0
 * again when the call is tried again. For a source that cannot go back the call says `once`; asked
 * all the same (a kept connection was gone), it returns an err. */
typedef enum err http_client_source(void *arg, int64_t offset, char *bytes, size_t size,
                                    size_t *len);

/* Takes bytes of a 2xx answer's body; its status and headers are there already. */
typedef enum err http_client_sink(void *arg, const struct http_client_answer *answer,
                                  struct str bytes);

enum { HTTP_CLIENT_LEN_UNKNOWN = -1 };

struct http_client_call {
    const char *method; /* "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" */
    struct str url;     /* http: or https: */
    const struct http_client_header *headers;
    size_t header_count;

    struct str body;            /* or, where there is a source: */
    http_client_source *source; /* may be NULL */
    int64_t source_len;         /* all of it, or HTTP_CLIENT_LEN_UNKNOWN: sent in chunks */

    http_client_sink *sink; /* may be NULL: every body then goes to answer.body */
    void *arg;              /* the source's and the sink's */
    int64_t answer_max;     /* bytes of the body, the sink's too; 0 is HTTP_CLIENT_ANSWER_MAX */

    int timeout_ms;  /* 0 is HTTP_CLIENT_TIMEOUT_MS; never beyond ctx->deadline_us */
    bool idempotent; /* doing it twice is doing it once. What is not, GET, HEAD and OPTIONS apart,
                        has a new connection: that a kept one is gone is found out by sending */
    bool once;       /* not tried again whatever happens */
    int slow_max;    /* more calls at once are ERR_BUSY where the host is slow; 0 is any number */
    int redirects;   /* to follow, of GET and HEAD alone, never from https to http; 0 is none */
    const struct http_client_signing *signing; /* NULL is none */
};

/* Opens it; nothing is connected to yet. ERR_MEMORY. */
enum err http_client_open(struct ctx *ctx, const struct http_client_options *options,
                          struct http_client **opened);
void http_client_close(struct http_client *client); /* no call is inside any more */

/* Sends it and waits for the answer. */
enum err http_client_send(struct http_client *client, struct ctx *ctx,
                          const struct http_client_call *call, struct http_client_answer *answer);

/* The value of the answer's first header of that name; empty (NULL) where there is none. */
struct str http_client_answer_header(const struct http_client_answer *answer, struct str name);

#endif
