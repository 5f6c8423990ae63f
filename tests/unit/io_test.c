/* Tests of writing it all: parts that are taken, signals between, descriptors that refuse. */
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "harness/folder.h"
#include "harness/test.h"
#include "harness/torture.h"

enum { MUCH = 1 << 20, SIGNALS = 20, PAUSE_NS = 2 * 1000 * 1000, TAKEN_AT_ONCE = 1000 };

static void ignore(int number)
{
    (void)number;
}

/* What reads the other end of a pipe, bit by bit, while it disturbs who writes. */
struct reader {
    int fd;
    pthread_t writer;
    size_t got;
    bool whole; /* every byte was the one that comes next */
};

static char byte_at(size_t place)
{
    return (char)(place % 251);
}

static void *read_slowly(void *arg)
{
    struct reader *reader = arg;
    char bytes[TAKEN_AT_ONCE];
    reader->whole = true;
    for (int i = 0; i < SIGNALS; i++) { /* before anything is read, and after each little */
        nanosleep(&(struct timespec){0, PAUSE_NS}, NULL);
        pthread_kill(reader->writer, SIGUSR1);
        ssize_t got = i ? read(reader->fd, bytes, sizeof bytes) : 0;
        for (ssize_t k = 0; k < got; k++)
            reader->whole &= bytes[k] == byte_at(reader->got++);
    }
    for (ssize_t got; (got = read(reader->fd, bytes, sizeof bytes)) > 0;)
        for (ssize_t k = 0; k < got; k++)
            reader->whole &= bytes[k] == byte_at(reader->got++);
    return NULL;
}

/* More than a pipe holds: signals cut the write in parts, and interrupt it where it took none. */
TEST(io_writes_on_after_parts_and_signals)
{
    int ends[2];
    pthread_t thread;
    char *bytes = arena_alloc(t->arena, MUCH);
    struct sigaction action = {.sa_handler = ignore}; /* without SA_RESTART */
    REQUIRE(bytes && pipe2(ends, O_CLOEXEC) == 0 && sigaction(SIGUSR1, &action, NULL) == 0);
    for (size_t i = 0; i < MUCH; i++)
        bytes[i] = byte_at(i);
    struct reader reader = {.fd = ends[0], .writer = pthread_self()};
    REQUIRE(pthread_create(&thread, NULL, read_slowly, &reader) == 0);
    CHECK(io_write_all(ends[1], str_make(bytes, MUCH)));
    close(ends[1]);
    pthread_join(thread, NULL);
    close(ends[0]);
    CHECK_INT(reader.got, MUCH);
    CHECK(reader.whole);
}

TEST(io_needs_no_write_for_nothing)
{
    CHECK(io_write_all(-1, STR("")));
}

/* The file takes a part, and then no more. */
TEST(io_says_why_it_stopped)
{
    const char *folder = test_folder(t, "io/limit");
    int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int file = openat(at, "file", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    struct rlimit few = {0};
    struct sigaction action = {.sa_handler = SIG_IGN};
    REQUIRE(file >= 0 && getrlimit(RLIMIT_FSIZE, &few) == 0);
    sigaction(SIGXFSZ, &action, NULL);
    few.rlim_cur = 5;
    REQUIRE(setrlimit(RLIMIT_FSIZE, &few) == 0);
    CHECK(!io_write_all(file, STR("seven ate nine")));
    CHECK_INT(errno, EFBIG);
    few.rlim_cur = few.rlim_max;
    setrlimit(RLIMIT_FSIZE, &few);
    CHECK_INT(lseek(file, 0, SEEK_END), 5);
    close(file);
    close(at);
    CHECK(!io_write_all(-1, STR("x")));
    CHECK_INT(errno, EBADF);
}

TEST(io_does_not_wait_where_the_descriptor_does_not)
{
    int ends[2];
    char *bytes = arena_alloc(t->arena, MUCH);
    REQUIRE(bytes && pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
    memset(bytes, 'x', MUCH);
    CHECK(!io_write_all(ends[1], str_make(bytes, MUCH)));
    CHECK_INT(errno, EAGAIN);
    close(ends[0]);
    close(ends[1]);
}

static enum err write_one(struct test *t, void *arg)
{
    (void)t;
    return io_write_all(*(int *)arg, STR("a")) ? ERR_OK : ERR_IO;
}

TEST(io_survives_each_failing_write)
{
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    REQUIRE(null >= 0);
    TORTURE_EVERY(t, TORTURE_SYSTEM, write_one, &null);
    close(null);
}

static enum err replace(struct test *t, void *arg)
{
    char bytes[16];
    int folder = *(int *)arg;
    enum err err = io_replace(t->ctx, folder, "thing", STR("after"));
    int fd = openat(folder, "thing", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err ? err : err_system(&t->ctx->err, "", "opening it");
    ssize_t len = io_read_all(fd, bytes, sizeof bytes);
    close(fd);
    if (len < 0)
        return err_system(&t->ctx->err, "", "reading it");
    struct str is = str_make(bytes, (size_t)len);
    CHECK(str_equal(is, STR("after")) || (err && str_equal(is, STR("before"))));
    CHECK(faccessat(folder, "thing.new", F_OK, 0) != 0 || err);
    return err;
}

TEST(io_replace_is_whole_whatever_fails)
{
    char name[IO_NAME_MAX + 1];
    int folder = open(test_folder(t, "io/replace"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    REQUIRE(folder >= 0);
    CHECK_ERR(io_replace(t->ctx, folder, "thing", STR("before")), ERR_OK);
    TORTURE_EVERY(t, TORTURE_SYSTEM, replace, &folder);
    CHECK(faccessat(folder, "thing.new", F_OK, 0) != 0);
    memset(name, 'x', IO_NAME_MAX);
    name[IO_NAME_MAX] = '\0';
    CHECK_ERR(io_replace(t->ctx, folder, name, STR("")), ERR_LIMIT);
    close(folder);
}
