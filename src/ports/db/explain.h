/* How the engine means to run a query: for who wonders why it took long.
 *
 *     TRY(db_explain(db, ctx, &item_find_query, &plan));
 *     buf_str(&plan)                            "SEARCH item USING INDEX item_name (name=?)"
 *
 *     db_tell_slow(db, ctx);                    now and then, on a thread that may wait
 *
 * The plan is the one for any value: no value is ever given. It is made on a connection of its own,
 * so that nothing of it meets the work of others. A line of the plan is a line of the text. */
#ifndef STOA_PORTS_DB_EXPLAIN_H
#define STOA_PORTS_DB_EXPLAIN_H

#include "base/buf.h"
#include "ports/db/db.h"

enum { EXPLAIN_PLAN_MAX = 2 << 10, EXPLAIN_QUERY_MAX = 64 << 10 };

enum err db_explain(struct db *db, struct ctx *ctx, const struct query *query, struct buf *plan);

/* Logs the plan of one query that was slow (db_options.slow_us) since the last time. */
void db_tell_slow(struct db *db, struct ctx *ctx);

#endif
