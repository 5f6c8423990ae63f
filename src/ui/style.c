/* The page /style: the design system, each part of it once, with what it is made for. */
#include <math.h>

#include "draw/chart.h"
#include "ui/frame.h"
#include "ui/ui_pages.h"
#include "ui/ui_routes.h"

enum { CHART_MAX = 64 << 10, DAYS = 7 };

static struct html chart_of(struct request *request, const struct chart *chart)
{
    struct buf svg;
    struct chart mirrored = *chart;
    mirrored.right_to_left = request->ctx->language->right_to_left;
    buf_init(&svg, request->ctx->arena, CHART_MAX);
    chart_write(&svg, &mirrored);
    return (struct html){buf_str(&svg)};
}

enum err style_show(struct request *request)
{
    static const double sold[DAYS] = {412, 388, 455, 464, 630, 890, 204};
    static const double returned[DAYS] = {21, 18, 30, NAN, 26, 41, 12};
    struct str days[DAYS];
    for (size_t i = 0; i < DAYS; i++)
        days[i] = str_from(request->ctx->language->weekdays_short[i]);
    struct chart curve = {.kind = CHART_AREA,
                          .id = "curve",
                          .title = STR("Sold and returned"),
                          .labels = days,
                          .count = DAYS,
                          .series = {{STR("Sold"), sold}, {STR("Returned"), returned}}};
    struct chart bars = curve;
    bars.kind = CHART_BARS;
    bars.id = "bars";
    ui_style(respond_page(request), &(struct ui_style){.frame = ui_frame(request, NULL),
                                                       .curve = chart_of(request, &curve),
                                                       .bars = chart_of(request, &bars)});
    return ERR_OK;
}
