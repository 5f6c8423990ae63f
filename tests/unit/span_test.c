/* Tests of spans: how they nest, what is handed on, and which callers are believed. */
#include "base/span.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/test.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define TRACE     "0af7651916cd43dd8448eb211c80319c"
#define CALLER    "b7ad6b7169203331"
#define SAMPLED   "00-" TRACE "-" CALLER "-01"
#define UNSAMPLED "00-" TRACE "-" CALLER "-00"

enum { ENDED_MAX = 8 };

/* A tracer that keeps what it is given. */
struct keeper {
    struct tracer tracer;
    size_t count;
    struct span spans[ENDED_MAX];
};

static void keep(struct tracer *tracer, const struct span *span)
{
    struct keeper *keeper = (struct keeper *)tracer;
    if (keeper->count < ENDED_MAX)
        keeper->spans[keeper->count++] = *span;
}

static struct keeper keeper_make(void)
{
    return (struct keeper){.tracer = {.ended = keep}};
}

TEST(span_continues_the_callers_trace)
{
    struct keeper keeper = keeper_make();
    struct span span;
    span_begin_root(t->ctx, &span, "GET /", &keeper.tracer, STR(SAMPLED));
    CHECK(span.trace.high == 0x0af7651916cd43dd && span.trace.low == 0x8448eb211c80319c);
    CHECK(span.parent_id == 0xb7ad6b7169203331);
    CHECK(span.id && span.id != span.parent_id);
    CHECK(t->ctx->span == &span);
    span_end(t->ctx, &span);
    CHECK(!t->ctx->span);
    CHECK_INT(keeper.count, 1);
}

TEST(span_nests_and_measures)
{
    struct keeper keeper = keeper_make();
    struct span root, outer, inner;
    span_begin_root(t->ctx, &root, "root", &keeper.tracer, STR(""));
    fake_clock_turn(&t->clock, 10);
    span_begin(t->ctx, &outer, "outer");
    fake_clock_turn(&t->clock, 100);
    span_begin(t->ctx, &inner, "inner");
    CHECK(t->ctx->span == &inner);
    t->clock.now_us -= DAY_US; /* the wall's clock may jump, the measure does not */
    fake_clock_turn(&t->clock, 1000);
    span_fail(&inner, ERR_BUSY);
    span_end(t->ctx, &inner);
    span_end(t->ctx, &outer);
    span_end(t->ctx, &root);
    CHECK(!t->ctx->span);

    REQUIRE(keeper.count == 3);
    const struct span *spans = keeper.spans;
    CHECK_TEXT(spans[0].name, "inner");
    CHECK_INT(spans[0].begun_us, FAKE_NOW_US + 110);
    CHECK_INT(spans[0].duration_us, 1000);
    CHECK_INT(spans[1].duration_us, 1100);
    CHECK_INT(spans[2].duration_us, 1110);
    CHECK_ERR(spans[0].err, ERR_BUSY);
    CHECK_ERR(spans[1].err, ERR_OK);
    CHECK(spans[0].parent_id == spans[1].id);
    CHECK(spans[1].parent_id == spans[2].id);
    CHECK_INT(spans[2].parent_id, 0);
    for (size_t i = 0; i < 2; i++)
        CHECK(spans[i].trace.high == spans[2].trace.high &&
              spans[i].trace.low == spans[2].trace.low);
}

TEST(span_keeps_fields_up_to_its_limit)
{
    struct keeper keeper = keeper_make();
    struct span span;
    span_begin_root(t->ctx, &span, "a", &keeper.tracer, STR(""));
    for (int64_t i = 0; i < SPAN_FIELDS_MAX + 3; i++)
        span_set(&span, field_int("n", i));
    span_end(t->ctx, &span);
    CHECK_INT(keeper.spans[0].field_count, SPAN_FIELDS_MAX);
    CHECK_INT(keeper.spans[0].fields[SPAN_FIELDS_MAX - 1].number, SPAN_FIELDS_MAX - 1);
}

TEST(span_of_a_trace_that_is_not_sampled_hands_its_ids_on)
{
    struct keeper keeper = keeper_make();
    struct span root, inner;
    char text[TRACE_PARENT_LEN + 1], inner_text[TRACE_PARENT_LEN + 1];
    span_begin_root(t->ctx, &root, "root", &keeper.tracer, STR(UNSAMPLED));
    span_begin(t->ctx, &inner, "inner");
    span_set(&inner, field_int("n", 1));
    span_traceparent(&root, text);
    span_traceparent(t->ctx->span, inner_text);
    CHECK(str_starts(str_from(text), STR("00-" TRACE "-")));
    CHECK(str_ends(str_from(text), STR("-00")));
    CHECK_TEXT(inner_text, text);
    span_end(t->ctx, &inner);
    span_end(t->ctx, &root);
    CHECK_INT(keeper.count, 0);
}

TEST(span_without_a_root_is_not_recorded)
{
    struct span span;
    char text[TRACE_PARENT_LEN + 1];
    span_begin(t->ctx, &span, "alone");
    span_traceparent(&span, text);
    CHECK_TEXT(text, "");
    span_end(t->ctx, &span);
    CHECK(!t->ctx->span);
    span_traceparent(NULL, text);
    CHECK_TEXT(text, "");
}

TEST(span_root_without_a_tracer_has_ids_of_its_own)
{
    struct span span;
    char text[TRACE_PARENT_LEN + 1];
    span_begin_root(t->ctx, &span, "a", NULL, STR(""));
    span_traceparent(&span, text);
    CHECK_INT(strlen(text), TRACE_PARENT_LEN);
    CHECK(str_ends(str_from(text), STR("-00")));
    span_end(t->ctx, &span);
}

