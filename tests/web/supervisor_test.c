/* Tests of the supervisor: what ends or hangs is started again, releases turn nobody away, and what
 * cannot be made to serve is given up. */
#include "web/supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/folder.h"
#include "harness/test.h"
#include "web/client.h"
#include "web/heritage.h"
#include "web/program.h"

enum {
    RELEASES = 20,
    CRASHES = SUPERVISOR_CRASHES_MAX - 1,
    KEEPERS = 4,
    COMERS = 2,
    LOG_SIZE = 64 << 10,
    PATH_SIZE = 512,
    HANG_MS = 3 * PULSE_MS /* of the sample */
};

#define SMALL "GET /small HTTP/1.1\r\nHost: a\r\n%s\r\n"

struct load {
    pthread_t thread;
    int port;
    bool comes_anew; /* for each request */
    const _Atomic bool *over;
    int64_t asked, refused, failed;
};

struct loads {
    struct load each[KEEPERS + COMERS];
    _Atomic bool over;
};

/* A connection that was told to be the last is left; every request that was begun is answered. */
static void *run_load(void *arg)
{
    struct load *load = arg;
    struct client client = {.fd = -1};
    while (!*load->over) {
        if (client.fd < 0 && !client_try(&client, load->port)) {
            load->refused++;
            continue;
        }
        load->asked++;
        int status = client_ask(&client, SMALL, load->comes_anew ? "Connection: close\r\n" : "");
        bool last = str_equal(client_header(&client, "Connection"), STR("close"));
        load->failed += status != 200;
        if (last || status != 200)
            client_close(&client);
    }
    client_close(&client);
    return NULL;
}

static void loads_begin(struct test *t, struct loads *loads, int port)
{
    for (int i = 0; i < KEEPERS + COMERS; i++) {
        struct load *load = &loads->each[i];
        *load = (struct load){.port = port, .comes_anew = i >= KEEPERS, .over = &loads->over};
        REQUIRE(pthread_create(&load->thread, NULL, run_load, load) == 0);
    }
}

static struct load loads_end(struct test *t, struct loads *loads)
{
    struct load sum = {0};
    loads->over = true;
    for (int i = 0; i < KEEPERS + COMERS; i++) {
        pthread_join(loads->each[i].thread, NULL);
        sum.asked += loads->each[i].asked;
        sum.refused += loads->each[i].refused;
        sum.failed += loads->each[i].failed;
    }
    test_note(t, "%lld requests, %lld failed", (long long)sum.asked, (long long)sum.failed);
    return sum;
}

/* The server once it is another. */
static pid_t wait_for_next(const struct program *program, pid_t before)
{
    pid_t now = before;
    for (int i = 0; i < CLIENT_DEADLINE_S * 50 && (now == before || now == 0); i++) {
        poll(NULL, 0, 20);
        now = program_ask_pid(program->port);
    }
    return now;
}

static bool log_says(const char *path, const char *words)
{
    char text[LOG_SIZE];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? 0 : read(fd, text, sizeof text);
    if (fd >= 0)
        close(fd);
    return len > 0 && str_find(str_make(text, (size_t)len), str_from(words)) != STR_NONE;
}

static bool log_comes_to_say(const char *path, const char *words)
{
    for (int i = 0; i < CLIENT_DEADLINE_S * 50 && !log_says(path, words); i++)
        poll(NULL, 0, 20);
    return log_says(path, words);
}

struct place {
    struct program program;
    char log[PATH_SIZE], how[PATH_SIZE];
};

static void begin(struct test *t, const char *folder, struct place *place)
{
    const char *path = test_folder(t, folder);
    snprintf(place->log, sizeof place->log, "%s/log", path);
    snprintf(place->how, sizeof place->how, "%s/how", path);
    program_supervise(t, &place->program, place->log, place->how);
}

static void write_word(struct test *t, const char *path, const char *word)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    REQUIRE(fd >= 0 && write(fd, word, strlen(word)) == (ssize_t)strlen(word));
    close(fd);
}

TEST(supervisor_releases_under_load_and_turns_nobody_away)
{
    struct place place = {0};
    struct loads loads = {0};
    begin(t, "web/release", &place);
    struct program *program = &place.program;
    loads_begin(t, &loads, program->port);
    pid_t pid = program_ask_pid(program->port);
    for (int i = 0; i < RELEASES; i++) {
        kill(program->pid, SIGHUP);
        pid_t next = wait_for_next(program, pid);
        CHECK(next != pid && next > 0);
        for (int k = 0; k < CLIENT_DEADLINE_S * 50 && kill(pid, 0) == 0; k++)
            poll(NULL, 0, 20);
        CHECK(kill(pid, 0) < 0);
        pid = next;
    }
    struct load sum = loads_end(t, &loads);
    CHECK(sum.asked > RELEASES);
    CHECK_INT(sum.refused, 0);
    CHECK_INT(sum.failed, 0);
    CHECK(program_stop(t, program));
}

