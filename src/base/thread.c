/* Starts threads, and waits. */
#include "base/thread.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <time.h>

#include "base/clock.h"

/* A thread begins with the name and the mask of who makes it: so it never has others. */
static int create(pthread_t *thread, const pthread_attr_t *how, const char *name,
                  void *(*run)(void *arg), void *arg)
{
    char own[THREAD_NAME_MAX] = "";
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    prctl(PR_GET_NAME, own);
    prctl(PR_SET_NAME, name);
    int failure = pthread_create(thread, how, run, arg);
    prctl(PR_SET_NAME, own);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failure;
}

bool thread_start(pthread_t *thread, const char *name, void *(*run)(void *arg), void *arg)
{
    pthread_attr_t how;
    errno = pthread_attr_init(&how);
    if (errno)
        return false;
    pthread_attr_setstacksize(&how, THREAD_STACK_SIZE);
    int failure = create(thread, &how, name, run, arg);
    pthread_attr_destroy(&how);
    errno = failure;
    return !failure;
}

void thread_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t how;
    pthread_condattr_init(&how);
    pthread_condattr_setclock(&how, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &how);
    pthread_condattr_destroy(&how);
}

bool thread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until_us)
{
    struct timespec until = {until_us / SECOND_US, until_us % SECOND_US * 1000};
    return pthread_cond_timedwait(cond, lock, &until) != ETIMEDOUT;
}
