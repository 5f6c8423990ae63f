/* Tests second factors: added, asked for, shown, lost and removed, and all that somebody else might
 * try. */
#include "guard/factor.h"

#include <stdio.h>
#include <string.h>

#include "factor_place.h"

/* What shows that the password alone was right. */
static bool is_asked(struct owner *owner)
{
    owner->second[0] = '\0';
    return owner_enter(owner) == ERR_OK && owner->second[0] != '\0' && !owner_is_in(owner);
}

static void turn(struct owner *owner)
{
    fake_clock_turn(&owner->place.t->clock, TOTP_PERIOD_S * SECOND_US);
}

TEST(factor_an_app_is_asked_for_and_its_code_is_good_once)
{
    struct owner owner;
    owner_open(t, "support", &owner);
    owner_add_app(&owner);
    struct str first = owner_shows(&owner, 0);
    CHECK(owner_is_in(&owner));
    CHECK(guard_who(&owner.place.request)->strong_us > 0);
    REQUIRE(is_asked(&owner));
    CHECK_ERR(owner_code(&owner, first), ERR_INPUT); /* it was used when the app was added */
    turn(&owner);
    CHECK_ERR(owner_code(&owner, first), ERR_INPUT);
    struct str code = owner_shows(&owner, 0);
    CHECK_ERR(owner_code(&owner, code), ERR_OK);
    REQUIRE(owner_is_in(&owner));
    CHECK_INT(guard_who(&owner.place.request)->strong_us, t->clock.now_us);
    REQUIRE(is_asked(&owner));
    CHECK_ERR(owner_code(&owner, code), ERR_INPUT);
    CHECK(!owner_is_in(&owner));
    owner_close(&owner);
}

TEST(factor_a_challenge_opens_nothing_and_ends)
{
    struct owner owner;
    char token[SECRET_TEXT];
    owner_open(t, NULL, &owner);
    owner_add_app(&owner);
    REQUIRE(is_asked(&owner));
    memcpy(token, owner.second, sizeof token);
    memcpy(owner.session, token, sizeof token);
    CHECK(!owner_is_in(&owner)); /* it is no session */
    owner.session[0] = '\0';
    for (int i = 1; i < CHALLENGE_FAILURES_MAX; i++)
        CHECK_ERR(owner_code(&owner, STR("000000")), ERR_INPUT);
    CHECK_ERR(owner_code(&owner, STR("000000")), ERR_RATE);
    turn(&owner);
    CHECK_ERR(owner_code(&owner, owner_shows(&owner, 0)), ERR_OK); /* back to the password */
    CHECK(!owner_is_in(&owner));

    /* A new challenge does not give new guesses at once: the right code waits as well. */
    REQUIRE(is_asked(&owner));
    fake_clock_turn(&t->clock, MINUTE_US);
    CHECK_ERR(owner_code(&owner, owner_shows(&owner, 0)), ERR_OK);
    CHECK(owner_is_in(&owner));
    REQUIRE(is_asked(&owner));
    fake_clock_turn(&t->clock, CHALLENGE_US + SECOND_US);
    CHECK_ERR(owner_code(&owner, owner_shows(&owner, 0)), ERR_OK);
    CHECK(!owner_is_in(&owner));
    owner_close(&owner);
}

TEST(factor_guesses_are_counted_over_challenges)
{
    struct owner owner;
    owner_open(t, NULL, &owner);
    owner_add_app(&owner);
    turn(&owner);
    for (int i = 0; i < CHALLENGE_FAILURES_MAX; i++) {
        REQUIRE(is_asked(&owner));
        CHECK_ERR(owner_code(&owner, STR("000000")), ERR_INPUT);
    }
    REQUIRE(is_asked(&owner));
    CHECK_ERR(owner_code(&owner, owner_shows(&owner, 0)), ERR_INPUT);
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

TEST(factor_a_recovery_code_is_good_once)
{
    struct owner owner;
    owner_open(t, NULL, &owner);
    owner_add_app(&owner);
    CHECK_INT(owner_factors(&owner).recovery, RECOVERY_CODES);
    struct str code = recovery_code(owner.recovery, 3);
    REQUIRE(is_asked(&owner));
    CHECK_ERR(owner_code(&owner, code), ERR_OK);
    CHECK(owner_is_in(&owner));
    CHECK_INT(owner_factors(&owner).recovery, RECOVERY_CODES - 1);
    REQUIRE(is_asked(&owner));
    CHECK_ERR(owner_code(&owner, code), ERR_INPUT);
    CHECK(!owner_is_in(&owner));
    CHECK_ERR(owner_code(&owner, recovery_code(owner.recovery, 9)), ERR_OK);
    CHECK(owner_is_in(&owner));
    owner_close(&owner);
}

TEST(factor_a_passkey_is_made_and_signs_in)
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

    REQUIRE(is_asked(&owner));
    struct str challenge = owner_challenge(&owner, "sign_in");
    struct webauthn_answer answer = authenticator_sign(t, &owner.key, challenge);
    CHECK_ERR(owner_sign(&owner, answer), ERR_OK);
    CHECK(owner_is_in(&owner));

    REQUIRE(is_asked(&owner));
    CHECK_ERR(owner_sign(&owner, answer), ERR_INPUT); /* another challenge */
    CHECK(!owner_is_in(&owner));
    challenge = owner_challenge(&owner, "sign_in");
    owner.key.uses = 0; /* a copy of the key, from before */
    CHECK_ERR(owner_sign(&owner, authenticator_sign(t, &owner.key, challenge)), ERR_INPUT);
    CHECK(!owner_is_in(&owner));
    owner_close(&owner);
}

