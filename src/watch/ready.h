/* Readiness: whether requests should be sent here.
 *
 *     ready_init(&ready);
 *     unsigned wrong = ready_look(ctx, db, "var");      waits for the database: a thread of its own
 *     ready_note(&ready, wrong, now_us);
 *     wrong = ready_wrong(&ready, now_us);              any thread, at once
 *     ready_name(READY_DISK)                            "disk"
 *
 * Who asks is told what was seen last, so that asking costs nothing and never piles up. What one
 * look saw and the next did not was a hiccup, and is not told. A look that does not come back in
 * READY_STALE_US is a database that does not answer. A database that is newer than this program is
 * ready: the release after it has begun to take over. */
#ifndef STOA_WATCH_READY_H
#define STOA_WATCH_READY_H

#include <stdatomic.h>

#include "base/clock.h"
#include "base/ctx.h"

#define READY_LOOK_US  (2 * SECOND_US) /* for one look, and between two */
#define READY_STALE_US (10 * SECOND_US)
#define READY_DISK_MIN (INT64_C(64) << 20)

struct db;

enum ready_part { READY_DATABASE, READY_MIGRATIONS, READY_DISK, READY_DRAINING, READY_COUNT };

struct ready {
    _Atomic unsigned wrong; /* 1 << READY_DATABASE | …, as of then */
    _Atomic int64_t looked_us;
    unsigned seen; /* by the look before */
};

/* So that what the first look sees counts. */
void ready_init(struct ready *ready);

/* Looks at the database within READY_LOOK_US, and at the disk of `folder`. */
unsigned ready_look(struct ctx *ctx, struct db *db, const char *folder);

void ready_note(struct ready *ready, unsigned wrong, int64_t now_us);
unsigned ready_wrong(const struct ready *ready, int64_t now_us);

const char *ready_name(enum ready_part part);
const char *ready_words(enum ready_part part);

#endif
