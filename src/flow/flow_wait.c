/* Sends by name, and receives, waiting until there is something.
 *
 * A receive looks from the queue's floor on: below it are but rows that are gone, which PostgreSQL
 * keeps for as long as an old transaction might see them. What another process committed late, or a
 * clock that went back put there, is found by a look from the beginning; so that those stay cheap
 * however much is dead, the time between two is DEEP_FACTOR times what the last one took. */
#include "flow/flow_inside.h"
#include "flow/queue_far.h"

enum { DEEP_FACTOR = 50 };

struct sending {
    const struct queue *queue;
    struct queue_sending *list;
    size_t count;
};

static enum err send_all(struct tx *tx, void *arg)
{
    struct sending *sending = arg;
    return queue_send_batch(tx, sending->queue, sending->list, sending->count);
}

enum err flow_send(struct flow *flow, struct ctx *ctx, struct str name,
                   struct queue_sending sendings[], size_t count)
{
    struct flow_known *known;
    struct queue queue;
    struct sending sending = {.queue = &queue, .list = sendings, .count = count};
    TRY(flow_know(flow, ctx, name, &known, &queue));
    TRY(db_write(flow->db, ctx, send_all, &sending));
    int64_t sent = 0;
    for (size_t i = 0; i < count; i++)
        sent += sendings[i].err.code == ERR_OK;
    counter_add(&flow->sent, sent);
    counter_table_add(&flow->queues, known->row, FLOW_QUEUE_SENT, sent);
    if (count == 1 && sendings[0].err.code) {
        ctx->err = sendings[0].err;
        return sendings[0].err.code;
    }
    return ERR_OK;
}

/* Under the lock. */
static void enter(struct flow *flow, struct flow_known *known, struct flow_waiter *waiter)
{
    waiter->known = known;
    waiter->before = known->last;
    waiter->next = NULL;
    *(known->last ? &known->last->next : &known->first) = waiter;
    known->last = waiter;
    known->waiting++;
    counter_add(&flow->waiting, 1);
}

static void take_out(struct flow *flow, struct flow_waiter *waiter)
{
    struct flow_known *known = waiter->known;
    *(waiter->before ? &waiter->before->next : &known->first) = waiter->next;
    *(waiter->next ? &waiter->next->before : &known->last) = waiter->before;
    waiter->known = NULL;
    known->waiting--;
    counter_add(&flow->waiting, -1);
}

void flow_wake(struct flow *flow, struct flow_known *known)
{
    struct flow_waiter *waiter = known->first;
    known->wakes++;
    pthread_cond_signal(&known->woken);
    if (!waiter)
        return;
    take_out(flow, waiter);
    waiter->wake(waiter);
}

struct receiving {
    const struct queue *queue;
    struct queue_want want;
    struct queue_messages *got;
    int64_t took_us;
    struct queue_asked asked;
    bool is_asked; /* and answered when the write has ended */
};

/* A look from the beginning is measured, and what is not hidden may be another's at once. */
static bool may_ask(const struct tx *tx, const struct receiving *receiving)
{
    const struct queue *queue = receiving->queue;
    int64_t visibility_s = receiving->want.visibility_s;
    visibility_s = visibility_s == QUEUE_DEFAULT ? queue->is.visibility_s : visibility_s;
    return tx_is_far(tx) && !queue->is.fifo && receiving->want.floor_us && visibility_s > 0;
}

static enum err receive(struct tx *tx, void *arg)
{
    struct receiving *receiving = arg;
    receiving->is_asked = may_ask(tx, receiving);
    if (receiving->is_asked) {
        TRY(queue_begin(tx, receiving->queue, &receiving->want, receiving->got,
                        &receiving->asked.take));
        return queue_far_ask(tx, &receiving->asked);
    }
    int64_t begun_us = clock_tick_us(tx->ctx->clock);
    enum err err = queue_receive(tx, receiving->queue, &receiving->want, receiving->got);
    receiving->took_us = clock_tick_us(tx->ctx->clock) - begun_us;
    return err;
}

