/* Flow in a process: queues by their name, waiting for messages, and the consumers' threads.
 *
 *     const struct flow_consumer wiring_consumers[] = {
 *         {.queue = "orders", .apply = order_apply, .threads = 2},
 *         {.queue = "letters", .act = letter_send},
 *         {.queue = NULL},
 *     };
 *
 *     static enum err order_apply(struct tx *tx, const struct ports *ports,
 *                                 const struct queue_message *message)
 *     {
 *         …                                      all it writes is one transaction with the
 *         return order_confirm(tx, id);          message's end: it happens once
 *     }
 *
 *     struct queue_sending sending = QUEUE_SENDING(body);
 *     TRY(flow_send(ports->flow, ctx, STR("orders"), &sending, 1));
 *     TRY(flow_receive(ports->flow, ctx, STR("orders"), &want, &got));
 *
 * `apply` may run again, as every fn of db_write, and does nothing that a rollback cannot undo.
 * What reaches outside (mail, HTTP) is an `act`: it runs without a transaction, its message is
 * hidden further for as long as it runs, and is deleted when it returned ERR_OK: at least once, so
 * it gives the other side message->id to tell a second time by. An error of either gives the
 * message back (queue_fail). ctx->span of both is a child of the trace that the message was sent
 * in.
 *
 * A `carry` is an act that knows what came of it: it says whether its message ends or comes again
 * after a pause of its own, and its `note` writes down what happened in that very transaction.
 *
 * Who waits is woken by the commit that made a message visible (this process's), by the time that
 * one becomes visible, and by a look every FLOW_LOOK_MS (other processes'). A consumer's queue is
 * made where there is none, and its dead letters' with it: "orders-dead".
 *
 * flow_close lets those that run end; what was received and not begun is given back. An act that
 * still runs after FLOW_DRAIN_MS is told to end: ctx_check_deadline says so to it, and calls to
 * other systems break off; what it then fails at is no failure of the message's, which is given
 * back. One that does not listen is waited for, up to its deadline, but FLOW_END_MS later its
 * message is another process's to take. Any thread may call; strs live in ctx->arena. */
#ifndef STOA_FLOW_FLOW_H
#define STOA_FLOW_FLOW_H

#include "flow/queue.h"

struct bus_kind;
struct events;
struct flow;
struct ports;

enum {
    FLOW_LOOK_MS = 200,
    FLOW_QUEUES_MAX = 1024, /* that one process knows at once */
    FLOW_KNOWN_MS = 1000,   /* a queue that was changed by another process is so known after */
    FLOW_THREADS_MAX = 64,  /* of one consumer */
    FLOW_STUCK_S = 60,      /* a job that runs for longer is counted as stuck: flow_stuck */
    FLOW_SLOW_MS = 100,     /* a carry that takes longer has its neighbours given back */
    FLOW_ACT_MAX_S = 600,   /* the deadline of an act; that of an apply is its visibility */
    FLOW_DRAIN_MS = 5000,   /* with SERVER_DRAIN_MS less than what a supervisor waits: 40 s */
    FLOW_END_MS = 3000,
    FLOW_MEASURED_MAX = 100, /* queues with numbers of their own in /metrics; the others share */
    FLOW_ALARM_AGE_S = 300,  /* a message that waits for longer raises an alarm, */
    FLOW_ALARM_FAILING = 10, /* as do so many failures of a consumer in a row */
    FLOW_COUNT_S = 10,       /* depths and ages of queues are so old at most */
};

typedef enum err flow_apply_fn(struct tx *tx, const struct ports *ports,
                               const struct queue_message *message);
typedef enum err flow_act_fn(struct ctx *ctx, const struct ports *ports,
                             const struct queue_message *message);

/* What came of a carry. */
struct flow_outcome {
    int64_t again_us; /* 0: its message ends; else it comes again after so long */
    void *told;       /* the note's; lives in ctx->arena */
};

typedef enum err flow_carry_fn(struct ctx *ctx, const struct ports *ports,
                               const struct queue_message *message, struct flow_outcome *outcome);
typedef enum err flow_note_fn(struct tx *tx, const struct queue_message *message, void *told);

