/* Tests of src/guard/choosing.c: a link is used once, in time, by who was not turned out. */
#include "guard/choosing.h"

#include "guard/guard_sql.h"
#include "place.h"

static enum err write(struct tx *tx, void *arg)
{
    return link_write(tx, arg);
}

static struct link new_link(struct place *place)
{
    static const struct str person = STR("per_1");
    struct test *t = place->t;
    struct link link = {.kind = &link_reset, .person = &person};
    link_prepare(t->ctx, &link);
    REQUIRE(db_write(place->db, t->ctx, write, &link) == ERR_OK);
    return link;
}

static enum err use(struct place *place, const struct link *link)
{
    place_ask(place, "POST", "", "");
    return choosing_set(&place->request, &link_reset, str_from(link->token),
                        STR("quite another one"));
}

static enum err disable(struct tx *tx, void *arg)
{
    (void)arg;
    int64_t now_us = clock_now_us(tx->ctx->clock);
    return person_set_disabled(tx, STR("per_1"), &now_us);
}

TEST(choosing_uses_a_link_once_and_ends_all_others)
{
    struct place place;
    place_open(t, &place);
    place_add(&place, "per_1", "owner");
    place_sign_in(&place, "per_1");
    REQUIRE(place_who(&place) != NULL);
    struct link one = new_link(&place), two = new_link(&place);
    CHECK_ERR(use(&place, &one), ERR_OK);
    CHECK(place_who(&place) == NULL); /* at once: it is this process that ended it */
    CHECK_ERR(use(&place, &one), ERR_MISSING);
    CHECK_ERR(use(&place, &two), ERR_MISSING);
    place_close(&place);
}

TEST(choosing_refuses_what_came_too_late)
{
    struct place place;
    place_open(t, &place);
    place_add(&place, "per_1", "owner");
    struct link late = new_link(&place);
    fake_clock_turn(&t->clock, HOUR_US);
    CHECK_ERR(use(&place, &late), ERR_MISSING);
    struct link link = new_link(&place);
    REQUIRE(db_write(place.db, t->ctx, disable, NULL) == ERR_OK);
    CHECK_ERR(use(&place, &link), ERR_MISSING);
    place_close(&place);
}
