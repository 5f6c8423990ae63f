/* Sends ended spans to a collector. */
#include "watch/trace.h"

#include "base/beat.h"
#include "base/log.h"
#include "base/mem.h"
#include "watch/otlp.h"

enum { SAMPLE_STEPS = 100 };

struct trace {
    struct tracer tracer; /* the first: a tracer is its trace */
    struct trace_options options;
    struct counter sent, dropped, failed;
    struct ctx ctx; /* the thread's */
    struct arena arena;
    struct rand rand;
    char instance[ID_TEXT_MAX];
    struct beat beat;
    struct span_ring ring;
};

static void ended(struct tracer *tracer, const struct span *span)
{
    struct trace *trace = (struct trace *)tracer;
    if (!span_ring_add(&trace->ring, span))
        counter_add(&trace->dropped, 1);
}

/* Ids are chance: so many of them are as good as a die, and others who look at them agree. */
static bool samples(struct tracer *tracer, struct trace_id id)
{
    const struct trace *trace = (const struct trace *)tracer;
    return (int64_t)(id.low % SAMPLE_STEPS) < trace->options.sample_percent;
}

/* Takes a batch off the ring as JSON; the number of its spans. */
static int64_t take_batch(struct trace *trace, struct buf *out)
{
    const struct otlp_resource resource = {STR("stoa"), str_from(trace->options.version),
                                           str_from(trace->instance)};
    struct json_writer w;
    struct span_record record;
    int64_t count = 0;
    buf_init(out, &trace->arena, TRACE_MEMORY_MAX / 2);
    while (count < TRACE_BATCH_MAX && span_ring_take(&trace->ring, &record)) {
        if (!count++)
            otlp_begin(&w, out, &resource);
        otlp_add(&w, &record);
    }
    if (count)
        otlp_end(&w);
    return count;
}

/* Sends what is there, until the time is over: what is then left is lost. */
static void send_all(struct trace *trace, int64_t until_us)
{
    struct ctx *ctx = &trace->ctx;
    for (;;) { /* each round takes spans off; who puts them in is slower */
        struct buf json;
        arena_clear(&trace->arena);
        int64_t count = take_batch(trace, &json), now_us = clock_tick_us(ctx->clock);
        if (!count)
            return;
        ctx->deadline_us = now_us + TRACE_SEND_US < until_us ? now_us + TRACE_SEND_US : until_us;
        enum err err = now_us < until_us ? buf_err(&json) : ERR_TIMEOUT;
        if (!err)
            err = trace->options.send(ctx, trace->options.arg, buf_str(&json));
        counter_add(err ? &trace->failed : &trace->sent, count);
        if (err && ctx->err.code)
            log_failure_rarely(ctx, "traces could not be sent");
        err_clear(&ctx->err);
    }
}

static void *trace_main(void *arg)
{
    struct trace *trace = arg;
    while (beat_wait(&trace->beat, TRACE_PAUSE_US))
        send_all(trace, INT64_MAX);
    send_all(trace, clock_tick_us(trace->ctx.clock) + TRACE_DRAIN_US);
    return NULL;
}

static void count(struct trace *trace, struct counter_registry *counters)
{
    counter_register(counters, &trace->sent, COUNTER_TOTAL, "trace_sent_total",
                     "Spans that the collector took.");
    counter_register(counters, &trace->dropped, COUNTER_TOTAL, "trace_dropped_total",
                     "Spans that were lost: too many waited.");
    counter_register(counters, &trace->failed, COUNTER_TOTAL, "trace_failed_total",
                     "Spans that were lost: the collector did not take them.");
}

static void prepare(struct trace *trace, struct ctx *ctx)
{
    struct id id;
    arena_init(&trace->arena, TRACE_MEMORY_MAX);
    trace->ctx = (struct ctx){
        .arena = &trace->arena, .clock = ctx->clock, .rand = &trace->rand, .log = ctx->log};
    trace->rand = rand_system();
    rand_fill(&trace->rand, &id, sizeof id);
    id_format(id, "run", trace->instance);
    span_ring_init(&trace->ring);
}

static void release(struct trace *trace)
{
    arena_release(&trace->arena);
    mem_free(trace);
}

enum err trace_open(struct ctx *ctx, const struct trace_options *options, struct trace **opened)
{
    struct trace *trace = mem_alloc(sizeof *trace);
    if (!trace)
        return err_memory(&ctx->err);
    trace->tracer = (struct tracer){.ended = ended, .samples = samples, .slow_us = TRACE_SLOW_US};
    trace->options = *options;
    prepare(trace, ctx);
    enum err err = beat_start(&trace->beat, ctx, "traces", trace_main, trace);
    if (err) {
        release(trace);
        return err;
    }
    if (options->counters)
        count(trace, options->counters);
    *opened = trace;
    return ERR_OK;
}

void trace_close(struct trace *trace)
{
    beat_end(&trace->beat);
    release(trace);
}

struct tracer *trace_tracer(struct trace *trace)
{
    return &trace->tracer;
}
