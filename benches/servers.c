/* Starts servers, waits for them, and ends them. */
#include "servers.h"

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

#include "load.h"

enum {
    CONFIG_MAX = 4096,
    ANSWER_MAX = 64 << 10,
    START_TRIES = 60000, /* of a millisecond: filling a shelf takes its time */
    PAUSE_NS = 1000000,
    REMOVE_OPEN_MAX = 16,
    CHILDREN_MAX = 256,
};

/* What is not said here is nginx's own preset. */
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

static struct sockaddr_in loopback(int port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

int servers_port(void)
{
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool found = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
                 getsockname(fd, (struct sockaddr *)&address, &size) == 0;
    if (fd >= 0)
        close(fd);
    return found ? ntohs(address.sin_port) : 0;
}

pid_t servers_start(const char *const argv[], const char *const environment[], int core)
{
    pid_t parent = getpid(), pid = fork();
    if (pid != 0)
        return pid;
    for (; environment && *environment; environment++)
        putenv((char *)*environment);
    if (core != SERVERS_ANYWHERE)
        load_pin(core);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
        freopen("/dev/null", "w", stdout))
        execvp(argv[0], (char *const *)argv);
    _exit(127);
}

void servers_stop(pid_t pid)
{
    if (pid > 0 && kill(pid, SIGTERM) == 0)
        waitpid(pid, NULL, 0);
}

pid_t servers_child(pid_t pid)
{
    char line[CHILDREN_MAX] = "";
    long child = 0;
    snprintf(line, sizeof line, "/proc/%d/task/%d/children", (int)pid, (int)pid);
    int fd = open(line, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? 0 : read(fd, line, sizeof line - 1);
    if (fd >= 0)
        close(fd);
    line[len > 0 ? len : 0] = '\0';
    char *at = line, *end = line;
    for (long each = strtol(at, &end, 10); each > 0; each = strtol(at, &end, 10)) {
        child = each;
        at = end;
    }
    return (pid_t)child;
}

static bool takes_connections(int port)
{
    struct sockaddr_in address = loopback(port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool taken = fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    if (fd >= 0)
        close(fd);
    return taken;
}

bool servers_answer(pid_t pid, int port, const char *request)
{
    static const char good[] = "HTTP/1.1 2";
    char answer[ANSWER_MAX];
    for (int tries = 0; tries < START_TRIES; tries++) {
        if (takes_connections(port))
            return load_ask(port, request, answer, sizeof answer) > sizeof good &&
                   memcmp(answer, good, sizeof good - 1) == 0;
        if (waitpid(pid, NULL, WNOHANG) == pid)
            return false;
        nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
    }
    return false;
}

bool servers_program(const char *name, char path[SERVERS_PATH_MAX])
{
    char own[SERVERS_PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", own, sizeof own - 1);
    if (len < 0)
        return false;
    own[len] = '\0';
    for (int folders = 0; folders < 2; folders++) {
        char *slash = strrchr(own, '/');
        if (!slash)
            return false;
        *slash = '\0';
    }
    return snprintf(path, SERVERS_PATH_MAX, "%s/%s", own, name) < SERVERS_PATH_MAX;
}

bool servers_write_file(const char *path, const char *bytes, size_t len)
{
    FILE *file = fopen(path, "we");
    bool written = file && fwrite(bytes, 1, len, file) == len;
    return file && fclose(file) == 0 && written;
}

pid_t servers_start_nginx(const char *folder, int port, int core)
{
    char text[CONFIG_MAX], path[SERVERS_PATH_MAX];
    int len = snprintf(text, sizeof text, nginx_conf, folder, folder, folder, folder, folder,
                       folder, folder, port, folder);
    snprintf(path, sizeof path, "%s/nginx.conf", folder);
    if (!servers_write_file(path, text, (size_t)len))
        return -1;
    return servers_start((const char *[]){"nginx", "-p", folder, "-c", path, NULL}, NULL, core);
}

/* On a disk, not in memory. nginx's worker may be another user, who must get in. */
bool servers_make_folder(char folder[SERVERS_FOLDER_MAX])
{
    snprintf(folder, SERVERS_FOLDER_MAX, "/var/tmp/stoa-bench-XXXXXX");
    return mkdtemp(folder) && chmod(folder, 0755) == 0;
}

static int remove_each(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info, (void)kind, (void)where;
    return remove(path);
}

void servers_remove_folder(const char *folder)
{
    nftw(folder, remove_each, REMOVE_OPEN_MAX, FTW_DEPTH | FTW_PHYS);
}
