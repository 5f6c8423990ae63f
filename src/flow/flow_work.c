/* Consumers: their queues, and the threads that work for them. */
#include "base/buf.h"
#include "base/mem.h"
#include "flow/bus.h"
#include "flow/flow_inside.h"

enum {
    VISIBILITY_S = 30,
    MAKES_MAX = 3,
    RETURN_MS = 1000,
    PAUSE_MS = 1000 /* after a receive that failed */
};

static int64_t visibility_of(const struct flow_consumer *consumer)
{
    return consumer->visibility_s ? consumer->visibility_s : VISIBILITY_S;
}

void flow_job_init(struct flow *flow, struct flow_job *job)
{
    job->flow = flow;
    job->rand = rand_system();
    arena_init(&job->arena, FLOW_MEMORY_MAX);
    job->ctx = (struct ctx){.arena = &job->arena,
                            .clock = flow->clock,
                            .rand = &job->rand,
                            .ids = &flow->ids,
                            .log = flow->log};
}

enum err flow_job_start(struct flow_job *job, struct ctx *ctx, const char *name,
                        void *(*run)(void *job))
{
    job->runs = thread_start(&job->thread, name, run, job);
    if (job->runs)
        return ERR_OK;
    return err_system(&ctx->err, "Queues cannot be worked for.", "starting the thread %s", name);
}

/* One message, and what became of it. */
struct work {
    struct flow_job *job;
    const struct queue *queue;
    const struct queue_message *message;
    struct flow_outcome outcome;
    struct str reason, trace;
    int64_t pause_us; /* of one that is returned */
    bool lost;        /* it is no longer ours: nothing was done, and nothing is to be said */
    bool refuted;     /* what failed is the consumer's own work, not the database it is kept in */
};

/* The deletion comes first: where the message is another's by now, nothing is tried. */
static enum err apply(struct tx *tx, void *arg)
{
    struct work *work = arg;
    enum err err = queue_delete(tx, work->queue, &work->message->receipt);
    work->lost = err == ERR_MISSING;
    TRY(err);
    err = work->job->consumer->apply(tx, work->job->flow->ports, work->message);
    work->refuted = err && err != ERR_BUSY;
    return err;
}

static enum err end(struct tx *tx, void *arg)
{
    struct work *work = arg;
    enum err err = queue_delete(tx, work->queue, &work->message->receipt);
    work->lost = err == ERR_MISSING;
    return err;
}

/* What a carry came to: its message ends or comes again, and that is written down. */
static enum err settle(struct tx *tx, void *arg)
{
    struct work *work = arg;
    int64_t again_us = work->outcome.again_us;
    enum err err = again_us ? queue_give_back(tx, work->queue, work->message, again_us)
                            : queue_delete(tx, work->queue, &work->message->receipt);
    work->lost = err == ERR_MISSING;
    TRY(err);
    return work->job->consumer->note(tx, work->message, work->outcome.told);
}

static enum err fail(struct tx *tx, void *arg)
{
    struct work *work = arg;
    return queue_fail(tx, work->queue, work->message, work->reason, work->trace);
}

static enum err give_back(struct tx *tx, void *arg)
{
    struct work *work = arg;
    return queue_return(tx, work->queue, work->message, work->pause_us);
}

/* From now on it is seen how long it runs; `extends`: its message is hidden for as long. */
static int64_t note_begin(struct flow_job *job, const struct work *work, bool extends)
{
    int64_t now_us = clock_tick_us(job->flow->clock);
    pthread_mutex_lock(&job->flow->lock);
    job->begun_us = now_us;
    job->extends = extends;
    job->given_back = false;
    job->receipt = work->message->receipt;
    job->extend_us = now_us + visibility_of(job->consumer) * SECOND_US / 3;
    job->queue_row = counter_table_row(&job->flow->queues, work->queue->is.name);
    pthread_mutex_unlock(&job->flow->lock);
    return now_us;
}

static void note_end(struct flow_job *job)
{
    pthread_mutex_lock(&job->flow->lock);
    job->begun_us = 0;
    if (job->told)
        counter_table_add(&job->flow->by_consumer, job->row, FLOW_CONSUMER_STUCK, -1);
    job->extends = job->told = false;
    pthread_mutex_unlock(&job->flow->lock);
}

