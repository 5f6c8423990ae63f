/* Opens the watch on this program, and says who may read it without signing in. */
#include "app/watching.h"

#include "app/build_info.h"
#include "app/wiring.h"
#include "ports/http/client.h"

static struct address_nets watchers; /* the setting */

/* What traces go by. */
static struct collector {
    struct http_client *client;
    struct trace *trace;
    struct str url;
} collector;

enum err watching_load(struct app *app)
{
    return address_nets_parse(&app->ctx, "WATCH_FROM", app->settings.watch_from, &watchers);
}

enum err watching_open(struct app *app, const struct counter_registry *counters, struct db *db,
                       struct events *events)
{
    struct watch_options options = {.counters = counters,
                                    .db = db,
                                    .events = events,
                                    .version = BUILD_VERSION,
                                    .compiler = BUILD_COMPILER};
    TRY(str_cstr(&app->arena, app->settings.stoa_data, &options.folder));
    return watch_open(&wiring_watch, &app->ctx, &options);
}

void watching_close(void)
{
    watch_close(&wiring_watch);
}

bool watching_may(const struct request *request, const char *permission)
{
    return str_equal(str_from(permission), STR(WATCH_PERMISSION)) &&
           watch_may_read(request, &watchers);
}

static enum err send_traces(struct ctx *ctx, void *arg, struct str json)
{
    const struct collector *to = arg;
    static const struct http_client_header type = {STR("Content-Type"), STR("application/json")};
    const struct http_client_call call = {
        .method = "POST", .url = to->url, .headers = &type, .header_count = 1, .body = json};
    struct http_client_answer answer;
    TRY(http_client_send(to->client, ctx, &call, &answer));
    if (answer.status / 100 != 2)
        return err_fail(&ctx->err, ERR_PEER, "Traces could not be sent.", "the collector says %d",
                        answer.status);
    return ERR_OK;
}

/* Who runs the program may send its traces anywhere; this client is asked for nothing else. */
static enum err open_client(struct app *app)
{
    struct http_client_options options = {.ca_file = NULL};
    TRY(address_nets_parse(&app->ctx, "OTLP_URL", STR("0.0.0.0/0 ::/0"), &options.allowed));
    return http_client_open(&app->ctx, &options, &collector.client);
}

enum err watching_trace(struct app *app, struct counter_registry *counters, struct tracer **tracer)
{
    struct trace_options options = {.sample_percent = app->settings.trace_sample,
                                    .send = send_traces,
                                    .arg = &collector,
                                    .version = BUILD_VERSION,
                                    .counters = counters};
    *tracer = NULL;
    collector.url = app->settings.otlp_url;
    if (!collector.url.len)
        return ERR_OK;
    TRY(open_client(app));
    TRY(trace_open(&app->ctx, &options, &collector.trace));
    *tracer = trace_tracer(collector.trace);
    return ERR_OK;
}

void watching_end_trace(void)
{
    if (collector.trace)
        trace_close(collector.trace);
    if (collector.client)
        http_client_close(collector.client);
    collector = (struct collector){.client = NULL};
}
