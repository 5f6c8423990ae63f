/* The command audit: looks whether the audit trail is what was written. */
#include "app/audit.h"

#include "app/commands_table.h"
#include "app/database.h"
#include "app/sandbox.h"
#include "app/secret.h"

enum { KEY_VERSION = 1 };

_Static_assert((int)AUDIT_KEY_SIZE == (int)SECRETS_KEY_SIZE, "a derived key is one of the trail");

enum err audit_find_key(struct app *app, struct secrets *secrets, struct audit_key *key)
{
    return secrets_key_version(secrets, &app->ctx, "audit", KEY_VERSION, key->bytes);
}

static enum err verify(struct app *app, struct db *db, const struct audit_point *known)
{
    struct secrets *secrets;
    struct audit_key key;
    struct audit_report report = {.fault = AUDIT_WHOLE};
    TRY(sandbox_forbid_cores(app));
    TRY(secret_open(app, &secrets));
    enum err err = audit_find_key(app, secrets, &key);
    if (!err)
        err = audit_verify(db, &app->ctx, &key, known, &report);
    secrets_close(secrets);
    TRY(err);
    audit_describe(&report, &app->out);
    return report.fault == AUDIT_WHOLE
               ? ERR_OK
               : err_fail(&app->ctx.err, ERR_CONFLICT, "The audit trail is not whole; see above.",
                          "%s", "");
}

enum err command_audit(struct app *app, const struct arguments *arguments)
{
    struct audit_point point;
    const struct audit_point *known = NULL;
    struct db *db;
    if (!str_equal(str_from(arguments->words[0]), STR("verify")))
        return err_input(&app->ctx.err, arguments->words[0], "usage: stoa audit verify");
    if (arguments->word_count > 1) {
        known = &point;
        if (audit_point_parse(str_from(arguments->words[1]), &point))
            return err_input(&app->ctx.err, "CHECKPOINT", "must look like 1041:9f3c…, as logged");
    }
    TRY(database_open_to_look(app, &db));
    enum err err = verify(app, db, known);
    db_close(db);
    return err;
}
