/* Circuits: hosts that failed too often in a row are left alone for a while. Private to ports/http.
 *
 *     TRY(http_client_circuit_enter(&client->circuits, ctx, host, call->slow_max));
 *     …
 *     http_client_circuit_leave(&client->circuits, ctx, host, HTTP_CLIENT_HOST_WELL);
 *
 * Who entered leaves, whatever happened. Any thread may call. */
#ifndef STOA_PORTS_HTTP_CIRCUIT_H
#define STOA_PORTS_HTTP_CIRCUIT_H

#include <pthread.h>

#include "base/hash.h"
#include "ports/http/client.h"

struct http_client_circuit {
    uint64_t host; /* the hash of its name and port; 0 is a free row */
    int failures;  /* in a row */
    int entered;   /* calls that are under way */
    bool probing;  /* one is asking whether it is well again */
    bool slow;     /* so it was the last time */
    int64_t open_until_us, asked_us;
};

struct http_client_circuits {
    pthread_mutex_t lock;
    struct hash_key key;
    struct counter opened;
    struct http_client_circuit rows[HTTP_CLIENT_HOSTS_MAX]; /* under the lock */
};

/* What a try says about the host. */
enum http_client_health {
    HTTP_CLIENT_HOST_WELL,
    HTTP_CLIENT_HOST_SLOW, /* it answered, after HTTP_CLIENT_FAIR_MS */
    HTTP_CLIENT_HOST_FAILED,
    HTTP_CLIENT_HOST_UNKNOWN
};

void http_client_circuits_init(struct http_client_circuits *circuits, struct rand *rand);
void http_client_circuits_release(struct http_client_circuits *circuits);

/* ERR_BUSY while the circuit is open, and for more than slow_max (0: any number) at once where the
 * host is slow. `host` is name and port. */
enum err http_client_circuit_enter(struct http_client_circuits *circuits, struct ctx *ctx,
                                   struct str host, int slow_max);
void http_client_circuit_leave(struct http_client_circuits *circuits, struct ctx *ctx,
                               struct str host, enum http_client_health health);

#endif
