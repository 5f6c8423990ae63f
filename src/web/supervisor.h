/* The supervisor: a small process that keeps the listening socket and the server on it alive.
 *
 *     struct supervisor_options options = {.listen_fd = fd, .program = "/proc/self/exe",
 *                                          .argv = argv, .limits = supervisor_usual};
 *     TRY(supervisor_run(ctx, &options));              until SIGTERM or SIGINT
 *
 * The server is this program again, started with the same arguments and what heritage.h says. One
 * that ends unasked is started again on the same socket: clients that connect meanwhile wait in its
 * line. One whose pulse stops is told to abort, so that it says where it hung, and then killed; not
 * while somebody has stopped it (SIGSTOP, a debugger). Where servers crash again and again the
 * supervisor gives up, ends what is left and fails.
 *
 * SIGHUP releases: the program that argv[0] leads to by then is started beside the old server. Once
 * it serves, the old one drains, and the supervisor becomes the new program itself by exec: same
 * process, same socket, the servers' pids and pulses handed down in the environment. A program that
 * ends, or does not serve in time, is logged ("release failed"), and the old one stays.
 *
 * SIGTERM drains the server; the supervisor ends with it. When the supervisor dies its servers see
 * their pulses' readers gone, drain and end. It has no threads and allocates nothing. */
#ifndef STOA_WEB_SUPERVISOR_H
#define STOA_WEB_SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/ctx.h"

#define SUPERVISOR_HEIRS "STOA_SERVERS"

enum {
    SUPERVISOR_SERVERS_MAX = 4,   /* at once: one that serves, a new one, and some that end */
    SUPERVISOR_CRASHES_MAX = 10,  /* within limits.window_ms; then it gives up */
    SUPERVISOR_CRASHES_EAGER = 3, /* so many are restarted at once, later ones after a pause */
    SUPERVISOR_PAUSE_MS = 100,    /* the first pause; each is twice the one before */
    SUPERVISOR_PAUSE_MAX_MS = 1000,
};

/* How long it waits for what. */
struct supervisor_limits {
    int window_ms; /* in which crashes are counted */
    int start_ms;  /* for the only server to serve: it may have a database to bring forward */
    int ready_ms;  /* for a new one beside the old; then it is killed */
    int hang_ms;   /* without a pulse; then SIGABRT */
    int abort_ms;  /* for the report of where it hung; then SIGKILL */
    int drain_ms;  /* for one that was told to end */
};

extern const struct supervisor_limits supervisor_usual;

struct supervisor_options {
    int listen_fd;           /* taken over: closed when it ends */
    const char *program;     /* what is started again after a crash: what runs already */
    const char *const *argv; /* argv[0] is what a release starts */
    struct supervisor_limits limits;
};

enum err supervisor_run(struct ctx *ctx, const struct supervisor_options *options);

/* The socket of the program that became this one by exec; -1 where there is none. */
int supervisor_inherit(void);

#endif
