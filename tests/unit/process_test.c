/* Running a program: what it says, how it ends, and that none outlives its deadline. */
#include "harness/process.h"

#include <signal.h>
#include <unistd.h>

#include "harness/folder.h"
#include "harness/test.h"

static struct process_result shell(struct test *t, const char *script, enum err expected)
{
    struct process_result result;
    CHECK_ERR(process_run(t, (const char *[]){"/bin/sh", "-c", script, NULL}, NULL, &result),
              expected);
    return result;
}

TEST(process_keeps_what_was_said_and_the_status)
{
    struct process_result result = shell(t, "echo heard; echo seen >&2; exit 7", ERR_OK);
    CHECK_STR(result.out, "heard\n");
    CHECK_STR(result.err, "seen\n");
    CHECK_INT(result.status, 7);
    CHECK_INT(result.signal, 0);
}

TEST(process_tells_the_signal)
{
    struct process_result result = shell(t, "echo before; kill -SEGV $$", ERR_OK);
    CHECK_STR(result.out, "before\n");
    CHECK_INT(result.status, -1);
    CHECK_INT(result.signal, SIGSEGV);
}

TEST(process_has_nothing_on_standard_input)
{
    CHECK_STR(shell(t, "cat; echo end", ERR_OK).out, "end\n");
}

TEST(process_says_what_cannot_be_run)
{
    struct process_result result;
    CHECK_ERR(process_run(t, (const char *[]){"/nowhere/tool", NULL}, NULL, &result), ERR_OK);
    CHECK_INT(result.status, PROCESS_NOT_STARTED);
    CHECK_STR(result.err, "cannot run /nowhere/tool: No such file or directory\n");
}

TEST(process_changes_the_environment)
{
    static const char *const argv[] = {"/bin/sh", "-c", "echo ${A-none} ${B-none} ${AB-none}",
                                       NULL};
    struct process_result result;
    environ = (char **)(const char *[]){"A=old", "B=old", "AB=kept", NULL};
    CHECK_ERR(process_run(t, argv, (const char *[]){"A=new", "B", NULL}, &result), ERR_OK);
    CHECK_STR(result.out, "new none kept\n");
    CHECK_ERR(process_run(t, argv, NULL, &result), ERR_OK);
    CHECK_STR(result.out, "old old kept\n");
}

TEST(process_reads_long_output_from_both_sides)
{
    struct process_result result = shell(
        t,
        "i=0; while [ $i -lt 2000 ]; do echo $i$i$i$i$i$i$i$i$i$i; echo err >&2; "
        "i=$((i + 1)); done",
        ERR_OK);
    CHECK_INT(result.err.len, 2000 * 4);
    CHECK(str_ends(result.out, STR("1999199919991999199919991999199919991999\n")));
}

TEST(process_that_says_too_much_is_killed)
{
    struct process_result result = shell(t, "exec cat /dev/zero", ERR_LIMIT);
    CHECK_INT(result.signal, SIGKILL);
    CHECK(result.out.len <= PROCESS_OUTPUT_MAX);
}

TEST(process_is_not_held_up_by_what_it_leaves_running)
{
    struct clock clock = clock_system();
    int64_t begun_us = clock_tick_us(&clock);
    CHECK_STR(shell(t, "sleep 20 & echo gone", ERR_OK).out, "gone\n");
    CHECK(clock_tick_us(&clock) - begun_us < 10 * SECOND_US);
}

TEST(process_finds_what_was_built)
{
    CHECK(access(test_built(t, "tests/unit"), X_OK) == 0);
    environ = (char **)(const char *[]){"STOA_BUILD=/", NULL};
    CHECK_TEXT(test_built(t, "bin/sh"), "//bin/sh");
}

TEST(folder_is_empty_each_time)
{
    const char *folder = test_folder(t, "folder/of/process_test");
    struct process_result result;
    const char *fill[] = {"/bin/sh", "-c", "cd \"$0\" && mkdir a && echo x >a/b && ln -s / c",
                          folder, NULL};
    CHECK_ERR(process_run(t, fill, NULL, &result), ERR_OK);
    CHECK_INT(result.status, 0);
    CHECK_TEXT(test_folder(t, "folder/of/process_test"), folder);
    CHECK_INT(rmdir(folder), 0);
    CHECK_ERR(folder_clear(folder), ERR_IO);
    CHECK_INT(access("/bin", F_OK), 0);
}
