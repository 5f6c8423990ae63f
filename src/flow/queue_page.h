/* What the console's pages of queues show.
 *
 *     struct queue_shown shown = {.queue = queue};
 *     TRY(queue_count(tx, &shown.queue, &shown.counts)); */
#ifndef STOA_FLOW_QUEUE_PAGE_H
#define STOA_FLOW_QUEUE_PAGE_H

#include "flow/queue.h"

struct queue_shown {
    struct queue queue;
    struct queue_counts counts;
    bool waits_long, has_dead, fails; /* flow_alarms */
};

#endif
