/* Starts a program, listens to it until it ends or its time is up, and says how it ended. */
#include "harness/process.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "harness/test.h"

enum { OPTIONS_MAX = 1024 };

static bool same_name(const char *variable, const char *other)
{
    size_t len = strcspn(other, "=");
    return strncmp(variable, other, len) == 0 && (variable[len] == '=' || variable[len] == '\0');
}

static bool is_changed(const char *variable, const char *const changes[])
{
    for (; changes && *changes; changes++)
        if (same_name(variable, *changes))
            return true;
    return false;
}

/* The test's own environment with the changes made. */
static enum err environment_make(const char *const changes[],
                                 char *environment[static PROCESS_ENVIRONMENT_MAX + 1])
{
    size_t count = 0;
    for (char **own = environ; *own && count < PROCESS_ENVIRONMENT_MAX; own++)
        if (!is_changed(*own, changes))
            environment[count++] = *own;
    for (; changes && *changes && count < PROCESS_ENVIRONMENT_MAX; changes++)
        if (strchr(*changes, '='))
            environment[count++] = (char *)*changes;
    environment[count] = NULL;
    return count < PROCESS_ENVIRONMENT_MAX ? ERR_OK : ERR_LIMIT;
}

struct process {
    pid_t pid;
    int pid_fd;  /* readable once it has ended */
    int says[2]; /* its standard output and error */
    struct buf heard[2];
};

/* The child's side. Its parent may have died before it could ask to die with it. */
static _Noreturn void become(const char *const argv[], char *environment[], const int out[2],
                             pid_t parent)
{
    int empty = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
        dup2(empty, STDIN_FILENO) >= 0 && dup2(out[0], STDOUT_FILENO) >= 0 &&
        dup2(out[1], STDERR_FILENO) >= 0)
        execve(argv[0], (char *const *)argv, environment);
    dprintf(STDERR_FILENO, "cannot run %s: %s\n", argv[0], strerrordesc_np(errno));
    _exit(PROCESS_NOT_STARTED);
}

static void close_both(const int fds[2])
{
    close(fds[0]);
    close(fds[1]);
}

static enum err start(struct test *t, const char *const argv[], char *environment[],
                      struct process *process)
{
    int out[2], err[2];
    if (pipe2(out, O_CLOEXEC) < 0)
        return err_system(&t->ctx->err, "", "no pipe for %s", argv[0]);
    if (pipe2(err, O_CLOEXEC) < 0) {
        close_both(out);
        return err_system(&t->ctx->err, "", "no pipe for %s", argv[0]);
    }
    pid_t parent = getpid();
    process->pid = fork();
    if (process->pid == 0)
        become(argv, environment, (int[]){out[1], err[1]}, parent);
    process->pid_fd = process->pid > 0 ? pidfd_open(process->pid, 0) : -1;
    process->says[0] = out[0];
    process->says[1] = err[0];
    close(out[1]);
    close(err[1]);
    if (process->pid_fd >= 0)
        return ERR_OK;
    close_both(process->says);
    return err_system(&t->ctx->err, "", "cannot fork for %s", argv[0]);
}

/* Takes what is there without waiting for more. A pipe that was closed is forgotten. */
static void hear(struct process *process, int which)
{
    struct buf *heard = &process->heard[which];
    for (struct pollfd ready = {process->says[which], POLLIN, 0}; poll(&ready, 1, 0) > 0;) {
        if (!buf_reserve(heard, PIPE_BUF))
            return;
        ssize_t got = read(ready.fd, heard->ptr + heard->len, PIPE_BUF);
        if (got <= 0) {
            close(process->says[which]);
            process->says[which] = -1;
            return;
        }
        heard->len += (size_t)got;
    }
}