struct flow_consumer {
    const char *queue;    /* a fifo queue's ends in .fifo */
    const char *pattern;  /* of events that are brought to it (bus.h); NULL: what others send */
    flow_apply_fn *apply; /* one of the three */
    flow_act_fn *act;
    flow_carry_fn *carry;
    flow_note_fn *note;   /* a carry's */
    int threads;          /* 0 is 1 */
    int64_t visibility_s; /* 0 is 30 */
    int64_t receives_max; /* 0 is 5 */
};

struct flow_options {
    struct db *db;
    const struct ports *ports;             /* what apply and act are given */
    const struct flow_consumer *consumers; /* ends with a row of NULL; NULL: none run here */
    struct counter_registry *counters;
    struct tracer *tracer;        /* may be NULL */
    bool brings_events;           /* the bus (bus.h) runs here */
    const struct bus_kind *kinds; /* of its targets, beside queues; may be NULL */
    int drain_ms;                 /* 0 is FLOW_DRAIN_MS */
};

enum err flow_open(struct ctx *ctx, const struct flow_options *options, struct flow **opened);
void flow_close(struct flow *flow); /* NULL is none */

/* Where the pages that are open are told that there are events: within a second, whichever process
 * they come from. Until it is called anew with NULL, which is before the server closes. */
#define FLOW_CHANNEL "bus"
void flow_tell(struct flow *flow, struct events *events);

/* The queue of that name, as it is known here; its labels are left out. */
enum err flow_queue(struct flow *flow, struct ctx *ctx, struct str name, struct queue *queue);

/* Who changed or dropped a queue in this process says so. */
void flow_forget(struct flow *flow);

/* What is wrong with a queue as far as this process knows: raised and over are logged once, and
 * counted. Known within FLOW_COUNT_S; a consumer's only where it runs. */
enum flow_alarm {
    FLOW_ALARM_AGE = 1,      /* the oldest message that may be received waits for long */
    FLOW_ALARM_DEAD = 2,     /* there are dead letters in it */
    FLOW_ALARM_CONSUMER = 4, /* its consumer fails again and again, or has a job that is stuck */
};
unsigned flow_alarms(struct flow *flow, int64_t queue);

/* As queue_send_batch; with one, its error is returned. Durable when it returns. */
enum err flow_send(struct flow *flow, struct ctx *ctx, struct str name,
                   struct queue_sending sendings[], size_t count);

struct flow_want {
    int64_t max;
    int64_t visibility_s; /* QUEUE_DEFAULT */
    int64_t wait_s;       /* QUEUE_DEFAULT; at most QUEUE_WAIT_MAX_S, and the context's deadline */
};

/* Nothing within the wait is ERR_OK with a count of 0. */
enum err flow_receive(struct flow *flow, struct ctx *ctx, struct str name,
                      const struct flow_want *want, struct queue_messages *got);

/* Who waits without a thread. It is told once, by whatever thread knows, that it may look again;
 * flow_await tells it at once where something came since the look that saw nothing.
 *
 *     TRY(flow_look(flow, ctx, name, &want, &got, &seen));
 *     if (!got.count)
 *         flow_await(flow, name, seen, &waiter);
 *     …
 *     flow_leave(flow, &waiter);                     told or not, once: then it is theirs again
 *
 * `wake` does not wait, and calls nothing of flow: it is under its lock. */
struct flow_waiter {
    void (*wake)(struct flow_waiter *waiter);
    struct flow_known *known; /* NULL where it does not stand in the queue's list */
    struct flow_waiter *before, *next;
};

/* As flow_receive, and never waits. */
enum err flow_look(struct flow *flow, struct ctx *ctx, struct str name,
                   const struct flow_want *want, struct queue_messages *got, uint64_t *seen);
void flow_await(struct flow *flow, struct str name, uint64_t seen, struct flow_waiter *waiter);
void flow_leave(struct flow *flow, struct flow_waiter *waiter);

enum err flow_delete(struct flow *flow, struct ctx *ctx, struct str name,
                     const struct queue_receipt receipts[], size_t count, enum err results[]);

#endif