static enum err run(struct flow_job *job, struct work *work)
{
    const struct flow_consumer *consumer = job->consumer;
    struct ctx *ctx = &job->ctx;
    int64_t limit_s = consumer->apply ? visibility_of(consumer) : FLOW_ACT_MAX_S;
    ctx->deadline_us = clock_tick_us(ctx->clock) + limit_s * SECOND_US;
    ctx->ends = consumer->apply ? NULL : &job->flow->ending;
    int64_t begun_us = note_begin(job, work, !consumer->apply);
    enum err err = ERR_OK;
    if (consumer->apply)
        err = db_write(job->flow->db, ctx, apply, work);
    else if (consumer->act)
        err = consumer->act(ctx, job->flow->ports, work->message);
    else
        err = consumer->carry(ctx, job->flow->ports, work->message, &work->outcome);
    ctx->deadline_us = 0;
    ctx->ends = NULL;
    work->refuted |= err && !consumer->apply;
    if (!err && !consumer->apply)
        err = db_write(job->flow->db, ctx, consumer->act ? end : settle, work);
    work->refuted |= err != ERR_BUSY && err != ERR_IO && err != ERR_TIMEOUT;
    note_end(job);
    if (!work->lost)
        flow_measure_job(job, clock_tick_us(ctx->clock) - begun_us, err != ERR_OK);
    return err;
}

/* What is no failure of the message's own: it is another's by now, the program ends, or the
 * database did not take what was done. */
static bool is_pardoned(struct flow_job *job, struct work *work)
{
    struct ctx *ctx = &job->ctx;
    bool returns = !work->refuted, ends = !job->consumer->apply && atomic_load(&job->flow->ending);
    if (work->lost)
        log_info(ctx, "a message came again while it was worked on",
                 field_str("queue", work->queue->is.name), field_str("message", work->message->id));
    if (work->lost || !(returns || ends))
        return work->lost;
    if (returns)
        log_failure(ctx, "what was done for a message could not be kept");
    work->pause_us = ends ? 0 : RETURN_MS * INT64_C(1000);
    if (db_write(job->flow->db, ctx, give_back, work))
        log_failure(ctx, "a message that was not ended comes back by itself");
    return true;
}

/* What failed for good, or for now, goes back with the reason; the log has it too. */
static void tell_failure(struct flow_job *job, struct work *work)
{
    struct ctx *ctx = &job->ctx;
    const struct err_record *err = &ctx->err;
    if (is_pardoned(job, work))
        return;
    counter_add(&job->flow->failed, 1);
    log_failure(ctx, "a message failed");
    struct str reason = str_from(err->operator[0] ? err->operator: err->user);
    if (str_copy(ctx->arena, reason, &work->reason) || db_write(job->flow->db, ctx, fail, work))
        log_failure(ctx, "a message that failed comes back by itself");
}

static bool work_on(struct flow_job *job, const struct queue *queue,
                    const struct queue_message *message)
{
    struct work work = {.job = job, .queue = queue, .message = message};
    struct ctx *ctx = &job->ctx;
    struct span span;
    char parent[TRACE_PARENT_LEN + 1];
    struct arena_mark mark = arena_mark(ctx->arena);
    span_begin_root(ctx, &span, job->consumer->queue, job->flow->tracer, message->trace);
    enum err err = run(job, &work);
    if (err) {
        span_traceparent(&span, parent);
        work.trace = str_from(parent);
        tell_failure(job, &work);
    } else {
        counter_add(&job->flow->deleted, work.outcome.again_us ? 0 : 1);
    }
    span_fail(&span, err);
    span_end(ctx, &span);
    err_clear(&ctx->err);
    arena_rewind(ctx->arena, mark);
    return err == ERR_OK;
}

static bool is_closing(struct flow *flow)
{
    pthread_mutex_lock(&flow->lock);
    bool closing = flow->closing;
    pthread_mutex_unlock(&flow->lock);
    return closing;
}

/* True where one of its group failed before it in this batch: its turn comes behind that one. */
static bool is_behind_failed(const struct queue_messages *got, const bool failed[], size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (failed[i] && str_equal(got->list[i].group_id, got->list[at].group_id))
            return true;
    return false;
}

/* What stands behind a carry that took long is left to the other threads. */
static void work_through(struct flow_job *job, const struct queue *queue,
                         const struct queue_messages *got)
{
    bool failed[QUEUE_BATCH_MAX] = {false}, slow = false;
    for (size_t i = 0; i < got->count; i++) {
        const struct queue_message *message = &got->list[i];
        struct work work = {.job = job, .queue = queue, .message = message};
        bool turn = !slow && !(queue->is.fifo && is_behind_failed(got, failed, i));
        int64_t begun_us = clock_tick_us(job->flow->clock);
        if (turn && !is_closing(job->flow)) {
            failed[i] = !work_on(job, queue, message);
            slow = job->consumer->carry &&
                   clock_tick_us(job->flow->clock) - begun_us > FLOW_SLOW_MS * INT64_C(1000);
            continue;
        }
        failed[i] = true;
        if (db_write(job->flow->db, &job->ctx, give_back, &work))
            log_failure(&job->ctx, "a message that was not begun comes back by itself");
    }
}

