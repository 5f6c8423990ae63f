/* Who may do what: each permission that a route names, and the roles that have it. */
#include "app/wiring.h"

enum {
    OWNER = ROLE_BIT(ROLE_OWNER),
    MANAGER = ROLE_BIT(ROLE_MANAGER),
    SUPPORT = ROLE_BIT(ROLE_SUPPORT),
    READONLY = ROLE_BIT(ROLE_READONLY),
};

const struct guard_permission wiring_permissions[] = {
    {"account", ROLES_ALL},
    {"audit.read", OWNER | MANAGER},
    {"bus.manage", OWNER | MANAGER},
    {"bus.read", OWNER | MANAGER | READONLY},
    {"console", ROLES_STAFF},
    {"keys.own", ROLES_STAFF},
    {"mail.read", OWNER},
    {"messages.answer", OWNER | MANAGER | SUPPORT},
    {"messages.read", OWNER | MANAGER | SUPPORT | READONLY},
    {"people.read", OWNER | MANAGER},
    {"people.write", OWNER | MANAGER},
    {"queues.manage", OWNER | MANAGER},
    {"queues.read", OWNER | MANAGER | READONLY},
    {"queues.receive", OWNER | MANAGER},
    {"queues.send", OWNER | MANAGER},
    {"schedules.manage", OWNER | MANAGER},
    {"schedules.read", OWNER | MANAGER | READONLY},
    {"settings.read", OWNER},
    {"topics.manage", OWNER | MANAGER},
    {"topics.read", OWNER | MANAGER | READONLY},
    {"watch.read", OWNER | MANAGER | READONLY},
    {NULL, 0},
};
