/* What is measured of queues and consumers, each by its name, and when one of them wants looking
 * after. */
#include "base/mem.h"
#include "flow/flow_inside.h"

#define COLUMN(kind, name, help)   \
    {                              \
        COUNTER_##kind, name, help \
    }

/* By enum flow_queue_column. */
static const struct counter_column queue_columns[] = {
    COLUMN(LEVEL, "flow_queue_visible_messages", "Messages that may be received, by queue."),
    COLUMN(LEVEL, "flow_queue_hidden_messages", "Messages that somebody received, by queue."),
    COLUMN(LEVEL, "flow_queue_delayed_messages", "Messages whose time is to come, by queue."),
    COLUMN(LEVEL, "flow_queue_oldest_seconds", "How long the oldest one waits, by queue."),
    COLUMN(LEVEL, "flow_queue_dead_messages", "Dead letters, by the queue that they lie in."),
    COLUMN(LEVEL, "flow_queue_alarms", "Alarms that are raised, by queue."),
    COLUMN(TOTAL, "flow_queue_sent_total", "Messages that were sent, by queue."),
    COLUMN(TOTAL, "flow_queue_received_total", "Messages that were received, by queue."),
    COLUMN(TOTAL, "flow_queue_deleted_total", "Messages that were done with, by queue."),
};

/* By enum flow_consumer_column. */
static const struct counter_column consumer_columns[] = {
    COLUMN(TOTAL, "flow_consumer_failed_total", "Messages that failed, by consumer."),
    COLUMN(LEVEL, "flow_consumer_failing", "Messages that failed in a row, by consumer."),
    COLUMN(LEVEL, "flow_consumer_stuck", "Jobs that run for over a minute, by consumer."),
};

_Static_assert(sizeof queue_columns / sizeof *queue_columns == FLOW_QUEUE_COLUMNS, "a row each");
_Static_assert(sizeof consumer_columns / sizeof *consumer_columns == FLOW_CONSUMER_COLUMNS,
               "a row each");

static size_t consumer_count(const struct flow *flow)
{
    size_t count = 0;
    while (flow->consumers && flow->consumers[count].queue)
        count++;
    return count;
}

static enum err open_durations(struct flow *flow, struct ctx *ctx,
                               struct counter_registry *counters)
{
    size_t count = consumer_count(flow);
    if (!count)
        return ERR_OK;
    flow->names = mem_alloc(count * sizeof *flow->names);
    flow->cells = mem_alloc(count * sizeof *flow->cells);
    if (!flow->names || !flow->cells)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < count; i++)
        flow->names[i] = flow->consumers[i].queue;
    flow->duration_shape = (struct histogram_shape){HISTOGRAM_SECONDS,
                                                    "flow_consumer_duration_seconds",
                                                    "How long a message is worked on.",
                                                    "queue",
                                                    flow->names,
                                                    count};
    if (counters)
        histogram_register(counters, &flow->durations, &flow->duration_shape, flow->cells);
    return ERR_OK;
}

enum err flow_measure_open(struct flow *flow, struct ctx *ctx, struct counter_registry *counters)
{
    TRY(counter_table_open(ctx, &flow->queues, "queue", queue_columns, FLOW_QUEUE_COLUMNS,
                           FLOW_MEASURED_MAX));
    TRY(counter_table_open(ctx, &flow->by_consumer, "queue", consumer_columns,
                           FLOW_CONSUMER_COLUMNS, consumer_count(flow) + 1));
    for (size_t i = 0; i < consumer_count(flow); i++)
        counter_table_row(&flow->by_consumer, str_from(flow->consumers[i].queue));
    TRY(open_durations(flow, ctx, counters));
    if (!counters)
        return ERR_OK;
    counter_table_register(counters, &flow->queues);
    counter_table_register(counters, &flow->by_consumer);
    return ERR_OK;
}

void flow_measure_close(struct flow *flow)
{
    counter_table_close(&flow->queues);
    counter_table_close(&flow->by_consumer);
    mem_free((void *)flow->names);
    mem_free(flow->cells);
}

