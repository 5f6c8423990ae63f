/* Tests of src/guard/link.c: what a link is good for, and how long. */
#include "guard/link.h"

#include "guard/guard_sql.h"
#include "place.h"

static enum err write(struct tx *tx, void *arg)
{
    return link_write(tx, arg);
}

struct finding {
    struct str token;
    bool is_new;
};

static enum err find(struct tx *tx, void *arg)
{
    const struct finding *finding = arg;
    char id[SECRET_TEXT];
    struct link_find_new_row signs_up;
    struct link_find_person_row person;
    int64_t now_us = clock_now_us(tx->ctx->clock);
    secret_hash(finding->token, id);
    return finding->is_new ? link_find_new(tx, str_from(id), now_us, &signs_up)
                           : link_find_person(tx, str_from(id), now_us, &person);
}

static enum err look(struct place *place, const struct link *link, bool is_new)
{
    struct finding finding = {str_from(link->token), is_new};
    return db_read(place->db, place->t->ctx, find, &finding);
}

TEST(link_is_good_for_one_thing_and_for_a_while)
{
    struct place place;
    struct str person = STR("per_1"), email = STR("ada@stoa.example"), name = STR("Ada");
    struct link reset = {.kind = &link_reset, .person = &person};
    struct link verify = {.kind = &link_verify, .email = &email, .name = &name};
    place_open(t, &place);
    place_add(&place, "per_1", NULL);
    link_prepare(t->ctx, &reset);
    link_prepare(t->ctx, &verify);
    CHECK_ERR(db_write(place.db, t->ctx, write, &reset), ERR_OK);
    CHECK_ERR(db_write(place.db, t->ctx, write, &verify), ERR_OK);
    CHECK_ERR(look(&place, &reset, false), ERR_OK);
    CHECK_ERR(look(&place, &reset, true), ERR_MISSING);
    CHECK_ERR(look(&place, &verify, true), ERR_OK);
    CHECK_ERR(look(&place, &verify, false), ERR_MISSING);
    fake_clock_turn(&t->clock, HOUR_US - 1);
    CHECK_ERR(look(&place, &reset, false), ERR_OK);
    fake_clock_turn(&t->clock, 1);
    CHECK_ERR(look(&place, &reset, false), ERR_MISSING);
    fake_clock_turn(&t->clock, 23 * HOUR_US - 1);
    CHECK_ERR(look(&place, &verify, true), ERR_OK);
    fake_clock_turn(&t->clock, 1);
    CHECK_ERR(look(&place, &verify, true), ERR_MISSING);
    place_close(&place);
}
