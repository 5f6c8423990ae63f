/* Tests of threads: their name, their stack, what they hold back, and that there may be none. */
#include "base/thread.h"

#include <errno.h>
#include <signal.h>

#include "base/clock.h"
#include "harness/test.h"
#include "harness/torture.h"

struct seen {
    char name[THREAD_NAME_MAX];
    sigset_t held;
    size_t stack_size;
};

static void *look_around(void *arg)
{
    struct seen *seen = arg;
    pthread_attr_t how;
    pthread_getname_np(pthread_self(), seen->name, sizeof seen->name);
    pthread_sigmask(SIG_SETMASK, NULL, &seen->held);
    if (!pthread_getattr_np(pthread_self(), &how)) {
        pthread_attr_getstacksize(&how, &seen->stack_size);
        pthread_attr_destroy(&how);
    }
    return NULL;
}

TEST(thread_has_its_name_a_small_stack_and_no_signals)
{
    pthread_t thread;
    sigset_t held;
    struct seen here, there = {0};
    char before[THREAD_NAME_MAX];
    pthread_getname_np(pthread_self(), before, sizeof before);
    REQUIRE(thread_start(&thread, "a long name of a thread", look_around, &there));
    pthread_join(thread, NULL);
    CHECK_TEXT(there.name, "a long name of ");
    CHECK_INT(sigismember(&there.held, SIGTERM), 1);
    CHECK(there.stack_size < 16 * (size_t)THREAD_STACK_SIZE); /* a sanitizer adds some */
    look_around(&here);
    CHECK_TEXT(here.name, before);
    pthread_sigmask(SIG_SETMASK, NULL, &held);
    CHECK_INT(sigismember(&held, SIGTERM), 0);
}

TEST(thread_that_cannot_start_says_why)
{
    pthread_t thread;
    char before[THREAD_NAME_MAX], after[THREAD_NAME_MAX];
    pthread_getname_np(pthread_self(), before, sizeof before);
    torture_arm(TORTURE_SYSTEM, 1);
    bool runs = thread_start(&thread, "none", look_around, NULL);
    int failure = errno;
    CHECK(torture_disarm());
    CHECK(!runs);
    CHECK_INT(failure, EAGAIN);
    pthread_getname_np(pthread_self(), after, sizeof after);
    CHECK_TEXT(after, before);
}

TEST(thread_cond_waits_by_the_clock_that_only_runs_forward)
{
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t cond;
    struct clock clock = clock_system();
    int64_t until_us = clock_tick_us(&clock) + 1000;
    thread_cond_init(&cond);
    pthread_mutex_lock(&lock);
    while (thread_cond_wait(&cond, &lock, until_us))
        ;
    pthread_mutex_unlock(&lock);
    CHECK(clock_tick_us(&clock) >= until_us);
    pthread_cond_destroy(&cond);
    pthread_mutex_destroy(&lock);
}
