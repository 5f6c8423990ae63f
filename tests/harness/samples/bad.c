/* Tests that are wrong, each in its own way: the harness has to fail them all. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/mem.h"
#include "harness/test.h"

TEST(bad_says_what_is_false)
{
    test_note(t, "row %d", 7);
    CHECK(1 + 1 == 3);
    CHECK_INT(2 * 3, 7);
    CHECK_TEXT("a tea", "a coffee");
    CHECK_ERR(ERR_IO, ERR_OK);
}

TEST(bad_goes_on_after_a_requirement)
{
    REQUIRE(t == NULL);
    abort();
}

TEST(bad_checks_nothing)
{
    t->checks = 0;
}

TEST(bad_leaks)
{
    char *block = mem_alloc(100);
    CHECK(block != NULL);
    block[0] = 1;
}

TEST(bad_crashes)
{
    CHECK(true);
    raise(SIGSEGV);
}

TEST(bad_asserts)
{
    CHECK(true);
    ASSERT(t == NULL);
}

TEST(bad_hangs)
{
    CHECK(true);
    alarm(1);
    for (;;)
        pause();
}

TEST(bad_exits)
{
    CHECK(true);
    exit(3);
}

TEST(bad_ends_early)
{
    CHECK(true);
    exit(0);
}

/* Fails where the process before it, of the same program, did not. */
TEST(unsteady_every_other_time)
{
    char path[64];
    snprintf(path, sizeof path, "/tmp/stoa-unsteady-%d", (int)getppid());
    int fd = open(path, O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    CHECK(fd < 0);
    if (fd < 0)
        unlink(path);
    else
        close(fd);
}

TEST(good_among_the_bad)
{
    CHECK(true);
}
