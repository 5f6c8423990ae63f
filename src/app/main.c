/* The program's door: finds the command, runs it, and tells how it ended. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "base/crash.h"
#include "base/io.h"

enum { ENDED_WELL = 0, ENDED_FAILED = 1, ENDED_MISUSED = 2 };

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
    if (!io_write_all(STDOUT_FILENO, buf_str(&app->out))) {
        fprintf(stderr, "stoa: cannot write to standard output: %s\n", strerrordesc_np(errno));
        return ENDED_FAILED;
    }
    return ENDED_WELL;
}

/* What people type before they know the commands. */
static const char *command_name(const char *word)
{
    static const char *const same[][2] = {
        {"--help", "help"}, {"-h", "help"}, {"--version", "version"}, {"-V", "version"}};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (strcmp(word, same[i][0]) == 0)
            return same[i][1];
    return word;
}

static int run(struct app *app, int argc, char **argv)
{
    struct arguments arguments;
    const struct command *command = command_find(argc > 1 ? command_name(argv[1]) : "help");
    if (!command) {
        fprintf(stderr, "stoa: there is no command \"%s\"; \"stoa help\" lists them\n", argv[1]);
        return ENDED_MISUSED;
    }
    if (arguments_read(&app->ctx, command, argv + 2, argc > 1 ? argc - 2 : 0, &arguments)) {
        tell_failure(&app->ctx.err);
        return ENDED_MISUSED;
    }
    enum err err = command->run(app, &arguments);
    int status = write_out(app);
    return err ? tell_failure(&app->ctx.err) : status;
}

/* A file that took the number of a closed standard stream would be written to by the log. A reader
 * that left, or a file that is as long as it may be, is a write that fails and no reason to die. */
static void settle_streams(void)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    int fd;
    do
        fd = open("/dev/null", O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGXFSZ, &ignore, NULL);
}

int main(int argc, char **argv)
{
    struct crash_stack stack;
    struct app app;
    crash_install(&stack);
    settle_streams();
    app_init(&app);
    app.argv = (const char *const *)argv;
    int status = run(&app, argc, argv);
    app_release(&app);
    return status;
}
