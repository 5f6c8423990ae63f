/* Runs a program and keeps what it said.
 *
 *     struct process_result result;
 *     const char *stoa = test_built(t, "stoa");
 *     CHECK_ERR(process_run(t, (const char *[]){stoa, "doctor", NULL}, NULL, &result), ERR_OK);
 *     CHECK_INT(result.status, 0);
 *     CHECK(str_find(result.out, STR("all is well")) != STR_NONE);
 *
 * Standard input is empty. The program is killed at its deadline, and with the test that began it.
 * What it leaves running is not waited for. */
#ifndef STOA_TESTS_PROCESS_H
#define STOA_TESTS_PROCESS_H

#include "base/err.h"
#include "base/str.h"

struct test;

enum {
    PROCESS_OUTPUT_MAX = 4 << 20, /* each of out and err */
    PROCESS_DEADLINE_MS = 30000,
    PROCESS_ENVIRONMENT_MAX = 256, /* variables */
    PROCESS_NOT_STARTED = 127,     /* the status where there is no such program; err says why */
};

struct process_result {
    int status;          /* the exit status, or -1 where a signal ended it */
    int signal;          /* that signal, else 0 */
    struct str out, err; /* in the test's arena */
};

/* `environment` holds "NAME=value" that are set beyond the test's own, "NAME" that is unset, and
 * ends with NULL; it may be NULL. ERR_TIMEOUT at the deadline and ERR_LIMIT where it says too much:
 * the program was killed then, and the result is what there was until then. */
enum err process_run(struct test *t, const char *const argv[], const char *const environment[],
                     struct process_result *result);

/* As process_run, with a library (a name for test_built) loaded before the program's own. It has no
 * effect on a program that clang linked a sanitizer into: that one's functions come first. */
enum err process_run_with(struct test *t, const char *library, const char *const argv[],
                          const char *const environment[], struct process_result *result);

/* The absolute path of something in the build folder ("tests/libtorture.so"), which is $STOA_BUILD
 * or else the one this test program lies in. Stops the test where it was not built. */
const char *test_built(struct test *t, const char *name);

#endif
