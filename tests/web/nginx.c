/* Starts an nginx on free ports, with nothing of the machine's own configuration. */
#include "web/nginx.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/process.h"
#include "harness/test.h"
#include "web/wire.h"

enum { PAUSE_MS = 5, PATH_LEN_MAX = 4096, CONFIG_MAX = 8 << 10 };

/* The first server reads a body before the second, which is the same process, hears of it. */
static const char config[] =
    "daemon off;\n"
    "master_process off;\n"
    "pid %1$s/pid;\n"
    "error_log %1$s/log info;\n"
    "events { worker_connections 256; }\n"
    "http {\n"
    "    access_log off;\n"
    "    client_body_temp_path %1$s/body;\n"
    "    proxy_temp_path %1$s/proxy;\n"
    "    fastcgi_temp_path %1$s/fastcgi;\n"
    "    uwsgi_temp_path %1$s/uwsgi;\n"
    "    scgi_temp_path %1$s/scgi;\n"
    "    server {\n"
    "        listen 127.0.0.1:%2$d;\n"
    "        client_max_body_size 0;\n"
    "        location / { proxy_pass http://127.0.0.1:%3$d/; proxy_http_version 1.1; }\n"
    "    }\n"
    "    server { listen 127.0.0.1:%3$d; location / { return 200 taken; } }\n"
    "}\n";

/* Ports that nobody listens on at this moment, different ones. */
static bool find_ports(int ports[2])
{
    int fds[2];
    bool found = true;
    for (int i = 0; i < 2; i++) {
        struct sockaddr_in address = {.sin_family = AF_INET,
                                      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        socklen_t size = sizeof address;
        fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        found = found && bind(fds[i], (struct sockaddr *)&address, size) == 0 &&
                getsockname(fds[i], (struct sockaddr *)&address, &size) == 0;
        ports[i] = ntohs(address.sin_port);
    }
    for (int i = 0; i < 2; i++)
        close(fds[i]);
    return found;
}

static bool write_config(const char *folder, const char *path, const int ports[2])
{
    FILE *file = fopen(path, "w");
    bool written = file && fprintf(file, config, folder, ports[0], ports[1]) > 0;
    return file && fclose(file) == 0 && written;
}

static _Noreturn void become(const char *folder, const char *path, pid_t parent)
{
    char log[PATH_LEN_MAX];
    snprintf(log, sizeof log, "%s/output", folder);
    int out = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
        dup2(out, STDOUT_FILENO) >= 0 && dup2(out, STDERR_FILENO) >= 0) {
        execlp("nginx", "nginx", "-p", folder, "-c", path, NULL);
        execl("/usr/sbin/nginx", "nginx", "-p", folder, "-c", path, NULL);
    }
    _exit(PROCESS_NOT_STARTED);
}

static enum err wait_until_it_serves(struct test *t, const char *folder, struct nginx *nginx)
{
    const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
    int status = 0;
    for (int waited_ms = 0; waited_ms < NGINX_START_S * 1000; waited_ms += PAUSE_MS) {
        int fd = wire_connect(nginx->port);
        if (fd >= 0)
            return close(fd), ERR_OK;
        if (waitpid(nginx->pid, &status, WNOHANG) == nginx->pid) {
            nginx->pid = 0;
            break;
        }
        nanosleep(&pause, NULL);
    }
    nginx_stop(nginx);
    if (WIFEXITED(status) && WEXITSTATUS(status) == PROCESS_NOT_STARTED)
        return err_fail(&t->ctx->err, ERR_MISSING, "", "nginx is not installed");
    return err_fail(&t->ctx->err, ERR_PEER, "", "nginx does not serve; %s/output says why", folder);
}

enum err nginx_start(struct test *t, const char *folder, struct nginx *nginx)
{
    char path[PATH_LEN_MAX];
    int ports[2];
    pid_t parent = getpid();
    snprintf(path, sizeof path, "%s/nginx.conf", folder);
    if (!find_ports(ports) || !write_config(folder, path, ports))
        return err_system(&t->ctx->err, "", "nothing could be made for nginx in %s", folder);
    *nginx = (struct nginx){.port = ports[0], .pid = fork()};
    if (nginx->pid == 0)
        become(folder, path, parent);
    if (nginx->pid < 0)
        return err_system(&t->ctx->err, "", "fork");
    return wait_until_it_serves(t, folder, nginx);
}

void nginx_stop(struct nginx *nginx)
{
    if (nginx->pid > 0 && kill(nginx->pid, SIGTERM) == 0)
        waitpid(nginx->pid, NULL, 0);
    nginx->pid = 0;
}
