/* Tables of counters: rows are added, and never taken away. */
#include "base/counter_table.h"

#include <string.h>

#include "base/mem.h"

enum err counter_table_open(struct ctx *ctx, struct counter_table *table, const char *label,
                            const struct counter_column *columns, size_t column_count,
                            size_t rows_max)
{
    *table = (struct counter_table){
        .label = label,
        .columns = columns,
        .column_count = column_count,
        .rows_max = rows_max,
        .values = mem_alloc(rows_max * sizeof *table->values),
        .cells = mem_alloc(rows_max * column_count * sizeof *table->cells)};
    if (table->values && table->cells)
        return ERR_OK;
    counter_table_close(table);
    return err_memory(&ctx->err);
}

void counter_table_close(struct counter_table *table)
{
    mem_free(table->values);
    mem_free((void *)table->cells);
    *table = (struct counter_table){.label = NULL};
}

void counter_table_register(struct counter_registry *registry, struct counter_table *table)
{
    table->next = atomic_load_explicit(&registry->first_table, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&registry->first_table, &table->next, table,
                                                  memory_order_release, memory_order_relaxed))
        ; /* another came between; table->next is now that one */
}

size_t counter_table_row(struct counter_table *table, struct str value)
{
    size_t count = atomic_load_explicit(&table->row_count, memory_order_relaxed);
    value = str_slice(value, 0, COUNTER_VALUE_MAX);
    for (size_t i = 0; i < count; i++)
        if (str_equal(value, str_from(table->values[i])))
            return i;
    if (count == table->rows_max)
        return count - 1;
    if (count == table->rows_max - 1)
        value = STR(COUNTER_OTHERS);
    memcpy(table->values[count], value.ptr, value.len);
    table->values[count][value.len] = '\0';
    atomic_store_explicit(&table->row_count, count + 1, memory_order_release);
    return count;
}

const struct counter_table *counter_table_first(const struct counter_registry *registry)
{
    return atomic_load_explicit(&registry->first_table, memory_order_acquire);
}
