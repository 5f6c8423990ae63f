/* Queues: what one part of the house leaves for another to do.
 *
 *     static enum err place(struct tx *tx, void *arg)             in the business's own db_write:
 *     {
 *         struct queue queue;                                     order and message are one
 *         TRY(order_add(tx, arg));                                transaction: neither is there
 *         TRY(queue_find(tx, STR("orders"), &queue));             without the other
 *         return queue_put(tx, &queue, order_json(arg));
 *     }
 *
 *     TRY(queue_receive(tx, &queue, &(struct queue_want){.max = 10}, &got));
 *     for (size_t i = 0; i < got.count; i++)              in a later transaction, each once:
 *         TRY(queue_delete(tx, &queue, &got.list[i].receipt));
 *
 * Most who receive write neither: a consumer (flow.h) is a function and a row of a table, and waits
 * by itself. A message that is received is hidden for the queue's visibility; who does not delete
 * it in that time gets it again. It is theirs by its receipt, which is good until it is received
 * again: a queue_delete that returns ERR_OK has removed exactly this message, and so what is done
 * in the same transaction is done once, however often the message came.
 *
 * queue_fail gives a message back after a pause that doubles and is drawn by lot; after
 * receives_max times it goes to the dead letters, with the reason and the trace of the attempt.
 * There is no order in a queue but that of a fifo queue's groups: a group's messages come in the
 * order in which they were sent, one batch at a time, and the next only when that is deleted or
 * seen again. A message of the same dedup id within QUEUE_DEDUP_S is taken for the one before, and
 * answered with its id.
 *
 * The limits are those of SQS. A struct queue may be kept: what is changed is seen by who finds it
 * anew; the number of a queue is never used again. Strs that are given back live in tx->ctx->arena.
 * Per message: docs/flow/queue.md counts rows and pages. */
#ifndef STOA_FLOW_QUEUE_H
#define STOA_FLOW_QUEUE_H

#include "base/id.h"
#include "ports/db/db.h"

enum {
    QUEUE_NAME_MAX = 80,        /* letters, digits, - and _; a fifo queue's ends in .fifo */
    QUEUE_BODY_MAX = 256 << 10, /* body and attributes of a message, and of a batch */
    QUEUE_BATCH_MAX = 10,
    QUEUE_VISIBILITY_MAX_S = 12 * 60 * 60,
    QUEUE_DELAY_MAX_S = 15 * 60,
    QUEUE_WAIT_MAX_S = 20,
    QUEUE_RETENTION_MIN_S = 60,
    QUEUE_RETENTION_MAX_S = 14 * 24 * 60 * 60,
    QUEUE_RECEIVES_MAX = 1000,
    QUEUE_MAKE_RECEIVES = 5,
    QUEUE_DEDUP_S = 5 * 60,
    QUEUE_ID_MAX = 128,      /* of a group's or a dedup's id */
    QUEUE_REASON_MAX = 1024, /* bytes of a reason that are kept */
    QUEUE_LABELS_MAX = 16 << 10,
    QUEUE_SWEEP_MAX = 1000,   /* messages that one call purges, drops, redrives or forgets */
    QUEUE_COUNT_MAX = 100000, /* counted no further */
    QUEUE_RECEIPT_TEXT = 3 * 16 + 3,
    QUEUE_BACKOFF_FIRST_S = 1, /* the pause after the first failure, doubled with each */
    QUEUE_BACKOFF_MAX_S = 15 * 60,
    QUEUE_DEFAULT = -1, /* for seconds: the queue's own */
};

/* How a queue is set; queue_usual is SQS's: 30 s hidden, no delay, kept for 4 days, 256 KiB. */
struct queue_options {
    struct str name;
    bool fifo;    /* for good: cannot be changed, and the delay of such a queue neither */
    bool by_body; /* a message without a dedup id has the SHA-256 of its body for one */
    int64_t visibility_s, delay_s, retention_s, wait_s, body_max;
    struct str dead;      /* the queue that takes what failed; empty is none */
    int64_t receives_max; /* then it goes there */
    struct str labels;    /* JSON that a protocol keeps here for its own; may be empty */
};

extern const struct queue_options queue_usual;

struct queue {
    int64_t number;
    struct queue_options is;
    int64_t dead_number; /* 0 is none */
    int64_t made_us, changed_us;
};

/* ERR_INPUT with the field for what is beyond its limits, ERR_MISSING for dead letters that have no
 * queue. A queue of that name that is set the same is given back; else ERR_CONFLICT. */
enum err queue_create(struct tx *tx, const struct queue_options *options, struct queue *queue);

/* The one of that name as it is; or makes it, and with it the queue of its dead letters, which are
 * kept for as long as can be: "orders-dead", "orders-dead.fifo". A receives_max of 0 is
 * QUEUE_MAKE_RECEIVES. */
enum err queue_make(struct tx *tx, const struct queue_options *options, struct queue *queue);
enum err queue_change(struct tx *tx, const struct queue *queue,
                      const struct queue_options *options);
enum err queue_find(struct tx *tx, struct str name, struct queue *queue); /* ERR_MISSING */

struct queue_list {
    struct queue *list;
    size_t count;
};

/* By name, from behind `after` on, those that begin with `prefix`; both may be empty. */
enum err queue_list(struct tx *tx, struct str prefix, struct str after, int64_t limit,
                    struct queue_list *found);

/* Those whose dead letters go to this one. */
enum err queue_sources(struct tx *tx, const struct queue *queue, struct str after, int64_t limit,
                       struct queue_list *found);

/* Removes at most QUEUE_SWEEP_MAX messages; is to be called until *removed is less than that. */
enum err queue_purge(struct tx *tx, const struct queue *queue, int64_t *removed);

