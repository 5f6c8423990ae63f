/* Who receives from which queue: a row a consumer, as flow.h has them. */
#include <stddef.h>

#include "app/wiring.h"
#include "flow/topic.h"

const struct flow_consumer wiring_consumers[] = {
    {.queue = TOPIC_QUEUE_TOLD, .apply = topic_fan_out},
    {.queue = TOPIC_QUEUE_EMAIL,
     .carry = topic_carry,
     .note = topic_note,
     .receives_max = TOPIC_RECEIVES_MAX},
    {.queue = TOPIC_QUEUE_SMS,
     .carry = topic_carry,
     .note = topic_note,
     .receives_max = TOPIC_RECEIVES_MAX},
    {.queue = TOPIC_QUEUE_WEBHOOK,
     .carry = topic_carry,
     .note = topic_note,
     .threads = TOPIC_WEBHOOK_THREADS,
     .receives_max = TOPIC_RECEIVES_MAX},
    {.queue = NULL},
};
