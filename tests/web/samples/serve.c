/* The server with the tests' room, as a program: for loads, and to be released while they run.
 *
 *     serve PORT [FILE [supervised]]  "ready <port>" on standard output once it serves
 *
 * SIGTERM drains it, SIGUSR1 makes its reactor hang. FILE tells it how to fail at its start.
 * Supervised, it is a supervisor with little patience, and its server. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/crash.h"
#include "base/log.h"
#include "web/heritage.h"
#include "web/room.h"
#include "web/supervisor.h"

static struct server *_Atomic serving;

static void on_signal(int number)
{
    struct server *server = serving;
    if (number == SIGUSR1)
        for (;;)
            pause();
    if (server)
        server_drain(server);
}

static void listen_to_signals(void)
{
    struct sigaction act = {.sa_handler = on_signal};
    sigaction(SIGTERM, &act, NULL);
    sigaction(SIGUSR1, &act, NULL);
    act.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &act, NULL);
}

static int fail(const struct ctx *ctx)
{
    fprintf(stderr, "serve: %s (%s)\n", ctx->err.user, ctx->err.operator);
    return 1;
}

static int serve(struct ctx *ctx, struct test_room *room, struct server_options *options)
{
    struct server *server;
    if (server_open(ctx, options, &server))
        return fail(ctx);
    test_room_open(room, server);
    serving = server;
    printf("ready\n");
    fflush(stdout);
    enum err err = server_run(server, ctx);
    serving = NULL;
    server_close(server);
    return err ? fail(ctx) : 0;
}

/* The file makes a program that cannot be released to: it ends, or never gets ready. */
static void maybe_break(const char *how)
{
    if (access(how, F_OK) < 0)
        return;
    char word[16] = "";
    int fd = open(how, O_RDONLY);
    if (fd >= 0 && read(fd, word, sizeof word - 1) > 0 && strcmp(word, "ends") == 0)
        _exit(3);
    if (strcmp(word, "hangs") == 0)
        pause();
}

/* What crashes is given up after ten times; what hangs, after less than half a minute. */
static int supervise(struct ctx *ctx, int listen_fd, const char *const *argv)
{
    struct supervisor_options options = {
        .listen_fd = listen_fd, .program = argv[0], .argv = argv, .limits = supervisor_usual};
    options.limits.hang_ms = 3 * PULSE_MS;
    return supervisor_run(ctx, &options) ? fail(ctx) : 0;
}

int main(int argc, char **argv)
{
    static struct crash_stack stack;
    static struct test_room room;
    struct heritage heritage;
    struct arena arena;
    struct log log;
    struct clock clock = clock_system();
    struct rand chance = rand_system(), id_chance = rand_system();
    struct id_source ids;
    crash_install(&stack);
    listen_to_signals();
    heritage_take(&heritage);
    if (heritage.pulse_fd >= 0 && argc > 2)
        maybe_break(argv[2]);
    arena_init(&arena, 1 << 20);
    log_init(&log, STDERR_FILENO, LOG_INFO, &clock);
    id_source_init(&ids, &clock, &id_chance);
    struct ctx ctx = {.arena = &arena, .clock = &clock, .rand = &chance, .ids = &ids, .log = &log};
    test_room_init(&room);
    int64_t port = 0;
    str_to_int(str_from(argc > 1 ? argv[1] : ""), 1, 65535, &port);
    struct server_options options = {
        .listen_fd = heritage.listen_fd, .rooms = room.routes, .pulse_fd = heritage.pulse_fd};
    int status = 0;
    if (options.listen_fd < 0 && server_listen(&ctx, "127.0.0.1", (int)port, &options.listen_fd))
        return fail(&ctx);
    if (heritage.pulse_fd < 0 && argc > 3)
        status = supervise(&ctx, options.listen_fd, (const char *const *)argv);
    else
        status = serve(&ctx, &room, &options);
    id_source_release(&ids);
    arena_release(&arena);
    return status;
}
