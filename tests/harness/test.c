/* Runs each registered test in a process of its own and reports in TAP. */
#include "harness/test.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/crash.h"
#include "base/err.h"
#include "harness/torture.h"

/* The exit statuses by which a test's process tells how it ended. None is 0: what a test calls may
 * end the process as well, and the test has then not come to its end. */
enum { ENDED_WELL = 9, ENDED_FAILED, ENDED_UNCHECKED, ENDED_LEAKED, ENDED_REFUTED };

enum { ORPHAN_PAUSE_NS = 1000000, ORPHANS_SIZE = 4 << 10 };

/* A machine that is shared may be slow at the wrong moment: so many tests of a program may fail and
 * then pass when they run again. They are told; what crashes or leaks is never run again. */
enum { UNSTEADY_MAX = 2 };

/* Which of the programs that share the work this is. Set once, before any test runs. */
static int this_part = 1;

/* What a failed CHECK is about, in a loop over a table. Per process, as a test is. */
static char note[512];

void test_note(struct test *t, const char *format, ...)
{
    (void)t;
    va_list args;
    va_start(args, format);
    vsnprintf(note, sizeof note, format, args);
    va_end(args);
}

static bool report(struct test *t, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static bool report(struct test *t, const char *file, int line, const char *format, ...)
{
    t->failures++;
    printf("# %s:%d: ", file, line);
    va_list args;
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf(note[0] ? " [%s]\n" : "%s\n", note);
    return false;
}

bool test_check(struct test *t, bool holds, const char *what, const char *file, int line)
{
    t->checks++;
    return holds || report(t, file, line, "does not hold: %s", what);
}

bool test_check_int(struct test *t, int64_t actual, int64_t expected, const char *what,
                    const char *file, int line)
{
    t->checks++;
    return actual == expected ||
           report(t, file, line, "%s is %" PRId64 ", not %" PRId64, what, actual, expected);
}

bool test_check_str(struct test *t, struct str actual, struct str expected, const char *what,
                    const char *file, int line)
{
    t->checks++;
    return str_equal(actual, expected) ||
           report(t, file, line, "%s is \"" STR_FMT "\", not \"" STR_FMT "\"", what,
                  STR_ARG(actual), STR_ARG(expected));
}

bool test_check_text(struct test *t, const char *actual, const char *expected, const char *what,
                     const char *file, int line)
{
    return test_check_str(t, str_from(actual), str_from(expected), what, file, line);
}

int64_t test_live_blocks(void)
{
    return torture_live_blocks();
}

struct str test_log(struct test *t)
{
    off_t size = lseek(t->log.fd, 0, SEEK_END);
    char *text = size > 0 ? arena_alloc(t->arena, (size_t)size) : NULL;
    if (!text || pread(t->log.fd, text, (size_t)size, 0) != size)
        return (struct str){0};
    return str_make(text, (size_t)size);
}

static void begin(struct test *t)
{
    *t = (struct test){.arena = &t->memory, .ctx = &t->context, .part = this_part};
    arena_init(&t->memory, TEST_ARENA_MAX);
    fake_clock_init(&t->clock);
    fake_rand_init(&t->rand, 1);
    fake_rand_init(&t->id_rand, 2);
    id_source_init(&t->ids, &t->clock.clock, &t->id_rand.rand);
    log_init(&t->log, memfd_create("log", MFD_CLOEXEC), LOG_DEBUG, &t->clock.clock);
    t->context = (struct ctx){.arena = &t->memory,
                              .clock = &t->clock.clock,
                              .rand = &t->rand.rand,
                              .ids = &t->ids,
                              .log = &t->log};
}

static void end(struct test *t)
{
    id_source_release(&t->ids);
    arena_release(&t->memory);
    close(t->log.fd);
}

_Noreturn void test_stop(struct test *t)
{
    (void)t;
    fflush(stdout);
    _exit(ENDED_FAILED);
}

_Noreturn void test_refute(struct test *t)
{
    (void)t;
    fflush(stdout);
    _exit(ENDED_REFUTED);
}

/* Standard output's buffer and the time zone come from malloc at their first use: that is before
 * the count. */
static _Noreturn void run_here(const struct test_case *test)
{
    struct crash_stack stack;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    crash_install(&stack);
    alarm(TEST_DEADLINE_S);
    struct test t;
    printf("# %s\n", test->name);
    fflush(stdout);
    tzset();
    int64_t live = test_live_blocks();
    begin(&t);
    test->run(&t);
    end(&t);
    int64_t leaked = test_live_blocks() - live;
    if (leaked > 0)
        printf("# %" PRId64 " blocks were allocated and not freed\n", leaked);
    fflush(stdout);
    _exit(t.failures   ? ENDED_FAILED
          : !t.checks  ? ENDED_UNCHECKED
          : leaked > 0 ? ENDED_LEAKED
                       : ENDED_WELL);
}

/* The words for a status that waitpid gave; NULL for a test that passed. */
static const char *failure_words(int status, char words[64])
{
    if (WIFSIGNALED(status)) {
        int number = WTERMSIG(status);
        if (number == SIGALRM)
            return "took longer than its deadline";
        snprintf(words, 64, "was killed by SIG%s", sigabbrev_np(number));
        return words;
    }
    switch (WEXITSTATUS(status)) {
    case ENDED_WELL:
        return NULL;
    case ENDED_FAILED:
        return "a check failed";
    case ENDED_UNCHECKED:
        return "checks nothing";
    case ENDED_LEAKED:
        return "leaks";
    case ENDED_REFUTED:
        return "found what must never be";
    default:
        snprintf(words, 64, "exited with status %d", WEXITSTATUS(status));
        return words;
    }
}

static void kill_children(void)
{
    char text[ORPHANS_SIZE];
    int64_t pid;
    int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof text);
    if (fd >= 0)
        close(fd);
    struct str rest = str_make(text, len > 0 ? (size_t)len : 0), word;
    while (str_cut(&rest, ' ', &word))
        if (str_to_int(word, 1, INT32_MAX, &pid) == ERR_OK)
            kill((pid_t)pid, SIGKILL);
}

