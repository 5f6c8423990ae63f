/* Hangs counters into their registry without a lock. */
#include "base/counter.h"

void counter_register(struct counter_registry *registry, struct counter *counter,
                      enum counter_kind kind, const char *name, const char *help)
{
    *counter = (struct counter){.kind = kind, .name = name, .help = help};
    counter->next = atomic_load_explicit(&registry->first, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&registry->first, &counter->next, counter,
                                                  memory_order_release, memory_order_relaxed))
        ; /* another came between; counter->next is now that one */
}

const struct counter *counter_first(const struct counter_registry *registry)
{
    return atomic_load_explicit(&registry->first, memory_order_acquire);
}
