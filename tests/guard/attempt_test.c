/* Tests of src/guard/attempt.c. */
#include "guard/attempt.h"

#include "place.h"

static enum err begin(struct tx *tx, void *arg)
{
    return attempt_begin(tx, arg);
}

static enum err forget(struct tx *tx, void *arg)
{
    return attempt_forget_all(tx, arg);
}

static enum err take_back(struct tx *tx, void *arg)
{
    return attempt_take_back(tx, arg);
}

static bool counts(struct place *place, const struct attempt_limit *limit, const char *key)
{
    struct test *t = place->t;
    struct attempt attempt = {.limit = limit, .key = str_from(key)};
    CHECK_ERR(db_write(place->db, t->ctx, begin, &attempt), ERR_OK);
    return !attempt.must_wait;
}

TEST(attempts_wait_longer_and_longer_and_are_forgotten)
{
    struct place place;
    place_open(t, &place);
    for (int i = 0; i < attempt_account.free; i++)
        CHECK(counts(&place, &attempt_account, "grace"));
    for (int64_t wait_us = attempt_account.first_us; wait_us < attempt_account.most_us;
         wait_us *= 2) {
        test_note(t, "%lld s", (long long)(wait_us / SECOND_US));
        CHECK(!counts(&place, &attempt_account, "grace"));
        fake_clock_turn(&t->clock, wait_us - 1);
        CHECK(!counts(&place, &attempt_account, "grace"));
        fake_clock_turn(&t->clock, 1);
        CHECK(counts(&place, &attempt_account, "grace"));
    }
    CHECK(!counts(&place, &attempt_account, "grace"));
    CHECK(counts(&place, &attempt_account, "ada"));
    CHECK(counts(&place, &attempt_address, "grace"));
    fake_clock_turn(&t->clock, attempt_account.most_us + attempt_account.kept_us);
    for (int i = 0; i < attempt_account.free; i++)
        CHECK(counts(&place, &attempt_account, "grace"));
    CHECK(!counts(&place, &attempt_account, "grace"));
    place_close(&place);
}

TEST(attempts_are_forgotten_by_success_and_taken_back_one_by_one)
{
    struct place place;
    struct attempt grace = {.limit = &attempt_account, .key = STR("grace")};
    struct attempt mail = {.limit = &attempt_mail, .key = STR("grace")};
    place_open(t, &place);
    for (int i = 0; i < attempt_account.free; i++)
        CHECK(counts(&place, &attempt_account, "grace"));
    CHECK_ERR(db_write(place.db, t->ctx, forget, &grace), ERR_OK);
    CHECK(counts(&place, &attempt_account, "grace"));
    for (int i = 0; i < 2 * attempt_mail.free; i++) {
        CHECK_ERR(db_write(place.db, t->ctx, begin, &mail), ERR_OK);
        CHECK(!mail.must_wait);
        CHECK_ERR(db_write(place.db, t->ctx, take_back, &mail), ERR_OK);
    }
    place_close(&place);
}
