/* What it costs to be watched: the same page from the same program, bare and with all that is
 * measured of it and one trace in a hundred. A ratio of 0.97 is 3 % of the processor's time. */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "load.h"
#include "servers.h"

enum { CLIENTS = 64, SERVER_CORE = 0, LOAD_CORE = 1, WATCH_ROUND_US = 200000 };

#define ASK "GET /page?after=######## HTTP/1.1\r\nHost: bench\r\n\r\n"

struct watch_bench {
    char folder[SERVERS_FOLDER_MAX];
    pid_t watched, bare;
    int watched_port, bare_port;
};

static bool start(const struct watch_bench *bench, int port, const char *how, pid_t *pid)
{
    char text[16], program[SERVERS_PATH_MAX];
    snprintf(text, sizeof text, "%d", port);
    if (!servers_program("benches/page_server", program))
        return false;
    *pid = servers_start((const char *[]){program, text, bench->folder, how, NULL}, NULL,
                         SERVER_CORE);
    return servers_answer(*pid, port, "GET /page HTTP/1.1\r\nHost: bench\r\n\r\n");
}

static void watch_bench_close(void *state)
{
    struct watch_bench *bench = state;
    servers_stop(bench->watched);
    servers_stop(bench->bare);
    servers_remove_folder(bench->folder);
    load_pin(LOAD_ANYWHERE);
    free(bench);
}

static void *watch_bench_open(void)
{
    struct watch_bench *bench = calloc(1, sizeof *bench);
    if (!bench)
        return NULL;
    bench->watched_port = servers_port();
    bench->bare_port = servers_port();
    if (servers_make_folder(bench->folder) && start(bench, bench->bare_port, NULL, &bench->bare) &&
        start(bench, bench->watched_port, "watched", &bench->watched)) {
        load_pin(LOAD_CORE);
        return bench;
    }
    fprintf(stderr, "watch: a server did not start\n");
    watch_bench_close(bench);
    return NULL;
}

static double watched(void *state, int64_t round_us)
{
    const struct watch_bench *bench = state;
    (void)round_us;
    return load_processor_rate(bench->watched, bench->watched_port, CLIENTS, ASK, WATCH_ROUND_US);
}

static double bare(void *state, int64_t round_us)
{
    const struct watch_bench *bench = state;
    (void)round_us;
    return load_processor_rate(bench->bare, bench->bare_port, CLIENTS, ASK, WATCH_ROUND_US);
}

static const struct bench_figure figures[] = {
    {"watch_overhead", BENCH_PER_SECOND, {{"watched", watched}, {"bare", bare}}},
    {0},
};

const struct bench_group watch_bench = {"watch", watch_bench_open, watch_bench_close, figures};
