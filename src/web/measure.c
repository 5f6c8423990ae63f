/* Hands what a request took to the histograms. */
#include "web/measure.h"

#include <inttypes.h>

enum { NAME_MAX_BYTES = HTTP_TARGET_MAX, TIMING_MAX = 128 };

static const char *const class_names[MEASURE_CLASSES] = {"1xx", "2xx", "3xx", "4xx", "5xx"};

static const struct histogram_shape
    classes = {HISTOGRAM_SECONDS,
               "web_request_duration_seconds",
               "From the whole request to its answer, by the answer's class.",
               "class",
               class_names,
               MEASURE_CLASSES},
    waits = {.kind = HISTOGRAM_SECONDS,
             .name = "web_queue_duration_seconds",
             .help = "From the whole request to the worker that takes it."};

static size_t count_routes(const struct room_routes *rooms)
{
    size_t count = 0;
    for (const struct room_routes *room = rooms; room->room; room++)
        for (const struct route *route = room->routes; route->path; route++)
            count++;
    return count;
}

static enum err name_route(struct ctx *ctx, const struct route *route, const char **name)
{
    struct buf text;
    buf_init(&text, ctx->arena, NAME_MAX_BYTES);
    buf_addf(&text, "%s %s", http_method_name(route->method), route->path);
    if (buf_err(&text) || str_cstr(ctx->arena, buf_str(&text), name))
        return err_memory(&ctx->err);
    return ERR_OK;
}

/* In the order in which the router numbers them, behind what has no route. */
static enum err name_routes(struct ctx *ctx, const struct room_routes *rooms, const char **names)
{
    size_t count = 0;
    names[count++] = "none";
    for (const struct room_routes *room = rooms; room->room; room++)
        for (const struct route *route = room->routes; route->path; route++)
            TRY(name_route(ctx, route, &names[count++]));
    return ERR_OK;
}

enum err measure_open(struct measure *measure, struct ctx *ctx, const struct room_routes *rooms)
{
    size_t count = count_routes(rooms) + 1;
    const char **names = ARENA_ARRAY(ctx->arena, count, const char *);
    measure->route_cells = ARENA_ARRAY(ctx->arena, count, struct histogram_cells);
    if (!names || !measure->route_cells)
        return err_memory(&ctx->err);
    TRY(name_routes(ctx, rooms, names));
    measure->route_shape = (struct histogram_shape){
        .kind = HISTOGRAM_SECONDS,
        .name = "web_route_duration_seconds",
        .help =
            "From the whole request to its answer, by the route; none is an asset or a mistake.",
        .label = "route",
        .values = names,
        .count = count};
    return ERR_OK;
}

void measure_register(struct measure *measure, struct counter_registry *counters)
{
    histogram_register(counters, &measure->routes, &measure->route_shape, measure->route_cells);
    histogram_register(counters, &measure->classes, &classes, measure->class_cells);
    histogram_register(counters, &measure->waits, &waits, &measure->wait_cells);
}

void measure_wait(struct measure *measure, int64_t wait_us)
{
    histogram_observe(&measure->waits, 0, wait_us);
}

void measure_answer(struct measure *measure, const struct request *request, int64_t duration_us)
{
    histogram_observe(&measure->routes, request->route_number, duration_us);
    histogram_observe(&measure->classes, (size_t)(request->response.status / 100 - 1), duration_us);
}

void measure_trace(struct span *span, const struct request *request, enum err err)
{
    bool failed = request->response.status >= 500;
    span_set(span, field_text("http.request.method", http_method_name(request->head->method)));
    if (request->route)
        span_set(span, field_text("http.route", request->route->path));
    span_set(span, field_int("http.response.status_code", request->response.status));
    span_fail(span, failed && !err ? ERR_INTERNAL : err);
}

static void add_part(struct buf *out, const char *name, int64_t part_us)
{
    buf_addf(out, "%s%s;dur=%" PRId64 ".%03d", out->len ? ", " : "", name, part_us / 1000,
             (int)(part_us % 1000));
}

void measure_tell(struct request *request, int64_t duration_us)
{
    char bytes[TIMING_MAX];
    struct buf text;
    buf_init_fixed(&text, bytes, sizeof bytes);
    add_part(&text, "db", request->ctx->db_us);
    add_part(&text, "outside", request->ctx->outside_us);
    add_part(&text, "total", duration_us);
    respond_header(request, "Server-Timing", buf_str(&text));
}
