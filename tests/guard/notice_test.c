/* Tests of src/guard/notice.c: who did not do it learns of it, in their own language. */
#include "guard/notice.h"

#include "factor_place.h"
#include "guard/guard_routes.h"

static bool says(const struct owner *owner, const char *words)
{
    return str_find(str_from(owner->place.text), str_from(words)) != STR_NONE;
}

TEST(notice_is_written_in_the_persons_own_language)
{
    struct owner owner;
    owner_open(t, NULL, &owner);
    struct person_find_row row = {
        .email = STR("ada@y.z"), .name = STR("Ada"), .language = STR("de")};
    notice_send(&owner.place.request, &row, &notice_email_changed);
    REQUIRE(place_has_letters(&owner.place, 1));
    CHECK_TEXT(owner.place.to, "ada@y.z");
    CHECK(says(&owner, "Guten Tag Ada") && says(&owner, "https://stoa.example/contact\n"));
    owner_close(&owner);
}

TEST(notice_tells_of_second_factors)
{
    struct owner owner;
    owner_open(t, NULL, &owner);
    owner_add_app(&owner);
    REQUIRE(place_has_letters(&owner.place, 1));
    CHECK_TEXT(owner.place.to, "per_1");
    CHECK(says(&owner, "An authenticator app was added") && says(&owner, "/forgot\n"));
    REQUIRE(owner_begin(&owner, 1, OWNER_PASSWORD) == ERR_OK);
    CHECK_ERR(owner_add_passkey(&owner, STR("wrong")), ERR_INPUT);
    CHECK_ERR(owner_add_passkey(&owner, owner_challenge(&owner, "passkey")), ERR_OK);
    REQUIRE(place_has_letters(&owner.place, 2));
    CHECK(says(&owner, "A passkey was added"));
    REQUIRE(owner_is_in(&owner));
    CHECK_ERR(factor_renew(&owner.place.request), ERR_OK);
    REQUIRE(place_has_letters(&owner.place, 3));
    CHECK(says(&owner, "New recovery codes"));
    CHECK_ERR(owner_remove(&owner, "app"), ERR_OK);
    REQUIRE(place_has_letters(&owner.place, 4));
    CHECK(says(&owner, "A second factor was removed"));
    owner_close(&owner);
}

TEST(notice_tells_of_keys_and_passwords)
{
    struct owner owner;
    owner_open(t, "support", &owner);
    static const struct route_field no_field = {.name = NULL};
    static const struct route form = {.fields = &no_field};
    REQUIRE(owner_is_in(&owner));
    owner.place.request.route = &form; /* the page with the token shows it again */
    struct key_make_input key = {.name = STR("Till"), .scopes = STR("papers.read"), .days = 1};
    CHECK_ERR(key_make(&owner.place.request, &key), ERR_OK);
    REQUIRE(place_has_letters(&owner.place, 1));
    CHECK(says(&owner, "An API key was made"));
    struct key_end_input none = {.id = STR("key_01KAH0XVK4A9N3FYJ0T8Q5RWZC")};
    CHECK_ERR(key_end(&owner.place.request, &none), ERR_MISSING);
    struct account_password_input wrong = {.current = STR("a guess"),
                                           .password = STR("another one")};
    CHECK_ERR(account_password(&owner.place.request, &wrong), ERR_INPUT);
    wrong.current = STR(OWNER_PASSWORD);
    CHECK_ERR(account_password(&owner.place.request, &wrong), ERR_OK);
    REQUIRE(place_has_letters(&owner.place, 2));
    CHECK(says(&owner, "Your password was changed"));
    owner_close(&owner);
}
