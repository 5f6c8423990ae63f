/* Tests of src/guard/people.c, and of the handlers before it: who may do what to whom. */
#include "guard/people.h"

#include <stdio.h>

#include "guard/choosing.h"
#include "guard/guard_routes.h"
#include "guard/key.h"
#include "guard/link.h"
#include "place.h"

static const char grace[] = "per_01KAH0XVK4A9N3FYJ0T8Q5RWZA";
static const char sam[] = "per_01KAH0XVK4A9N3FYJ0T8Q5RWZB";
static const char lin[] = "per_01KAH0XVK4A9N3FYJ0T8Q5RWZC";

/* Grace is the owner, Sam of the support, Lin nothing but a customer; `asks` is signed in. */
static void open_with(struct test *t, struct place *place, const char *asks)
{
    place_open(t, place);
    place_add(place, grace, "owner");
    place_add(place, sam, "support");
    place_add(place, lin, NULL);
    place_sign_in(place, asks);
}

static enum err set_role(struct place *place, const char *person, enum role role, bool gives)
{
    struct test *t = place->t;
    REQUIRE(place_who(place) != NULL);
    return person_role(
        &place->request,
        &(struct person_role_input){.id = str_from(person), .role = (int64_t)role, .gives = gives});
}

static enum err disable(struct place *place, const char *person, bool disabled)
{
    struct test *t = place->t;
    REQUIRE(place_who(place) != NULL);
    return person_disable(&place->request, &(struct person_disable_input){.id = str_from(person),
                                                                          .disabled = disabled});
}

struct reading {
    struct str person;
    unsigned roles;
    struct audit_list_rows rows; /* of the trail, what Grace did */
};

static enum err read(struct tx *tx, void *arg)
{
    struct reading *reading = arg;
    struct str who = str_from(grace);
    TRY(audit_list(tx, &who, NULL, NULL, NULL, NULL, NULL, 100, &reading->rows));
    return session_read_roles(tx, reading->person, &reading->roles);
}

static struct reading look(struct place *place, const char *person)
{
    struct test *t = place->t;
    struct reading reading = {.person = str_from(person)};
    REQUIRE(db_read(place->db, t->ctx, read, &reading) == ERR_OK);
    return reading;
}

TEST(people_give_and_take_roles_once)
{
    struct place place;
    open_with(t, &place, grace);
    size_t before = look(&place, lin).rows.count;
    CHECK_ERR(set_role(&place, lin, ROLE_ORDERS, true), ERR_OK);
    CHECK_ERR(set_role(&place, lin, ROLE_ORDERS, true), ERR_OK);
    struct reading given = look(&place, lin);
    CHECK_INT(given.roles, ROLE_BIT(ROLE_ORDERS) | ROLE_BIT(ROLE_CUSTOMER));
    CHECK_INT((int64_t)given.rows.count, (int64_t)before + 1);
    CHECK_STR(given.rows.rows[0].action, "person.grant");
    CHECK_STR(given.rows.rows[0].subject, lin);
    CHECK_STR(given.rows.rows[0].detail, "{\"role\":\"orders\"}");
    CHECK_ERR(set_role(&place, lin, ROLE_ORDERS, false), ERR_OK);
    CHECK_ERR(set_role(&place, lin, ROLE_ORDERS, false), ERR_OK);
    CHECK_INT(look(&place, lin).roles, ROLE_BIT(ROLE_CUSTOMER));
    CHECK_INT((int64_t)look(&place, lin).rows.count, (int64_t)before + 2);
    CHECK_ERR(set_role(&place, "per_01KAH0XVK4A9N3FYJ0T8Q5RWZZ", ROLE_ORDERS, true), ERR_MISSING);
    place_close(&place);
}

/* The support may as much as an owner in the table of these tests: an owner is one all the same. */
TEST(people_give_nothing_that_they_do_not_have)
{
    struct place place;
    open_with(t, &place, sam);
    CHECK_ERR(set_role(&place, sam, ROLE_OWNER, true), ERR_FORBIDDEN);
    CHECK_ERR(set_role(&place, lin, ROLE_OWNER, true), ERR_FORBIDDEN);
    CHECK_ERR(set_role(&place, grace, ROLE_OWNER, false), ERR_FORBIDDEN);
    CHECK_ERR(set_role(&place, grace, ROLE_SUPPORT, true), ERR_FORBIDDEN);
    CHECK_ERR(disable(&place, grace, true), ERR_FORBIDDEN);
    CHECK_ERR(set_role(&place, lin, ROLE_SUPPORT, true), ERR_OK);
    place_sign_in(&place, lin);
    CHECK_ERR(set_role(&place, lin, ROLE_SUPPORT, false), ERR_OK);
    CHECK_ERR(set_role(&place, lin, ROLE_SUPPORT, true), ERR_FORBIDDEN);
    CHECK_ERR(set_role(&place, sam, ROLE_SUPPORT, false), ERR_FORBIDDEN);
    CHECK_ERR(disable(&place, sam, true), ERR_FORBIDDEN);
    place_close(&place);
}

