/* What the tests of the HTTP client have in common: a client that may call this machine.
 *
 *     struct calls calls;
 *     calls_open(t, &calls, scenes, 1);                   a peer that plays the scenes
 *     CHECK_ERR(calls_get(&calls, "/a?b"), ERR_OK);
 *     CHECK_INT(calls.answer.status, 200);
 *     calls_close(&calls); */
#ifndef STOA_TESTS_PORTS_CALLS_H
#define STOA_TESTS_PORTS_CALLS_H

#include "harness/test.h"
#include "ports/http/client.h"
#include "ports/peer.h"

/* Of calls that nothing answers: an answer of these tests comes at once. */
enum { CALLS_IMPATIENT_MS = 300 };

struct calls {
    struct test *t;
    struct http_client *client;
    struct counter_registry counters;
    struct peer peer;
    struct http_client_answer answer;
};

/* A client that may call the networks in `allowed`. */
struct http_client *calls_client(struct test *t, struct counter_registry *counters,
                                 const char *allowed);

void calls_open(struct test *t, struct calls *calls, const struct scene scenes[], size_t count);
void calls_close(struct calls *calls);

struct str calls_url(const struct calls *calls, const char *path); /* at the peer */
enum err calls_send(struct calls *calls, const struct http_client_call *call);

/* In a process of its own: what TLS keeps of its first work is no leak. -1 for a crash. */
int calls_send_apart(struct calls *calls, const struct http_client_call *call);

enum err calls_get(struct calls *calls, const char *path);
int64_t calls_count(const struct calls *calls, const char *counter); /* -1 where there is none */

#endif
