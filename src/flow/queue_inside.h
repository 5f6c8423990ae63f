/* What the files of queues share. Private to them.
 *
 *     TRY(queue->is.fifo ? queue_line_receive(tx, queue, &take, got) : entries(tx, …));
 *
 * A queue that is not fifo has its messages in flow_entry, one that is in flow_line and flow_group;
 * what is done to a message is done by the table of the two: queue_kind. */
#ifndef STOA_FLOW_QUEUE_INSIDE_H
#define STOA_FLOW_QUEUE_INSIDE_H

#include "flow/queue.h"

/* One receive: what is given for all of its messages. */
struct queue_take {
    const struct queue *queue;
    int64_t now_us, until_us, nonce, max, floor_us;
};

/* What a message is found by within the queue. */
struct queue_place {
    int64_t number, visible_us, nonce;
    struct str group; /* of a fifo queue */
};

/* Its receipt stays good; it comes again; it comes again as if it had not been received. */
enum queue_hiding { QUEUE_KEPT, QUEUE_BACK, QUEUE_UNTRIED };

struct queue_kind {
    /* Makes a message that was just added, or is there, receivable from then on. */
    enum err (*add)(struct tx *tx, int64_t queue, struct str group, int64_t visible_us);
    enum err (*place)(struct tx *tx, int64_t queue, struct str group, int64_t number,
                      int64_t visible_us);
    /* `more`: there may be more to receive, also where it got none. */
    enum err (*receive)(struct tx *tx, const struct queue_take *take, struct queue_messages *got,
                        bool *more);
    /* ERR_MISSING where it is no longer theirs. */
    enum err (*drop)(struct tx *tx, const struct queue *queue, const struct queue_place *place);
    enum err (*hide)(struct tx *tx, const struct queue *queue, const struct queue_place *place,
                     int64_t until_us, enum queue_hiding hiding);
    /* Takes away one, whoever has it, and its group moves on. */
    enum err (*remove)(struct tx *tx, const struct queue *queue, const struct queue_place *place);
};

extern const struct queue_kind queue_kind_entry, queue_kind_line;

static inline const struct queue_kind *queue_kind_of(bool fifo)
{
    return fifo ? &queue_kind_line : &queue_kind_entry;
}

/* What a receive begins with: wants are checked, and the list is empty. */
enum err queue_begin(struct tx *tx, const struct queue *queue, const struct queue_want *want,
                     struct queue_messages *got, struct queue_take *take);

/* True where it is too old to be received, or was received too often. */
bool queue_is_over(const struct queue_take *take, int64_t receives, int64_t sent_us);

/* Ends it where it is over: what is too old is forgotten, and the rest goes to the dead letters. A
 * place with a nonce is left alone where it is no longer theirs. */
enum err queue_settle(struct tx *tx, const struct queue_take *take, const struct queue_place *place,
                      int64_t receives, int64_t sent_us, bool *settled);

/* Adds one that was taken away to the dead letters, with why. */
enum err queue_bury(struct tx *tx, const struct queue *queue, const struct queue_place *place,
                    int64_t receives, struct str reason, struct str trace);

/* ERR_MISSING, with words. */
enum err queue_fail_receipt(struct ctx *ctx, const struct queue_receipt *receipt);

#endif
