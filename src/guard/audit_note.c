/* Notes in the audit trail what a request did. */
#include "guard/audit_note.h"

#include "guard/inside.h"
#include "guard/key.h"

enum err audit_note(struct tx *tx, const struct request *request, const char *action,
                    struct str subject, struct str detail)
{
    const struct guard_who *who = guard_who(request);
    char address[ADDRESS_TEXT_MAX];
    struct audit_entry entry = {.action = action, .subject = subject, .detail = detail};
    if (who)
        entry.who = who->key ? who->key->id : who->person;
    address_format(request->client, address);
    entry.address = str_from(address);
    return audit_add(tx, guard_of(request)->audit, &entry);
}