/* The queue and all its messages are gone. Who drops a large one purges it before. */
enum err queue_drop(struct tx *tx, const struct queue *queue);

/* One that is to be sent. What is 0 or empty need not be set, but delay_s: QUEUE_SENDING has it. */
struct queue_sending {
    struct str body;
    struct str attributes; /* text that travels with it, as a protocol writes it: JSON */
    struct str group_id;   /* of a fifo queue, and there it must be */
    struct str dedup_id;
    struct str sender, trace; /* trace: empty is that of the context's span */
    int64_t delay_s;          /* of a queue that is not fifo */
    char id[ID_TEXT_MAX];     /* what it is called outside: msg_01K…; filled in */
    int64_t sequence;         /* of a fifo queue: greater than that of those before */
    struct err_record err;    /* of a batch: why this one was not sent; its code is ERR_OK else */
};

#define QUEUE_SENDING(text) ((struct queue_sending){.body = (text), .delay_s = QUEUE_DEFAULT})

/* Sends one; queue_put one that is only a body. */
enum err queue_send(struct tx *tx, const struct queue *queue, struct queue_sending *sending);
enum err queue_put(struct tx *tx, const struct queue *queue, struct str body);

/* Sends at most QUEUE_BATCH_MAX. Those that cannot be sent say why, and the others are. */
enum err queue_send_batch(struct tx *tx, const struct queue *queue, struct queue_sending sendings[],
                          size_t count);

/* What a received message is theirs by. As text it is for other programs; nobody guesses one. */
struct queue_receipt {
    int64_t number, visible_us, nonce;
};

void queue_receipt_format(const struct queue_receipt *receipt, char text[QUEUE_RECEIPT_TEXT]);
enum err queue_receipt_parse(struct str text, struct queue_receipt *receipt); /* ERR_INPUT */

struct queue_message {
    struct queue_receipt receipt;
    struct str id, body, attributes, group_id, dedup_id, sender, trace;
    int64_t sequence, sent_us, first_us; /* first_us: when it was first received */
    int64_t receives;                    /* this time included */
    int64_t visible_us;                  /* until when it is theirs */
};

struct queue_messages {
    struct queue_message *list;
    size_t count;
    int64_t floor_us; /* nothing was visible from before: for the next want */
};

struct queue_want {
    int64_t max;          /* 1 to QUEUE_BATCH_MAX */
    int64_t visibility_s; /* 0 makes it visible at once; QUEUE_DEFAULT */
    int64_t floor_us;     /* nothing is visible from before; 0 where that is not known (flow.h) */
};

/* Never waits: flow_receive does. What was received receives_max times goes to the dead letters
 * instead, and what is older than the retention is forgotten. */
enum err queue_receive(struct tx *tx, const struct queue *queue, const struct queue_want *want,
                       struct queue_messages *got);

/* ERR_MISSING where the message is no longer theirs, or there is none. */
enum err queue_delete(struct tx *tx, const struct queue *queue,
                      const struct queue_receipt *receipt);

/* At most QUEUE_BATCH_MAX; results[i] is ERR_OK or ERR_MISSING. */
enum err queue_delete_batch(struct tx *tx, const struct queue *queue,
                            const struct queue_receipt receipts[], size_t count,
                            enum err results[]);

/* Hides it for so long from now on; 0 gives it back. The receipt stays good. */
enum err queue_hide(struct tx *tx, const struct queue *queue, const struct queue_receipt *receipt,
                    int64_t visibility_s);

/* Gives it back, to come again after a pause. */
enum err queue_give_back(struct tx *tx, const struct queue *queue,
                         const struct queue_message *message, int64_t pause_us);

/* The same of one that was not tried: it is as if it had not been received. */
enum err queue_return(struct tx *tx, const struct queue *queue, const struct queue_message *message,
                      int64_t pause_us);

/* Gives it back after a pause, or to the dead letters. `trace` is that of the attempt. */
enum err queue_fail(struct tx *tx, const struct queue *queue, const struct queue_message *message,
                    struct str reason, struct str trace);

struct queue_counts { /* none of them beyond QUEUE_COUNT_MAX */
    int64_t visible, in_flight, delayed;
    int64_t oldest_us; /* when the oldest that is visible became so; 0 where none is */
};

enum err queue_count(struct tx *tx, const struct queue *queue, struct queue_counts *counts);

/* When the first message from the floor on is visible, or was; INT64_MAX where there is none. */
enum err queue_next(struct tx *tx, const struct queue *queue, int64_t floor_us,
                    int64_t *visible_us);

/* A dead letter, in the queue that took it. */
struct queue_dead {
    int64_t number;
    struct str id, source, reason, trace, body;
    int64_t receives, sent_us, failed_us;
};

struct queue_deads {
    struct queue_dead *list;
    size_t count;
};

enum err queue_dead_list(struct tx *tx, const struct queue *queue, int64_t after, int64_t limit,
                         struct queue_deads *found);

/* The queue that a message failed in; empty for one that is no dead letter, or whose queue is gone.
 */
enum err queue_dead_from(struct tx *tx, int64_t number, struct str *source);

/* Sends dead letters back to where they were, as if never received: the one of this number, or
 * with 0 the oldest QUEUE_SWEEP_MAX. ERR_MISSING where there is none of that number. */
enum err queue_redrive(struct tx *tx, const struct queue *queue, int64_t number, int64_t *moved);

/* Forgets what is older than the retention, and dedups that ended: a bit at a time. */
enum err queue_sweep(struct tx *tx, const struct queue *queue, int64_t *removed);

#endif
