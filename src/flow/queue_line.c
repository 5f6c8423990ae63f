/* Messages of fifo queues: a row each behind those of its group, and a row a group that says when
 * its next batch may be received. The first ones of a group are those that are in flight. */
#include "flow/flow_sql.h"
#include "flow/queue_inside.h"

static enum err place_line(struct tx *tx, int64_t queue, struct str group, int64_t number,
                           int64_t visible_us)
{
    TRY(queue_line_add(tx, queue, group, number, visible_us));
    return queue_group_add(tx, queue, group, visible_us);
}

static enum err add(struct tx *tx, int64_t queue, struct str group, int64_t visible_us)
{
    struct queue_message_number_row last;
    TRY(queue_message_number(tx, &last));
    return place_line(tx, queue, group, last.number, visible_us);
}

/* When a group's next batch may be received: once its first message may, and none is in flight. */
static enum err move_on(struct tx *tx, int64_t queue, struct str group)
{
    struct queue_line_ends_rows rows;
    int64_t visible_us = 0;
    TRY(queue_line_ends(tx, queue, group, QUEUE_BATCH_MAX, &rows));
    if (!rows.count)
        return queue_group_drop(tx, queue, group);
    for (size_t i = 0; i < rows.count; i++)
        if ((!i || rows.rows[i].nonce) && rows.rows[i].visible_us > visible_us)
            visible_us = rows.rows[i].visible_us;
    return queue_group_set(tx, queue, group, visible_us);
}

static struct queue_message message_of(const struct queue_line_take_row *row,
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
                                  .sequence = row->number,
                                  .sent_us = row->sent_us,
                                  .first_us = row->first_us ? row->first_us : take->now_us,
                                  .receives = row->receives + 1,
                                  .visible_us = take->until_us};
}

static enum err take_row(struct tx *tx, const struct queue_take *take,
                         const struct queue_line_take_row *row, struct queue_messages *got)
{
    struct queue_place place = {row->number, row->visible_us, 0, row->group_id};
    bool settled;
    TRY(queue_settle(tx, take, &place, row->receives, row->sent_us, &settled));
    if (settled)
        return ERR_OK;
    got->list[got->count++] = message_of(row, take);
    return queue_line_hold(tx, take->queue->number, row->group_id, row->number, take->until_us,
                           take->nonce, take->now_us);
}

/* What comes behind one that is hidden waits for it. */
static enum err take_group(struct tx *tx, const struct queue_take *take, struct str group,
                           struct queue_messages *got)
{
    struct queue_line_take_rows rows;
    int64_t left = take->max - (int64_t)got->count;
    TRY(queue_line_take(tx, take->queue->number, group, left, &rows));
    for (size_t i = 0; i < rows.count && rows.rows[i].visible_us <= take->now_us; i++)
        TRY(take_row(tx, take, &rows.rows[i], got));
    return move_on(tx, take->queue->number, group);
}

static enum err receive(struct tx *tx, const struct queue_take *take, struct queue_messages *got,
                        bool *more)
{
    struct queue_group_take_rows groups;
    TRY(queue_group_take(tx, take->queue->number, take->now_us, take->max, &groups));
    *more = groups.count > 0;
    for (size_t i = 0; i < groups.count && got->count < (size_t)take->max; i++)
        TRY(take_group(tx, take, groups.rows[i].name, got));
    return ERR_OK;
}

static enum err find_group(struct tx *tx, const struct queue_place *place, struct str *group)
{
    struct queue_message_of_rows rows;
    *group = place->group;
    if (group->len)
        return ERR_OK;
    TRY(queue_message_of(tx, place->number, &rows));
    if (!rows.count)
        return ERR_MISSING;
    *group = rows.rows[0].group_id;
    return ERR_OK;
}

static enum err drop(struct tx *tx, const struct queue *queue, const struct queue_place *place)
{
    struct str group;
    int64_t dropped;
    TRY(find_group(tx, place, &group));
    TRY(queue_line_drop(tx, queue->number, group, place->number, place->nonce, &dropped));
    return dropped ? move_on(tx, queue->number, group) : ERR_MISSING;
}

static enum err hide(struct tx *tx, const struct queue *queue, const struct queue_place *place,
                     int64_t until_us, enum queue_hiding hiding)
{
    struct str group;
    int64_t hidden;
    TRY(find_group(tx, place, &group));
    TRY(queue_line_hide(tx, queue->number, group, place->number, place->nonce, until_us,
                        hiding == QUEUE_KEPT ? place->nonce : 0, hiding == QUEUE_UNTRIED, &hidden));
    return hidden ? move_on(tx, queue->number, group) : ERR_MISSING;
}

static enum err remove_line(struct tx *tx, const struct queue *queue,
                            const struct queue_place *place)
{
    struct str group;
    TRY(find_group(tx, place, &group));
    TRY(queue_line_remove(tx, queue->number, group, place->number));
    return move_on(tx, queue->number, group);
}

const struct queue_kind queue_kind_line = {add, place_line, receive, drop, hide, remove_line};
