/* The roles' names, and who may what. */
#include "guard/role.h"

#include <stddef.h>
#include <string.h>

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

unsigned role_with(const struct guard_permission *permissions, const char *permission)
{
    for (; permissions->name; permissions++)
        if (strcmp(permissions->name, permission) == 0)
            return permissions->roles;
    return 0;
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
