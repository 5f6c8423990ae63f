/* The thread that looks for what nobody tells: messages of other processes, those whose time has
 * come, jobs that run for long; and that counts and sweeps. */
#include "flow/flow_inside.h"

enum { SWEEP_ROUNDS_MAX = 20 /* of QUEUE_SWEEP_MAX messages, a queue and FLOW_COUNT_S */ };

struct look {
    const struct queue *queue;
    int64_t floor_us, next_us;
};

/* When the first one is visible, or was. */
static enum err look_for_next(struct tx *tx, void *arg)
{
    struct look *look = arg;
    return queue_next(tx, look->queue, look->floor_us, &look->next_us);
}

/* Under the lock: the queue at this place, where somebody waits for it. */
static bool is_waited_for(struct flow *flow, size_t at, struct flow_known **known,
                          struct queue *queue, int64_t *floor_us)
{
    *known = at < flow->known_count ? flow->known[at] : NULL;
    if (!*known || !(*known)->waiting)
        return false;
    *queue = (*known)->queue;
    *floor_us = clock_tick_us(flow->clock) < (*known)->deep_us ? (*known)->floor_us : 0;
    return true;
}

/* Wakes one who waits, where there is something; else tells when there will be. */
static void look_at(struct flow *flow, struct ctx *ctx, size_t at, int64_t *next_us)
{
    struct flow_known *known;
    struct queue queue;
    struct look look = {.queue = &queue};
    pthread_mutex_lock(&flow->lock);
    bool waited = is_waited_for(flow, at, &known, &queue, &look.floor_us);
    pthread_mutex_unlock(&flow->lock);
    if (!waited)
        return;
    if (db_read(flow->db, ctx, look_for_next, &look)) {
        log_failure_rarely(ctx, "a queue cannot be looked at");
        return;
    }
    if (look.next_us > clock_now_us(flow->clock)) {
        *next_us = look.next_us < *next_us ? look.next_us : *next_us;
        return;
    }
    pthread_mutex_lock(&flow->lock);
    flow_wake(flow, known);
    pthread_mutex_unlock(&flow->lock);
}

struct extending {
    struct queue queue;
    struct queue_receipt receipt;
    int64_t visibility_s;
};

static enum err extend(struct tx *tx, void *arg)
{
    struct extending *extending = arg;
    return queue_hide(tx, &extending->queue, &extending->receipt, extending->visibility_s);
}

/* Under the lock: whether its message is to be hidden further, now. */
static bool is_due(struct flow *flow, struct flow_job *job, struct extending *extending)
{
    int64_t now_us = clock_tick_us(flow->clock);
    struct flow_known *known = flow_find(flow, str_from(job->consumer->queue));
    if (!job->extends || now_us < job->extend_us || !known)
        return false;
    extending->queue = known->queue;
    extending->receipt = job->receipt;
    extending->visibility_s = job->consumer->visibility_s ? job->consumer->visibility_s
                                                          : known->queue.is.visibility_s;
    job->extend_us = now_us + extending->visibility_s * SECOND_US / 3;
    return true;
}

/* Under the lock: whether it runs for too long, and nobody was told. */
static bool is_stuck(struct flow *flow, struct flow_job *job, int64_t *count)
{
    bool stuck = job->begun_us &&
                 clock_tick_us(flow->clock) - job->begun_us > FLOW_STUCK_S * SECOND_US;
    bool tell = stuck && !job->told;
    if (tell)
        counter_table_add(&flow->by_consumer, job->row, FLOW_CONSUMER_STUCK, 1);
    *count += stuck;
    job->told |= stuck;
    return tell;
}

/* Under the lock: whether its message is now another's to take. */
static bool is_overdue(struct flow *flow, struct flow_job *job, struct extending *extending)
{
    struct flow_known *known = flow_find(flow, str_from(job->consumer->queue));
    if (!job->extends || job->given_back || !known)
        return false;
    *extending = (struct extending){.queue = known->queue, .receipt = job->receipt};
    job->given_back = true;
    job->extends = false;
    return true;
}

