/* The key of the audit trail, from the secrets of this program.
 *
 *     TRY(audit_find_key(app, ports->secrets, &key)); */
#ifndef STOA_APP_AUDIT_H
#define STOA_APP_AUDIT_H

#include "app/app.h"
#include "guard/audit.h"
#include "ports/secrets/secrets.h"

/* The first version of it, whatever was rotated since: a chain has one key. */
enum err audit_find_key(struct app *app, struct secrets *secrets, struct audit_key *key);

#endif
