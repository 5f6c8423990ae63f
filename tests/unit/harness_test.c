/* The harness itself: what it must fail, it fails, with words that help. */
#include <string.h>

#include "harness/process.h"
#include "harness/test.h"

static struct process_result run_samples(struct test *t, const char *name)
{
    struct process_result result = {0};
    const char *argv[] = {test_built(t, "tests/samples"), name, NULL};
    REQUIRE(process_run(t, argv, NULL, &result) == ERR_OK);
    return result;
}

TEST(harness_fails_a_run_of_no_test)
{
    struct process_result result = run_samples(t, "no_test_is_called_so");
    CHECK_INT(result.status, 1);
    CHECK(str_find(result.out, STR("1..0\n# no test was run")) != STR_NONE);
}

TEST(harness_passes_what_is_right)
{
    struct process_result result = run_samples(t, "good_among_the_bad");
    CHECK_INT(result.status, 0);
    CHECK_STR(result.out, "TAP version 13\nok 1 - good_among_the_bad\n1..1\n");
}

TEST(harness_fails_each_kind_of_bad_test)
{
    static const struct {
        const char *name, *words;
    } rows[] = {
        {"bad_says_what_is_false", "does not hold: 1 + 1 == 3 [row 7]\n"},
        {"bad_says_what_is_false", "2 * 3 is 6, not 7 [row 7]\n"},
        {"bad_says_what_is_false", "\"a tea\" is \"a tea\", not \"a coffee\" [row 7]\n"},
        {"bad_says_what_is_false", "ERR_IO is \"io\", not \"ok\" [row 7]\n"},
        {"bad_says_what_is_false", "a check failed\n"},
        {"bad_goes_on_after_a_requirement", "a check failed\n"},
        {"bad_checks_nothing", "checks nothing\n"},
        {"bad_leaks", "leak"},
        {"bad_crashes", "SEGV"},
        {"bad_asserts", "assertion failed: t == NULL"},
        {"bad_hangs", "took longer than its deadline\n"},
        {"bad_exits", "exited with status 3\n"},
        {"bad_ends_early", "exited with status 0\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct process_result result = run_samples(t, rows[i].name);
        test_note(t, "%s: " STR_FMT, rows[i].name, STR_ARG(result.out));
        CHECK_INT(result.status, 1);
        CHECK(str_find(result.out, STR("not ok 1 - ")) != STR_NONE);
        CHECK(str_find(result.out, str_from(rows[i].words)) != STR_NONE);
    }
}

TEST(harness_tells_what_is_unsteady)
{
    struct process_result result = run_samples(t, "unsteady_every_other_time");
    CHECK_INT(result.status, 0);
    CHECK(str_find(result.out, STR("does not hold: fd < 0\n")) != STR_NONE);
    CHECK(str_find(result.out, STR("ok 1 - unsteady_every_other_time # unsteady")) != STR_NONE);
}

TEST(harness_prints_the_calls_that_led_to_a_crash)
{
    struct process_result result = run_samples(t, "bad_asserts");
    CHECK(str_find(result.out, STR("bad.c:")) != STR_NONE);
    CHECK(str_find(result.out, STR("assert_failed")) != STR_NONE);
    CHECK(str_find(result.out, STR("test_bad_asserts")) != STR_NONE);
}
