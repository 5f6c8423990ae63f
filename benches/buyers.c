/* Buyers over HTTP: each fills a cart, goes to the checkout, and orders, as a browser would; asks
 * again where the server went away. Prints the id of each order that was told, and what became of
 * all of them.
 *
 *     buyers PORT THREADS LINES BUYERS MILLISECONDS VARIANT…
 *
 * Each buyer takes LINES of the variants by lot; they end after so many BUYERS, or so long. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/str.h"

enum {
    THREADS_MAX = 256,
    ANSWER_MAX = 256 << 10,
    REQUEST_MAX = 2048,
    WORD_MAX = 256,
    TRIES_MAX = 500, /* of one request, REST_MS apart */
    REST_MS = 20,
    STEPS_MAX = 3, /* of a checkout whose price changed meanwhile */
    WAIT_S = 10,
    NUMBERS = 5, /* that it is told */
};

struct crowd {
    int port, threads, lines, variant_count;
    long buyers, until_ms;
    char **variants;
    atomic_long next, ordered, turned_away, failed, retries;
};

struct buyer {
    struct crowd *crowd;
    pthread_t thread;
    unsigned seed;
    int fd, status;
    size_t len;
    char answer[ANSWER_MAX + 1];
    char cookie[WORD_MAX], place[WORD_MAX];
};

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool connect_to(struct buyer *buyer)
{
    const struct sockaddr_in at = {.sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)buyer->crowd->port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct timeval wait = {.tv_sec = WAIT_S};
    const int now = 1;
    if (buyer->fd >= 0)
        return true;
    buyer->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (buyer->fd >= 0 && connect(buyer->fd, (const struct sockaddr *)&at, sizeof at) == 0) {
        setsockopt(buyer->fd, IPPROTO_TCP, TCP_NODELAY, &now, sizeof now);
        setsockopt(buyer->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
        return true;
    }
    close(buyer->fd);
    buyer->fd = -1;
    return false;
}

/* What stands between two words, behind `from`; false where they do not. */
static bool cut_out(const char *from, const char *begin, const char *end, char word[WORD_MAX])
{
    const char *at = strcasestr(from, begin);
    const char *until = at ? strstr(at + strlen(begin), end) : NULL;
    if (!until)
        return false;
    at += strlen(begin);
    if ((size_t)(until - at) >= WORD_MAX)
        return false;
    memcpy(word, at, (size_t)(until - at));
    word[until - at] = '\0';
    return true;
}

/* A whole answer: its head, and as many bytes as that says. */
static bool hear(struct buyer *buyer)
{
    char length[WORD_MAX];
    size_t whole = 0;
    for (buyer->len = 0; !whole || buyer->len < whole;) {
        ssize_t got = recv(buyer->fd, buyer->answer + buyer->len, ANSWER_MAX - buyer->len, 0);
        if (got <= 0)
            return false;
        buyer->len += (size_t)got;
        buyer->answer[buyer->len] = '\0';
        const char *body = strstr(buyer->answer, "\r\n\r\n");
        if (!whole && body)
            whole = (size_t)(body + 4 - buyer->answer) +
                    (cut_out(buyer->answer, "\r\nContent-Length: ", "\r\n", length)
                         ? strtoul(length, NULL, 10)
                         : 0);
    }
    return true;
}

static bool ask_once(struct buyer *buyer, const char *request, size_t len)
{
    char word[WORD_MAX];
    if (!connect_to(buyer))
        return false;
    if (send(buyer->fd, request, len, MSG_NOSIGNAL) != (ssize_t)len || !hear(buyer)) {
        close(buyer->fd);
        buyer->fd = -1;
        return false;
    }
    buyer->status = (int)strtol(buyer->answer + strlen("HTTP/1.1 "), NULL, 10);
    if (cut_out(buyer->answer, "\r\nSet-Cookie: cart=", ";", word))
        memcpy(buyer->cookie, word, WORD_MAX);
    if (!cut_out(buyer->answer, "\r\nLocation: ", "\r\n", buyer->place))
        buyer->place[0] = '\0';
    return buyer->status != 503 && buyer->status != 429;
}

/* `form` is NULL of a GET. */
static bool ask(struct buyer *buyer, const char *path, const char *form)
{
    char request[REQUEST_MAX];
    int len = snprintf(request, sizeof request,
                       "%s %s HTTP/1.1\r\nHost: localhost\r\nCookie: cart=%s\r\n%s",
                       form ? "POST" : "GET", path, buyer->cookie,
                       form ? "Content-Type: application/x-www-form-urlencoded\r\n" : "");
    len += snprintf(request + len, sizeof request - (size_t)len, "Content-Length: %zu\r\n\r\n%s",
                    form ? strlen(form) : 0, form ? form : "");
    for (int i = 0; i < TRIES_MAX && len < REQUEST_MAX; i++) {
        if (ask_once(buyer, request, (size_t)len))
            return true;
        atomic_fetch_add(&buyer->crowd->retries, 1);
        nanosleep(&(struct timespec){.tv_nsec = REST_MS * 1000000L}, NULL);
    }
    return false;
}

static bool fill(struct buyer *buyer)
{
    const struct crowd *crowd = buyer->crowd;
    char form[WORD_MAX];
    buyer->cookie[0] = '\0';
    for (int i = 0; i < crowd->lines; i++) {
        const char *variant = crowd->variants[rand_r(&buyer->seed) % crowd->variant_count];
        snprintf(form, sizeof form, "variant=%s&quantity=1", variant);
        if (!ask(buyer, "/cart", form) || buyer->status != 303)
            return false;
    }
    return true;
}

/* True once it is known what became of it: the place is then the order's, or the cart's. */
static bool order(struct buyer *buyer, long number)
{
    char cart[WORD_MAX], seen[WORD_MAX], method[WORD_MAX], form[REQUEST_MAX / 2];
    bool shown = ask(buyer, "/checkout", NULL);
    for (int i = 0; i < STEPS_MAX && shown; i++) {
        if (buyer->status == 303)
            return true;
        if (!cut_out(buyer->answer, "name=\"form\" value=\"", "\"", cart) ||
            !cut_out(buyer->answer, "name=\"seen\" value=\"", "\"", seen) ||
            !cut_out(buyer->answer, "name=\"method\" value=\"", "\"", method))
            return false;
        snprintf(form, sizeof form,
                 "form=%s&seen=%s&act=order&email=buyer%ld%%40stoa.example&name=Ada+Stone&"
                 "street=Hauptstrasse+1&more=&postcode=10115&city=Berlin&region=&country=DE&"
                 "method=%s&payment=test&terms=1",
                 cart, seen, number, method);
        shown = ask(buyer, "/checkout", form);
    }
    return shown && buyer->status == 303;
}

static void *buy_on(void *arg)
{
    struct buyer *buyer = arg;
    struct crowd *crowd = buyer->crowd;
    long number;
    while ((number = atomic_fetch_add(&crowd->next, 1)) < crowd->buyers &&
           now_ms() < crowd->until_ms) {
        char id[WORD_MAX];
        if (!fill(buyer) || !order(buyer, number)) {
            if (!atomic_fetch_add(&crowd->failed, 1))
                fprintf(stderr, "buyers: %s\n", buyer->answer);
        } else if (cut_out(buyer->place, "/orders/", "", id)) {
            atomic_fetch_add(&crowd->ordered, 1);
            printf("%s\n", strstr(buyer->place, "/orders/") + strlen("/orders/"));
        } else {
            atomic_fetch_add(&crowd->turned_away, 1);
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    static struct crowd crowd;
    static struct buyer *buyers[THREADS_MAX];
    int64_t numbers[NUMBERS];
    for (int i = 0; i < NUMBERS; i++)
        if (argc < NUMBERS + 2 || str_to_int(str_from(argv[i + 1]), 0, INT32_MAX, &numbers[i]))
            return EXIT_FAILURE;
    long begun_ms = now_ms();
    crowd = (struct crowd){.port = (int)numbers[0],
                           .threads = (int)numbers[1],
                           .lines = (int)numbers[2],
                           .buyers = numbers[3],
                           .until_ms = begun_ms + numbers[4],
                           .variants = argv + 1 + NUMBERS,
                           .variant_count = argc - 1 - NUMBERS};
    for (int i = 0; i < crowd.threads && i < THREADS_MAX; i++) {
        buyers[i] = calloc(1, sizeof **buyers);
        if (!buyers[i])
            return EXIT_FAILURE;
        buyers[i]->crowd = &crowd;
        buyers[i]->fd = -1;
        buyers[i]->seed = (unsigned)i + 1;
        if (pthread_create(&buyers[i]->thread, NULL, buy_on, buyers[i]))
            return EXIT_FAILURE;
    }
    for (int i = 0; i < crowd.threads && i < THREADS_MAX; i++)
        pthread_join(buyers[i]->thread, NULL);
    printf("ordered %ld turned_away %ld failed %ld retries %ld ms %ld\n",
           atomic_load(&crowd.ordered), atomic_load(&crowd.turned_away), atomic_load(&crowd.failed),
           atomic_load(&crowd.retries), now_ms() - begun_ms);
    return EXIT_SUCCESS;
}
