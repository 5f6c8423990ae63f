/* Files by link over HTTP, beside nginx that serves the same bytes as files. As with pages, what is
 * told are requests a second of the server's own processor time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "load.h"
#include "object_server.h"
#include "servers.h"

enum {
    CLIENTS = 64,
    CLIENTS_LARGE = 8,
    SERVER_CORE = 0,
    LOAD_CORE = 1,
    GET_ROUND_US = 200000,
    MEMORY_MAX = 1 << 20,
    LINK_LASTS_S = 24 * 3600,
};

enum side { SIDE_OPEN, SIDE_SEALED, SIDE_NGINX, SIDE_COUNT };

static const char *const names[] = {"4k", "1m"};
static const size_t sizes[] = {OBJECT_SMALL, OBJECT_LARGE};

struct bench_get {
    char folder[SERVERS_FOLDER_MAX];
    pid_t pids[SIDE_COUNT];
    int ports[SIDE_COUNT];
    char requests[SIDE_COUNT][2][LOAD_REQUEST_MAX]; /* for the small one, and the large */
};

static enum err make_requests(struct ctx *ctx, struct bench_get *bench, enum side side)
{
    struct objects *objects;
    struct str url = {0};
    TRY(object_server_open(ctx, bench->folder, side == SIDE_SEALED, &objects));
    for (int i = 0; i < 2; i++) {
        enum err err = objects_link(objects, ctx, OBJECTS_LINK_GET, str_from(names[i]),
                                    LINK_LASTS_S, &url);
        snprintf(bench->requests[side][i], LOAD_REQUEST_MAX,
                 "GET " STR_FMT " HTTP/1.1\r\nHost: bench\r\n\r\n", STR_ARG(url));
        if (err)
            return err;
    }
    objects_close(objects);
    return ERR_OK;
}

static bool link_to(struct bench_get *bench, enum side side)
{
    struct arena arena;
    struct clock clock = clock_system();
    struct rand rand = rand_system(), id_rand = rand_system();
    struct id_source ids;
    arena_init(&arena, MEMORY_MAX);
    id_source_init(&ids, &clock, &id_rand);
    struct ctx ctx = {.arena = &arena, .clock = &clock, .rand = &rand, .ids = &ids};
    enum err err = make_requests(&ctx, bench, side);
    id_source_release(&ids);
    arena_release(&arena);
    return !err;
}

static bool start_ours(struct bench_get *bench, enum side side)
{
    char port[16], program[SERVERS_PATH_MAX];
    snprintf(port, sizeof port, "%d", bench->ports[side]);
    if (!servers_program("benches/object_server", program) || !link_to(bench, side))
        return false;
    const char *how = side == SIDE_SEALED ? "sealed" : NULL;
    bench->pids[side] = servers_start((const char *[]){program, port, bench->folder, how, NULL},
                                      NULL, SERVER_CORE);
    return servers_answer(bench->pids[side], bench->ports[side], bench->requests[side][0]);
}

/* The very bytes, as files of nginx. */
static bool start_nginx(struct bench_get *bench)
{
    bool fine = true;
    for (int i = 0; i < 2; i++) {
        char path[SERVERS_PATH_MAX], *bytes = malloc(sizes[i]);
        snprintf(path, sizeof path, "%s/%s", bench->folder, names[i]);
        snprintf(bench->requests[SIDE_NGINX][i], LOAD_REQUEST_MAX,
                 "GET /%s HTTP/1.1\r\nHost: bench\r\n\r\n", names[i]);
        if (bytes)
            memset(bytes, 'x', sizes[i]);
        fine &= bytes && servers_write_file(path, bytes, sizes[i]);
        free(bytes);
    }
    int port = bench->ports[SIDE_NGINX];
    bench->pids[SIDE_NGINX] = servers_start_nginx(bench->folder, port, SERVER_CORE);
    return fine && servers_answer(bench->pids[SIDE_NGINX], port, bench->requests[SIDE_NGINX][0]);
}

/* Each gives the same bytes. */
static bool agree(const struct bench_get *bench)
{
    static char answer[OBJECT_LARGE + (8 << 10)];
    bool fine = true;
    for (int i = 0; i < 2; i++)
        for (int side = 0; side < SIDE_COUNT; side++) {
            size_t len = load_ask(bench->ports[side], bench->requests[side][i], answer,
                                  sizeof answer);
            const char *body = memmem(answer, len, "\r\n\r\n", 4);
            fine &= body && len - (size_t)(body + 4 - answer) == sizes[i] && body[4] == 'x' &&
                    answer[len - 1] == 'x';
        }
    return fine;
}

static void object_get_bench_close(void *state)
{
    struct bench_get *bench = state;
    for (int side = 0; side < SIDE_COUNT; side++)
        servers_stop(bench->pids[side]);
    servers_remove_folder(bench->folder);
    load_pin(LOAD_ANYWHERE);
    free(bench);
}

static void *object_get_bench_open(void)
{
    struct bench_get *bench = calloc(1, sizeof *bench);
    if (!bench)
        return NULL;
    for (int side = 0; side < SIDE_COUNT; side++)
        bench->ports[side] = servers_port();
    if (servers_make_folder(bench->folder) && start_ours(bench, SIDE_OPEN) &&
        start_ours(bench, SIDE_SEALED) && start_nginx(bench) && agree(bench)) {
        load_pin(LOAD_CORE);
        return bench;
    }
    fprintf(stderr, "objects_get: a server did not start, or they do not give the same\n");
    object_get_bench_close(bench);
    return NULL;
}

static double rate_of(const struct bench_get *bench, enum side side, bool large)
{
    return load_processor_rate(bench->pids[side], bench->ports[side],
                               large ? CLIENTS_LARGE : CLIENTS, bench->requests[side][large],
                               GET_ROUND_US);
}

#define SIDE(name, side, large)                       \
    static double name(void *state, int64_t round_us) \
    {                                                 \
        (void)round_us;                               \
        return rate_of(state, side, large);           \
    }

SIDE(small_open, SIDE_OPEN, false)
SIDE(small_sealed, SIDE_SEALED, false)
SIDE(small_nginx, SIDE_NGINX, false)
SIDE(large_open, SIDE_OPEN, true)
SIDE(large_sealed, SIDE_SEALED, true)
SIDE(large_nginx, SIDE_NGINX, true)

static const struct bench_figure figures[] = {
    {"objects_get", BENCH_PER_SECOND, {{"stoa", small_open}, {"nginx, a file", small_nginx}}},
    {"objects_get_sealed",
     BENCH_PER_SECOND,
     {{"stoa", small_sealed}, {"nginx, a file", small_nginx}}},
    {"objects_get_1m", BENCH_PER_SECOND, {{"stoa", large_open}, {"nginx, a file", large_nginx}}},
    {"objects_get_1m_sealed",
     BENCH_PER_SECOND,
     {{"stoa", large_sealed}, {"nginx, a file", large_nginx}}},
    {0},
};

const struct bench_group object_get_bench = {"objects", object_get_bench_open,
                                             object_get_bench_close, figures};
