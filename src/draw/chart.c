/* Lays a chart out and writes it as SVG. */
#include "draw/chart.h"

#include <math.h>

#include "base/assert.h"
#include "draw/svg.h"

enum {
    WIDTH = 640,
    HEIGHT = 240,
    MARGIN_TOP = 10,
    MARGIN_BOTTOM = 24,
    MARGIN_LINE = 8, /* around a bare curve's own width */
    DIGIT_WIDTH = 7, /* of the labels, at most */
    LABEL_WIDTH = 64,
    BAR_GAP_PERCENT = 25,
};

/* Where the chart's values lie, in the SVG's own units. */
struct plot {
    const struct chart *chart;
    struct buf *svg;
    double left, right, top, bottom;
    double highest, step;
    size_t series_count;
};

void chart_scale(double highest, double *step, double *top)
{
    static const double steps[] = {1, 2, 5, 10};
    if (!(highest > 0) || !isfinite(highest))
        highest = 1;
    double power = pow(10, floor(log10(highest / CHART_TICKS_MAX)));
    *step = power;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        *step = steps[i] * power;
        if (ceil(highest / *step) <= CHART_TICKS_MAX)
            break;
    }
    *top = ceil(highest / *step) * *step;
}

static void add_value(struct plot *plot, double value)
{
    if (plot->chart->number)
        plot->chart->number(plot->svg, value, plot->chart->number_arg);
    else
        buf_addf(plot->svg, "%.10g", value);
}

static double place_x(const struct plot *plot, double at)
{
    double x = plot->left + at * (plot->right - plot->left);
    return plot->chart->right_to_left ? plot->left + plot->right - x : x;
}

static double place_y(const struct plot *plot, double value)
{
    double share = value > 0 ? value / plot->highest : 0;
    return plot->bottom - share * (plot->bottom - plot->top);
}

/* The middle of what belongs to the i-th value. */
static double value_x(const struct plot *plot, size_t i)
{
    return place_x(plot, ((double)i + 0.5) / (double)plot->chart->count);
}

static struct plot plot_make(struct buf *svg, const struct chart *chart)
{
    struct plot plot = {.chart = chart, .svg = svg};
    double width = chart->width ? chart->width : WIDTH;
    double height = chart->height ? chart->height : HEIGHT;
    double highest = 0;
    for (; plot.series_count < CHART_SERIES_MAX && chart->series[plot.series_count].values;
         plot.series_count++)
        for (size_t i = 0; i < chart->count; i++)
            highest = fmax(highest, chart->series[plot.series_count].values[i]);
    chart_scale(highest, &plot.step, &plot.highest);
    char widest[32];
    struct buf numbers;
    buf_init_fixed(&numbers, widest, sizeof widest);
    buf_addf(&numbers, "%.10g", plot.highest);
    size_t digits = numbers.len;
    buf_clear(&numbers);
    buf_addf(&numbers, "%.10g", plot.step); /* 0.2 is wider than 1 */
    digits = numbers.len > digits ? numbers.len : digits;
    double axis = chart->bare ? MARGIN_LINE : (double)(digits + 2) * DIGIT_WIDTH;
    plot.left = chart->right_to_left ? MARGIN_LINE : axis;
    plot.right = width - (chart->right_to_left ? axis : MARGIN_LINE);
    plot.top = chart->bare ? MARGIN_LINE / 2 : MARGIN_TOP;
    plot.bottom = height - (chart->bare ? MARGIN_LINE / 2 : MARGIN_BOTTOM);
    return plot;
}

static void add_scale(struct plot *plot)
{
    bool mirrored = plot->chart->right_to_left;
    int lines = (int)(plot->highest / plot->step + 0.5);
    for (int i = 0; i <= lines; i++) {
        double value = i * plot->step;
        double y = place_y(plot, value);
        buf_addf(plot->svg, "<path class=\"%s\" d=\"M%.1f %.1fH%.1f\"/>",
                 value > 0 ? "gridline" : "axis", plot->left, y, plot->right);
        buf_addf(plot->svg, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">",
                 mirrored ? plot->right + DIGIT_WIDTH : plot->left - DIGIT_WIDTH, y + 4,
                 mirrored ? "start" : "end");
        add_value(plot, value);
        buf_add(plot->svg, STR("</text>"));
    }
}

