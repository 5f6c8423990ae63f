/* Starts the tests' server as a program, and asks it things. */
#include "web/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/loopback.h"
#include "harness/process.h"
#include "harness/test.h"
#include "web/client.h"
#include "web/server.h"

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

static void spawn(struct test *t, struct program *program, const char *log, const char *file,
                  const char *how)
{
    posix_spawn_file_actions_t files;
    char port[16];
    const char *path = test_built(t, "tests/web/web_serve");
    program->port = loopback_free_port();
    REQUIRE(program->port > 0);
    snprintf(port, sizeof port, "%d", program->port);
    const char *const argv[] = {path, port, file, how, NULL};
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
}

void program_start(struct test *t, struct program *program, const char *log, const char *file)
{
    spawn(t, program, log, file, NULL);
    REQUIRE(program_ask_pid(program->port) == program->pid);
}

void program_supervise(struct test *t, struct program *program, const char *log, const char *file)
{
    spawn(t, program, log, file, "supervised");
    pid_t server = program_ask_pid(program->port);
    REQUIRE(server > 0 && server != program->pid);
}

bool program_stop(struct test *t, struct program *program)
{
    int status = -1;
    REQUIRE(program->pid > 0 && kill(program->pid, SIGTERM) == 0);
    REQUIRE(waitpid(program->pid, &status, 0) == program->pid);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
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
