/* Turns between processes: locks on bytes of a file beside the database.
 *
 * Who writes holds the byte TURN. Who waits for it holds the byte DOOR, and all others wait for the
 * door: so a process that gave the turn back and wants it again at once stands behind the one that
 * was waiting. The locks belong to the open file, not to the process, so two databases opened by
 * one process take turns as well, and the kernel gives them back when the process dies. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/assert.h"
#include "ports/db/sqlite_inside.h"

enum { DOOR, TURN, PRESENCE };

static int lock_byte(const struct sqlite_lock *lock, int how, short type, off_t byte)
{
    struct flock range = {.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
    int result;
    do
        result = fcntl(lock->fd, how, &range);
    while (result < 0 && errno == EINTR);
    return result;
}

enum err sqlite_lock_open(struct sqlite_lock *lock, struct ctx *ctx, const char *path)
{
    *lock = (struct sqlite_lock){.fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    if (lock->fd < 0)
        return err_system(&ctx->err, "The database cannot be opened.", "opening %s", path);
    if (lock_byte(lock, F_OFD_SETLK, F_RDLCK, PRESENCE) == 0)
        return ERR_OK;
    bool taken = errno == EAGAIN || errno == EACCES;
    enum err err = err_system(&ctx->err, "The database cannot be locked.", "locking %s", path);
    sqlite_lock_close(lock);
    return taken ? err_fail(&ctx->err, ERR_BUSY, "The database is being restored. Try again later.",
                            "%s is locked by a restore", path)
                 : err;
}

void sqlite_lock_close(struct sqlite_lock *lock)
{
    if (lock->fd >= 0)
        close(lock->fd);
    *lock = (struct sqlite_lock){.fd = -1};
}

enum err sqlite_lock_take(struct sqlite_lock *lock, struct ctx *ctx)
{
    ASSERT(!lock->held);
    bool door = lock_byte(lock, F_OFD_SETLKW, F_WRLCK, DOOR) == 0;
    lock->held = door && lock_byte(lock, F_OFD_SETLKW, F_WRLCK, TURN) == 0;
    if (!lock->held)
        err_system(&ctx->err, "The database cannot be locked.", "waiting for the turn to write");
    if (door)
        lock_byte(lock, F_OFD_SETLK, F_UNLCK, DOOR);
    return lock->held ? ERR_OK : ctx->err.code;
}

void sqlite_lock_give(struct sqlite_lock *lock)
{
    ASSERT(lock->held);
    lock_byte(lock, F_OFD_SETLK, F_UNLCK, TURN);
    lock->held = false;
}

enum err sqlite_lock_alone(struct sqlite_lock *lock, struct ctx *ctx)
{
    if (lock_byte(lock, F_OFD_SETLK, F_WRLCK, PRESENCE) == 0)
        return ERR_OK;
    if (errno == EAGAIN || errno == EACCES)
        return err_fail(&ctx->err, ERR_BUSY,
                        "The database is in use. Stop what uses it, then try again.",
                        "another process has the database open");
    return err_system(&ctx->err, "The database cannot be locked.", "asking who else is there");
}
