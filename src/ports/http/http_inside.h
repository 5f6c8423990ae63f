/* What the files of the HTTP client share: its pool of handles, and one try of a call. Private to
 * ports/http.
 *
 *     TRY(http_client_pool_take(client, ctx, key, until_us, &handle));
 *     enum err err = http_client_try(&sending, handle);
 *     http_client_pool_give(client, handle); */
#ifndef STOA_PORTS_HTTP_HTTP_INSIDE_H
#define STOA_PORTS_HTTP_HTTP_INSIDE_H

#include <curl/curl.h>

#include "base/buf.h"
#include "base/histogram.h"
#include "base/thread.h"
#include "ports/http/circuit.h"
#include "ports/http/client.h"

enum {
    HTTP_CLIENT_SIGNING_MAX = 256, /* region and service, and what curl wants around them */
    HTTP_CLIENT_HOST_MAX = 272,    /* of a handle's host that is remembered: name and port */
};

/* curl's handle, with the connections that it keeps. One call at a time has it. */
struct http_client_handle {
    CURL *curl;
    struct str host; /* of the last call */
    char host_text[HTTP_CLIENT_HOST_MAX];
};

struct http_client {
    struct address_nets allowed;
    const char *ca_file;
    struct http_client_circuits circuits;
    struct counter calls, failures, retries, refused;
    struct histogram durations;
    struct histogram_cells duration_cells;

    pthread_mutex_t lock;
    pthread_cond_t given;
    struct http_client_handle handles[HTTP_CLIENT_HANDLES_MAX];
    struct http_client_handle *idle[HTTP_CLIENT_HANDLES_MAX]; /* the newest last; under the lock */
    size_t idle_count;
    bool has_curl; /* it was begun; under the lock */
};

/* A call on its way, over all its tries. */
struct http_client_sending {
    struct http_client *client;
    struct ctx *ctx;
    const struct http_client_call *call;
    struct http_client_answer *answer;
    const char *url;        /* ended by NUL */
    struct str host;        /* name:port, for whoever looks on */
    bool is_plain;          /* http: */
    int64_t until_us;       /* by clock_tick_us */
    int64_t retry_after_ms; /* what the last answer wished for; -1 where it did not */
    bool delivered;         /* the sink took bytes */
};

/* What one try of it knows. */
struct http_client_attempt {
    struct http_client_sending *sending;
    CURL *curl;
    CURLcode code; /* of the first option that could not be set */
    struct curl_slist *headers;
    int64_t offset; /* the next byte of the source */
    int64_t answer_max, received;
    size_t head_len;
    struct buf body;
    bool refused; /* an address */
    enum err err; /* that a callback stopped with; recorded */
    char words[CURL_ERROR_SIZE];
};

void http_client_pool_init(struct http_client *client);
void http_client_pool_release(struct http_client *client);

/* Prefers the one that asked this host last. ERR_BUSY where none comes back in time. */
enum err http_client_pool_take(struct http_client *client, struct ctx *ctx, struct str host,
                               int64_t until_us, struct http_client_handle **handle);
void http_client_pool_give(struct http_client *client, struct http_client_handle *handle);

/* Tells curl what is to be sent. ERR_MEMORY, or code is set. */
enum err http_client_set(struct http_client_attempt *attempt);

/* Sends it once. */
enum err http_client_try(struct http_client_sending *sending, CURL *curl);

/* ERR_INPUT for a URL or headers that cannot be sent; else fills url, host and is_plain. */
enum err http_client_check(struct http_client_sending *sending);

#endif
