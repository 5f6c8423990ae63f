/* Runs a body of a test once for each thing in it that can fail. */
#include "harness/torture.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "harness/test.h"

/* A file left open by a failed run is found below this. */
enum { FILES_MAX = 256 };

static int64_t files_open(void)
{
    int64_t count = 0;
    for (int fd = 0; fd < FILES_MAX; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

/* One run with the n-th failing, or none where n is 0; true while there was one to fail. */
static bool run(struct test *t, enum torture_kind kind, int64_t n, torture_body *body, void *arg,
                const char *file, int line)
{
    int64_t blocks = torture_live_blocks(), files = files_open();
    struct arena kept = *t->arena;
    arena_init(t->arena, TEST_ARENA_MAX);
    test_note(t, "with failure %ld of %s", (long)n, kind == TORTURE_MEMORY ? "memory" : "system");
    if (n)
        torture_arm(kind, n);
    enum err err = body(t, arg);
    bool met = torture_disarm();
    err_clear(&t->ctx->err);
    arena_release(t->arena);
    *t->arena = kept;

    if (!met)
        test_check_text(t, err_name(err), err_name(ERR_OK), "the body", file, line);
    test_check_int(t, torture_live_blocks() - blocks, 0, "blocks left allocated", file, line);
    test_check_int(t, files_open() - files, 0, "files left open", file, line);
    test_note(t, "%s", "");
    return met;
}

int64_t torture_every(struct test *t, enum torture_kind kind, torture_body *body, void *arg,
                      const char *file, int line)
{
    /* First one that fails nowhere: what libc allocates once, at a first use, is not the body's. */
    run(t, kind, 0, body, arg, file, line);
    int64_t n = 1;
    while (n < TORTURE_RUNS_MAX && run(t, kind, n, body, arg, file, line))
        n++;
    test_check(t, n < TORTURE_RUNS_MAX, "the failures have an end", file, line);
    test_check(t, n > 1, "there was something to fail", file, line);
    return n - 1;
}

struct torture_board *torture_board_open(struct test *t, const char *path)
{
    size_t size = sizeof(struct torture_board);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    REQUIRE(fd >= 0 && ftruncate(fd, (off_t)size) == 0);
    void *board = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    REQUIRE(board != MAP_FAILED);
    return board;
}
