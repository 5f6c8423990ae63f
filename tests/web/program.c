/* Starts the tests' server as a program, and asks it things. */
#include "web/program.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/process.h"
#include "harness/test.h"
#include "web/client.h"
#include "web/server.h"

/* A port that was free a moment ago. */
static int free_port(struct test *t)
{
    int fd = -1;
    REQUIRE(server_listen(t->ctx, "127.0.0.1", 0, &fd) == ERR_OK);
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t size = sizeof at;
    REQUIRE(getsockname(fd, (struct sockaddr *)&at, &size) == 0);
    close(fd);
    return ntohs(at.sin_port);
}

pid_t program_ask_pid(int port)
{
    struct client client;
    int64_t pid = 0;
    if (!client_try(&client, port))
        return 0;
    if (client_ask(&client, "GET /pid HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") == 200)
        str_to_int(client.body, 1, INT32_MAX, &pid);
    client_close(&client);
    return (pid_t)pid;
}

void program_start(struct test *t, struct program *program, const char *log, const char *file)
{
    posix_spawn_file_actions_t files;
    char port[16];
    const char *path = test_built(t, "tests/web/web_serve");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    program->port = free_port(t);
    snprintf(port, sizeof port, "%d", program->port);
    const char *const argv[] = {path, port, file, NULL};
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, log, O_WRONLY | O_CREAT | O_APPEND,
                                     0600);
    int failure = posix_spawn(&program->pid, path, &files, NULL, (char *const *)(uintptr_t)argv,
                              environ);
    posix_spawn_file_actions_destroy(&files);
    REQUIRE(failure == 0);
    for (int i = 0; i < CLIENT_DEADLINE_S * 100 && program_ask_pid(program->port) == 0; i++)
        poll(NULL, 0, 10);
    REQUIRE(program_ask_pid(program->port) == program->pid);
}

bool program_stop(struct test *t, struct program *program)
{
    bool well = true;
    int status;
    pid_t pid = program_ask_pid(program->port);
    REQUIRE(pid > 0);
    kill(pid, SIGTERM);
    while (waitpid(-1, &status, 0) > 0)
        well &= WIFEXITED(status) && (WEXITSTATUS(status) == 0);
    return well;
}

int64_t program_memory_kib(pid_t pid, const char *what)
{
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? 0 : read(fd, text, sizeof text);
    if (fd >= 0)
        close(fd);
    struct str rest = str_make(text, len > 0 ? (size_t)len : 0), line, key;
    int64_t kib = -1;
    while (str_cut(&rest, '\n', &line))
        if (str_cut(&line, ':', &key) && str_equal(key, str_from(what)))
            str_to_int(str_slice(str_trim(line), 0, str_trim(line).len - 3), 0, INT64_MAX, &kib);
    return kib;
}
