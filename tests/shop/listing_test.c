/* Lists as their URLs ask for them. */
#include "shop/listing.h"

#include "harness/test.h"
#include "harness/torture.h"
#include "text/language.h"
#include "web/request.h"

static enum err take(struct test *t, const char *query, const struct listing_said *said,
                     struct listing **listing)
{
    struct shop shop = {.currency = currency_find(STR("EUR"))};
    struct http_head head = {.query = str_from(query)};
    struct request request = {.ctx = t->ctx, .head = &head, .path = STR("/c/bread"), .room = &shop};
    t->ctx->language = &languages[LANGUAGE_DE];
    return listing_take(&request, said, listing);
}

TEST(listing_takes_what_its_url_says)
{
    const struct listing_said said = {STR("2,50"), STR("nothing"), 0, 2, false};
    struct listing *listing;
    REQUIRE(take(t, "is=Grain%3DRye%3Dor+so&is=&is=Grain&is=Baked=Dark&other=1", &said, &listing) ==
            ERR_OK);
    REQUIRE(listing->ask.chosen_count == 2);
    CHECK_STR(listing->chosen[0].name, "Grain");
    CHECK_STR(listing->chosen[0].value, "Rye=or so");
    CHECK_STR(listing->chosen[1].value, "Dark");
    CHECK_INT(listing->ask.from_minor, 250);
    CHECK_INT(listing->ask.to_minor, 0);
    CHECK_INT(listing->ask.sort, SHELF_NEWEST);
    CHECK_INT(listing->ask.first, LISTING_PAGE);
    CHECK(listing->narrowed);
}

TEST(listing_has_an_order_of_its_own_where_one_was_given)
{
    const struct listing_said given = {.page = 1, .given = true}, cheap = {.page = 1, .sort = 2};
    struct listing *listing;
    REQUIRE(take(t, "", &given, &listing) == ERR_OK);
    CHECK_INT(listing->ask.sort, SHELF_AS_GIVEN);
    CHECK(!listing->narrowed);
    REQUIRE(take(t, "is=%zz", &cheap, &listing) == ERR_OK);
    CHECK_INT(listing->ask.sort, SHELF_CHEAPEST);
    CHECK_INT(listing->ask.chosen_count, 0);
}

static enum err take_many(struct test *t, void *arg)
{
    const struct listing_said said = {.page = 1};
    struct listing *listing;
    (void)arg;
    TRY(take(t, "is=a%3Db&is=c%3Dd", &said, &listing));
    CHECK_INT(listing->ask.chosen_count, 2);
    return ERR_OK;
}

TEST(listing_survives_failing_memory)
{
    TORTURE_EVERY(t, TORTURE_MEMORY, take_many, NULL);
}
