/* Runs PostgreSQL's own programs; where and as whom to connect goes through the environment. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "ports/db/postgres_inside.h"

enum {
    CHILD_VARIABLES_MAX = 512,
    CHILD_VARIABLE_MAX = 4096,
    CHILD_WORDS_MAX = 384, /* of what it says, the last that are kept */
    CHILD_POLL_MS = 200,
};

/* "PGHOST=…" for each option of the connection that has a variable. Arguments are seen by everybody
 * on the machine, the environment only by the user's own processes. */
static enum err environment_make(struct ctx *ctx, const PQconninfoOption *list,
                                 char *variables[CHILD_VARIABLES_MAX + 1])
{
    size_t count = 0;
    for (char **own = environ; *own && count < CHILD_VARIABLES_MAX; own++)
        if (strncmp(*own, "PG", 2) != 0)
            variables[count++] = *own;
    for (; list->keyword && count < CHILD_VARIABLES_MAX; list++) {
        struct buf text;
        if (!list->envvar || !list->val || !list->val[0])
            continue;
        buf_init(&text, ctx->arena, CHILD_VARIABLE_MAX);
        buf_addf(&text, "%s=%s", list->envvar, list->val);
        buf_addc(&text, '\0');
        if (buf_err(&text))
            return err_memory(&ctx->err);
        variables[count++] = text.ptr;
    }
    variables[count] = NULL;
    return ERR_OK;
}

/* Keeps the end of what it says, where the reason stands. */
static void keep_end(char words[CHILD_WORDS_MAX], size_t *len, const char *more, size_t size)
{
    size_t room = CHILD_WORDS_MAX - 1;
    if (size > room) {
        more += size - room;
        size = room;
    }
    if (*len + size > room) {
        size_t gone = *len + size - room;
        memmove(words, words + gone, *len - gone);
        *len -= gone;
    }
    memcpy(words + *len, more, size);
    *len += size;
    words[*len] = '\0';
}

/* Until it closes its standard error, which is when it ends. */
static enum err listen_to(struct ctx *ctx, int fd, char words[CHILD_WORDS_MAX])
{
    size_t len = 0;
    char bytes[CHILD_WORDS_MAX];
    for (struct pollfd ready = {.fd = fd, .events = POLLIN};;) {
        TRY(ctx_check_deadline(ctx));
        int found = poll(&ready, 1, CHILD_POLL_MS);
        if (found == 0 || (found < 0 && errno == EINTR))
            continue;
        ssize_t got = found < 0 ? -1 : read(fd, bytes, sizeof bytes);
        if (got < 0 && errno != EINTR)
            return err_system(&ctx->err, "Something went wrong on our side.", "reading a pipe");
        if (got == 0)
            return ERR_OK;
        if (got > 0)
            keep_end(words, &len, bytes, (size_t)got);
    }
}

static int spawn(const char *const argv[], char *variables[], int says, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed)
        return failed;
    failed = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (!failed)
        failed = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY,
                                                  0);
    if (!failed)
        failed = posix_spawn_file_actions_adddup2(&actions, says, STDERR_FILENO);
    if (!failed)
        failed = posix_spawnp(pid, argv[0], &actions, NULL, (char *const *)argv, variables);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

static enum err finish(struct ctx *ctx, const char *program, pid_t pid, const char *words)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return ERR_OK;
    return err_fail(&ctx->err, ERR_IO, "The database's own program failed.",
                    "%s ended with status %d: %s", program,
                    WIFEXITED(status) ? WEXITSTATUS(status) : -1, words);
}

static enum err start(struct ctx *ctx, const char *const argv[], char *variables[], int *hears,
                      pid_t *pid)
{
    int says[2];
    if (pipe2(says, O_CLOEXEC) < 0)
        return err_system(&ctx->err, "Something went wrong on our side.", "no pipe");
    int failed = spawn(argv, variables, says[1], pid);
    close(says[1]);
    *hears = says[0];
    if (!failed)
        return ERR_OK;
    close(says[0]);
    if (failed == ENOENT)
        return err_fail(&ctx->err, ERR_IO, "A program that this needs is not installed.",
                        "%s is missing: install the package postgresql-client", argv[0]);
    errno = failed;
    return err_system(&ctx->err, "Something went wrong on our side.", "cannot run %s", argv[0]);
}

enum err postgres_child_run(struct db_connection *connection, struct ctx *ctx,
                            const char *const argv[])
{
    char *variables[CHILD_VARIABLES_MAX + 1], words[CHILD_WORDS_MAX] = {0};
    int hears;
    pid_t pid;
    PQconninfoOption *list = PQconninfo(connection->pq);
    if (!list)
        return err_memory(&ctx->err);
    enum err err = environment_make(ctx, list, variables);
    PQconninfoFree(list);
    TRY(err);
    TRY(start(ctx, argv, variables, &hears, &pid));
    err = listen_to(ctx, hears, words);
    close(hears);
    struct err_record why = ctx->err;
    if (err)
        kill(pid, SIGKILL);
    enum err ended = finish(ctx, argv[0], pid, words);
    if (!err)
        return ended;
    ctx->err = why;
    return err;
}
