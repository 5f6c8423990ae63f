/* Tests of src/guard/who_cache.c. */
#include "guard/who_cache.h"

#include <stdio.h>

#include "harness/test.h"

static struct known known_of(const char *session)
{
    struct known known = {.roles = 3};
    snprintf(known.session, sizeof known.session, "%s", session);
    return known;
}

TEST(who_cache_keeps_for_a_while_and_never_over_a_drop)
{
    struct who_cache cache;
    struct known a = known_of("0001aa"), b = known_of("0001bb"), found = {0};
    REQUIRE(who_cache_init(&cache));
    uint64_t drops = who_cache_drops(&cache);
    CHECK(!who_cache_find(&cache, STR("0001aa"), 5, &found));
    who_cache_keep(&cache, &a, 5, drops);
    CHECK(who_cache_find(&cache, STR("0001aa"), 5 + WHO_KEPT_US - 1, &found));
    CHECK_INT(found.roles, 3);
    CHECK(!who_cache_find(&cache, STR("0001aa"), 5 + WHO_KEPT_US, &found));
    CHECK(!who_cache_find(&cache, STR("0001bb"), 5, &found)); /* the same row, another session */
    who_cache_keep(&cache, &b, 5, drops);
    CHECK(!who_cache_find(&cache, STR("0001aa"), 5, &found));
    who_cache_drop(&cache);
    CHECK(!who_cache_find(&cache, STR("0001bb"), 5, &found));
    who_cache_keep(&cache, &b, 5, drops); /* was read before the drop */
    CHECK(!who_cache_find(&cache, STR("0001bb"), 5, &found));
    who_cache_release(&cache);
}
