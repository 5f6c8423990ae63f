/* Tests second factors: added, asked for, shown, lost and removed, and all that somebody else might
 * try. */
#include "guard/audit.h"
#include "guard/factor.h"

#include <stdio.h>
#include <string.h>

#include "factor_place.h"

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
    static const struct audit_key audit = {.bytes = "the key of the tests"};
    owner_open(t, NULL, &owner);
    owner_add_app(&owner);
    CHECK_ERR(guard_set_person(t->ctx, owner.place.db, &audit, STR("per_1"), STR(""), &password),
              ERR_OK);
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
