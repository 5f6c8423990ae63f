/* Tests of src/guard/account_email.c: the address changes by the newest link alone, once, in time,
 * for who asked, and while it is nobody else's. */
#include <pthread.h>

#include "factor_place.h"
#include "guard/guard_routes.h"
#include "guard/guard_sql.h"
#include "guard/link.h"

enum { RUNNERS = 4, RUNNER_ARENA_MAX = 4 << 20 };

static const struct str person = STR("per_1");

static enum err ask_for(struct owner *owner, const char *email)
{
    struct test *t = owner->place.t;
    REQUIRE(owner_is_in(owner));
    return account_email(
        &owner->place.request,
        &(struct account_email_input){.own = STR(OWNER_PASSWORD), .email = str_from(email)});
}

static enum err write_link(struct tx *tx, void *arg)
{
    return link_write(tx, arg);
}

/* A link as the mail to the new address has it. */
static struct link hand_out(struct owner *owner, struct str email)
{
    struct test *t = owner->place.t;
    struct link link = {.kind = &link_email, .person = &person, .email = &email};
    link_prepare(t->ctx, &link);
    REQUIRE(db_write(owner->place.db, t->ctx, write_link, &link) == ERR_OK);
    link.email = NULL;
    return link;
}

static enum err use(struct owner *owner, const struct link *link)
{
    struct test *t = owner->place.t;
    REQUIRE(owner_is_in(owner));
    return account_email_use(&owner->place.request,
                             &(struct account_email_use_input){.token = str_from(link->token)});
}

static enum err read_person(struct tx *tx, void *arg)
{
    return person_find(tx, person, arg);
}

static struct str address_of(struct owner *owner)
{
    struct test *t = owner->place.t;
    struct person_find_row row;
    REQUIRE(db_read(owner->place.db, t->ctx, read_person, &row) == ERR_OK);
    return row.email;
}

TEST(account_email_changes_once_by_a_link)
{
    struct owner owner;
    owner_open(t, NULL, &owner);
    struct link link = hand_out(&owner, STR("new@y.z")), other = hand_out(&owner, STR("two@y.z"));
    CHECK_ERR(use(&owner, &link), ERR_OK);
    CHECK_STR(address_of(&owner), "new@y.z");
    CHECK_ERR(use(&owner, &link), ERR_MISSING);
    CHECK_ERR(use(&owner, &other), ERR_MISSING);
    CHECK_STR(address_of(&owner), "new@y.z");
    REQUIRE(place_has_letters(&owner.place, 1));
    CHECK_TEXT(owner.place.to, "per_1"); /* the old address is told */
    owner_close(&owner);
}

TEST(account_email_ends_other_sessions_and_keeps_its_own)
{
    struct owner owner;
    owner_open(t, NULL, &owner);
    struct link link = hand_out(&owner, STR("new@y.z"));
    place_sign_in(&owner.place, "per_1");
    REQUIRE(place_who(&owner.place) != NULL);
    CHECK_ERR(use(&owner, &link), ERR_OK);
    CHECK(place_who(&owner.place) == NULL);
    CHECK(owner_is_in(&owner));
    owner_close(&owner);
}

/* An hour is a link's time; a newer wish and another password end it before. */
TEST(account_email_refuses_links_that_are_over)
{
    struct owner owner;
    owner_open(t, NULL, &owner);
    struct link late = hand_out(&owner, STR("late@y.z"));
    fake_clock_turn(&t->clock, HOUR_US);
    CHECK_ERR(use(&owner, &late), ERR_MISSING);
    struct link old = hand_out(&owner, STR("old@y.z"));
    CHECK_ERR(ask_for(&owner, "newer@y.z"), ERR_OK);
    CHECK_ERR(use(&owner, &old), ERR_MISSING);
    struct link before = hand_out(&owner, STR("before@y.z"));
    REQUIRE(owner_is_in(&owner));
    CHECK_ERR(account_password(&owner.place.request,
                               &(struct account_password_input){.current = STR(OWNER_PASSWORD),
                                                                .password = STR("another one")}),
              ERR_OK);
    owner.place.session = (struct new_session){.lasts_us = 0};
    place_sign_in(&owner.place, "per_1");
    REQUIRE(place_who(&owner.place) != NULL);
    CHECK_ERR(account_email_use(&owner.place.request,
                                &(struct account_email_use_input){.token = str_from(before.token)}),
              ERR_MISSING);
    CHECK_STR(address_of(&owner), "per_1");
    owner_close(&owner);
}

