/* The torture layer: it counts what there is, fails what it was asked to, and finds what is wrong.
 */
#include "harness/torture.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "harness/process.h"
#include "harness/test.h"

/* Not for the compiler to optimise away. */
static void *volatile block;

static bool allocates(size_t size)
{
    block = malloc(size);
    bool there = block != NULL;
    free(block);
    return there;
}

TEST(torture_fails_the_nth_allocation_alone)
{
    torture_arm(TORTURE_MEMORY, 2);
    bool first = allocates(8), second = allocates(8), third = allocates(8);
    CHECK(torture_disarm());
    CHECK(first && !second && third);
    CHECK(!torture_disarm());
    torture_arm(TORTURE_MEMORY, 2);
    first = allocates(8);
    CHECK(!torture_disarm());
    CHECK(first && allocates(8));
}

TEST(torture_counts_blocks_of_every_kind)
{
    int64_t live = torture_live_blocks();
    void *blocks[] = {malloc(1),
                      calloc(2, 3),
                      realloc(NULL, 4),
                      aligned_alloc(64, 128),
                      strdup("five"),
                      strndup("sixth", 3),
                      reallocarray(NULL, 7, 8),
                      NULL,
                      NULL};
    CHECK_INT(posix_memalign(&blocks[7], 32, 9), 0);
    CHECK(asprintf((char **)&blocks[8], "%d", 10) == 2);
    CHECK_INT(torture_live_blocks() - live, 9);
    CHECK_TEXT((char *)blocks[5], "six");
    blocks[0] = realloc(blocks[0], 1000);
    CHECK_INT(torture_live_blocks() - live, 9);
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        free(blocks[i]);
    free(NULL);
    CHECK_INT(torture_live_blocks() - live, 0);
}

enum { THREADS = 4, ROUNDS = 2000 };

static void *allocate_often(void *arg)
{
    for (int i = 0; i < ROUNDS; i++) {
        void *volatile mine = malloc((size_t)i + 1);
        free(mine);
    }
    return arg;
}

TEST(torture_counts_exactly_among_threads)
{
    pthread_t threads[THREADS];
    int64_t live = torture_live_blocks(), count = torture_count(TORTURE_MEMORY);
    for (int i = 0; i < THREADS; i++)
        REQUIRE(pthread_create(&threads[i], NULL, allocate_often, NULL) == 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    CHECK(torture_count(TORTURE_MEMORY) - count >= THREADS * ROUNDS);
    CHECK_INT(torture_live_blocks() - live, 0);
}

TEST(torture_fails_system_calls_with_their_own_errno)
{
    static const char path[] = "/nowhere/file";
    char byte = 0;
    struct sockaddr address = {.sa_family = AF_UNIX};
#define FAILS(call, number)                                        \
    do {                                                           \
        torture_arm(TORTURE_SYSTEM, 1);                            \
        errno = 0;                                                 \
        bool failed = (call) == -1;                                \
        int got = errno;                                           \
        CHECK(torture_disarm());                                   \
        CHECK(failed);                                             \
        CHECK_TEXT(strerrorname_np(got), strerrorname_np(number)); \
    } while (0)
    FAILS(open("/dev/null", O_RDONLY), EMFILE);
    FAILS(openat(AT_FDCWD, "/dev/null", O_RDONLY), EMFILE);
    FAILS(read(STDIN_FILENO, &byte, 1), EIO);
    FAILS(write(STDOUT_FILENO, &byte, 1), ENOSPC);
    FAILS(pwrite(STDOUT_FILENO, &byte, 1, 0), ENOSPC);
    FAILS(fsync(STDOUT_FILENO), EIO);
    FAILS(rename(path, path), ENOSPC);
    FAILS(unlink(path), EIO);
    FAILS(socket(AF_UNIX, SOCK_STREAM, 0), EMFILE);
    FAILS(connect(-1, &address, sizeof address), ECONNREFUSED);
    FAILS(recv(-1, &byte, 1, 0), ECONNRESET);
    FAILS(fcntl(-1, F_OFD_SETLK, &(struct flock){0}), ENOLCK);
#undef FAILS
    torture_arm(TORTURE_SYSTEM, 1);
    pthread_t thread;
    CHECK_INT(pthread_create(&thread, NULL, allocate_often, NULL), EAGAIN);
    CHECK_INT(fcntl(STDOUT_FILENO, F_GETFD) >= 0, true); /* no lock */
    CHECK(torture_disarm());
}

static enum err fill(struct test *t, void *arg)
{
    struct str copy;
    struct buf buf;
    (void)arg;
    TRY(str_copy(t->arena, STR("a text that is copied"), &copy));
    CHECK_STR(copy, "a text that is copied");
    buf_init(&buf, t->arena, 1 << 20);
    for (int i = 0; i < 20000; i++)
        buf_add_int(&buf, i);
    TRY(buf_err(&buf));
    CHECK_INT(buf_str(&buf).len, 10 + 90 * 2 + 900 * 3 + 9000 * 4 + 10000 * 5);
    return ERR_OK;
}

TEST(torture_tries_every_allocation_of_an_arena)
{
    CHECK(TORTURE_EVERY(t, TORTURE_MEMORY, fill, NULL) >= 3);
}

/* A body that gets by without what failed is as good as one that says so. */
static enum err fall_back(struct test *t, void *arg)
{
    char byte;
    (void)arg;
    int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    CHECK(fd < 0 || read(fd, &byte, 1) == 1 || errno == EIO);
    if (fd >= 0)
        close(fd);
    return ERR_OK;
}

TEST(torture_tries_every_system_call)
{
    CHECK_INT(TORTURE_EVERY(t, TORTURE_SYSTEM, fall_back, NULL), 2);
}

static const struct {
    const char *name, *words;
} wrong[] = {
    {"sample_leaks_on_failure", "blocks left allocated is 1, not 0 [with failure 2 of memory]"},
    {"sample_leaves_a_file_open_on_failure",
     "files left open is 1, not 0 [with failure 2 of system]"},
    {"sample_has_nothing_to_fail", "does not hold: there was something to fail"},
    {"sample_fails_without_a_failure", "the body is \"busy\", not \"ok\""},
};

TEST(torture_finds_what_is_wrong)
{
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct process_result result;
        const char *argv[] = {test_built(t, "tests/samples"), wrong[i].name, NULL};
        CHECK_ERR(process_run(t, argv, NULL, &result), ERR_OK);
        test_note(t, "%s: %.*s", wrong[i].name, STR_ARG(result.out));
        CHECK_INT(result.status, 1);
        CHECK(str_find(result.out, str_from(wrong[i].words)) != STR_NONE);
    }
}
