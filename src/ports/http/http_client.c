/* Sends calls: checks them, asks the circuit, tries again where that does no harm, and tells the
 * tracer. */
#include "ports/http/client.h"

#include <time.h>

#include "base/assert.h"
#include "base/mem.h"
#include "base/span.h"
#include "ports/http/http_inside.h"

static const struct histogram_shape durations = {
    .kind = HISTOGRAM_SECONDS,
    .name = "http_client_duration_seconds",
    .help = "Calls to other systems, with all their tries.",
};

static void count_in(struct http_client *client, struct counter_registry *counters)
{
    if (!counters)
        return;
    counter_register(counters, &client->calls, COUNTER_TOTAL, "http_client_calls_total",
                     "Calls to other systems.");
    counter_register(counters, &client->failures, COUNTER_TOTAL, "http_client_failures_total",
                     "Calls that met no answer, or one of 500 and above.");
    counter_register(counters, &client->retries, COUNTER_TOTAL, "http_client_retries_total",
                     "Tries of calls beyond the first.");
    counter_register(counters, &client->refused, COUNTER_TOTAL, "http_client_refused_total",
                     "Connections to addresses that are not allowed.");
    counter_register(counters, &client->circuits.opened, COUNTER_TOTAL,
                     "http_client_circuits_opened_total",
                     "Times that a host failed too often in a row.");
    histogram_register(counters, &client->durations, &durations, &client->duration_cells);
}

enum err http_client_open(struct ctx *ctx, const struct http_client_options *options,
                          struct http_client **opened)
{
    struct http_client *client = mem_alloc(sizeof *client);
    if (!client)
        return err_memory(&ctx->err);
    client->allowed = options->allowed;
    client->ca_file = options->ca_file;
    http_client_pool_init(client);
    http_client_circuits_init(&client->circuits, ctx->rand);
    count_in(client, options->counters);
    *opened = client;
    return ERR_OK;
}

void http_client_close(struct http_client *client)
{
    http_client_pool_release(client);
    http_client_circuits_release(&client->circuits);
    mem_free(client);
}

struct str http_client_answer_header(const struct http_client_answer *answer, struct str name)
{
    for (size_t i = 0; i < answer->header_count; i++)
        if (str_equal_nocase(answer->headers[i].name, name))
            return answer->headers[i].value;
    return (struct str){0};
}

/* Trying again. */

static bool is_unwell(int status)
{
    return status == 502 || status == 503 || status == 504;
}

static enum http_client_health judge(const struct http_client_sending *sending, enum err err,
                                     int64_t begun_us)
{
    bool is_slow = clock_tick_us(sending->ctx->clock) - begun_us >=
                   HTTP_CLIENT_FAIR_MS * INT64_C(1000);
    if (err == ERR_OK || err == ERR_LIMIT)
        return is_unwell(sending->answer->status) ? HTTP_CLIENT_HOST_FAILED
               : is_slow                          ? HTTP_CLIENT_HOST_SLOW
                                                  : HTTP_CLIENT_HOST_WELL;
    if (err == ERR_PEER || (err == ERR_TIMEOUT && is_slow))
        return HTTP_CLIENT_HOST_FAILED;
    return HTTP_CLIENT_HOST_UNKNOWN;
}

static enum err try_once(struct http_client_sending *sending)
{
    struct http_client *client = sending->client;
    struct http_client_handle *handle;
    TRY(http_client_pool_take(client, sending->ctx, sending->host, sending->until_us, &handle));
    enum err err = http_client_circuit_enter(&client->circuits, sending->ctx, sending->host,
                                             sending->call->slow_max);
    if (!err) {
        int64_t begun_us = clock_tick_us(sending->ctx->clock);
        sending->answer->tries++;
        err = http_client_try(sending, handle->curl);
        http_client_circuit_leave(&client->circuits, sending->ctx, sending->host,
                                  judge(sending, err, begun_us));
    }
    http_client_pool_give(client, handle);
    return err;
}

