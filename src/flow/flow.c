/* Flow in a process: opened and closed, and the queues that it knows. */
#include <string.h>

#include "base/mem.h"
#include "flow/bus.h"
#include "flow/flow_inside.h"

struct flow_known *flow_find(struct flow *flow, struct str name)
{
    for (size_t i = 0; i < flow->known_count; i++)
        if (str_equal(name, str_from(flow->known[i]->name)))
            return flow->known[i];
    return NULL;
}

static void keep(char kept[QUEUE_NAME_MAX + 1], struct str name)
{
    if (name.len)
        memcpy(kept, name.ptr, name.len);
    kept[name.len] = '\0';
}

/* Under the lock. A queue that was made anew under the name begins anew. */
static enum err learn(struct flow *flow, struct ctx *ctx, const struct queue *queue)
{
    struct flow_known *known = flow_find(flow, queue->is.name);
    if (!known && flow->known_count == FLOW_QUEUES_MAX)
        return err_fail(&ctx->err, ERR_LIMIT, "There are too many queues in use.",
                        "more than %d queues", FLOW_QUEUES_MAX);
    if (!known) {
        known = mem_alloc(sizeof *known);
        if (!known)
            return err_memory(&ctx->err);
        thread_cond_init(&known->woken);
        known->row = counter_table_row(&flow->queues, queue->is.name);
        flow->known[flow->known_count++] = known;
    }
    if (known->queue.number != queue->number)
        known->floor_us = known->deep_us = 0;
    keep(known->name, queue->is.name);
    keep(known->dead, queue->is.dead);
    known->queue = *queue;
    known->queue.is.name = str_from(known->name);
    known->queue.is.dead = str_from(known->dead);
    known->queue.is.labels = STR("");
    known->known_us = clock_tick_us(flow->clock);
    return ERR_OK;
}

/* Under the lock. */
static bool is_fresh(const struct flow *flow, const struct flow_known *known)
{
    return known && known->known_us &&
           clock_tick_us(flow->clock) - known->known_us < FLOW_KNOWN_MS * INT64_C(1000);
}

struct finding {
    struct str name;
    struct queue queue;
};

static enum err find(struct tx *tx, void *arg)
{
    struct finding *finding = arg;
    return queue_find(tx, finding->name, &finding->queue);
}

static enum err copy_texts(struct ctx *ctx, struct queue *queue)
{
    TRY(str_copy(ctx->arena, queue->is.name, &queue->is.name));
    return str_copy(ctx->arena, queue->is.dead, &queue->is.dead);
}

enum err flow_know(struct flow *flow, struct ctx *ctx, struct str name, struct flow_known **known,
                   struct queue *queue)
{
    struct finding finding = {.name = name};
    pthread_mutex_lock(&flow->lock);
    *known = flow_find(flow, name);
    bool fresh = is_fresh(flow, *known);
    if (fresh)
        *queue = (*known)->queue;
    pthread_mutex_unlock(&flow->lock);
    if (fresh)
        return copy_texts(ctx, queue);
    TRY(db_read(flow->db, ctx, find, &finding));
    *queue = finding.queue;
    pthread_mutex_lock(&flow->lock);
    enum err err = learn(flow, ctx, &finding.queue);
    *known = flow_find(flow, name);
    pthread_mutex_unlock(&flow->lock);
    return err;
}

enum err flow_queue(struct flow *flow, struct ctx *ctx, struct str name, struct queue *queue)
{
    struct flow_known *known;
    return flow_know(flow, ctx, name, &known, queue);
}

void flow_forget(struct flow *flow)
{
    pthread_mutex_lock(&flow->lock);
    for (size_t i = 0; i < flow->known_count; i++)
        flow->known[i]->known_us = 0;
    pthread_mutex_unlock(&flow->lock);
}

static bool tells_of_events(const struct tx_notes *notes)
{
    bool tells = notes->count > TX_NOTES_MAX;
    for (size_t i = 0; i < notes->count && !tells; i++)
        tells = notes->list[i] == FLOW_NOTE;
    return tells;
}

/* One receiver a note: who gets something wakes the next. */
static void observe(void *arg, const struct tx_notes *notes)
{
    struct flow *flow = arg;
    bool all = notes->count > TX_NOTES_MAX;
    if (flow->bus && tells_of_events(notes))
        bus_wake(flow->bus);
    pthread_mutex_lock(&flow->lock);
    for (size_t i = 0; i < flow->known_count; i++) {
        struct flow_known *known = flow->known[i];
        bool noted = all;
        for (size_t k = 0; k < notes->count && !noted; k++)
            noted = notes->list[k] == known->queue.number;
        if (noted && known->waiting)
            flow_wake(flow, known);
    }
    pthread_mutex_unlock(&flow->lock);
}

