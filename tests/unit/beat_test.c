/* Tests of beats: they wait, are woken, and end. */
#include "base/beat.h"

#include <sched.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "harness/test.h"
#include "harness/torture.h"

enum { WAKES = 1000 };

struct heart {
    struct beat beat;
    int64_t pause_us;
    atomic_int beats;
    bool ended;
};

static void *heart_main(void *arg)
{
    struct heart *heart = arg;
    while (beat_wait(&heart->beat, heart->pause_us))
        atomic_fetch_add(&heart->beats, 1);
    heart->ended = true;
    return NULL;
}

static void await(struct heart *heart, int beats)
{
    while (atomic_load(&heart->beats) < beats) /* the harness stops it where they never come */
        sched_yield();
}

TEST(beat_comes_by_itself)
{
    struct heart heart = {.pause_us = 100};
    REQUIRE(!beat_start(&heart.beat, t->ctx, "heart", heart_main, &heart));
    await(&heart, 3);
    beat_end(&heart.beat);
    CHECK(heart.ended);
}

TEST(beat_that_is_woken_does_not_wait)
{
    struct heart heart = {.pause_us = DAY_US};
    REQUIRE(!beat_start(&heart.beat, t->ctx, "heart", heart_main, &heart));
    for (int i = 1; i <= WAKES; i++) {
        beat_wake(&heart.beat);
        await(&heart, i);
    }
    beat_end(&heart.beat);
    CHECK(heart.ended);
    CHECK_INT(heart.beats, WAKES);
}

TEST(beat_without_a_pause_ends)
{
    struct heart heart = {.pause_us = 0};
    REQUIRE(!beat_start(&heart.beat, t->ctx, "heart", heart_main, &heart));
    await(&heart, 10);
    beat_end(&heart.beat);
    CHECK(heart.ended);
}

TEST(beat_that_does_not_run_is_woken_and_ended_in_vain)
{
    struct beat beat = {0};
    beat_wake(&beat);
    beat_end(&beat);
    CHECK(!beat.runs);
}

static enum err live(struct test *t, void *arg)
{
    struct heart heart = {.pause_us = DAY_US};
    (void)arg;
    enum err err = beat_start(&heart.beat, t->ctx, "heart", heart_main, &heart);
    CHECK(heart.beat.runs == !err);
    beat_wake(&heart.beat);
    beat_end(&heart.beat);
    CHECK(heart.ended == !err);
    return err;
}

TEST(beat_fails_where_there_is_no_thread)
{
    TORTURE_EVERY(t, TORTURE_SYSTEM, live, NULL);
}
