/* Starts, freezes and kills a Redis of a test's own. */
#include "ports/redis_server.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "harness/loopback.h"
#include "harness/test.h"

enum { URL_MAX = 128, LOOK_MS = 20 };

static _Noreturn void become(const struct redis_server *server)
{
    char port[16];
    snprintf(port, sizeof port, "%d", server->port);
    int out = open("redis.log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (out >= 0 && dup2(out, STDOUT_FILENO) >= 0 && dup2(out, STDERR_FILENO) >= 0)
        execl("/usr/bin/redis-server", "redis-server", "--port", port, "--bind", "127.0.0.1",
              "--save", "", "--appendonly", "no", "--requirepass", "secret", (char *)NULL);
    _exit(127);
}

void redis_server_restart(struct test *t, struct redis_server *server)
{
    server->pid = fork();
    REQUIRE(server->pid >= 0);
    if (!server->pid) {
        if (chdir(server->folder) == 0)
            become(server);
        _exit(127);
    }
    for (int i = 0; i < REDIS_SERVER_START_S * 1000 / LOOK_MS && !loopback_answers(server->port);
         i++)
        poll(NULL, 0, LOOK_MS);
    REQUIRE(loopback_answers(server->port));
}

void redis_server_start(struct test *t, const char *folder, struct redis_server *server)
{
    *server = (struct redis_server){.folder = folder, .port = loopback_free_port()};
    redis_server_restart(t, server);
}

void redis_server_stop(struct redis_server *server)
{
    if (!server->pid)
        return;
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    server->pid = 0;
}

void redis_server_freeze(const struct redis_server *server, bool frozen)
{
    kill(server->pid, frozen ? SIGSTOP : SIGCONT);
}

const char *redis_server_url(struct test *t, const struct redis_server *server, int db)
{
    struct buf url;
    buf_init(&url, t->arena, URL_MAX);
    buf_addf(&url, "redis://:secret@127.0.0.1:%d/%d", server->port, db);
    buf_addc(&url, '\0');
    REQUIRE(buf_err(&url) == ERR_OK);
    return buf_str(&url).ptr;
}