/* Some that came are over: they are ended, and where none is left others are looked for. */
static enum err settle(struct tx *tx, void *arg)
{
    struct receiving *receiving = arg;
    TRY(queue_far_settle(tx, &receiving->asked));
    if (receiving->got->count)
        return ERR_OK;
    return queue_receive(tx, receiving->queue, &receiving->want, receiving->got);
}

static enum err receive_or_ask(struct flow *flow, struct ctx *ctx, struct receiving *receiving)
{
    TRY(db_write(flow->db, ctx, receive, receiving));
    if (!receiving->is_asked || queue_far_answer(&receiving->asked, receiving->got))
        return ERR_OK;
    return db_write(flow->db, ctx, settle, receiving);
}

/* Under the lock: from where to look this time. */
static int64_t choose_floor(struct flow *flow, struct flow_known *known)
{
    int64_t now_us = clock_tick_us(flow->clock);
    if (now_us < known->deep_us)
        return known->floor_us;
    known->deep_us = INT64_MAX; /* until this one is through: one at a time */
    return 0;
}

/* Under the lock. The floor of an older look never takes the place of a newer one's. */
static void note_floor(struct flow *flow, struct flow_known *known,
                       const struct receiving *receiving, enum err err)
{
    if (!receiving->want.floor_us) {
        int64_t pause_us = DEEP_FACTOR * receiving->took_us;
        if (pause_us < FLOW_LOOK_MS * INT64_C(1000))
            pause_us = FLOW_LOOK_MS * INT64_C(1000);
        known->deep_us = clock_tick_us(flow->clock) + pause_us;
        if (!err)
            known->floor_us = receiving->got->floor_us;
    }
    if (!err && receiving->got->floor_us > known->floor_us)
        known->floor_us = receiving->got->floor_us;
    if (!err && receiving->got->count && known->waiting)
        flow_wake(flow, known);
}

static enum err receive_once(struct flow *flow, struct ctx *ctx, struct flow_known *known,
                             struct receiving *receiving, uint64_t *wakes)
{
    pthread_mutex_lock(&flow->lock);
    receiving->want.floor_us = choose_floor(flow, known);
    *wakes = known->wakes;
    pthread_mutex_unlock(&flow->lock);
    enum err err = receive_or_ask(flow, ctx, receiving);
    pthread_mutex_lock(&flow->lock);
    note_floor(flow, known, receiving, err);
    pthread_mutex_unlock(&flow->lock);
    return err;
}

/* Under the lock: false once there is no time left, or flow is being closed. */
static bool wait_for_more(struct flow *flow, struct flow_known *known, uint64_t wakes,
                          int64_t until_us)
{
    bool in_time = true;
    counter_add(&flow->waiting, 1);
    known->waiting++;
    while (in_time && !flow->closing && known->wakes == wakes)
        in_time = thread_cond_wait(&known->woken, &flow->lock, until_us);
    known->waiting--;
    counter_add(&flow->waiting, -1);
    return in_time && !flow->closing;
}

static int64_t wait_until(const struct flow *flow, const struct ctx *ctx, const struct queue *queue,
                          int64_t wait_s)
{
    wait_s = wait_s == QUEUE_DEFAULT ? queue->is.wait_s : wait_s;
    wait_s = wait_s < QUEUE_WAIT_MAX_S ? wait_s : QUEUE_WAIT_MAX_S;
    int64_t until_us = clock_tick_us(flow->clock) + wait_s * SECOND_US;
    return ctx->deadline_us && ctx->deadline_us < until_us ? ctx->deadline_us : until_us;
}

