/* Tests what waits for a second factor: that it is nothing else, and when it is over. */
#include <string.h>

#include "factor_place.h"

TEST(challenge_opens_nothing_and_ends)
{
    struct owner owner;
    char token[SECRET_TEXT];
    owner_open(t, NULL, &owner);
    owner_add_app(&owner);
    REQUIRE(owner_is_asked(&owner));
    memcpy(token, owner.second, sizeof token);
    memcpy(owner.session, token, sizeof token);
    CHECK(!owner_is_in(&owner)); /* it is no session */
    owner.session[0] = '\0';
    for (int i = 1; i < CHALLENGE_FAILURES_MAX; i++)
        CHECK_ERR(owner_code(&owner, STR("000000")), ERR_INPUT);
    CHECK_ERR(owner_code(&owner, STR("000000")), ERR_RATE);
    owner_turn(&owner);
    CHECK_ERR(owner_code(&owner, owner_shows(&owner, 0)), ERR_OK); /* back to the password */
    CHECK(!owner_is_in(&owner));

    /* A new challenge does not give new guesses at once: the right code waits as well. */
    REQUIRE(owner_is_asked(&owner));
    fake_clock_turn(&t->clock, MINUTE_US);
    CHECK_ERR(owner_code(&owner, owner_shows(&owner, 0)), ERR_OK);
    CHECK(owner_is_in(&owner));
    REQUIRE(owner_is_asked(&owner));
    fake_clock_turn(&t->clock, CHALLENGE_US + SECOND_US);
    CHECK_ERR(owner_code(&owner, owner_shows(&owner, 0)), ERR_OK);
    CHECK(!owner_is_in(&owner));
    owner_close(&owner);
}

TEST(challenge_guesses_are_counted_over_challenges)
{
    struct owner owner;
    owner_open(t, NULL, &owner);
    owner_add_app(&owner);
    owner_turn(&owner);
    for (int i = 0; i < CHALLENGE_FAILURES_MAX; i++) {
        REQUIRE(owner_is_asked(&owner));
        CHECK_ERR(owner_code(&owner, STR("000000")), ERR_INPUT);
    }
    REQUIRE(owner_is_asked(&owner));
    CHECK_ERR(owner_code(&owner, owner_shows(&owner, 0)), ERR_INPUT);
    owner_close(&owner);
}

TEST(challenge_is_of_one_session_and_one_purpose)
{
    struct owner owner;
    char first[SECRET_TEXT];
    owner_open(t, NULL, &owner);
    REQUIRE(owner_begin(&owner, 1, OWNER_PASSWORD) == ERR_OK);
    struct str challenge = owner_challenge(&owner, "passkey");
    memcpy(first, owner.session, sizeof first);
    REQUIRE(owner_enter(&owner) == ERR_OK); /* another session of the same person */
    owner_add_passkey(&owner, challenge);
    CHECK_INT(owner_factors(&owner).passkeys.count, 0);
    REQUIRE(owner_begin(&owner, 1, OWNER_PASSWORD) == ERR_OK);
    CHECK_ERR(owner_add_passkey(&owner, challenge), ERR_INPUT);
    CHECK_INT(owner_factors(&owner).passkeys.count, 0);
    challenge = owner_challenge(&owner, "passkey");
    CHECK_ERR(owner_add_passkey(&owner, challenge), ERR_OK);

    /* The session that had no factor is over. */
    memcpy(owner.session, first, sizeof first);
    CHECK(!owner_is_in(&owner));

    /* Two who are asked at the same time: each answers their own. */
    REQUIRE(owner_is_asked(&owner));
    challenge = owner_challenge(&owner, "sign_in");
    REQUIRE(owner_is_asked(&owner));
    CHECK_ERR(owner_sign(&owner, authenticator_sign(t, &owner.key, challenge)), ERR_INPUT);
    CHECK(!owner_is_in(&owner));
    owner_close(&owner);
}
