/* Who receives from which queue: a row a consumer, as flow.h has them. */
#include <stddef.h>

#include "app/wiring.h"
#include "flow/topic.h"

const struct flow_consumer wiring_consumers[] = {
    {.queue = TOPIC_QUEUE_TOLD, .apply = topic_fan_out},
    {.queue = TOPIC_QUEUE_EMAIL, .act = topic_deliver, .receives_max = TOPIC_TRIES_MAX},
    {.queue = TOPIC_QUEUE_SMS, .act = topic_deliver, .receives_max = TOPIC_TRIES_MAX},
    {.queue = TOPIC_QUEUE_WEBHOOK,
     .act = topic_deliver,
     .threads = 4,
     .receives_max = TOPIC_TRIES_MAX},
    {.queue = NULL},
};
