/* Spans as OpenTelemetry's collectors take them: OTLP 1.x over HTTP, in JSON.
 *
 *     otlp_begin(&w, &out, &resource);
 *     while (span_ring_take(ring, &record))
 *         otlp_add(&w, &record);
 *     otlp_end(&w);
 *     http_client_send(…, buf_str(&out))         POST, Content-Type: application/json
 *
 * The first span of a process is of kind server, what asks the database or another system of kind
 * client. A failure by our mistake or another system's is a status of error, with its code. */
#ifndef STOA_WATCH_OTLP_H
#define STOA_WATCH_OTLP_H

#include "base/json.h"
#include "watch/span_ring.h"

/* What one span takes at most: each byte of its texts may be escaped. */
enum { OTLP_SPAN_MAX = 4 << 10 };

struct otlp_resource {
    struct str service, version, instance;
};

void otlp_begin(struct json_writer *w, struct buf *out, const struct otlp_resource *resource);
void otlp_add(struct json_writer *w, const struct span_record *record);
void otlp_end(struct json_writer *w);

#endif
