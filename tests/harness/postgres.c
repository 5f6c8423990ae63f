/* Makes, starts, stops, kills and pauses a PostgreSQL server of a test's own. */
#include "harness/postgres.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <grp.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"
#include "harness/loopback.h"

enum {
    CHILDREN_MAX = 256,
    LINE_LEN_MAX = 512,
    TRY_MS = 10,
    RESTARTS_MAX = 50,
    RESTART_PAUSE_MS = 100,
};

static const char *const user = "postgres";

/* libc and libpq allocate some things once and for ever; the test that did so first would seem to
 * leak. */
__attribute__((constructor)) static void warm_up(void)
{
    char *why = NULL;
    (void)getpwnam(user);
    PQconninfoFree(PQconninfoParse("nonsense=1", &why));
    PQfreemem(why);
}

enum err postgres_program(struct ctx *ctx, const char *name, char path[POSTGRES_PROGRAM_MAX])
{
    glob_t found = {.gl_pathc = 0};
    char pattern[POSTGRES_PROGRAM_MAX];
    snprintf(pattern, sizeof pattern, "/usr/lib/postgresql/*/bin/%s", name);
    if (glob(pattern, 0, NULL, &found) == 0 && found.gl_pathc > 0)
        snprintf(path, POSTGRES_PROGRAM_MAX, "%s", found.gl_pathv[found.gl_pathc - 1]);
    size_t count = found.gl_pathc;
    globfree(&found);
    return count ? ERR_OK
                 : err_fail(&ctx->err, ERR_MISSING, "", "there is no %s: install postgresql", name);
}

/* PostgreSQL refuses to be root. What it is may change who it may die with: hence in this order. */
static bool become_user(int dies_by)
{
    if (geteuid() == 0) {
        const struct passwd *entry = getpwnam(user);
        if (!entry || setgroups(0, NULL) || setgid(entry->pw_gid) || setuid(entry->pw_uid))
            return false;
    }
    return prctl(PR_SET_PDEATHSIG, dies_by) == 0 && getppid() != 1;
}

static pid_t spawn(const char *const argv[], const char *out)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int to = open(out, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (to >= 0 && dup2(in, STDIN_FILENO) >= 0 && dup2(to, STDOUT_FILENO) >= 0 &&
        dup2(to, STDERR_FILENO) >= 0 && chdir("/") == 0 && become_user(SIGQUIT))
        execv(argv[0], (char *const *)argv);
    _exit(127);
}

static int wait_for(pid_t pid)
{
    int status = -1;
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

static void pause_ms(int wait_ms)
{
    (void)poll(NULL, 0, wait_ms);
}

static enum err run(struct ctx *ctx, const char *const argv[], const char *out)
{
    int status = wait_for(spawn(argv, out));
    return status == 0 ? ERR_OK
                       : err_fail(&ctx->err, ERR_IO, "", "%s failed (%d); %s says why", argv[0],
                                  status, out);
}

static enum err give_to_user(struct ctx *ctx, const char *folder)
{
    const struct passwd *entry = geteuid() == 0 ? getpwnam(user) : NULL;
    if (entry && chown(folder, entry->pw_uid, entry->pw_gid))
        return err_system(&ctx->err, "", "cannot give %s to %s", folder, user);
    return ERR_OK;
}

static enum err make_folder(struct ctx *ctx, const char *path)
{
    if (mkdir(path, 0700) && errno != EEXIST)
        return err_system(&ctx->err, "", "cannot make %s", path);
    return give_to_user(ctx, path);
}

static enum err init(struct ctx *ctx, const char *template, const char *log)
{
    char initdb[POSTGRES_PROGRAM_MAX];
    TRY(postgres_program(ctx, "initdb", initdb));
    TRY(make_folder(ctx, template));
    const char *const argv[] = {
        initdb,        "-D", template,           "-U", "stoa", "-A", "trust", "--encoding=UTF8",
        "--no-locale", "-N", "--data-checksums", NULL};
    return run(ctx, argv, log);
}

/* Whoever comes first makes the template; a name with a dot at its end says that it is whole. */
static enum err copy_template(struct ctx *ctx, const char *folder, const char *data)
{
    char base[PATH_MAX - 64], lock_path[PATH_MAX], whole[PATH_MAX], part[PATH_MAX], log[PATH_MAX];
    snprintf(base, sizeof base, "%s", folder);
    char *slash = strrchr(base, '/');
    if (slash)
        *slash = '\0';
    snprintf(lock_path, sizeof lock_path, "%s/.template.lock", base);
    snprintf(whole, sizeof whole, "%s/.template", base);
    snprintf(part, sizeof part, "%s/.template.%d", base, getpid());
    snprintf(log, sizeof log, "%s/initdb.log", folder);
    int lock = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0 || flock(lock, LOCK_EX) < 0)
        return err_system(&ctx->err, "", "cannot lock %s", lock_path);
    enum err err = ERR_OK;
    if (access(whole, F_OK)) {
        err = init(ctx, part, log);
        if (!err && rename(part, whole))
            err = err_system(&ctx->err, "", "cannot rename %s", part);
    }
    const char *const argv[] = {"/bin/cp", "-a", whole, data, NULL};
    if (!err)
        err = run(ctx, argv, log);
    close(lock);
    return err;
}

