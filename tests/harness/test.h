/* The test harness: a test is a function, registered by its name alone.
 *
 *     TEST(str_cut_gives_every_piece)
 *     {
 *         struct str rest = STR("a,,b"), head;
 *         CHECK(str_cut(&rest, ',', &head));
 *         CHECK_STR(head, "a");
 *     }
 *
 * tools/gen_tests finds the TESTs of the files it is given and writes the table; tests/meson.build
 * lists the files. Each test runs in a process of its own with a deadline, so one that crashes,
 * hangs or leaks is a failure with a name and harms no other. A test without a CHECK fails, a run
 * without a test fails. A failed CHECK is reported and the test goes on; REQUIRE stops it. What
 * fails may be run again (a machine may be slow at the wrong moment); what a PROVE refuted is not:
 * once is enough.
 *
 *     build/tests/unit [-v] [PART-OF-A-NAME …]            TAP on standard output
 *
 * What a test prints is shown where it failed; with -v always, as it is printed.
 *
 * `t` is in scope in every test: an arena, a context with a clock that is turned by hand and
 * chance that repeats (fakes.h), and a log that is kept for test_log to read. */
#ifndef STOA_TESTS_TEST_H
#define STOA_TESTS_TEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/ctx.h"
#include "base/id.h"
#include "base/log.h"
#include "base/str.h"
#include "harness/fakes.h"

enum { TEST_ARENA_MAX = 64 << 20, TEST_DEADLINE_S = 120 };

struct test {
    struct ctx *ctx;
    struct arena *arena; /* ctx's */
    struct fake_clock clock;
    struct fake_rand rand;
    int checks, failures;
    int part; /* of those that run at once: folder.h keeps them apart */
    /* what ctx points to */
    struct ctx context;
    struct arena memory;
    struct id_source ids;
    struct fake_rand id_rand;
    struct log log;
};

/* One row of the generated table. */
struct test_case {
    const char *name, *file;
    int line;
    void (*run)(struct test *t);
};

extern const struct test_case test_cases[]; /* generated; ends with a row of NULL */

#define TEST(name)                    \
    void test_##name(struct test *t); \
    void test_##name(struct test *t __attribute__((unused)))

#define CHECK(condition) test_check(t, !!(condition), #condition, __FILE__, __LINE__)
#define CHECK_INT(actual, expected) \
    test_check_int(t, (int64_t)(actual), (int64_t)(expected), #actual, __FILE__, __LINE__)
#define CHECK_STR(actual, expected) \
    test_check_str(t, actual, str_from(expected), #actual, __FILE__, __LINE__)
#define CHECK_TEXT(actual, expected) \
    test_check_text(t, actual, expected, #actual, __FILE__, __LINE__)
#define CHECK_ERR(actual, expected) \
    test_check_text(t, err_name(actual), err_name(expected), #actual, __FILE__, __LINE__)
#define REQUIRE(condition)     \
    do {                       \
        if (!CHECK(condition)) \
            test_stop(t);      \
    } while (0)

#define PROVE(condition)       \
    do {                       \
        if (!CHECK(condition)) \
            test_refute(t);    \
    } while (0)

bool test_check(struct test *t, bool holds, const char *what, const char *file, int line);
bool test_check_int(struct test *t, int64_t actual, int64_t expected, const char *what,
                    const char *file, int line);
bool test_check_str(struct test *t, struct str actual, struct str expected, const char *what,
                    const char *file, int line);
bool test_check_text(struct test *t, const char *actual, const char *expected, const char *what,
                     const char *file, int line);
_Noreturn void test_stop(struct test *t);
_Noreturn void test_refute(struct test *t);

/* Says something with the next failure: which of many cases of a table it was. */
void test_note(struct test *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What was logged so far. */
struct str test_log(struct test *t);

/* Blocks from malloc that were not freed yet, as the torture layer counts them. */
int64_t test_live_blocks(void);

#endif