/* Whether what happened is gone in a moment and doing it again does no harm. */
static bool may_repeat(const struct http_client_sending *sending, enum err err)
{
    int status = sending->answer->status;
    if (sending->delivered || sending->call->once || sending->answer->tries == HTTP_CLIENT_TRIES)
        return false;
    if (err)
        return sending->call->idempotent && (err == ERR_PEER || err == ERR_TIMEOUT);
    if (sending->retry_after_ms >= 0 && (status == 429 || status == 503))
        return true;
    return sending->call->idempotent && (status == 500 || is_unwell(status));
}

/* In microseconds: what was wished for, or a pause that doubles; chance keeps callers apart. */
static int64_t choose_pause(const struct http_client_sending *sending)
{
    int64_t half_us = (HTTP_CLIENT_PAUSE_MS * INT64_C(500)) << (sending->answer->tries - 1);
    int64_t chance_us = (int64_t)rand_below(sending->ctx->rand, (uint64_t)half_us);
    return (sending->retry_after_ms >= 0 ? sending->retry_after_ms * 1000 : half_us) + chance_us;
}

/* False where the time does not allow another try. */
static bool pause_before_next(const struct http_client_sending *sending)
{
    int64_t pause_us = choose_pause(sending);
    if (ctx_is_to_end(sending->ctx) || sending->retry_after_ms > HTTP_CLIENT_RETRY_AFTER_MAX_MS ||
        pause_us >= sending->until_us - clock_tick_us(sending->ctx->clock))
        return false;
    struct timespec pause = {pause_us / SECOND_US, pause_us % SECOND_US * 1000};
    nanosleep(&pause, NULL);
    return true;
}

static enum err try_until_done(struct http_client_sending *sending)
{
    enum err err = try_once(sending);
    while (may_repeat(sending, err) && pause_before_next(sending)) {
        struct err_record before = sending->ctx->err;
        int tries = sending->answer->tries;
        counter_add(&sending->client->retries, 1);
        enum err again = try_once(sending);
        if (sending->answer->tries == tries) { /* it may not: what the last try met is told */
            sending->ctx->err = before;
            break;
        }
        err = again;
    }
    return err;
}

/* The call. */

static int64_t choose_end(const struct ctx *ctx, const struct http_client_call *call)
{
    int timeout_ms = call->timeout_ms ? call->timeout_ms : HTTP_CLIENT_TIMEOUT_MS;
    int64_t until_us = clock_tick_us(ctx->clock) + timeout_ms * INT64_C(1000);
    return ctx->deadline_us && ctx->deadline_us < until_us ? ctx->deadline_us : until_us;
}

static void tell_tracer(struct span *span, const struct http_client_sending *sending, enum err err)
{
    span_set(span, field_text("method", sending->call->method));
    span_set(span, field_str("host", sending->host));
    span_set(span, field_int("status", sending->answer->status));
    span_set(span, field_int("tries", sending->answer->tries));
    if (err)
        span_fail(span, err);
}

enum err http_client_send(struct http_client *client, struct ctx *ctx,
                          const struct http_client_call *call, struct http_client_answer *answer)
{
    struct span span;
    int64_t begun_us = clock_tick_us(ctx->clock);
    struct http_client_sending sending = {.client = client,
                                          .ctx = ctx,
                                          .call = call,
                                          .answer = answer,
                                          .until_us = choose_end(ctx, call),
                                          .retry_after_ms = -1};
    *answer = (struct http_client_answer){0};
    counter_add(&client->calls, 1);
    span_begin(ctx, &span, "http.call");
    enum err err = ctx_check_deadline(ctx);
    if (!err)
        err = http_client_check(&sending);
    if (!err)
        err = try_until_done(&sending);
    tell_tracer(&span, &sending, err);
    span_end(ctx, &span);
    int64_t took_us = clock_tick_us(ctx->clock) - begun_us;
    ctx->outside_us += took_us;
    histogram_observe(&client->durations, 0, took_us);
    if (err || answer->status >= 500)
        counter_add(&client->failures, 1);
    return err;
}
