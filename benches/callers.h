/* Many callers of db_write at once: what a shop's checkout is to its database.
 *
 *     rate = callers_rate(db, &commit, SECOND_US);        durable changes a second, or 0 */
#ifndef STOA_BENCHES_CALLERS_H
#define STOA_BENCHES_CALLERS_H

#include "ports/db/db.h"

enum { CALLERS = 64 };

/* Each caller runs `query`, whose one parameter is an int by chance, again and again. */
double callers_rate(struct db *db, const struct query *query, int64_t round_us);

#endif
