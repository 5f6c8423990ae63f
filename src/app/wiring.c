/* Names the drivers. */
#include <stddef.h>

#include "ports/db/driver.h"

const struct db_driver *const db_drivers[] = {&db_sqlite, &db_postgres, NULL};
