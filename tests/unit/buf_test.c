/* Tests of buffers: their limit, their one failure, and what they write. */
#include "base/buf.h"

#include "harness/test.h"
#include "harness/torture.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

TEST(buf_grows_and_keeps_what_was_written)
{
    struct buf out;
    buf_init(&out, t->arena, 1 << 20);
    for (int i = 0; i < 10000; i++) {
        buf_addf(&out, "%04d", i);
        if (i % 1000 == 0)
            REQUIRE(arena_alloc(t->arena, 1)); /* the buffer cannot grow where it lies */
    }
    CHECK_ERR(buf_err(&out), ERR_OK);
    REQUIRE(out.len == 40000);
    CHECK_STR(str_slice(buf_str(&out), 0, 8), "00000001");
    CHECK_STR(str_slice(buf_str(&out), 20000, 20004), "5000");
    CHECK_STR(str_slice(buf_str(&out), 39992, 40000), "99989999");
}

TEST(buf_takes_its_limit_and_not_a_byte_more)
{
    for (size_t limit = 0; limit < 600; limit += 37) {
        struct buf out;
        buf_init(&out, t->arena, limit);
        for (size_t i = 0; i < limit; i++)
            buf_addc(&out, 'x');
        test_note(t, "limit %zu", limit);
        CHECK_ERR(buf_err(&out), ERR_OK);
        CHECK_INT(out.len, limit);
        buf_addc(&out, 'y');
        CHECK_ERR(buf_err(&out), ERR_LIMIT);
        CHECK_INT(out.len, limit);
    }
}

TEST(buf_keeps_its_first_failure)
{
    struct buf out;
    buf_init(&out, t->arena, 10);
    buf_add(&out, STR("12345"));
    buf_add(&out, STR("678901"));
    CHECK_ERR(buf_err(&out), ERR_LIMIT);
    buf_addc(&out, 'x'); /* there would be room */
    buf_addf(&out, "%d", 1);
    buf_add_int(&out, 1);
    buf_add_utf8(&out, 0xd800);
    buf_add_repaired(&out, STR("x"));
    buf_add(&out, STR(""));
    buf_fail(&out, ERR_IO);
    CHECK_ERR(buf_err(&out), ERR_LIMIT);
    CHECK_STR(buf_str(&out), "12345");
}

TEST(buf_fail_stops_the_writer_for_its_own_reason)
{
    struct buf out;
    buf_init(&out, t->arena, 100);
    buf_add(&out, STR("kept"));
    buf_fail(&out, ERR_INPUT);
    buf_add(&out, STR("lost"));
    buf_fail(&out, ERR_LIMIT);
    CHECK_ERR(buf_err(&out), ERR_INPUT);
    CHECK_STR(buf_str(&out), "kept");
}

TEST(buf_clear_and_rewind_forget_a_failure)
{
    struct buf out;
    buf_init(&out, t->arena, 10);
    buf_add(&out, STR("12345"));
    buf_fail(&out, ERR_IO);
    buf_rewind(&out, 3);
    CHECK_ERR(buf_err(&out), ERR_OK);
    buf_add(&out, STR("4567890"));
    CHECK_STR(buf_str(&out), "1234567890");
    const char *bytes = out.ptr;
    buf_clear(&out);
    buf_add(&out, STR("abc"));
    CHECK_STR(buf_str(&out), "abc");
    CHECK(out.ptr == bytes);
}

TEST(buf_in_place_fills_its_bytes_and_stops)
{
    char bytes[8];
    struct buf out;
    buf_init_fixed(&out, bytes, sizeof bytes);
    buf_addf(&out, "%s", "1234567");
    buf_addc(&out, '8');
    CHECK_ERR(buf_err(&out), ERR_OK);
    CHECK_STR(buf_str(&out), "12345678");
    CHECK(out.ptr == bytes);
    buf_addc(&out, '9');
    CHECK_ERR(buf_err(&out), ERR_LIMIT);
    buf_clear(&out);
    CHECK(buf_reserve(&out, 8));
    CHECK(!buf_reserve(&out, 9));
}

