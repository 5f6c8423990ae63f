/* Gives up what the server does not need, and tries whether it is gone. */
#include "app/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <netdb.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/build_info.h"
#include "app/commands_table.h"

enum { PAGE_SIZE_MIN = 4096 };

/* A thread that is there already keeps what it had: there is none. */
static void limit_calls(struct app *app)
{
    struct sock_fprog filter = {.len = sandbox_filter_len,
                                .filter = (struct sock_filter *)(uintptr_t)sandbox_filter};
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0))
        log_warn(&app->ctx, "no sandbox of system calls",
                 field_text("why", strerrordesc_np(errno)));
}

static bool is_off(const struct app *app)
{
    return !app->settings.sandbox || BUILD_SANITIZED;
}

/* A limit of 0 alone does not keep a core file from a program that collects them. */
enum err sandbox_forbid_cores(struct app *app)
{
    const struct rlimit none = {0, 0};
    if (is_off(app) ||
        (setrlimit(RLIMIT_CORE, &none) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0))
        return ERR_OK;
    return err_system(&app->ctx.err, "The sandbox cannot be made.", "core files");
}

enum err sandbox_enter(struct app *app)
{
    TRY(sandbox_drop_root(app));
    if (is_off(app)) {
        log_warn(&app->ctx, "sandbox off", field_bool("sanitizer", BUILD_SANITIZED));
        return ERR_OK;
    }
    TRY(sandbox_forbid_cores(app));
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        return err_system(&app->ctx.err, "The sandbox cannot be made.", "no new privileges");
    sandbox_limit_files(app);
    limit_calls(app);
    return ERR_OK;
}

/* What must not be possible. Each returns what the call did: a failure is below 0. Where it is
 * possible it does no harm. */

static long try_shadow(void)
{
    return open("/etc/shadow", O_RDONLY | O_CLOEXEC);
}

static long try_write_outside(void)
{
    return open("/etc/passwd", O_WRONLY | O_CLOEXEC);
}

static long try_exec(void)
{
    char name[] = "/nonexistent", *const argv[] = {name, NULL};
    return execve(name, argv, environ);
}

static long try_fork(void)
{
    pid_t pid = fork();
    if (pid == 0)
        raise(SIGKILL);
    if (pid > 0)
        waitpid(pid, NULL, 0);
    return pid;
}

static long try_ptrace(void)
{
    return ptrace(PTRACE_SEIZE, 0, NULL, NULL);
}

static long try_packet_socket(void)
{
    return socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
}

static long try_raw_socket(void)
{
    return socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, 1);
}

static long try_listen(void)
{
    return listen(STDIN_FILENO, 1);
}

static long try_unshare(void)
{
    return unshare(CLONE_NEWUSER);
}

static long try_mount(void)
{
    return mount("none", "/nonexistent", "tmpfs", 0, NULL);
}

static long try_kill(void)
{
    return kill(getppid(), 0);
}

static long try_root(void)
{
    return syscall(SYS_setuid, 0);
}

static long try_code(void)
{
    void *page = mmap(NULL, PAGE_SIZE_MIN, PROT_READ | PROT_WRITE | PROT_EXEC,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? -1 : 0;
}

static long try_memory_of_others(void)
{
    return syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0);
}

static long try_uring(void)
{
    return syscall(SYS_io_uring_setup, 1, NULL);
}

/* What must stay possible. */

static long try_name(void)
{
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_flags = AI_ADDRCONFIG};
    struct addrinfo *found = NULL;
    if (getaddrinfo("localhost", "80", &hints, &found))
        return -1;
    freeaddrinfo(found);
    return 0;
}

static void *do_nothing(void *arg)
{
    return arg;
}

static long try_thread(void)
{
    pthread_t thread;
    return pthread_create(&thread, NULL, do_nothing, NULL) || pthread_join(thread, NULL) ? -1 : 0;
}

static long try_certificates(void)
{
    int fd = open("/etc/ssl", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 || errno == ENOENT ? 0 : -1;
}

static long try_socket(void)
{
    return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

static const struct {
    const char *what;
    long (*run)(void);
} needs[] = {
    {"find an address by its name", try_name},
    {"start a thread", try_thread},
    {"open a socket", try_socket},
    {"read certificates", try_certificates},
};

static const struct {
    const char *what;
    long (*run)(void);
} tries[] = {
    {"read /etc/shadow", try_shadow},
    {"write to /etc/passwd", try_write_outside},
    {"run another program", try_exec},
    {"make another process", try_fork},
    {"trace a process", try_ptrace},
    {"read the memory of another process", try_memory_of_others},
    {"signal another process", try_kill},
    {"become root", try_root},
    {"open a packet socket", try_packet_socket},
    {"open a raw socket", try_raw_socket},
    {"listen on another socket", try_listen},
    {"make a namespace", try_unshare},
    {"mount a file system", try_mount},
    {"make memory that is written and run", try_code},
    {"use io_uring", try_uring},
};

/* In this process, which ends soon: what is given up does not come back. */
enum err command_sandbox(struct app *app, const struct arguments *arguments)
{
    size_t wrong = 0;
    (void)arguments;
    TRY(app_load_settings(app));
    TRY(sandbox_enter(app));
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        errno = 0;
        bool refused = tries[i].run() < 0 && (errno == EPERM || errno == EACCES);
        wrong += !refused;
        buf_addf(&app->out, "%-8s %s\n", refused ? "refused" : "OPEN", tries[i].what);
    }
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
        bool works = needs[i].run() >= 0;
        wrong += !works;
        buf_addf(&app->out, "%-8s %s\n", works ? "works" : "BROKEN", needs[i].what);
    }
    if (wrong)
        return err_fail(&app->ctx.err, ERR_CONFLICT,
                        "The sandbox is not as it should be; see above.", "%zu of %zu", wrong,
                        sizeof tries / sizeof *tries + sizeof needs / sizeof *needs);
    return ERR_OK;
}