/* A crash costs the requests that were in the server, one a connection, and no other. */
TEST(supervisor_has_nobody_refused_while_it_starts_a_crashed_server_again)
{
    struct place place = {0};
    struct loads loads = {0};
    begin(t, "web/crash_load", &place);
    struct program *program = &place.program;
    loads_begin(t, &loads, program->port);
    for (int i = 0; i < CRASHES; i++) {
        pid_t pid = program_ask_pid(program->port);
        REQUIRE(pid > 0 && kill(pid, i % 2 ? SIGSEGV : SIGKILL) == 0);
        pid_t next = wait_for_next(program, pid);
        CHECK(next != pid && next > 0);
    }
    struct load sum = loads_end(t, &loads);
    CHECK(sum.asked > CRASHES);
    CHECK_INT(sum.refused, 0);
    CHECK(sum.failed <= CRASHES * (KEEPERS + COMERS));
    CHECK(program_stop(t, program));
}

/* The old one stays, and the next try succeeds. */
TEST(supervisor_stays_with_the_old_server_where_the_new_one_fails)
{
    struct place place = {0};
    begin(t, "web/broken", &place);
    struct program *program = &place.program;
    pid_t server = program_ask_pid(program->port);
    write_word(t, place.how, "ends");
    kill(program->pid, SIGHUP);
    CHECK(log_comes_to_say(place.log, "it ended before it was ready"));
    CHECK_INT(program_ask_pid(program->port), server);
    REQUIRE(unlink(place.how) == 0);
    kill(program->pid, SIGHUP);
    pid_t next = wait_for_next(program, server);
    CHECK(next > 0 && next != server);
    CHECK(program_stop(t, program));
}

/* One that hangs at its start is ended with the one that serves. */
TEST(supervisor_releases_to_one_at_a_time)
{
    struct place place = {0};
    begin(t, "web/hanging", &place);
    struct program *program = &place.program;
    pid_t server = program_ask_pid(program->port);
    write_word(t, place.how, "hangs");
    kill(program->pid, SIGHUP);
    CHECK(log_comes_to_say(place.log, "release started"));
    kill(program->pid, SIGHUP);
    CHECK(log_comes_to_say(place.log, "release refused"));
    CHECK_INT(program_ask_pid(program->port), server);
    CHECK(program_stop(t, program));
}

TEST(supervisor_starts_again_what_crashed_or_ended)
{
    static const int signals[] = {SIGSEGV, SIGKILL, SIGABRT, SIGTERM};
    struct place place = {0};
    begin(t, "web/crash", &place);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        pid_t server = program_ask_pid(place.program.port);
        REQUIRE(server > 0 && kill(server, signals[i]) == 0);
        pid_t next = wait_for_next(&place.program, server);
        CHECK(next > 0 && next != server);
    }
    CHECK(log_says(place.log, "stoa: crashed, SIGSEGV"));
    CHECK(log_says(place.log, "server_run"));
    CHECK(log_says(place.log, "\"signal\":\"SEGV\""));
    CHECK(program_stop(t, &place.program));
}

TEST(supervisor_gives_up_what_crashes_again_and_again)
{
    struct place place = {0};
    int status = 0, crashes = 0;
    begin(t, "web/loop", &place);
    struct program *program = &place.program;
    for (int i = 0; i < CLIENT_DEADLINE_S * 50 && waitpid(program->pid, &status, WNOHANG) == 0;
         i++) {
        pid_t server = program_ask_pid(program->port);
        crashes += server > 0 && kill(server, SIGSEGV) == 0;
        poll(NULL, 0, 20);
    }
    test_note(t, "%d crashes", crashes);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    CHECK(crashes >= SUPERVISOR_CRASHES_MAX);
    CHECK(log_says(place.log, "supervisor gives up"));
    CHECK_INT(program_ask_pid(program->port), 0);
}

TEST(supervisor_aborts_a_server_that_hangs)
{
    struct place place = {0};
    begin(t, "web/stuck", &place);
    pid_t server = program_ask_pid(place.program.port);
    REQUIRE(server > 0 && kill(server, SIGUSR1) == 0);
    pid_t next = wait_for_next(&place.program, server);
    CHECK(next > 0 && next != server);
    CHECK(log_says(place.log, "server hangs"));
#ifndef __SANITIZE_THREAD__ /* whose runtime keeps signals back from who never waits */
    CHECK(log_says(place.log, "stoa: crashed, SIGABRT"));
#endif
    CHECK(program_stop(t, &place.program));
}

TEST(supervisor_lets_a_stopped_server_be)
{
    struct place place = {0};
    begin(t, "web/stopped", &place);
    pid_t server = program_ask_pid(place.program.port);
    REQUIRE(server > 0 && kill(server, SIGSTOP) == 0);
    poll(NULL, 0, 2 * HANG_MS);
    REQUIRE(kill(server, SIGCONT) == 0);
    CHECK_INT(program_ask_pid(place.program.port), server);
    CHECK(!log_says(place.log, "server hangs"));
    CHECK(program_stop(t, &place.program));
}

TEST(supervisor_leaves_no_server_behind)
{
    struct place place = {0};
    begin(t, "web/orphan", &place);
    pid_t server = program_ask_pid(place.program.port);
    int server_fd = server > 0 ? pidfd_open(server, 0) : -1;
    REQUIRE(server_fd >= 0 && kill(place.program.pid, SIGKILL) == 0);
    CHECK_INT(waitpid(place.program.pid, NULL, 0), place.program.pid);
    CHECK_INT(poll(&(struct pollfd){server_fd, POLLIN, 0}, 1, CLIENT_DEADLINE_S * 1000), 1);
    close(server_fd);
    CHECK(log_says(place.log, "server ends"));
}