static enum err add_settings(struct ctx *ctx, const struct postgres *server)
{
    char path[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/postgresql.auto.conf", server->folder);
    FILE *file = fopen(path, "ae"); /* of what stands twice the last counts */
    if (!file)
        return err_system(&ctx->err, "", "cannot write %s", path);
    fprintf(file, "port = %d\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n",
            server->port);
    fprintf(file,
            "fsync = %s\nshared_buffers = '128MB'\nmax_connections = 120\n"
            "log_min_messages = error\nlog_min_error_statement = panic\n"
            "checkpoint_timeout = '1h'\nmax_wal_size = '2GB'\nautovacuum_naptime = '10s'\n",
            server->durable ? "on" : "off");
    return fclose(file) ? err_system(&ctx->err, "", "cannot write %s", path) : ERR_OK;
}

/* Without taking its end away: its number stays its own until postgres_kill has waited for it. */
static bool has_ended(pid_t pid)
{
    siginfo_t info = {.si_pid = 0};
    return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == pid;
}

static enum err wait_until_ready(struct ctx *ctx, const struct postgres *server,
                                 const char *database)
{
    struct clock clock = clock_system();
    int64_t end_us = clock_tick_us(&clock) + POSTGRES_START_S * SECOND_US;
    char address[LINE_LEN_MAX];
    snprintf(address, sizeof address,
             "host=127.0.0.1 port=%d user=stoa dbname=%s connect_timeout=5 gssencmode=disable",
             server->port, database);
    while (clock_tick_us(&clock) < end_us && !has_ended(server->pid)) {
        PGconn *pq = PQconnectdb(address);
        bool ready = PQstatus(pq) == CONNECTION_OK;
        PQfinish(pq);
        if (ready)
            return ERR_OK;
        pause_ms(TRY_MS);
    }
    return err_fail(&ctx->err, ERR_IO, "", "PostgreSQL did not start; %s.log says why",
                    server->folder);
}

static enum err start_server(struct ctx *ctx, struct postgres *server, const char *database)
{
    char postgres[POSTGRES_PROGRAM_MAX], log[PATH_MAX + 8];
    TRY(postgres_program(ctx, "postgres", postgres));
    snprintf(log, sizeof log, "%s.log", server->folder);
    server->pid = spawn((const char *const[]){postgres, "-D", server->folder, NULL}, log);
    if (server->pid > 0 && wait_until_ready(ctx, server, database) == ERR_OK)
        return ERR_OK;
    postgres_kill(server);
    return ctx->err.code ? ctx->err.code : err_fail(&ctx->err, ERR_IO, "", "cannot fork");
}

static enum err sql_at(struct ctx *ctx, const char *address, const char *text, struct str *said)
{
    PGconn *pq = PQconnectdb(address);
    PGresult *result = PQexec(pq, text);
    ExecStatusType status = PQresultStatus(result);
    enum err err = ERR_OK;
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        err = err_fail(&ctx->err, ERR_IO, "", "%s: %s", text, PQerrorMessage(pq));
    else if (said && PQntuples(result) > 0)
        err = str_copy(ctx->arena, str_from(PQgetvalue(result, 0, 0)), said);
    PQclear(result);
    PQfinish(pq);
    return err;
}

enum err postgres_sql(struct ctx *ctx, const struct postgres *server, const char *text,
                      struct str *said)
{
    return sql_at(ctx, server->url, text, said);
}

static void prepare(struct postgres *server, const char *folder, bool durable)
{
    *server = (struct postgres){.durable = durable, .port = loopback_free_port()};
    snprintf(server->folder, sizeof server->folder, "%s/data", folder);
    snprintf(server->url, sizeof server->url,
             "postgres://stoa@127.0.0.1:%d/stoa?gssencmode=disable", server->port);
}

enum err postgres_start(struct ctx *ctx, const char *folder, bool durable, struct postgres *server)
{
    char address[LINE_LEN_MAX];
    prepare(server, folder, durable);
    snprintf(address, sizeof address, "postgres://stoa@127.0.0.1:%d/postgres?gssencmode=disable",
             server->port);
    TRY(give_to_user(ctx, folder));
    TRY(copy_template(ctx, folder, server->folder));
    TRY(add_settings(ctx, server));
    TRY(start_server(ctx, server, "postgres"));
    return sql_at(ctx, address, "CREATE DATABASE stoa", NULL);
}

enum err postgres_start_standby(struct ctx *ctx, const char *folder, const struct postgres *primary,
                                struct postgres *server)
{
    char copy[POSTGRES_PROGRAM_MAX], log[PATH_MAX + 16];
    prepare(server, folder, primary->durable);
    snprintf(log, sizeof log, "%s/copy.log", folder);
    TRY(give_to_user(ctx, folder));
    TRY(postgres_program(ctx, "pg_basebackup", copy));
    const char *const argv[] = {copy, "-D",   server->folder, "-R",         "-N",
                                "-c", "fast", "-d",           primary->url, NULL};
    TRY(run(ctx, argv, log));
    TRY(add_settings(ctx, server));
    return start_server(ctx, server, "stoa");
}

enum err postgres_promote(struct ctx *ctx, const struct postgres *server)
{
    return postgres_sql(ctx, server, "SELECT pg_promote()", NULL);
}

/* The memory that killed processes shared is the kernel's again a moment later; as long as it is
 * not, a new server ends at once. */
enum err postgres_restart(struct ctx *ctx, struct postgres *server)
{
    enum err err;
    for (int tried = 1;; tried++) {
        err_clear(&ctx->err);
        err = start_server(ctx, server, "stoa");
        if (!err || tried == RESTARTS_MAX)
            return err;
        pause_ms(RESTART_PAUSE_MS);
    }
}

/* The fourth word of /proc/PID/stat; the second, its name, ends with the last parenthesis. */
static pid_t parent_of(const char *pid)
{
    char path[LINE_LEN_MAX], line[LINE_LEN_MAX] = {0};
    snprintf(path, sizeof path, "/proc/%.16s/stat", pid);
    FILE *file = fopen(path, "re");
    const char *name_end = file && fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
    if (file)
        fclose(file);
    return name_end && strlen(name_end) > 4 ? (pid_t)strtol(name_end + 4, NULL, 10) : 0;
}

static size_t children_of(pid_t parent, pid_t children[CHILDREN_MAX])
{
    size_t count = 0;
    DIR *folder = opendir("/proc");
    for (struct dirent *entry; folder && count < CHILDREN_MAX && (entry = readdir(folder));)
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
            parent_of(entry->d_name) == parent)
            children[count++] = (pid_t)strtol(entry->d_name, NULL, 10);
    if (folder)
        closedir(folder);
    return count;
}

/* The postmaster first: it would start again what is killed. */
static void signal_all(const struct postgres *server, int number)
{
    pid_t children[CHILDREN_MAX];
    if (server->pid <= 0)
        return;
    kill(server->pid, SIGSTOP);
    size_t count = children_of(server->pid, children);
    for (size_t i = 0; i < count; i++)
        kill(children[i], number);
    kill(server->pid, number);
}

void postgres_kill(struct postgres *server)
{
    signal_all(server, SIGKILL);
    wait_for(server->pid);
    server->pid = 0;
}

void postgres_stop(struct postgres *server)
{
    if (server->pid > 0)
        kill(server->pid, SIGINT);
    wait_for(server->pid);
    server->pid = 0;
}

void postgres_pause(struct postgres *server)
{
    signal_all(server, SIGSTOP);
}

void postgres_go_on(struct postgres *server)
{
    signal_all(server, SIGCONT);
}