/* As many labels as have room, from the first on. */
static void add_labels(struct plot *plot)
{
    const struct chart *chart = plot->chart;
    size_t room = (size_t)((plot->right - plot->left) / LABEL_WIDTH);
    size_t each = room ? (chart->count + room - 1) / room : chart->count;
    for (size_t i = 0; i < chart->count; i += each ? each : 1) {
        buf_addf(plot->svg, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">", value_x(plot, i),
                 plot->bottom + MARGIN_BOTTOM - DIGIT_WIDTH);
        svg_add_text(plot->svg, chart->labels[i]);
        buf_add(plot->svg, STR("</text>"));
    }
}

static void add_bars(struct plot *plot, size_t series)
{
    const struct chart *chart = plot->chart;
    double share = (plot->right - plot->left) / (double)chart->count;
    double width = share * (100 - BAR_GAP_PERCENT) / 100 / (double)plot->series_count;
    double first = -width * (double)plot->series_count / 2;
    for (size_t i = 0; i < chart->count; i++) {
        double value = chart->series[series].values[i];
        double y = place_y(plot, value);
        size_t place = chart->right_to_left ? plot->series_count - 1 - series : series;
        if (value > 0)
            buf_addf(plot->svg,
                     "<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                     value_x(plot, i) + first + width * (double)place, y, width, plot->bottom - y);
    }
}

/* The pieces of a curve between gaps. A point alone is drawn as a dot by its round ends. */
static void add_curve(struct plot *plot, const double *values, bool closed)
{
    size_t begun = 0;
    bool open = false;
    buf_addf(plot->svg, "<path class=\"%s\" d=\"", closed ? "area" : "curve");
    for (size_t i = 0; i <= plot->chart->count; i++) {
        bool there = i < plot->chart->count && !isnan(values[i]);
        if (there && !open)
            begun = i;
        if (there)
            buf_addf(plot->svg, "%c%.1f %.1f", open ? 'L' : 'M', value_x(plot, i),
                     place_y(plot, values[i]));
        else if (open && closed)
            buf_addf(plot->svg, "V%.1fH%.1fZ", plot->bottom, value_x(plot, begun));
        else if (open && begun + 1 == i)
            buf_add(plot->svg, STR("h0"));
        open = there;
    }
    buf_add(plot->svg, STR("\"/>"));
}

static void add_series(struct plot *plot, size_t series)
{
    const double *values = plot->chart->series[series].values;
    buf_addf(plot->svg, "<g class=\"series-%zu\">", series + 1);
    if (plot->chart->kind == CHART_BARS) {
        add_bars(plot, series);
    } else {
        if (plot->chart->kind == CHART_AREA)
            add_curve(plot, values, true);
        add_curve(plot, values, false);
    }
    buf_add(plot->svg, STR("</g>"));
}

/* All of it in words, for who hears the page. */
static void add_words(struct plot *plot)
{
    const struct chart *chart = plot->chart;
    buf_addf(plot->svg, "<title id=\"%s-title\">", chart->id);
    svg_add_text(plot->svg, chart->title);
    buf_addf(plot->svg, "</title><desc id=\"%s-desc\">", chart->id);
    for (size_t s = 0; s < plot->series_count; s++) {
        svg_add_text(plot->svg, chart->series[s].name);
        for (size_t i = 0; i < chart->count; i++) {
            buf_add(plot->svg, i ? STR("; ") : STR(": "));
            svg_add_text(plot->svg, chart->labels[i]);
            buf_addc(plot->svg, ' ');
            if (isnan(chart->series[s].values[i]))
                buf_addc(plot->svg, '-');
            else
                add_value(plot, chart->series[s].values[i]);
        }
        buf_add(plot->svg, STR(". "));
    }
    buf_add(plot->svg, STR("</desc>"));
}

void chart_write(struct buf *svg, const struct chart *chart)
{
    ASSERT(chart->count <= CHART_VALUES_MAX);
    struct plot plot = plot_make(svg, chart);
    buf_addf(svg,
             "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\""
             " direction=\"ltr\" aria-labelledby=\"%s-title\" aria-describedby=\"%s-desc\""
             " viewBox=\"0 0 %d %d\">",
             chart->id, chart->id, chart->width ? chart->width : WIDTH,
             chart->height ? chart->height : HEIGHT);
    add_words(&plot);
    if (!chart->bare) {
        add_scale(&plot);
        add_labels(&plot);
    }
    for (size_t series = 0; series < plot.series_count; series++)
        add_series(&plot, series);
    buf_add(svg, STR("</svg>"));
}
