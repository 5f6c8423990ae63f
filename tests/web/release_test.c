/* Tests of releases: under load nobody is turned away; a program that fails is not released to. */
#include "web/release.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/folder.h"
#include "harness/test.h"
#include "web/client.h"
#include "web/program.h"

enum { RELEASES = 20, KEEPERS = 4, COMERS = 2 };

#define SMALL "GET /small HTTP/1.1\r\nHost: a\r\n%s\r\n"

struct load {
    pthread_t thread;
    int port;
    bool comes_anew; /* for each request */
    const _Atomic bool *over;
    int64_t asked, failed;
};

/* A connection that was told to be the last is left; every request that was begun is answered. */
static void *run_load(void *arg)
{
    struct load *load = arg;
    struct client client = {.fd = -1};
    while (!*load->over) {
        if (client.fd < 0 && !client_try(&client, load->port)) {
            load->failed++;
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

/* The process that serves once it is another; the one before has ended then. */
static pid_t wait_for_next(const struct program *program, pid_t before)
{
    pid_t now = before;
    for (int i = 0; i < CLIENT_DEADLINE_S * 50 && (now == before || now == 0); i++) {
        poll(NULL, 0, 20);
        now = program_ask_pid(program->port);
    }
    return now;
}

TEST(release_under_load_turns_nobody_away)
{
    struct load loads[KEEPERS + COMERS];
    struct program program;
    _Atomic bool over = false;
    const char *folder = test_folder(t, "web/release");
    char log[512];
    int64_t asked = 0, failed = 0;
    snprintf(log, sizeof log, "%s/log", folder);
    program_start(t, &program, log, NULL);
    for (int i = 0; i < KEEPERS + COMERS; i++) {
        loads[i] = (struct load){.port = program.port, .comes_anew = i >= KEEPERS, .over = &over};
        REQUIRE(pthread_create(&loads[i].thread, NULL, run_load, &loads[i]) == 0);
    }
    pid_t pid = program.pid;
    for (int i = 0; i < RELEASES; i++) {
        kill(pid, SIGHUP);
        pid_t next = wait_for_next(&program, pid);
        CHECK(next != pid && next > 0);
        CHECK_INT(waitpid(pid, NULL, 0), pid);
        pid = next;
    }
    over = true;
    for (int i = 0; i < KEEPERS + COMERS; i++) {
        pthread_join(loads[i].thread, NULL);
        asked += loads[i].asked;
        failed += loads[i].failed;
    }
    test_note(t, "%lld requests", (long long)asked);
    CHECK(asked > RELEASES);
    CHECK_INT(failed, 0);
    CHECK(program_stop(t, &program));
}

static void write_word(struct test *t, const char *path, const char *word)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    REQUIRE(fd >= 0 && write(fd, word, strlen(word)) == (ssize_t)strlen(word));
    close(fd);
}

static bool log_says(struct test *t, const char *path, const char *words)
{
    static char text[64 << 10];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? 0 : read(fd, text, sizeof text);
    (void)t;
    if (fd >= 0)
        close(fd);
    return len > 0 && str_find(str_make(text, (size_t)len), str_from(words)) != STR_NONE;
}

/* The old one stays, and the next try succeeds. */
TEST(release_to_a_program_that_fails_changes_nothing)
{
    struct program program;
    const char *folder = test_folder(t, "web/broken");
    char log[512], how[512];
    snprintf(log, sizeof log, "%s/log", folder);
    snprintf(how, sizeof how, "%s/how", folder);
    program_start(t, &program, log, how);
    write_word(t, how, "ends");
    kill(program.pid, SIGHUP);
    for (int i = 0; i < CLIENT_DEADLINE_S * 50 && !log_says(t, log, "release failed"); i++)
        poll(NULL, 0, 20);
    CHECK(log_says(t, log, "it ended before it was ready"));
    CHECK_INT(program_ask_pid(program.port), program.pid);
    REQUIRE(unlink(how) == 0);
    kill(program.pid, SIGHUP);
    CHECK(wait_for_next(&program, program.pid) > 0);
    CHECK_INT(waitpid(program.pid, NULL, 0), program.pid);
    CHECK(program_stop(t, &program));
}

/* One that hangs is ended with the one that waits for it. */
TEST(release_that_hangs_is_ended)
{
    struct program program;
    const char *folder = test_folder(t, "web/hanging");
    char log[512], how[512];
    snprintf(log, sizeof log, "%s/log", folder);
    snprintf(how, sizeof how, "%s/how", folder);
    program_start(t, &program, log, how);
    write_word(t, how, "hangs");
    kill(program.pid, SIGHUP);
    for (int i = 0; i < CLIENT_DEADLINE_S * 50 && !log_says(t, log, "release started"); i++)
        poll(NULL, 0, 20);
    kill(program.pid, SIGHUP); /* one at a time */
    for (int i = 0; i < CLIENT_DEADLINE_S * 50 && !log_says(t, log, "release refused"); i++)
        poll(NULL, 0, 20);
    CHECK_INT(program_ask_pid(program.port), program.pid);
    CHECK(program_stop(t, &program));
    CHECK(log_says(t, log, "this one ends"));
}

TEST(release_inherits_only_what_listens)
{
    struct release_heritage heritage;
    char listens[64], ready[] = RELEASE_READY "=nonsense";
    char *own[] = {listens, ready, NULL}, **before = environ;
    int fd = dup(STDERR_FILENO);
    snprintf(listens, sizeof listens, RELEASE_LISTEN "=%d", fd);
    release_inherit(&heritage);
    CHECK_INT(heritage.listen_fd, -1);
    CHECK_INT(heritage.ready_fd, -1);
    environ = own;
    release_inherit(&heritage);
    CHECK_INT(heritage.listen_fd, -1);
    close(fd);
    release_inherit(&heritage);
    CHECK_INT(heritage.listen_fd, -1);
    environ = before;
}