static void pause_a_while(struct flow *flow)
{
    int64_t until_us = clock_tick_us(flow->clock) + PAUSE_MS * INT64_C(1000);
    pthread_mutex_lock(&flow->lock);
    while (!flow->closing && thread_cond_wait(&flow->ended, &flow->lock, until_us))
        ;
    pthread_mutex_unlock(&flow->lock);
}

static void *work_main(void *arg)
{
    struct flow_job *job = arg;
    struct ctx *ctx = &job->ctx;
    struct str name = str_from(job->consumer->queue);
    struct flow_want want = {.max = job->consumer->act ? 1 : QUEUE_BATCH_MAX,
                             .visibility_s = visibility_of(job->consumer),
                             .wait_s = QUEUE_WAIT_MAX_S};
    while (!is_closing(job->flow)) {
        struct queue_messages got;
        struct queue queue;
        enum err err = flow_queue(job->flow, ctx, name, &queue);
        if (!err)
            err = flow_receive(job->flow, ctx, name, &want, &got);
        if (err) {
            log_failure_rarely(ctx, "messages cannot be received");
            pause_a_while(job->flow);
        } else {
            work_through(job, &queue, &got);
        }
        arena_clear(&job->arena);
    }
    return NULL;
}

static enum err make_queue(struct tx *tx, void *arg)
{
    const struct flow_consumer *consumer = arg;
    struct queue_options options = queue_usual;
    struct queue queue;
    options.name = str_from(consumer->queue);
    options.fifo = str_ends(options.name, STR(".fifo"));
    options.visibility_s = visibility_of(consumer);
    options.receives_max = consumer->receives_max;
    if (consumer->pattern)
        TRY(bus_rule_keep(tx, options.name, str_from(consumer->pattern)));
    return queue_make(tx, &options, &queue);
}

static size_t threads_of(const struct flow_consumer *consumer)
{
    size_t threads = consumer->threads > 0 ? (size_t)consumer->threads : 1;
    return threads < FLOW_THREADS_MAX ? threads : FLOW_THREADS_MAX;
}

static enum err start(struct flow *flow, struct ctx *ctx, const struct flow_consumer *consumer)
{
    for (size_t i = 0; i < threads_of(consumer); i++) {
        struct flow_job *job = &flow->jobs[flow->job_count];
        flow_job_init(flow, job);
        job->consumer = consumer;
        job->row = counter_table_row(&flow->by_consumer, str_from(consumer->queue));
        TRY(flow_job_start(job, ctx, consumer->queue, work_main));
        pthread_mutex_lock(&flow->lock);
        flow->job_count++;
        pthread_mutex_unlock(&flow->lock);
    }
    return ERR_OK;
}

/* Another process may make it at the same time: then it is there at the next look. */
static enum err make_surely(struct flow *flow, struct ctx *ctx,
                            const struct flow_consumer *consumer)
{
    enum err err = ERR_CONFLICT;
    for (int tried = 0; tried < MAKES_MAX && err == ERR_CONFLICT; tried++)
        err = db_write(flow->db, ctx, make_queue, (void *)consumer);
    return err;
}

enum err flow_work_open(struct flow *flow, struct ctx *ctx)
{
    const struct flow_consumer *consumer = flow->consumers;
    size_t threads = 0;
    for (; consumer && consumer->queue; consumer++) {
        threads += threads_of(consumer);
        TRY(make_surely(flow, ctx, consumer));
    }
    if (!threads)
        return ERR_OK;
    struct flow_job *jobs = mem_alloc(threads * sizeof *jobs);
    if (!jobs)
        return err_memory(&ctx->err);
    pthread_mutex_lock(&flow->lock);
    flow->jobs = jobs;
    pthread_mutex_unlock(&flow->lock);
    for (consumer = flow->consumers; consumer->queue; consumer++)
        TRY(start(flow, ctx, consumer));
    return ERR_OK;
}

/* The looker goes last: until then it hides the messages of those that still run. */
void flow_work_close(struct flow *flow)
{
    for (size_t i = 0; i < flow->job_count; i++)
        pthread_join(flow->jobs[i].thread, NULL);
    pthread_mutex_lock(&flow->lock);
    flow->looker.told = true; /* nobody works any more */
    pthread_cond_broadcast(&flow->ended);
    pthread_mutex_unlock(&flow->lock);
    if (flow->looker.runs)
        pthread_join(flow->looker.thread, NULL);
    for (size_t i = 0; i < flow->job_count; i++)
        arena_release(&flow->jobs[i].arena);
    mem_free(flow->jobs);
}
