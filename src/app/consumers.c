/* Who receives from which queue: a row a consumer, as flow.h has them. */
#include <stddef.h>

#include "app/wiring.h"

const struct flow_consumer wiring_consumers[] = {
    {.queue = NULL},
};
