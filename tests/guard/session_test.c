/* Tests of src/guard/session.c. */
#include "guard/session.h"

#include <stdio.h>

#include "guard/guard_sql.h"
#include "place.h"

/* Nothing is kept from one look to the next. */
static const struct guard_who *who_now(struct place *place)
{
    who_cache_drop(&place->ports.guard->known);
    return place_who(place);
}

TEST(session_has_its_person_and_their_roles)
{
    struct place place;
    place_open(t, &place);
    place_add(&place, "per_1", "support");
    place_sign_in(&place, "per_1");
    const struct guard_who *who = place_who(&place);
    REQUIRE(who != NULL);
    CHECK_STR(who->person, "per_1");
    CHECK_STR(who->seen.name, "Grace");
    CHECK_INT(who->roles, ROLE_BIT(ROLE_SUPPORT) | ROLE_BIT(ROLE_CUSTOMER));
    CHECK_STR(who->session, place.session.id);
    CHECK(!str_equal(who->session, str_from(place.session.token)));
    place.session.token[0] = place.session.token[0] == 'a' ? 'b' : 'a';
    CHECK(place_who(&place) == NULL);
    place_close(&place);
}

TEST(session_of_staff_ends_when_idle_or_old)
{
    struct place place;
    place_open(t, &place);
    place_add(&place, "per_1", "owner");
    place_sign_in(&place, "per_1");
    fake_clock_turn(&t->clock, 2 * HOUR_US - 1);
    CHECK(who_now(&place) != NULL); /* this is a use of it */
    fake_clock_turn(&t->clock, 2 * HOUR_US - 1);
    CHECK(who_now(&place) != NULL);
    fake_clock_turn(&t->clock, 2 * HOUR_US);
    CHECK(who_now(&place) == NULL);

    place_sign_in(&place, "per_1");
    for (int64_t us = 0; us < 12 * HOUR_US - HOUR_US; us += HOUR_US) {
        fake_clock_turn(&t->clock, HOUR_US);
        CHECK(who_now(&place) != NULL);
    }
    fake_clock_turn(&t->clock, HOUR_US);
    CHECK(who_now(&place) == NULL);
    place_close(&place);
}

TEST(session_of_a_customer_lasts_longer)
{
    struct place place;
    place_open(t, &place);
    place_add(&place, "per_1", NULL);
    place_sign_in(&place, "per_1");
    for (int day = 6; day < 30; day += 6) {
        fake_clock_turn(&t->clock, 6 * DAY_US);
        CHECK(who_now(&place) != NULL);
    }
    fake_clock_turn(&t->clock, 6 * DAY_US);
    CHECK(who_now(&place) == NULL);
    place_close(&place);
}

/* The end of one that is kept in memory comes at its time too. */
TEST(session_that_is_kept_in_memory_ends_in_time)
{
    struct place place;
    place_open(t, &place);
    place_add(&place, "per_1", "owner");
    place_sign_in(&place, "per_1");
    fake_clock_turn(&t->clock, 2 * HOUR_US - 2);
    fake_clock_turn(&t->clock, 1);
    t->clock.tick_us = 0;
    CHECK(who_now(&place) != NULL);
    fake_clock_turn(&t->clock, 12 * HOUR_US);
    t->clock.tick_us = 0;
    CHECK(place_who(&place) == NULL);
    place_close(&place);
}

static enum err disable(struct tx *tx, void *arg)
{
    (void)arg;
    int64_t now_us = clock_now_us(tx->ctx->clock);
    return person_set_disabled(tx, STR("per_1"), &now_us);
}

static enum err end_all(struct tx *tx, void *arg)
{
    (void)arg;
    return session_end_all(tx, STR("per_1"), STR(""));
}

/* Behind the back of this process, as another one does it: within the time that is promised. */
TEST(session_of_somebody_disabled_is_over)
{
    static db_fn *const ends[] = {disable, end_all};
    struct place place;
    place_open(t, &place);
    place_add(&place, "per_1", "owner");
    for (size_t i = sizeof ends / sizeof *ends; i-- > 0;) {
        place_sign_in(&place, "per_1");
        CHECK(place_who(&place) != NULL);
        CHECK_ERR(db_write(place.db, t->ctx, ends[i], NULL), ERR_OK);
        CHECK(place_who(&place) != NULL);
        fake_clock_turn(&t->clock, WHO_KEPT_US);
        CHECK(place_who(&place) == NULL);
    }
    place_close(&place);
}

struct listing {
    struct session_of_rows rows;
};

static enum err list(struct tx *tx, void *arg)
{
    struct listing *listing = arg;
    return session_of(tx, STR("per_1"), 1000, &listing->rows);
}

TEST(sessions_of_one_person_are_bounded)
{
    struct place place;
    struct listing listing;
    char first[SECRET_TEXT];
    place_open(t, &place);
    place_add(&place, "per_1", "owner");
    place_sign_in(&place, "per_1");
    snprintf(first, sizeof first, "%s", place.session.id);
    for (int i = 0; i < 2 * SESSIONS_EACH_MAX; i++) {
        fake_clock_turn(&t->clock, SECOND_US);
        place_sign_in(&place, "per_1");
    }
    REQUIRE(db_read(place.db, t->ctx, list, &listing) == ERR_OK);
    CHECK_INT(listing.rows.count, SESSIONS_EACH_MAX);
    CHECK_STR(listing.rows.rows[0].id, place.session.id);
    for (size_t i = 0; i < listing.rows.count; i++)
        CHECK(!str_equal(listing.rows.rows[i].id, str_from(first)));
    place_close(&place);
}

/* Reading pages writes nothing, but once in some minutes. */
TEST(session_use_is_written_once_in_a_while)
{
    struct place place;
    struct listing listing;
    place_open(t, &place);
    place_add(&place, "per_1", "owner");
    place_sign_in(&place, "per_1");
    int64_t begun_us = clock_now_us(t->ctx->clock);
    fake_clock_turn(&t->clock, SESSION_SEEN_US - 1);
    CHECK(who_now(&place) != NULL);
    REQUIRE(db_read(place.db, t->ctx, list, &listing) == ERR_OK);
    CHECK_INT(listing.rows.rows[0].seen_us, begun_us);
    fake_clock_turn(&t->clock, 1);
    CHECK(who_now(&place) != NULL);
    REQUIRE(db_read(place.db, t->ctx, list, &listing) == ERR_OK);
    CHECK_INT(listing.rows.rows[0].seen_us, begun_us + SESSION_SEEN_US);
    place_close(&place);
}

TEST(session_cookie_is_for_one_kind_of_connection)
{
    struct place place;
    place_open(t, &place);
    place_add(&place, "per_1", "owner");
    place_sign_in(&place, "per_1");
    CHECK(place_who(&place) != NULL);
    place.request.secure = true;
    CHECK(place_who(&place) != NULL);
    char headers[PLACE_TEXT_MAX];
    snprintf(headers, sizeof headers, "Cookie: session=%s\r\n", place.session.token);
    place_ask(&place, "GET", headers, "");
    CHECK_ERR(guard_identify(&place.request), ERR_OK);
    CHECK(guard_who(&place.request) == NULL);
    place_close(&place);
}
