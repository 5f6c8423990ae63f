/* Tests of how requests are gathered, and of the memory that this may take. */
#include "web/intake.h"

#include <string.h>

#include "harness/test.h"
#include "harness/torture.h"

static const struct route route = {.body_max = 1000};

static void add(struct intake *intake, const char *text)
{
    memcpy(intake->bytes + intake->len, text, strlen(text));
    intake->len += strlen(text);
}

static struct intake *take(struct test *t, struct intake_pool *pool, size_t size)
{
    struct intake *intake = intake_take(pool, size);
    REQUIRE(intake);
    return intake;
}

TEST(intake_gathers_a_request_and_keeps_the_next)
{
    struct intake_pool pool;
    intake_pool_init(&pool);
    struct intake *intake = take(t, &pool, INTAKE_SIZE);
    CHECK_INT(intake_read(intake), INTAKE_MORE);
    add(intake, "POST /a HTTP/1.1\r\nHost: a\r\nContent-Le");
    CHECK_INT(intake_read(intake), INTAKE_MORE);
    add(intake, "ngth: 5\r\n\r\nhel");
    CHECK_INT(intake_read(intake), INTAKE_HEAD);
    intake->route = &route;
    CHECK_INT(intake_read(intake), INTAKE_MORE);
    add(intake, "loGET /b HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK_INT(intake_read(intake), INTAKE_WHOLE);
    CHECK_STR(intake_body(intake), "hello");
    CHECK(intake_next(intake));
    CHECK_INT(intake_read(intake), INTAKE_HEAD);
    CHECK_STR(intake->head.path, "/b");
    CHECK(!intake_next(intake));
    intake_give(&pool, intake);
    intake_pool_release(&pool);
}

TEST(intake_keeps_its_request_when_it_changes_its_size)
{
    struct intake_pool pool;
    intake_pool_init(&pool);
    struct intake *intake = take(t, &pool, INTAKE_SIZE_MIN);
    add(intake, "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe");
    CHECK_INT(intake_read(intake), INTAKE_HEAD);
    intake->route = &route;
    CHECK_INT(intake_read(intake), INTAKE_MORE);
    struct intake *larger = take(t, &pool, INTAKE_SIZE);
    intake_copy(larger, intake);
    intake_give(&pool, intake);
    intake = larger;
    add(intake, "llo\r\n0\r\n\r\nX");
    CHECK_INT(intake_read(intake), INTAKE_WHOLE);
    CHECK_STR(intake_body(intake), "hello");
    CHECK_STR(intake->head.path, "/a");
    CHECK_STR(http_header(&intake->head, STR("host")), "a");
    CHECK(intake_next(intake) && intake->len == 1);
    intake_give(&pool, intake);
    intake_pool_release(&pool);
}

TEST(intake_takes_no_more_than_the_route)
{
    static const char *const requests[] = {
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffff\r\n",
    };
    static const size_t rests[] = {1001, 0, 1};
    struct intake_pool pool;
    intake_pool_init(&pool);
    for (size_t i = 0; i < 3; i++) {
        struct intake *intake = take(t, &pool, INTAKE_SIZE);
        add(intake, requests[i]);
        CHECK_INT(intake_read(intake), INTAKE_HEAD);
        intake->route = &route;
        memset(intake->bytes + intake->len, 'x', rests[i]);
        intake->len += rests[i];
        CHECK_INT(intake_read(intake), INTAKE_BAD);
        CHECK_INT(intake->status, 413);
        intake_give(&pool, intake);
    }
    intake_pool_release(&pool);
}

/* However large: a head that never ends is told so before the room is at its end. */
TEST(intake_has_room_for_any_head)
{
    struct intake_pool pool;
    intake_pool_init(&pool);
    struct intake *intake = take(t, &pool, INTAKE_SIZE);
    add(intake, "GET / HTTP/1.1\r\nHost: a\r\nX: ");
    memset(intake->bytes + intake->len, 'x', intake->size - intake->len);
    intake->len = intake->size;
    CHECK(intake_is_full(intake));
    CHECK_INT(intake_read(intake), INTAKE_BAD);
    CHECK_INT(intake->status, 431);
    intake_give(&pool, intake);
    intake_pool_release(&pool);
}

TEST(intake_pool_has_a_limit)
{
    enum { SIZE = (1 << 20) - sizeof(struct intake), COUNT = INTAKES_MAX >> 20 };
    struct intake_pool pool;
    struct intake *all[COUNT];
    intake_pool_init(&pool);
    for (size_t i = 0; i < COUNT; i++)
        all[i] = take(t, &pool, SIZE);
    CHECK(intake_take(&pool, SIZE) == NULL);
    CHECK(intake_take(&pool, INTAKE_SIZE_MIN) == NULL);
    intake_give(&pool, all[0]);
    all[0] = take(t, &pool, SIZE);
    for (size_t i = 0; i < COUNT; i++)
        intake_give(&pool, all[i]);
    CHECK_INT(pool.taken, 0);
    intake_pool_release(&pool);
}

static enum err gather(struct test *t, void *arg)
{
    struct intake_pool *pool = arg;
    struct intake *intake = intake_take(pool, INTAKE_SIZE_MIN);
    if (!intake)
        return ERR_MEMORY;
    struct intake *large = intake_take(pool, 2 * INTAKE_SIZE);
    intake_give(pool, intake);
    intake_give(pool, large);
    CHECK_INT(pool->taken, 0);
    return large ? ERR_OK : ERR_MEMORY;
}

TEST(intake_without_memory_is_none)
{
    struct intake_pool pool;
    intake_pool_init(&pool);
    CHECK(TORTURE_EVERY(t, TORTURE_MEMORY, gather, &pool) > 0);
    intake_pool_release(&pool);
}
