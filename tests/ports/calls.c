/* Opens clients of HTTP and their peers, and sends what the tests of them send. */
#include "ports/calls.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"

enum { URL_MAX = 256 };

struct http_client *calls_client(struct test *t, struct counter_registry *counters,
                                 const char *allowed)
{
    struct http_client_options options = {.counters = counters};
    struct http_client *client = NULL;
    REQUIRE(address_nets_parse(t->ctx, "OUTBOUND_ALLOWED", str_from(allowed), &options.allowed) ==
            ERR_OK);
    REQUIRE(http_client_open(t->ctx, &options, &client) == ERR_OK);
    return client;
}

void calls_open(struct test *t, struct calls *calls, const struct scene scenes[], size_t count)
{
    *calls = (struct calls){.t = t};
    peer_start(t, &calls->peer, scenes, count);
    calls->client = calls_client(t, &calls->counters, "127.0.0.1");
}

void calls_close(struct calls *calls)
{
    http_client_close(calls->client);
    peer_stop(&calls->peer);
}

struct str calls_url(const struct calls *calls, const char *path)
{
    struct buf url;
    buf_init(&url, calls->t->arena, URL_MAX);
    buf_addf(&url, "http://127.0.0.1:%d%s", calls->peer.port, path);
    return buf_str(&url);
}

enum err calls_send(struct calls *calls, const struct http_client_call *call)
{
    return http_client_send(calls->client, calls->t->ctx, call, &calls->answer);
}

int calls_send_apart(struct calls *calls, const struct http_client_call *call)
{
    int status = -1;
    pid_t pid = fork();
    if (!pid)
        _exit((int)calls_send(calls, call));
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

enum err calls_get(struct calls *calls, const char *path)
{
    return calls_send(calls,
                      &(struct http_client_call){.method = "GET", .url = calls_url(calls, path)});
}

int64_t calls_count(const struct calls *calls, const char *counter)
{
    for (const struct counter *at = counter_first(&calls->counters); at; at = at->next)
        if (strcmp(at->name, counter) == 0)
            return counter_value(at);
    return -1;
}
