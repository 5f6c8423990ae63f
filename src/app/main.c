/* The program's door: finds the command, runs it, and tells how it ended. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "base/crash.h"

enum { ENDED_WELL = 0, ENDED_FAILED = 1, ENDED_MISUSED = 2, ARGUMENTS_MAX = 256 };

static int tell_failure(const struct err_record *err)
{
    fprintf(stderr, "stoa: %s%s%s%s%s%s\n", err->field, err->field[0] ? ": " : "", err->user,
            err->operator[0] ? " (" : "", err->operator, err->operator[0] ? ")" : "");
    return ENDED_FAILED;
}

static int write_out(struct app *app)
{
    if (buf_err(&app->out)) {
        fprintf(stderr, "stoa: there is more to say than memory or limits allow\n");
        return ENDED_FAILED;
    }
    for (struct str rest = buf_str(&app->out); rest.len;) {
        ssize_t written = write(STDOUT_FILENO, rest.ptr, rest.len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            fprintf(stderr, "stoa: cannot write to standard output: %s\n", strerrordesc_np(errno));
            return ENDED_FAILED;
        }
        rest = str_slice(rest, (size_t)written, rest.len);
    }
    return ENDED_WELL;
}

static int run(struct app *app, int argc, char **argv)
{
    const char *words[ARGUMENTS_MAX];
    struct arguments arguments;
    const struct command *command = command_find(argc > 1 ? argv[1] : "help");
    if (!command) {
        fprintf(stderr, "stoa: there is no command \"%s\"; \"stoa help\" lists them\n", argv[1]);
        return ENDED_MISUSED;
    }
    if (argc > ARGUMENTS_MAX ||
        arguments_read(&app->ctx, command, argv + 2, argc > 1 ? argc - 2 : 0, words, &arguments)) {
        tell_failure(&app->ctx.err);
        return ENDED_MISUSED;
    }
    enum err err = command->run(app, &arguments);
    int status = write_out(app);
    return err ? tell_failure(&app->ctx.err) : status;
}

int main(int argc, char **argv)
{
    struct crash_stack stack;
    struct app app;
    crash_install(&stack);
    app_init(&app);
    int status = run(&app, argc, argv);
    app_release(&app);
    return status;
}