/* Until it has ended; what it left running may hold its pipes for longer. */
static enum err listen_to(struct process *process)
{
    struct clock clock = clock_system();
    int64_t end_us = clock_tick_us(&clock) + PROCESS_DEADLINE_MS * INT64_C(1000);
    for (;;) {
        struct pollfd ready[] = {{process->says[0], POLLIN, 0},
                                 {process->says[1], POLLIN, 0},
                                 {process->pid_fd, POLLIN, 0}};
        int64_t left_ms = (end_us - clock_tick_us(&clock)) / 1000;
        if (left_ms <= 0)
            return ERR_TIMEOUT;
        if (poll(ready, 3, (int)left_ms) < 0 && errno != EINTR)
            return ERR_IO;
        hear(process, 0);
        hear(process, 1);
        TRY(buf_err(&process->heard[0]));
        TRY(buf_err(&process->heard[1]));
        if (ready[2].revents)
            return ERR_OK;
    }
}

static void finish(struct process *process, struct process_result *result)
{
    int status = 0;
    while (waitpid(process->pid, &status, 0) < 0 && errno == EINTR) {
    }
    for (int i = 0; i < 2; i++)
        if (process->says[i] >= 0)
            close(process->says[i]);
    close(process->pid_fd);
    result->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    result->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    result->out = buf_str(&process->heard[0]);
    result->err = buf_str(&process->heard[1]);
}

enum err process_run(struct test *t, const char *const argv[], const char *const environment[],
                     struct process_result *result)
{
    char *variables[PROCESS_ENVIRONMENT_MAX + 1];
    *result = (struct process_result){.status = -1};
    if (environment_make(environment, variables))
        return err_fail(&t->ctx->err, ERR_LIMIT, "", "too many variables in the environment");
    struct process process;
    buf_init(&process.heard[0], t->arena, PROCESS_OUTPUT_MAX);
    buf_init(&process.heard[1], t->arena, PROCESS_OUTPUT_MAX);
    TRY(start(t, argv, variables, &process));
    enum err err = listen_to(&process);
    if (err)
        kill(process.pid, SIGKILL);
    finish(&process, result);
    return err ? err_fail(&t->ctx->err, err, "", "%s was killed after %d ms or too much output",
                          argv[0], PROCESS_DEADLINE_MS)
               : ERR_OK;
}

enum err process_run_with(struct test *t, const char *library, const char *const argv[],
                          const char *const environment[], struct process_result *result)
{
    const char *changes[PROCESS_ENVIRONMENT_MAX], *options = getenv("ASAN_OPTIONS");
    char preload[PATH_MAX], asan[OPTIONS_MAX];
    snprintf(preload, sizeof preload, "LD_PRELOAD=%s", test_built(t, library));
    /* AddressSanitizer wants to be the first library; that what comes before passes on its calls
     * is all that it needs. */
    snprintf(asan, sizeof asan, "ASAN_OPTIONS=%s:verify_asan_link_order=0", options ? options : "");
    size_t count = 0;
    changes[count++] = preload;
    changes[count++] = asan;
    for (; environment && *environment && count < PROCESS_ENVIRONMENT_MAX - 1; environment++)
        changes[count++] = *environment;
    changes[count] = NULL;
    return process_run(t, argv, changes, result);
}

/* The test programs lie in <build>/tests. */
const char *test_built(struct test *t, const char *name)
{
    char program[PATH_MAX] = {0};
    const char *build = getenv("STOA_BUILD"), *path = NULL;
    if (!build && readlink("/proc/self/exe", program, sizeof program - 1) > 0)
        build = dirname(dirname(program));
    struct buf buf;
    buf_init(&buf, t->arena, PATH_MAX);
    buf_addf(&buf, "%s/%s", build ? build : ".", name);
    test_note(t, "%s is not built", name);
    REQUIRE(buf_err(&buf) == ERR_OK && str_cstr(t->arena, buf_str(&buf), &path) == ERR_OK &&
            access(path, R_OK) == 0);
    test_note(t, "%s", "");
    return path;
}
