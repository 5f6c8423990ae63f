/* Durable writes over HTTP: 64 clients of the server beside 64 callers of db_write in this process,
 * on the same disk. */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "bench.h"
#include "callers.h"
#include "load.h"
#include "servers.h"

enum { COMMIT_ROUND_US = 300000, MEMORY_MAX = 1 << 20 };

#define ASK_LINE "POST /line HTTP/1.1\r\nHost: bench\r\nContent-Length: 0\r\n\r\n"

static const char make_line[] = "CREATE TABLE bench_line (id INTEGER PRIMARY KEY, "
                                "k INTEGER NOT NULL, v TEXT NOT NULL) STRICT";
static const char make_index[] = "CREATE INDEX bench_line_k ON bench_line (k)";
static const char add_text[] = "INSERT INTO bench_line (k, v) VALUES (?1, 'some forty bytes of "
                               "words, as they come')";

static const enum db_type an_int[] = {DB_INT};
static const struct query make[] = {
    {.name = "make_line", .sqlite = make_line, .writes = true},
    {.name = "make_index", .sqlite = make_index, .writes = true},
};
static const struct query add = {
    .name = "add", .sqlite = add_text, .param_types = an_int, .param_count = 1, .writes = true};

struct bench_http {
    char folder[SERVERS_FOLDER_MAX];
    pid_t server;
    int port;
    struct db *db;
    struct ctx ctx;
    struct arena arena;
    struct clock clock;
};

static enum err make_tables(struct tx *tx, void *arg)
{
    (void)arg;
    TRY(tx_exec(tx, &make[0], NULL, NULL));
    return tx_exec(tx, &make[1], NULL, NULL);
}

static bool open_own(struct bench_http *bench)
{
    char url[SERVERS_PATH_MAX];
    snprintf(url, sizeof url, "sqlite:%s/own.db", bench->folder);
    return !db_open(&bench->ctx, &(struct db_options){.url = str_from(url)}, &bench->db) &&
           !db_write(bench->db, &bench->ctx, make_tables, NULL);
}

static bool start_server(struct bench_http *bench)
{
    char port[16], program[SERVERS_PATH_MAX];
    bench->port = servers_port();
    snprintf(port, sizeof port, "%d", bench->port);
    if (!servers_program("benches/page_server", program))
        return false;
    bench->server = servers_start((const char *[]){program, port, bench->folder, NULL}, NULL,
                                  SERVERS_ANYWHERE);
    return servers_answer(bench->server, bench->port, ASK_LINE);
}

static void http_bench_close(void *state)
{
    struct bench_http *bench = state;
    if (bench->db)
        db_close(bench->db);
    servers_stop(bench->server);
    servers_remove_folder(bench->folder);
    arena_release(&bench->arena);
    free(bench);
}

static void *http_bench_open(void)
{
    struct bench_http *bench = calloc(1, sizeof *bench);
    if (!bench)
        return NULL;
    bench->clock = clock_system();
    arena_init(&bench->arena, MEMORY_MAX);
    bench->ctx = (struct ctx){.arena = &bench->arena, .clock = &bench->clock};
    if (servers_make_folder(bench->folder) && open_own(bench) && start_server(bench))
        return bench;
    fprintf(stderr, "commit over HTTP: %s %s\n", bench->ctx.err.user, bench->ctx.err.operator);
    http_bench_close(bench);
    return NULL;
}

static double over_http(void *state, int64_t round_us)
{
    struct bench_http *bench = state;
    struct load load;
    (void)round_us;
    double rate = load_open(&load, bench->port, CALLERS, ASK_LINE)
                      ? load_rate(&load, COMMIT_ROUND_US)
                      : 0;
    load_close(&load);
    return rate;
}

static double in_process(void *state, int64_t round_us)
{
    struct bench_http *bench = state;
    (void)round_us;
    return callers_rate(bench->db, &add, COMMIT_ROUND_US);
}

static const struct bench_figure figures[] = {
    {"commit_http_sqlite", BENCH_PER_SECOND, {{"stoa", over_http}, {"in process", in_process}}},
    {0},
};

const struct bench_group http_commit_bench = {"commit", http_bench_open, http_bench_close, figures};
