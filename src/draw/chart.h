/* Charts as SVG: the same picture in the page, the mail and the document.
 *
 *     struct chart chart = {
 *         .kind = CHART_LINE, .id = "orders", .title = STR("Orders an hour"),
 *         .labels = hours, .count = 24, .series = {{STR("Shop"), orders}},
 *     };
 *     chart_write(&svg, &chart);
 *
 * Colours come from the stylesheet by class (chart, series-1 … series-4), or from the drawing's own
 * where there is none. The scale begins at 0 and ends at a round number; a value that is NAN is a
 * gap. The title and a sentence of all values are in the SVG for who cannot see it. In text that
 * runs from right to left the first value stands at the right. Every text is escaped. */
#ifndef STOA_DRAW_CHART_H
#define STOA_DRAW_CHART_H

#include "base/buf.h"

enum { CHART_SERIES_MAX = 4, CHART_VALUES_MAX = 2000, CHART_TICKS_MAX = 6 };

enum chart_kind { CHART_LINE, CHART_AREA, CHART_BARS };

struct chart_series {
    struct str name;
    const double *values; /* `count` of them */
};

struct chart {
    enum chart_kind kind;
    const char *id; /* unique in its page: a name of small letters */
    struct str title;
    const struct str *labels; /* of the values, `count` of them */
    size_t count;
    struct chart_series series[CHART_SERIES_MAX]; /* up to the first without values */
    int width, height;                            /* 0: 640 and 240 */
    bool right_to_left;
    bool bare; /* the curve alone, as it stands within a line of text */

    /* Writes a value as the reader's language does; NULL writes 1250 and 0.5. */
    void (*number)(struct buf *out, double value, const void *arg);
    const void *number_arg;
};

void chart_write(struct buf *svg, const struct chart *chart);

/* The distance of the scale's lines, 1, 2 or 5 times a power of ten, and where it ends. At most
 * CHART_TICKS_MAX lines lie above 0. */
void chart_scale(double highest, double *step, double *top);

#endif
