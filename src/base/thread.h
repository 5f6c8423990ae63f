/* Threads: each with a name and a small stack; and waiting by the clock that only runs forward.
 *
 *     if (!thread_start(&box->thread, "letters", send_all, box))
 *         return err_system(&ctx->err, "Mails cannot be sent.", "starting a thread");
 *     …
 *     pthread_join(box->thread, NULL);
 *
 *     thread_cond_init(&pool->freed);
 *     while (!pool->idle && thread_cond_wait(&pool->freed, &pool->lock, until_us))
 *         ;
 *
 * Signals are for the main thread: in all others they are held back. `ps -L` and perf show the
 * name. What runs again and again is a beat (beat.h). */
#ifndef STOA_BASE_THREAD_H
#define STOA_BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    THREAD_STACK_SIZE = 256 << 10, /* what is larger belongs into an arena */
    THREAD_NAME_MAX = 16           /* with its end: of a longer one the rest is not shown */
};

/* False where there is none; errno then says why. */
bool thread_start(pthread_t *thread, const char *name, void *(*run)(void *arg), void *arg);

/* One whose waits end by clock_tick_us of the system's clock. */
void thread_cond_init(pthread_cond_t *cond);

/* Under the lock: until it is signalled, or by chance earlier; false once `until_us` has come. */
bool thread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until_us);

#endif
