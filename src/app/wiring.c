/* Names the drivers. */
#include <stddef.h>

#include "ports/cache/driver.h"
#include "ports/db/driver.h"

const struct cache_driver *const cache_drivers[] = {&cache_memory, &cache_redis, NULL};
const struct db_driver *const db_drivers[] = {&db_sqlite, &db_postgres, NULL};