TEST(span_traceparent_is_what_a_callee_reads)
{
    struct keeper keeper = keeper_make();
    struct span caller, callee;
    char text[TRACE_PARENT_LEN + 1];
    span_begin_root(t->ctx, &caller, "caller", &keeper.tracer, STR(""));
    span_traceparent(&caller, text);
    CHECK(str_ends(str_from(text), STR("-01")));
    span_begin_root(t->ctx, &callee, "callee", &keeper.tracer, str_from(text));
    CHECK(callee.trace.high == caller.trace.high && callee.trace.low == caller.trace.low);
    CHECK(callee.parent_id == caller.id);
    CHECK(callee.tracer == &keeper.tracer);
    span_end(t->ctx, &callee);
    CHECK(t->ctx->span == &caller);
    span_end(t->ctx, &caller);
}

TEST(span_believes_a_well_formed_caller_alone)
{
    static const struct {
        const char *header;
        bool believed, recorded;
    } rows[] = {
        {SAMPLED, true, true},
        {UNSAMPLED, true, false},
        {"00-" TRACE "-" CALLER "-03", true, true}, /* a flag that is not known yet */
        {"00-" TRACE "-" CALLER "-02", true, false},
        {"00-" TRACE "-" CALLER "-ff", true, true},
        {"01-" TRACE "-" CALLER "-01", true, true}, /* later versions: what follows is theirs */
        {"cc-" TRACE "-" CALLER "-01-what-the-future-brings", true, true},
        {"fe-" TRACE "-" CALLER "-00-", true, false},
        {"cc-" TRACE "-" CALLER "-01.what", false, true},
        {"cc-" TRACE "-" CALLER "-010", false, true},
        {SAMPLED "-more", false, true},
        {SAMPLED " ", false, true},
        {" " SAMPLED, false, true},
        {"ff-" TRACE "-" CALLER "-01", false, true},
        {"0-" TRACE "-" CALLER "-01", false, true},
        {"000-" TRACE "-" CALLER "-01", false, true},
        {"00-" TRACE "-" CALLER "-1", false, true},
        {"00-" TRACE "-" CALLER "-", false, true},
        {"00-" TRACE "-" CALLER, false, true},
        {"00-" TRACE, false, true},
        {"00", false, true},
        {"", false, true},
        {"00-00000000000000000000000000000000-" CALLER "-01", false, true},
        {"00-" TRACE "-0000000000000000-01", false, true},
        {"00-0AF7651916CD43DD8448EB211C80319C-" CALLER "-01", false, true},
        {"00-" TRACE "-B7AD6B7169203331-01", false, true},
        {"00-" TRACE "-" CALLER "-0A", false, true},
        {"00-0af7651916cd43dd8448eb211c80319-" CALLER "-01", false, true},
        {"00-" TRACE "0-" CALLER "-01", false, true},
        {"00-0af7651916cd43dg8448eb211c80319c-" CALLER "-01", false, true},
        {"00_" TRACE "_" CALLER "_01", false, true},
        {"0x-" TRACE "-" CALLER "-01", false, true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct keeper keeper = keeper_make();
        struct span span;
        test_note(t, "\"%s\"", rows[i].header);
        span_begin_root(t->ctx, &span, "a", &keeper.tracer, str_from(rows[i].header));
        bool believed = span.trace.high == 0x0af7651916cd43dd &&
                        span.parent_id == 0xb7ad6b7169203331;
        CHECK_INT(believed, rows[i].believed);
        CHECK(believed || span.parent_id == 0);
        CHECK(span.trace.high || span.trace.low);
        span_end(t->ctx, &span);
        CHECK_INT(keeper.count, rows[i].recorded);
    }
}

TEST(span_end_asserts_that_it_is_the_innermost)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct span outer, inner;
        span_begin(t->ctx, &outer, "outer");
        span_begin(t->ctx, &inner, "inner");
        span_end(t->ctx, &outer);
        _exit(0);
    }
    int status = 0;
    REQUIRE(pid > 0 && waitpid(pid, &status, 0) == pid);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static bool never(struct tracer *tracer, struct trace_id trace)
{
    (void)tracer, (void)trace;
    return false;
}

TEST(span_of_a_trace_that_was_not_sampled_is_told_where_it_failed_or_was_slow)
{
    static const struct {
        enum err err;
        int64_t took_us;
        bool told;
    } rows[] = {
        {ERR_OK, 999, false}, {ERR_OK, 1000, true}, {ERR_MISSING, 10, false}, {ERR_IO, 10, true}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct keeper keeper = {.tracer = {.ended = keep, .samples = never, .slow_us = 1000}};
        struct span root, inner;
        span_begin_root(t->ctx, &root, "root", &keeper.tracer, STR(""));
        span_begin(t->ctx, &inner, "inner");
        span_set(&root, field_int("rows", 1));
        fake_clock_turn(&t->clock, rows[i].took_us);
        span_end(t->ctx, &inner);
        span_fail(&root, rows[i].err);
        span_end(t->ctx, &root);
        CHECK_INT(keeper.count, rows[i].told);
        CHECK(!rows[i].told || (keeper.spans[0].duration_us == rows[i].took_us &&
                                keeper.spans[0].begun_us == t->clock.now_us - rows[i].took_us &&
                                keeper.spans[0].field_count == 1));
    }
}

TEST(span_of_a_caller_that_did_not_sample_is_never_told)
{
    struct keeper keeper = {.tracer = {.ended = keep, .samples = never, .slow_us = 1000}};
    struct span root;
    span_begin_root(t->ctx, &root, "root", &keeper.tracer, STR(UNSAMPLED));
    span_fail(&root, ERR_IO);
    span_end(t->ctx, &root);
    CHECK_INT(keeper.count, 0);
}
