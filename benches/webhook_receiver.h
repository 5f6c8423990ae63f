/* A receiver of webhooks in a process of its own: it notes how old each body is when it is there.
 *
 *     pid = webhook_receiver_start(&receiver, &port);          before any thread
 *     …                                  POST /hook, {…"at":MICROSECONDS…} by the ticking clock
 *     webhook_receiver_stop(&receiver);
 *
 * `ages_us` and `count` are memory that both processes share. Who counts anew sets count to 0 while
 * nothing is on its way. */
#ifndef STOA_BENCHES_WEBHOOK_RECEIVER_H
#define STOA_BENCHES_WEBHOOK_RECEIVER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { RECEIVER_AGES_MAX = 1 << 16 };

struct webhook_ages {
    _Atomic int64_t count;
    int64_t ages_us[RECEIVER_AGES_MAX];
};

struct webhook_receiver {
    struct webhook_ages *ages;
    pid_t pid;
    int port;
};

/* False where it cannot be; errno says why. */
bool webhook_receiver_start(struct webhook_receiver *receiver);
void webhook_receiver_stop(struct webhook_receiver *receiver);

#endif
