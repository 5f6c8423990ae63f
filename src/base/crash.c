/* Reports a fatal signal with its backtrace, then lets it kill the process. */
#include "base/crash.h"

#include <execinfo.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

enum { CRASH_FRAMES_MAX = 64 };

static const struct {
    int number;
    const char *words;
} fatal[] = {
    {SIGSEGV, "SIGSEGV: touched memory that is not there"},
    {SIGBUS, "SIGBUS: touched memory that has no backing"},
    {SIGILL, "SIGILL: ran what is no instruction"},
    {SIGFPE, "SIGFPE: impossible arithmetic"},
    {SIGABRT, "SIGABRT: gave up"},
};

enum { FATAL_COUNT = sizeof fatal / sizeof *fatal };

/* What cannot be written cannot be reported either: the process is dying. */
static void say(int fd, const char *text)
{
    ssize_t ignored = write(fd, text, strlen(text));
    (void)ignored;
}

/* A frame holds where its call returns to, which may be the next line or the next function: one
 * byte before it is the call. */
void crash_backtrace(int fd)
{
    void *frames[CRASH_FRAMES_MAX];
    int count = backtrace(frames, CRASH_FRAMES_MAX);
    for (int i = 0; i < count; i++)
        frames[i] = (char *)frames[i] - 1;
    backtrace_symbols_fd(frames, count, fd);
}

static void on_fatal(int number)
{
    const char *words = "a fatal signal";
    for (size_t i = 0; i < FATAL_COUNT; i++)
        if (fatal[i].number == number)
            words = fatal[i].words;
    say(STDERR_FILENO, "stoa: crashed, ");
    say(STDERR_FILENO, words);
    say(STDERR_FILENO, "\n");
    crash_backtrace(STDERR_FILENO);
    raise(number); /* SA_RESETHAND put the default back; it strikes when we return */
}

void crash_install(struct crash_stack *stack)
{
    void *warm[1];
    backtrace(warm, 1); /* its first call allocates; a handler must not */
    sigaltstack(&(stack_t){.ss_sp = stack->bytes, .ss_size = sizeof stack->bytes}, NULL);

    struct sigaction action = {.sa_handler = on_fatal,
                               .sa_flags = (int)(SA_RESETHAND | SA_ONSTACK)};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < FATAL_COUNT; i++)
        sigaction(fatal[i].number, &action, NULL);
}
