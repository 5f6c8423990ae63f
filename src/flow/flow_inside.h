/* What the files of flow in a process share. Private to them.
 *
 *     pthread_mutex_lock(&flow->lock);
 *     struct flow_known *known = flow_find(flow, name);
 *     pthread_mutex_unlock(&flow->lock); */
#ifndef STOA_FLOW_FLOW_INSIDE_H
#define STOA_FLOW_FLOW_INSIDE_H

#include "base/counter_table.h"
#include "base/histogram.h"
#include "base/log.h"
#include "base/span.h"
#include "base/thread.h"
#include "flow/flow.h"
#include "flow/topic_watch.h"

enum { FLOW_MEMORY_MAX = 16 << 20 /* of a batch of messages, and what is done with one */ };

/* A queue as this process knows it. It stays where it is until flow_close. */
struct flow_known {
    char name[QUEUE_NAME_MAX + 1], dead[QUEUE_NAME_MAX + 1];
    struct queue queue; /* its texts are those above */
    size_t row;         /* of flow->queues */
    int64_t known_us;   /* by the ticking clock; 0: is to be looked up */
    int64_t floor_us;   /* nothing was visible from before it */
    int64_t deep_us;    /* when to look from the beginning, by the ticking clock */
    size_t waiting;     /* receivers; under the lock as all of this */
    uint64_t wakes;
    pthread_cond_t woken;
    struct flow_waiter *first, *last; /* of the receivers those that have no thread here */
};

/* The columns of flow->queues, levels first, and of flow->by_consumer: flow_measure.c names them.
 */
enum flow_queue_column {
    FLOW_QUEUE_VISIBLE,
    FLOW_QUEUE_HIDDEN,
    FLOW_QUEUE_DELAYED,
    FLOW_QUEUE_OLDEST,
    FLOW_QUEUE_DEAD,
    FLOW_QUEUE_ALARMS,
    FLOW_QUEUE_SENT,
    FLOW_QUEUE_RECEIVED,
    FLOW_QUEUE_DELETED,
    FLOW_QUEUE_COLUMNS
};
enum flow_consumer_column {
    FLOW_CONSUMER_FAILED,
    FLOW_CONSUMER_FAILING,
    FLOW_CONSUMER_STUCK,
    FLOW_CONSUMER_COLUMNS
};

struct flow_alarmed {
    int64_t queue;
    unsigned alarms;
};

/* A consumer's thread, and what it is at. */
struct flow_job {
    struct flow *flow;
    const struct flow_consumer *consumer;
    pthread_t thread;
    struct arena arena;
    struct rand rand;
    struct ctx ctx;
    bool runs, told;  /* under the lock, as what follows */
    int64_t begun_us; /* by the ticking clock; 0 where it waits */
    bool extends;     /* its message is to be hidden further */
    struct queue_receipt receipt;
    int64_t extend_us;     /* when, by the ticking clock */
    bool given_back;       /* it did not end in time */
    size_t row, queue_row; /* of flow->by_consumer and flow->queues */
};

struct flow {
    struct db *db;
    const struct ports *ports;
    struct tracer *tracer;
    struct bus *bus;
    const struct flow_consumer *consumers;
    struct clock *clock;
    struct log *log;
    struct db_observer observer;
    pthread_mutex_t lock;
    pthread_cond_t ended; /* wakes the looker and those that pause */
    bool closing;
    int64_t ends_us;     /* once it closes: when acts are told to end, by the ticking clock */
    _Atomic bool ending; /* they were */
    int drain_ms;
    struct flow_known *known[FLOW_QUEUES_MAX];
    size_t known_count;

    struct id_source ids; /* the looker's and the jobs' */
    struct rand id_rand;
    struct flow_job looker; /* its thread, and context */
    struct flow_job *jobs;
    size_t job_count;

    struct channel *channel; /* under the lock; NULL: nobody is told of events */
    char told[2 * ID_TEXT_MAX];
    int64_t tell_us; /* when to look whether there is something, by the ticking clock */
    bool late;       /* events wait for long, which was said */

    struct counter event_s, failing, replays; /* of the bus */
    struct counter sent, received, deleted, failed, waiting, stuck, depth, in_flight, dead,
        oldest_s, alarms;
    struct counter_table queues, by_consumer; /* rows are added under the lock */
    struct histogram durations;               /* a cell a consumer */
    struct histogram_shape duration_shape;
    struct histogram_cells *cells;
    const char **names;
    struct flow_alarmed alarmed[FLOW_QUEUES_MAX]; /* under the lock */
    size_t alarmed_count;
    struct topic_counters topics;
};

/* Under the lock. NULL where it is not known. */
struct flow_known *flow_find(struct flow *flow, struct str name);

/* Known and fresh, or looked up. Not under the lock. */
enum err flow_know(struct flow *flow, struct ctx *ctx, struct str name, struct flow_known **known,
                   struct queue *queue);

/* Under the lock: one receiver of each kind looks again. */
void flow_wake(struct flow *flow, struct flow_known *known);

/* flow_measure.c: what is counted by queue and consumer, and the alarms. */
enum err flow_measure_open(struct flow *flow, struct ctx *ctx, struct counter_registry *counters);
void flow_measure_close(struct flow *flow);
void flow_measure(struct flow *flow, struct ctx *ctx, struct queue_list *queues);
void flow_measure_job(struct flow_job *job, int64_t took_us, bool failed);

/* flow_look.c: what looks every FLOW_LOOK_MS, extends, and counts. */
void *flow_look_main(void *arg);

/* bus_look.c: what the looker sees of the bus. */
void flow_look_at_bus(struct flow *flow, struct ctx *ctx);
void flow_tell_of_events(struct flow *flow, struct ctx *ctx);

/* flow_work.c: the consumers' queues, and their threads. */
enum err flow_work_open(struct flow *flow, struct ctx *ctx);
void flow_work_close(struct flow *flow);
enum err flow_job_start(struct flow_job *job, struct ctx *ctx, const char *name,
                        void *(*run)(void *job));
void flow_job_init(struct flow *flow, struct flow_job *job);

#endif
