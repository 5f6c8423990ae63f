/* Stands before the calls that change the disk: counts them, ends the program in place of the one
 * that was asked for, and writes down what is synced. */
#undef _FORTIFY_SOURCE
#undef _FILE_OFFSET_BITS
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "harness/interpose.h"
#include "harness/power_books.h"

static struct {
    char root[PATH_MAX];
    size_t root_len; /* 0: the layer is not asked for */
    char shadow[PATH_MAX];
    int64_t cut;
    _Atomic int64_t changes;
} power;

/* Set while the books are written, by the same calls. */
static _Thread_local bool within;

static bool is_ours(int fd)
{
    char self[64], path[PATH_MAX];
    if (within || !power.root_len || fd < 0)
        return false;
    int kept = errno;
    snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(self, path, sizeof path - 1);
    errno = kept;
    if (len < (ssize_t)power.root_len || memcmp(path, power.root, power.root_len) != 0)
        return false;
    path[len] = '\0';
    return path[power.root_len] == '/' || path[power.root_len] == '\0';
}

/* A name is ours if the folder is that it stands in, whatever way leads there. */
static bool is_ours_at(int folder_fd, const char *path)
{
    char parent[PATH_MAX];
    size_t len = strnlen(path, sizeof parent);
    if (within || !power.root_len || len == sizeof parent)
        return false;
    while (len > 1 && path[len - 1] == '/')
        len--;
    while (len > 0 && path[len - 1] != '/')
        len--;
    memcpy(parent, path, len);
    if (len == 0)
        parent[len++] = '.';
    parent[len] = '\0';
    int kept = errno;
    int fd = REAL(openat)(folder_fd, parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
    bool ours = is_ours(fd);
    if (fd >= 0)
        close(fd);
    errno = kept;
    return ours;
}

static void change(bool ours)
{
    if (!ours || ++power.changes != power.cut)
        return;
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

static int keep(int fd)
{
    within = true;
    int result = books_keep(power.shadow, fd, "names");
    within = false;
    return result;
}

int fsync(int fd)
{
    if (!is_ours(fd))
        return REAL(fsync)(fd);
    change(true);
    return keep(fd);
}

int fdatasync(int fd)
{
    if (!is_ours(fd))
        return REAL(fdatasync)(fd);
    change(true);
    return keep(fd);
}

/* What was written to a file that was opened with O_SYNC or O_DSYNC is on the disk. */
static ssize_t written(int fd, bool ours, ssize_t done)
{
    if (ours && done >= 0 && REAL(fcntl)(fd, F_GETFL) & O_DSYNC && keep(fd) < 0)
        return -1;
    return done;
}

/* Calls that change what the file `to` holds. */
#define WRITE_CALLS(X)                                                                          \
    X(ssize_t, write, (int to, const void *from, size_t size), (to, from, size))                \
    X(ssize_t, writev, (int to, const struct iovec *from, int count), (to, from, count))        \
    X(ssize_t, pwrite, (int to, const void *from, size_t size, off_t at), (to, from, size, at)) \
    X(ssize_t, pwritev, (int to, const struct iovec *from, int count, off_t at),                \
      (to, from, count, at))                                                                    \
    X(ssize_t, sendfile, (int to, int from, off_t *at, size_t size), (to, from, at, size))      \
    X(ssize_t, copy_file_range,                                                                 \
      (int from, off_t *from_at, int to, off_t *to_at, size_t size, unsigned flags),            \
      (from, from_at, to, to_at, size, flags))                                                  \
    X(int, ftruncate, (int to, off_t size), (to, size))                                         \
    X(int, fallocate, (int to, int mode, off_t at, off_t size), (to, mode, at, size))           \
    X(int, posix_fallocate, (int to, off_t at, off_t size), (to, at, size))

#define WRITE_DEFINE(type, name, parameters, arguments)       \
    type name parameters                                      \
    {                                                         \
        bool ours = is_ours(to);                              \
        change(ours);                                         \
        return (type)written(to, ours, REAL(name) arguments); \
    }

WRITE_CALLS(WRITE_DEFINE)

/* Calls that change the names in a folder, and whether it is one of ours. */
#define NAME_CALLS(X)                                                                              \
    X(rename, (const char *from, const char *to), (from, to),                                      \
      is_ours_at(AT_FDCWD, from) || is_ours_at(AT_FDCWD, to))                                      \
    X(renameat, (int from_fd, const char *from, int to_fd, const char *to),                        \
      (from_fd, from, to_fd, to), is_ours_at(from_fd, from) || is_ours_at(to_fd, to))              \
    X(renameat2, (int from_fd, const char *from, int to_fd, const char *to, unsigned flags),       \
      (from_fd, from, to_fd, to, flags), is_ours_at(from_fd, from) || is_ours_at(to_fd, to))       \
    X(unlink, (const char *path), (path), is_ours_at(AT_FDCWD, path))                              \
    X(mkdir, (const char *path, mode_t mode), (path, mode), is_ours_at(AT_FDCWD, path))            \
    X(mkdirat, (int fd, const char *path, mode_t mode), (fd, path, mode), is_ours_at(fd, path))    \
    X(link, (const char *from, const char *to), (from, to), is_ours_at(AT_FDCWD, to))              \
    X(linkat, (int from_fd, const char *from, int to_fd, const char *to, int flags),               \
      (from_fd, from, to_fd, to, flags), is_ours_at(to_fd, to))                                    \
    X(symlink, (const char *target, const char *path), (target, path), is_ours_at(AT_FDCWD, path)) \
    X(symlinkat, (const char *target, int fd, const char *path), (target, fd, path),               \
      is_ours_at(fd, path))                                                                        \
    X(truncate, (const char *path, off_t size), (path, size), is_ours_at(AT_FDCWD, path))

#define NAME_DEFINE(name, parameters, arguments, ours) \
    int name parameters                                \
    {                                                  \
        change(ours);                                  \
        return REAL(name) arguments;                   \
    }

NAME_CALLS(NAME_DEFINE)

static int remove_folder(int fd, const char *path)
{
    change(true);
    within = true;
    int result = books_remove_folder(power.shadow, fd, path);
    within = false;
    return result;
}

int unlinkat(int fd, const char *path, int flags)
{
    bool ours = is_ours_at(fd, path);
    if (ours && flags & AT_REMOVEDIR)
        return remove_folder(fd, path);
    change(ours);
    return REAL(unlinkat)(fd, path, flags);
}

int rmdir(const char *path)
{
    return is_ours_at(AT_FDCWD, path) ? remove_folder(AT_FDCWD, path) : REAL(rmdir)(path);
}

static bool open_changes(int fd, const char *path, int flags)
{
    if (!(flags & (O_CREAT | O_TRUNC)) || !is_ours_at(fd, path))
        return false;
    int kept = errno;
    bool exists = faccessat(fd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    errno = kept;
    return exists ? flags & O_TRUNC : flags & O_CREAT;
}

int openat(int fd, const char *path, int flags, ...)
{
    mode_t mode = OPEN_MODE(flags);
    change(open_changes(fd, path, flags));
    return REAL(openat)(fd, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    mode_t mode = OPEN_MODE(flags);
    return openat(AT_FDCWD, path, flags, mode);
}

int creat(const char *path, mode_t mode)
{
    return openat(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

ALSO(open, open64);
ALSO(openat, openat64);
ALSO(creat, creat64);
ALSO(pwrite, pwrite64);
ALSO(pwritev, pwritev64);
ALSO(sendfile, sendfile64);
ALSO(ftruncate, ftruncate64);
ALSO(truncate, truncate64);
ALSO(fallocate, fallocate64);
ALSO(posix_fallocate, posix_fallocate64);

__attribute__((constructor)) static void begin(void)
{
    const char *root = getenv("POWER_ROOT"), *shadow = getenv("POWER_SHADOW");
    const char *cut = getenv("POWER_CUT");
    if (!root || !shadow || !realpath(root, power.root) || !realpath(shadow, power.shadow))
        return;
    power.root_len = strlen(power.root);
    power.cut = cut ? strtoll(cut, NULL, 10) : 0;
}

__attribute__((destructor)) static void end(void)
{
    const char *report = getenv("POWER_REPORT");
    int64_t changes = power.changes;
    within = true;
    int fd = report ? open(report, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0666) : -1;
    if (fd < 0)
        return;
    dprintf(fd, "%jd\n", (intmax_t)changes);
    close(fd);
}
