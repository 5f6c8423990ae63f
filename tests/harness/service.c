/* Starts the program, waits until it answers, and ends it. */
#include "harness/service.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/process.h"
#include "harness/test.h"

enum { LINE_MAX_LEN = 512, PAUSE_MS = 5, LOG_PART = 64 << 10 };

static struct sockaddr_in loopback(int port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/* A port that nobody listens on at this moment. */
static int free_port(void)
{
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool found = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
                 getsockname(fd, (struct sockaddr *)&address, &size) == 0;
    if (fd >= 0)
        close(fd);
    return found ? ntohs(address.sin_port) : 0;
}

int service_connect(const struct service *service)
{
    const struct timeval patience = {.tv_sec = SERVICE_START_S};
    struct sockaddr_in address = loopback(service->port);
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
        execl(stoa, stoa, "serve", NULL);
    _exit(PROCESS_NOT_STARTED);
}

static void pause_shortly(void)
{
    nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
}

static enum err wait_until_it_serves(struct test *t, struct service *service)
{
    for (int waited_ms = 0; waited_ms < SERVICE_START_S * 1000; waited_ms += PAUSE_MS) {
        int fd = service_connect(service);
        if (fd >= 0)
            return close(fd), ERR_OK;
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
    *service = (struct service){.folder = folder, .port = free_port()};
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

/* What the log says of its successor, behind what it said before. */
static pid_t successor(const struct service *service, off_t before)
{
    char text[LOG_PART] = "";
    int64_t pid = 0;
    int fd = open(service->log, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? -1 : pread(fd, text, sizeof text, before);
    if (fd >= 0)
        close(fd);
    struct str rest = str_make(text, len > 0 ? (size_t)len : 0), said = STR("ready\",\"pid\":"),
               number;
    size_t at = str_find(rest, said);
    rest = str_slice(rest, at == STR_NONE ? rest.len : at + said.len, rest.len);
    if (str_cut(&rest, '}', &number))
        str_to_int(number, 1, INT32_MAX, &pid);
    return (pid_t)pid;
}

enum err service_release(struct test *t, struct service *service)
{
    struct stat log;
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    if (stat(service->log, &log) || kill(service->pid, SIGHUP))
        return err_system(&t->ctx->err, "", "SIGHUP");
    for (int waited_ms = 0; waited_ms < SERVICE_RELEASE_S * 1000; waited_ms += PAUSE_MS) {
        if (waitpid(service->pid, &service->status, WNOHANG) == service->pid) {
            service->pid = successor(service, log.st_size);
            return service->pid ? ERR_OK : err_fail(&t->ctx->err, ERR_PEER, "", "nobody took over");
        }
        pause_shortly();
    }
    return err_fail(&t->ctx->err, ERR_TIMEOUT, "", "it goes on; %s says why", service->log);
}

void service_kill(struct service *service)
{
    if (service->pid > 0 && kill(service->pid, SIGKILL) == 0)
        waitpid(service->pid, NULL, 0);
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
