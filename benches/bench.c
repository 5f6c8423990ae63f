/* Runs the benchmark's figures in rounds and prints their ratios.
 *
 *     stoa-bench [NAME …] [--tsv] */
#include "bench.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/clock.h"

static const struct bench_group *const groups[] = {&cache_bench,
                                                   &crash_bench,
                                                   &json_bench,
                                                   &sqlite_commit_bench,
                                                   &postgres_commit_bench,
                                                   &read_bench,
                                                   &http_commit_bench,
                                                   &page_bench,
                                                   &start_bench,
                                                   &objects_bench,
                                                   &object_get_bench,
                                                   &guard_bench,
                                                   &watch_bench,
                                                   &bus_bench,
                                                   &queue_bench,
                                                   &queue_postgres_bench,
                                                   &queue_old_bench,
                                                   &webhook_bench,
                                                   NULL};
enum { LINE_MAX_LEN = 512 };

struct run {
    char **names; /* of groups or figures; all where there is none */
    int name_count;
    bool tsv;
    FILE *talk; /* progress and the machine: standard error where standard output is a table */
};

double bench_loop(void (*once)(void *state), void *state, int64_t round_us)
{
    struct clock clock = clock_system();
    int64_t begun_us = clock_tick_us(&clock), passed_us = 0, calls = 0;
    for (int64_t batch = 1; passed_us < round_us; batch *= 2) {
        int64_t left = passed_us ? calls * (round_us - passed_us) / passed_us + 1 : 1;
        batch = batch < left ? batch : left; /* so as not to overshoot by a whole batch */
        for (int64_t i = 0; i < batch; i++)
            once(state);
        calls += batch;
        passed_us = clock_tick_us(&clock) - begun_us;
    }
    return (double)calls * (double)SECOND_US / (double)passed_us;
}

static void say_cpu(FILE *talk)
{
    char line[LINE_MAX_LEN];
    FILE *info = fopen("/proc/cpuinfo", "r");
    while (info && fgets(line, sizeof line, info)) {
        char *colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) == 0 && colon) {
            fprintf(talk, "cpu       %s", colon + 2);
            break;
        }
    }
    if (info)
        fclose(info);
}

static void say_machine(FILE *talk)
{
    struct utsname system;
    say_cpu(talk);
    fprintf(talk, "cores     %ld\n", sysconf(_SC_NPROCESSORS_ONLN));
    if (uname(&system) == 0)
        fprintf(talk, "kernel    %s %s %s\n", system.sysname, system.release, system.machine);
#ifdef __clang__
    fprintf(talk, "compiler  %s\n", __VERSION__);
#else
    fprintf(talk, "compiler  gcc %s\n", __VERSION__);
#endif
    fprintf(talk, "rounds    %d of %d ms a side, taking turns\n\n", BENCH_ROUNDS,
            BENCH_ROUND_US / 1000);
}

static bool is_wanted(const struct run *run, const char *group, const char *figure)
{
    for (int i = 0; i < run->name_count; i++)
        if (strcmp(run->names[i], group) == 0 || strcmp(run->names[i], figure) == 0)
            return true;
    return run->name_count == 0;
}

static bool is_known(const char *name)
{
    for (size_t g = 0; groups[g]; g++) {
        if (strcmp(name, groups[g]->name) == 0)
            return true;
        for (const struct bench_figure *figure = groups[g]->figures; figure->name; figure++)
            if (strcmp(name, figure->name) == 0)
                return true;
    }
    return false;
}

static bool names_are_known(const struct run *run)
{
    for (int i = 0; i < run->name_count; i++) {
        if (is_known(run->names[i]))
            continue;
        fprintf(stderr, "stoa-bench: there is no figure \"%s\". There are:\n", run->names[i]);
        for (size_t g = 0; groups[g]; g++) {
            fprintf(stderr, "  %s:", groups[g]->name);
            for (const struct bench_figure *figure = groups[g]->figures; figure->name; figure++)
                fprintf(stderr, " %s", figure->name);
            fprintf(stderr, "\n");
        }
        return false;
    }
    return true;
}