TEST(account_email_that_became_somebodys_is_not_taken)
{
    struct owner owner;
    owner_open(t, NULL, &owner);
    struct link link = hand_out(&owner, STR("b@y.z"));
    place_add(&owner.place, "b@y.z", NULL);
    CHECK_ERR(use(&owner, &link), ERR_MISSING);
    CHECK_STR(address_of(&owner), "per_1");
    owner_close(&owner);
}

TEST(account_email_of_another_person_is_no_link_of_mine)
{
    struct owner owner;
    owner_open(t, NULL, &owner);
    struct link link = hand_out(&owner, STR("new@y.z"));
    place_add(&owner.place, "eve@y.z", NULL);
    place_sign_in(&owner.place, "eve@y.z");
    REQUIRE(place_who(&owner.place) != NULL);
    struct account_email_use_input change = {.token = str_from(link.token)};
    struct account_email_form_input form = {.token = str_from(link.token)};
    CHECK_ERR(account_email_use(&owner.place.request, &change), ERR_MISSING);
    CHECK_ERR(account_email_form(&owner.place.request, &form), ERR_MISSING);
    CHECK_ERR(use(&owner, &link), ERR_OK);
    owner_close(&owner);
}

TEST(account_email_asks_for_the_password)
{
    struct owner owner;
    owner_open(t, NULL, &owner);
    REQUIRE(owner_is_in(&owner));
    for (int i = 0; i <= attempt_account.free; i++)
        CHECK_ERR(account_email(&owner.place.request,
                                &(struct account_email_input){.own = STR("a guess"),
                                                              .email = STR("new@y.z")}),
                  ERR_INPUT);
    CHECK_ERR(ask_for(&owner, "new@y.z"), ERR_INPUT); /* it waits */
    CHECK(place_has_letters(&owner.place, 0));
    owner_close(&owner);
}

/* Nobody writes to everybody: who asks is counted too, and is answered as before. */
TEST(account_email_asked_for_again_and_again_sends_some_mails)
{
    struct owner owner;
    owner_open(t, NULL, &owner);
    static const char *const addresses[] = {"a@y.z", "b@y.z", "c@y.z", "d@y.z", "e@y.z"};
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++)
        CHECK_ERR(ask_for(&owner, addresses[i]), ERR_OK);
    CHECK(place_has_letters(&owner.place, 2 * attempt_mail.free));
    owner_close(&owner);
}

struct runner {
    struct request request;
    struct ctx ctx;
    struct arena arena;
    struct str token;
    pthread_t thread;
    enum err err;
};

static void *run(void *arg)
{
    struct runner *runner = arg;
    runner->err = account_email_use(&runner->request,
                                    &(struct account_email_use_input){.token = runner->token});
    return NULL;
}

TEST(account_email_is_changed_by_one_of_many_at_the_same_moment)
{
    struct owner owner;
    struct runner runners[RUNNERS];
    int changed = 0;
    owner_open(t, NULL, &owner);
    struct link link = hand_out(&owner, STR("new@y.z"));
    REQUIRE(owner_is_in(&owner));
    for (size_t i = 0; i < RUNNERS; i++) {
        runners[i] = (struct runner){
            .request = owner.place.request, .ctx = *t->ctx, .token = str_from(link.token)};
        arena_init(&runners[i].arena, RUNNER_ARENA_MAX);
        runners[i].ctx.arena = &runners[i].arena;
        runners[i].request.ctx = &runners[i].ctx;
        response_init(&runners[i].request);
    }
    for (size_t i = 0; i < RUNNERS; i++)
        REQUIRE(pthread_create(&runners[i].thread, NULL, run, &runners[i]) == 0);
    for (size_t i = 0; i < RUNNERS; i++) {
        pthread_join(runners[i].thread, NULL);
        CHECK(runners[i].err == ERR_OK || runners[i].err == ERR_MISSING);
        changed += runners[i].err == ERR_OK;
        arena_release(&runners[i].arena);
    }
    CHECK_INT(changed, 1);
    CHECK(place_has_letters(&owner.place, 1));
    owner_close(&owner);
}
