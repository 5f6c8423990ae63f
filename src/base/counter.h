/* Counters: what happened how often, for whoever watches.
 *
 *     struct cache { struct counter hits; … };
 *     counter_register(registry, &cache->hits, COUNTER_TOTAL, "cache_hits_total", "Reads …");
 *     counter_add(&cache->hits, 1);                         one relaxed atomic addition
 *
 * A counter lives in the thing it counts and is hung into the registry once, when the thing is
 * made; it stays where it is until the registry is gone. COUNTER_LEVEL ones go up and down (a
 * queue's depth). watch/ walks the registry and writes them as Prometheus does. */
#ifndef STOA_BASE_COUNTER_H
#define STOA_BASE_COUNTER_H

#include <stdatomic.h>
#include <stdint.h>

enum counter_kind { COUNTER_TOTAL, COUNTER_LEVEL };

struct counter {
    _Atomic int64_t value;
    enum counter_kind kind;
    const char *name; /* as Prometheus wants it: snake_case, ends in _total or a unit */
    const char *help;
    struct counter *next;
};

struct counter_table; /* counter_table.h */
struct histogram;     /* histogram.h */

/* Every counter and histogram of the process; zeroed is empty. Adding and walking are safe from any
 * thread. */
struct counter_registry {
    struct counter *_Atomic first;
    struct histogram *_Atomic first_histogram;
    struct counter_table *_Atomic first_table;
};

void counter_register(struct counter_registry *registry, struct counter *counter,
                      enum counter_kind kind, const char *name, const char *help);

static inline void counter_add(struct counter *counter, int64_t count)
{
    atomic_fetch_add_explicit(&counter->value, count, memory_order_relaxed);
}

static inline int64_t counter_value(const struct counter *counter)
{
    return atomic_load_explicit(&counter->value, memory_order_relaxed);
}

/* The first of the registry, the newest; then by ->next until NULL. */
const struct counter *counter_first(const struct counter_registry *registry);

#endif
