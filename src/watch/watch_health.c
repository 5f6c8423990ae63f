/* The page of health: the last hour as charts. */
#include <math.h>

#include "draw/chart.h"
#include "text/date.h"
#include "ui/frame.h"
#include "watch/watch.h"
#include "watch/watch_msg.h"
#include "watch/watch_pages.h"
#include "watch/watch_routes.h"
#include "web/events.h"
#include "web/server.h"

enum {
    CHART_BYTES_MAX = 128 << 10,
    CHART_WIDTH = 440, /* about as wide as it stands there: its words keep their size */
    CHART_HEIGHT = 210,
    CHART_POINTS_MIN = 10,
    LABEL_MAX = 32,
    TENTHS = 10,
};

#define MEGABYTE 1e6

/* The values of one curve, a number a point. */
typedef double health_value(const struct history_point *point);

static double a_second(const struct history_point *point, int64_t count)
{
    return (double)count * (double)SECOND_US / (double)point->took_us;
}

static double requests_of(const struct history_point *point)
{
    return a_second(point, point->requests);
}

static double writes_of(const struct history_point *point)
{
    return a_second(point, point->writes);
}

static double errors_of(const struct history_point *point)
{
    return (double)point->errors;
}

static double memory_of(const struct history_point *point)
{
    return (double)point->resident_bytes / MEGABYTE;
}

static double processor_of(const struct history_point *point)
{
    return 100 * (double)point->processor_us / (double)point->took_us;
}

static double in_ms(const struct history_point *point, int64_t time_us)
{
    return point->requests ? (double)time_us / 1000 : NAN;
}

static double half_of(const struct history_point *point)
{
    return in_ms(point, point->half_us);
}

static double most_of(const struct history_point *point)
{
    return in_ms(point, point->most_us);
}

static double slowest_of(const struct history_point *point)
{
    return in_ms(point, point->slowest_us);
}

/* Charts begin where something is known. */
struct health {
    struct request *request;
    size_t from;
    struct history_point points[HISTORY_POINTS];
    struct str labels[HISTORY_POINTS];
};

/* NULL where there is no memory, which a chart takes for no series. */
static const double *values_of(struct health *health, health_value *value)
{
    double *values = ARENA_ARRAY(health->request->ctx->arena, HISTORY_POINTS, double);
    for (size_t i = 0; values && i < HISTORY_POINTS; i++)
        values[i] = health->points[i].took_us ? value(&health->points[i]) : NAN;
    return values ? values + health->from : NULL;
}

static struct chart_series series_of(struct health *health, ui_say *words, health_value *value)
{
    return (struct chart_series){ui_words(health->request, words), values_of(health, value)};
}

static struct html draw(struct health *health, struct chart *chart, const char *id, ui_say *words)
{
    struct buf svg;
    const struct request *request = health->request;
    chart->id = id;
    chart->title = ui_words(request, words);
    chart->labels = health->labels + health->from;
    chart->count = HISTORY_POINTS - health->from;
    chart->width = CHART_WIDTH;
    chart->height = CHART_HEIGHT;
    chart->right_to_left = request->ctx->language->right_to_left;
    buf_init(&svg, request->ctx->arena, CHART_BYTES_MAX);
    chart_write(&svg, chart);
    return (struct html){buf_str(&svg)};
}

static struct html draw_one(struct health *health, const char *id, ui_say *words,
                            health_value *value)
{
    struct chart chart = {.kind = CHART_AREA, .series = {series_of(health, words, value)}};
    return draw(health, &chart, id, words);
}

static struct html draw_durations(struct health *health)
{
    struct chart chart = {.kind = CHART_LINE,
                          .series = {series_of(health, text_health_half, half_of),
                                     series_of(health, text_health_most, most_of),
                                     series_of(health, text_health_slowest, slowest_of)}};
    return draw(health, &chart, "durations", text_health_durations);
}

static struct str label_of(const struct request *request, int64_t at_us)
{
    struct buf text;
    struct civil civil = civil_from_us(at_us);
    buf_init(&text, request->ctx->arena, LABEL_MAX);
    text_time(&text, request->ctx->language, &civil);
    return buf_str(&text);
}

/* The last point that something is known of: the one that is now may have just begun. */
static struct history_point latest(const struct health *health)
{
    size_t i = HISTORY_POINTS - 1;
    while (i > 0 && !health->points[i].took_us)
        i--;
    struct history_point point = health->points[i];
    point.took_us = point.took_us ? point.took_us : SECOND_US;
    return point;
}

static int64_t errors_in_all(const struct health *health)
{
    int64_t errors = 0;
    for (size_t i = 0; i < HISTORY_POINTS; i++)
        errors += health->points[i].errors;
    return errors;
}

static size_t first_known(const struct health *health)
{
    size_t i = 0;
    while (i < HISTORY_POINTS - CHART_POINTS_MIN && !health->points[i].took_us)
        i++;
    return i;
}

static struct channel *channel_of(struct request *request)
{
    return events_channel(server_events(request->server), STR(WATCH_CHANNEL));
}

static void show(struct health *health, int64_t told, int64_t now_us)
{
    struct request *request = health->request;
    const struct watch *watch = request->room;
    const struct history_point now = latest(health);
    int64_t tick_us = clock_tick_us(request->ctx->clock);
    health_page(
        respond_page(request),
        &(struct health_page){
            .frame = ui_frame(request, "/admin/health"),
            .told = told,
            .ready = !ready_wrong(&watch->ready, tick_us) && !server_is_draining(request->server),
            .now_us = now_us,
            .requests = (int64_t)(requests_of(&now) * TENTHS),
            .answered = now.most_us * TENTHS / 1000,
            .errors = errors_in_all(health),
            .requests_chart = draw_one(health, "requests", text_health_requests, requests_of),
            .durations_chart = draw_durations(health),
            .errors_chart = draw_one(health, "errors", text_health_errors, errors_of),
            .writes_chart = draw_one(health, "writes", text_health_writes, writes_of),
            .processor_chart = draw_one(health, "processor", text_health_processor, processor_of),
            .memory_chart = draw_one(health, "memory", text_health_memory, memory_of)});
}

enum err watch_health(struct request *request)
{
    struct watch *watch = request->room;
    int64_t told = events_last(channel_of(request)), now_us = clock_now_us(request->ctx->clock);
    struct health *health = ARENA_NEW(request->ctx->arena, struct health);
    if (!health)
        return err_memory(&request->ctx->err);
    health->request = request;
    history_read(&watch->history, health->points, now_us);
    health->from = first_known(health);
    for (size_t i = 0; i < HISTORY_POINTS; i++)
        health->labels[i] = label_of(request, health->points[i].at_us);
    show(health, told, now_us);
    return ERR_OK;
}

enum err watch_health_events(struct request *request, const struct watch_health_events_input *input)
{
    return respond_events(request, channel_of(request), input->after);
}
