/* A load of HTTP/1.1 from one thread: connections that ask again as soon as they were answered.
 *
 *     struct load load;
 *     if (load_open(&load, port, 64, "GET /page?after=######## HTTP/1.1\r\nHost: bench\r\n\r\n"))
 *         rate = load_rate(&load, 200000);          answers a second, or 0
 *     load_close(&load);
 *
 * ######## becomes another number below LOAD_NUMBERS each time. Every answer must begin with
 * "HTTP/1.1 2" and be as long as the first one of its connection: so the load costs little beside
 * what it measures, and still sees an answer that is none. */
#ifndef STOA_BENCHES_LOAD_H
#define STOA_BENCHES_LOAD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/str.h"

enum {
    LOAD_ANYWHERE = -1,
    LOAD_CONNECTIONS_MAX = 256,
    LOAD_REQUEST_MAX = 1024,
    LOAD_NUMBERS = 99900
};

struct load_connection {
    int fd;
    size_t answer_len; /* of one answer, once the first was seen */
    size_t got;        /* of the answer under way */
};

struct load {
    int epoll, count;
    char request[LOAD_REQUEST_MAX];
    size_t request_len, number_at; /* where the number stands; STR_NONE where there is none */
    uint32_t number;
    bool spins; /* never sleeps, on a core of its own: waking it is then no server's work */
    struct load_connection connections[LOAD_CONNECTIONS_MAX];
};

/* Connects to the loopback address. False, having said why on standard error, where it cannot. */
bool load_open(struct load *load, int port, int connections, const char *request);
void load_close(struct load *load);

double load_rate(struct load *load, int64_t round_us);

/* The same until at least so many were answered, however long it takes: all that were, or 0. */
int64_t load_answers(struct load *load, int64_t least);

/* The same from beginning to end, in answers a second of the server's own processor time. */
double load_processor_rate(pid_t server, int port, int connections, const char *request,
                           int64_t round_us);

/* What a process had of the processors until now, in seconds. */
double load_processor_s(pid_t pid);

/* One request and its whole answer, head included, as long as `answer` has room; its length. */
size_t load_ask(int port, const char *request, char *answer, size_t size);

/* Keeps the calling thread, and what it starts, on the core of that number, or LOAD_ANYWHERE. */
void load_pin(int core);

#endif
