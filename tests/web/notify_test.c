/* Tests of what the service manager is told: by a path, by an abstract name, and nobody. */
#include "web/notify.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "harness/test.h"

enum { HEARD_MAX = 64, NAME_MAX_LEN = 100 };

static void check_heard(struct test *t, const char *name)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    char heard[HEARD_MAX] = "", variable[HEARD_MAX + NAME_MAX_LEN];
    char *own[] = {variable, NULL}, **before = environ;
    snprintf(at.sun_path, sizeof at.sun_path, "%s", name);
    snprintf(variable, sizeof variable, NOTIFY_SOCKET "=%s", name);
    if (name[0] == '@')
        at.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
    REQUIRE(fd >= 0 && bind(fd, (const struct sockaddr *)&at, size) == 0);
    environ = own;
    notify_say("READY=1");
    environ = before;
    CHECK_INT(recv(fd, heard, sizeof heard - 1, 0), 7);
    CHECK(strcmp(heard, "READY=1") == 0);
    close(fd);
}

TEST(notify_says_it_by_path_and_by_name)
{
    char path[NAME_MAX_LEN], name[NAME_MAX_LEN];
    snprintf(path, sizeof path, "/tmp/stoa-notify-%d", (int)getpid());
    snprintf(name, sizeof name, "@stoa-notify-%d", (int)getpid());
    check_heard(t, path);
    check_heard(t, name);
    unlink(path);
}

TEST(notify_that_reaches_nobody_leaves_nothing_open)
{
    char missing[] = NOTIFY_SOCKET "=/nonexistent/socket", odd[] = NOTIFY_SOCKET "=elsewhere";
    char *cases[][2] = {{missing, NULL}, {odd, NULL}, {NULL, NULL}}, **before = environ;
    int fd = dup(STDERR_FILENO);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        environ = cases[i];
        notify_say("READY=1");
    }
    environ = before;
    int next = dup(STDERR_FILENO);
    CHECK_INT(next, fd + 1);
    close(fd);
    close(next);
}
