/* A disk that says that something is safe before it is, linked into a program before libc's own
 * functions. */
#include <unistd.h>

int fsync(int fd)
{
    (void)fd;
    return 0;
}

int fdatasync(int fildes)
{
    (void)fildes;
    return 0;
}
