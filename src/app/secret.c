/* The command secret: sets, lists and rotates. A value comes from standard input alone, because
 * everybody on the machine can read the words of a command. */
#include "app/secret.h"

#include <string.h>
#include <unistd.h>

#include "app/commands_table.h"
#include "app/sandbox.h"
#include "base/io.h"

enum { VALUE_ROOM = SECRETS_VALUE_MAX + 3 }; /* a line's end, and one byte to see that it is more */

static enum err locate(struct app *app, struct secrets_options *options)
{
    struct str key_file = app->settings.master_key_file;
    *options = (struct secrets_options){.lookup = settings_environ};
    TRY(app_make_folder(app));
    if (str_cstr(&app->arena, app->settings.stoa_data, &options->folder) ||
        (key_file.len && str_cstr(&app->arena, key_file, &options->master_key_file)))
        return err_memory(&app->ctx.err);
    return ERR_OK;
}

enum err secret_open(struct app *app, struct secrets **secrets)
{
    struct secrets_options options;
    TRY(locate(app, &options));
    return secrets_open(&app->ctx, &options, secrets);
}

enum err secret_look(struct app *app, struct secrets **secrets)
{
    struct secrets_options options;
    TRY(locate(app, &options));
    options.only_looks = true;
    return secrets_open(&app->ctx, &options, secrets);
}

/* The last line's end is not part of the value: what people type and what echo writes has one. */
static struct str without_line_end(struct str text)
{
    if (str_ends(text, STR("\n")))
        text.len--;
    if (str_ends(text, STR("\r")))
        text.len--;
    return text;
}

static enum err set(struct app *app, const struct secrets_options *options, struct str name)
{
    char room[VALUE_ROOM];
    ssize_t len = io_read_all(STDIN_FILENO, room, sizeof room);
    enum err err = len < 0 ? err_system(&app->ctx.err, "The value cannot be read.",
                                        "reading standard input")
                           : secrets_set(&app->ctx, options, name,
                                         without_line_end(str_make(room, (size_t)len)));
    explicit_bzero(room, sizeof room);
    if (!err)
        buf_addf(&app->out,
                 "The secret " STR_FMT " is set. What serves sees it from its next start on.\n",
                 STR_ARG(name));
    return err;
}

static enum err list(struct app *app, const struct secrets_options *options, struct str name)
{
    struct secrets *secrets;
    int64_t now_us = clock_now_us(&app->clock);
    (void)name;
    TRY(secrets_open(&app->ctx, options, &secrets));
    for (size_t i = 0; i < secrets_count(secrets); i++) {
        struct secrets_row row = secrets_at(secrets, i);
        char set_at[CLOCK_TEXT_MAX];
        clock_format(row.set_us, set_at);
        buf_addf(&app->out, "%-24s %-7s  version %-3u  since %.10s, %lld days\n", row.name,
                 row.is_purpose ? "purpose" : "secret", (unsigned)row.version, set_at,
                 (long long)((now_us - row.set_us) / DAY_US));
    }
    if (!secrets_count(secrets))
        buf_add(&app->out, STR("No secret is set.\n"));
    secrets_close(secrets);
    return ERR_OK;
}

static enum err rotate(struct app *app, const struct secrets_options *options, struct str purpose)
{
    uint32_t version;
    if (!purpose.len) {
        TRY(secrets_rotate(&app->ctx, options));
        buf_add(&app->out, STR("Everything is sealed under a new master key. Back it up.\n"));
        return ERR_OK;
    }
    TRY(secrets_rotate_purpose(&app->ctx, options, purpose, &version));
    buf_addf(&app->out, "The key of " STR_FMT " has the version %u from the next start on.\n",
             STR_ARG(purpose), (unsigned)version);
    return ERR_OK;
}

enum err command_secret(struct app *app, const struct arguments *arguments)
{
    static const struct {
        const char *verb;
        int names_min, names_max;
        enum err (*run)(struct app *app, const struct secrets_options *options, struct str name);
    } rows[] = {{"set", 1, 1, set}, {"list", 0, 0, list}, {"rotate", 0, 1, rotate}};
    int names = arguments->word_count - 1;
    struct secrets_options options;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(arguments->words[0], rows[i].verb) != 0)
            continue;
        if (names < rows[i].names_min || names > rows[i].names_max)
            break;
        TRY(app_load_settings(app));
        TRY(sandbox_forbid_cores(app));
        TRY(locate(app, &options));
        return rows[i].run(app, &options, str_from(names ? arguments->words[1] : NULL));
    }
    return err_input(&app->ctx.err, "secret",
                     "usage: stoa secret set NAME, stoa secret list, stoa secret rotate [PURPOSE]");
}
