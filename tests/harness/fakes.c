/* A clock that is turned by hand, and chance that repeats. */
#include "harness/fakes.h"

#include <string.h>

static int64_t fake_now(struct clock *clock)
{
    return ((struct fake_clock *)clock)->now_us;
}

static int64_t fake_tick(struct clock *clock)
{
    return ((struct fake_clock *)clock)->tick_us;
}

void fake_clock_init(struct fake_clock *fake)
{
    *fake = (struct fake_clock){
        .clock = {.now_us = fake_now, .tick_us = fake_tick}, .now_us = FAKE_NOW_US, .tick_us = 1};
}

void fake_clock_turn(struct fake_clock *fake, int64_t by_us)
{
    fake->now_us += by_us;
    fake->tick_us += by_us;
}

/* SplitMix64: good enough to be fair, and the same everywhere. */
static uint64_t next(struct fake_rand *fake)
{
    uint64_t z = fake->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static void fake_fill(struct rand *rand, void *bytes, size_t size)
{
    unsigned char *at = bytes;
    while (size) {
        uint64_t number = next((struct fake_rand *)rand);
        size_t part = size < sizeof number ? size : sizeof number;
        memcpy(at, &number, part);
        at += part;
        size -= part;
    }
}

void fake_rand_init(struct fake_rand *fake, uint64_t seed)
{
    *fake = (struct fake_rand){.rand = {.fill = fake_fill}, .state = seed};
}
