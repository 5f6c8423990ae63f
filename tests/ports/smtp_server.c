/* Starts a mail server, and tells it how to misbehave. */
#include "ports/smtp_server.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "harness/folder.h"
#include "harness/process.h"
#include "harness/test.h"

enum { PAUSE_MS = 10, PATH_ROOM = 4096, FILE_MAX = 64 << 10 };

static _Noreturn void become(const struct smtp_server *server, const char *way, pid_t parent)
{
    char output[PATH_ROOM];
    snprintf(output, sizeof output, "%s/output", server->folder);
    int out = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
        dup2(out, STDOUT_FILENO) >= 0 && dup2(out, STDERR_FILENO) >= 0)
        execl("/usr/bin/python3", "python3", SMTP_SERVER, server->folder, way, NULL);
    _exit(PROCESS_NOT_STARTED);
}

static void make_certificate(struct test *t, const struct smtp_server *server)
{
    char key[PATH_ROOM], cert[PATH_ROOM];
    struct process_result result;
    snprintf(key, sizeof key, "%s/key.pem", server->folder);
    snprintf(cert, sizeof cert, "%s/cert.pem", server->folder);
    const char *argv[] = {"/usr/bin/openssl",
                          "req",
                          "-x509",
                          "-newkey",
                          "ec",
                          "-pkeyopt",
                          "ec_paramgen_curve:prime256v1",
                          "-nodes",
                          "-days",
                          "2",
                          "-subj",
                          "/CN=localhost",
                          "-addext",
                          "subjectAltName=IP:127.0.0.1",
                          "-keyout",
                          key,
                          "-out",
                          cert,
                          NULL};
    REQUIRE(process_run(t, argv, NULL, &result) == ERR_OK);
    test_note(t, STR_FMT, STR_ARG(result.err));
    REQUIRE(result.status == 0);
}

static void wait_for_port(struct test *t, struct smtp_server *server)
{
    const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
    int64_t port = 0;
    for (int i = 0; i < SMTP_SERVER_START_S * 1000 / PAUSE_MS && port == 0; i++) {
        struct arena_mark mark = arena_mark(t->arena);
        (void)!str_to_int(smtp_server_file(t, server, "port"), 1, 65535, &port);
        arena_rewind(t->arena, mark);
        nanosleep(&pause, NULL);
    }
    server->port = (int)port;
    test_note(t, STR_FMT, STR_ARG(smtp_server_file(t, server, "output")));
    REQUIRE(port != 0);
}

void smtp_server_start(struct test *t, const char *folder, const char *way,
                       struct smtp_server *server)
{
    *server = (struct smtp_server){.folder = test_folder(t, folder)};
    pid_t parent = getpid();
    smtp_server_set(t, server, "fine");
    make_certificate(t, server);
    server->pid = fork();
    if (server->pid == 0)
        become(server, way, parent);
    REQUIRE(server->pid > 0);
    wait_for_port(t, server);
}

void smtp_server_stop(struct smtp_server *server)
{
    if (server->pid <= 0)
        return;
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    server->pid = 0;
}

void smtp_server_pause(const struct smtp_server *server)
{
    kill(server->pid, SIGSTOP);
}

void smtp_server_set(struct test *t, const struct smtp_server *server, const char *mode)
{
    int folder = open(server->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    REQUIRE(folder >= 0);
    CHECK_ERR(io_replace(t->ctx, folder, "mode", str_from(mode)), ERR_OK);
    close(folder);
}

struct str smtp_server_file(struct test *t, const struct smtp_server *server, const char *name)
{
    char path[PATH_ROOM];
    snprintf(path, sizeof path, "%s/%s", server->folder, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return STR("");
    char *bytes = arena_bytes(t->arena, FILE_MAX);
    ssize_t len = bytes ? io_read_all(fd, bytes, FILE_MAX) : -1;
    close(fd);
    REQUIRE(len >= 0);
    struct str file;
    REQUIRE(str_copy(t->arena, str_make(bytes, (size_t)len), &file) == ERR_OK);
    return file;
}

int smtp_server_count(struct test *t, const struct smtp_server *server, const char *word)
{
    struct str log = smtp_server_file(t, server, "log"), line;
    int count = 0;
    while (log.len && str_cut(&log, '\n', &line))
        count += str_starts(line, str_from(word));
    return count;
}

struct str smtp_server_mail(struct test *t, const struct smtp_server *server, int n)
{
    char name[32];
    snprintf(name, sizeof name, "%d.eml", n);
    return smtp_server_file(t, server, name);
}
