/* Goes on where a read or a write has left something over. */
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

bool io_write_all(int fd, struct str bytes)
{
    while (bytes.len) {
        ssize_t written = write(fd, bytes.ptr, bytes.len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written == 0)
            errno = EIO; /* nothing taken and no reason given: asking again may never end */
        if (written <= 0)
            return false;
        bytes = str_slice(bytes, (size_t)written, bytes.len);
    }
    return true;
}

ssize_t io_read_all(int fd, char *to, size_t size)
{
    size_t len = 0;
    while (len < size) {
        ssize_t got = read(fd, to + len, size - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        len += (size_t)got;
    }
    return (ssize_t)len;
}

static bool write_new(int folder, const char *name, struct str bytes)
{
    int fd = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return false;
    bool written = io_write_all(fd, bytes) && fsync(fd) == 0;
    int reason = errno;
    close(fd);
    errno = reason;
    return written;
}

enum err io_replace(struct ctx *ctx, int folder, const char *name, struct str bytes)
{
    char new_name[IO_NAME_MAX];
    int len = snprintf(new_name, sizeof new_name, "%s.new", name);
    if (len < 0 || len >= IO_NAME_MAX)
        return err_fail(&ctx->err, ERR_LIMIT, "The name of a file is too long.", "%s", name);
    if (!write_new(folder, new_name, bytes) || renameat(folder, new_name, folder, name)) {
        enum err err = err_system(&ctx->err, "It could not be kept.", "writing %s", name);
        unlinkat(folder, new_name, 0);
        return err;
    }
    return fsync(folder) ? err_system(&ctx->err, "It could not be kept.", "keeping %s", name)
                         : ERR_OK;
}
