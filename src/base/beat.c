/* Wakes and ends threads that run again and again. */
#include "base/beat.h"

#include "base/clock.h"

static void release(struct beat *beat)
{
    pthread_cond_destroy(&beat->changed);
    pthread_mutex_destroy(&beat->lock);
    beat->runs = false;
}

enum err beat_start(struct beat *beat, struct ctx *ctx, const char *name, void *(*run)(void *arg),
                    void *arg)
{
    *beat = (struct beat){.runs = true};
    pthread_mutex_init(&beat->lock, NULL);
    thread_cond_init(&beat->changed);
    if (thread_start(&beat->thread, name, run, arg))
        return ERR_OK;
    release(beat);
    return err_system(&ctx->err, "The program cannot run.", "starting the thread %s", name);
}

bool beat_wait(struct beat *beat, int64_t pause_us)
{
    struct clock clock = clock_system();
    int64_t until_us = clock_tick_us(&clock) + pause_us;
    pthread_mutex_lock(&beat->lock);
    while (!beat->ends && !beat->woken && pause_us > 0 &&
           thread_cond_wait(&beat->changed, &beat->lock, until_us))
        ;
    bool goes_on = !beat->ends;
    beat->woken = false;
    pthread_mutex_unlock(&beat->lock);
    return goes_on;
}

static void tell(struct beat *beat, bool *what)
{
    pthread_mutex_lock(&beat->lock);
    *what = true;
    pthread_cond_signal(&beat->changed);
    pthread_mutex_unlock(&beat->lock);
}

void beat_wake(struct beat *beat)
{
    if (beat->runs)
        tell(beat, &beat->woken);
}

void beat_end(struct beat *beat)
{
    if (!beat->runs)
        return;
    tell(beat, &beat->ends);
    pthread_join(beat->thread, NULL);
    release(beat);
}
