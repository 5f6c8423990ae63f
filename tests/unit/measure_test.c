/* Tests of what the server measures: which histogram a request ends in. */
#include "web/measure.h"

#include <string.h>

#include "asked.h"
#include "harness/torture.h"

static enum err nothing(struct request *request, const void *input)
{
    (void)request, (void)input;
    return ERR_OK;
}

static const struct route routes[] = {
    {.method = HTTP_GET, .path = "/things/{id}", .name = "thing_show", .handler = nothing},
    {.method = HTTP_POST, .path = "/things", .name = "thing_add", .handler = nothing},
    {0}};
static const struct room_routes rooms[] = {{"things", routes, NULL, NULL}, {0}};

static int64_t count_of(const struct histogram *histogram, size_t place)
{
    int64_t count = 0;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        count += atomic_load(&histogram->cells[place].buckets[i]);
    return count;
}

TEST(measure_names_routes_in_the_routers_order)
{
    struct counter_registry registry = {.first = NULL};
    struct measure measure = {.route_cells = NULL};
    struct router *router;
    struct route_match match;
    REQUIRE(measure_open(&measure, t->ctx, rooms) == ERR_OK);
    REQUIRE(router_open(t->ctx, rooms, &router) == ERR_OK);
    measure_register(&measure, &registry);
    CHECK_INT(measure.route_shape.count, 3);
    CHECK_TEXT(measure.route_shape.values[0], "none");
    router_find(router, HTTP_HEAD, STR("/things/7"), &match);
    CHECK_TEXT(measure.route_shape.values[match.number], "GET /things/{id}");
    router_find(router, HTTP_POST, STR("/things"), &match);
    CHECK_TEXT(measure.route_shape.values[match.number], "POST /things");
    router_find(router, HTTP_GET, STR("/none"), &match);
    CHECK_INT(match.number, 0);
}

TEST(measure_sorts_an_answer_by_route_and_class)
{
    struct counter_registry registry = {.first = NULL};
    struct measure measure = {.route_cells = NULL};
    struct asked asked;
    ask_with(t, &asked, "GET", "");
    REQUIRE(measure_open(&measure, t->ctx, rooms) == ERR_OK);
    measure_answer(&measure, &asked.request, 7); /* nobody counts yet */
    measure_register(&measure, &registry);
    asked.request.route_number = 2;
    respond_status(&asked.request, 404);
    measure_answer(&measure, &asked.request, 700);
    measure_wait(&measure, 30);
    CHECK_INT(count_of(&measure.routes, 2), 1);
    CHECK_INT(count_of(&measure.routes, 1), 0);
    CHECK_INT(count_of(&measure.classes, 3), 1);
    CHECK_INT(count_of(&measure.classes, 1), 0);
    CHECK_INT(count_of(&measure.waits, 0), 1);
    CHECK_INT(atomic_load(&measure.routes.cells[2].sum), 700);
}

static enum err open_it(struct test *t, void *arg)
{
    struct measure measure = {.route_cells = NULL};
    (void)arg;
    return measure_open(&measure, t->ctx, rooms);
}

TEST(measure_says_where_there_is_no_memory)
{
    CHECK(TORTURE_EVERY(t, TORTURE_MEMORY, open_it, NULL) > 0);
}

TEST(measure_tells_the_timing)
{
    struct asked asked;
    ask_with(t, &asked, "GET", "");
    t->ctx->db_us = 1234;
    measure_tell(&asked.request, 20005);
    CHECK(says(finish(t, &asked, ERR_OK),
               "Server-Timing: db;dur=1.234, outside;dur=0.000, total;dur=20.005"));
}

TEST(measure_says_what_a_span_is_of)
{
    struct asked asked;
    struct tracer tracer = {.ended = NULL};
    struct span span = {.tracer = &tracer};
    ask_with(t, &asked, "GET", "");
    asked.request.route = &routes[0];
    respond_status(&asked.request, 500);
    measure_trace(&span, &asked.request, ERR_OK);
    CHECK_INT(span.field_count, 3);
    CHECK_STR(span.fields[0].text, "GET");
    CHECK_STR(span.fields[1].text, "/things/{id}");
    CHECK_INT(span.fields[2].number, 500);
    CHECK_ERR(span.err, ERR_INTERNAL);
}
