/* What the files of flow in a process share. Private to them.
 *
 *     pthread_mutex_lock(&flow->lock);
 *     struct flow_known *known = flow_find(flow, name);
 *     pthread_mutex_unlock(&flow->lock); */
#ifndef STOA_FLOW_FLOW_INSIDE_H
#define STOA_FLOW_FLOW_INSIDE_H

#include <pthread.h>

#include "base/log.h"
#include "base/span.h"
#include "flow/flow.h"
#include "flow/topic_watch.h"

enum { FLOW_MEMORY_MAX = 16 << 20 /* of a batch of messages, and what is done with one */ };

/* A queue as this process knows it. It stays where it is until flow_close. */
struct flow_known {
    char name[QUEUE_NAME_MAX + 1], dead[QUEUE_NAME_MAX + 1];
    struct queue queue; /* its texts are those above */
    int64_t known_us;   /* by the ticking clock; 0: is to be looked up */
    int64_t floor_us;   /* nothing was visible from before it */
    int64_t deep_us;    /* when to look from the beginning, by the ticking clock */
    size_t waiting;     /* receivers; under the lock as all of this */
    uint64_t wakes;
    pthread_cond_t woken;
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
    int64_t extend_us; /* when, by the ticking clock */
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
    struct flow_known *known[FLOW_QUEUES_MAX];
    size_t known_count;

    struct id_source ids; /* the looker's and the jobs' */
    struct rand id_rand;
    struct flow_job looker; /* its thread, and context */
    struct flow_job *jobs;
    size_t job_count;

    struct counter sent, received, deleted, failed, waiting, stuck, depth, in_flight, dead,
        oldest_s;
    struct topic_counters topics;
};

/* Under the lock. NULL where it is not known. */
struct flow_known *flow_find(struct flow *flow, struct str name);

/* Known and fresh, or looked up. Not under the lock. */
enum err flow_know(struct flow *flow, struct ctx *ctx, struct str name, struct flow_known **known,
                   struct queue *queue);

void flow_init_cond(pthread_cond_t *cond); /* on the clock that only runs forward */

/* Under the lock: until `until_us` at the latest; false when that has come. */
bool flow_wait_until(struct flow *flow, pthread_cond_t *cond, int64_t until_us);

/* flow_look.c: what looks every FLOW_LOOK_MS, extends, and counts. */
void *flow_look_main(void *arg);

/* flow_work.c: the consumers' queues, and their threads. */
enum err flow_work_open(struct flow *flow, struct ctx *ctx);
void flow_work_close(struct flow *flow);
int flow_job_start(struct flow_job *job, void *(*run)(void *job)); /* 0, or errno's */
void flow_job_init(struct flow *flow, struct flow_job *job);

#endif
