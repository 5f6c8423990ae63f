/* Traces on their way out: what was sampled is sent to a collector, and nothing waits for that.
 *
 *     struct trace_options options = {.sample_percent = 1, .send = send, .arg = client};
 *     TRY(trace_open(ctx, &options, &trace));
 *     server_options.tracer = trace_tracer(trace);
 *     trace_close(trace);                        sends what is left, within TRACE_DRAIN_US
 *
 * A trace that a caller began is recorded where the caller says so; of those that begin here,
 * sample_percent are. The first span of any other is sent alone where it failed by our mistake or
 * took TRACE_SLOW_US. An ended span is copied into a ring (span_ring.h); one thread sends the ring
 * every TRACE_PAUSE_US. What finds the ring full, and what the collector does not take, is lost and
 * counted. */
#ifndef STOA_WATCH_TRACE_H
#define STOA_WATCH_TRACE_H

#include "base/counter.h"
#include "base/span.h"

enum { TRACE_BATCH_MAX = 256, TRACE_MEMORY_MAX = 4 << 20 }; /* spans of one sending; its bytes */

#define TRACE_PAUSE_US SECOND_US
#define TRACE_SLOW_US  SECOND_US
#define TRACE_SEND_US  (5 * SECOND_US) /* for one sending */
#define TRACE_DRAIN_US (3 * SECOND_US) /* for all that is left */

struct trace;

/* Sends one text of JSON before ctx->deadline_us. The exporter's thread calls it. */
typedef enum err trace_send(struct ctx *ctx, void *arg, struct str json);

struct trace_options {
    int64_t sample_percent; /* 0 to 100 */
    trace_send *send;
    void *arg;
    const char *version;
    struct counter_registry *counters; /* may be NULL; outlives the trace */
};

enum err trace_open(struct ctx *ctx, const struct trace_options *options, struct trace **opened);

/* Once nobody traces any more. */
void trace_close(struct trace *trace);

struct tracer *trace_tracer(struct trace *trace);

#endif
