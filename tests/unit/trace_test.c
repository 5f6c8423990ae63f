/* Tests of traces on their way out: what is sent, what is lost, and that nobody waits. */
#include "watch/trace.h"

#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "harness/test.h"
#include "harness/torture.h"
#include "watch/span_ring.h"

enum { PATIENCE_MS = 20000, SENT_MAX = 1 << 20 };

/* A collector that keeps what it is sent, or refuses it. */
struct collector {
    _Atomic int64_t calls;
    _Atomic bool refuses;
    size_t len;
    char said[SENT_MAX];
    struct clock clock;
    struct counter_registry counters;
};

static enum err collect(struct ctx *ctx, void *arg, struct str json)
{
    struct collector *collector = arg;
    enum err err = ERR_OK;
    if (atomic_load(&collector->refuses))
        err = err_fail(&ctx->err, ERR_PEER, "It is not taken.", "the collector refuses");
    size_t room = SENT_MAX - collector->len, len = json.len < room ? json.len : room;
    memcpy(collector->said + collector->len, json.ptr, len);
    collector->len += len;
    atomic_fetch_add(&collector->calls, 1);
    return err;
}

static struct trace *open_it(struct test *t, struct collector *collector, int64_t percent)
{
    struct trace *trace = NULL;
    const struct trace_options options = {.sample_percent = percent,
                                          .send = collect,
                                          .arg = collector,
                                          .version = "1.0",
                                          .counters = &collector->counters};
    collector->clock = clock_system();
    t->ctx->clock = &collector->clock;
    REQUIRE(trace_open(t->ctx, &options, &trace) == ERR_OK);
    return trace;
}

static struct collector *collector_make(struct test *t)
{
    struct collector *collector = ARENA_NEW(t->arena, struct collector);
    REQUIRE(collector);
    return collector;
}

static int64_t counted(const struct collector *collector, const char *name)
{
    for (const struct counter *at = counter_first(&collector->counters); at; at = at->next)
        if (strcmp(at->name, name) == 0)
            return counter_value(at);
    return -1;
}

static bool said(const struct collector *collector, const char *words)
{
    return str_find(str_make(collector->said, collector->len), str_from(words)) != STR_NONE;
}

static void work(struct test *t, struct tracer *tracer, const char *name, enum err err)
{
    struct span span, inner;
    span_begin_root(t->ctx, &span, name, tracer, STR(""));
    span_begin(t->ctx, &inner, "inner");
    span_end(t->ctx, &inner);
    span_fail(&span, err);
    span_end(t->ctx, &span);
}

TEST(trace_sends_what_was_sampled)
{
    struct collector *collector = collector_make(t);
    struct trace *trace = open_it(t, collector, 100);
    work(t, trace_tracer(trace), "first", ERR_OK);
    for (int i = 0; i < PATIENCE_MS && !atomic_load(&collector->calls); i++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    work(t, trace_tracer(trace), "second", ERR_OK);
    trace_close(trace); /* sends what is left */
    CHECK(said(collector, "\"name\":\"first\""));
    CHECK(said(collector, "\"name\":\"inner\""));
    CHECK(said(collector, "\"name\":\"second\""));
}

TEST(trace_sends_nothing_else_but_what_failed)
{
    struct collector *collector = collector_make(t);
    struct trace *trace = open_it(t, collector, 0);
    struct span span;
    work(t, trace_tracer(trace), "fine", ERR_OK);
    work(t, trace_tracer(trace), "mistaken", ERR_INPUT);
    work(t, trace_tracer(trace), "broken", ERR_INTERNAL);
    span_begin_root(t->ctx, &span, "called", trace_tracer(trace),
                    STR("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
    span_end(t->ctx, &span);
    trace_close(trace);
    CHECK(said(collector, "\"name\":\"broken\""));
    CHECK(said(collector, "\"name\":\"called\""));
    CHECK(!said(collector, "fine") && !said(collector, "mistaken") && !said(collector, "inner"));
}

TEST(trace_samples_about_as_many_as_it_is_told)
{
    struct collector *collector = collector_make(t);
    struct trace *trace = open_it(t, collector, 20);
    struct tracer *tracer = trace_tracer(trace);
    int sampled = 0;
    for (int i = 0; i < 10000; i++) {
        struct trace_id id = {rand_u64(t->ctx->rand), rand_u64(t->ctx->rand)};
        sampled += tracer->samples(tracer, id);
    }
    CHECK(sampled > 1700 && sampled < 2300);
    trace_close(trace);
}

TEST(trace_counts_what_is_lost)
{
    struct collector *collector = collector_make(t);
    atomic_store(&collector->refuses, true);
    struct trace *trace = open_it(t, collector, 100);
    for (int i = 0; i < 2 * SPAN_RING_SIZE; i++)
        work(t, trace_tracer(trace), "many", ERR_OK);
    int64_t dropped = counted(collector, "trace_dropped_total");
    int64_t left = 4 * SPAN_RING_SIZE - dropped;
    for (int i = 0; i < PATIENCE_MS && counted(collector, "trace_failed_total") < left; i++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    CHECK(dropped > 0);
    CHECK_INT(counted(collector, "trace_failed_total"), left);
    CHECK_INT(counted(collector, "trace_sent_total"), 0);
    trace_close(trace);
    CHECK(str_find(test_log(t), STR("traces could not be sent")) != STR_NONE);
}

static enum err open_and_close(struct test *t, void *arg)
{
    struct trace *trace;
    const struct trace_options options = {.send = collect, .arg = arg, .version = "1.0"};
    TRY(trace_open(t->ctx, &options, &trace));
    trace_close(trace);
    return ERR_OK;
}

TEST(trace_says_where_there_is_no_memory)
{
    struct collector *collector = collector_make(t);
    CHECK(TORTURE_EVERY(t, TORTURE_MEMORY, open_and_close, collector) > 0);
}
