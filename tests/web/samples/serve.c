/* The server with the tests' room, as a program: for loads, and to be released while they run.
 *
 *     serve PORT [name=value …]       "ready <port>" on standard output once it serves
 *
 * SIGTERM drains it, SIGHUP releases it. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/crash.h"
#include "base/log.h"
#include "web/release.h"
#include "web/room.h"

static struct server *_Atomic serving;

static void on_signal(int number)
{
    struct server *server = serving;
    if (server)
        (number == SIGHUP ? server_release : server_drain)(server);
}

static void listen_to_signals(void)
{
    struct sigaction act = {.sa_handler = on_signal};
    sigaction(SIGTERM, &act, NULL);
    sigaction(SIGHUP, &act, NULL);
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

/* SERVE_BROKEN makes a program that cannot be released to: it ends, or never gets ready. */
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

int main(int argc, char **argv)
{
    static struct crash_stack stack;
    static struct test_room room;
    struct release_heritage heritage;
    struct arena arena;
    struct log log;
    struct clock clock = clock_system();
    struct rand chance = rand_system(), id_chance = rand_system();
    struct id_source ids;
    crash_install(&stack);
    listen_to_signals();
    release_inherit(&heritage);
    if (heritage.listen_fd >= 0 && argc > 2)
        maybe_break(argv[2]);
    arena_init(&arena, 1 << 20);
    log_init(&log, STDERR_FILENO, LOG_INFO, &clock);
    id_source_init(&ids, &clock, &id_chance);
    struct ctx ctx = {.arena = &arena, .clock = &clock, .rand = &chance, .ids = &ids, .log = &log};
    test_room_init(&room);
    int64_t port = 0;
    str_to_int(str_from(argc > 1 ? argv[1] : ""), 1, 65535, &port);
    struct server_options options = {.listen_fd = heritage.listen_fd,
                                     .rooms = room.routes,
                                     .argv = (const char *const *)argv,
                                     .ready_fd = heritage.ready_fd > 0 ? heritage.ready_fd : 0};
    if (options.listen_fd < 0 && server_listen(&ctx, "127.0.0.1", (int)port, &options.listen_fd))
        return fail(&ctx);
    int status = serve(&ctx, &room, &options);
    id_source_release(&ids);
    arena_release(&arena);
    return status;
}
