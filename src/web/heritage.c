/* Takes over what the supervisor left, and tells it that the server lives. */
#include "web/heritage.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/settings.h"
#include "base/str.h"

int heritage_adopt(const char *number)
{
    int64_t fd;
    if (!number || str_to_int(str_from(number), STDERR_FILENO + 1, INT_MAX, &fd) ||
        fcntl((int)fd, F_SETFD, FD_CLOEXEC) < 0)
        return -1;
    return (int)fd;
}

/* Only a pipe is written to: a number that somebody made up may be a file of ours. */
bool heritage_is_pipe(int fd)
{
    struct stat info;
    return fstat(fd, &info) == 0 && S_ISFIFO(info.st_mode);
}

bool heritage_is_listening(int fd)
{
    int listens = 0;
    socklen_t size = sizeof listens;
    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens;
}

void heritage_take(struct heritage *heritage)
{
    *heritage = (struct heritage){-1, -1};
    int listen_fd = heritage_adopt(settings_environ(NULL, HERITAGE_LISTEN));
    if (listen_fd < 0 || !heritage_is_listening(listen_fd))
        return;
    heritage->listen_fd = listen_fd;
    int pulse_fd = heritage_adopt(settings_environ(NULL, HERITAGE_PULSE));
    heritage->pulse_fd = heritage_is_pipe(pulse_fd) ? pulse_fd : -1;
}

bool pulse_beat(struct pulse *pulse, int64_t now_us)
{
    if (pulse->fd <= 0 || now_us < pulse->due_us)
        return true;
    pulse->due_us = now_us + PULSE_MS * INT64_C(1000);
    return write(pulse->fd, "p", 1) == 1 || errno != EPIPE; /* a full pipe has beats enough */
}
