/* Histograms: how often something took how long, or how much, for whoever watches.
 *
 *     static const struct histogram_shape shape = {HISTOGRAM_SECONDS, "cache_read_seconds",
 *                                                  "Reads of the cache."};
 *     struct cache { struct histogram reads; struct histogram_cells cells; … };
 *     histogram_register(registry, &cache->reads, &shape, &cache->cells);
 *     histogram_observe(&cache->reads, 0, clock_tick_us(clock) - begun_us);
 *
 * The buckets are fixed: of a kind, all have the same. A shape may have one label, whose values
 * are known from the start; there is a cell for each, and an observation says which by its place.
 * One that was not registered counts nothing. Like a counter it is hung into the registry once, and
 * stays where it is until the registry is gone.
 *
 * An observation allocates nothing and takes no lock: it looks for its bucket among 17 bounds and
 * makes two relaxed atomic additions, some 10 ns where no other core uses the same cell. */
#ifndef STOA_BASE_HISTOGRAM_H
#define STOA_BASE_HISTOGRAM_H

#include <stddef.h>

#include "base/counter.h"

enum histogram_kind {
    HISTOGRAM_SECONDS, /* observed in microseconds, told in seconds: 50 µs to 10 s */
    HISTOGRAM_COUNT,   /* of things: 1 to 100 */
};

enum { HISTOGRAM_BOUNDS = 17, HISTOGRAM_BUCKETS = HISTOGRAM_BOUNDS + 1 };

struct histogram_shape {
    enum histogram_kind kind;
    const char *name, *help;   /* as a counter's; the name ends in what is counted */
    const char *label;         /* NULL where there is none: then it has one cell */
    const char *const *values; /* `count` of them, a cell each */
    size_t count;
};

struct histogram_cells {
    _Atomic int64_t sum;
    _Atomic int64_t buckets[HISTOGRAM_BUCKETS]; /* each for itself; the last is beyond all bounds */
};

struct histogram {
    const struct histogram_shape *shape;
    struct histogram_cells *cells; /* NULL: it counts nothing */
    struct histogram *next;
};

/* `cells` are zeroed: one, or one a value of the label. They and the shape live as long. */
void histogram_register(struct counter_registry *registry, struct histogram *histogram,
                        const struct histogram_shape *shape, struct histogram_cells *cells);

/* `place` is that of the label's value; 0 without a label. */
void histogram_observe(struct histogram *histogram, size_t place, int64_t observed);

/* The upper bounds of a kind's buckets, each of them included. */
const int64_t *histogram_bounds(enum histogram_kind kind);

/* The number of cells. */
size_t histogram_cell_count(const struct histogram *histogram);

/* The first of the registry, the newest; then by ->next until NULL. */
const struct histogram *histogram_first(const struct counter_registry *registry);

#endif
