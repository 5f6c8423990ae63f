/* SQLite: 64 callers of db_write, and reads through db_read, beside bare prepared statements. */
#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "callers.h"

enum {
    ROWS = 1000, /* that are read */
    MEMORY_MAX = 1 << 20,
    COMMIT_ROUND_US = 200000, /* as many fsyncs as make a round tell something */
    PATH_BYTES = 128,
    REMOVE_OPEN_MAX = 16,
};

static const char make_line[] = "CREATE TABLE bench_line (id INTEGER PRIMARY KEY, "
                                "k INTEGER NOT NULL, v TEXT NOT NULL) STRICT";
static const char make_index[] = "CREATE INDEX bench_line_k ON bench_line (k)";
static const char add_text[] = "INSERT INTO bench_line (k, v) VALUES (?1, 'some forty bytes of "
                               "words, as they come')";
static const char find_text[] = "SELECT v FROM bench_line WHERE id = ?1";

static const enum db_type ints[] = {DB_INT}, texts[] = {DB_TEXT};
static const struct query make[] = {
    {.name = "make_line", .sqlite = make_line, .writes = true},
    {.name = "make_index", .sqlite = make_index, .writes = true},
};
static const struct query add = {
    .name = "add", .sqlite = add_text, .param_types = ints, .param_count = 1, .writes = true};
static const struct query find = {.name = "find",
                                  .sqlite = find_text,
                                  .param_types = ints,
                                  .param_count = 1,
                                  .column_types = texts,
                                  .column_count = 1};

/* Both sides have a file of their own beside the other's. */
struct bench_sqlite {
    char folder[PATH_BYTES];
    struct db *db;
    struct ctx ctx;
    struct arena arena;
    struct clock clock;
    sqlite3 *plain;
    sqlite3_stmt *add, *find;
    struct rand rand;
    int64_t next; /* to be read */
    size_t bytes;
};

static enum err make_tables(struct tx *tx, void *arg)
{
    (void)arg;
    TRY(tx_exec(tx, &make[0], NULL, NULL));
    return tx_exec(tx, &make[1], NULL, NULL);
}

static int64_t random_key(struct rand *rand)
{
    return (int64_t)(rand_u64(rand) >> 1);
}

static enum err add_line(struct tx *tx, void *arg)
{
    return tx_exec(tx, &add, (struct db_value[]){db_int(random_key(arg))}, NULL);
}

static enum err add_lines(struct tx *tx, void *arg)
{
    for (int i = 0; i < ROWS; i++)
        TRY(add_line(tx, arg));
    return ERR_OK;
}

static enum err take_text(struct tx *tx, const struct db_value row[], void *into)
{
    size_t *bytes = into;
    (void)tx;
    *bytes += row[0].bytes.len;
    return ERR_OK;
}

static int64_t next_id(struct bench_sqlite *bench)
{
    bench->next = bench->next % ROWS + 1;
    return bench->next;
}

static enum err find_line(struct tx *tx, void *arg)
{
    struct bench_sqlite *bench = arg;
    return tx_query(tx, &find, (struct db_value[]){db_int(next_id(bench))}, take_text,
                    &bench->bytes);
}

static double commit_ours(void *state, int64_t round_us)
{
    struct bench_sqlite *bench = state;
    (void)round_us;
    return callers_rate(bench->db, &add, COMMIT_ROUND_US);
}

static bool add_plain(struct bench_sqlite *bench)
{
    sqlite3_bind_int64(bench->add, 1, random_key(&bench->rand));
    bool added = sqlite3_step(bench->add) == SQLITE_DONE;
    sqlite3_reset(bench->add);
    return added;
}

static void add_plain_once(void *state)
{
    if (!add_plain(state))
        fputs("sqlite: the plain loop failed\n", stderr);
}

static double commit_plain(void *state, int64_t round_us)
{
    (void)round_us;
    return bench_loop(add_plain_once, state, COMMIT_ROUND_US);
}

static void read_once(void *state)
{
    struct bench_sqlite *bench = state;
    if (db_read(bench->db, &bench->ctx, find_line, bench))
        fprintf(stderr, "sqlite: %s\n", bench->ctx.err.operator);
}

static double read_ours(void *state, int64_t round_us)
{
    return bench_loop(read_once, state, round_us);
}

