/* Tests signing in with a second factor: what is shown is good once. */
#include "guard/second.h"

#include <string.h>

#include "factor_place.h"

TEST(second_an_app_is_asked_for_and_its_code_is_good_once)
{
    struct owner owner;
    owner_open(t, "support", &owner);
    owner_add_app(&owner);
    struct str first = owner_shows(&owner, 0);
    CHECK(owner_is_in(&owner));
    CHECK(guard_who(&owner.place.request)->strong_us > 0);
    REQUIRE(owner_is_asked(&owner));
    CHECK_ERR(owner_code(&owner, first), ERR_INPUT); /* it was used when the app was added */
    owner_turn(&owner);
    CHECK_ERR(owner_code(&owner, first), ERR_INPUT);
    struct str code = owner_shows(&owner, 0);
    CHECK_ERR(owner_code(&owner, code), ERR_OK);
    REQUIRE(owner_is_in(&owner));
    CHECK_INT(guard_who(&owner.place.request)->strong_us, t->clock.now_us);
    REQUIRE(owner_is_asked(&owner));
    CHECK_ERR(owner_code(&owner, code), ERR_INPUT);
    CHECK(!owner_is_in(&owner));
    owner_close(&owner);
}

/* The n-th code on the page. */
static struct str recovery_code(struct str page, int n)
{
    const struct str before = STR("<code>");
    for (int i = 0; i <= n; i++)
        page = str_slice(page, str_find(page, before) + before.len, page.len);
    return str_slice(page, 0, RECOVERY_TEXT_SIZE - 1);
}

TEST(second_a_recovery_code_is_good_once)
{
    struct owner owner;
    owner_open(t, NULL, &owner);
    owner_add_app(&owner);
    CHECK_INT(owner_factors(&owner).recovery, RECOVERY_CODES);
    struct str code = recovery_code(owner.recovery, 3);
    REQUIRE(owner_is_asked(&owner));
    CHECK_ERR(owner_code(&owner, code), ERR_OK);
    CHECK(owner_is_in(&owner));
    CHECK_INT(owner_factors(&owner).recovery, RECOVERY_CODES - 1);
    REQUIRE(owner_is_asked(&owner));
    CHECK_ERR(owner_code(&owner, code), ERR_INPUT);
    CHECK(!owner_is_in(&owner));
    CHECK_ERR(owner_code(&owner, recovery_code(owner.recovery, 9)), ERR_OK);
    CHECK(owner_is_in(&owner));
    owner_close(&owner);
}

TEST(second_a_passkey_is_made_and_signs_in)
{
    struct owner owner;
    owner_open(t, NULL, &owner);
    REQUIRE(owner_begin(&owner, 1, OWNER_PASSWORD) == ERR_OK);
    struct str made_for = owner_challenge(&owner, "passkey");
    CHECK_ERR(owner_add_passkey(&owner, made_for), ERR_OK);
    CHECK_INT(owner_factors(&owner).passkeys.count, 1);
    CHECK_INT(owner_factors(&owner).recovery, RECOVERY_CODES);
    owner_add_passkey(&owner, made_for); /* once more: it is gone */
    CHECK_INT(owner_factors(&owner).passkeys.count, 1);

    REQUIRE(owner_is_asked(&owner));
    struct str challenge = owner_challenge(&owner, "sign_in");
    struct webauthn_answer answer = authenticator_sign(t, &owner.key, challenge);
    CHECK_ERR(owner_sign(&owner, answer), ERR_OK);
    CHECK(owner_is_in(&owner));

    REQUIRE(owner_is_asked(&owner));
    CHECK_ERR(owner_sign(&owner, answer), ERR_INPUT); /* another challenge */
    CHECK(!owner_is_in(&owner));
    challenge = owner_challenge(&owner, "sign_in");
    owner.key.uses = 0; /* a copy of the key, from before */
    CHECK_ERR(owner_sign(&owner, authenticator_sign(t, &owner.key, challenge)), ERR_INPUT);
    CHECK(!owner_is_in(&owner));
    owner_close(&owner);
}