void flow_measure_job(struct flow_job *job, int64_t took_us, bool failed)
{
    struct flow *flow = job->flow;
    size_t place = (size_t)(job->consumer - flow->consumers), row = job->row;
    histogram_observe(&flow->durations, place, took_us);
    if (!failed) {
        counter_table_set(&flow->by_consumer, row, FLOW_CONSUMER_FAILING, 0);
        counter_table_add(&flow->queues, job->queue_row, FLOW_QUEUE_DELETED, 1);
        return;
    }
    counter_table_add(&flow->by_consumer, row, FLOW_CONSUMER_FAILED, 1);
    counter_table_add(&flow->by_consumer, row, FLOW_CONSUMER_FAILING, 1);
}

/* Counting. */

struct counting {
    struct queue_list queues;
    struct queue_counts *counts; /* one a queue, as what follows */
    bool *takes_dead;
};

static enum err list(struct tx *tx, void *arg)
{
    struct counting *counting = arg;
    return queue_list(tx, STR(""), STR(""), FLOW_QUEUES_MAX, &counting->queues);
}

static enum err count_each(struct tx *tx, void *arg)
{
    struct counting *counting = arg;
    size_t count = counting->queues.count;
    counting->counts = ARENA_ARRAY(tx->ctx->arena, count + 1, struct queue_counts);
    counting->takes_dead = ARENA_ARRAY(tx->ctx->arena, count + 1, bool);
    if (!counting->counts || !counting->takes_dead)
        return err_memory(&tx->ctx->err);
    for (size_t i = 0; i < count; i++) {
        struct queue_list sources;
        TRY(queue_count(tx, &counting->queues.list[i], &counting->counts[i]));
        TRY(queue_sources(tx, &counting->queues.list[i], STR(""), 1, &sources));
        counting->takes_dead[i] = sources.count > 0;
    }
    return ERR_OK;
}

static void set(struct counter *counter, int64_t value)
{
    counter_add(counter, value - counter_value(counter));
}

static int64_t age_s(const struct flow *flow, const struct queue_counts *counts)
{
    int64_t age_us = counts->oldest_us ? clock_now_us(flow->clock) - counts->oldest_us : 0;
    return age_us > 0 ? age_us / SECOND_US : 0;
}

static bool consumer_fails(struct flow *flow, struct str queue)
{
    const struct counter_table *table = &flow->by_consumer;
    for (size_t i = 0; i < consumer_count(flow); i++)
        if (str_equal(queue, str_from(table->values[i])))
            return counter_table_value(table, i, FLOW_CONSUMER_FAILING) >= FLOW_ALARM_FAILING ||
                   counter_table_value(table, i, FLOW_CONSUMER_STUCK) > 0;
    return false;
}

static unsigned find_alarms(struct flow *flow, const struct counting *counting, size_t i)
{
    const struct queue_counts *counts = &counting->counts[i];
    unsigned alarms = 0;
    if (counting->takes_dead[i])
        return counts->visible + counts->in_flight > 0 ? FLOW_ALARM_DEAD : 0;
    if (age_s(flow, counts) > FLOW_ALARM_AGE_S)
        alarms |= FLOW_ALARM_AGE;
    if (consumer_fails(flow, counting->queues.list[i].is.name))
        alarms |= FLOW_ALARM_CONSUMER;
    return alarms;
}

/* What changed is said once. */
static void say(struct flow *flow, struct ctx *ctx, const struct queue *queue, unsigned alarms)
{
    static const struct {
        unsigned alarm;
        const char *words;
    } rows[] = {{FLOW_ALARM_AGE, "the oldest message waits for long"},
                {FLOW_ALARM_DEAD, "there are dead letters"},
                {FLOW_ALARM_CONSUMER, "the consumer fails again and again, or does not end"}};
    unsigned before = flow_alarms(flow, queue->number);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (alarms & ~before & rows[i].alarm)
            log_warn(ctx, "alarm", field_str("queue", queue->is.name),
                     field_text("why", rows[i].words));
        if (before & ~alarms & rows[i].alarm)
            log_info(ctx, "alarm is over", field_str("queue", queue->is.name),
                     field_text("why", rows[i].words));
    }
}

static int64_t bits_of(unsigned alarms)
{
    return (alarms & 1) + (alarms >> 1 & 1) + (alarms >> 2 & 1);
}

/* What a row shows of the levels. Those that share the last one are summed. */
struct levels {
    int64_t columns[FLOW_QUEUE_SENT];
};

