/* Names the rooms that have tables. */
#include <stddef.h>

#include "app/wiring.h"
#include "flow/flow_schema.h"
#include "flow/flow_sql.h"
#include "front/front_schema.h"
#include "front/front_sql.h"
#include "guard/guard_schema.h"
#include "guard/guard_sql.h"
#include "shop/shop_schema.h"
#include "shop/shop_sql.h"

const struct schema *const wiring_schemas[] = {&guard_schema, &flow_schema, &front_schema,
                                               &shop_schema, NULL};
const struct query *const *const wiring_queries[] = {guard_queries, flow_queries, front_queries,
                                                     shop_queries, NULL};