TEST(buf_addf_formats_across_its_room)
{
    for (int width = 1; width < 600; width += 23) {
        struct buf out;
        buf_init(&out, t->arena, 2000);
        buf_add(&out, STR("<"));
        buf_addf(&out, "%*d", width, 7);
        buf_add(&out, STR(">"));
        CHECK_ERR(buf_err(&out), ERR_OK);
        CHECK_INT(out.len, width + 2);
        CHECK(str_ends(buf_str(&out), STR("7>")));
    }
    struct buf out;
    buf_init(&out, t->arena, 10);
    buf_addf(&out, "%s", "");
    CHECK_STR(buf_str(&out), "");
    buf_addf(&out, "%s", "123456789"); /* and the NUL for a moment */
    CHECK_STR(buf_str(&out), "123456789");
    buf_addf(&out, "%s", "0");
    CHECK_ERR(buf_err(&out), ERR_LIMIT);
}

TEST(buf_add_int_writes_every_size)
{
    static const struct {
        int64_t number;
        const char *text;
    } rows[] = {
        {0, "0"},
        {7, "7"},
        {-7, "-7"},
        {10, "10"},
        {-100, "-100"},
        {INT64_MAX, "9223372036854775807"},
        {INT64_MIN, "-9223372036854775808"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf out;
        buf_init(&out, t->arena, 100);
        buf_add_int(&out, rows[i].number);
        CHECK_STR(buf_str(&out), rows[i].text);
    }
}

TEST(buf_add_utf8_writes_every_character_and_no_surrogate)
{
    struct buf out;
    buf_init(&out, t->arena, 4);
    int64_t wrong = 0;
    for (uint32_t code = 0; code <= 0x110010; code++) {
        buf_clear(&out);
        buf_add_utf8(&out, code);
        bool none = (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff;
        bool right = none ? buf_err(&out) == ERR_INPUT && out.len == 0
                          : !buf_err(&out) && out.len > 0 && str_is_utf8(buf_str(&out));
        wrong += !right;
    }
    CHECK_INT(wrong, 0);
    buf_clear(&out);
    buf_add_utf8(&out, 0x20ac);
    CHECK_STR(buf_str(&out), "€");
    buf_clear(&out);
    buf_add_utf8(&out, 0x1f600);
    CHECK_STR(buf_str(&out), "😀");
}

TEST(buf_add_repaired_replaces_what_is_not_utf8)
{
    static const struct {
        struct str text;
        const char *repaired;
    } rows[] = {
        {{0}, ""},
        {{"süß", 5}, "süß"},
        {{"\xff", 1}, "�"},
        {{"a\xffz", 3}, "a�z"},
        {{"\xc3", 1}, "�"},
        {{"\xe2\x82x", 3}, "��x"},
        {{"\xff\xfe\xfd", 3}, "���"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf out;
        buf_init(&out, t->arena, 100);
        buf_add_repaired(&out, rows[i].text);
        CHECK_STR(buf_str(&out), rows[i].repaired);
    }
}

TEST(buf_uses_the_last_of_its_arena)
{
    struct arena arena;
    arena_init(&arena, 8000);
    struct buf out;
    buf_init(&out, &arena, SIZE_MAX);
    for (int i = 0; i < 7000; i++)
        buf_addc(&out, 'x');
    CHECK_ERR(buf_err(&out), ERR_OK);
    for (int i = 0; i < 2000; i++)
        buf_addc(&out, 'x');
    CHECK_ERR(buf_err(&out), ERR_MEMORY);
    CHECK(out.len <= 8000);
    arena_release(&arena);
}

static enum err write_much(struct test *t, void *arg)
{
    (void)arg;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct buf out;
    buf_init(&out, &arena, 1 << 18);
    for (int i = 0; i < 5000; i++)
        buf_addf(&out, "%d,", i);
    enum err err = buf_err(&out);
    CHECK(err || str_ends(buf_str(&out), STR(",4998,4999,")));
    CHECK(err == ERR_OK || err == ERR_MEMORY);
    arena_release(&arena);
    return err;
}

TEST(buf_tells_when_memory_fails)
{
    TORTURE_EVERY(t, TORTURE_MEMORY, write_much, NULL);
}
