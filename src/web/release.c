/* Starts the program that follows this one, and finds out how it goes. */
#include "web/release.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/settings.h"
#include "web/reactor_inside.h"

enum { RELEASE_VARIABLE_MAX = 32, RELEASE_MEMORY_MAX = 64 << 10 };

void release_init(struct release *release, struct server *server)
{
    *release = (struct release){.server = server, .ready_fd = -1};
}

/* A context for the log alone. */
static struct ctx ctx_of(const struct release *release)
{
    return (struct ctx){.clock = release->server->clock, .log = release->server->log};
}

static void stop_hearing(struct release *release)
{
    if (release->ready_fd >= 0)
        close(release->ready_fd); /* epoll forgets it with its last descriptor */
    release->ready_fd = -1;
}

static bool is_own(const char *variable)
{
    struct str text = str_from(variable);
    return str_starts(text, STR(RELEASE_LISTEN "=")) || str_starts(text, STR(RELEASE_READY "="));
}

/* Our environment with the two numbers in it. */
static char **make_environment(struct arena *arena, int listen_fd, int ready_fd)
{
    struct buf listen_buf, ready_buf;
    size_t count = 0;
    char **list = arena_array(arena, RELEASE_ENVIRONMENT_MAX + 3, sizeof *list);
    buf_init(&listen_buf, arena, RELEASE_VARIABLE_MAX);
    buf_addf(&listen_buf, RELEASE_LISTEN "=%d%c", listen_fd, '\0');
    buf_init(&ready_buf, arena, RELEASE_VARIABLE_MAX);
    buf_addf(&ready_buf, RELEASE_READY "=%d%c", ready_fd, '\0');
    if (!list || buf_err(&listen_buf) || buf_err(&ready_buf))
        return NULL;
    list[count++] = listen_buf.ptr;
    list[count++] = ready_buf.ptr;
    for (char **each = environ; *each && count < RELEASE_ENVIRONMENT_MAX; each++)
        if (!is_own(*each))
            list[count++] = *each;
    return list;
}

/* A descriptor that is given its own number anew stays open in the new program. Signals are as they
 * were for a program that is started by hand. */
static int spawn(struct release *release, char **environment, int ready_fd)
{
    const struct server_options *options = &release->server->options;
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none, usual;
    sigemptyset(&none);
    sigfillset(&usual);
    if (posix_spawn_file_actions_init(&files))
        return ENOMEM;
    posix_spawnattr_init(&how);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawnattr_setsigdefault(&how, &usual);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int failure = posix_spawn_file_actions_adddup2(&files, options->listen_fd, options->listen_fd);
    if (!failure)
        failure = posix_spawn_file_actions_adddup2(&files, ready_fd, ready_fd);
    if (!failure)
        failure = posix_spawnp(&release->pid, options->argv[0], &files, &how,
                               (char *const *)(uintptr_t)options->argv, environment);
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    return failure;
}

/* Starts it; an errno where that fails. */
static int start(struct release *release)
{
    struct arena arena;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
        return errno;
    arena_init(&arena, RELEASE_MEMORY_MAX);
    char **environment = make_environment(&arena, release->server->options.listen_fd, ends[1]);
    int failure = environment ? spawn(release, environment, ends[1]) : ENOMEM;
    arena_release(&arena);
    close(ends[1]);
    release->ready_fd = ends[0];
    if (failure) {
        release->pid = 0;
        stop_hearing(release);
    }
    return failure;
}

static void begin(struct release *release)
{
    struct reactor *reactor = &release->server->reactor;
    struct ctx ctx = ctx_of(release);
    if (release->pid || release->state == RELEASE_DONE || !release->server->options.argv ||
        atomic_load(&release->server->draining)) {
        log_warn(&ctx, "release refused", field_bool("under_way", release->pid != 0));
        return;
    }
    int failure = start(release);
    if (failure) {
        log_error(&ctx, "release failed", field_text("why", strerrordesc_np(failure)));
        return;
    }
    release->state = RELEASE_WAITS;
    release->due_us = reactor->now_us + RELEASE_READY_MS * MS_US;
    log_info(&ctx, "release started", field_int("pid", release->pid));
    /* Where epoll has no room, release_check asks the pipe. */
    reactor_watch(reactor, release->ready_fd, EPOLLIN, REACTOR_RELEASE);
}

static void fail(struct release *release, const char *why)
{
    struct ctx ctx = ctx_of(release);
    log_error(&ctx, "release failed", field_text("why", why), field_int("pid", release->pid));
    kill(release->pid, SIGKILL);
    stop_hearing(release);
    release->state = RELEASE_FAILED;
}

void release_hear(struct release *release)
{
    char byte;
    if (release->state != RELEASE_WAITS)
        return;
    ssize_t count = read(release->ready_fd, &byte, 1);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (count <= 0) {
        fail(release, "it ended before it was ready");
        return;
    }
    struct ctx ctx = ctx_of(release);
    log_info(&ctx, "release ready", field_int("pid", release->pid));
    stop_hearing(release);
    release->state = RELEASE_DONE;
    server_drain(release->server);
}

void release_check(struct release *release)
{
    if (atomic_exchange(&release->wanted, false))
        begin(release);
    if (release->state == RELEASE_WAITS)
        release_hear(release);
    if (release->state == RELEASE_WAITS && release->server->reactor.now_us >= release->due_us)
        fail(release, "it was not ready in time");
    if (release->state == RELEASE_FAILED && waitpid(release->pid, NULL, WNOHANG) != 0) {
        release->pid = 0; /* gone: another may be tried */
        release->state = RELEASE_NONE;
    }
}

bool release_is_done(const struct release *release)
{
    return release->state == RELEASE_DONE;
}

void release_close(struct release *release)
{
    if (release->state == RELEASE_WAITS)
        fail(release, "this one ends");
    if (release->state == RELEASE_FAILED)
        waitpid(release->pid, NULL, 0);
}

/* The new program's side. */

static int inherited(const char *name)
{
    const char *text = settings_environ(NULL, name);
    int64_t number;
    if (!text || str_to_int(str_from(text), STDERR_FILENO + 1, INT_MAX, &number) ||
        fcntl((int)number, F_SETFD, FD_CLOEXEC) < 0)
        return -1;
    return (int)number;
}

/* Only a pipe is written to: a number that somebody made up may be a file of ours. */
static bool is_pipe(int fd)
{
    struct stat info;
    return fstat(fd, &info) == 0 && S_ISFIFO(info.st_mode);
}

static bool is_listening(int fd)
{
    int listens = 0;
    socklen_t size = sizeof listens;
    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens;
}

void release_inherit(struct release_heritage *heritage)
{
    *heritage = (struct release_heritage){-1, -1};
    int listen_fd = inherited(RELEASE_LISTEN);
    if (listen_fd < 0 || !is_listening(listen_fd))
        return;
    heritage->listen_fd = listen_fd;
    int ready_fd = inherited(RELEASE_READY);
    heritage->ready_fd = is_pipe(ready_fd) ? ready_fd : -1;
}

void release_tell_ready(int ready_fd)
{
    ssize_t ignored = write(ready_fd, "r", 1); /* who does not hear it stays, and says so */
    (void)ignored;
    close(ready_fd);
}
