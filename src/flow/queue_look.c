/* What is in a queue: counts, receipts as text, and what is removed in crowds. */
#include "flow/flow_sql.h"
#include "flow/queue_inside.h"

enum { HEX = 16 };

void queue_receipt_format(const struct queue_receipt *receipt, char text[QUEUE_RECEIPT_TEXT])
{
    const int64_t parts[] = {receipt->number, receipt->visible_us, receipt->nonce};
    for (size_t i = 0; i < 3; i++) {
        for (size_t k = 0; k < HEX; k++)
            *text++ = "0123456789abcdef"[(uint64_t)parts[i] >> (60 - 4 * k) & 15];
        *text++ = i < 2 ? '-' : '\0';
    }
}

static bool read_part(struct str text, int64_t *part)
{
    uint64_t value = 0;
    for (size_t i = 0; i < HEX; i++) {
        char c = text.ptr[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
        value = value << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    *part = (int64_t)value;
    return *part >= 0;
}

enum err queue_receipt_parse(struct str text, struct queue_receipt *receipt)
{
    int64_t *const parts[] = {&receipt->number, &receipt->visible_us, &receipt->nonce};
    if (text.len != QUEUE_RECEIPT_TEXT - 1)
        return ERR_INPUT;
    for (size_t i = 0; i < 3; i++, text = str_slice(text, HEX + 1, text.len))
        if (!read_part(text, parts[i]) || (i < 2 && text.ptr[HEX] != '-'))
            return ERR_INPUT;
    return ERR_OK;
}

static enum err count_entries(struct tx *tx, const struct queue *queue, int64_t now_us,
                              struct queue_counts *counts)
{
    struct queue_entry_count_row row;
    struct queue_entry_next_rows next;
    TRY(queue_entry_count(tx, queue->number, now_us, QUEUE_COUNT_MAX, &row));
    TRY(queue_entry_next(tx, queue->number, 0, &next));
    *counts = (struct queue_counts){row.visible, row.in_flight, row.delayed, 0};
    if (next.count && next.rows[0].visible_us <= now_us)
        counts->oldest_us = next.rows[0].visible_us;
    return ERR_OK;
}

static enum err count_lines(struct tx *tx, const struct queue *queue, int64_t now_us,
                            struct queue_counts *counts)
{
    struct queue_line_count_row row;
    struct queue_group_next_rows next;
    TRY(queue_line_count(tx, queue->number, now_us, QUEUE_COUNT_MAX, &row));
    TRY(queue_group_next(tx, queue->number, &next));
    *counts = (struct queue_counts){row.visible, row.in_flight, row.delayed, 0};
    if (next.count && next.rows[0].visible_us <= now_us)
        counts->oldest_us = next.rows[0].visible_us;
    return ERR_OK;
}

enum err queue_count(struct tx *tx, const struct queue *queue, struct queue_counts *counts)
{
    int64_t now_us = clock_now_us(tx->ctx->clock);
    return queue->is.fifo ? count_lines(tx, queue, now_us, counts)
                          : count_entries(tx, queue, now_us, counts);
}

enum err queue_next(struct tx *tx, const struct queue *queue, int64_t floor_us, int64_t *visible_us)
{
    struct queue_entry_next_rows entries = {0};
    struct queue_group_next_rows groups = {0};
    if (queue->is.fifo)
        TRY(queue_group_next(tx, queue->number, &groups));
    else
        TRY(queue_entry_next(tx, queue->number, floor_us, &entries));
    *visible_us = entries.count  ? entries.rows[0].visible_us
                  : groups.count ? groups.rows[0].visible_us
                                 : INT64_MAX;
    return ERR_OK;
}

/* Those that are receivable from before a time, whoever has them. */
static enum err remove_entries(struct tx *tx, const struct queue *queue, int64_t until_us,
                               int64_t *removed)
{
    struct queue_entry_some_rows rows;
    TRY(queue_entry_some(tx, queue->number, 0, until_us, QUEUE_SWEEP_MAX, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        TRY(queue_entry_remove(tx, queue->number, rows.rows[i].visible_us, rows.rows[i].number));
        TRY(queue_message_drop(tx, rows.rows[i].number));
    }
    *removed = (int64_t)rows.count;
    return ERR_OK;
}

static enum err remove_line(struct tx *tx, const struct queue *queue, struct str group,
                            int64_t number)
{
    struct queue_place place = {.number = number, .group = group};
    TRY(queue_kind_line.remove(tx, queue, &place));
    return queue_message_drop(tx, number);
}

static enum err remove_lines(struct tx *tx, const struct queue *queue, int64_t *removed)
{
    struct queue_line_some_rows rows;
    TRY(queue_line_some(tx, queue->number, QUEUE_SWEEP_MAX, &rows));
    for (size_t i = 0; i < rows.count; i++)
        TRY(remove_line(tx, queue, rows.rows[i].name, rows.rows[i].number));
    *removed = (int64_t)rows.count;
    return ERR_OK;
}

static enum err remove_old_lines(struct tx *tx, const struct queue *queue, int64_t until_us,
                                 int64_t *removed)
{
    struct queue_line_old_rows rows;
    TRY(queue_line_old(tx, queue->number, until_us, QUEUE_SWEEP_MAX, &rows));
    for (size_t i = 0; i < rows.count; i++)
        TRY(remove_line(tx, queue, rows.rows[i].name, rows.rows[i].number));
    *removed = (int64_t)rows.count;
    return ERR_OK;
}

enum err queue_purge(struct tx *tx, const struct queue *queue, int64_t *removed)
{
    return queue->is.fifo ? remove_lines(tx, queue, removed)
                          : remove_entries(tx, queue, INT64_MAX, removed);
}

enum err queue_sweep(struct tx *tx, const struct queue *queue, int64_t *removed)
{
    int64_t now_us = clock_now_us(tx->ctx->clock);
    int64_t old_us = now_us - queue->is.retention_s * SECOND_US;
    TRY(queue->is.fifo ? remove_old_lines(tx, queue, old_us, removed)
                       : remove_entries(tx, queue, old_us, removed));
    TRY(queue_moved_old(tx, old_us));
    TRY(queue_dedup_old(tx, now_us));
    return queue_dead_old(tx, queue->number);
}
