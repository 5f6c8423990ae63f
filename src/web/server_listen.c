/* Makes listening sockets. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/server.h"

/* An answer is written whole: waiting for more to send with it would only be late. Connections
 * inherit it. */
static int open_socket(const struct sockaddr *at, socklen_t size)
{
    static const int yes = 1, no = 0;
    int fd = socket(at->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0 ||
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) < 0 ||
        (at->sa_family == AF_INET6 &&
         setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no) < 0) ||
        bind(fd, at, size) < 0 || listen(fd, SERVER_BACKLOG) < 0) {
        int before = errno;
        close(fd);
        errno = before;
        return -1;
    }
    return fd;
}

static int open_v6(struct address address, int port)
{
    struct sockaddr_in6 at = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    memcpy(&at.sin6_addr, address.bytes, sizeof address.bytes);
    return open_socket((const struct sockaddr *)&at, sizeof at);
}

/* For an IPv4 address, and for a kernel without IPv6. */
static int open_v4(struct address address, int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    memcpy(&at.sin_addr, address.bytes + 12, sizeof at.sin_addr);
    return open_socket((const struct sockaddr *)&at, sizeof at);
}

static bool is_v4(struct address address)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    return memcmp(address.bytes, mapped, sizeof mapped) == 0;
}

static bool is_any(struct address address)
{
    return address_equal(address, (struct address){{0}});
}

enum err server_listen(struct ctx *ctx, const char *address, int port, int *fd)
{
    struct address at = {{0}};
    if (address && address_parse(str_from(address), &at))
        return err_input(&ctx->err, "address", "must be an IP address such as 127.0.0.1 or ::");
    *fd = is_v4(at) ? open_v4(at, port) : open_v6(at, port);
    if (*fd < 0 && (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL) && is_any(at))
        *fd = open_v4(at, port);
    if (*fd >= 0)
        return ERR_OK;
    return err_system(&ctx->err, "The server cannot listen there.", "listening on %s port %d",
                      address ? address : "every address", port);
}
