/* Fuzzes the traceparent header: what is believed is handed on as the same trace. */
#include "base/span.h"

#include "base/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void forget(struct tracer *tracer, const struct span *span)
{
    (void)tracer;
    ASSERT(span->id && (span->trace.high || span->trace.low));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct clock clock = clock_system();
    struct rand rand = rand_system();
    struct ctx ctx = {.clock = &clock, .rand = &rand};
    struct tracer tracer = {.ended = forget};
    struct span caller, callee;
    char text[TRACE_PARENT_LEN + 1];
    struct str header = str_make((const char *)bytes, size);
    span_begin_root(&ctx, &caller, "caller", &tracer, header);
    span_traceparent(&caller, text);
    if (caller.parent_id)
        ASSERT(str_equal(str_slice(header, 3, 35), str_slice(str_from(text), 3, 35)));
    span_begin_root(&ctx, &callee, "callee", &tracer, str_from(text));
    ASSERT(callee.parent_id == caller.id);
    ASSERT(callee.trace.high == caller.trace.high && callee.trace.low == caller.trace.low);
    ASSERT(callee.tracer == caller.tracer);
    span_end(&ctx, &callee);
    span_end(&ctx, &caller);
    return 0;
}