static void read_plain_once(void *state)
{
    struct bench_sqlite *bench = state;
    sqlite3_bind_int64(bench->find, 1, next_id(bench));
    if (sqlite3_step(bench->find) == SQLITE_ROW)
        bench->bytes += (size_t)sqlite3_column_bytes(bench->find, 0);
    sqlite3_reset(bench->find);
}

static double read_plain(void *state, int64_t round_us)
{
    return bench_loop(read_plain_once, state, round_us);
}

static int remove_each(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info, (void)kind, (void)where;
    return remove(path);
}

static void sqlite_bench_close(void *state)
{
    struct bench_sqlite *bench = state;
    if (bench->db)
        db_close(bench->db);
    sqlite3_finalize(bench->add);
    sqlite3_finalize(bench->find);
    sqlite3_close(bench->plain);
    arena_release(&bench->arena);
    nftw(bench->folder, remove_each, REMOVE_OPEN_MAX, FTW_DEPTH | FTW_PHYS);
    free(bench);
}

static bool open_ours(struct bench_sqlite *bench)
{
    char url[PATH_BYTES * 2];
    struct ctx *ctx = &bench->ctx;
    snprintf(url, sizeof url, "sqlite:%s/ours.db", bench->folder);
    struct db_options options = {.url = str_from(url)};
    if (!db_open(ctx, &options, &bench->db) && !db_write(bench->db, ctx, make_tables, NULL) &&
        !db_write(bench->db, ctx, add_lines, &bench->rand))
        return true;
    fprintf(stderr, "sqlite: %s\n", ctx->err.operator);
    return false;
}

/* As durable as ours: WAL and synchronous=FULL, with SQLite's own checkpoints. */
static bool open_plain(struct bench_sqlite *bench)
{
    char path[PATH_BYTES * 2];
    snprintf(path, sizeof path, "%s/plain.db", bench->folder);
    bool ready = sqlite3_open_v2(path, &bench->plain,
                                 SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                                 NULL) == SQLITE_OK &&
                 sqlite3_exec(bench->plain, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL",
                              NULL, NULL, NULL) == SQLITE_OK &&
                 sqlite3_exec(bench->plain, make_line, NULL, NULL, NULL) == SQLITE_OK &&
                 sqlite3_exec(bench->plain, make_index, NULL, NULL, NULL) == SQLITE_OK &&
                 sqlite3_prepare_v2(bench->plain, add_text, -1, &bench->add, NULL) == SQLITE_OK &&
                 sqlite3_prepare_v2(bench->plain, find_text, -1, &bench->find, NULL) == SQLITE_OK;
    for (int i = 0; i < ROWS && ready; i++)
        ready = add_plain(bench);
    if (!ready)
        fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(bench->plain));
    return ready;
}

/* Both sides find the same number of bytes in the same rows. */
static bool agree(struct bench_sqlite *bench)
{
    read_once(bench);
    size_t ours = bench->bytes;
    read_plain_once(bench);
    return ours > 0 && bench->bytes == 2 * ours;
}

/* On a disk, not in memory: what is measured is mostly how often it is waited for. */
static void *sqlite_bench_open(void)
{
    struct bench_sqlite *bench = calloc(1, sizeof *bench);
    if (!bench)
        return NULL;
    bench->rand = rand_system();
    bench->clock = clock_system();
    arena_init(&bench->arena, MEMORY_MAX);
    bench->ctx = (struct ctx){.arena = &bench->arena, .clock = &bench->clock};
    snprintf(bench->folder, sizeof bench->folder, "/var/tmp/stoa-bench-XXXXXX");
    if (mkdtemp(bench->folder) && open_ours(bench) && open_plain(bench) && agree(bench))
        return bench;
    sqlite_bench_close(bench);
    return NULL;
}

static const struct bench_figure commit_figures[] = {
    {"commit_sqlite", BENCH_PER_SECOND, {{"stoa", commit_ours}, {"plain loop", commit_plain}}},
    {0},
};

static const struct bench_figure read_figures[] = {
    {"read", BENCH_US_EACH, {{"stoa", read_ours}, {"statement", read_plain}}},
    {0},
};

const struct bench_group sqlite_commit_bench = {"commit", sqlite_bench_open, sqlite_bench_close,
                                                commit_figures};
const struct bench_group read_bench = {"read", sqlite_bench_open, sqlite_bench_close, read_figures};