/* Acts that do not end when they are told to are not waited for by others. */
static void look_at_end(struct flow *flow, struct ctx *ctx)
{
    int64_t now_us = clock_tick_us(flow->clock);
    pthread_mutex_lock(&flow->lock);
    bool ends = flow->closing && now_us >= flow->ends_us;
    bool overdue = ends && now_us >= flow->ends_us + FLOW_END_MS * INT64_C(1000);
    pthread_mutex_unlock(&flow->lock);
    if (ends)
        atomic_store(&flow->ending, true);
    for (size_t i = 0; overdue; i++) {
        struct extending back;
        pthread_mutex_lock(&flow->lock);
        bool there = i < flow->job_count;
        bool due = there && is_overdue(flow, &flow->jobs[i], &back);
        pthread_mutex_unlock(&flow->lock);
        if (!there)
            return;
        if (due && db_write(flow->db, ctx, extend, &back))
            log_failure(ctx, "a message that was not ended comes back by itself");
    }
}

static void look_at_jobs(struct flow *flow, struct ctx *ctx)
{
    int64_t stuck = 0;
    for (size_t i = 0;; i++) {
        struct extending extending;
        bool due = false, tell = false;
        pthread_mutex_lock(&flow->lock);
        bool there = i < flow->job_count;
        if (there) {
            due = is_due(flow, &flow->jobs[i], &extending);
            tell = is_stuck(flow, &flow->jobs[i], &stuck);
        }
        pthread_mutex_unlock(&flow->lock);
        if (!there)
            break;
        if (tell)
            log_warn(ctx, "a job runs for long",
                     field_text("queue", flow->jobs[i].consumer->queue));
        enum err err = due ? db_write(flow->db, ctx, extend, &extending) : ERR_OK;
        if (err && err != ERR_MISSING) /* the job may just have ended */
            log_failure(ctx, "a message that is worked on could not be hidden further");
    }
    counter_add(&flow->stuck, stuck - counter_value(&flow->stuck));
}

struct sweep {
    const struct queue *queue;
    int64_t removed;
};

static enum err sweep_once(struct tx *tx, void *arg)
{
    struct sweep *sweep = arg;
    return queue_sweep(tx, sweep->queue, &sweep->removed);
}

static void sweep(struct flow *flow, struct ctx *ctx, const struct queue_list *queues)
{
    for (size_t i = 0; i < queues->count; i++) {
        struct sweep each = {.queue = &queues->list[i], .removed = QUEUE_SWEEP_MAX};
        for (int k = 0; k < SWEEP_ROUNDS_MAX && each.removed == QUEUE_SWEEP_MAX; k++)
            if (db_write(flow->db, ctx, sweep_once, &each)) {
                log_failure_rarely(ctx, "a queue cannot be swept");
                return;
            }
    }
}

static size_t known_count(struct flow *flow)
{
    pthread_mutex_lock(&flow->lock);
    size_t count = flow->known_count;
    pthread_mutex_unlock(&flow->lock);
    return count;
}

/* Until the next look, or a message's time, or the end. */
static bool rest(struct flow *flow, int64_t next_us)
{
    int64_t tick_us = clock_tick_us(flow->clock), pause_us = FLOW_LOOK_MS * INT64_C(1000);
    int64_t left_us = next_us - clock_now_us(flow->clock);
    pause_us = left_us < pause_us ? (left_us > 0 ? left_us : 0) : pause_us;
    pthread_mutex_lock(&flow->lock);
    while (!(flow->closing && flow->looker.told) &&
           thread_cond_wait(&flow->ended, &flow->lock, tick_us + pause_us))
        ;
    bool ends = flow->closing && flow->looker.told;
    pthread_mutex_unlock(&flow->lock);
    return !ends;
}

void *flow_look_main(void *arg)
{
    struct flow_job *job = arg;
    struct flow *flow = job->flow;
    struct ctx *ctx = &job->ctx;
    int64_t count_us = 0, next_us = INT64_MAX;
    for (bool goes_on = true; goes_on; goes_on = rest(flow, next_us)) {
        next_us = INT64_MAX;
        for (size_t i = 0; i < known_count(flow); i++)
            look_at(flow, ctx, i, &next_us);
        look_at_jobs(flow, ctx);
        look_at_end(flow, ctx);
        flow_tell_of_events(flow, ctx);
        if (clock_tick_us(flow->clock) >= count_us) {
            struct queue_list queues = {.list = NULL};
            flow_measure(flow, ctx, &queues);
            sweep(flow, ctx, &queues);
            flow_look_at_bus(flow, ctx);
            topic_counters_look(&flow->topics, flow->db, ctx);
            count_us = clock_tick_us(flow->clock) + FLOW_COUNT_S * SECOND_US;
        }
        err_clear(&ctx->err);
        arena_clear(&job->arena);
    }
    return NULL;
}
