/* Checkpoints of the audit trail in the log: what a trail is held against that was put back, or
 * written anew.
 *
 *     TRY(audit_watch_open(ctx, db, &key, AUDIT_WATCH_MS, &watch));
 *     audit_watch_close(watch);                               one more, and the thread ends
 *
 *     {"event":"audit checkpoint","point":"1041:9f3c…"}       stoa audit verify 1041:9f3c…
 *
 * A thread looks at the head after each interval and logs it where it has moved: one read of a row.
 * The log cannot vouch for what was added since the last checkpoint. A head that was altered is
 * logged as an error each time. */
#ifndef STOA_GUARD_AUDIT_WATCH_H
#define STOA_GUARD_AUDIT_WATCH_H

#include "guard/audit.h"

enum { AUDIT_WATCH_MS = 60000 };

struct audit_watch;

/* `ctx` gives the clock and the log, which live longer, as `db` does. */
enum err audit_watch_open(struct ctx *ctx, struct db *db, const struct audit_key *key,
                          int64_t every_ms, struct audit_watch **opened);
void audit_watch_close(struct audit_watch *watch);

#endif
