/* Tests of the supervisor's servers: what they inherit, and who is stopped. */
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "harness/test.h"
#include "web/heritage.h"
#include "web/supervisor_inside.h"

TEST(ward_inherits_the_environment_but_for_what_was_ours)
{
    char path[] = "PATH=/bin", listens[] = HERITAGE_LISTEN "=3",
         heirs[] = SUPERVISOR_HEIRS "=4,5,2 ";
    char added[] = HERITAGE_LISTEN "=7", *own[] = {listens, path, heirs, NULL}, **before = environ;
    char *variables[WARD_VARIABLES_MAX + 1];
    environ = own;
    bool made = ward_environment(variables, (char *const[]){added}, 1);
    environ = before;
    REQUIRE(made);
    CHECK(variables[0] == added && variables[1] == path && variables[2] == NULL);
}

TEST(ward_knows_who_is_stopped)
{
    struct ward ward = {.pid = fork()};
    if (ward.pid == 0)
        for (;;)
            pause();
    REQUIRE(ward.pid > 0);
    CHECK(!ward_is_stopped(&ward));
    REQUIRE(kill(ward.pid, SIGSTOP) == 0 && waitpid(ward.pid, NULL, WUNTRACED) == ward.pid);
    CHECK(ward_is_stopped(&ward));
    kill(ward.pid, SIGKILL);
    waitpid(ward.pid, NULL, 0);
    CHECK(!ward_is_stopped(&ward));
}

TEST(ward_is_found_by_state_and_by_pid)
{
    struct supervisor supervisor = {.options.limits = supervisor_usual, .now_us = 1};
    struct ward *ward = &supervisor.wards[1];
    ward->pid = 12;
    CHECK(ward_in(&supervisor, WARD_SERVING) == NULL && ward_of(&supervisor, 12) == NULL);
    ward_enter(&supervisor, ward, WARD_SERVING);
    CHECK(ward_in(&supervisor, WARD_SERVING) == ward && ward_of(&supervisor, 12) == ward);
    CHECK_INT(ward->due_us, 1 + supervisor_usual.hang_ms / WARD_LOOKS * INT64_C(1000));
}

TEST(ward_that_cannot_be_started_leaves_nothing_open)
{
    struct clock clock = clock_system();
    struct ctx ctx = {.clock = &clock};
    struct supervisor supervisor = {
        .ctx = &ctx,
        .options = {.listen_fd = STDERR_FILENO, .argv = (const char *const[]){"x", NULL}}};
    int before = dup(STDERR_FILENO);
    CHECK(ward_start(&supervisor, "/nonexistent/program") == NULL);
    int after = dup(STDERR_FILENO);
    CHECK_INT(after, before + 1);
    close(before);
    close(after);
}
