/* Writes down what the disk was told to keep. */
#include "harness/power_books.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPY_MAX = 1 << 30 }; /* in one call of sendfile; there are as many as it takes */

struct place {
    char path[PATH_MAX];
};

static struct place place_of(const char *shadow, const char *room, ino_t inode)
{
    struct place place;
    snprintf(place.path, sizeof place.path, "%s/%s/%ju", shadow, room, (uintmax_t)inode);
    return place;
}

static struct place place_named(const char *shadow, const char *name)
{
    struct place place;
    snprintf(place.path, sizeof place.path, "%s/%s", shadow, name);
    return place;
}

int books_open(const char *shadow)
{
    static const char *const rooms[] = {"files", "kept", "names", "now", "gone"};
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++)
        if (mkdir(place_named(shadow, rooms[i]).path, 0777) < 0)
            return -1;
    return 0;
}

static int lock(const char *shadow)
{
    int fd = open(place_named(shadow, "lock").path, O_CREAT | O_RDWR | O_CLOEXEC, 0666);
    while (fd >= 0 && flock(fd, LOCK_EX) < 0 && errno == EINTR) {
    }
    return fd;
}

/* A file without a name left (ENOENT) has none to be found under after the power is back. */
static int pin(const char *shadow, int folder_fd, const char *name, ino_t inode, int flags)
{
    int result = linkat(folder_fd, name, AT_FDCWD, place_of(shadow, "files", inode).path, flags);
    return result < 0 && errno != EEXIST && errno != ENOENT ? -1 : 0;
}

int books_copy(int from, int to)
{
    ssize_t done;
    off_t at = 0;
    while ((done = sendfile(to, from, &at, COPY_MAX)) > 0) {
    }
    return (int)done;
}

/* Read through the program's own descriptor if that can be: to close another one of the same file
 * would take its record locks away from it. */
static int open_to_read(const char *shadow, int fd, ino_t inode)
{
    if ((fcntl(fd, F_GETFL) & O_ACCMODE) != O_WRONLY)
        return fd;
    return open(place_of(shadow, "files", inode).path, O_RDONLY | O_CLOEXEC);
}

/* Under the lock, through a file beside it: a program that is killed here kept what it had. */
static int keep_bytes(const char *shadow, int fd, const struct stat *info)
{
    struct place copy = place_named(shadow, "copying");
    int from = open_to_read(shadow, fd, info->st_ino);
    if (from < 0)
        return errno == ENOENT ? 0 : -1;
    int to = open(copy.path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    int result = to < 0 || books_copy(from, to) < 0 || fchmod(to, info->st_mode & 07777) < 0 ||
                         rename(copy.path, place_of(shadow, "kept", info->st_ino).path) < 0
                     ? -1
                     : 0;
    if (from != fd)
        close(from);
    if (to >= 0)
        close(to);
    return result;
}

/* Of sockets and the like nothing is kept. */
static char kind_of(mode_t mode)
{
    return S_ISDIR(mode) ? 'd' : S_ISREG(mode) ? 'f' : S_ISLNK(mode) ? 'l' : '\0';
}

static int keep_entry(const char *shadow, int folder_fd, const char *name, int list)
{
    struct stat info;
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return 0;
    if (fstatat(folder_fd, name, &info, AT_SYMLINK_NOFOLLOW) < 0)
        return errno == ENOENT ? 0 : -1;
    char kind = kind_of(info.st_mode);
    if (!kind)
        return 0;
    if (kind != 'd' && pin(shadow, folder_fd, name, info.st_ino, 0) < 0)
        return -1;
    return dprintf(list, "%c %ju %s%c", kind, (uintmax_t)info.st_ino, name, 0) < 0 ? -1 : 0;
}

static int keep_entries(const char *shadow, int folder_fd, int list)
{
    int own = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = own < 0 ? NULL : fdopendir(own);
    if (!folder)
        return -1;
    int result = 0;
    for (struct dirent *entry; result == 0 && (entry = readdir(folder));)
        result = keep_entry(shadow, own, entry->d_name, list);
    closedir(folder);
    return result;
}

static int keep_names(const char *shadow, int fd, ino_t inode, const char *names)
{
    struct place copy = place_named(shadow, "copying");
    int list = open(copy.path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0666);
    if (list < 0)
        return -1;
    int result = keep_entries(shadow, fd, list);
    close(list);
    return result < 0 ? -1 : rename(copy.path, place_of(shadow, names, inode).path);
}

int books_keep(const char *shadow, int fd, const char *names)
{
    struct stat info;
    char self[64];
    int locked = lock(shadow), result = -1;
    snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    if (locked >= 0 && fstat(fd, &info) == 0) {
        if (S_ISDIR(info.st_mode))
            result = keep_names(shadow, fd, info.st_ino, names);
        else if (!S_ISREG(info.st_mode))
            result = 0;
        else if (pin(shadow, AT_FDCWD, self, info.st_ino, AT_SYMLINK_FOLLOW) == 0)
            result = keep_bytes(shadow, fd, &info);
    }
    int number = errno;
    if (locked >= 0)
        close(locked);
    errno = number;
    return result;
}

static bool is_empty(int fd)
{
    int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = own < 0 ? NULL : fdopendir(own);
    int count = 0;
    while (folder && readdir(folder))
        count++;
    if (folder)
        closedir(folder);
    return count == 2; /* "." and ".." */
}

int books_remove_folder(const char *shadow, int folder_fd, const char *name)
{
    struct stat info;
    int fd = openat(folder_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return -1;
    int result = -1;
    if (!is_empty(fd))
        errno = ENOTEMPTY;
    else if (fstat(fd, &info) == 0)
        result = renameat(folder_fd, name, AT_FDCWD, place_of(shadow, "gone", info.st_ino).path);
    int number = errno;
    close(fd);
    errno = number;
    return result;
}
