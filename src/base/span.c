/* Opens and closes spans, and reads and writes the traceparent header. */
#include "base/span.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/assert.h"

enum { VERSION_INVALID = 0xff, FLAG_SAMPLED = 1 };

/* Lower-case digits only, as the standard wants them. */
static bool take_hex(struct str *rest, size_t digits, uint64_t *number)
{
    if (rest->len < digits)
        return false;
    *number = 0;
    for (size_t i = 0; i < digits; i++) {
        char c = rest->ptr[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0)
            return false;
        *number = *number << 4 | (unsigned)digit;
    }
    *rest = str_slice(*rest, digits, rest->len);
    return true;
}

static bool take_dash(struct str *rest)
{
    bool there = str_starts(*rest, STR("-"));
    *rest = str_slice(*rest, there, rest->len);
    return there;
}

struct caller {
    struct trace_id trace;
    uint64_t id, flags;
};

/* A later version may add fields behind a dash; what version 00 knows stands where it does. */
static bool parse_caller(struct str text, struct caller *caller)
{
    uint64_t version;
    return take_hex(&text, 2, &version) && version != VERSION_INVALID && take_dash(&text) &&
           take_hex(&text, 16, &caller->trace.high) && take_hex(&text, 16, &caller->trace.low) &&
           take_dash(&text) && take_hex(&text, 16, &caller->id) && take_dash(&text) &&
           take_hex(&text, 2, &caller->flags) &&
           (text.len == 0 || (version > 0 && take_dash(&text))) &&
           (caller->trace.high || caller->trace.low) && caller->id;
}

/* 0 stands for no id. */
static uint64_t new_id(struct rand *rand)
{
    uint64_t id = rand_u64(rand);
    return id ? id : 1;
}

/* Makes the span the innermost. The fields' 500 bytes are left as they are: field_count is 0. */
static void begin(struct ctx *ctx, struct span *span, const char *name, struct tracer *tracer)
{
    span->tracer = tracer;
    span->judge = NULL;
    span->parent = ctx->span;
    span->name = name;
    span->duration_us = 0;
    span->err = ERR_OK;
    span->field_count = 0;
    span->begun_us = tracer ? clock_now_us(ctx->clock) : 0;
    span->tick_us = tracer ? clock_tick_us(ctx->clock) : 0;
    ctx->span = span;
}

static struct caller begin_trace(struct ctx *ctx, struct tracer *tracer)
{
    struct caller caller = {.flags = FLAG_SAMPLED};
    caller.trace.high = new_id(ctx->rand);
    caller.trace.low = new_id(ctx->rand);
    if (tracer && tracer->samples && !tracer->samples(tracer, caller.trace))
        caller.flags = 0;
    return caller;
}

void span_begin_root(struct ctx *ctx, struct span *span, const char *name, struct tracer *tracer,
                     struct str traceparent)
{
    struct caller caller;
    bool called = parse_caller(traceparent, &caller);
    if (!called)
        caller = begin_trace(ctx, tracer);
    bool sampled = caller.flags & FLAG_SAMPLED;
    begin(ctx, span, name, sampled ? tracer : NULL);
    if (!sampled && !called && tracer && tracer->slow_us) {
        span->judge = tracer;
        span->tick_us = clock_tick_us(ctx->clock);
    }
    span->trace = caller.trace;
    span->parent_id = caller.id;
    span->id = new_id(ctx->rand);
}

/* One that is not recorded stands under its parent's ids, which callees and the log may use. */
void span_begin(struct ctx *ctx, struct span *span, const char *name)
{
    static const struct span none = {.tracer = NULL};
    const struct span *parent = ctx->span ? ctx->span : &none;
    begin(ctx, span, name, parent->tracer);
    span->trace = parent->trace;
    span->parent_id = parent->tracer ? parent->id : parent->parent_id;
    span->id = parent->tracer ? new_id(ctx->rand) : parent->id;
}

void span_set(struct span *span, struct field field)
{
    if ((span->tracer || span->judge) && span->field_count < SPAN_FIELDS_MAX)
        span->fields[span->field_count++] = field;
}

void span_fail(struct span *span, enum err err)
{
    span->err = err;
}

/* Who asks only now when it began is told by the wall's clock of now. */
static void judge(struct ctx *ctx, struct span *span)
{
    struct tracer *tracer = span->judge;
    span->duration_us = clock_tick_us(ctx->clock) - span->tick_us;
    if (span->duration_us < tracer->slow_us && err_http_status(span->err) < 500)
        return;
    span->begun_us = clock_now_us(ctx->clock) - span->duration_us;
    tracer->ended(tracer, span);
}

void span_end(struct ctx *ctx, struct span *span)
{
    ASSERT(ctx->span == span); /* else one that began inside it is still open */
    ctx->span = span->parent;
    if (span->judge)
        judge(ctx, span);
    if (!span->tracer)
        return;
    span->duration_us = clock_tick_us(ctx->clock) - span->tick_us;
    span->tracer->ended(span->tracer, span);
}

void span_traceparent(const struct span *span, char text[TRACE_PARENT_LEN + 1])
{
    text[0] = '\0';
    if (!span || !span->id)
        return;
    int len = snprintf(text, TRACE_PARENT_LEN + 1,
                       "00-%016" PRIx64 "%016" PRIx64 "-%016" PRIx64 "-%02x", span->trace.high,
                       span->trace.low, span->id, span->tracer ? FLAG_SAMPLED : 0);
    ASSERT(len == TRACE_PARENT_LEN);
}
