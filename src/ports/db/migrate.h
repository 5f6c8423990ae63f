/* Migrations: what takes a database from the release it was made by to this one.
 *
 *     TRY(migrate_plan(db, ctx, &plan));          what would be done, room by room
 *     TRY(migrate_run(db, ctx, &done));
 *
 * Each step is one transaction, under a lock that other processes wait for; a kill leaves it
 * wholly done or not begun. The steps that ran stand in stoa_migration with their checksums: a
 * step whose text was changed since, or one that this release does not know (the database is
 * newer), is refused with words that say which and what to do.
 *
 * On PostgreSQL a step that changes a table waits until those who use it are done, and whoever
 * comes later waits behind it. So it waits for two seconds at the most, tries again, and after half
 * a minute fails with ERR_BUSY and words that say how to find who holds the table. */
#ifndef STOA_PORTS_DB_MIGRATE_H
#define STOA_PORTS_DB_MIGRATE_H

#include "ports/db/db.h"
#include "ports/db/schema.h"

enum { MIGRATE_STEPS_MAX = 1024 };

struct migrate_step {
    const struct schema *schema;
    const struct migration *migration;
};

struct migrate_plan {
    struct migrate_step steps[MIGRATE_STEPS_MAX];
    size_t count; /* 0: the database is as this release wants it */
};

enum err migrate_plan(struct db *db, struct ctx *ctx, struct migrate_plan *plan);

/* Takes all the steps. `done` says which; on a failure, those before it. */
enum err migrate_run(struct db *db, struct ctx *ctx, struct migrate_plan *done);

#endif
