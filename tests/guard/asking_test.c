/* Tests of src/guard/asking.c: one answer for all, and a mail for whom it is. */
#include "guard/asking.h"

#include "place.h"

/* The answer's bytes. */
static struct str answer(struct place *place, bool signs_up, const char *email)
{
    struct test *t = place->t;
    struct asking asking = {.signs_up = signs_up, .name = STR("Ada")};
    place_ask(place, "POST", "", "");
    CHECK_ERR(asking_answer(&place->request, &asking, str_from(email)), ERR_OK);
    return buf_str(&place->request.response.body);
}

static bool says(const struct place *place, const char *words)
{
    return str_find(str_from(place->text), str_from(words)) != STR_NONE;
}

TEST(asking_says_the_same_of_everybody)
{
    struct place place;
    place_open(t, &place);
    place_add(&place, "x@y.z", NULL); /* the person's address too */
    for (int signs_up = 0; signs_up <= 1; signs_up++) {
        struct str known = answer(&place, signs_up, "x@y.z");
        struct str unknown = answer(&place, signs_up, "u@y.z");
        CHECK_INT(known.len, unknown.len);
        size_t at = str_find(known, STR("x@y.z"));
        REQUIRE(at != STR_NONE);
        CHECK(str_equal(str_slice(known, 0, at), str_slice(unknown, 0, at)));
        CHECK(str_equal(str_slice(known, at + 1, known.len),
                        str_slice(unknown, at + 1, unknown.len)));
    }
    place_close(&place);
}

TEST(asking_writes_to_whom_it_is_for)
{
    struct place place;
    place_open(t, &place);
    place_add(&place, "x@y.z", NULL);
    answer(&place, false, "nobody@y.z");
    answer(&place, false, "X@Y.Z");
    REQUIRE(place_has_letters(&place, 1));
    CHECK_TEXT(place.to, "x@y.z");
    CHECK(says(&place, "http://stoa.example/reset/"));
    answer(&place, true, "x@y.z");
    REQUIRE(place_has_letters(&place, 2));
    CHECK(says(&place, "you have one already") && !says(&place, "/verify/"));
    answer(&place, true, "new@y.z");
    REQUIRE(place_has_letters(&place, 3));
    CHECK_TEXT(place.to, "new@y.z");
    CHECK(says(&place, "http://stoa.example/verify/"));
    place_close(&place);
}

TEST(asking_again_and_again_sends_some_mails)
{
    struct place place;
    place_open(t, &place);
    place_add(&place, "x@y.z", NULL);
    for (int i = 0; i < 3 * attempt_mail.free; i++)
        answer(&place, i % 2, "x@y.z");
    CHECK(place_has_letters(&place, attempt_mail.free));
    fake_clock_turn(&t->clock, attempt_mail.first_us);
    answer(&place, false, "x@y.z");
    CHECK(place_has_letters(&place, attempt_mail.free + 1));
    place_close(&place);
}
