/* The benchmark: figures measured against a reference that runs beside them.
 *
 *     static double ours(void *state, int64_t round_us)
 *     {
 *         return bench_loop(read_once, state, round_us);       operations a second
 *     }
 *
 *     static const struct bench_figure figures[] = {
 *         {"json_read", BENCH_US_EACH, {{"stoa", ours}, {"cJSON", theirs}}},
 *         {0},
 *     };
 *     const struct bench_group json_bench = {"json", open, close, figures};
 *
 * and a line in bench.c's table. The sides of a figure take turns, round after round, so that
 * whatever else the machine does meets them all; each round gives one ratio of our rate to the best
 * other rate of that round. A side may measure by itself (a load generator, say): what counts is
 * the rate that it returns. */
#ifndef STOA_BENCHES_BENCH_H
#define STOA_BENCHES_BENCH_H

#include <stdint.h>

enum { BENCH_SIDES_MAX = 5, BENCH_ROUNDS = 21, BENCH_ROUND_US = 20000 };

/* How a rate is shown. */
enum bench_unit { BENCH_PER_SECOND, BENCH_US_EACH, BENCH_MS_EACH, BENCH_MB_EACH };

/* One contestant. `rate` works for about round_us and returns operations a second; what is not
 * above 0 says that it failed, and ends the run. */
struct bench_side {
    const char *name;
    double (*rate)(void *state, int64_t round_us);
};

struct bench_figure {
    const char *name;
    enum bench_unit unit;
    struct bench_side sides[BENCH_SIDES_MAX]; /* ours first; the rest of the row is NULL */
};

/* Figures that share their preparation; groups of one name are asked for together. `open` also
 * checks that all sides do the same; it returns NULL, having said why on standard error, where they
 * do not. */
struct bench_group {
    const char *name;
    void *(*open)(void);
    void (*close)(void *state);
    const struct bench_figure *figures; /* ends with a row of NULL */
};

extern const struct bench_group cache_bench, crash_bench, json_bench, sqlite_commit_bench,
    postgres_commit_bench, read_bench, http_commit_bench, page_bench, start_bench, objects_bench,
    object_get_bench, guard_bench, watch_bench, bus_bench, queue_bench, queue_postgres_bench,
    queue_old_bench, webhook_bench;

/* Calls `once` until round_us have passed; the calls a second. */
double bench_loop(void (*once)(void *state), void *state, int64_t round_us);

#endif
