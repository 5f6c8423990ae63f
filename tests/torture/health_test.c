/* Who watches the program from outside: the command health, and the service manager. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "harness/folder.h"
#include "harness/process.h"
#include "harness/service.h"
#include "harness/test.h"

enum { VARIABLE_MAX = 128, WORDS_MAX = 256, PATIENCE_S = 30 };

static int run_health(struct test *t, const char *address, int port)
{
    struct process_result result = {0};
    char at[VARIABLE_MAX], on[VARIABLE_MAX];
    const char *argv[] = {test_built(t, "stoa"), "health", NULL};
    snprintf(at, sizeof at, "ADDRESS=%s", address);
    snprintf(on, sizeof on, "PORT=%d", port);
    REQUIRE(process_run(t, argv, (const char *[]){at, on, NULL}, &result) == ERR_OK);
    test_note(t, STR_FMT STR_FMT, STR_ARG(result.out), STR_ARG(result.err));
    return result.status;
}

TEST(health_is_told_while_it_serves)
{
    struct service service;
    REQUIRE(service_start(t, test_folder(t, "torture/health"), NULL, &service) == ERR_OK);
    CHECK_INT(run_health(t, "127.0.0.1", service.port), 0);
    CHECK_INT(run_health(t, "0.0.0.0", service.port), 0);
    CHECK_INT(run_health(t, "::", service.port), 0);
    CHECK_INT(service_stop(&service), 0);
    CHECK_INT(run_health(t, "127.0.0.1", service.port), 1);
}

static bool hears(int fd, const char *words)
{
    char heard[WORDS_MAX] = "";
    ssize_t len = recv(fd, heard, sizeof heard - 1, 0);
    return len > 0 && strncmp(heard, words, strlen(words)) == 0;
}

TEST(health_is_what_the_service_manager_is_told_of)
{
    struct service service;
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    char variable[VARIABLE_MAX];
    const struct timeval patience = {.tv_sec = PATIENCE_S};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    snprintf(at.sun_path, sizeof at.sun_path, "/tmp/stoa-manager-%d", (int)getpid());
    snprintf(variable, sizeof variable, "NOTIFY_SOCKET=%s", at.sun_path);
    REQUIRE(fd >= 0 && bind(fd, (const struct sockaddr *)&at, sizeof at) == 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    REQUIRE(service_start(t, test_folder(t, "torture/manager"), (const char *[]){variable, NULL},
                          &service) == ERR_OK);
    CHECK(hears(fd, "READY=1"));
    CHECK(kill(service.pid, SIGHUP) == 0 && hears(fd, "RELOADING=1\nMONOTONIC_USEC="));
    CHECK(hears(fd, "READY=1"));
    CHECK_INT(service_stop(&service), 0);
    CHECK(hears(fd, "STOPPING=1"));
    unlink(at.sun_path);
    close(fd);
}