static int compare_doubles(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Sorts them. */
static double median(double rounds[BENCH_ROUNDS])
{
    qsort(rounds, BENCH_ROUNDS, sizeof *rounds, compare_doubles);
    return rounds[BENCH_ROUNDS / 2];
}

/* Rates of each side and round, and what follows from them. */
struct result {
    double rates[BENCH_SIDES_MAX][BENCH_ROUNDS];
    double best[BENCH_ROUNDS], ratios[BENCH_ROUNDS];
};

/* The first round warms up caches and is not kept. */
static bool measure(const struct bench_figure *figure, void *state, struct result *result)
{
    for (int round = -1; round < BENCH_ROUNDS; round++) {
        int kept = round < 0 ? 0 : round;
        result->best[kept] = 0;
        for (int side = 0; side < BENCH_SIDES_MAX && figure->sides[side].name; side++) {
            double rate = figure->sides[side].rate(state, BENCH_ROUND_US);
            if (!(rate > 0)) {
                fprintf(stderr, "stoa-bench: %s of %s failed\n", figure->name,
                        figure->sides[side].name);
                return false;
            }
            result->rates[side][kept] = rate;
            if (side > 0 && rate > result->best[kept])
                result->best[kept] = rate;
        }
        result->ratios[kept] = result->rates[0][kept] / result->best[kept];
    }
    return true;
}

static const char *unit_name(enum bench_unit unit)
{
    static const char *const names[] = {[BENCH_PER_SECOND] = "1/s",
                                        [BENCH_US_EACH] = "us",
                                        [BENCH_MS_EACH] = "ms",
                                        [BENCH_MB_EACH] = "MB"};
    return names[unit];
}

static double shown(enum bench_unit unit, double rate)
{
    static const double scales[] = {
        [BENCH_US_EACH] = 1e6, [BENCH_MS_EACH] = 1e3, [BENCH_MB_EACH] = 1};
    return unit == BENCH_PER_SECOND ? rate : scales[unit] / rate;
}

static void print_tsv(const struct bench_figure *figure, struct result *result)
{
    double ratio = median(result->ratios);
    printf("%s\t%.2f\t%.2f\t%.2f\t%.2f-%.2f\t%s\n", figure->name,
           shown(figure->unit, median(result->rates[0])), shown(figure->unit, median(result->best)),
           ratio, result->ratios[0], result->ratios[BENCH_ROUNDS - 1], unit_name(figure->unit));
}

static void print_words(const struct bench_figure *figure, struct result *result)
{
    double ratio = median(result->ratios);
    printf("%-16s %10.2f %-4s %6.2fx the best (%.2f-%.2f)", figure->name,
           shown(figure->unit, median(result->rates[0])), unit_name(figure->unit), ratio,
           result->ratios[0], result->ratios[BENCH_ROUNDS - 1]);
    for (int side = 1; side < BENCH_SIDES_MAX && figure->sides[side].name; side++)
        printf("%s %s %.2f", side > 1 ? "," : "  ", figure->sides[side].name,
               shown(figure->unit, median(result->rates[side])));
    printf("\n");
}

static bool run_figure(const struct run *run, const struct bench_figure *figure, void *state)
{
    struct result result = {0};
    if (run->tsv)
        fprintf(run->talk, "%s …\n", figure->name);
    if (!measure(figure, state, &result))
        return false;
    (run->tsv ? print_tsv : print_words)(figure, &result);
    fflush(stdout);
    return true;
}

static bool run_group(const struct run *run, const struct bench_group *group)
{
    void *state = NULL;
    bool fine = true;
    for (const struct bench_figure *figure = group->figures; fine && figure->name; figure++) {
        if (!is_wanted(run, group->name, figure->name))
            continue;
        if (!state)
            state = group->open();
        fine = state && run_figure(run, figure, state);
    }
    if (state)
        group->close(state);
    return fine;
}

/* Takes --tsv out of the arguments; the rest are names. */
static struct run run_from_args(int argc, char **argv)
{
    struct run run = {.names = argv + 1, .talk = stdout};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--tsv") == 0) {
            run.tsv = true;
            run.talk = stderr;
        } else {
            run.names[run.name_count++] = argv[i];
        }
    }
    return run;
}

int main(int argc, char **argv)
{
    struct run run = run_from_args(argc, argv);
    bool fine = names_are_known(&run);
    if (fine)
        say_machine(run.talk);
    for (size_t g = 0; fine && groups[g]; g++)
        fine = run_group(&run, groups[g]);
    return fine ? EXIT_SUCCESS : EXIT_FAILURE;
}