TEST(people_keep_their_last_owner)
{
    struct place place;
    open_with(t, &place, grace);
    CHECK_ERR(set_role(&place, grace, ROLE_OWNER, false), ERR_CONFLICT);
    CHECK_ERR(disable(&place, grace, true), ERR_CONFLICT);
    CHECK_ERR(set_role(&place, sam, ROLE_OWNER, true), ERR_OK);
    CHECK_ERR(disable(&place, sam, true), ERR_OK);
    CHECK_ERR(disable(&place, grace, true), ERR_CONFLICT); /* the other one may not sign in */
    CHECK_ERR(set_role(&place, sam, ROLE_OWNER, false), ERR_OK);
    CHECK_ERR(set_role(&place, sam, ROLE_OWNER, true), ERR_OK);
    CHECK_ERR(disable(&place, sam, false), ERR_OK);
    CHECK_ERR(set_role(&place, grace, ROLE_OWNER, false), ERR_OK);
    place_close(&place);
}

/* Whom nobody ever saw is no owner to rely on. */
TEST(people_keep_an_owner_who_has_a_password)
{
    struct place place;
    open_with(t, &place, grace);
    REQUIRE(place_who(&place) != NULL);
    CHECK_ERR(invite(&place.request, &(struct invite_input){.name = STR("Eve"),
                                                            .email = STR("Eve@stoa.example"),
                                                            .has_role = true,
                                                            .role = ROLE_OWNER}),
              ERR_OK);
    CHECK(place_has_letters(&place, 1));
    CHECK_TEXT(place.to, "eve@stoa.example");
    CHECK(str_find(str_from(place.text), STR("http://stoa.example/reset/")) != STR_NONE);
    CHECK_ERR(disable(&place, grace, true), ERR_CONFLICT);
    place_close(&place);
}

struct holding {
    const char *person;
    struct key_new key;
    struct key found;
    struct link link;
    struct str id;
};

static enum err hold(struct tx *tx, void *arg)
{
    struct holding *holding = arg;
    TRY(key_add(tx, &holding->key));
    return link_write(tx, &holding->link);
}

static struct holding give_all(struct place *place, const char *person)
{
    struct test *t = place->t;
    struct holding holding = {.person = person, .id = str_from(person)};
    holding.key = (struct key_new){
        .person = holding.id, .name = STR("till"), .scopes = STR("papers.read")};
    holding.link = (struct link){.kind = &link_reset, .person = &holding.id};
    key_prepare(t->ctx, &holding.key);
    link_prepare(t->ctx, &holding.link);
    REQUIRE(db_write(place->db, t->ctx, hold, &holding) == ERR_OK);
    return holding;
}

static enum err bear(struct place *place, const struct holding *holding)
{
    char headers[PLACE_TEXT_MAX];
    snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\n", holding->key.token);
    place_ask(place, "GET", headers, "");
    return guard_identify(&place->request);
}

TEST(people_who_are_disabled_are_out_by_every_door)
{
    struct place place;
    open_with(t, &place, sam);
    struct new_session of_sam = place.session;
    struct holding holding = give_all(&place, sam);
    CHECK_ERR(bear(&place, &holding), ERR_OK);
    REQUIRE(place_who(&place) != NULL);
    place_sign_in(&place, grace);
    CHECK_ERR(disable(&place, sam, true), ERR_OK);
    CHECK_ERR(bear(&place, &holding), ERR_SIGNED_OUT);
    struct new_session of_grace = place.session;
    place.session = of_sam;
    CHECK(place_who(&place) == NULL);
    place_ask(&place, "POST", "", "");
    CHECK_ERR(choosing_set(&place.request, &link_reset, str_from(holding.link.token),
                           STR("quite another one")),
              ERR_MISSING);
    place.session = of_grace;
    REQUIRE(place_who(&place) != NULL);
    CHECK_ERR(invite_link(&place.request, &(struct invite_link_input){.id = str_from(sam)}),
              ERR_CONFLICT);
    CHECK_ERR(disable(&place, sam, false), ERR_OK);
    place.session = of_sam;
    CHECK(place_who(&place) == NULL); /* what was ended stays so */
    place_ask(&place, "POST", "", "");
    CHECK_ERR(choosing_set(&place.request, &link_reset, str_from(holding.link.token),
                           STR("quite another one")),
              ERR_MISSING);
    place_close(&place);
}

