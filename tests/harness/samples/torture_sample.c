/* Tests that are wrong, each in one way that the torture layer must find. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/test.h"
#include "harness/torture.h"

/* The second allocation fails and the first is forgotten. */
static enum err leak(struct test *t, void *arg)
{
    (void)t;
    (void)arg;
    char *volatile first = malloc(10), *volatile second = first ? malloc(10) : NULL;
    if (!second)
        /* cppcheck-suppress memleak ; it is what the sample is about */
        return ERR_MEMORY; /* NOLINT(clang-analyzer-unix.Malloc) */
    free(first);
    free(second);
    return ERR_OK;
}

TEST(sample_leaks_on_failure)
{
    TORTURE_EVERY(t, TORTURE_MEMORY, leak, NULL);
}

static enum err leave_open(struct test *t, void *arg)
{
    (void)t;
    (void)arg;
    char byte;
    int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, &byte, 1) != 1)
        return ERR_IO;
    close(fd);
    return ERR_OK;
}

TEST(sample_leaves_a_file_open_on_failure)
{
    TORTURE_EVERY(t, TORTURE_SYSTEM, leave_open, NULL);
}

static enum err nothing(struct test *t, void *arg)
{
    (void)arg;
    CHECK(true);
    return ERR_OK;
}

TEST(sample_has_nothing_to_fail)
{
    TORTURE_EVERY(t, TORTURE_MEMORY, nothing, NULL);
}

static enum err refuse(struct test *t, void *arg)
{
    (void)t;
    (void)arg;
    void *volatile block = malloc(10);
    free(block);
    return ERR_BUSY;
}

TEST(sample_fails_without_a_failure)
{
    TORTURE_EVERY(t, TORTURE_MEMORY, refuse, NULL);
}
