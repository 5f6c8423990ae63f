/* What the pages of people and of roles show.
 *
 *     struct people_role role = {.name = role_name(at), .words = ui_words(request, …)}; */
#ifndef STOA_GUARD_PEOPLE_PAGE_H
#define STOA_GUARD_PEOPLE_PAGE_H

#include "guard/role.h"
#include "ui/frame.h"

/* A row of a table or of a form's choice: a role, or a language of letters. */
struct people_role {
    const char *name;
    struct str words;
    bool has, may_change; /* they have it, or it is chosen; who asks may give and take it */
    int64_t count;        /* of people who have it */
    const char *const *permissions;
    size_t permission_count;
};

struct people_row {
    struct str id, email, name, roles; /* the roles' words, a comma between them */
    bool is_invited, is_disabled;
};

ui_say *people_role_words(enum role role);

/* Those of the ROLE_COUNT that who asks may give, for a form in which one is chosen; how many. */
size_t people_fill_roles(struct request *request, struct str chosen, struct people_role roles[]);

#endif
