/* Names the drivers and the rooms. */
#include "app/wiring.h"

#include <stddef.h>

#include "ports/db/driver.h"

const struct db_driver *const db_drivers[] = {&db_sqlite, &db_postgres, NULL};

/* No room has tables of its own yet. */
const struct schema *const wiring_schemas[] = {NULL};
