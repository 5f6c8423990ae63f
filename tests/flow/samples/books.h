/* The books of the proofs: what was sent, and what was applied, in the database of the queue.
 *
 *     TRY(db_write(db, ctx, books_make, NULL));
 *     TRY(db_write(db, ctx, books_send, &line));          a row and a message, in one transaction
 *     TRY(db_read(db, ctx, books_judge, &judgement));
 *     judgement.missing == 0 && judgement.doubled == 0
 *
 * A schedule beside them runs each minute, and its runs are applied as lines of nobody's. */
#ifndef STOA_TESTS_FLOW_SAMPLES_BOOKS_H
#define STOA_TESTS_FLOW_SAMPLES_BOOKS_H

#include "flow/flow.h"

#define BOOKS_QUEUE  "ledger"
#define BOOKS_FIFO   "ledger.fifo"
#define BOOKS_EVENTS "ledger-events"
#define BOOKS_TICKS  "ledger-ticks"

/* How a sender sends, by its number modulo BOOKS_WAYS; in a fifo queue each is a group. */
enum books_way { BOOKS_BY_QUEUE, BOOKS_BY_FIFO, BOOKS_BY_EVENT, BOOKS_WAYS };

/* One that somebody sent. */
struct books_line {
    int64_t who, number;
    int64_t applied; /* out of books_last: the last that was applied */
};

struct books_judgement {
    int64_t sent, applied, missing, doubled, unsent, left; /* left: messages and events */
    int64_t runs, minutes;    /* of the schedule: applied, and from the first to the last of them */
    int64_t ways[BOOKS_WAYS]; /* sent so */
};

enum {
    BOOKS_VISIBILITY_S = 1,
    BOOKS_WORD = 64, /* bytes */
};

/* Of a fifo queue one that comes before its time is told on standard output: "! who number". */
extern const struct flow_consumer books_consumers[];

enum err books_make(struct tx *tx, void *arg);
enum err books_send(struct tx *tx, void *arg);  /* a struct books_line */
enum err books_last(struct tx *tx, void *arg);  /* the last numbers of its who */
enum err books_left(struct tx *tx, void *arg);  /* an int64_t */
enum err books_judge(struct tx *tx, void *arg); /* a struct books_judgement */

#endif
