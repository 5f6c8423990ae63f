/* The roles' names, and who may what. */
#include "guard/role.h"

#include <stddef.h>

static const char *const names[ROLE_COUNT] = {
    [ROLE_OWNER] = "owner",       [ROLE_MANAGER] = "manager",   [ROLE_CATALOG] = "catalog",
    [ROLE_ORDERS] = "orders",     [ROLE_SUPPORT] = "support",   [ROLE_PHARMACIST] = "pharmacist",
    [ROLE_READONLY] = "readonly", [ROLE_CUSTOMER] = "customer",
};

const char *role_name(enum role role)
{
    return names[role];
}

unsigned role_find(struct str name)
{
    for (unsigned role = 0; role < ROLE_COUNT; role++)
        if (str_equal(name, str_from(names[role])))
            return ROLE_BIT(role);
    return 0;
}

bool role_names(const char *permission, struct str word)
{
    struct str rest = str_from(permission), each;
    while (str_cut(&rest, '|', &each))
        if (str_equal(each, word))
            return true;
    return false;
}

static unsigned roles_of(const struct guard_permission *permissions, struct str name)
{
    for (; permissions->name; permissions++)
        if (str_equal(str_from(permissions->name), name))
            return permissions->roles;
    return 0;
}

unsigned role_with(const struct guard_permission *permissions, const char *permission)
{
    struct str rest = str_from(permission), each;
    unsigned roles = 0;
    while (str_cut(&rest, '|', &each)) {
        unsigned these = roles_of(permissions, each);
        if (!these)
            return 0;
        roles |= these;
    }
    return roles;
}

bool role_reaches(const struct guard_permission *permissions, unsigned mine, unsigned other)
{
    if (other & ~mine & ROLE_BIT(ROLE_OWNER))
        return false;
    for (; permissions->name; permissions++)
        if (permissions->roles & other && !(permissions->roles & mine))
            return false;
    return true;
}
