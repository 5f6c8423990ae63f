/* Objects in a folder: a durable put of 4 KB, beside files that are made and synced and no more. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"
#include "ports/objects/objects.h"

enum {
    OBJECT_BYTES = 4096,
    MEMORY_MAX = 1 << 20,
    PUT_ROUND_US = 200000, /* as many fsyncs as make a round tell something */
    PATH_BYTES = 128,
    REMOVE_OPEN_MAX = 16,
};

struct bench_objects {
    char folder[PATH_BYTES];
    struct objects *objects;
    struct ctx ctx;
    struct arena arena;
    struct clock clock;
    struct rand rand, id_rand;
    struct id_source ids;
    long next;
    bool failed;
    char bytes[OBJECT_BYTES];
};

static void put_once(void *state)
{
    struct bench_objects *bench = state;
    struct objects_put put = {.type = {0}};
    struct objects_body body = {.bytes = str_make(bench->bytes, OBJECT_BYTES)};
    char name[PATH_BYTES];
    snprintf(name, sizeof name, "%ld", bench->next++);
    if (objects_put(bench->objects, &bench->ctx, str_from(name), &put, &body, NULL))
        bench->failed = true;
    arena_clear(&bench->arena);
}

/* What any store has to do at least: a new file, its bytes, and the wait for the disk. */
static void create_once(void *state)
{
    struct bench_objects *bench = state;
    char path[PATH_BYTES * 2];
    snprintf(path, sizeof path, "%s/bare/%ld", bench->folder, bench->next++);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, bench->bytes, OBJECT_BYTES) != OBJECT_BYTES || fdatasync(fd))
        bench->failed = true;
    if (fd >= 0)
        close(fd);
}

static double rate(struct bench_objects *bench, void (*once)(void *state))
{
    double per_second = bench_loop(once, bench, PUT_ROUND_US);
    return bench->failed ? 0 : per_second;
}

static double put_ours(void *state, int64_t round_us)
{
    (void)round_us;
    return rate(state, put_once);
}

static double put_bare(void *state, int64_t round_us)
{
    (void)round_us;
    return rate(state, create_once);
}

static int remove_each(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info, (void)kind, (void)where;
    return remove(path);
}

static void objects_bench_close(void *state)
{
    struct bench_objects *bench = state;
    if (bench->objects)
        objects_close(bench->objects);
    id_source_release(&bench->ids);
    arena_release(&bench->arena);
    nftw(bench->folder, remove_each, REMOVE_OPEN_MAX, FTW_DEPTH | FTW_PHYS);
    free(bench);
}

static bool open_both(struct bench_objects *bench)
{
    char url[PATH_BYTES * 2], bare[PATH_BYTES * 2];
    snprintf(url, sizeof url, "dir:%s/ours", bench->folder);
    snprintf(bare, sizeof bare, "%s/bare", bench->folder);
    struct objects_options options = {.url = str_from(url)};
    if (!mkdir(bare, 0700) && !objects_open(&bench->ctx, &options, &bench->objects))
        return true;
    fprintf(stderr, "objects: %s\n", bench->ctx.err.operator);
    return false;
}

/* Both sides made what they say. */
static bool agree(struct bench_objects *bench)
{
    struct str bytes = {0};
    struct stat about = {0};
    char path[PATH_BYTES * 2];
    put_once(bench);
    create_once(bench);
    snprintf(path, sizeof path, "%s/bare/1", bench->folder);
    return !bench->failed &&
           !objects_get_bytes(bench->objects, &bench->ctx, STR("0"), OBJECT_BYTES, &bytes) &&
           bytes.len == OBJECT_BYTES && memcmp(bytes.ptr, bench->bytes, OBJECT_BYTES) == 0 &&
           stat(path, &about) == 0 && about.st_size == OBJECT_BYTES;
}

/* On a disk, not in memory: what is measured is mostly how often it is waited for. */
static void *objects_bench_open(void)
{
    struct bench_objects *bench = calloc(1, sizeof *bench);
    if (!bench)
        return NULL;
    bench->clock = clock_system();
    bench->rand = rand_system();
    bench->id_rand = rand_system();
    rand_fill(&bench->rand, bench->bytes, sizeof bench->bytes);
    id_source_init(&bench->ids, &bench->clock, &bench->id_rand);
    arena_init(&bench->arena, MEMORY_MAX);
    bench->ctx = (struct ctx){
        .arena = &bench->arena, .clock = &bench->clock, .rand = &bench->rand, .ids = &bench->ids};
    snprintf(bench->folder, sizeof bench->folder, "/var/tmp/stoa-bench-XXXXXX");
    if (mkdtemp(bench->folder) && open_both(bench) && agree(bench))
        return bench;
    objects_bench_close(bench);
    return NULL;
}

static const struct bench_figure figures[] = {
    {"objects_put", BENCH_PER_SECOND, {{"stoa", put_ours}, {"bare file", put_bare}}},
    {0},
};

const struct bench_group objects_bench = {"objects", objects_bench_open, objects_bench_close,
                                          figures};
