/* A clock that is turned by hand, and chance that repeats. */
#ifndef STOA_TESTS_FAKES_H
#define STOA_TESTS_FAKES_H

#include <stdint.h>

#include "base/clock.h"
#include "base/rand.h"

/* 2026-01-15T12:00:00Z, a Thursday: where every fake clock begins. */
#define FAKE_NOW_US (INT64_C(1768478400) * SECOND_US)

struct fake_clock {
    struct clock clock;
    int64_t now_us, tick_us;
};

void fake_clock_init(struct fake_clock *fake);
void fake_clock_turn(struct fake_clock *fake, int64_t by_us); /* both hands forward */

/* The same bytes for the same seed, in every run and on every machine. */
struct fake_rand {
    struct rand rand;
    uint64_t state;
};

void fake_rand_init(struct fake_rand *fake, uint64_t seed);

#endif
