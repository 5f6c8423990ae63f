/* The command person: the operator lets somebody in. */
#include "app/audit.h"
#include "app/commands_table.h"
#include "app/database.h"
#include "app/sandbox.h"
#include "app/secret.h"
#include "guard/guard.h"
#include "ports/db/migrate.h"

static enum err let_in(struct app *app, struct db *db, const struct arguments *arguments,
                       struct str *password)
{
    struct str email = str_from(arguments->words[0]);
    struct str role = arguments->word_count > 1 ? str_from(arguments->words[1]) : STR("");
    struct secrets *secrets;
    struct audit_key audit;
    TRY(sandbox_forbid_cores(app));
    TRY(secret_open(app, &secrets));
    enum err err = audit_find_key(app, secrets, &audit);
    secrets_close(secrets);
    TRY(err);
    return guard_set_person(&app->ctx, db, &audit, email, role, password);
}

enum err command_person(struct app *app, const struct arguments *arguments)
{
    struct db *db;
    struct str password = {0};
    struct migrate_plan *steps = ARENA_NEW(&app->arena, struct migrate_plan);
    if (!steps)
        return err_memory(&app->ctx.err);
    TRY(database_open(app, NULL, &db));
    enum err err = migrate_run(db, &app->ctx, steps);
    if (!err)
        err = let_in(app, db, arguments, &password);
    db_close(db);
    TRY(err);
    buf_addf(&app->out, "%s signs in with the password " STR_FMT ", and then chooses another.\n",
             arguments->words[0], STR_ARG(password));
    return ERR_OK;
}
