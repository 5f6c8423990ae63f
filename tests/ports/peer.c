/* Plays scenes to whoever connects: one thread, a few connections, requests one after the other. */
#include "ports/peer.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/test.h"

enum { LOOK_MS = 20, CHUNK_LEN = 4096 };

static void nap(void)
{
    nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000L}, NULL);
}

static void listen_anywhere(struct test *t, struct peer *peer)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    peer->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(bind(peer->listener, (struct sockaddr *)&address, len) == 0);
    REQUIRE(listen(peer->listener, PEER_CONNECTIONS_MAX) == 0);
    REQUIRE(getsockname(peer->listener, (struct sockaddr *)&address, &len) == 0);
    peer->port = ntohs(address.sin_port);
}

/* How long the request is, head and body, as far as it says so; 0 where its head is not whole. */
static size_t request_len(struct str heard)
{
    size_t head = str_find(heard, STR("\r\n\r\n"));
    if (head == STR_NONE)
        return 0;
    struct str whole = str_slice(heard, 0, head), line;
    if (str_find(whole, STR("chunked")) != STR_NONE) {
        size_t end = str_find(heard, STR("\r\n0\r\n\r\n"));
        return end == STR_NONE ? 0 : end + 7;
    }
    int64_t body = 0;
    while (str_cut(&whole, '\n', &line)) {
        struct str name;
        if (str_cut(&line, ':', &name) && line.ptr &&
            str_equal_nocase(name, STR("Content-Length")) &&
            str_to_int(str_trim(line), 0, PEER_HEARD_MAX, &body))
            return 0;
    }
    return head + 4 + (size_t)body;
}

/* A whole request, kept behind those before; false where the other side went away. */
static bool hear(struct peer *peer, int fd)
{
    size_t from = peer->heard_len, len;
    do {
        ssize_t got = recv(fd, peer->heard + peer->heard_len, PEER_HEARD_MAX - peer->heard_len, 0);
        if (got <= 0)
            return false;
        peer->heard_len += (size_t)got;
        len = request_len(str_make(peer->heard + from, peer->heard_len - from));
    } while (!len || peer->heard_len - from < len);
    return true;
}

/* Goes on for ever, until nobody listens. */
static void go_on(const struct peer *peer, int fd, size_t len)
{
    char letters[CHUNK_LEN];
    memset(letters, 'x', sizeof letters);
    while (!peer->stops &&
           (send(fd, letters, len, MSG_NOSIGNAL | MSG_DONTWAIT) > 0 || errno == EAGAIN))
        if (len == 1)
            nap();
}

static void reset(int fd)
{
    struct linger now = {.l_onoff = 1};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

/* True where the connection stays. */
static bool play(struct peer *peer, int fd)
{
    if (!hear(peer, fd))
        return false;
    size_t number = (size_t)peer->requests++;
    const struct scene *scene =
        &peer->scenes[number < peer->scene_count ? number : peer->scene_count - 1];
    const char *answer = scene->answer ? scene->answer : "";
    if (*answer && send(fd, answer, strlen(answer), MSG_NOSIGNAL) < 0)
        return false;
    if (scene->then == PEER_DRIPS || scene->then == PEER_FLOODS)
        go_on(peer, fd, scene->then == PEER_DRIPS ? 1 : CHUNK_LEN);
    if (scene->then == PEER_RESETS)
        reset(fd);
    return scene->then == PEER_KEEPS;
}

static void take_connection(struct peer *peer)
{
    int fd = accept4(peer->listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    peer->connections++;
    if (peer->open_count == PEER_CONNECTIONS_MAX)
        close(fd);
    else
        peer->open[peer->open_count++] = fd;
}

static void *run(void *arg)
{
    struct peer *peer = arg;
    while (!peer->stops) {
        struct pollfd polled[PEER_CONNECTIONS_MAX + 1] = {{peer->listener, POLLIN, 0}};
        size_t count = peer->open_count;
        for (size_t i = 0; i < count; i++)
            polled[i + 1] = (struct pollfd){peer->open[i], POLLIN, 0};
        poll(polled, count + 1, LOOK_MS);
        for (size_t i = count; i-- > 0;)
            if (polled[i + 1].revents && !play(peer, peer->open[i])) {
                close(peer->open[i]);
                peer->open[i] = peer->open[--peer->open_count];
            }
        if (polled[0].revents)
            take_connection(peer);
    }
    return NULL;
}

void peer_start(struct test *t, struct peer *peer, const struct scene scenes[], size_t count)
{
    *peer = (struct peer){.scenes = scenes, .scene_count = count};
    listen_anywhere(t, peer);
    REQUIRE(pthread_create(&peer->thread, NULL, run, peer) == 0);
}

void peer_start_apart(struct test *t, struct peer *peer, const struct scene scenes[], size_t count)
{
    *peer = (struct peer){.scenes = scenes, .scene_count = count};
    listen_anywhere(t, peer);
    peer->pid = fork();
    REQUIRE(peer->pid >= 0);
    if (peer->pid)
        return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    run(peer);
    _exit(0);
}

void peer_stop(struct peer *peer)
{
    if (peer->pid) {
        kill(peer->pid, SIGKILL);
        waitpid(peer->pid, NULL, 0);
        close(peer->listener);
        return;
    }
    peer->stops = true;
    pthread_join(peer->thread, NULL);
    for (size_t i = 0; i < peer->open_count; i++)
        close(peer->open[i]);
    close(peer->listener);
}

bool peer_heard(const struct peer *peer, const char *words)
{
    return str_find(str_make(peer->heard, peer->heard_len), str_from(words)) != STR_NONE;
}
