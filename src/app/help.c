/* The commands that tell what Stoa is: help, version, settings. */
#include "app/build_info.h"
#include "app/commands_table.h"

static enum err help_all(struct app *app)
{
    buf_add(&app->out,
            STR("Stoa: the whole software of a retail company.\n\nUsage: stoa COMMAND\n\n"));
    for (const struct command *command = commands; command->name; command++)
        buf_addf(&app->out, "  %-20s %s\n", command->usage, command->summary);
    buf_add(&app->out,
            STR("\n\"stoa help COMMAND\" says more of one; \"stoa settings\" lists what the "
                "environment may change.\n"));
    return ERR_OK;
}

enum err command_help(struct app *app, const struct arguments *arguments)
{
    if (!arguments->word_count)
        return help_all(app);
    const struct command *command = command_find(arguments->words[0]);
    if (!command)
        return err_fail(&app->ctx.err, ERR_MISSING,
                        "There is no such command; \"stoa help\" lists them.", "%s",
                        arguments->words[0]);
    buf_addf(&app->out, "Usage: stoa %s\n\n%s\n", command->usage, command->summary);
    if (command->help[0])
        buf_addf(&app->out, "%s\n", command->help);
    return ERR_OK;
}

enum err command_version(struct app *app, const struct arguments *arguments)
{
    (void)arguments;
    buf_addf(&app->out, "stoa %s (%s, %s)\n", BUILD_VERSION, BUILD_COMPILER, BUILD_TYPE);
    return ERR_OK;
}

enum err command_settings(struct app *app, const struct arguments *arguments)
{
    (void)arguments;
    TRY(app_load_settings(app));
    for (size_t i = 0; i < SETTINGS_COUNT; i++) {
        const struct setting *setting = &settings_table[i];
        struct str help = str_from(setting->help), line;
        buf_addf(&app->out, "%s%s=", i ? "\n" : "", setting->name);
        setting_show(&app->out, setting, &app->settings);
        buf_add(&app->out, STR("\n    "));
        setting_add_rule(&app->out, setting);
        buf_addf(&app->out, "; preset: %s\n", setting->preset[0] ? setting->preset : "none");
        while (str_cut(&help, '\n', &line))
            buf_addf(&app->out, "    " STR_FMT "\n", STR_ARG(line));
    }
    return ERR_OK;
}
