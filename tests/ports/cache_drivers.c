/* The cache's drivers that test programs have. */
#include <stddef.h>

#include "ports/cache/driver.h"

const struct cache_driver *const cache_drivers[] = {&cache_memory, &cache_redis, NULL};
