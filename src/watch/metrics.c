/* Writes every counter and histogram as Prometheus reads them. */
#include "watch/metrics.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/counter_table.h"
#include "base/histogram.h"

static void add_head(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static const char *type_of(enum counter_kind kind)
{
    return kind == COUNTER_TOTAL ? "counter" : "gauge";
}

static void add_number(struct buf *out, const char *name, int64_t number)
{
    buf_addf(out, "%s %" PRId64 "\n", name, number);
}

/* Microseconds as seconds, without the zeros that say nothing. */
static void add_seconds(struct buf *out, int64_t us)
{
    int64_t rest = us % SECOND_US, digit = SECOND_US / 10;
    buf_add_int(out, us / SECOND_US);
    if (rest)
        buf_addc(out, '.');
    for (; rest > 0; rest %= digit, digit /= 10)
        buf_addc(out, (char)('0' + rest / digit));
}

static void add_observed(struct buf *out, enum histogram_kind kind, int64_t observed)
{
    if (kind == HISTOGRAM_SECONDS)
        add_seconds(out, observed);
    else
        buf_add_int(out, observed);
}

/* In quotes, as a label's value is written. */
static void add_value(struct buf *out, const char *value)
{
    buf_addc(out, '"');
    for (; *value; value++) {
        if (*value == '"' || *value == '\\' || *value == '\n')
            buf_addc(out, '\\');
        buf_addc(out, *value == '\n' ? 'n' : *value);
    }
    buf_addc(out, '"');
}

/* The label that a cell is of, if its histogram has one. */
static void add_label(struct buf *out, const struct histogram_shape *shape, size_t place)
{
    buf_addf(out, "%s=", shape->label);
    add_value(out, shape->values[place]);
}

static void add_bucket(struct buf *out, const struct histogram_shape *shape, size_t place,
                       size_t bucket, int64_t count)
{
    buf_addf(out, "%s_bucket{", shape->name);
    if (shape->label) {
        add_label(out, shape, place);
        buf_addc(out, ',');
    }
    buf_add(out, STR("le=\""));
    if (bucket < HISTOGRAM_BOUNDS)
        add_observed(out, shape->kind, histogram_bounds(shape->kind)[bucket]);
    else
        buf_add(out, STR("+Inf"));
    buf_addf(out, "\"} %" PRId64 "\n", count);
}

static void add_total(struct buf *out, const struct histogram_shape *shape, size_t place,
                      const char *what)
{
    buf_addf(out, "%s_%s", shape->name, what);
    if (shape->label) {
        buf_addc(out, '{');
        add_label(out, shape, place);
        buf_addc(out, '}');
    }
    buf_addc(out, ' ');
}

static void add_cells(struct buf *out, const struct histogram *histogram, size_t place)
{
    const struct histogram_shape *shape = histogram->shape;
    const struct histogram_cells *cells = &histogram->cells[place];
    int64_t counts[HISTOGRAM_BUCKETS], count = 0;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        counts[i] = count += atomic_load_explicit(&cells->buckets[i], memory_order_relaxed);
    if (!count && shape->label)
        return;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        add_bucket(out, shape, place, i, counts[i]);
    add_total(out, shape, place, "sum");
    add_observed(out, shape->kind, atomic_load_explicit(&cells->sum, memory_order_relaxed));
    buf_addc(out, '\n');
    add_total(out, shape, place, "count");
    buf_addf(out, "%" PRId64 "\n", count);
}

static void add_table(struct buf *out, const struct counter_table *table)
{
    size_t rows = atomic_load_explicit(&table->row_count, memory_order_acquire);
    for (size_t column = 0; column < table->column_count && rows; column++) {
        const struct counter_column *at = &table->columns[column];
        add_head(out, at->name, type_of(at->kind), at->help);
        for (size_t row = 0; row < rows; row++) {
            buf_addf(out, "%s{%s=", at->name, table->label);
            add_value(out, table->values[row]);
            buf_addf(out, "} %" PRId64 "\n", counter_table_value(table, row, column));
        }
    }
}

static void add_registry(struct buf *out, const struct counter_registry *registry)
{
    for (const struct counter *at = counter_first(registry); at; at = at->next) {
        add_head(out, at->name, type_of(at->kind), at->help);
        add_number(out, at->name, counter_value(at));
    }
    for (const struct counter_table *at = counter_table_first(registry); at; at = at->next)
        add_table(out, at);
    for (const struct histogram *at = histogram_first(registry); at; at = at->next) {
        add_head(out, at->shape->name, "histogram", at->shape->help);
        for (size_t place = 0; place < histogram_cell_count(at); place++)
            add_cells(out, at, place);
    }
}

/* The names that Prometheus gives them for every program. */
static void add_vitals(struct buf *out, const struct vitals *vitals)
{
    const struct {
        const char *name, *help;
        int64_t value;
    } rows[] = {
        {"process_resident_memory_bytes", "Memory that is in use.", vitals->resident_bytes},
        {"process_virtual_memory_bytes", "Memory that is mapped.", vitals->virtual_bytes},
        {"process_open_fds", "Files and sockets that are open.", vitals->files},
        {"process_max_fds", "Files and sockets that may be open.", vitals->files_max},
        {"process_threads", "Threads.", vitals->threads},
        {"stoa_disk_free_bytes", "Room on the disk of the data folder.", vitals->disk_free_bytes},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].value == VITALS_UNKNOWN)
            continue;
        add_head(out, rows[i].name, "gauge", rows[i].help);
        add_number(out, rows[i].name, rows[i].value);
    }
}

static void add_times(struct buf *out, const struct metrics_facts *facts)
{
    static const char started[] = "process_start_time_seconds",
                      used[] = "process_cpu_seconds_total";
    add_head(out, started, "gauge", "When the program began, since 1970.");
    buf_addf(out, "%s ", started);
    add_seconds(out, facts->started_us);
    buf_addc(out, '\n');
    if (facts->vitals.processor_us == VITALS_UNKNOWN)
        return;
    add_head(out, used, "counter", "Time of the processors that was used.");
    buf_addf(out, "%s ", used);
    add_seconds(out, facts->vitals.processor_us);
    buf_addc(out, '\n');
}

void metrics_write(struct buf *out, const struct counter_registry *registry,
                   const struct metrics_facts *facts)
{
    add_registry(out, registry);
    add_vitals(out, &facts->vitals);
    add_times(out, facts);
    add_head(out, "stoa_build_info", "gauge", "What runs here; always 1.");
    buf_add(out, STR("stoa_build_info{version="));
    add_value(out, facts->version);
    buf_add(out, STR(",compiler="));
    add_value(out, facts->compiler);
    buf_add(out, STR("} 1\n"));
}
