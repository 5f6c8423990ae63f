/* Dead letters: how they come, what is told of them, and how they go back. */
#include "flow/flow_sql.h"
#include "flow/queue_inside.h"

static struct str cut(struct str text)
{
    text = str_slice(text, 0, QUEUE_REASON_MAX);
    size_t bad = str_find_bad_utf8(text);
    return bad == STR_NONE ? text : str_slice(text, 0, bad);
}

enum err queue_bury(struct tx *tx, const struct queue *queue, const struct queue_place *place,
                    int64_t receives, struct str reason, struct str trace)
{
    int64_t now_us = clock_now_us(tx->ctx->clock);
    TRY(queue_kind_of(queue->is.fifo)
            ->place(tx, queue->dead_number, place->group, place->number, now_us));
    TRY(queue_dead_set(tx, place->number, queue->dead_number, queue->number, receives, cut(reason),
                       trace, now_us));
    tx_note(tx, queue->dead_number);
    return ERR_OK;
}

enum err queue_dead_list(struct tx *tx, const struct queue *queue, int64_t after, int64_t limit,
                         struct queue_deads *found)
{
    struct queue_dead_list_rows_rows rows;
    TRY(queue_dead_list_rows(tx, queue->number, after, limit, &rows));
    found->count = rows.count;
    found->list = ARENA_ARRAY(tx->ctx->arena, rows.count, struct queue_dead);
    if (!found->list)
        return err_memory(&tx->ctx->err);
    for (size_t i = 0; i < rows.count; i++) {
        const struct queue_dead_list_rows_row *row = &rows.rows[i];
        found->list[i] = (struct queue_dead){.number = row->number,
                                             .id = row->id,
                                             .source = row->source,
                                             .reason = row->reason,
                                             .trace = row->trace,
                                             .body = row->body,
                                             .receives = row->receives,
                                             .sent_us = row->sent_us,
                                             .failed_us = row->failed_us};
    }
    return ERR_OK;
}

enum err queue_dead_from(struct tx *tx, int64_t number, struct str *source)
{
    struct queue_dead_name_rows rows;
    TRY(queue_dead_name(tx, number, &rows));
    *source = rows.count ? rows.rows[0].name : STR("");
    return ERR_OK;
}

/* One that was sent here, and failed nowhere, stays; so does one whose queue is gone. */
static enum err send_back(struct tx *tx, const struct queue *queue, struct queue_place *place,
                          int64_t *moved)
{
    struct queue_dead_source_rows source;
    struct queue_message_of_rows message;
    TRY(queue_dead_source(tx, place->number, &source));
    TRY(queue_message_of(tx, place->number, &message));
    if (!source.count || !message.count || source.rows[0].fifo != queue->is.fifo)
        return ERR_OK;
    place->group = message.rows[0].group_id;
    TRY(queue_kind_of(queue->is.fifo)->remove(tx, queue, place));
    TRY(queue_kind_of(queue->is.fifo)
            ->place(tx, source.rows[0].number, place->group, place->number,
                    clock_now_us(tx->ctx->clock)));
    tx_note(tx, source.rows[0].number);
    *moved += 1;
    return queue_dead_drop(tx, place->number);
}

/* Where the dead letters are, from behind a number on. */
static enum err find_places(struct tx *tx, const struct queue *queue, int64_t number,
                            struct queue_place **places, size_t *count)
{
    struct queue_entry_some_rows some = {0};
    struct queue_entry_of_rows one = {0};
    struct queue_line_some_rows lines = {0};
    if (queue->is.fifo)
        TRY(queue_line_some(tx, queue->number, QUEUE_SWEEP_MAX, &lines));
    else if (number)
        TRY(queue_entry_of(tx, queue->number, number, &one));
    else
        TRY(queue_entry_some(tx, queue->number, 0, clock_now_us(tx->ctx->clock) + 1,
                             QUEUE_SWEEP_MAX, &some));
    *count = 0;
    *places = ARENA_ARRAY(tx->ctx->arena, some.count + one.count + lines.count, struct queue_place);
    if (!*places)
        return err_memory(&tx->ctx->err);
    for (size_t i = 0; i < some.count; i++)
        (*places)[(*count)++] = (struct queue_place){.number = some.rows[i].number,
                                                     .visible_us = some.rows[i].visible_us};
    for (size_t i = 0; i < one.count; i++)
        (*places)[(*count)++] = (struct queue_place){.number = one.rows[i].number,
                                                     .visible_us = one.rows[i].visible_us};
    for (size_t i = 0; i < lines.count; i++)
        if (!number || lines.rows[i].number == number)
            (*places)[(*count)++] = (struct queue_place){.number = lines.rows[i].number,
                                                         .group = lines.rows[i].name};
    return ERR_OK;
}

enum err queue_redrive(struct tx *tx, const struct queue *queue, int64_t number, int64_t *moved)
{
    struct queue_place *places;
    size_t count;
    *moved = 0;
    TRY(find_places(tx, queue, number, &places, &count));
    for (size_t i = 0; i < count; i++)
        TRY(send_back(tx, queue, &places[i], moved));
    if (number && !*moved)
        return err_fail(&tx->ctx->err, ERR_MISSING, "There is no such dead letter.",
                        "no dead letter %lld", (long long)number);
    return ERR_OK;
}
