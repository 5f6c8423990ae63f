/* PostgreSQL: 64 callers of db_write beside pgbench with the same statement on the same server. */
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "callers.h"
#include "harness/postgres.h"

enum {
    MEMORY_MAX = 16 << 20,
    ROUND_S = 1, /* pgbench counts whole seconds */
    OUTPUT_MAX = 8 << 10,
    TEXT_MAX = 512,
    REMOVE_OPEN_MAX = 16,
};

/* What both sides run; `pgbench` says where its parameter comes from. */
struct bench_statement {
    struct query query;
    const char *pgbench;
};

static const enum db_type an_int[] = {DB_INT};

static const struct bench_statement commit = {
    {.name = "commit",
     .postgres = "INSERT INTO bench_line (k, v) VALUES ($1, 1)",
     .param_types = an_int,
     .param_count = 1,
     .writes = true},
    "\\set k random(1, 9000000000000000000)\nINSERT INTO bench_line (k, v) VALUES (:k, 1);\n"};

static const struct bench_statement hot_row = {
    {.name = "hot_row",
     .postgres = "UPDATE bench_row SET n = n - 1 WHERE id <> $1",
     .param_types = an_int,
     .param_count = 1,
     .writes = true},
    "\\set k random(1, 9000000000000000000)\nUPDATE bench_row SET n = n - 1 WHERE id <> :k;\n"};

static const char tables[] =
    "CREATE TABLE bench_line (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
    " k bigint NOT NULL, v bigint NOT NULL); CREATE INDEX bench_line_k ON bench_line (k);"
    "CREATE TABLE bench_row (id bigint PRIMARY KEY, n bigint NOT NULL);"
    "INSERT INTO bench_row VALUES (0, 0)";

struct bench_postgres {
    struct postgres server;
    struct db *db;
    struct ctx ctx;
    struct clock clock;
    struct arena arena;
    char folder[64], pgbench[POSTGRES_PROGRAM_MAX];
};

static double run_ours(struct bench_postgres *bench, const struct query *query)
{
    return callers_rate(bench->db, query, ROUND_S * SECOND_US);
}

/* pgbench's own words, up to OUTPUT_MAX. */
static bool run_pgbench(struct bench_postgres *bench, const char *script, const char *clients,
                        char output[OUTPUT_MAX])
{
    char port[16], seconds[16];
    int says[2];
    snprintf(port, sizeof port, "%d", bench->server.port);
    snprintf(seconds, sizeof seconds, "%d", ROUND_S);
    const char *const argv[] = {
        bench->pgbench, "-n",   "-M", "prepared",  "-c", clients, "-j", "2",    "-T",   seconds,
        "-f",           script, "-h", "127.0.0.1", "-p", port,    "-U", "stoa", "stoa", NULL};
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

static double run_theirs(struct bench_postgres *bench, const struct bench_statement *statement,
                         const char *clients)
{
    char script[TEXT_MAX], output[OUTPUT_MAX];
    snprintf(script, sizeof script, "%s/%s.sql", bench->folder, statement->query.name);
    FILE *file = fopen(script, "we");
    bool written = file && fputs(statement->pgbench, file) >= 0;
    if (!file || fclose(file) || !written || !run_pgbench(bench, script, clients, output))
        return 0;
    const char *tps = strstr(output, "tps = ");
    return tps ? strtod(tps + strlen("tps = "), NULL) : 0;
}

#define SIDES(statement)                                          \
    static double statement##_ours(void *state, int64_t round_us) \
    {                                                             \
        (void)round_us;                                           \
        return run_ours(state, &(statement).query);               \
    }
#define SIDE(statement, clients)                                       \
    static double statement##_##clients(void *state, int64_t round_us) \
    {                                                                  \
        (void)round_us;                                                \
        return run_theirs(state, &(statement), #clients);              \
    }

SIDES(commit)
SIDE(commit, 16)
SIDE(commit, 32)
SIDE(commit, 64)
SIDE(commit, 96)
SIDES(hot_row)
SIDE(hot_row, 64)

static int remove_each(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info;
    (void)kind;
    (void)where;
    return remove(path);
}

static void postgres_bench_close(void *state)
{
    struct bench_postgres *bench = state;
    if (bench->db)
        db_close(bench->db);
    postgres_stop(&bench->server);
    nftw(bench->folder, remove_each, REMOVE_OPEN_MAX, FTW_DEPTH | FTW_PHYS);
    arena_release(&bench->arena);
    free(bench);
}

static enum err start(struct bench_postgres *bench)
{
    char folder[TEXT_MAX];
    struct ctx *ctx = &bench->ctx;
    snprintf(folder, sizeof folder, "%s/server", bench->folder);
    if (mkdir(folder, 0755) || chmod(bench->folder, 0755))
        return err_system(&ctx->err, "", "cannot make %s", folder);
    TRY(postgres_program(ctx, "pgbench", bench->pgbench));
    TRY(postgres_start(ctx, folder, true, &bench->server));
    TRY(postgres_sql(ctx, &bench->server, tables, NULL));
    struct db_options options = {.url = str_from(bench->server.url)};
    return db_open(ctx, &options, &bench->db);
}

/* On a disk, not in memory: what is measured is mostly how often it is waited for. */
static void *postgres_bench_open(void)
{
    struct bench_postgres *bench = calloc(1, sizeof *bench);
    if (!bench)
        return NULL;
    bench->clock = clock_system();
    bench->ctx = (struct ctx){.arena = &bench->arena, .clock = &bench->clock};
    arena_init(&bench->arena, MEMORY_MAX);
    snprintf(bench->folder, sizeof bench->folder, "/var/tmp/stoa-bench-XXXXXX");
    if (mkdtemp(bench->folder) && start(bench) == ERR_OK)
        return bench;
    fprintf(stderr, "postgres: %s\n", bench->ctx.err.operator);
    postgres_bench_close(bench);
    return NULL;
}

static const struct bench_figure figures[] = {
    {"commit_postgres",
     BENCH_PER_SECOND,
     {{"stoa", commit_ours},
      {"pgbench 16", commit_16},
      {"pgbench 32", commit_32},
      {"pgbench 64", commit_64},
      {"pgbench 96", commit_96}}},
    {"hot_row_postgres", BENCH_PER_SECOND, {{"stoa", hot_row_ours}, {"pgbench 64", hot_row_64}}},
    {0},
};

const struct bench_group postgres_commit_bench = {"commit", postgres_bench_open,
                                                  postgres_bench_close, figures};
