/* What the server measures of each request: how long it took, and how long it waited.
 *
 *     TRY(measure_open(&server->measure, ctx, rooms));
 *     measure_register(&server->measure, counters);
 *     measure_wait(&server->measure, now_us - intake->begun_us);          a worker took it
 *     measure_answer(&server->measure, &request, now_us - intake->begun_us);
 *
 * It begins when the request was there as a whole, and ends when its answer was given to the
 * socket. Nothing reads the clock for it: both moments are read for a deadline anyway. A request
 * costs four relaxed atomic additions, six behind a worker. */
#ifndef STOA_WEB_MEASURE_H
#define STOA_WEB_MEASURE_H

#include "base/histogram.h"
#include "base/span.h"
#include "web/request.h"
#include "web/route.h"

enum { MEASURE_CLASSES = 5 }; /* 1xx, which never comes, to 5xx */

struct measure {
    struct histogram routes, classes, waits;
    struct histogram_shape route_shape; /* its names are made of the rooms */
    struct histogram_cells *route_cells, class_cells[MEASURE_CLASSES], wait_cells;
};

/* In ctx->arena, which lives as long. Nothing is measured before it was registered. */
enum err measure_open(struct measure *measure, struct ctx *ctx, const struct room_routes *rooms);
void measure_register(struct measure *measure, struct counter_registry *counters);

void measure_wait(struct measure *measure, int64_t wait_us);
void measure_answer(struct measure *measure, const struct request *request, int64_t duration_us);

/* Adds the header Server-Timing: how long until now, and how much of it was spent waiting for the
 * database and for other systems. */
void measure_tell(struct request *request, int64_t duration_us);

/* Says what the request's span is of. */
void measure_trace(struct span *span, const struct request *request, enum err err);

#endif
