/* Sends a datagram to the service manager. */
#include "web/notify.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/settings.h"

void notify_say(const char *words)
{
    const char *path = settings_environ(NULL, NOTIFY_SOCKET);
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    size_t len = path ? strlen(path) : 0;
    if (!len || len >= sizeof at.sun_path || (path[0] != '/' && path[0] != '@'))
        return;
    memcpy(at.sun_path, path, len);
    if (at.sun_path[0] == '@')
        at.sun_path[0] = '\0'; /* how an abstract name is written */
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return;
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
    sendto(fd, words, strlen(words), MSG_NOSIGNAL, (const struct sockaddr *)&at, size);
    close(fd);
}
