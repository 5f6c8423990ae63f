/* Pages over HTTP, beside nginx that serves the same bytes as a file. Each server has one core to
 * itself and the load another, so that what is measured is what a server does with a core. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "load.h"

enum {
    CLIENTS = 64,
    SERVER_CORE = 0,
    LOAD_CORE = 1,
    PAGE_ROUND_US = 200000,
    PATH_BYTES = 512,
    CONFIG_MAX = 4096,
    ANSWER_MAX = 64 << 10,
    START_TRIES = 2000, /* of 10 ms: filling the shelf takes its time */
    PAUSE_NS = 10000000,
    REMOVE_OPEN_MAX = 16,
};

static const char ask_page[] = "GET /page?after=######## HTTP/1.1\r\nHost: bench\r\n\r\n";
static const char ask_page_zero[] = "GET /page HTTP/1.1\r\nHost: bench\r\n\r\n";
static const char ask_cached[] = "GET /cached HTTP/1.1\r\nHost: bench\r\n\r\n";
static const char ask_fixed[] = "GET /fixed HTTP/1.1\r\nHost: bench\r\n\r\n";

/* The reference. What is not said here is nginx's own preset. */
static const char nginx_conf[] =
    "daemon off; master_process off; pid %s/nginx.pid; error_log %s/error.log;\n"
    "events { worker_connections 1024; }\n"
    "http {\n"
    "  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;\n"
    "  open_file_cache max=100 inactive=60s; default_type text/html;\n"
    "  client_body_temp_path %s/t1; proxy_temp_path %s/t2; fastcgi_temp_path %s/t3;\n"
    "  uwsgi_temp_path %s/t4; scgi_temp_path %s/t5;\n"
    "  server { listen 127.0.0.1:%d; root %s;\n"
    "    location = /fixed { default_type text/plain;\n"
    "      return 200 \"A few bytes that are always the same.\\n\"; } }\n"
    "}\n";

struct bench_page {
    char folder[64];
    pid_t ours, nginx;
    int our_port, nginx_port;
};

static int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool found = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
                 getsockname(fd, (struct sockaddr *)&address, &size) == 0;
    if (fd >= 0)
        close(fd);
    return found ? ntohs(address.sin_port) : 0;
}

static pid_t start(const char *const argv[], int core)
{
    pid_t parent = getpid(), pid = fork();
    if (pid != 0)
        return pid;
    if (core >= 0)
        load_pin(core);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent)
        execvp(argv[0], (char *const *)argv);
    _exit(127);
}

static void stop(pid_t pid)
{
    if (pid > 0 && kill(pid, SIGTERM) == 0)
        waitpid(pid, NULL, 0);
}

/* True once it answers that request with 200. */
static bool answers(pid_t pid, int port, const char *request)
{
    char answer[ANSWER_MAX];
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    for (int tries = 0; tries < START_TRIES; tries++) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        bool there = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
        close(fd);
        if (there)
            return load_ask(port, request, answer, sizeof answer) > 12 &&
                   memcmp(answer, "HTTP/1.1 200", 12) == 0;
        if (waitpid(pid, NULL, WNOHANG) == pid)
            return false;
        nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
    }
    return false;
}

static bool start_ours(struct bench_page *bench)
{
    char port[16], program[PATH_BYTES];
    snprintf(port, sizeof port, "%d", bench->our_port);
    ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);
    if (len < 0)
        return false;
    program[len] = '\0';
    char *slash = strrchr(program, '/');
    if (!slash || slash + sizeof "/page_server" > program + sizeof program)
        return false;
    memcpy(slash, "/page_server", sizeof "/page_server");
    bench->ours = start((const char *[]){program, port, bench->folder, NULL}, SERVER_CORE);
    return answers(bench->ours, bench->our_port, ask_page_zero);
}

static bool write_file(const char *path, const char *bytes, size_t len)
{
    FILE *file = fopen(path, "we");
    bool written = file && fwrite(bytes, 1, len, file) == len;
    return file && fclose(file) == 0 && written;
}

/* The very bytes of our page, as files of nginx. */
static bool write_pages(struct bench_page *bench)
{
    static const char *const names[] = {"page", "cached"};
    char answer[ANSWER_MAX], path[PATH_BYTES];
    size_t len = load_ask(bench->our_port, ask_page_zero, answer, sizeof answer);
    const char *body = memmem(answer, len, "\r\n\r\n", 4);
    bool fine = body != NULL;
    for (size_t i = 0; fine && i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", bench->folder, names[i]);
        fine = write_file(path, body + 4, len - (size_t)(body + 4 - answer));
    }
    return fine;
}

static bool start_nginx(struct bench_page *bench)
{
    char text[CONFIG_MAX], path[PATH_BYTES];
    const char *folder = bench->folder;
    int len = snprintf(text, sizeof text, nginx_conf, folder, folder, folder, folder, folder,
                       folder, folder, bench->nginx_port, folder);
    snprintf(path, sizeof path, "%s/nginx.conf", folder);
    if (!write_file(path, text, (size_t)len))
        return false;
    bench->nginx = start((const char *[]){"nginx", "-p", folder, "-c", path, NULL}, SERVER_CORE);
    return answers(bench->nginx, bench->nginx_port, ask_page_zero);
}

static int remove_each(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info, (void)kind, (void)where;
    return remove(path);
}

static void page_bench_close(void *state)
{
    struct bench_page *bench = state;
    stop(bench->ours);
    stop(bench->nginx);
    nftw(bench->folder, remove_each, REMOVE_OPEN_MAX, FTW_DEPTH | FTW_PHYS);
    free(bench);
}

static void *page_bench_open(void)
{
    struct bench_page *bench = calloc(1, sizeof *bench);
    if (!bench)
        return NULL;
    snprintf(bench->folder, sizeof bench->folder, "/var/tmp/stoa-bench-XXXXXX");
    bench->our_port = free_port();
    bench->nginx_port = free_port();
    if (mkdtemp(bench->folder) && chmod(bench->folder, 0755) == 0 && start_ours(bench) &&
        write_pages(bench) && start_nginx(bench)) {
        load_pin(LOAD_CORE);
        return bench;
    }
    fprintf(stderr, "page: a server did not start\n");
    page_bench_close(bench);
    return NULL;
}

static double rate_of(int port, const char *request)
{
    struct load load;
    double rate = load_open(&load, port, CLIENTS, request) ? load_rate(&load, PAGE_ROUND_US) : 0;
    load_close(&load);
    return rate;
}

#define SIDES(name, request)                                  \
    static double name##_ours(void *state, int64_t round_us)  \
    {                                                         \
        const struct bench_page *bench = state;               \
        (void)round_us;                                       \
        return rate_of(bench->our_port, request);             \
    }                                                         \
    static double name##_nginx(void *state, int64_t round_us) \
    {                                                         \
        const struct bench_page *bench = state;               \
        (void)round_us;                                       \
        return rate_of(bench->nginx_port, request);           \
    }

SIDES(page, ask_page)
SIDES(page_cached, ask_cached)
SIDES(fixed, ask_fixed)

static const struct bench_figure figures[] = {
    {"page", BENCH_PER_SECOND, {{"stoa", page_ours}, {"nginx, a file", page_nginx}}},
    {"page_cached",
     BENCH_PER_SECOND,
     {{"stoa", page_cached_ours}, {"nginx, a file", page_cached_nginx}}},
    {"fixed", BENCH_PER_SECOND, {{"stoa", fixed_ours}, {"nginx, return", fixed_nginx}}},
    {0},
};

const struct bench_group page_bench = {"page", page_bench_open, page_bench_close, figures};
