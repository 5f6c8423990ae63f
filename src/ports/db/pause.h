/* The pause before something is tried again: from 1 ms, doubled with each try. Private to ports/db.
 *
 *     for (int tried = 0; tried < TRIES_MAX && try_it(); tried++)
 *         pause_before_retry(ctx, tried);
 *
 * It never lasts beyond the deadline. */
#ifndef STOA_PORTS_DB_PAUSE_H
#define STOA_PORTS_DB_PAUSE_H

#include <time.h>

#include "base/ctx.h"

enum { PAUSE_FIRST_US = 1000, PAUSE_DOUBLINGS_MAX = 10 };

static inline void pause_before_retry(const struct ctx *ctx, int tried)
{
    int doublings = tried < PAUSE_DOUBLINGS_MAX ? tried : PAUSE_DOUBLINGS_MAX;
    int64_t pause_us = (int64_t)PAUSE_FIRST_US << doublings;
    int64_t left_us = ctx->deadline_us - clock_tick_us(ctx->clock);
    if (ctx->deadline_us && left_us < pause_us)
        pause_us = left_us > 0 ? left_us : 0;
    struct timespec pause = {pause_us / SECOND_US, pause_us % SECOND_US * 1000};
    nanosleep(&pause, NULL);
}

#endif