static enum err revoke(struct place *place, const char *person, const struct holding *holding)
{
    struct test *t = place->t;
    REQUIRE(place_who(place) != NULL);
    return person_key(
        &place->request,
        &(struct person_key_input){.id = str_from(person), .key = str_from(holding->key.id)});
}

TEST(people_revoke_keys_of_whom_they_name)
{
    struct place place;
    open_with(t, &place, grace);
    struct holding holding = give_all(&place, sam);
    CHECK_ERR(revoke(&place, lin, &holding), ERR_MISSING);
    CHECK_ERR(bear(&place, &holding), ERR_OK);
    CHECK_ERR(revoke(&place, sam, &holding), ERR_OK);
    CHECK_ERR(revoke(&place, sam, &holding), ERR_OK);
    CHECK_ERR(bear(&place, &holding), ERR_SIGNED_OUT);
    CHECK_STR(look(&place, sam).rows.rows[0].subject, holding.key.id);
    place_close(&place);
}

TEST(people_end_sessions_of_whom_they_name)
{
    struct place place;
    open_with(t, &place, sam);
    struct new_session of_sam = place.session;
    place_sign_in(&place, grace);
    struct new_session of_grace = place.session;
    REQUIRE(place_who(&place) != NULL);
    CHECK_ERR(person_sessions(&place.request,
                              &(struct person_sessions_input){.id = str_from(lin),
                                                              .session = str_from(of_sam.id)}),
              ERR_OK);
    place.session = of_sam;
    CHECK(place_who(&place) != NULL);
    place.session = of_grace;
    REQUIRE(place_who(&place) != NULL);
    CHECK_ERR(person_sessions(&place.request, &(struct person_sessions_input){.id = str_from(sam)}),
              ERR_OK);
    place.session = of_sam;
    CHECK(place_who(&place) == NULL);
    place_close(&place);
}

/* What leaked would go on as a person. */
TEST(people_are_nothing_for_keys)
{
    struct place place;
    open_with(t, &place, grace);
    struct holding holding = give_all(&place, grace);
    CHECK_ERR(bear(&place, &holding), ERR_OK);
    CHECK_ERR(person_disable(&place.request,
                             &(struct person_disable_input){.id = str_from(sam), .disabled = true}),
              ERR_FORBIDDEN);
    CHECK_ERR(invite_link(&place.request, &(struct invite_link_input){.id = str_from(sam)}),
              ERR_FORBIDDEN);
    CHECK_ERR(invite(&place.request,
                     &(struct invite_input){.name = STR("Eve"), .email = STR("eve@stoa.example")}),
              ERR_FORBIDDEN);
    place_close(&place);
}

TEST(people_are_invited_once_by_their_address)
{
    struct place place;
    open_with(t, &place, grace);
    struct invite_input input = {
        .name = STR("Eve"), .email = STR("eve@stoa.example"), .language = LANGUAGE_DE};
    for (int i = 0; i < 2; i++) {
        REQUIRE(place_who(&place) != NULL);
        CHECK_ERR(invite(&place.request, &input), ERR_OK);
        CHECK(place_has_letters(&place, 1));
    }
    CHECK(str_find(str_from(place.text), STR("Guten Tag Eve")) != STR_NONE);
    CHECK_STR(look(&place, lin).rows.rows[0].action, "person.invite");
    place_sign_in(&place, sam);
    REQUIRE(place_who(&place) != NULL);
    input = (struct invite_input){.name = STR("Eve"),
                                  .email = STR("another@stoa.example"),
                                  .has_role = true,
                                  .role = ROLE_OWNER};
    CHECK_ERR(invite(&place.request, &input), ERR_FORBIDDEN);
    CHECK(place_has_letters(&place, 1));
    place_close(&place);
}
