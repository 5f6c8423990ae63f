/* From a crash under load to the first answer of the server that was started again, beside nginx's
 * master, which forks another worker. */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "bench.h"
#include "load.h"
#include "servers.h"

enum {
    LINE_MAX_LEN = 256,
    CONFIG_MAX = 2048,
    ANSWER_MAX = 64 << 10,
    KEEPERS = 16, /* connections that stay, of one thread */
    COMERS = 2,   /* threads that take a new connection for each request */
    WARM_MS = 150,
    ROUND_US = 50000,
    TRIES_MAX = 20000,
    DEATH_MS = 10000,
};

#define ASK_STOA  "GET / HTTP/1.1\r\nHost: bench\r\n"
#define ASK_NGINX "GET /fixed HTTP/1.1\r\nHost: bench\r\n"

/* Its master has the socket, as our supervisor has. */
static const char nginx_conf[] =
    "daemon off; worker_processes 1; pid %s/nginx.pid; error_log %s/error.log crit;\n"
    "events { worker_connections 1024; }\n"
    "http {\n"
    "  access_log off;\n"
    "  client_body_temp_path %s/t1; proxy_temp_path %s/t2; fastcgi_temp_path %s/t3;\n"
    "  uwsgi_temp_path %s/t4; scgi_temp_path %s/t5;\n"
    "  server { listen 127.0.0.1:%d;\n"
    "    location = /fixed { default_type text/plain;\n"
    "      return 200 \"A few bytes that are always the same.\\n\"; } }\n"
    "}\n";

struct bench_crash {
    char folder[SERVERS_FOLDER_MAX], stoa[SERVERS_PATH_MAX];
    double worst_ms;
};

struct crowd {
    int port;
    char keeps[LINE_MAX_LEN], comes[LINE_MAX_LEN];
    _Atomic bool over;
    _Atomic int64_t answered;
    pthread_t threads[COMERS + 1];
};

/* What broke is opened again, as a browser does. */
static void *keep(void *arg)
{
    struct crowd *crowd = arg;
    while (!crowd->over) {
        struct load load;
        bool opened = load_open(&load, crowd->port, KEEPERS, crowd->keeps);
        while (opened && !crowd->over && load_rate(&load, ROUND_US) > 0)
            ;
        load_close(&load);
    }
    return NULL;
}

static void *come(void *arg)
{
    static _Thread_local char answer[ANSWER_MAX];
    struct crowd *crowd = arg;
    while (!crowd->over)
        crowd->answered += load_ask(crowd->port, crowd->comes, answer, sizeof answer) > 0;
    return NULL;
}

static void crowd_begin(struct crowd *crowd, int port, const char *ask)
{
    *crowd = (struct crowd){.port = port};
    snprintf(crowd->keeps, sizeof crowd->keeps, "%s\r\n", ask);
    snprintf(crowd->comes, sizeof crowd->comes, "%sConnection: close\r\n\r\n", ask);
    for (int i = 0; i <= COMERS; i++)
        pthread_create(&crowd->threads[i], NULL, i ? come : keep, crowd);
    nanosleep(&(struct timespec){.tv_nsec = WARM_MS * 1000000L}, NULL);
}

static void crowd_end(struct crowd *crowd)
{
    crowd->over = true;
    for (int i = 0; i <= COMERS; i++)
        pthread_join(crowd->threads[i], NULL);
}

/* Milliseconds until somebody who comes now is answered by another; 0 where nobody is. */
static double crash(pid_t server, const struct crowd *crowd)
{
    char answer[ANSWER_MAX];
    struct clock clock = clock_system();
    struct pollfd death = {pidfd_open(server, 0), POLLIN, 0};
    int64_t begun_us = clock_tick_us(&clock), passed_us = 0;
    if (death.fd < 0 || kill(server, SIGSEGV) || poll(&death, 1, DEATH_MS) != 1)
        return 0;
    for (int tries = 0; !passed_us && tries < TRIES_MAX; tries++)
        if (load_ask(crowd->port, crowd->comes, answer, sizeof answer) > 0)
            passed_us = clock_tick_us(&clock) - begun_us;
    close(death.fd);
    return (double)passed_us / 1000;
}

static double crash_under_load(pid_t pid, int port, const char *ask)
{
    struct crowd crowd;
    char plain[LINE_MAX_LEN];
    double ms = 0;
    snprintf(plain, sizeof plain, "%s\r\n", ask);
    if (servers_answer(pid, port, plain)) {
        crowd_begin(&crowd, port, ask);
        ms = crash(servers_child(pid), &crowd);
        crowd_end(&crowd);
    }
    servers_stop(pid);
    return ms;
}

/* Its log is thrown away: it has the report of each crash in it. */
static double crash_ours(void *state, int64_t round_us)
{
    struct bench_crash *bench = state;
    char in[LINE_MAX_LEN], on[LINE_MAX_LEN];
    int port = servers_port();
    (void)round_us;
    snprintf(in, sizeof in, "STOA_DATA=%s/data", bench->folder);
    snprintf(on, sizeof on, "PORT=%d", port);
    static const char quiet[] = "exec \"$0\" serve 2>/dev/null";
    pid_t pid = servers_start((const char *[]){"/bin/sh", "-c", quiet, bench->stoa, NULL},
                              (const char *[]){in, on, NULL}, SERVERS_ANYWHERE);
    double ms = crash_under_load(pid, port, ASK_STOA);
    bench->worst_ms = ms > bench->worst_ms ? ms : bench->worst_ms;
    return ms > 0 ? 1000 / ms : 0;
}

static double crash_nginx(void *state, int64_t round_us)
{
    struct bench_crash *bench = state;
    char text[CONFIG_MAX], path[SERVERS_PATH_MAX];
    int port = servers_port();
    const char *in = bench->folder;
    (void)round_us;
    int len = snprintf(text, sizeof text, nginx_conf, in, in, in, in, in, in, in, port);
    snprintf(path, sizeof path, "%s/nginx.conf", in);
    if (!servers_write_file(path, text, (size_t)len))
        return 0;
    pid_t pid = servers_start((const char *[]){"nginx", "-p", in, "-c", path, NULL}, NULL,
                              SERVERS_ANYWHERE);
    double ms = crash_under_load(pid, port, ASK_NGINX);
    return ms > 0 ? 1000 / ms : 0;
}

static void crash_bench_close(void *state)
{
    struct bench_crash *bench = state;
    fprintf(stderr, "crash_to_serving_ms: the worst of ours was %.1f ms\n", bench->worst_ms);
    servers_remove_folder(bench->folder);
    free(bench);
}

static void *crash_bench_open(void)
{
    struct bench_crash *bench = calloc(1, sizeof *bench);
    if (!bench)
        return NULL;
    if (servers_make_folder(bench->folder) && servers_program("stoa", bench->stoa))
        return bench;
    crash_bench_close(bench);
    return NULL;
}

static const struct bench_figure figures[] = {
    {"crash_to_serving_ms", BENCH_MS_EACH, {{"stoa", crash_ours}, {"nginx", crash_nginx}}},
    {0},
};

const struct bench_group crash_bench = {"crash", crash_bench_open, crash_bench_close, figures};
