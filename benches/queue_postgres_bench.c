/* The queue on PostgreSQL, beside plain SKIP LOCKED statements that pgbench runs on the server.
 *
 * Theirs: a table of bodies with an index by time, batches of ten; each of send, receive and delete
 * is a transaction, as ours are. Four clients each. */
#include <fcntl.h>
#include <ftw.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "flow/flow_schema.h"
#include "harness/postgres.h"
#include "queue_cycle.h"

enum {
    MEMORY_MAX = 16 << 20,
    ROUND_S = 2, /* pgbench counts whole seconds */
    OUTPUT_MAX = 8 << 10,
    TEXT_MAX = 512,
    REMOVE_OPEN_MAX = 16,
    CALLERS = 4,
    BATCH = 10,
};

static const struct schema *const schemas[] = {&flow_schema, NULL};

static const char tables[] =
    "CREATE TABLE bench_queue (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
    " visible bigint NOT NULL, receives int NOT NULL, body text NOT NULL);"
    "CREATE INDEX bench_queue_visible ON bench_queue (visible, id)";

/* A receive remembers its ids as text, for pgbench has no other variables. */
static const char script[] =
    "INSERT INTO bench_queue (visible, receives, body)"
    " SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, 0, repeat('b', 1024)"
    " FROM generate_series(1, 10);\n"
    "WITH got AS (UPDATE bench_queue SET receives = receives + 1,"
    " visible = (extract(epoch FROM clock_timestamp()) * 1000000)::bigint + 30000000"
    " WHERE id IN (SELECT id FROM bench_queue"
    " WHERE visible <= (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
    " ORDER BY visible, id LIMIT 10 FOR UPDATE SKIP LOCKED) RETURNING id, body)"
    " SELECT coalesce(string_agg(id::text, ','), '0') AS ids, sum(length(body)) AS size FROM got"
    " \\gset\n"
    "DELETE FROM bench_queue WHERE id = ANY (string_to_array(':ids', ',')::bigint[]);\n";

struct bench_queue {
    struct postgres server;
    struct db *db;
    struct flow *flow;
    struct ctx ctx;
    struct clock clock;
    struct rand rand;
    struct arena arena;
    PGconn *old; /* a transaction that holds back vacuum; NULL where there is none */
    char folder[64], pgbench[POSTGRES_PROGRAM_MAX];
};

static double cycle_few(void *state, int64_t round_us)
{
    struct bench_queue *bench = state;
    (void)round_us;
    return queue_cycle_rate(bench->flow, BATCH, CALLERS, ROUND_S * SECOND_US);
}

