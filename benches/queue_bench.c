/* The queue on SQLite, beside a loop that inserts the same rows of 1 KB, a thousand a commit. */
#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "flow/flow_schema.h"
#include "queue_cycle.h"

enum {
    MEMORY_MAX = 16 << 20,
    ROUND_US = 300000,
    PATH_BYTES = 128,
    LOOP_BATCH = 1000,
    CALLERS = CYCLE_CALLERS_MAX,
    REMOVE_OPEN_MAX = 16,
};

static const struct schema *const schemas[] = {&flow_schema, NULL};

struct bench_queue {
    char folder[PATH_BYTES], body[CYCLE_BODY];
    struct db *db;
    struct flow *flow;
    struct ctx ctx;
    struct arena arena;
    struct clock clock;
    struct rand rand;
    sqlite3 *plain;
    sqlite3_stmt *add;
};

static double cycle_ten(void *state, int64_t round_us)
{
    struct bench_queue *bench = state;
    (void)round_us;
    return queue_cycle_rate(bench->flow, 10, CALLERS, ROUND_US);
}

static double cycle_one(void *state, int64_t round_us)
{
    struct bench_queue *bench = state;
    (void)round_us;
    return queue_cycle_rate(bench->flow, 1, CYCLE_CALLERS_MAX, ROUND_US);
}

static bool run(struct bench_queue *bench, const char *text)
{
    return sqlite3_exec(bench->plain, text, NULL, NULL, NULL) == SQLITE_OK;
}

static bool add_batch(struct bench_queue *bench)
{
    bool fine = run(bench, "BEGIN IMMEDIATE");
    for (int i = 0; i < LOOP_BATCH && fine; i++) {
        sqlite3_bind_text(bench->add, 1, bench->body, sizeof bench->body, SQLITE_STATIC);
        fine = sqlite3_step(bench->add) == SQLITE_DONE;
        sqlite3_reset(bench->add);
    }
    return fine && run(bench, "COMMIT");
}

/* Emptied before each round, outside of what is measured, as the queue is empty too. */
static double insert_plain(void *state, int64_t round_us)
{
    struct bench_queue *bench = state;
    (void)round_us;
    bool fine = run(bench, "DELETE FROM bench_row") &&
                run(bench, "PRAGMA wal_checkpoint(TRUNCATE)");
    int64_t begun_us = clock_tick_us(&bench->clock), rows = 0, passed_us = 0;
    while (fine && passed_us < ROUND_US) {
        fine = add_batch(bench);
        rows += LOOP_BATCH;
        passed_us = clock_tick_us(&bench->clock) - begun_us;
    }
    return fine ? (double)rows * (double)SECOND_US / (double)passed_us : 0;
}

static int remove_each(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info, (void)kind, (void)where;
    return remove(path);
}

static void queue_bench_close(void *state)
{
    struct bench_queue *bench = state;
    flow_close(bench->flow);
    if (bench->db)
        db_close(bench->db);
    sqlite3_finalize(bench->add);
    sqlite3_close(bench->plain);
    arena_release(&bench->arena);
    nftw(bench->folder, remove_each, REMOVE_OPEN_MAX, FTW_DEPTH | FTW_PHYS);
    free(bench);
}

static bool open_ours(struct bench_queue *bench)
{
    char url[PATH_BYTES * 2];
    snprintf(url, sizeof url, "sqlite:%s/ours.db", bench->folder);
    struct db_options options = {.url = str_from(url), .schemas = schemas};
    if (!db_open(&bench->ctx, &options, &bench->db) &&
        !queue_cycle_open(bench->db, &bench->ctx, &bench->flow))
        return true;
    fprintf(stderr, "queue: %s\n", bench->ctx.err.operator);
    return false;
}

/* As durable as ours: WAL and synchronous=FULL, with SQLite's own checkpoints. */
static bool open_plain(struct bench_queue *bench)
{
    char path[PATH_BYTES * 2];
    memset(bench->body, 'b', sizeof bench->body);
    snprintf(path, sizeof path, "%s/plain.db", bench->folder);
    return sqlite3_open_v2(path, &bench->plain,
                           SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                           NULL) == SQLITE_OK &&
           run(bench, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL") &&
           run(bench, "CREATE TABLE bench_row (number INTEGER PRIMARY KEY, body TEXT NOT NULL) "
                      "STRICT") &&
           sqlite3_prepare_v2(bench->plain, "INSERT INTO bench_row (body) VALUES (?1)", -1,
                              &bench->add, NULL) == SQLITE_OK;
}

/* On a disk, not in memory: what is measured is also how often it is waited for. */
static void *queue_bench_open(void)
{
    struct bench_queue *bench = calloc(1, sizeof *bench);
    if (!bench)
        return NULL;
    bench->rand = rand_system();
    bench->clock = clock_system();
    arena_init(&bench->arena, MEMORY_MAX);
    bench->ctx = (struct ctx){.arena = &bench->arena, .clock = &bench->clock, .rand = &bench->rand};
    snprintf(bench->folder, sizeof bench->folder, "/var/tmp/stoa-bench-XXXXXX");
    if (mkdtemp(bench->folder) && open_ours(bench) && open_plain(bench))
        return bench;
    queue_bench_close(bench);
    return NULL;
}

static const struct bench_figure figures[] = {
    {"queue_sqlite_batch10",
     BENCH_PER_SECOND,
     {{"stoa", cycle_ten}, {"rows by the thousand", insert_plain}}},
    {"queue_sqlite_batch1",
     BENCH_PER_SECOND,
     {{"stoa", cycle_one}, {"rows by the thousand", insert_plain}}},
    {0},
};

const struct bench_group queue_bench = {"queue", queue_bench_open, queue_bench_close, figures};