static void add_levels(struct levels *row, const struct flow *flow, const struct counting *counting,
                       size_t i, unsigned alarms)
{
    const struct queue_counts *counts = &counting->counts[i];
    int64_t old_s = age_s(flow, counts);
    int64_t *columns = row->columns;
    columns[FLOW_QUEUE_VISIBLE] += counts->visible;
    columns[FLOW_QUEUE_HIDDEN] += counts->in_flight;
    columns[FLOW_QUEUE_DELAYED] += counts->delayed;
    columns[FLOW_QUEUE_DEAD] += counting->takes_dead[i] ? counts->visible + counts->in_flight : 0;
    columns[FLOW_QUEUE_ALARMS] += bits_of(alarms);
    if (old_s > columns[FLOW_QUEUE_OLDEST])
        columns[FLOW_QUEUE_OLDEST] = old_s;
}

/* A queue that is gone has a row of zeros. */
static void publish(struct flow *flow, const struct levels rows[])
{
    for (size_t row = 0; row < atomic_load(&flow->queues.row_count); row++)
        for (size_t column = 0; column < FLOW_QUEUE_SENT; column++)
            counter_table_set(&flow->queues, row, column, rows[row].columns[column]);
}

static size_t row_of(struct flow *flow, struct str queue)
{
    pthread_mutex_lock(&flow->lock);
    size_t row = counter_table_row(&flow->queues, queue);
    pthread_mutex_unlock(&flow->lock);
    return row;
}

static void publish_sums(struct flow *flow, const struct counting *counting)
{
    int64_t visible = 0, in_flight = 0, dead = 0, oldest_s = 0;
    for (size_t i = 0; i < counting->queues.count; i++) {
        const struct queue_counts *counts = &counting->counts[i];
        int64_t old_s = age_s(flow, counts);
        if (counting->takes_dead[i]) {
            dead += counts->visible + counts->in_flight;
            continue;
        }
        visible += counts->visible;
        in_flight += counts->in_flight;
        oldest_s = old_s > oldest_s ? old_s : oldest_s;
    }
    set(&flow->depth, visible);
    set(&flow->in_flight, in_flight);
    set(&flow->dead, dead);
    set(&flow->oldest_s, oldest_s);
}

static enum err tell(struct flow *flow, struct ctx *ctx, const struct counting *counting)
{
    size_t count = counting->queues.count;
    struct levels *rows = ARENA_ARRAY(ctx->arena, FLOW_MEASURED_MAX, struct levels);
    struct flow_alarmed *alarmed = ARENA_ARRAY(ctx->arena, count + 1, struct flow_alarmed);
    int64_t raised = 0;
    if (!rows || !alarmed)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < count; i++) {
        const struct queue *queue = &counting->queues.list[i];
        unsigned alarms = find_alarms(flow, counting, i);
        say(flow, ctx, queue, alarms);
        add_levels(&rows[row_of(flow, queue->is.name)], flow, counting, i, alarms);
        alarmed[i] = (struct flow_alarmed){queue->number, alarms};
        raised += bits_of(alarms);
    }
    publish(flow, rows);
    publish_sums(flow, counting);
    set(&flow->alarms, raised);
    pthread_mutex_lock(&flow->lock);
    for (size_t i = 0; i < count; i++)
        flow->alarmed[i] = alarmed[i];
    flow->alarmed_count = count;
    pthread_mutex_unlock(&flow->lock);
    return ERR_OK;
}

void flow_measure(struct flow *flow, struct ctx *ctx, struct queue_list *queues)
{
    struct counting counting = {.counts = NULL};
    if (db_read(flow->db, ctx, list, &counting) || db_read(flow->db, ctx, count_each, &counting) ||
        tell(flow, ctx, &counting))
        log_failure_rarely(ctx, "queues cannot be counted");
    *queues = counting.queues;
}

unsigned flow_alarms(struct flow *flow, int64_t queue)
{
    unsigned alarms = 0;
    pthread_mutex_lock(&flow->lock);
    for (size_t i = 0; i < flow->alarmed_count; i++)
        if (flow->alarmed[i].queue == queue)
            alarms = flow->alarmed[i].alarms;
    pthread_mutex_unlock(&flow->lock);
    return alarms;
}
