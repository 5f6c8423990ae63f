/* The server that is measured giving files by link: the program's own routes on a folder.
 *
 *     object_server PORT FOLDER            as they lie there
 *     object_server PORT FOLDER sealed     sealed */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "object_server.h"
#include "ui/ui_routes.h"
#include "web/server.h"

enum { MEMORY_MAX = 16 << 20 };

static struct server *running;

static void drain(int signal)
{
    (void)signal;
    server_drain(running);
}

static enum err put(struct ctx *ctx, struct objects *objects, const char *name, size_t size)
{
    struct objects_put put = {.type = STR("image/png")};
    struct str bytes = str_make(calloc(1, size), size);
    if (!bytes.ptr)
        return err_memory(&ctx->err);
    memset((char *)(uintptr_t)bytes.ptr, 'x', size);
    enum err err = objects_put(objects, ctx, str_from(name), &put,
                               &(struct objects_body){.bytes = bytes}, NULL);
    free((char *)(uintptr_t)bytes.ptr);
    return err;
}

static enum err serve(struct ctx *ctx, const char *folder, int port, bool seals)
{
    static const struct room_routes rooms[] = {{"ui", ui_routes, NULL, NULL}, {0}};
    struct ports ports = {0};
    struct server_options options = {.rooms = rooms, .ports = &ports};
    TRY(object_server_open(ctx, folder, seals, &ports.objects));
    TRY(put(ctx, ports.objects, "4k", OBJECT_SMALL));
    TRY(put(ctx, ports.objects, "1m", OBJECT_LARGE));
    TRY(server_listen(ctx, "127.0.0.1", port, &options.listen_fd));
    TRY(server_open(ctx, &options, &running));
    sigaction(SIGTERM, &(struct sigaction){.sa_handler = drain}, NULL);
    TRY(server_run(running, ctx));
    server_close(running);
    objects_close(ports.objects);
    return ERR_OK;
}

int main(int argc, char **argv)
{
    struct arena arena;
    struct clock clock = clock_system();
    struct rand rand = rand_system(), id_rand = rand_system();
    struct id_source ids;
    arena_init(&arena, MEMORY_MAX);
    id_source_init(&ids, &clock, &id_rand);
    struct ctx ctx = {.arena = &arena, .clock = &clock, .rand = &rand, .ids = &ids};
    int64_t port = 0;
    if ((argc == 3 || argc == 4) && str_to_int(str_from(argv[1]), 1, UINT16_MAX, &port) == ERR_OK &&
        serve(&ctx, argv[2], (int)port, argc == 4) == ERR_OK)
        return EXIT_SUCCESS;
    fprintf(stderr, "object_server: %s %s\n", ctx.err.user, ctx.err.operator);
    return EXIT_FAILURE;
}
