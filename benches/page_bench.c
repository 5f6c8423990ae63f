/* Pages over HTTP, beside nginx that serves the same bytes as a file. Each server has one core to
 * itself and the load another. What is told are requests a second of the server's own processor
 * time: the load may be the slower of the two. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "load.h"
#include "servers.h"

enum {
    CLIENTS = 64,
    SERVER_CORE = 0,
    LOAD_CORE = 1,
    PAGE_ROUND_US = 200000,
    ANSWER_MAX = 64 << 10
};

#define ASK(path) "GET " path " HTTP/1.1\r\nHost: bench\r\n\r\n"

struct bench_page {
    char folder[SERVERS_FOLDER_MAX];
    pid_t ours, nginx;
    int our_port, nginx_port;
};

static bool start_ours(struct bench_page *bench)
{
    char port[16], program[SERVERS_PATH_MAX];
    snprintf(port, sizeof port, "%d", bench->our_port);
    if (!servers_program("benches/page_server", program))
        return false;
    bench->ours = servers_start((const char *[]){program, port, bench->folder, NULL}, NULL,
                                SERVER_CORE);
    return servers_answer(bench->ours, bench->our_port, ASK("/page"));
}

/* The very bytes of our page, as files of nginx. */
static bool write_pages(struct bench_page *bench)
{
    static const char *const names[] = {"page", "cached"};
    char answer[ANSWER_MAX], path[SERVERS_PATH_MAX];
    size_t len = load_ask(bench->our_port, ASK("/page"), answer, sizeof answer);
    const char *body = memmem(answer, len, "\r\n\r\n", 4);
    bool fine = body != NULL;
    for (size_t i = 0; fine && i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", bench->folder, names[i]);
        fine = servers_write_file(path, body + 4, len - (size_t)(body + 4 - answer));
    }
    return fine;
}

static bool start_nginx(struct bench_page *bench)
{
    bench->nginx = servers_start_nginx(bench->folder, bench->nginx_port, SERVER_CORE);
    return servers_answer(bench->nginx, bench->nginx_port, ASK("/page"));
}

static void page_bench_close(void *state)
{
    struct bench_page *bench = state;
    servers_stop(bench->ours);
    servers_stop(bench->nginx);
    servers_remove_folder(bench->folder);
    load_pin(LOAD_ANYWHERE);
    free(bench);
}

static void *page_bench_open(void)
{
    struct bench_page *bench = calloc(1, sizeof *bench);
    if (!bench)
        return NULL;
    bench->our_port = servers_port();
    bench->nginx_port = servers_port();
    if (servers_make_folder(bench->folder) && start_ours(bench) && write_pages(bench) &&
        start_nginx(bench)) {
        load_pin(LOAD_CORE);
        return bench;
    }
    fprintf(stderr, "page: a server did not start\n");
    page_bench_close(bench);
    return NULL;
}

static double rate_of(pid_t pid, int port, const char *request)
{
    return load_processor_rate(pid, port, CLIENTS, request, PAGE_ROUND_US);
}

#define SIDES(name, request)                                      \
    static double name##_ours(void *state, int64_t round_us)      \
    {                                                             \
        const struct bench_page *bench = state;                   \
        (void)round_us;                                           \
        return rate_of(bench->ours, bench->our_port, request);    \
    }                                                             \
    static double name##_nginx(void *state, int64_t round_us)     \
    {                                                             \
        const struct bench_page *bench = state;                   \
        (void)round_us;                                           \
        return rate_of(bench->nginx, bench->nginx_port, request); \
    }

SIDES(page, ASK("/page?after=########"))
SIDES(page_cached, ASK("/cached"))
SIDES(fixed, ASK("/fixed"))

static const struct bench_figure figures[] = {
    {"page", BENCH_PER_SECOND, {{"stoa", page_ours}, {"nginx, a file", page_nginx}}},
    {"page_cached",
     BENCH_PER_SECOND,
     {{"stoa", page_cached_ours}, {"nginx, a file", page_cached_nginx}}},
    {"fixed", BENCH_PER_SECOND, {{"stoa", fixed_ours}, {"nginx, return", fixed_nginx}}},
    {0},
};

const struct bench_group page_bench = {"page", page_bench_open, page_bench_close, figures};