TEST(factor_a_challenge_is_of_one_session_and_one_purpose)
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
    REQUIRE(is_asked(&owner));
    challenge = owner_challenge(&owner, "sign_in");
    REQUIRE(is_asked(&owner));
    CHECK_ERR(owner_sign(&owner, authenticator_sign(t, &owner.key, challenge)), ERR_INPUT);
    CHECK(!owner_is_in(&owner));
    owner_close(&owner);
}

TEST(factor_adding_asks_for_the_password)
{
    struct owner owner;
    owner_open(t, NULL, &owner);
    CHECK_ERR(owner_begin(&owner, 0, "another password"), ERR_INPUT);
    CHECK_STR(owner_challenge(&owner, "app"), "");
    for (int i = 0; i < 5; i++)
        CHECK_ERR(owner_begin(&owner, 0, "another password"), ERR_INPUT);
    CHECK_ERR(owner_begin(&owner, 0, OWNER_PASSWORD), ERR_INPUT); /* it waits */
    owner_close(&owner);
}

TEST(factor_the_last_one_stays_where_it_is_needed)
{
    struct owner owner;
    owner_open(t, "support", &owner);
    owner.place.ports.guard->staff_second = true;
    REQUIRE(owner_is_in(&owner));
    CHECK_ERR(guard_may(&owner.place.request, "papers.read"), ERR_FORBIDDEN);
    CHECK_ERR(guard_may(&owner.place.request, "account"), ERR_OK);
    owner_add_app(&owner);
    REQUIRE(owner_is_in(&owner));
    CHECK_ERR(guard_may(&owner.place.request, "papers.read"), ERR_OK);
    CHECK_ERR(owner_remove(&owner, "app"), ERR_CONFLICT);
    CHECK(owner_factors(&owner).app);
    CHECK_INT(owner_factors(&owner).recovery, RECOVERY_CODES);
    REQUIRE(owner_begin(&owner, 1, OWNER_PASSWORD) == ERR_OK);
    CHECK_ERR(owner_add_passkey(&owner, owner_challenge(&owner, "passkey")), ERR_OK);
    CHECK_ERR(owner_remove(&owner, "app"), ERR_OK);
    CHECK(!owner_factors(&owner).app);
    owner.place.ports.guard->staff_second = false;
    struct factors left = owner_factors(&owner);
    char id[2048];
    REQUIRE(left.passkeys.count == 1);
    snprintf(id, sizeof id, STR_FMT, STR_ARG(left.passkeys.rows[0].id));
    CHECK_ERR(owner_remove(&owner, id), ERR_OK);
    CHECK_INT(owner_factors(&owner).recovery, 0);
    CHECK_ERR(owner_enter(&owner), ERR_OK);
    CHECK(owner_is_in(&owner));
    owner_close(&owner);
}

TEST(factor_a_session_without_one_changes_none)
{
    struct owner owner;
    owner_open(t, NULL, &owner);
    CHECK_ERR(owner_remove(&owner, "app"), ERR_CONFLICT);
    owner_close(&owner);
}

TEST(factor_the_operator_takes_lost_ones_away)
{
    struct owner owner;
    struct str password = {0};
    owner_open(t, NULL, &owner);
    owner_add_app(&owner);
    CHECK_ERR(guard_set_person(t->ctx, owner.place.db, STR("per_1"), STR(""), &password), ERR_OK);
    CHECK(!owner_factors(&owner).app);
    CHECK_INT(owner_factors(&owner).recovery, 0);
    owner_close(&owner);
}

TEST(factor_a_secret_is_sealed_for_its_owner)
{
    struct owner owner;
    struct totp totp = {.last_step = 0}, opened;
    struct str sealed, other;
    owner_open(t, NULL, &owner);
    struct secrets *secrets = owner.place.ports.secrets;
    totp_make(&totp, t->ctx->rand);
    REQUIRE(factor_seal(t->ctx, secrets, STR("per_1"), &totp, &sealed) == ERR_OK);
    CHECK_ERR(factor_open(t->ctx, secrets, STR("per_1"), sealed, &opened), ERR_OK);
    CHECK(memcmp(opened.secret, totp.secret, sizeof totp.secret) == 0);
    CHECK(str_find(sealed, str_make((const char *)totp.secret, sizeof totp.secret)) == STR_NONE);
    CHECK_ERR(factor_open(t->ctx, secrets, STR("per_2"), sealed, &opened), ERR_INTERNAL);
    CHECK_ERR(factor_open(t->ctx, secrets, STR("per_1"), str_slice(sealed, 0, 10), &opened),
              ERR_INTERNAL);
    for (size_t i = 4; i < sealed.len; i++) {
        REQUIRE(str_copy(t->arena, sealed, &other) == ERR_OK);
        ((char *)(uintptr_t)other.ptr)[i] ^= 1;
        CHECK_ERR(factor_open(t->ctx, secrets, STR("per_1"), other, &opened), ERR_INTERNAL);
    }
    owner_close(&owner);
}

TEST(factor_passkeys_want_a_site_with_a_name)
{
    static const struct {
        const char *url, *origin, *id;
    } rows[] = {
        {"https://stoa.example", "https://stoa.example", "stoa.example"},
        {"http://localhost:8080", "http://localhost:8080", "localhost"},
        {"https://stoa.example/shop", "https://stoa.example", "stoa.example"},
        {"http://127.0.0.1:8080", NULL, NULL},
        {"http://[::1]:8080", NULL, NULL},
        {"stoa.example", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct guard guard = {.site_url = str_from(rows[i].url)};
        struct webauthn_site site;
        test_note(t, "%s", rows[i].url);
        CHECK(factor_site(&guard, &site) == (rows[i].id != NULL));
        if (rows[i].id) {
            CHECK_STR(site.origin, rows[i].origin);
            CHECK_STR(site.id, rows[i].id);
        }
    }
}
