/* Tests of src/guard/role.c. */
#include "guard/role.h"

#include "harness/test.h"

TEST(role_has_a_name_and_is_found_by_it)
{
    for (enum role role = 0; role < ROLE_COUNT; role++)
        CHECK_INT(role_find(str_from(role_name(role))), ROLE_BIT(role));
    CHECK_INT(role_find(STR("Owner")), 0);
    CHECK_INT(role_find(STR("")), 0);
}

TEST(role_without_a_row_has_no_permission)
{
    static const struct guard_permission permissions[] = {
        {"a.read", ROLE_BIT(ROLE_OWNER)}, {"a.write", ROLES_STAFF}, {NULL, 0}};
    CHECK_INT(role_with(permissions, "a.read"), ROLE_BIT(ROLE_OWNER));
    CHECK_INT(role_with(permissions, "a.write") & ROLE_BIT(ROLE_CUSTOMER), 0);
    CHECK_INT(role_with(permissions, "a"), 0);
    CHECK_INT(role_with(permissions, "a.read|a.write"),
              role_with(permissions, "a.read") | role_with(permissions, "a.write"));
    CHECK_INT(role_with(permissions, "a.read|a"), 0);
    CHECK_INT(role_with(permissions, "a.read.all"), 0);
}

TEST(role_reaches_what_it_may_itself)
{
    static const struct guard_permission permissions[] = {
        {"a.read", ROLE_BIT(ROLE_OWNER) | ROLE_BIT(ROLE_MANAGER) | ROLE_BIT(ROLE_SUPPORT)},
        {"a.write", ROLE_BIT(ROLE_OWNER) | ROLE_BIT(ROLE_MANAGER)},
        {NULL, 0}};
    unsigned owner = ROLE_BIT(ROLE_OWNER), manager = ROLE_BIT(ROLE_MANAGER);
    unsigned support = ROLE_BIT(ROLE_SUPPORT), customer = ROLE_BIT(ROLE_CUSTOMER);
    CHECK(role_reaches(permissions, owner, ROLES_ALL));
    CHECK(role_reaches(permissions, manager, manager | support | customer));
    CHECK(!role_reaches(permissions, manager, owner)); /* though they may the same */
    CHECK(role_reaches(permissions, support, support | customer));
    CHECK(!role_reaches(permissions, support, manager));
    CHECK(!role_reaches(permissions, customer, support | customer));
    CHECK(role_reaches(permissions, customer, customer));
    CHECK(role_reaches(permissions, 0, 0));
}
