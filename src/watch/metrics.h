/* The metrics as Prometheus reads them: text format 0.0.4.
 *
 *     metrics_write(respond_body(request, METRICS_TYPE), &registry, &facts);
 *
 *     # HELP web_connections Connections that are open.
 *     # TYPE web_connections gauge
 *     web_connections 3
 *     # HELP db_read_duration_seconds Reads, from asking for a reader to their end.
 *     # TYPE db_read_duration_seconds histogram
 *     db_read_duration_seconds_bucket{le="0.00005"} 17
 *     …
 *
 * Each number is read by itself, while others change: what a histogram counts is therefore the sum
 * of its buckets as they were read. Values of a label without an observation are left out. */
#ifndef STOA_WATCH_METRICS_H
#define STOA_WATCH_METRICS_H

#include "base/buf.h"
#include "base/counter.h"
#include "watch/vitals.h"

#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

struct metrics_facts {
    const char *version, *compiler;
    int64_t started_us;
    struct vitals vitals;
};

void metrics_write(struct buf *out, const struct counter_registry *registry,
                   const struct metrics_facts *facts);

#endif
