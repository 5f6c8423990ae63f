/* The receiver's loop: connections that stay, requests with a Content-Length, and 204 for each. */
#include "webhook_receiver.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

enum { CONNECTIONS_MAX = 256, REQUEST_MAX = 16 << 10, EVENTS_MAX = 64 };

static const char answer[] = "HTTP/1.1 204 No Content\r\n\r\n";

struct connection {
    size_t len;
    char bytes[REQUEST_MAX + 1];
};

struct listening {
    struct webhook_ages *ages;
    struct connection *connections[CONNECTIONS_MAX]; /* by descriptor */
    int listener, poll;
};

static void note_age(struct webhook_ages *ages, const char *body)
{
    struct clock clock = clock_system();
    const char *at = strstr(body, "\"at\":");
    int64_t count = atomic_load(&ages->count);
    if (!at || count >= RECEIVER_AGES_MAX)
        return;
    ages->ages_us[count] = clock_tick_us(&clock) - strtoll(at + strlen("\"at\":"), NULL, 10);
    atomic_store(&ages->count, count + 1);
}

/* Takes a whole request off the front; false where there is none yet. */
static bool take_request(struct listening *listening, int fd, struct connection *connection)
{
    connection->bytes[connection->len] = '\0';
    char *end = strstr(connection->bytes, "\r\n\r\n");
    char *length = strcasestr(connection->bytes, "\r\ncontent-length:");
    if (!end || !length || length > end)
        return false;
    size_t body_len = strtoul(length + strlen("\r\ncontent-length:"), NULL, 10);
    size_t whole = (size_t)(end + 4 - connection->bytes) + body_len;
    if (connection->len < whole)
        return false;
    note_age(listening->ages, end + 4);
    connection->len -= whole;
    memmove(connection->bytes, connection->bytes + whole, connection->len);
    return write(fd, answer, sizeof answer - 1) == (ssize_t)(sizeof answer - 1);
}

static void drop(struct listening *listening, int fd)
{
    free(listening->connections[fd]);
    listening->connections[fd] = NULL;
    close(fd);
}

static void hear(struct listening *listening, int fd)
{
    struct connection *connection = listening->connections[fd];
    ssize_t got = read(fd, connection->bytes + connection->len, REQUEST_MAX - connection->len);
    if (got <= 0) {
        drop(listening, fd);
        return;
    }
    connection->len += (size_t)got;
    while (take_request(listening, fd, connection))
        ;
}

static void welcome(struct listening *listening)
{
    int one = 1, fd = accept4(listening->listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    listening->connections[fd % CONNECTIONS_MAX] = calloc(1, sizeof(struct connection));
    if (fd >= CONNECTIONS_MAX || !listening->connections[fd] ||
        epoll_ctl(listening->poll, EPOLL_CTL_ADD, fd, &event))
        _exit(EXIT_FAILURE);
}

static void receive(struct listening *listening)
{
    struct epoll_event events[EVENTS_MAX];
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listening->listener};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    listening->poll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_ctl(listening->poll, EPOLL_CTL_ADD, listening->listener, &event))
        _exit(EXIT_FAILURE);
    for (;;) { /* until it is ended */
        int count = epoll_wait(listening->poll, events, EVENTS_MAX, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.fd == listening->listener)
                welcome(listening);
            else
                hear(listening, events[i].data.fd);
        }
    }
}

static int listen_somewhere(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) || listen(fd, CONNECTIONS_MAX) ||
        getsockname(fd, (struct sockaddr *)&address, &len))
        return -1;
    *port = ntohs(address.sin_port);
    return fd;
}

bool webhook_receiver_start(struct webhook_receiver *receiver)
{
    struct listening listening = {.listener = listen_somewhere(&receiver->port)};
    receiver->ages = mmap(NULL, sizeof *receiver->ages, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (listening.listener < 0 || receiver->ages == MAP_FAILED)
        return false;
    listening.ages = receiver->ages;
    receiver->pid = fork();
    if (!receiver->pid)
        receive(&listening);
    close(listening.listener);
    return receiver->pid > 0;
}

void webhook_receiver_stop(struct webhook_receiver *receiver)
{
    if (receiver->pid > 0) {
        kill(receiver->pid, SIGKILL);
        waitpid(receiver->pid, NULL, 0);
    }
    if (receiver->ages)
        munmap(receiver->ages, sizeof *receiver->ages);
}
