/* The sandbox refuses what it should; and the same tries do succeed without it. */
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "harness/folder.h"
#include "harness/process.h"
#include "harness/service.h"
#include "harness/test.h"

enum { VARIABLE_MAX = 512, WAIT_MS = 30000, PAUSE_MS = 5 };

static struct process_result run_sandbox(struct test *t, const char *sandbox, const char *more)
{
    struct process_result result = {0};
    char data[VARIABLE_MAX];
    const char *environment[] = {data, sandbox, more, NULL};
    const char *argv[] = {test_built(t, "stoa"), "sandbox", NULL};
    snprintf(data, sizeof data, "STOA_DATA=%s", test_folder(t, "torture/sandbox"));
    REQUIRE(process_run(t, argv, environment, &result) == ERR_OK);
    test_note(t, STR_FMT STR_FMT, STR_ARG(result.out), STR_ARG(result.err));
    return result;
}

TEST(sandbox_refuses_what_no_server_needs)
{
    struct process_result result = run_sandbox(t, "SANDBOX=yes", NULL);
    CHECK_INT(result.status, 0);
    CHECK(str_find(result.out, STR("OPEN")) == STR_NONE);
    CHECK(str_find(result.out, STR("refused  read /etc/shadow")) != STR_NONE);
    CHECK(str_find(result.out, STR("works    find an address")) != STR_NONE);
    CHECK(str_find(result.err, STR("sandbox")) == STR_NONE);
}

TEST(sandbox_that_is_off_refuses_less_and_says_so)
{
    struct process_result result = run_sandbox(t, "SANDBOX=no", NULL);
    CHECK_INT(result.status, 1);
    CHECK(str_find(result.out, STR("OPEN     make another process")) != STR_NONE);
    CHECK(str_find(result.err, STR("sandbox off")) != STR_NONE);
}

/* Nobody but root can become another. */
TEST(sandbox_names_a_user_that_is_not_there)
{
    struct process_result result = run_sandbox(t, "SANDBOX=yes", "RUN_AS=nobody-of-that-name");
    bool is_root = geteuid() == 0;
    CHECK_INT(result.status, is_root);
    CHECK((str_find(result.err, STR("RUN_AS")) != STR_NONE) == is_root);
}

/* The hard limit too: nothing in the process can raise it again. */
static bool may_dump(struct test *t, pid_t pid)
{
    static const char words[] = "Max core file size";
    char path[VARIABLE_MAX], line[VARIABLE_MAX] = "";
    snprintf(path, sizeof path, "/proc/%d/limits", (int)pid);
    FILE *file = fopen(path, "re");
    REQUIRE(file);
    while (fgets(line, sizeof line, file) && strncmp(line, words, sizeof words - 1) != 0)
        ;
    fclose(file);
    REQUIRE(strncmp(line, words, sizeof words - 1) == 0);
    return strspn(line + sizeof words - 1, " 0bytes\n") != strlen(line) - sizeof words + 1;
}

static bool has_core(const char *folder)
{
    char pattern[VARIABLE_MAX];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s/core*", folder);
    bool is_there = glob(pattern, 0, NULL, &found) == 0;
    globfree(&found);
    return is_there;
}

/* A core file would hold the master key, the passwords being hashed and everybody's sessions. */
TEST(sandbox_leaves_no_core_of_a_server_that_crashes)
{
    struct service service;
    REQUIRE(service_start(t, test_folder(t, "torture/cores"), NULL, &service) == ERR_OK);
    pid_t server = service_server(&service), next = server;
    REQUIRE(server > 0 && server != service.pid);
    CHECK(!may_dump(t, service.pid));
    CHECK(!may_dump(t, server));
    REQUIRE(kill(server, SIGSEGV) == 0);
    for (int waited_ms = 0; waited_ms < WAIT_MS && (next == server || next <= 0);
         waited_ms += PAUSE_MS) {
        nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000}, NULL);
        next = service_server(&service);
    }
    REQUIRE(next > 0 && next != server);
    CHECK(!may_dump(t, next));
    CHECK(!has_core(service.folder) && !has_core("."));
    CHECK_INT(service_stop(&service), 0);
}
