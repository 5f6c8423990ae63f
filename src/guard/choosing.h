/* A password that is chosen by a link in a mail.
 *
 *     return choosing_show(request, &link_reset, NULL);                          the form
 *     return choosing_set(request, &link_reset, input->token, input->password);
 *
 * A link that is not good, any more or at all, is ERR_MISSING. */
#ifndef STOA_GUARD_CHOOSING_H
#define STOA_GUARD_CHOOSING_H

#include "guard/guard_sql.h"
#include "guard/link.h"

struct choosing {
    const struct request *request;
    const struct link_kind *kind;
    char id[SECRET_TEXT], person_id[ID_TEXT_MAX];
    struct str person, email, name, hash;
    const char *language;
    struct person_find_row before; /* of who has a password already */
};

enum err choosing_show(struct request *request, const struct link_kind *kind,
                       const struct field_errors *errors);
enum err choosing_set(struct request *request, const struct link_kind *kind, struct str token,
                      struct str password);

#endif
