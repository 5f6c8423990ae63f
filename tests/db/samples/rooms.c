/* The rooms of a program that is the real one but for them: the sample alone. */
#include <stddef.h>

#include "app/wiring.h"
#include "sample_schema.h"
#include "sample_sql.h"

const struct schema *const wiring_schemas[] = {&sample_schema, NULL};
const struct query *const *const wiring_queries[] = {sample_queries, NULL};
