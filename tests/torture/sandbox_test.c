/* The sandbox refuses what it should; and the same tries do succeed without it. */
#include <stdio.h>
#include <unistd.h>

#include "harness/folder.h"
#include "harness/process.h"
#include "harness/test.h"

enum { VARIABLE_MAX = 512 };

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
