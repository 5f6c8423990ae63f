/* Starts the program, waits until it answers, and ends it. */
#include "harness/service.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/loopback.h"
#include "harness/process.h"
#include "harness/test.h"

enum { LINE_MAX_LEN = 512, PAUSE_MS = 5, LOG_PART = 64 << 10 };

int service_connect(const struct service *service)
{
    const struct timeval patience = {.tv_sec = SERVICE_START_S};
    struct sockaddr_in address = loopback_at(service->port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

static _Noreturn void become(const struct service *service, const char *stoa, pid_t parent)
{
    char line[LINE_MAX_LEN];
    int log = open(service->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    snprintf(line, sizeof line, "%s/data", service->folder);
    setenv("STOA_DATA", line, 1);
    snprintf(line, sizeof line, "%d", service->port);
    setenv("PORT", line, 1);
    for (const char *const *at = service->environment; *at; at++)
        putenv((char *)*at);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
        dup2(log, STDOUT_FILENO) >= 0 && dup2(log, STDERR_FILENO) >= 0)
        execl(stoa, stoa, "serve", service->alone ? "--alone" : NULL, NULL);
    _exit(PROCESS_NOT_STARTED);
}

static void pause_shortly(void)
{
    nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
}

/* A supervisor listens before its server does. */
static bool answers(const struct service *service, int fd)
{
    static const char ask[] = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    char answer[LINE_MAX_LEN];
    return service->alone || (send(fd, ask, sizeof ask - 1, MSG_NOSIGNAL) > 0 &&
                              recv(fd, answer, sizeof answer, 0) > 0);
}

static enum err wait_until_it_serves(struct test *t, struct service *service)
{
    for (int waited_ms = 0; waited_ms < SERVICE_START_S * 1000; waited_ms += PAUSE_MS) {
        int fd = service_connect(service);
        bool serves = fd >= 0 && answers(service, fd);
        if (fd >= 0)
            close(fd);
        if (serves)
            return ERR_OK;
        if (waitpid(service->pid, &service->status, WNOHANG) == service->pid) {
            service->pid = 0;
            break;
        }
        pause_shortly();
    }
    service_kill(service);
    return err_fail(&t->ctx->err, ERR_PEER, "", "it does not serve; %s says why", service->log);
}

enum err service_restart(struct test *t, struct service *service)
{
    const char *stoa = service->program ? service->program : test_built(t, "stoa");
    pid_t parent = getpid();
    service->pid = fork();
    if (service->pid == 0)
        become(service, stoa, parent);
    if (service->pid < 0)
        return err_system(&t->ctx->err, "", "fork");
    return wait_until_it_serves(t, service);
}

enum err service_prepare(struct test *t, const char *folder, const char *const environment[],
                         struct service *service)
{
    char log[LINE_MAX_LEN];
    *service = (struct service){.folder = folder, .port = loopback_free_port()};
    for (size_t i = 0; environment && environment[i] && i < SERVICE_ENVIRONMENT_MAX - 1; i++)
        service->environment[i] = environment[i];
    snprintf(log, sizeof log, "%s/log", folder);
    return str_cstr(t->arena, str_from(log), &service->log);
}

enum err service_start(struct test *t, const char *folder, const char *const environment[],
                       struct service *service)
{
    TRY(service_prepare(t, folder, environment, service));
    return service_restart(t, service);
}

/* Its newest child is the last one that the kernel lists. */
pid_t service_server(const struct service *service)
{
    char path[LINE_MAX_LEN], text[LINE_MAX_LEN] = "";
    if (service->alone || service->pid <= 0)
        return service->pid;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)service->pid, (int)service->pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    struct str rest = str_trim(str_make(text, len > 0 ? (size_t)len : 0)), word;
    int64_t pid = 0;
    while (str_cut(&rest, ' ', &word))
        str_to_int(word, 1, INT32_MAX, &pid);
    return (pid_t)pid;
}

/* Whether the log says so, behind what it said before. */
static bool says_ready(const struct service *service, off_t before)
{
    char text[LOG_PART] = "";
    int fd = open(service->log, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? -1 : pread(fd, text, sizeof text, before);
    if (fd >= 0)
        close(fd);
    return str_find(str_make(text, len > 0 ? (size_t)len : 0), STR("\"release ready\"")) !=
           STR_NONE;
}

enum err service_release(struct test *t, struct service *service)
{
    struct stat log;
    pid_t server = service_server(service);
    if (server <= 0 || stat(service->log, &log) || kill(service->pid, SIGHUP))
        return err_system(&t->ctx->err, "", "SIGHUP");
    for (int waited_ms = 0; waited_ms < SERVICE_RELEASE_S * 1000; waited_ms += PAUSE_MS) {
        if (says_ready(service, log.st_size) && kill(server, 0) < 0)
            return ERR_OK;
        if (waitpid(service->pid, &service->status, WNOHANG) == service->pid) {
            service->pid = 0;
            return err_fail(&t->ctx->err, ERR_PEER, "", "it ended; %s says why", service->log);
        }
        pause_shortly();
    }
    return err_fail(&t->ctx->err, ERR_TIMEOUT, "", "it goes on; %s says why", service->log);
}

/* The supervisor stands still, so that it starts no other. What it leaves is not ours to wait for,
 * but tells of its end. */
void service_kill(struct service *service)
{
    if (service->pid > 0)
        kill(service->pid, SIGSTOP);
    pid_t server = service->alone ? 0 : service_server(service);
    int server_fd = server > 0 ? pidfd_open(server, 0) : -1;
    if (service->pid > 0 && kill(service->pid, SIGKILL) == 0)
        waitpid(service->pid, NULL, 0);
    if (server_fd >= 0) {
        struct pollfd end = {server_fd, POLLIN, 0};
        kill(server, SIGKILL);
        poll(&end, 1, SERVICE_START_S * 1000);
        close(server_fd);
    }
    service->pid = 0;
}

int service_stop(struct service *service)
{
    int status = -1;
    if (service->pid > 0 && kill(service->pid, SIGTERM) == 0)
        waitpid(service->pid, &status, 0);
    service->pid = 0;
    return status >= 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

enum err service_command(struct test *t, const struct service *service, const char *const words[],
                         struct process_result *result)
{
    char data[512], port[32];
    const char *environment[SERVICE_ENVIRONMENT_MAX + 2] = {data, port};
    const char *argv[SERVICE_WORDS_MAX + 2] = {test_built(t, "stoa")};
    snprintf(data, sizeof data, "STOA_DATA=%s/data", service->folder);
    snprintf(port, sizeof port, "PORT=%d", service->port);
    for (size_t i = 0; service->environment[i]; i++)
        environment[i + 2] = service->environment[i];
    for (size_t i = 0; i < SERVICE_WORDS_MAX && words[i]; i++)
        argv[i + 1] = words[i];
    return process_run(t, argv, environment, result);
}
