/* What a request did, into the audit trail: who asks and from where is the request's to say.
 *
 *     TRY(key_add(tx, &key));
 *     return audit_note(tx, request, "key.make", str_from(key.id), detail); */
#ifndef STOA_GUARD_AUDIT_NOTE_H
#define STOA_GUARD_AUDIT_NOTE_H

#include "guard/audit.h"
#include "web/request.h"

/* A key stands for itself, a person for themselves; a visitor is nobody. `detail` is JSON. */
enum err audit_note(struct tx *tx, const struct request *request, const char *action,
                    struct str subject, struct str detail);

#endif
