/* What this program is made of: the drivers of each port, and the rooms that have tables. No other
 * place names them. The drivers stand in wiring.c, under the names that their ports declare
 * (db_drivers), the rooms in rooms.c:
 *
 *     const struct schema *const wiring_schemas[] = {&shop_schema, NULL};
 *     const struct query *const *const wiring_queries[] = {shop_queries, NULL};
 *
 * So a program for a test can have other rooms. What a room generates (shop_schema, shop_sql) is
 * added to rooms in src/app/meson.build; the tests then hold its tables and queries against a real
 * PostgreSQL. */
#ifndef STOA_APP_WIRING_H
#define STOA_APP_WIRING_H

#include "flow/flow.h"
#include "flow/sqs/sqs.h"
#include "front/front.h"
#include "guard/role.h"
#include "ports/db/db.h"
#include "ports/db/schema.h"
#include "shop/shop.h"
#include "ui/frame.h"
#include "watch/watch.h"
#include "web/asset.h"
#include "web/route.h"

/* A row a room, in the order in which they are migrated; both end with NULL. */
extern const struct schema *const wiring_schemas[];
extern const struct query *const *const wiring_queries[];

/* What the web server serves (site.c): the rooms' routes and assets, and what all pages share. The
 * command serve fills in what /about shows, and opens the watch. */
extern const struct room_routes wiring_routes[];
extern const struct asset *const *const wiring_assets[];
extern const struct ui_site wiring_site;
extern struct front wiring_front;
extern struct shop wiring_shop;
extern struct watch wiring_watch;

extern const struct flow_consumer wiring_consumers[];      /* consumers.c */
extern const struct guard_permission wiring_permissions[]; /* permissions.c */

#endif