/* pgbench's own words, up to OUTPUT_MAX. */
static bool run_pgbench(struct bench_queue *bench, const char *path, char output[OUTPUT_MAX])
{
    char port[16], seconds[16], clients[16];
    int says[2];
    snprintf(port, sizeof port, "%d", bench->server.port);
    snprintf(seconds, sizeof seconds, "%d", ROUND_S);
    snprintf(clients, sizeof clients, "%d", CALLERS);
    const char *const argv[] = {
        bench->pgbench, "-n", "-M", "simple",    "-c", clients, "-j", "2",    "-T",   seconds,
        "-f",           path, "-h", "127.0.0.1", "-p", port,    "-U", "stoa", "stoa", NULL};
    if (pipe2(says, O_CLOEXEC) < 0)
        return false;
    pid_t pid = fork();
    if (pid == 0) {
        if (dup2(says[1], STDOUT_FILENO) >= 0)
            execv(argv[0], (char *const *)argv);
        _exit(127);
    }
    close(says[1]);
    size_t len = 0;
    for (ssize_t got = 1; pid > 0 && got > 0 && len < OUTPUT_MAX - 1; len += (size_t)got)
        if ((got = read(says[0], output + len, OUTPUT_MAX - 1 - len)) < 0)
            got = 0;
    output[len] = '\0';
    close(says[0]);
    int status = -1;
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

/* Each of its transactions sends, receives and deletes ten. */
static double skip_locked(void *state, int64_t round_us)
{
    struct bench_queue *bench = state;
    char path[TEXT_MAX], output[OUTPUT_MAX];
    (void)round_us;
    snprintf(path, sizeof path, "%s/queue.sql", bench->folder);
    FILE *file = fopen(path, "we");
    bool written = file && fputs(script, file) >= 0;
    if (!file || fclose(file) || !written || !run_pgbench(bench, path, output))
        return 0;
    const char *tps = strstr(output, "tps = ");
    return tps ? strtod(tps + strlen("tps = "), NULL) * BATCH : 0;
}

static int remove_each(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info, (void)kind, (void)where;
    return remove(path);
}

static void queue_bench_close(void *state)
{
    struct bench_queue *bench = state;
    PQfinish(bench->old);
    flow_close(bench->flow);
    if (bench->db)
        db_close(bench->db);
    postgres_stop(&bench->server);
    nftw(bench->folder, remove_each, REMOVE_OPEN_MAX, FTW_DEPTH | FTW_PHYS);
    arena_release(&bench->arena);
    free(bench);
}

static enum err start(struct bench_queue *bench)
{
    char folder[TEXT_MAX];
    struct ctx *ctx = &bench->ctx;
    snprintf(folder, sizeof folder, "%s/server", bench->folder);
    if (mkdir(folder, 0755) || chmod(bench->folder, 0755))
        return err_system(&ctx->err, "", "cannot make %s", folder);
    TRY(postgres_program(ctx, "pgbench", bench->pgbench));
    TRY(postgres_start(ctx, folder, true, &bench->server));
    TRY(postgres_sql(ctx, &bench->server, tables, NULL));
    struct db_options options = {.url = str_from(bench->server.url), .schemas = schemas};
    TRY(db_open(ctx, &options, &bench->db));
    return queue_cycle_open(bench->db, ctx, &bench->flow);
}

static void *queue_bench_open(void)
{
    struct bench_queue *bench = calloc(1, sizeof *bench);
    if (!bench)
        return NULL;
    bench->clock = clock_system();
    bench->rand = rand_system();
    bench->ctx = (struct ctx){.arena = &bench->arena, .clock = &bench->clock, .rand = &bench->rand};
    arena_init(&bench->arena, MEMORY_MAX);
    snprintf(bench->folder, sizeof bench->folder, "/var/tmp/stoa-bench-XXXXXX");
    if (mkdtemp(bench->folder) && start(bench) == ERR_OK)
        return bench;
    fprintf(stderr, "queue: %s\n", bench->ctx.err.operator);
    queue_bench_close(bench);
    return NULL;
}

/* What it may see stays, dead or not, for as long as it is open. */
static void *old_snapshot_open(void)
{
    struct bench_queue *bench = queue_bench_open();
    PGresult *result = NULL;
    if (!bench)
        return NULL;
    bench->old = PQconnectdb(bench->server.url);
    result = PQexec(bench->old, "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM bench_queue");
    bool opened = PQresultStatus(result) == PGRES_TUPLES_OK;
    PQclear(result);
    if (opened)
        return bench;
    queue_bench_close(bench);
    return NULL;
}

static const struct bench_figure figures[] = {
    {"queue_postgres", BENCH_PER_SECOND, {{"stoa", cycle_few}, {"SKIP LOCKED", skip_locked}}},
    {0},
};

static const struct bench_figure old_figures[] = {
    {"queue_postgres_old_snapshot",
     BENCH_PER_SECOND,
     {{"stoa", cycle_few}, {"SKIP LOCKED", skip_locked}}},
    {0},
};

const struct bench_group queue_postgres_bench = {"queue", queue_bench_open, queue_bench_close,
                                                 figures};
const struct bench_group queue_old_bench = {"queue", old_snapshot_open, queue_bench_close,
                                            old_figures};
