/* The books of the proofs: what was sent, and what was applied, in the database of the queue.
 *
 *     TRY(db_write(db, ctx, books_make, NULL));
 *     TRY(db_write(db, ctx, books_send, &line));          a row and a message, in one transaction
 *     TRY(db_read(db, ctx, books_judge, &judgement));
 *     judgement.missing == 0 && judgement.doubled == 0 */
#ifndef STOA_TESTS_FLOW_SAMPLES_BOOKS_H
#define STOA_TESTS_FLOW_SAMPLES_BOOKS_H

#include "flow/flow.h"

#define BOOKS_QUEUE "ledger"
#define BOOKS_FIFO  "ledger.fifo"

/* One that somebody sent; the odd senders send to the fifo queue, each a group of its own. */
struct books_line {
    int64_t who, number;
};

struct books_judgement {
    int64_t sent, applied, missing, doubled, unsent, left;
};

enum { BOOKS_VISIBILITY_S = 1 };

extern const struct flow_consumer books_consumers[];

enum err books_make(struct tx *tx, void *arg);
enum err books_send(struct tx *tx, void *arg);  /* a struct books_line */
enum err books_last(struct tx *tx, void *arg);  /* the last number that its who sent */
enum err books_judge(struct tx *tx, void *arg); /* a struct books_judgement */

#endif
