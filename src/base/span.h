/* Spans: which part of a piece of work took how long, as W3C Trace Context has them.
 *
 *     struct span span;
 *     span_begin(ctx, &span, "db.commit");
 *     span_set(&span, field_int("rows", rows));
 *     …
 *     span_end(ctx, &span);
 *
 * Spans nest by the context: what begins inside another is its child. A span is on the stack and
 * costs two readings of the clock; it is handed to the tracer when it ends, and watch/ sends it on.
 * Where nothing is recorded (no root, no tracer, a trace that was not sampled) the clock is not
 * read, but for the first span of a trace that the tracer did not sample. */
#ifndef STOA_BASE_SPAN_H
#define STOA_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "base/log.h"

enum { SPAN_FIELDS_MAX = 8, TRACE_PARENT_LEN = 55 };

struct trace_id {
    uint64_t high, low; /* not both 0 */
};

/* Where ended spans go; any thread may call it. The span and its fields are good for the call; the
 * names of both are texts that stay.
 *
 * Of a trace that begins here, `samples` says whether it is recorded; NULL is always. One that is
 * not has its first span handed on all the same, alone, where it failed by our mistake (a status of
 * 500 and above) or took slow_us; 0 is never. */
struct tracer {
    void (*ended)(struct tracer *tracer, const struct span *span);
    bool (*samples)(struct tracer *tracer, struct trace_id trace);
    int64_t slow_us;
};

struct span {
    struct tracer *tracer; /* NULL where this trace is not recorded */
    struct tracer *judge;  /* who may want it none the less, once it has ended */
    struct span *parent;   /* the open one it began in; NULL for the first of this process */
    struct trace_id trace;
    uint64_t id, parent_id;
    const char *name;
    int64_t begun_us;    /* by the wall's clock */
    int64_t duration_us; /* by the ticking one, once ended */
    int64_t tick_us;
    enum err err; /* what span_fail was told */
    size_t field_count;
    struct field fields[SPAN_FIELDS_MAX];
};

/* Begins the first span of a piece of work: a child of `traceparent` (the header of that name;
 * the empty str, or one that is malformed, begins a new trace). A trace that the caller did not
 * sample, or a NULL tracer, is not recorded, but its ids still go to the log and to callees. */
void span_begin_root(struct ctx *ctx, struct span *span, const char *name, struct tracer *tracer,
                     struct str traceparent);

void span_begin(struct ctx *ctx, struct span *span, const char *name);
void span_set(struct span *span, struct field field); /* beyond SPAN_FIELDS_MAX: left out */
void span_fail(struct span *span, enum err err);

/* Ends the innermost span, which must be this one. */
void span_end(struct ctx *ctx, struct span *span);

/* The header for a callee: "00-4bf9…-00f0…-01"; "" where there is no trace, or no span. */
void span_traceparent(const struct span *span, char text[TRACE_PARENT_LEN + 1]);

#endif
