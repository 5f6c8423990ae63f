/* Roles, and the permissions that each of them has.
 *
 *     const struct guard_permission wiring_permissions[] = {
 *         {"messages.read", ROLE_BIT(ROLE_OWNER) | ROLE_BIT(ROLE_SUPPORT)},
 *         {NULL, 0}};
 *
 * A permission is a word of a routes.tbl; who has which is the wiring's to say (src/app). */
#ifndef STOA_GUARD_ROLE_H
#define STOA_GUARD_ROLE_H

#include "base/str.h"

/* Everybody who is signed in is a customer; the others are granted. */
enum role {
    ROLE_OWNER,
    ROLE_MANAGER,
    ROLE_CATALOG,
    ROLE_ORDERS,
    ROLE_SUPPORT,
    ROLE_PHARMACIST,
    ROLE_READONLY,
    ROLE_CUSTOMER,
    ROLE_COUNT,
};

#define ROLE_BIT(role) (1U << (role))
#define ROLES_ALL      (ROLE_BIT(ROLE_COUNT) - 1)
#define ROLES_STAFF    (ROLES_ALL & ~ROLE_BIT(ROLE_CUSTOMER))

struct guard_permission {
    const char *name; /* "messages.read" */
    unsigned roles;   /* those that have it */
};

const char *role_name(enum role role); /* "owner" */
unsigned role_find(struct str name);   /* its bit; 0 where there is none */

/* Whether who has `mine` may all that the `other` roles may: nobody gives, or has power over, what
 * they do not have themselves. Owners alone reach owners. */
bool role_reaches(const struct guard_permission *permissions, unsigned mine, unsigned other);

/* Whether the word is one of a route's permissions, of which it may name several: "a|b". */
bool role_names(const char *permission, struct str word);

/* The roles that have the permission, or one of several; 0 where nobody has, or there is none of
 * one of the names. */
unsigned role_with(const struct guard_permission *permissions, const char *permission);

#endif
