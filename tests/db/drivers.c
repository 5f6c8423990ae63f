/* What the programs that test the database are made of. */
#include "ports/db/driver.h"

const struct db_driver *const db_drivers[] = {&db_sqlite, &db_postgres, NULL};
