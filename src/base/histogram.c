/* Sorts what was observed into buckets. */
#include "base/histogram.h"

#include "base/assert.h"

static const int64_t bounds[][HISTOGRAM_BOUNDS] = {
    [HISTOGRAM_SECONDS] = {50, 100, 250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000,
                           500000, 1000000, 2500000, 5000000, 10000000},
    [HISTOGRAM_COUNT] = {1, 2, 3, 4, 6, 8, 12, 16, 20, 25, 30, 35, 40, 45, 50, 60, 100},
};

void histogram_register(struct counter_registry *registry, struct histogram *histogram,
                        const struct histogram_shape *shape, struct histogram_cells *cells)
{
    *histogram = (struct histogram){.shape = shape, .cells = cells};
    histogram->next = atomic_load_explicit(&registry->first_histogram, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&registry->first_histogram, &histogram->next,
                                                  histogram, memory_order_release,
                                                  memory_order_relaxed))
        ; /* another came between; histogram->next is now that one */
}

void histogram_observe(struct histogram *histogram, size_t place, int64_t observed)
{
    if (!histogram->cells)
        return;
    ASSERT(place < histogram_cell_count(histogram));
    struct histogram_cells *cells = &histogram->cells[place];
    const int64_t *bound = bounds[histogram->shape->kind];
    size_t bucket = 0;
    while (bucket < HISTOGRAM_BOUNDS && observed > bound[bucket])
        bucket++;
    atomic_fetch_add_explicit(&cells->sum, observed, memory_order_relaxed);
    atomic_fetch_add_explicit(&cells->buckets[bucket], 1, memory_order_relaxed);
}

const int64_t *histogram_bounds(enum histogram_kind kind)
{
    return bounds[kind];
}

size_t histogram_cell_count(const struct histogram *histogram)
{
    return histogram->shape->label ? histogram->shape->count : 1;
}

const struct histogram *histogram_first(const struct counter_registry *registry)
{
    return atomic_load_explicit(&registry->first_histogram, memory_order_acquire);
}
