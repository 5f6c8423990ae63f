/* What this program is made of: the drivers of each port, and the rooms that have tables. No other
 * place names them. The drivers stand under the names that their ports declare: db_drivers.
 *
 *     struct db_options options = {.url = url, .schemas = wiring_schemas}; */
#ifndef STOA_APP_WIRING_H
#define STOA_APP_WIRING_H

#include "ports/db/db.h"

extern const struct schema *const wiring_schemas[]; /* ends with NULL */

#endif
