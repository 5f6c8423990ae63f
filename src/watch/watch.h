/* The watch: what is measured here, whether all is well, and who is told.
 *
 *     TRY(watch_open(&watch, ctx, &options));           once the database is open
 *     {"watch", watch_routes, &watch},                  a row of the wiring's rooms
 *     if (watch_may_read(request, &nets)) …             in the program's may()
 *     watch_close(&watch);                              before the server and the database close
 *
 * It has one thread, which looks every two seconds whether the program is ready, and remembers
 * every few what was measured. /metrics, /readyz, /admin/health: docs/operations.md. */
#ifndef STOA_WATCH_WATCH_H
#define STOA_WATCH_WATCH_H

#include "base/beat.h"
#include "watch/history.h"
#include "watch/metrics.h"
#include "watch/ready.h"
#include "web/request.h"

/* What the routes ask for. */
#define WATCH_PERMISSION "watch.read"

/* Where each step of the history is told. */
#define WATCH_CHANNEL "watch"

enum { WATCH_MEMORY_MAX = 1 << 20 };

struct watch_options {
    const struct counter_registry *counters;
    struct db *db;
    struct events *events; /* may be NULL: nobody listens then */
    const char *folder;    /* whose disk must have room */
    const char *version, *compiler;
};

struct watch {
    struct watch_options options;
    int64_t started_us;
    struct ready ready;
    struct history history;
    int64_t step_us; /* when the next step of it ends */
    struct ctx ctx;  /* the thread's */
    struct arena arena;
    struct beat beat;
};

/* Looks once before it returns. */
enum err watch_open(struct watch *watch, struct ctx *ctx, const struct watch_options *options);

/* Waits for a look that is under way; nothing where it was not opened. */
void watch_close(struct watch *watch);

/* Whether a program on this machine or on one of these networks (may be NULL) asks by itself: not
 * for somebody behind a proxy, and here not for a page of another site that made its name lead
 * here. */
bool watch_may_read(const struct request *request, const struct address_nets *nets);

#endif