static void count(struct flow *flow, struct counter_registry *counters)
{
    const struct {
        struct counter *counter;
        enum counter_kind kind;
        const char *name, *help;
    } rows[] = {
        {&flow->sent, COUNTER_TOTAL, "flow_sent_total", "Messages that were sent by name."},
        {&flow->received, COUNTER_TOTAL, "flow_received_total", "Messages that were received."},
        {&flow->deleted, COUNTER_TOTAL, "flow_deleted_total", "Messages that were done with."},
        {&flow->failed, COUNTER_TOTAL, "flow_failed_total", "Messages that a consumer failed at."},
        {&flow->waiting, COUNTER_LEVEL, "flow_waiting", "Receivers that wait."},
        {&flow->stuck, COUNTER_LEVEL, "flow_stuck", "Jobs that run for longer than a minute."},
        {&flow->depth, COUNTER_LEVEL, "flow_visible_messages", "Messages that may be received."},
        {&flow->in_flight, COUNTER_LEVEL, "flow_hidden_messages",
         "Messages that somebody received and did not delete yet."},
        {&flow->dead, COUNTER_LEVEL, "flow_dead_messages", "Dead letters."},
        {&flow->event_s, COUNTER_LEVEL, "flow_event_oldest_seconds",
         "How long the oldest event that no bus took yet has been waiting."},
        {&flow->failing, COUNTER_LEVEL, "flow_event_targets_failing",
         "Targets of rules that could not take their last event."},
        {&flow->replays, COUNTER_LEVEL, "flow_event_replays", "Replays that are under way."},
        {&flow->oldest_s, COUNTER_LEVEL, "flow_oldest_seconds",
         "How long the oldest message that may be received has been waiting."},
        {&flow->alarms, COUNTER_LEVEL, "flow_alarms", "Alarms that are raised, of all queues."},
    };
    for (size_t i = 0; counters && i < sizeof rows / sizeof *rows; i++)
        counter_register(counters, rows[i].counter, rows[i].kind, rows[i].name, rows[i].help);
    topic_counters_register(&flow->topics, counters);
}

static void init(struct flow *flow, const struct ctx *ctx, const struct flow_options *options)
{
    flow->db = options->db;
    flow->ports = options->ports;
    flow->tracer = options->tracer;
    flow->consumers = options->consumers;
    flow->drain_ms = options->drain_ms ? options->drain_ms : FLOW_DRAIN_MS;
    flow->clock = ctx->clock;
    flow->log = ctx->log;
    flow->observer = (struct db_observer){observe, flow};
    flow->id_rand = rand_system();
    id_source_init(&flow->ids, flow->clock, &flow->id_rand);
    pthread_mutex_init(&flow->lock, NULL);
    thread_cond_init(&flow->ended);
    flow_job_init(flow, &flow->looker);
}

/* Before anybody is told of what is committed. */
static enum err open_bus(struct flow *flow, struct ctx *ctx, const struct flow_options *options)
{
    struct ctx own = *ctx;
    own.ids = &flow->ids;
    enum err err = bus_open(&own,
                            &(struct bus_options){.db = options->db,
                                                  .kinds = options->kinds,
                                                  .counters = options->counters,
                                                  .runs = true},
                            &flow->bus);
    ctx->err = own.err;
    return err;
}

enum err flow_open(struct ctx *ctx, const struct flow_options *options, struct flow **opened)
{
    struct flow *flow = mem_alloc(sizeof *flow);
    if (!flow)
        return err_memory(&ctx->err);
    init(flow, ctx, options);
    enum err err = flow_measure_open(flow, ctx, options->counters);
    if (!err && options->brings_events)
        err = open_bus(flow, ctx, options);
    db_observe(flow->db, &flow->observer);
    count(flow, options->counters);
    if (!err)
        err = flow_job_start(&flow->looker, ctx, "looker", flow_look_main);
    *opened = flow; /* before the consumers begin: theirs may ask for it */
    if (!err)
        err = flow_work_open(flow, ctx);
    if (err) {
        *opened = NULL;
        flow_close(flow);
    }
    return err;
}

static enum err nothing(struct tx *tx, void *arg)
{
    (void)tx, (void)arg;
    return ERR_OK;
}

/* What is committed from here on is told to nobody, once a write has gone through. */
static void stop_observing(struct flow *flow)
{
    struct ctx *ctx = &flow->looker.ctx;
    db_observe(flow->db, NULL);
    if (db_write(flow->db, ctx, nothing, NULL))
        log_failure(ctx, "flow was closed while the database was away");
}

void flow_close(struct flow *flow)
{
    if (!flow)
        return;
    pthread_mutex_lock(&flow->lock);
    flow->closing = true;
    flow->ends_us = clock_tick_us(flow->clock) + flow->drain_ms * INT64_C(1000);
    pthread_cond_broadcast(&flow->ended);
    for (size_t i = 0; i < flow->known_count; i++)
        pthread_cond_broadcast(&flow->known[i]->woken);
    pthread_mutex_unlock(&flow->lock);
    flow_work_close(flow);
    stop_observing(flow);
    bus_close(flow->bus);
    for (size_t i = 0; i < flow->known_count; i++) {
        pthread_cond_destroy(&flow->known[i]->woken);
        mem_free(flow->known[i]);
    }
    flow_measure_close(flow);
    arena_release(&flow->looker.arena);
    id_source_release(&flow->ids);
    pthread_cond_destroy(&flow->ended);
    pthread_mutex_destroy(&flow->lock);
    mem_free(flow);
}
