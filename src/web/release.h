/* A release: the next program takes over on the same listening socket, and nobody is turned away.
 *
 *     server_release(server);                  a signal handler: start the new one
 *
 *     struct release_heritage heritage;        the new one, first of all
 *     release_inherit(&heritage);
 *     options.listen_fd = heritage.listen_fd >= 0 ? heritage.listen_fd : …;
 *     options.ready_fd = heritage.ready_fd;    server_run says there that it serves
 *
 * The program is started again as it was the first time: the same path, which by now leads to what
 * was installed there, and the same arguments. It inherits the listening socket and the end of a
 * pipe, under the names RELEASE_LISTEN and RELEASE_READY in its environment. Once it has said that
 * it is ready the old one drains and ends. One that dies, or is not ready within RELEASE_READY_MS,
 * is killed and logged, and the old one stays as it was. Nothing here waits. */
#ifndef STOA_WEB_RELEASE_H
#define STOA_WEB_RELEASE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/ctx.h"

#define RELEASE_LISTEN "STOA_LISTEN_FD"
#define RELEASE_READY  "STOA_READY_FD"

enum { RELEASE_READY_MS = 30000, RELEASE_ENVIRONMENT_MAX = 1024 };

struct server;

enum release_state { RELEASE_NONE, RELEASE_WAITS, RELEASE_FAILED, RELEASE_DONE };

struct release {
    struct server *server;
    enum release_state state;
    _Atomic bool wanted; /* set by a signal handler */
    pid_t pid;           /* of the next program, until it was reaped */
    int ready_fd;        /* the pipe's end to hear from */
    int64_t due_us;
};

void release_init(struct release *release, struct server *server);
void release_close(struct release *release);

void release_check(struct release *release); /* each turn of the reactor */
void release_hear(struct release *release);  /* the pipe has something to say */
bool release_is_done(const struct release *release);

/* What the program before left us; -1 where there is none. The sockets are closed on exec. */
struct release_heritage {
    int listen_fd, ready_fd;
};
void release_inherit(struct release_heritage *heritage);

/* Says that we serve, where there is somebody to say it to. */
void release_tell_ready(int ready_fd);

#endif
