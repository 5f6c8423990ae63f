/* Backup, check and restore: `stoa backup FILE`, `stoa check`, `stoa restore FILE`.
 *
 *     TRY(db_backup(db, ctx, "shop-2026-11-21.backup"));      while others read and write
 *     TRY(db_check(db, ctx, &findings));                      no line: all is well
 *     TRY(db_restore(ctx, &options, "shop-2026-11-21.backup"));
 *
 * A backup is one moment of the database, is on the disk when the call returns, and never takes
 * the place of a file that is there. A restore looks through the whole backup before it touches
 * anything, refuses with ERR_BUSY while this program has the database open elsewhere, tells
 * ERR_BUSY to who would open it meanwhile, and keeps what was there beside it. */
#ifndef STOA_PORTS_DB_BACKUP_H
#define STOA_PORTS_DB_BACKUP_H

#include "base/buf.h"
#include "ports/db/db.h"

enum err db_backup(struct db *db, struct ctx *ctx, const char *path);

/* Adds a line for each finding: what the engine says of itself, references that lead nowhere,
 * migrations not run, and tables or columns that are not as their schema has them. */
enum err db_check(struct db *db, struct ctx *ctx, struct buf *findings);

enum err db_restore(struct ctx *ctx, const struct db_options *options, const char *path);

#endif
