/* Commands: a table row each, and a function that writes what the command has to say.
 *
 *     backup FILE                                        a row of commands.tbl
 *       Write a copy of all data to FILE, while Stoa runs.
 *
 *     enum err command_backup(struct app *app, const struct arguments *arguments)
 *     {
 *         buf_addf(&app->out, "written to %s\n", arguments->words[0]);
 *         return ERR_OK;
 *     }
 *
 * A command writes to app->out, which goes to standard output at the end, whole; a failure it
 * returns is told on standard error with the words of app->ctx.err, and the status is 1. Options
 * and the number of words were checked against the table before it is called. */
#ifndef STOA_APP_COMMAND_H
#define STOA_APP_COMMAND_H

#include "app/app.h"

/* What stood behind the command's name. */
struct arguments {
    const struct command *command;
    char **words; /* those that are no options */
    int word_count;
    uint32_t options; /* a bit for each of the command's options, in their order, that was given */
};

struct command {
    const char *name;
    const char *usage;   /* "doctor [--json]" */
    const char *options; /* "--json ", each followed by a space */
    int words_min, words_max;
    const char *summary, *help;
    enum err (*run)(struct app *app, const struct arguments *arguments);
};

extern const struct command commands[]; /* generated; ends with a row of NULL */

const struct command *command_find(const char *name); /* NULL where there is none */

/* Reads what stands behind the name, and moves the words to the front of `argv`. */
enum err arguments_read(struct ctx *ctx, const struct command *command, char **argv, int count,
                        struct arguments *arguments);

bool arguments_have(const struct arguments *arguments, const char *option);

#endif
