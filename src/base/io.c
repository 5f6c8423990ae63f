/* Writes again what a write has left over. */
#include "base/io.h"

#include <errno.h>
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
