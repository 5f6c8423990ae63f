/* The commands that look after the database: migrate, backup, check, restore. */
#include "app/database.h"
#include "app/commands_table.h"
#include "app/wiring.h"
#include "ports/db/backup.h"
#include "ports/db/migrate.h"

static const char scheme[] = "sqlite:";

struct str database_file(const struct db_options *options)
{
    return str_starts(options->url, str_from(scheme))
               ? str_slice(options->url, sizeof scheme - 1, STR_NONE)
               : STR("");
}

enum err database_locate(struct app *app, struct db_options *options)
{
    struct buf located;
    *options = (struct db_options){.url = app->settings.database_url, .schemas = wiring_schemas};
    struct str file = database_file(options);
    if (!file.len || str_starts(file, STR("/")))
        return ERR_OK;
    buf_init(&located, &app->arena, APP_OUTPUT_MAX);
    buf_addf(&located, "%s" STR_FMT "/" STR_FMT, scheme, STR_ARG(app->settings.stoa_data),
             STR_ARG(file));
    options->url = buf_str(&located);
    return buf_err(&located) ? err_memory(&app->ctx.err) : ERR_OK;
}

/* Where the file is to lie in the data folder, that folder is made. */
static enum err locate_and_make(struct app *app, struct db_options *options)
{
    TRY(app_load_settings(app));
    TRY(database_locate(app, options));
    return str_equal(options->url, app->settings.database_url) ? ERR_OK : app_make_folder(app);
}

enum err database_open(struct app *app, struct counter_registry *counters, struct db **db)
{
    struct db_options options;
    TRY(locate_and_make(app, &options));
    options.counters = counters;
    options.slow_us = app->settings.slow_query_ms * 1000;
    return db_open(&app->ctx, &options, db);
}

enum err database_open_to_look(struct app *app, struct db **db)
{
    struct db_options options;
    TRY(app_load_settings(app));
    TRY(database_locate(app, &options));
    options.only_looks = true;
    return db_open(&app->ctx, &options, db);
}

static void list_step(struct buf *out, const char *verb, const struct schema *schema,
                      const struct migration *migration)
{
    buf_addf(out, "%s %s %s\n", verb, schema->room, migration->name);
}

static void list_steps(struct buf *out, const struct migrate_plan *plan, const char *verb)
{
    for (size_t i = 0; i < plan->count; i++)
        list_step(out, verb, plan->steps[i].schema, plan->steps[i].migration);
    if (!plan->count)
        buf_add(out, STR("Nothing to do: the database is as this release wants it.\n"));
}

static void list_all_steps(struct buf *out)
{
    buf_add(out, STR("There is no database yet: it would be made.\n"));
    for (const struct schema *const *at = wiring_schemas; *at; at++)
        for (size_t i = 0; i < (*at)->migration_count; i++)
            list_step(out, "would run", *at, &(*at)->migrations[i]);
}

static enum err plan(struct app *app, struct migrate_plan *steps)
{
    struct db *db;
    enum err err = database_open_to_look(app, &db);
    if (err == ERR_MISSING) {
        list_all_steps(&app->out);
        return ERR_OK;
    }
    TRY(err);
    err = migrate_plan(db, &app->ctx, steps);
    db_close(db);
    TRY(err);
    list_steps(&app->out, steps, "would run");
    return ERR_OK;
}

/* What ran before a failure is told as well. */
static enum err migrate(struct app *app, struct migrate_plan *steps)
{
    struct db *db;
    TRY(database_open(app, NULL, &db));
    enum err err = migrate_run(db, &app->ctx, steps);
    db_close(db);
    if (steps->count || !err)
        list_steps(&app->out, steps, "ran");
    return err;
}

enum err command_migrate(struct app *app, const struct arguments *arguments)
{
    struct migrate_plan *steps = ARENA_NEW(&app->arena, struct migrate_plan);
    if (!steps)
        return err_memory(&app->ctx.err);
    return arguments_have(arguments, "--plan") ? plan(app, steps) : migrate(app, steps);
}

enum err command_backup(struct app *app, const struct arguments *arguments)
{
    struct db *db;
    TRY(database_open_to_look(app, &db));
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
    TRY(database_open_to_look(app, &db));
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
    TRY(locate_and_make(app, &options));
    TRY(db_restore(&app->ctx, &options, arguments->words[0]));
    buf_addf(&app->out, "Restored from %s. What was there before lies beside it.\n",
             arguments->words[0]);
    return ERR_OK;
}