enum err flow_receive(struct flow *flow, struct ctx *ctx, struct str name,
                      const struct flow_want *want, struct queue_messages *got)
{
    struct flow_known *known;
    struct queue queue;
    uint64_t wakes;
    TRY(flow_know(flow, ctx, name, &known, &queue));
    int64_t until_us = wait_until(flow, ctx, &queue, want->wait_s);
    struct receiving receiving = {.queue = &queue,
                                  .want = {.max = want->max, .visibility_s = want->visibility_s},
                                  .got = got};
    for (bool goes_on = true; goes_on;) { /* until until_us */
        struct arena_mark mark = arena_mark(ctx->arena);
        TRY(receive_once(flow, ctx, known, &receiving, &wakes));
        if (got->count || clock_tick_us(flow->clock) >= until_us)
            break;
        arena_rewind(ctx->arena, mark);
        *got = (struct queue_messages){0};
        pthread_mutex_lock(&flow->lock);
        goes_on = wait_for_more(flow, known, wakes, until_us);
        pthread_mutex_unlock(&flow->lock);
    }
    counter_add(&flow->received, (int64_t)got->count);
    counter_table_add(&flow->queues, known->row, FLOW_QUEUE_RECEIVED, (int64_t)got->count);
    return ERR_OK;
}

enum err flow_look(struct flow *flow, struct ctx *ctx, struct str name,
                   const struct flow_want *want, struct queue_messages *got, uint64_t *seen)
{
    struct flow_known *known;
    struct queue queue;
    TRY(flow_know(flow, ctx, name, &known, &queue));
    struct receiving receiving = {.queue = &queue,
                                  .want = {.max = want->max, .visibility_s = want->visibility_s},
                                  .got = got};
    TRY(receive_once(flow, ctx, known, &receiving, seen));
    counter_add(&flow->received, (int64_t)got->count);
    counter_table_add(&flow->queues, known->row, FLOW_QUEUE_RECEIVED, (int64_t)got->count);
    return ERR_OK;
}

void flow_await(struct flow *flow, struct str name, uint64_t seen, struct flow_waiter *waiter)
{
    pthread_mutex_lock(&flow->lock);
    struct flow_known *known = flow_find(flow, name);
    waiter->known = NULL;
    if (known && known->wakes == seen && !flow->closing)
        enter(flow, known, waiter);
    else
        waiter->wake(waiter);
    pthread_mutex_unlock(&flow->lock);
}

void flow_leave(struct flow *flow, struct flow_waiter *waiter)
{
    pthread_mutex_lock(&flow->lock);
    if (waiter->known)
        take_out(flow, waiter);
    pthread_mutex_unlock(&flow->lock);
}

struct deleting {
    const struct queue *queue;
    const struct queue_receipt *receipts;
    enum err *results;
    size_t count;
    struct queue_far_drop_rows gone;
    bool is_asked;
};

static enum err delete_or_ask(struct tx *tx, void *arg)
{
    struct deleting *deleting = arg;
    deleting->is_asked = tx_is_far(tx) && !deleting->queue->is.fifo && deleting->count > 0 &&
                         deleting->count <= QUEUE_BATCH_MAX;
    if (deleting->is_asked)
        return queue_far_delete(tx, deleting->queue, deleting->receipts, deleting->count,
                                &deleting->gone);
    return queue_delete_batch(tx, deleting->queue, deleting->receipts, deleting->count,
                              deleting->results);
}

/* Those that were not there as their receipts say may have been hidden anew. */
static enum err delete_left(struct tx *tx, void *arg)
{
    struct deleting *deleting = arg;
    return queue_delete_left(tx, deleting->queue, deleting->receipts, deleting->count,
                             &deleting->gone, deleting->results);
}

enum err flow_delete(struct flow *flow, struct ctx *ctx, struct str name,
                     const struct queue_receipt receipts[], size_t count, enum err results[])
{
    struct flow_known *known;
    struct queue queue;
    struct deleting deleting = {
        .queue = &queue, .receipts = receipts, .results = results, .count = count};
    TRY(flow_know(flow, ctx, name, &known, &queue));
    TRY(db_write(flow->db, ctx, delete_or_ask, &deleting));
    if (deleting.is_asked && !queue_far_deleted(&deleting.gone, receipts, count, results))
        TRY(db_write(flow->db, ctx, delete_left, &deleting));
    int64_t deleted = 0;
    for (size_t i = 0; i < count; i++)
        deleted += results[i] == ERR_OK;
    counter_add(&flow->deleted, deleted);
    counter_table_add(&flow->queues, known->row, FLOW_QUEUE_DELETED, deleted);
    return ERR_OK;
}
