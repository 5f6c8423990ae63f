/* The real program among clients by the thousand that are slow, stuck, or vanish: the others are
 * served as ever, and what those took is given back. */
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "harness/folder.h"
#include "letters.h"
#include "readers.h"
#include "site.h"
#include "web/server.h"

enum {
    CROWD = 2000, /* of each kind */
    WRITERS = 2,
    PAUSE_MS = 10, /* of those that behave, between two requests */
    ROUND_MS = 100,
    ROUNDS = SERVER_HEAD_MS / ROUND_MS + 20, /* the slow ones are cut by then */
    EACH_ROUND = CROWD / ROUNDS + 1,         /* of those that come and go */
    STAYS = 10,                              /* rounds that a listener stays */
    STUCK_ASKS = 60,                         /* requests behind each other */
    AT_ONCE = 4,                             /* stuck ones that come in a millisecond */
    STUCK_ROOM = 4 << 10,                    /* bytes that a stuck one takes */
    STUCK_PIECE = 536,                       /* and in so small packets */
    FILES_WANTED = 4 * CROWD + 256,
    FILES_MORE = 32, /* of the program, when all is over */
    MEMORY_MORE_KIB = 16 << 10,
    WARM_MS = 500,
    WAIT_S = 60,
    SECONDS = 240,
};

struct crowd {
    struct test *t;
    struct service service;
    int slow[CROWD], stuck[CROWD], listeners[CROWD];
    int came, left; /* of those that come and go */
    int64_t files_most, memory_most_kib;
    char listening[SITE_TEXT_MAX]; /* what those say who listen */
};

static void pause_ms(int64_t ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

static int64_t files_of(const struct crowd *crowd)
{
    char path[SITE_TEXT_MAX];
    int64_t count = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", (int)crowd->service.pid);
    DIR *folder = opendir(path);
    while (folder && readdir(folder))
        count++;
    if (folder)
        closedir(folder);
    return count;
}

static int64_t memory_kib_of(const struct crowd *crowd)
{
    char path[SITE_TEXT_MAX], text[SITE_TEXT_MAX];
    int64_t pages = -1;
    snprintf(path, sizeof path, "/proc/%d/statm", (int)crowd->service.pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof text);
    if (fd >= 0)
        close(fd);
    struct str rest = str_make(text, len > 0 ? (size_t)len : 0), all, resident;
    if (str_cut(&rest, ' ', &all) && str_cut(&rest, ' ', &resident))
        str_to_int(resident, 0, INT32_MAX, &pages);
    return pages * (sysconf(_SC_PAGESIZE) >> 10);
}

static void look(struct crowd *crowd)
{
    int64_t files = files_of(crowd), memory_kib = memory_kib_of(crowd);
    crowd->files_most = files > crowd->files_most ? files : crowd->files_most;
    if (memory_kib > crowd->memory_most_kib)
        crowd->memory_most_kib = memory_kib;
}

/* One that does not read takes little of an answer, as one who is far away; the system would keep
 * much of it between two on the same machine. */
static int enter(struct crowd *crowd, bool reads)
{
    struct test *t = crowd->t;
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)crowd->service.port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(fd >= 0);
    if (!reads) {
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &(int){STUCK_ROOM}, sizeof(int));
        setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &(int){STUCK_PIECE}, sizeof(int));
    }
    REQUIRE(connect(fd, (struct sockaddr *)&at, sizeof at) == 0);
    return fd;
}

static void say(int fd, const char *text)
{
    ssize_t sent = send(fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)sent; /* to whom it is closed, it is closed */
}

