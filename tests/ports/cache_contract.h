/* What every driver of the cache keeps to.
 *
 *     struct cache *cache = cache_contract_open(t, "memory:", NULL);
 *     cache_contract_check(t, cache);
 *     cache_close(cache); */
#ifndef STOA_TESTS_PORTS_CACHE_CONTRACT_H
#define STOA_TESTS_PORTS_CACHE_CONTRACT_H

#include "harness/test.h"
#include "ports/cache/cache.h"

struct cache *cache_contract_open(struct test *t, const char *url,
                                  struct counter_registry *counters);
void cache_contract_check(struct test *t, struct cache *cache);

/* The value, or "(none)". */
struct str cache_contract_get(struct test *t, struct cache *cache, const char *key);
int64_t cache_contract_count(const struct counter_registry *counters, const char *name);

#endif
