/* Finds a command and checks what stands behind its name. */
#include "app/command.h"

#include <string.h>

const struct command *command_find(const char *name)
{
    for (const struct command *command = commands; command->name; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

/* The bit of an option of this command; 0 where it has no such option. */
static uint32_t option_bit(const struct command *command, const char *option)
{
    struct str rest = str_from(command->options), word;
    for (uint32_t bit = 1; str_cut(&rest, ' ', &word); bit <<= 1)
        if (word.len && str_equal(word, str_from(option)))
            return bit;
    return 0;
}

enum err arguments_read(struct ctx *ctx, const struct command *command, char **argv, int count,
                        struct arguments *arguments)
{
    *arguments = (struct arguments){.command = command, .words = argv};
    for (int i = 0; i < count; i++) {
        uint32_t bit = option_bit(command, argv[i]);
        if (!bit && strncmp(argv[i], "--", 2) == 0)
            return err_input(&ctx->err, argv[i], "is no option of it; usage: stoa %s",
                             command->usage);
        arguments->options |= bit;
        if (!bit)
            argv[arguments->word_count++] = argv[i];
    }
    if (arguments->word_count < command->words_min || arguments->word_count > command->words_max)
        return err_input(&ctx->err, command->name, "usage: stoa %s", command->usage);
    return ERR_OK;
}

bool arguments_have(const struct arguments *arguments, const char *option)
{
    return arguments->options & option_bit(arguments->command, option);
}