/* What a test leaves running comes to us when its process has ended. */
static void end_orphans(void)
{
    while (waitpid(-1, NULL, WNOHANG) >= 0) {
        kill_children();
        nanosleep(&(struct timespec){.tv_nsec = ORPHAN_PAUSE_NS}, NULL);
    }
}

/* What a test printed is shown only where it failed. */
static void show(int fd)
{
    char part[4096];
    lseek(fd, 0, SEEK_SET);
    for (ssize_t got; (got = read(fd, part, sizeof part)) > 0;)
        fwrite(part, 1, (size_t)got, stdout);
}

static int run_apart(const struct test_case *test, bool verbose)
{
    int output = verbose ? dup(STDOUT_FILENO) : memfd_create("output", MFD_CLOEXEC);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(output, STDOUT_FILENO);
        dup2(output, STDERR_FILENO);
        run_here(test);
    }
    int status = 1 << 8;
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    end_orphans();
    char words[64];
    const char *failure = failure_words(status, words);
    if (failure && !verbose)
        show(output);
    close(output);
    if (failure)
        printf("# %s:%d: %s\n", test->file, test->line, failure);
    return status;
}

static bool may_be_unsteady(int status)
{
    return WIFSIGNALED(status) ? WTERMSIG(status) == SIGALRM : WEXITSTATUS(status) == ENDED_FAILED;
}

static bool run_and_tell(const struct test_case *test, int number, bool verbose, int *unsteady)
{
    char words[64];
    int status = run_apart(test, verbose);
    bool again = may_be_unsteady(status) && *unsteady < UNSTEADY_MAX;
    if (again) {
        ++*unsteady;
        status = run_apart(test, verbose);
    }
    bool fine = !failure_words(status, words);
    printf("%sok %d - %s%s\n", fine ? "" : "not ", number, test->name,
           again && fine ? " # unsteady: failed, and passed when run again" : "");
    return fine;
}

static bool wanted(const char *name, int argc, char **argv)
{
    bool any = false;
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] == '-')
            continue;
        any = true;
        if (strstr(name, argv[i]))
            return true;
    }
    return !any;
}

/* "--part=1/2" runs every second of those that are wanted: two processors share the work. */
static int read_parts(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct str rest = str_from(argv[i]), word;
        int64_t at, of;
        if (str_cut(&rest, '=', &word) && str_equal(word, STR("--part")) &&
            str_cut(&rest, '/', &word) && !str_to_int(rest, 1, INT32_MAX, &of) &&
            !str_to_int(word, 1, of, &at)) {
            this_part = (int)at;
            return (int)of;
        }
    }
    return 1;
}

int main(int argc, char **argv)
{
    bool verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
    int run = 0, failed = 0, unsteady = 0, seen = 0;
    int parts = read_parts(argc, argv);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    printf("TAP version 13\n");
    for (const struct test_case *test = test_cases; test->name; test++) {
        if (!wanted(test->name, argc, argv) || seen++ % parts != this_part - 1)
            continue;
        run++;
        failed += !run_and_tell(test, run, verbose, &unsteady);
    }
    printf("1..%d\n", run);
    if (!run)
        printf("# no test was run: that is a failure\n");
    fflush(stdout);
    return run == 0 || failed > 0;
}
