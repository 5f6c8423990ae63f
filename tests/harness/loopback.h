/* Ports of this machine, for servers that a test or a benchmark starts.
 *
 *     server->port = loopback_free_port();
 *     …
 *     while (!loopback_answers(server->port))
 *         poll(NULL, 0, 20); */
#ifndef STOA_TESTS_HARNESS_LOOPBACK_H
#define STOA_TESTS_HARNESS_LOOPBACK_H

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

static inline struct sockaddr_in loopback_at(int port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/* One that nobody listens on at this moment; 0 where there is none. */
static inline int loopback_free_port(void)
{
    struct sockaddr_in at = loopback_at(0);
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool found = fd >= 0 && bind(fd, (struct sockaddr *)&at, size) == 0 &&
                 getsockname(fd, (struct sockaddr *)&at, &size) == 0;
    if (fd >= 0)
        close(fd);
    return found ? ntohs(at.sin_port) : 0;
}

static inline bool loopback_answers(int port)
{
    struct sockaddr_in at = loopback_at(port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool answers = fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof at) == 0;
    if (fd >= 0)
        close(fd);
    return answers;
}

#endif
