/* From exec to the first answer, and what then stays in memory: the whole program beside nginx. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bench.h"
#include "load.h"
#include "servers.h"

enum { LINE_MAX_LEN = 256, KILO = 1024 };

#define ASK_STOA  "GET /healthz HTTP/1.1\r\nHost: bench\r\n\r\n"
#define ASK_NGINX "GET /fixed HTTP/1.1\r\nHost: bench\r\n\r\n"

struct bench_start {
    char folder[SERVERS_FOLDER_MAX], stoa[SERVERS_PATH_MAX];
    double stoa_mb, nginx_mb; /* of the last one started */
};

/* A line of /proc/PID/status in kilobytes. */
static double kilobytes_of(pid_t pid, const char *name)
{
    char line[LINE_MAX_LEN];
    double kilobytes = 0;
    snprintf(line, sizeof line, "/proc/%d/status", (int)pid);
    FILE *status = fopen(line, "re");
    while (status && fgets(line, sizeof line, status))
        if (strncmp(line, name, strlen(name)) == 0)
            kilobytes = strtod(line + strlen(name), NULL);
    if (status)
        fclose(status);
    return kilobytes;
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

/* Megabytes of a process and its child: what each has by itself, and once what both have of the
 * same program. */
static double resident_mb(pid_t pid)
{
    pid_t child = servers_child(pid);
    double own = kilobytes_of(pid, "RssAnon:"), shared = kilobytes_of(pid, "RssFile:");
    if (child) {
        own += kilobytes_of(child, "RssAnon:");
        shared = larger(shared, kilobytes_of(child, "RssFile:"));
    }
    return (own + shared + kilobytes_of(child ? child : pid, "RssShmem:")) / KILO;
}

static pid_t start_stoa(struct bench_start *bench, int port)
{
    char in[LINE_MAX_LEN], on[LINE_MAX_LEN];
    snprintf(in, sizeof in, "STOA_DATA=%s/data", bench->folder);
    snprintf(on, sizeof on, "PORT=%d", port);
    return servers_start((const char *[]){bench->stoa, "serve", NULL},
                         (const char *[]){in, on, "LOG_LEVEL=error", NULL}, SERVERS_ANYWHERE);
}

/* Starts a second. */
static double run_stoa(struct bench_start *bench)
{
    struct clock clock = clock_system();
    int port = servers_port();
    int64_t begun_us = clock_tick_us(&clock);
    pid_t pid = start_stoa(bench, port);
    bool answered = servers_answer(pid, port, ASK_STOA);
    int64_t passed_us = clock_tick_us(&clock) - begun_us;
    bench->stoa_mb = resident_mb(pid);
    servers_stop(pid);
    return answered ? (double)SECOND_US / (double)passed_us : 0;
}

static double run_nginx(struct bench_start *bench)
{
    struct clock clock = clock_system();
    int port = servers_port();
    int64_t begun_us = clock_tick_us(&clock);
    pid_t pid = servers_start_nginx(bench->folder, port, SERVERS_ANYWHERE);
    bool answered = servers_answer(pid, port, ASK_NGINX);
    int64_t passed_us = clock_tick_us(&clock) - begun_us;
    bench->nginx_mb = resident_mb(pid);
    servers_stop(pid);
    return answered ? (double)SECOND_US / (double)passed_us : 0;
}

static double start_ours(void *state, int64_t round_us)
{
    (void)round_us;
    return run_stoa(state);
}

static double start_nginx(void *state, int64_t round_us)
{
    (void)round_us;
    return run_nginx(state);
}

static double resident_ours(void *state, int64_t round_us)
{
    struct bench_start *bench = state;
    (void)round_us;
    return run_stoa(bench) > 0 ? 1 / bench->stoa_mb : 0;
}

static double resident_nginx(void *state, int64_t round_us)
{
    struct bench_start *bench = state;
    (void)round_us;
    return run_nginx(bench) > 0 ? 1 / bench->nginx_mb : 0;
}

static void start_bench_close(void *state)
{
    struct bench_start *bench = state;
    servers_remove_folder(bench->folder);
    free(bench);
}

static void *start_bench_open(void)
{
    struct bench_start *bench = calloc(1, sizeof *bench);
    if (!bench)
        return NULL;
    if (servers_make_folder(bench->folder) && servers_program("stoa", bench->stoa))
        return bench;
    start_bench_close(bench);
    return NULL;
}

static const struct bench_figure figures[] = {
    {"start_ms", BENCH_MS_EACH, {{"stoa", start_ours}, {"nginx", start_nginx}}},
    {"idle_resident_mb", BENCH_MB_EACH, {{"stoa", resident_ours}, {"nginx", resident_nginx}}},
    {0},
};

const struct bench_group start_bench = {"start", start_bench_open, start_bench_close, figures};
