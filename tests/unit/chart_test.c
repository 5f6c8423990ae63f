/* Charts: their scale, their gaps, and what is told to who cannot see them. */
#include "draw/chart.h"

#include <math.h>

#include "harness/test.h"
#include "harness/torture.h"

enum { SVG_MAX = 1 << 20 };

static struct str drawn(struct test *t, const struct chart *chart)
{
    struct buf svg;
    buf_init(&svg, t->arena, SVG_MAX);
    chart_write(&svg, chart);
    CHECK_ERR(buf_err(&svg), ERR_OK);
    return buf_str(&svg);
}

static bool has(struct str text, const char *part)
{
    return str_find(text, str_from(part)) != STR_NONE;
}

TEST(chart_scale_is_round_and_holds_the_highest)
{
    static const struct {
        double highest, step, top;
    } cases[] = {{0, 0.2, 1},   {1, 0.2, 1},        {6, 1, 6},           {7, 2, 8},
                 {99, 20, 100}, {101, 20, 120},     {0.03, 0.005, 0.03}, {1e9, 2e8, 1e9},
                 {NAN, 0.2, 1}, {INFINITY, 0.2, 1}, {-5, 0.2, 1},        {1250, 500, 1500}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double step, top;
        chart_scale(cases[i].highest, &step, &top);
        test_note(t, "%g: %g %g", cases[i].highest, step, top);
        CHECK(fabs(step - cases[i].step) < cases[i].step / 1e6);
        CHECK(fabs(top - cases[i].top) < cases[i].top / 1e6);
    }
}

static const struct str hours[] = {{"9", 1}, {"10", 2}, {"<11>", 4}};
static const double orders[] = {4, NAN, 12};

TEST(chart_says_its_values_and_escapes_every_text)
{
    struct str svg = drawn(t, &(struct chart){.id = "orders",
                                              .title = STR("R&D \"orders\""),
                                              .labels = hours,
                                              .count = 3,
                                              .series = {{STR("Shop<1>"), orders}}});
    CHECK(has(svg, "<title id=\"orders-title\">R&amp;D &quot;orders&quot;</title>"));
    CHECK(has(svg, "Shop&lt;1&gt;: 9 4; 10 -; &lt;11&gt; 12. </desc>"));
    CHECK(!has(svg, "<11>") && !has(svg, "nan"));
    CHECK(str_ends(svg, STR("</svg>")));
}

TEST(chart_leaves_a_gap_where_a_value_is_missing)
{
    struct str svg = drawn(t, &(struct chart){.id = "orders",
                                              .kind = CHART_AREA,
                                              .labels = hours,
                                              .count = 3,
                                              .series = {{STR("Shop"), orders}}});
    size_t moves = 0;
    struct str curve = str_slice(svg, str_find(svg, STR("class=\"curve\"")), STR_NONE);
    curve = str_slice(curve, 0, str_find(curve, STR("/>")));
    for (size_t i = 0; i < curve.len; i++)
        moves += curve.ptr[i] == 'M';
    CHECK_INT(moves, 2);
}

TEST(chart_draws_a_bar_for_each_value_above_nothing)
{
    static const double values[] = {1, 0, -2};
    struct str svg = drawn(t, &(struct chart){.id = "b",
                                              .kind = CHART_BARS,
                                              .labels = hours,
                                              .count = 3,
                                              .right_to_left = true,
                                              .series = {{STR("A"), orders}, {STR("B"), values}}});
    size_t bars = 0;
    for (size_t at; (at = str_find(svg, STR("<rect"))) != STR_NONE; bars++)
        svg = str_slice(svg, at + 1, svg.len);
    CHECK_INT(bars, 3);
}

TEST(chart_of_nothing_is_still_a_picture)
{
    struct str svg = drawn(t, &(struct chart){.id = "none", .title = STR("None")});
    CHECK(str_starts(svg, STR("<svg ")) && str_ends(svg, STR("</svg>")));
    CHECK(!has(svg, "nan") && !has(svg, "inf"));
}

static enum err draw_once(struct test *t, void *arg)
{
    struct buf svg;
    (void)arg;
    buf_init(&svg, t->arena, SVG_MAX);
    chart_write(
        &svg, &(struct chart){
                  .id = "orders", .labels = hours, .count = 3, .series = {{STR("Shop"), orders}}});
    return buf_err(&svg);
}

TEST(chart_memory)
{
    TORTURE_EVERY(t, TORTURE_MEMORY, draw_once, NULL);
}
