/* Mails to somebody about what was changed in their account: who did not do it learns of it.
 *
 *     TRY(person_find(tx, who->person, &making->person));        in the deed's transaction
 *     notice_send(request, &making->person, &notice_key_made);   behind it
 *
 * It is written in the person's own language and posted in memory; the deed stands where there is
 * no memory for it, and the log says so. */
#ifndef STOA_GUARD_NOTICE_H
#define STOA_GUARD_NOTICE_H

#include "guard/guard_sql.h"
#include "guard/inside.h"

struct notice {
    ui_say *what;     /* happened: a sentence */
    ui_say *to_do;    /* for who did not do it; the link stands behind it */
    const char *path; /* of the link */
};

extern const struct notice notice_password, notice_email_asked, notice_email_changed;
extern const struct notice notice_app_added, notice_passkey_added, notice_factor_removed;
extern const struct notice notice_codes, notice_key_made, notice_key_revoked;

void notice_send(struct request *request, const struct person_find_row *person,
                 const struct notice *notice);

#endif