static void vanish(int fd)
{
    const struct linger now = {.l_onoff = 1, .l_linger = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(fd);
}

static void come_stuck(struct crowd *crowd)
{
    for (int i = 0; i < CROWD; i++) {
        crowd->stuck[i] = enter(crowd, false);
        for (int n = 0; n < STUCK_ASKS; n++)
            say(crowd->stuck[i], "GET /style HTTP/1.1\r\nHost: localhost\r\n\r\n");
        if (i % AT_ONCE == 0)
            pause_ms(1); /* a flood of requests would be turned away: that is another matter */
    }
}

static void come_slowly(struct crowd *crowd)
{
    for (int i = 0; i < CROWD; i++)
        crowd->slow[i] = enter(crowd, true);
}

static void go_on_slowly(struct crowd *crowd, int round)
{
    static const char head[] = "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";
    char byte[] = {round < (int)sizeof head - 1 ? head[round] : 's', '\0'};
    for (int i = 0; i < CROWD; i++)
        say(crowd->slow[i], byte);
}

/* Before a request, within it, and behind it. */
static void come_and_vanish(struct crowd *crowd)
{
    static const char *const words[] = {"", "GET / HT", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                                        "GET /admin/messages HTTP/1.1\r\nHost: localhost\r\n\r\n"};
    for (int i = 0; i < EACH_ROUND; i++) {
        int fd = enter(crowd, true);
        say(fd, words[(size_t)i % (sizeof words / sizeof *words)]);
        vanish(fd);
    }
}

static void prepare_to_listen(struct crowd *crowd)
{
    struct test *t = crowd->t;
    char cookie[SOMEBODY_COOKIE_MAX];
    REQUIRE(somebody_sign_in(t, &crowd->service, "listener", "readonly", cookie) == ERR_OK);
    snprintf(crowd->listening, sizeof crowd->listening,
             "GET /admin/messages/events HTTP/1.1\r\nHost: localhost\r\nCookie: %s\r\n\r\n",
             cookie);
}

static void come_and_listen(struct crowd *crowd)
{
    for (int i = 0; i < EACH_ROUND && crowd->came < CROWD; i++) {
        int fd = enter(crowd, true);
        say(fd, crowd->listening);
        crowd->listeners[crowd->came++] = fd;
    }
}

static void leave_listening(struct crowd *crowd, int most)
{
    for (int i = 0; i < most && crowd->left < crowd->came; i++)
        vanish(crowd->listeners[crowd->left++]);
}

static void crowd_in(struct crowd *crowd)
{
    come_stuck(crowd);
    come_slowly(crowd);
    for (int round = 0; round < ROUNDS; round++) {
        pause_ms(ROUND_MS);
        go_on_slowly(crowd, round);
        come_and_vanish(crowd);
        come_and_listen(crowd);
        if (round >= STAYS)
            leave_listening(crowd, EACH_ROUND);
        look(crowd);
    }
    leave_listening(crowd, CROWD);
}

/* Each was told that it took too long. */
static void check_slow(struct crowd *crowd)
{
    struct test *t = crowd->t;
    int told = 0;
    for (int i = 0; i < CROWD; i++) {
        char answer[16] = "";
        ssize_t got = recv(crowd->slow[i], answer, sizeof answer - 1, MSG_DONTWAIT);
        told += got > 0 && strncmp(answer, "HTTP/1.1 408", 12) == 0;
        close(crowd->slow[i]);
    }
    CHECK_INT(told, CROWD);
}

/* The stuck ones hold on to their ends, and are let go all the same. */
static void await_rest(struct crowd *crowd, int64_t files, int64_t memory_kib)
{
    struct test *t = crowd->t;
    int64_t files_now = 0, memory_now_kib = 0;
    for (int waited_ms = 0; waited_ms < WAIT_S * 1000; waited_ms += ROUND_MS) {
        files_now = files_of(crowd);
        memory_now_kib = memory_kib_of(crowd);
        if (files_now <= files + FILES_MORE && memory_now_kib <= memory_kib + MEMORY_MORE_KIB)
            break;
        pause_ms(ROUND_MS);
    }
    printf("# descriptors: %" PRId64 " before, %" PRId64 " at most, %" PRId64 " behind; "
           "KiB: %" PRId64 ", %" PRId64 ", %" PRId64 "\n",
           files, crowd->files_most, files_now, memory_kib, crowd->memory_most_kib, memory_now_kib);
    CHECK(crowd->files_most > files + 2 * CROWD);
    CHECK(files_now <= files + FILES_MORE);
    CHECK(memory_now_kib <= memory_kib + MEMORY_MORE_KIB);
}

static void allow_files(struct test *t)
{
    struct rlimit limit;
    REQUIRE(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    limit.rlim_cur = limit.rlim_max;
    REQUIRE(setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= FILES_WANTED);
}

TEST(crowd_of_clients_that_misbehave_harms_nobody)
{
    /* No proxy is trusted, so that this machine's connections are counted; and whoever is not root
     * may count its descriptors. */
    static const char *const environment[] = {"CONNECTIONS_EACH=20000", "TRUSTED_PROXIES=192.0.2.1",
                                              "SANDBOX=no", NULL};
    struct letters letters;
    struct crowd *crowd = ARENA_NEW(t->arena, struct crowd);
    REQUIRE(crowd != NULL);
    alarm(SECONDS);
    allow_files(t);
    *crowd = (struct crowd){.t = t};
    REQUIRE(service_prepare(t, test_folder(t, "torture/crowd"), environment, &crowd->service) ==
            ERR_OK);
    crowd->service.alone = true;
    REQUIRE(service_restart(t, &crowd->service) == ERR_OK);
    prepare_to_listen(crowd);
    letters_begin(t, &letters, crowd->service.port, WRITERS, PAUSE_MS);
    struct readers *readers = readers_begin(t, &crowd->service, PAUSE_MS);
    pause_ms(WARM_MS);
    int64_t files = files_of(crowd), memory_kib = memory_kib_of(crowd);
    crowd_in(crowd);
    check_slow(crowd);
    await_rest(crowd, files, memory_kib);
    readers_end(t, readers);
    letters_end(t, &letters);
    CHECK_INT(letters.repeated, 0);
    letters_check(t, &letters, &crowd->service);
    for (int i = 0; i < CROWD; i++)
        close(crowd->stuck[i]);
    CHECK_INT(service_stop(&crowd->service), 0);
}
