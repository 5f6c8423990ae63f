/* The guard of the server that is measured: one person, who is let in by GET /enter.
 *
 *     TRY(page_guard_open(ctx, ports.db, &ports.guard));
 *     options.identify = guard_identify;
 *     options.may = guard_may; */
#ifndef STOA_BENCHES_PAGE_GUARD_H
#define STOA_BENCHES_PAGE_GUARD_H

#include "guard/guard.h"

enum err page_guard_open(struct ctx *ctx, struct db *db, struct guard **guard);

#endif
