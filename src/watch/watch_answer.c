/* Answers those who watch from outside: /metrics and /readyz. */
#include "base/json.h"
#include "watch/watch.h"
#include "watch/watch_routes.h"
#include "web/server.h"

enum err watch_metrics(struct request *request)
{
    const struct watch *watch = request->room;
    struct metrics_facts facts = {.version = watch->options.version,
                                  .compiler = watch->options.compiler,
                                  .started_us = watch->started_us};
    vitals_read(&facts.vitals, watch->options.folder);
    metrics_write(respond_body(request, METRICS_TYPE), watch->options.counters, &facts);
    return ERR_OK;
}

static void add_part(struct json_writer *w, enum ready_part part)
{
    json_begin_object(w);
    json_key(w, STR("field"));
    json_add_str(w, str_from(ready_name(part)));
    json_key(w, STR("detail"));
    json_add_str(w, str_from(ready_words(part)));
    json_end_object(w);
}

/* For programs alone: no page is made of it. */
static void tell(struct request *request, unsigned wrong)
{
    struct json_writer w;
    respond_status(request, 503);
    request->response.retry_s = READY_LOOK_US / SECOND_US;
    json_writer_init(&w, respond_body(request, "application/problem+json"));
    json_begin_object(&w);
    json_key(&w, STR("type"));
    json_add_str(&w, STR("about:blank"));
    json_key(&w, STR("title"));
    json_add_str(&w, STR("Not ready"));
    json_key(&w, STR("status"));
    json_add_int(&w, 503);
    json_key(&w, STR("errors"));
    json_begin_array(&w);
    for (enum ready_part part = 0; part < READY_COUNT; part++)
        if (wrong & 1U << part)
            add_part(&w, part);
    json_end_array(&w);
    json_end_object(&w);
}

enum err watch_ready(struct request *request)
{
    const struct watch *watch = request->room;
    unsigned wrong = ready_wrong(&watch->ready, clock_tick_us(request->ctx->clock));
    if (server_is_draining(request->server))
        wrong |= 1U << READY_DRAINING;
    if (wrong)
        tell(request, wrong);
    else
        respond_status(request, 204);
    return ERR_OK;
}
