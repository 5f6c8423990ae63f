/* The command person: the operator lets somebody in. */
#include "app/commands_table.h"
#include "app/database.h"
#include "guard/guard.h"
#include "ports/db/migrate.h"

enum err command_person(struct app *app, const struct arguments *arguments)
{
    struct db *db;
    struct str password, email = str_from(arguments->words[0]);
    struct str role = arguments->word_count > 1 ? str_from(arguments->words[1]) : STR("");
    struct migrate_plan *steps = ARENA_NEW(&app->arena, struct migrate_plan);
    if (!steps)
        return err_memory(&app->ctx.err);
    TRY(database_open(app, NULL, &db));
    enum err err = migrate_run(db, &app->ctx, steps);
    if (!err)
        err = guard_set_person(&app->ctx, db, email, role, &password);
    db_close(db);
    TRY(err);
    buf_addf(&app->out,
             STR_FMT " signs in with the password " STR_FMT ", and then chooses another.\n",
             STR_ARG(email), STR_ARG(password));
    return ERR_OK;
}
