/* A thread that does something every so often, and at once when it is woken.
 *
 *     static void *look_main(void *arg)
 *     {
 *         struct looker *looker = arg;
 *         while (beat_wait(&looker->beat, LOOK_US))
 *             look(looker);
 *         return NULL;
 *     }
 *
 *     TRY(beat_start(&looker->beat, ctx, "looker", look_main, looker));
 *     beat_wake(&looker->beat);
 *     …
 *     beat_end(&looker->beat);
 *
 * Zeroed it has no thread: waking and ending it is nothing then. It stays where it is while it
 * runs. Who wakes it never waits, and may be any thread. */
#ifndef STOA_BASE_BEAT_H
#define STOA_BASE_BEAT_H

#include "base/ctx.h"
#include "base/thread.h"

struct beat {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool woken, ends; /* under the lock */
    bool runs;
};

enum err beat_start(struct beat *beat, struct ctx *ctx, const char *name, void *(*run)(void *arg),
                    void *arg);

/* By the thread: until it is woken, or so long has passed; false once it is to end. A wake that
 * came before counts. */
bool beat_wait(struct beat *beat, int64_t pause_us);

void beat_wake(struct beat *beat);

/* Waits for the thread's end. */
void beat_end(struct beat *beat);

#endif
