/* Messages of queues that are not fifo: a small row each, in the order of when it may be received.
 *
 * A receive reads the first rows from its floor on and moves each to the end of its visibility, a
 * delete takes it from there. Bodies are written once and never moved. */
#include "base/assert.h"
#include "flow/queue_far.h"

static enum err add(struct tx *tx, int64_t queue, struct str group, int64_t visible_us)
{
    (void)group;
    return queue_entry_add(tx, queue, visible_us);
}

static enum err place_entry(struct tx *tx, int64_t queue, struct str group, int64_t number,
                            int64_t visible_us)
{
    (void)group;
    return queue_entry_place(tx, queue, visible_us, number);
}

static struct queue_message message_of(const struct queue_entry_take_row *row,
                                       const struct queue_take *take)
{
    return (struct queue_message){.receipt = {row->number, take->until_us, take->nonce},
                                  .id = row->id,
                                  .body = row->body,
                                  .attributes = row->attributes,
                                  .group_id = row->group_id,
                                  .dedup_id = row->dedup_id,
                                  .sender = row->sender,
                                  .trace = row->trace,
                                  .sent_us = row->sent_us,
                                  .first_us = row->first_us ? row->first_us : take->now_us,
                                  .receives = row->receives + 1,
                                  .visible_us = take->until_us};
}

static enum err take_row(struct tx *tx, const struct queue_take *take,
                         const struct queue_entry_take_row *row, struct queue_messages *got)
{
    struct queue_place place = {row->number, row->visible_us, 0, {0}};
    bool settled;
    TRY(queue_settle(tx, take, &place, row->receives, row->sent_us, &settled));
    if (settled)
        return ERR_OK;
    got->list[got->count++] = message_of(row, take);
    return queue_entry_hold(tx, take->queue->number, row->visible_us, row->number, take->until_us,
                            take->nonce, take->now_us);
}

static enum err receive(struct tx *tx, const struct queue_take *take, struct queue_messages *got,
                        bool *more)
{
    struct queue_entry_take_rows rows;
    if (tx_is_far(tx))
        return queue_far_receive(tx, take, got, more);
    TRY(queue_entry_take(tx, take->queue->number, take->floor_us, take->now_us, take->max, &rows));
    *more = rows.count > 0;
    got->floor_us = rows.count < (size_t)take->max ? take->now_us : rows.rows[0].visible_us;
    for (size_t i = 0; i < rows.count; i++)
        TRY(take_row(tx, take, &rows.rows[i], got));
    return ERR_OK;
}

/* Where one is that was hidden anew. */
static enum err find_moved(struct tx *tx, const struct queue_place *place, int64_t *visible_us,
                           bool *found)
{
    struct queue_moved_find_rows rows;
    TRY(queue_moved_find(tx, place->number, &rows));
    *found = rows.count > 0 && rows.rows[0].visible_us != place->visible_us;
    if (*found)
        *visible_us = rows.rows[0].visible_us;
    return ERR_OK;
}

static enum err drop(struct tx *tx, const struct queue *queue, const struct queue_place *place)
{
    int64_t dropped, visible_us = 0;
    bool moved;
    TRY(queue_entry_drop(tx, queue->number, place->visible_us, place->number, place->nonce,
                         &dropped));
    if (dropped)
        return ERR_OK;
    TRY(find_moved(tx, place, &visible_us, &moved));
    if (!moved)
        return ERR_MISSING;
    TRY(queue_entry_drop(tx, queue->number, visible_us, place->number, place->nonce, &dropped));
    if (!dropped)
        return ERR_MISSING;
    return queue_moved_drop(tx, place->number);
}

static enum err hide(struct tx *tx, const struct queue *queue, const struct queue_place *place,
                     int64_t until_us, enum queue_hiding hiding)
{
    int64_t hidden, visible_us = 0, nonce = hiding == QUEUE_KEPT ? place->nonce : 0;
    bool moved, untold = hiding == QUEUE_UNTRIED;
    TRY(queue_entry_hide(tx, queue->number, place->visible_us, place->number, place->nonce,
                         until_us, nonce, untold, &hidden));
    if (!hidden) {
        TRY(find_moved(tx, place, &visible_us, &moved));
        if (moved)
            TRY(queue_entry_hide(tx, queue->number, visible_us, place->number, place->nonce,
                                 until_us, nonce, untold, &hidden));
    }
    if (!hidden)
        return ERR_MISSING;
    return hiding == QUEUE_KEPT ? queue_moved_set(tx, place->number, until_us) : ERR_OK;
}

static enum err remove_entry(struct tx *tx, const struct queue *queue,
                             const struct queue_place *place)
{
    return queue_entry_remove(tx, queue->number, place->visible_us, place->number);
}

const struct queue_kind queue_kind_entry = {add, place_entry, receive, drop, hide, remove_entry};
