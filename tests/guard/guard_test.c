/* Tests of src/guard/guard.c: who asks, what they may, and which forms are theirs. */
#include "guard/guard.h"

#include <stdio.h>

#include "place.h"
#include "web/route.h"

TEST(guard_asks_visitors_who_they_are_and_others_for_a_role)
{
    struct place place;
    place_open(t, &place);
    place_add(&place, "per_1", "support");
    place_add(&place, "per_2", "catalog");
    CHECK_ERR(guard_identify(&place.request), ERR_OK);
    CHECK_ERR(guard_may(&place.request, "papers.read"), ERR_SIGNED_OUT);
    CHECK_ERR(guard_may(&place.request, "account"), ERR_SIGNED_OUT);
    place_sign_in(&place, "per_1");
    REQUIRE(place_who(&place) != NULL);
    CHECK_ERR(guard_may(&place.request, "papers.read"), ERR_OK);
    CHECK_ERR(guard_may(&place.request, "papers.write"), ERR_FORBIDDEN);
    place_sign_in(&place, "per_2");
    REQUIRE(place_who(&place) != NULL);
    CHECK_ERR(guard_may(&place.request, "papers.read"), ERR_FORBIDDEN);
    CHECK_ERR(guard_may(&place.request, "account"), ERR_OK);
    place_close(&place);
}

static enum err post(struct place *place, const char *more, const char *body)
{
    char headers[PLACE_TEXT_MAX];
    snprintf(headers, sizeof headers, "Cookie: session=%s\r\n%s", place->session.token, more);
    place_ask(place, "POST", headers, body);
    return guard_identify(&place->request);
}

TEST(guard_takes_forms_with_the_token_of_their_session)
{
    struct place place;
    char body[PLACE_TOKEN_MAX], header[PLACE_TOKEN_MAX];
    place_open(t, &place);
    place_add(&place, "per_1", "support");
    place_sign_in(&place, "per_1");
    const struct guard_who *who = place_who(&place);
    REQUIRE(who != NULL);
    snprintf(body, sizeof body, "a=b&form_token=" STR_FMT, STR_ARG(who->seen.form_token));
    snprintf(header, sizeof header, "X-Form-Token: " STR_FMT "\r\n", STR_ARG(who->seen.form_token));
    CHECK_ERR(post(&place, "", body), ERR_OK);
    CHECK_ERR(post(&place, header, ""), ERR_OK);
    CHECK_ERR(post(&place, "", ""), ERR_FORBIDDEN);
    CHECK_ERR(post(&place, "", "form_token="), ERR_FORBIDDEN);
    CHECK_ERR(post(&place, "", "form_token=%00"), ERR_FORBIDDEN);
    place_sign_in(&place, "per_1"); /* the same person, another session */
    CHECK_ERR(post(&place, "", body), ERR_FORBIDDEN);
    place_ask(&place, "POST", "", "a=b"); /* a visitor has none to lose */
    CHECK_ERR(guard_identify(&place.request), ERR_OK);
    place_ask(&place, "POST", "Cookie: session=short\r\n", "a=b");
    CHECK_ERR(guard_identify(&place.request), ERR_OK);
    CHECK(guard_who(&place.request) == NULL);
    place_close(&place);
}

TEST(guard_tells_a_permission_that_nobody_has)
{
    static const struct guard_permission permissions[] = {{"a.read", ROLES_ALL}, {NULL, 0}};
    static const struct route fine[] = {{.path = "/", .name = "show", .permission = "anyone"},
                                        {.path = "/a", .name = "read", .permission = "a.read"},
                                        {0}};
    static const struct route wrong[] = {{.path = "/b", .name = "b_write", .permission = "b.write"},
                                         {0}};
    CHECK_ERR(guard_check_routes(t->ctx, permissions,
                                 (struct room_routes[]){{"fine", fine, NULL, NULL}, {0}}),
              ERR_OK);
    CHECK_ERR(
        guard_check_routes(
            t->ctx, permissions,
            (struct room_routes[]){{"fine", fine, NULL, NULL}, {"wrong", wrong, NULL, NULL}, {0}}),
        ERR_INTERNAL);
    CHECK(str_find(str_from(t->ctx->err.operator), STR("b_write")) != STR_NONE);
}
