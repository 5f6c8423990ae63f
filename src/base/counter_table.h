/* Counters of things that are known only while the program runs: a row a thing, a column a number.
 *
 *     static const struct counter_column columns[] = {
 *         {COUNTER_LEVEL, "flow_queue_visible_messages", "Messages that may be received."},
 *         {COUNTER_TOTAL, "flow_queue_sent_total", "Messages that were sent."}};
 *     TRY(counter_table_open(ctx, &table, "queue", columns, 2, 100));
 *     counter_table_register(registry, &table);
 *     row = counter_table_row(&table, name);                the caller sees to it that one adds
 *     counter_table_add(&table, row, 1, 1);                 any thread
 *
 * Rows are never taken away, so that who stores the numbers has a limit: what comes behind the last
 * row but one shares the last, COUNTER_OTHERS. */
#ifndef STOA_BASE_COUNTER_TABLE_H
#define STOA_BASE_COUNTER_TABLE_H

#include <stddef.h>

#include "base/counter.h"
#include "base/ctx.h"

#define COUNTER_OTHERS "(others)"

enum { COUNTER_VALUE_MAX = 96 }; /* bytes of a row's name; what is longer is cut */

struct counter_column {
    enum counter_kind kind;
    const char *name, *help;
};

struct counter_table {
    const char *label;
    const struct counter_column *columns;
    size_t column_count, rows_max;
    _Atomic size_t row_count;
    char (*values)[COUNTER_VALUE_MAX + 1]; /* of the label, one a row */
    _Atomic int64_t *cells;
    struct counter_table *next;
};

/* Gives back what it has, also where it was not opened. */
enum err counter_table_open(struct ctx *ctx, struct counter_table *table, const char *label,
                            const struct counter_column *columns, size_t column_count,
                            size_t rows_max);
void counter_table_close(struct counter_table *table);

void counter_table_register(struct counter_registry *registry, struct counter_table *table);

/* The row of that name, made where there is none. */
size_t counter_table_row(struct counter_table *table, struct str value);

static inline _Atomic int64_t *counter_table_cell(const struct counter_table *table, size_t row,
                                                  size_t column)
{
    return &table->cells[row * table->column_count + column];
}

static inline void counter_table_add(struct counter_table *table, size_t row, size_t column,
                                     int64_t count)
{
    atomic_fetch_add_explicit(counter_table_cell(table, row, column), count, memory_order_relaxed);
}

static inline void counter_table_set(struct counter_table *table, size_t row, size_t column,
                                     int64_t value)
{
    atomic_store_explicit(counter_table_cell(table, row, column), value, memory_order_relaxed);
}

static inline int64_t counter_table_value(const struct counter_table *table, size_t row,
                                          size_t column)
{
    return atomic_load_explicit(counter_table_cell(table, row, column), memory_order_relaxed);
}

/* The first of the registry, the newest; then by ->next until NULL. */
const struct counter_table *counter_table_first(const struct counter_registry *registry);

#endif
