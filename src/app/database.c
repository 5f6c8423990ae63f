/* The commands that look after the database: migrate, backup, check, restore. */
#include <errno.h>
#include <sys/stat.h>

#include "app/commands_table.h"
#include "app/wiring.h"
#include "ports/db/backup.h"
#include "ports/db/migrate.h"

/* "sqlite:stoa.db" is a file in the data folder, which is made if need be. */
static enum err locate(struct app *app, struct str *url)
{
    static const char scheme[] = "sqlite:";
    struct str path = str_slice(app->settings.database_url, sizeof scheme - 1, STR_NONE);
    const char *folder;
    *url = app->settings.database_url;
    if (!str_starts(*url, STR("sqlite:")) || str_starts(path, STR("/")))
        return ERR_OK;
    TRY(str_cstr(&app->arena, app->settings.stoa_data, &folder));
    if (mkdir(folder, 0700) && errno != EEXIST)
        return err_system(&app->ctx.err, "The data folder cannot be made.", "mkdir %s", folder);
    struct buf located;
    buf_init(&located, &app->arena, APP_OUTPUT_MAX);
    buf_addf(&located, "%s%s/" STR_FMT, scheme, folder, STR_ARG(path));
    *url = buf_str(&located);
    return buf_err(&located) ? err_memory(&app->ctx.err) : ERR_OK;
}

static enum err read_options(struct app *app, struct db_options *options)
{
    TRY(app_load_settings(app));
    *options = (struct db_options){.schemas = wiring_schemas};
    return locate(app, &options->url);
}

static enum err open_database(struct app *app, struct db **db)
{
    struct db_options options;
    TRY(read_options(app, &options));
    return db_open(&app->ctx, &options, db);
}

static void list_steps(struct buf *out, const struct migrate_plan *plan, const char *verb)
{
    for (size_t i = 0; i < plan->count; i++)
        buf_addf(out, "%s %s %04d %s\n", verb, plan->steps[i].schema->room,
                 plan->steps[i].migration->number, plan->steps[i].migration->name);
    if (!plan->count)
        buf_add(out, STR("Nothing to do: the database is as this release wants it.\n"));
}

enum err command_migrate(struct app *app, const struct arguments *arguments)
{
    struct db *db;
    struct migrate_plan *plan = ARENA_NEW(&app->arena, struct migrate_plan);
    bool only_plan = arguments_have(arguments, "--plan");
    if (!plan)
        return err_memory(&app->ctx.err);
    TRY(open_database(app, &db));
    enum err err = (only_plan ? migrate_plan : migrate_run)(db, &app->ctx, plan);
    if (plan->count || !err)
        list_steps(&app->out, plan, only_plan ? "would run" : "ran");
    db_close(db);
    return err;
}

enum err command_backup(struct app *app, const struct arguments *arguments)
{
    struct db *db;
    TRY(open_database(app, &db));
    enum err err = db_backup(db, &app->ctx, arguments->words[0]);
    db_close(db);
    if (!err)
        buf_addf(&app->out, "The backup is in %s.\n", arguments->words[0]);
    return err;
}

enum err command_check(struct app *app, const struct arguments *arguments)
{
    struct db *db;
    struct buf findings;
    (void)arguments;
    buf_init(&findings, &app->arena, APP_OUTPUT_MAX);
    TRY(open_database(app, &db));
    enum err err = db_check(db, &app->ctx, &findings);
    db_close(db);
    TRY(err);
    buf_add(&app->out, findings.len ? buf_str(&findings) : STR("The database is sound.\n"));
    if (findings.len)
        return err_fail(&app->ctx.err, ERR_CONFLICT, "The database is not sound; see above.", "%s",
                        "");
    return ERR_OK;
}

enum err command_restore(struct app *app, const struct arguments *arguments)
{
    struct db_options options;
    TRY(read_options(app, &options));
    TRY(db_restore(&app->ctx, &options, arguments->words[0]));
    buf_addf(&app->out, "Restored from %s. What was there before lies beside it.\n",
             arguments->words[0]);
    return ERR_OK;
}
