/* Tests of the metrics' text: what Prometheus is given, letter by letter. */
#include "watch/metrics.h"

#include "base/counter_table.h"
#include "base/histogram.h"
#include "harness/test.h"

enum { TEXT_MAX = 64 << 10 };

static const struct vitals unknown = {VITALS_UNKNOWN, VITALS_UNKNOWN, VITALS_UNKNOWN,
                                      VITALS_UNKNOWN, VITALS_UNKNOWN, VITALS_UNKNOWN,
                                      VITALS_UNKNOWN};

static struct str written(struct test *t, const struct counter_registry *registry,
                          const struct vitals *vitals)
{
    struct buf out;
    const struct metrics_facts facts = {
        .version = "1.0 \"new\"", .compiler = "gcc", .started_us = 1500000, .vitals = *vitals};
    buf_init(&out, t->arena, TEXT_MAX);
    metrics_write(&out, registry, &facts);
    CHECK_ERR(buf_err(&out), ERR_OK);
    return buf_str(&out);
}

static bool has(struct str text, const char *part)
{
    return str_find(text, str_from(part)) != STR_NONE;
}

TEST(metrics_are_written_as_prometheus_reads_them)
{
    struct counter_registry registry = {.first = NULL};
    struct counter hits, depth;
    counter_register(&registry, &hits, COUNTER_TOTAL, "hits_total", "Hits.");
    counter_register(&registry, &depth, COUNTER_LEVEL, "depth", "Depth.");
    counter_add(&hits, 41);
    counter_add(&depth, -2);
    CHECK_STR(written(t, &registry, &unknown),
              "# HELP depth Depth.\n# TYPE depth gauge\ndepth -2\n"
              "# HELP hits_total Hits.\n# TYPE hits_total counter\nhits_total 41\n"
              "# HELP process_start_time_seconds When the program began, since 1970.\n"
              "# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds 1.5\n"
              "# HELP stoa_build_info What runs here; always 1.\n# TYPE stoa_build_info gauge\n"
              "stoa_build_info{version=\"1.0 \\\"new\\\"\",compiler=\"gcc\"} 1\n");
}

TEST(metrics_of_a_table_have_its_label)
{
    static const struct counter_column columns[] = {{COUNTER_LEVEL, "depth", "Depth."},
                                                    {COUNTER_TOTAL, "sent_total", "Sent."}};
    struct counter_registry registry = {.first = NULL};
    struct counter_table table;
    REQUIRE(counter_table_open(t->ctx, &table, "queue", columns, 2, 8) == ERR_OK);
    counter_table_register(&registry, &table);
    CHECK(!has(written(t, &registry, &unknown), "depth"));
    counter_table_set(&table, counter_table_row(&table, STR("a")), 0, 5);
    counter_table_add(&table, counter_table_row(&table, STR("b\"c")), 1, 2);
    CHECK(has(written(t, &registry, &unknown),
              "# HELP depth Depth.\n# TYPE depth gauge\n"
              "depth{queue=\"a\"} 5\ndepth{queue=\"b\\\"c\"} 0\n"
              "# HELP sent_total Sent.\n# TYPE sent_total counter\n"
              "sent_total{queue=\"a\"} 0\nsent_total{queue=\"b\\\"c\"} 2\n"));
    counter_table_close(&table);
}

TEST(metrics_buckets_add_up)
{
    struct counter_registry registry = {.first = NULL};
    static const struct histogram_shape shape = {
        .kind = HISTOGRAM_SECONDS, .name = "work_duration_seconds", .help = "Work."};
    struct histogram work;
    struct histogram_cells cells = {.sum = 0};
    histogram_register(&registry, &work, &shape, &cells);
    histogram_observe(&work, 0, 50);
    histogram_observe(&work, 0, 2000);
    histogram_observe(&work, 0, 20000000);
    struct str text = written(t, &registry, &unknown);
    CHECK(has(text, "# TYPE work_duration_seconds histogram\n"));
    CHECK(has(text, "work_duration_seconds_bucket{le=\"0.00005\"} 1\n"));
    CHECK(has(text, "work_duration_seconds_bucket{le=\"0.001\"} 1\n"));
    CHECK(has(text, "work_duration_seconds_bucket{le=\"0.0025\"} 2\n"));
    CHECK(has(text, "work_duration_seconds_bucket{le=\"10\"} 2\n"));
    CHECK(has(text, "work_duration_seconds_bucket{le=\"+Inf\"} 3\n"));
    CHECK(has(text, "work_duration_seconds_sum 20.00205\nwork_duration_seconds_count 3\n"));
}

TEST(metrics_leave_out_a_value_that_nothing_was_observed_for)
{
    struct counter_registry registry = {.first = NULL};
    static const char *const values[] = {"GET /", "GET /\"\\\n"};
    static const struct histogram_shape shape = {HISTOGRAM_COUNT, "things", "Things.",
                                                 "route",         values,   2};
    struct histogram things;
    struct histogram_cells cells[2] = {{.sum = 0}};
    histogram_register(&registry, &things, &shape, cells);
    histogram_observe(&things, 1, 2);
    struct str text = written(t, &registry, &unknown);
    CHECK(!has(text, "\"GET /\""));
    CHECK(has(text, "things_bucket{route=\"GET /\\\"\\\\\\n\",le=\"1\"} 0\n"));
    CHECK(has(text, "things_bucket{route=\"GET /\\\"\\\\\\n\",le=\"2\"} 1\n"));
    CHECK(has(text, "things_sum{route=\"GET /\\\"\\\\\\n\"} 2\n"));
    CHECK(has(text, "things_count{route=\"GET /\\\"\\\\\\n\"} 1\n"));
}

TEST(metrics_tell_the_vital_signs)
{
    struct counter_registry registry = {.first = NULL};
    const struct vitals vitals = {.resident_bytes = 4096,
                                  .virtual_bytes = 8192,
                                  .files = 7,
                                  .files_max = 1024,
                                  .threads = 3,
                                  .processor_us = 250000,
                                  .disk_free_bytes = VITALS_UNKNOWN};
    struct str text = written(t, &registry, &vitals);
    CHECK(has(text, "\nprocess_resident_memory_bytes 4096\n"));
    CHECK(has(text, "\nprocess_open_fds 7\n"));
    CHECK(has(text, "\nprocess_threads 3\n"));
    CHECK(has(text, "\nprocess_cpu_seconds_total 0.25\n"));
    CHECK(!has(text, "disk_free"));
}
