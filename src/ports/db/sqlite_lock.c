/* Turns between processes: locks on bytes of a file beside the database.
 *
 * Who writes holds the byte TURN. Those who wait stand at the doors before it, one at each: who has
 * given the turn back and wants it again at once stands behind all of them. The locks belong to the
 * open file, not to the process, so two databases opened by one process take turns as well, and
 * the kernel gives them back when the process dies.
 *
 * The kernel's own wait for a lock knows no deadline. So a lock is tried, and the pause until the
 * next try ends when it is given back: that is counted in a word of the file for each byte, which
 * all processes share and can wait for. Who is killed counts nothing, and is noticed after LOOK_US.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/buf.h"
#include "ports/db/sqlite_inside.h"

enum {
    GIVEN_WORDS = SQLITE_BYTE_TURN + 1,
    TURN_WAIT_MS = 30000, /* for the turn, where there is no deadline */
    LOOK_US = 5000,       /* between two tries, where it was not given back */
};

static bool lock_bytes(const struct sqlite_lock *lock, short type, off_t first, off_t count)
{
    struct flock range = {.l_type = type, .l_whence = SEEK_SET, .l_start = first, .l_len = count};
    int result;
    do
        result = fcntl(lock->fd, F_OFD_SETLK, &range);
    while (result < 0 && errno == EINTR);
    return result == 0;
}

static bool is_taken(void)
{
    return errno == EAGAIN || errno == EACCES;
}

/* The words are written once before they are mapped: a disk without room says so only then. */
static enum err map(struct sqlite_lock *lock, struct ctx *ctx)
{
    struct stat info;
    const uint32_t none[GIVEN_WORDS] = {0};
    void *at = MAP_FAILED;
    if (fstat(lock->fd, &info) == 0 &&
        (info.st_size >= (off_t)sizeof none ||
         pwrite(lock->fd, none, sizeof none, 0) == (ssize_t)sizeof none))
        at = mmap(NULL, sizeof none, PROT_READ | PROT_WRITE, MAP_SHARED, lock->fd, 0);
    if (at == MAP_FAILED)
        return err_system(&ctx->err, "The database cannot be opened.", "mapping %s", lock->path);
    lock->given = at;
    return ERR_OK;
}

static enum err be_present(const struct sqlite_lock *lock, struct ctx *ctx)
{
    if (lock_bytes(lock, F_RDLCK, SQLITE_BYTE_PRESENCE, 1))
        return ERR_OK;
    if (is_taken())
        return err_fail(&ctx->err, ERR_BUSY, "The database is being restored. Try again later.",
                        "%s is locked by a restore", lock->path);
    return err_system(&ctx->err, "The database cannot be locked.", "locking %s", lock->path);
}

enum err sqlite_lock_open(struct sqlite_lock *lock, struct ctx *ctx, const char *path, bool makes)
{
    struct buf name;
    *lock = (struct sqlite_lock){.fd = -1};
    buf_init_fixed(&name, lock->path, sizeof lock->path - 1);
    buf_addf(&name, "%s.lock", path);
    ASSERT(!buf_err(&name)); /* the engine left room for a suffix */
    lock->fd = open(lock->path, O_CLOEXEC | (makes ? O_RDWR | O_CREAT : O_RDONLY), 0600);
    if (lock->fd < 0 && errno == ENOENT && !makes)
        return ERR_OK;
    if (lock->fd < 0)
        return err_system(&ctx->err, "The database cannot be opened.", "opening %s", lock->path);
    enum err err = makes ? map(lock, ctx) : ERR_OK;
    if (!err)
        err = be_present(lock, ctx);
    if (err)
        sqlite_lock_close(lock);
    return err;
}

void sqlite_lock_close(struct sqlite_lock *lock)
{
    if (lock->given)
        munmap(lock->given, GIVEN_WORDS * sizeof *lock->given);
    if (lock->fd >= 0)
        close(lock->fd);
    *lock = (struct sqlite_lock){.fd = -1};
}

static void give_back(struct sqlite_lock *lock, off_t byte)
{
    lock_bytes(lock, F_UNLCK, byte, 1);
    atomic_fetch_add(&lock->given[byte], 1);
    syscall(SYS_futex, &lock->given[byte], FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

/* Until the byte was given back more often than `given`. */
static void pause_until_given(struct sqlite_lock *lock, off_t byte, uint32_t given, int64_t left_us)
{
    struct timespec limit = {.tv_nsec = (left_us < LOOK_US ? left_us : LOOK_US) * 1000};
    syscall(SYS_futex, &lock->given[byte], FUTEX_WAIT, given, &limit, NULL, 0);
}

static enum err take_byte(struct sqlite_lock *lock, struct ctx *ctx, off_t byte, int64_t begun_us)
{
    int64_t end_us = ctx->deadline_us ? ctx->deadline_us : begun_us + TURN_WAIT_MS * INT64_C(1000);
    for (;;) { /* until then */
        uint32_t given = atomic_load(&lock->given[byte]);
        if (lock_bytes(lock, F_WRLCK, byte, 1))
            return ERR_OK;
        if (!is_taken())
            return err_system(&ctx->err, "The database cannot be locked.", "locking %s",
                              lock->path);
        int64_t now_us = clock_tick_us(ctx->clock);
        if (now_us >= end_us)
            return err_fail(&ctx->err, ERR_BUSY, "The database is busy. Please try again.",
                            "waited %" PRId64 " ms for the lock on %s: another process writes, or "
                            "was stopped while it did",
                            (now_us - begun_us) / 1000, lock->path);
        pause_until_given(lock, byte, given, end_us - now_us);
    }
}

static enum err queue_up(struct sqlite_lock *lock, struct ctx *ctx)
{
    int64_t begun_us = clock_tick_us(ctx->clock);
    TRY(take_byte(lock, ctx, SQLITE_BYTE_DOORS, begun_us));
    for (off_t byte = SQLITE_BYTE_DOORS + 1; byte <= SQLITE_BYTE_TURN; byte++) {
        enum err err = take_byte(lock, ctx, byte, begun_us);
        give_back(lock, byte - 1);
        TRY(err);
    }
    return ERR_OK;
}

/* Where nobody has the turn or waits for it, all is taken at once, and the doors given back. */
enum err sqlite_lock_take(struct sqlite_lock *lock, struct ctx *ctx)
{
    ASSERT(lock->given && !lock->held);
    if (lock_bytes(lock, F_WRLCK, SQLITE_BYTE_DOORS, SQLITE_BYTE_TURN - SQLITE_BYTE_DOORS + 1))
        for (off_t door = SQLITE_BYTE_DOORS; door < SQLITE_BYTE_TURN; door++)
            give_back(lock, door);
    else if (is_taken())
        TRY(queue_up(lock, ctx));
    else
        return err_system(&ctx->err, "The database cannot be locked.", "locking %s", lock->path);
    lock->held = true;
    return ERR_OK;
}

void sqlite_lock_give(struct sqlite_lock *lock)
{
    ASSERT(lock->held);
    give_back(lock, SQLITE_BYTE_TURN);
    lock->held = false;
}

enum err sqlite_lock_alone(struct sqlite_lock *lock, struct ctx *ctx)
{
    if (lock_bytes(lock, F_WRLCK, SQLITE_BYTE_PRESENCE, 1))
        return ERR_OK;
    if (is_taken())
        return err_fail(&ctx->err, ERR_BUSY,
                        "The database is in use. Stop what uses it, then try again.",
                        "another process has the database open");
    return err_system(&ctx->err, "The database cannot be locked.", "asking who else is there");
}
