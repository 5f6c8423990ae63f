/* Tests of histograms: which bucket, which cell, and that nothing is lost between threads. */
#include "base/histogram.h"

#include <pthread.h>

#include "harness/test.h"

static const char *const colours[] = {"red", "green", "blue"};
static const struct histogram_shape plain = {.kind = HISTOGRAM_SECONDS,
                                             .name = "work_duration_seconds",
                                             .help = "Work."},
                                    labelled = {HISTOGRAM_COUNT, "paint_tins", "Paint.",
                                                "colour",        colours,      3};

static int64_t at(const struct histogram *histogram, size_t place, size_t bucket)
{
    return atomic_load(&histogram->cells[place].buckets[bucket]);
}

TEST(histogram_sorts_by_bounds_that_are_included)
{
    struct counter_registry registry = {.first = NULL};
    struct histogram work;
    struct histogram_cells cells = {.sum = 0};
    const int64_t *bounds = histogram_bounds(HISTOGRAM_SECONDS);
    histogram_register(&registry, &work, &plain, &cells);
    for (size_t i = 0; i < HISTOGRAM_BOUNDS; i++)
        histogram_observe(&work, 0, bounds[i]);
    for (size_t i = 0; i < HISTOGRAM_BOUNDS; i++)
        CHECK_INT(at(&work, 0, i), 1);
    CHECK_INT(at(&work, 0, HISTOGRAM_BOUNDS), 0);
    histogram_observe(&work, 0, bounds[0] + 1);
    CHECK_INT(at(&work, 0, 1), 2);
    histogram_observe(&work, 0, bounds[HISTOGRAM_BOUNDS - 1] + 1);
    CHECK_INT(at(&work, 0, HISTOGRAM_BOUNDS), 1);
    histogram_observe(&work, 0, -1); /* a clock that was set back */
    CHECK_INT(at(&work, 0, 0), 2);
}

TEST(histogram_bounds_rise)
{
    static const enum histogram_kind kinds[] = {HISTOGRAM_SECONDS, HISTOGRAM_COUNT};
    for (size_t kind = 0; kind < 2; kind++)
        for (size_t i = 1; i < HISTOGRAM_BOUNDS; i++)
            CHECK(histogram_bounds(kinds[kind])[i - 1] < histogram_bounds(kinds[kind])[i]);
}

TEST(histogram_has_a_cell_a_value)
{
    struct counter_registry registry = {.first = NULL};
    struct histogram paint, work;
    struct histogram_cells cells[3] = {{.sum = 0}}, one = {.sum = 0};
    histogram_register(&registry, &paint, &labelled, cells);
    histogram_register(&registry, &work, &plain, &one);
    CHECK_INT(histogram_cell_count(&paint), 3);
    CHECK_INT(histogram_cell_count(&work), 1);
    histogram_observe(&paint, 2, 3);
    histogram_observe(&paint, 2, 1);
    CHECK_INT(atomic_load(&cells[2].sum), 4);
    CHECK_INT(at(&paint, 2, 0), 1);
    CHECK_INT(at(&paint, 2, 2), 1);
    CHECK_INT(atomic_load(&cells[1].sum), 0);
    CHECK(histogram_first(&registry) == &work);
    CHECK(work.next == &paint);
    CHECK(!paint.next);
}

TEST(histogram_that_is_not_registered_counts_nothing)
{
    struct histogram work = {.shape = NULL};
    histogram_observe(&work, 0, 5);
    CHECK(!work.cells);
}

enum { THREADS = 4, OBSERVATIONS = 20000 };

static void *observe(void *arg)
{
    for (int i = 0; i < OBSERVATIONS; i++)
        histogram_observe(arg, 0, i % 200);
    return NULL;
}

TEST(histogram_loses_nothing_between_threads)
{
    struct counter_registry registry = {.first = NULL};
    struct histogram work;
    struct histogram_cells cells = {.sum = 0};
    pthread_t threads[THREADS];
    int64_t count = 0;
    histogram_register(&registry, &work, &plain, &cells);
    for (size_t i = 0; i < THREADS; i++)
        REQUIRE(pthread_create(&threads[i], NULL, observe, &work) == 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        count += at(&work, 0, i);
    CHECK_INT(count, THREADS * OBSERVATIONS);
    CHECK_INT(atomic_load(&cells.sum), (int64_t)THREADS * OBSERVATIONS / 200 * (199 * 100));
}
