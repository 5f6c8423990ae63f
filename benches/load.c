/* The load: epoll over connections to the loopback address. */
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

enum { ANSWER_BUFFER = 256 << 10, EVENTS = 64, WAIT_MS = 5000, NUMBER_DIGITS = 8 };

static const char number_mark[] = "########";
static const char good[] = "HTTP/1.1 2";

static int connect_to(int port)
{
    const int yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) == 0)
        return fd;
    fprintf(stderr, "load: port %d: %s\n", port, strerrordesc_np(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

static bool send_request(struct load *load, struct load_connection *connection)
{
    if (load->number_at != STR_NONE) {
        load->number = (load->number * 48271 + 11) % LOAD_NUMBERS;
        char digits[NUMBER_DIGITS + 1];
        snprintf(digits, sizeof digits, "%0*u", NUMBER_DIGITS, load->number);
        memcpy(load->request + load->number_at, digits, NUMBER_DIGITS);
    }
    connection->got = 0;
    return send(connection->fd, load->request, load->request_len, MSG_NOSIGNAL) ==
           (ssize_t)load->request_len;
}

/* The length of the answer that begins here, or 0 while its head is not whole. */
static size_t answer_len(const char *bytes, size_t len)
{
    const char *end = memmem(bytes, len, "\r\n\r\n", 4);
    static const char name[] = "\r\nContent-Length:";
    if (!end)
        return 0;
    for (const char *at = bytes; at < end; at++)
        if (strncasecmp(at, name, sizeof name - 1) == 0)
            return (size_t)(end + 4 - bytes) + strtoul(at + sizeof name - 1, NULL, 10);
    return (size_t)(end + 4 - bytes);
}

bool load_open(struct load *load, int port, int connections, const char *request)
{
    const char *mark = strstr(request, number_mark);
    *load = (struct load){.epoll = epoll_create1(EPOLL_CLOEXEC),
                          .request_len = strlen(request),
                          .number_at = mark ? (size_t)(mark - request) : STR_NONE};
    if (load->request_len >= sizeof load->request)
        return false;
    memcpy(load->request, request, load->request_len);
    for (; load->count < connections; load->count++) {
        struct load_connection *connection = &load->connections[load->count];
        connection->fd = connect_to(port);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
        if (connection->fd < 0 || epoll_ctl(load->epoll, EPOLL_CTL_ADD, connection->fd, &event) < 0)
            return false;
    }
    return true;
}

void load_close(struct load *load)
{
    for (int i = 0; i < load->count; i++)
        close(load->connections[i].fd);
    close(load->epoll);
}

/* Takes what has come. 1: the answer is whole; 0: there is more of it; -1: it is none. */
static int take(struct load_connection *connection, char buffer[ANSWER_BUFFER])
{
    ssize_t got = recv(connection->fd, buffer, ANSWER_BUFFER, 0);
    if (got <= 0)
        return -1;
    if (connection->got == 0) {
        if ((size_t)got < sizeof good || memcmp(buffer, good, sizeof good - 1) != 0) {
            fprintf(stderr, "load: %.*s\n", (int)got, buffer);
            return -1;
        }
        if (!connection->answer_len)
            connection->answer_len = answer_len(buffer, (size_t)got);
    }
    connection->got += (size_t)got;
    if (connection->got > connection->answer_len)
        return -1;
    return connection->got == connection->answer_len;
}

/* Lets the answers under way come in, so that the next round begins with nothing open. */
static bool finish(struct load *load, char buffer[ANSWER_BUFFER], int open)
{
    struct epoll_event events[EVENTS];
    while (open > 0) {
        int count = epoll_wait(load->epoll, events, EVENTS, WAIT_MS);
        for (int i = 0; i < count; i++) {
            int taken = take(events[i].data.ptr, buffer);
            if (taken < 0)
                return false;
            open -= taken;
        }
        if (count <= 0)
            return false;
    }
    return true;
}

/* Asks until the time is over or so many were answered; how many were, or -1. What is still under
 * way is waited for and not counted. */
static int64_t ask_until(struct load *load, int64_t *passed_us, int64_t limit_us, int64_t limit)
{
    static char buffer[ANSWER_BUFFER];
    struct clock clock = clock_system();
    struct epoll_event events[EVENTS];
    int64_t begun_us = clock_tick_us(&clock), answers = 0;
    for (int i = 0; i < load->count; i++)
        if (!send_request(load, &load->connections[i]))
            return -1;
    for (*passed_us = 0; *passed_us < limit_us && answers < limit;
         *passed_us = clock_tick_us(&clock) - begun_us) {
        int count = epoll_wait(load->epoll, events, EVENTS, load->spins ? 0 : WAIT_MS);
        for (int i = 0; i < count; i++) {
            int taken = take(events[i].data.ptr, buffer);
            if (taken < 0 || (taken && !send_request(load, events[i].data.ptr)))
                return -1;
            answers += taken;
        }
        if (count <= 0 && !load->spins)
            return -1;
    }
    return finish(load, buffer, load->count) ? answers : -1;
}

double load_rate(struct load *load, int64_t round_us)
{
    int64_t passed_us, answers = ask_until(load, &passed_us, round_us, INT64_MAX);
    return answers < 0 ? 0 : (double)answers * (double)SECOND_US / (double)passed_us;
}

int64_t load_answers(struct load *load, int64_t least)
{
    int64_t passed_us, answers = ask_until(load, &passed_us, INT64_MAX, least);
    return answers < 0 ? 0 : answers + load->count;
}

size_t load_ask(int port, const char *request, char *answer, size_t size)
{
    int fd = connect_to(port);
    size_t len = 0, whole = 0, request_len = strlen(request);
    if (fd >= 0 && send(fd, request, request_len, MSG_NOSIGNAL) == (ssize_t)request_len)
        for (ssize_t got = 1; got > 0 && len < size && (!whole || len < whole);
             len += (size_t)got) {
            got = recv(fd, answer + len, size - len, 0);
            got = got < 0 ? 0 : got;
            whole = answer_len(answer, len + (size_t)got);
        }
    if (fd >= 0)
        close(fd);
    return len;
}

void load_pin(int core)
{
    cpu_set_t cores;
    CPU_ZERO(&cores);
    for (int i = 0; i < CPU_SETSIZE; i++)
        if (core == LOAD_ANYWHERE || i == core)
            CPU_SET((size_t)i, &cores);
    sched_setaffinity(0, sizeof cores, &cores);
}

double load_processor_s(pid_t pid)
{
    clockid_t its_clock;
    struct timespec used = {0};
    if (clock_getcpuclockid(pid, &its_clock) == 0)
        clock_gettime(its_clock, &used);
    return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

double load_processor_rate(pid_t server, int port, int connections, const char *request,
                           int64_t round_us)
{
    struct load load;
    double rate = 0, begun_s = load_processor_s(server);
    if (load_open(&load, port, connections, request)) {
        load.spins = true;
        rate = load_rate(&load, round_us);
    }
    load_close(&load);
    return rate * (double)round_us / (double)SECOND_US / (load_processor_s(server) - begun_s);
}
