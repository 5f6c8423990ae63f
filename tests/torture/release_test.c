/* The real program is released again and again while many ask and write; nobody is turned away. A
 * program that cannot start is not released to. */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "harness/folder.h"
#include "harness/process.h"
#include "letters.h"
#include "readers.h"
#include "site.h"

enum {
    RELEASES = 10,
    WRITERS = 4,
    SECONDS = 120,
    WAIT_S = 60,
    PAUSE_MS = 20,
    BETWEEN_MS_MAX = 300,
    HANGS_MS = 1000, /* as long as others are served beside one that hangs */
};

static void pause_ms(int64_t ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

/* The program lies in a place of its own, so that another can be put there. */
static void install(struct test *t, const char *from, const char *to)
{
    char beside[SITE_TEXT_MAX];
    struct stat info = {0};
    snprintf(beside, sizeof beside, "%s.new", to);
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
    REQUIRE(in >= 0 && out >= 0 && fstat(in, &info) == 0);
    for (off_t left = info.st_size; left > 0;) {
        ssize_t moved = sendfile(out, in, NULL, (size_t)left);
        REQUIRE(moved > 0);
        left -= moved;
    }
    REQUIRE(close(out) == 0 && close(in) == 0 && rename(beside, to) == 0);
}

static void install_script(struct test *t, const char *script, const char *to)
{
    char path[SITE_TEXT_MAX];
    snprintf(path, sizeof path, "%s.script", to);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
    REQUIRE(fd >= 0 && write(fd, script, strlen(script)) == (ssize_t)strlen(script));
    REQUIRE(close(fd) == 0);
    install(t, path, to);
}

static void start_own(struct test *t, const char *folder, struct service *service)
{
    char place[SITE_TEXT_MAX];
    REQUIRE(service_prepare(t, test_folder(t, folder), NULL, service) == ERR_OK);
    snprintf(place, sizeof place, "%s/stoa", service->folder);
    REQUIRE(str_cstr(t->arena, str_from(place), &service->program) == ERR_OK);
    install(t, test_built(t, "stoa"), place);
    REQUIRE(service_restart(t, service) == ERR_OK);
}

TEST(release_under_load_loses_and_doubles_nothing)
{
    struct service service;
    struct letters letters;
    alarm(SECONDS);
    start_own(t, "torture/release", &service);
    letters_begin(t, &letters, service.port, WRITERS, 0);
    struct readers *readers = readers_begin(t, &service, 0);
    for (int i = 0; i < RELEASES && !t->failures; i++) {
        pid_t before = service.pid, server = service_server(&service);
        install(t, test_built(t, "stoa"), service.program);
        enum err err = service_release(t, &service);
        test_note(t, "release %d: %s", i, t->ctx->err.operator);
        CHECK_ERR(err, ERR_OK);
        CHECK(service.pid == before && service_server(&service) != server);
        pause_ms((int64_t)rand_below(t->ctx->rand, BETWEEN_MS_MAX));
    }
    test_note(t, "%s", "");
    readers_end(t, readers);
    letters_end(t, &letters);
    CHECK_INT(letters.repeated, 0);
    letters_check(t, &letters, &service);
    CHECK_INT(service_stop(&service), 0);
    site_check_data(t, &service);
}

/* Waits until the log has these words so many times. */
static bool log_says(struct test *t, const struct service *service, const char *words, int times)
{
    int seen = 0;
    for (int waited_ms = 0; waited_ms < WAIT_S * 1000; waited_ms += PAUSE_MS) {
        struct process_result result;
        struct arena_mark mark = arena_mark(t->arena);
        REQUIRE(process_run(t, (const char *[]){"/bin/grep", "-c", words, service->log, NULL}, NULL,
                            &result) == ERR_OK);
        int64_t count = 0;
        str_to_int(str_trim(result.out), 0, INT32_MAX, &count);
        seen = (int)count;
        arena_rewind(t->arena, mark);
        if (seen >= times)
            break;
        pause_ms(PAUSE_MS);
    }
    return seen == times;
}

static const char *const broken[] = {"#!/bin/sh\nexit 1\n", "#!/bin/sh\nkill -9 $$\n",
                                     "this is no program"};

enum { BROKEN = sizeof broken / sizeof *broken };

static void release_broken(struct test *t, const struct service *service)
{
    for (int i = 0; i < BROKEN; i++) {
        test_note(t, "%s", broken[i]);
        install_script(t, broken[i], service->program);
        REQUIRE(kill(service->pid, SIGHUP) == 0);
        CHECK(log_says(t, service, "release failed", i + 1));
    }
    test_note(t, "%s", "");
}

/* The time that it is given is waited for only where TORTURE_ALL is set. */
static void release_hanging(struct test *t, const struct service *service)
{
    install_script(t, "#!/bin/sh\nexec sleep 1000\n", service->program);
    REQUIRE(kill(service->pid, SIGHUP) == 0);
    pause_ms(HANGS_MS);
    if (getenv("TORTURE_ALL"))
        CHECK(log_says(t, service, "it was not ready in time", 1));
}

TEST(release_to_a_program_that_cannot_start_changes_nothing)
{
    struct service service;
    struct letters letters;
    alarm(SECONDS);
    start_own(t, "torture/broken", &service);
    letters_begin(t, &letters, service.port, WRITERS, 0);
    struct readers *readers = readers_begin(t, &service, 0);
    release_broken(t, &service);
    install(t, test_built(t, "stoa"), service.program);
    CHECK_ERR(service_release(t, &service), ERR_OK);
    release_hanging(t, &service);
    readers_end(t, readers);
    letters_end(t, &letters);
    CHECK_INT(letters.repeated, 0);
    letters_check(t, &letters, &service);
    CHECK_INT(service_stop(&service), 0);
    site_check_data(t, &service);
}
