/* Tests of borrowed text. */
#include "base/str.h"

#include <string.h>

#include "harness/test.h"
#include "harness/torture.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

TEST(str_from_takes_null_for_empty)
{
    CHECK_INT(str_from(NULL).len, 0);
    CHECK_INT(str_from("").len, 0);
    CHECK_STR(str_from("ab"), "ab");
    CHECK_INT(STR("a\0b").len, 3);
}

TEST(str_equal_compares_every_byte)
{
    CHECK(str_equal(STR("abc"), STR("abc")));
    CHECK(!str_equal(STR("abc"), STR("abd")));
    CHECK(!str_equal(STR("abc"), STR("ab")));
    CHECK(!str_equal(STR("a\0b"), STR("a\0c")));
    CHECK(str_equal((struct str){0}, STR("")));
}

TEST(str_equal_nocase_knows_ascii_only)
{
    CHECK(str_equal_nocase(STR("Content-TYPE"), STR("content-type")));
    CHECK(!str_equal_nocase(STR("ab"), STR("abc")));
    CHECK(!str_equal_nocase(STR("@[`{"), STR("`{@[")));
    CHECK(!str_equal_nocase(STR("Ä"), STR("ä")));
    CHECK(str_equal_nocase((struct str){0}, STR("")));
}

TEST(str_compare_orders_by_bytes)
{
    static const struct str ordered[] = {
        {0}, {"\0", 1}, {"A", 1}, {"AA", 2}, {"B", 1}, {"a", 1}, {"a\0", 2}, {"ab", 2}, {"\xff", 1},
    };
    for (size_t i = 0; i < COUNT(ordered); i++)
        for (size_t k = 0; k < COUNT(ordered); k++) {
            int order = str_compare(ordered[i], ordered[k]);
            test_note(t, "%zu and %zu", i, k);
            CHECK_INT((order > 0) - (order < 0), (i > k) - (i < k));
        }
}

TEST(str_starts_and_ends)
{
    CHECK(str_starts(STR("https://x"), STR("https:")));
    CHECK(!str_starts(STR("http"), STR("https")));
    CHECK(str_starts(STR("x"), STR("")));
    CHECK(str_starts((struct str){0}, (struct str){0}));
    CHECK(str_ends(STR("a.html"), STR(".html")));
    CHECK(!str_ends(STR("html"), STR(".html")));
    CHECK(str_ends(STR("x"), STR("")));
    CHECK(str_ends((struct str){0}, STR("")));
}

TEST(str_find_gives_the_first_place)
{
    static const struct {
        const char *text, *needle;
        size_t at;
    } rows[] = {
        {"banana", "an", 1},         {"banana", "ana", 1},  {"banana", "banana", 0},
        {"banana", "nab", STR_NONE}, {"banana", "", 0},     {"", "", 0},
        {"", "a", STR_NONE},         {"a", "aa", STR_NONE}, {"banana", "na", 2},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_note(t, "%s in %s", rows[i].needle, rows[i].text);
        CHECK_INT(str_find(str_from(rows[i].text), str_from(rows[i].needle)), rows[i].at);
    }
    CHECK_INT(str_find_char(STR("banana"), 'n'), 2);
    CHECK_INT(str_find_char(STR("banana"), 'x'), STR_NONE);
    CHECK_INT(str_find_char(STR("a\0b"), '\0'), 1);
    CHECK_INT(str_find_char((struct str){0}, 'x'), STR_NONE);
}

TEST(str_slice_clamps)
{
    CHECK_STR(str_slice(STR("abcdef"), 1, 3), "bc");
    CHECK_STR(str_slice(STR("abcdef"), 4, 100), "ef");
    CHECK_STR(str_slice(STR("abcdef"), 4, STR_NONE), "ef");
    CHECK_STR(str_slice(STR("abcdef"), 3, 3), "");
    CHECK_STR(str_slice(STR("abcdef"), 5, 2), "");
    CHECK_STR(str_slice(STR("abcdef"), 7, 9), "");
    CHECK(str_slice(STR("abc"), 3, 3).ptr);
    CHECK(!str_slice((struct str){0}, 0, 9).ptr);
}

TEST(str_trim_takes_outer_space)
{
    CHECK_STR(str_trim(STR(" \t\r\n a b \n")), "a b");
    CHECK_STR(str_trim(STR("a")), "a");
    CHECK_STR(str_trim(STR(" \t ")), "");
    CHECK_STR(str_trim(STR("\v\f")), "\v\f");
    CHECK_STR(str_trim((struct str){0}), "");
}

TEST(str_cut_gives_every_piece)
{
    static const struct {
        const char *text, *joined; /* every piece in brackets */
    } rows[] = {
        {"a,,b", "[a][][b]"}, {"", "[]"},      {",", "[][]"},
        {"a,", "[a][]"},      {",a", "[][a]"}, {"ab", "[ab]"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char joined[32];
        size_t len = 0;
        struct str rest = str_from(rows[i].text), head;
        while (str_cut(&rest, ',', &head)) {
            joined[len++] = '[';
            memcpy(joined + len, head.ptr, head.len);
            len += head.len;
            joined[len++] = ']';
        }
        CHECK_STR(str_make(joined, len), rows[i].joined);
        CHECK(!str_cut(&rest, ',', &head));
    }
    struct str rest = str_slice(STR("abc"), 3, 3), head;
    CHECK(str_cut(&rest, ',', &head)); /* an empty slice is as empty a text as "" */
}

TEST(str_to_int_takes_one_spelling)
{
    static const struct {
        const char *text;
        enum err err;
        int64_t number;
    } rows[] = {
        {"0", ERR_OK, 0},
        {"7", ERR_OK, 7},
        {"-12", ERR_OK, -12},
        {"9223372036854775807", ERR_OK, INT64_MAX},
        {"-9223372036854775808", ERR_OK, INT64_MIN},
        {"9223372036854775808", ERR_INPUT, 0},
        {"-9223372036854775809", ERR_INPUT, 0},
        {"92233720368547758070", ERR_INPUT, 0},
        {"99999999999999999999999999", ERR_INPUT, 0},
        {"", ERR_INPUT, 0},
        {"-", ERR_INPUT, 0},
        {"--1", ERR_INPUT, 0},
        {"+1", ERR_INPUT, 0},
        {"01", ERR_INPUT, 0},
        {"-0", ERR_INPUT, 0},
        {"-01", ERR_INPUT, 0},
        {" 1", ERR_INPUT, 0},
        {"1 ", ERR_INPUT, 0},
        {"1.0", ERR_INPUT, 0},
        {"1e3", ERR_INPUT, 0},
        {"0x1", ERR_INPUT, 0},
        {"1:", ERR_INPUT, 0},
        {"1/", ERR_INPUT, 0},
        {"٣", ERR_INPUT, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t number = 0;
        test_note(t, "\"%s\"", rows[i].text);
        CHECK_ERR(str_to_int(str_from(rows[i].text), INT64_MIN, INT64_MAX, &number), rows[i].err);
        CHECK_INT(number, rows[i].number);
    }
}

TEST(str_to_int_keeps_to_its_bounds)
{
    int64_t number = 42;
    CHECK_ERR(str_to_int(STR("0"), 1, 65535, &number), ERR_INPUT);
    CHECK_ERR(str_to_int(STR("65536"), 1, 65535, &number), ERR_INPUT);
    CHECK_INT(number, 42);
    CHECK_ERR(str_to_int(STR("1"), 1, 65535, &number), ERR_OK);
    CHECK_INT(number, 1);
    CHECK_ERR(str_to_int(STR("65535"), 1, 65535, &number), ERR_OK);
    CHECK_INT(number, 65535);
}

/* The length of the UTF-8 character at the front by taking it apart bit by bit, 0 where none is:
 * slow, and another way than the table under test. */
static size_t decode_naively(const unsigned char *p, size_t left)
{
    static const uint32_t shortest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (p[0] < 0x80)
        return 1;
    size_t len = 0;
    while (len < 8 && p[0] & (0x80 >> len))
        len++;
    if (len < 2 || len > 4 || len > left)
        return 0;
    uint32_t code = p[0] & (0x7fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (p[i] & 0x3f);
    }
    bool surrogate = code >= 0xd800 && code < 0xe000;
    return code < shortest[len] || code > 0x10ffff || surrogate ? 0 : len;
}

static size_t find_bad_naively(struct str s)
{
    for (size_t at = 0; at < s.len;) {
        size_t len = decode_naively((const unsigned char *)s.ptr + at, s.len - at);
        if (!len)
            return at;
        at += len;
    }
    return STR_NONE;
}

static void check_utf8(struct test *t, const char *bytes, size_t len, int64_t *differ)
{
    struct str s = str_make(bytes, len);
    size_t bad = find_bad_naively(s);
    if (str_find_bad_utf8(s) != bad || str_is_utf8(s) != (bad == STR_NONE)) {
        test_note(t, "%02x %02x %02x %02x, %zu bytes", (unsigned char)bytes[0],
                  (unsigned char)bytes[1], (unsigned char)bytes[2], (unsigned char)bytes[3], len);
        ++*differ;
    }
}

TEST(str_is_utf8_agrees_with_a_naive_decoder_on_short_texts)
{
    int64_t differ = 0;
    for (unsigned i = 0; i < 0x10000; i++) {
        char bytes[4] = {(char)(i >> 8), (char)i};
        check_utf8(t, bytes, 1, &differ);
        check_utf8(t, bytes, 2, &differ);
    }
    CHECK_INT(differ, 0);
}

/* Every sequence of four out of the bytes at which a rule begins or ends. */
TEST(str_is_utf8_agrees_with_a_naive_decoder_on_every_edge)
{
    static const char edges[] = "\x00\x41\x7f\x80\x81\x8f\x90\x9f\xa0\xbe\xbf\xc0\xc1\xc2\xdf\xe0"
                                "\xe1\xec\xed\xee\xef\xf0\xf1\xf3\xf4\xf5\xfe\xff";
    size_t count = sizeof edges - 1;
    int64_t differ = 0;
    for (size_t i = 0; i < count * count * count * count; i++) {
        char bytes[4] = {edges[i % count], edges[i / count % count],
                         edges[i / count / count % count], edges[i / count / count / count]};
        check_utf8(t, bytes, 3, &differ);
        check_utf8(t, bytes, 4, &differ);
    }
    CHECK_INT(differ, 0);
}

/* Long enough for whole words, with the odd byte at every distance from their bounds. */
TEST(str_is_utf8_agrees_with_a_naive_decoder_on_long_texts)
{
    static const char *const odd[] = {"ü", "€", "😀", "\xff", "\xc3", "\xe2\x82", "\xed\xa0\x80"};
    int64_t differ = 0;
    for (size_t i = 0; i < COUNT(odd); i++)
        for (size_t at = 0; at < 32; at++)
            for (size_t len = at + strlen(odd[i]); len <= 40; len++) {
                char bytes[40];
                memset(bytes, 'a', sizeof bytes);
                memcpy(bytes + at, odd[i], strlen(odd[i]));
                check_utf8(t, bytes, len, &differ);
            }
    CHECK_INT(differ, 0);
}

TEST(str_find_bad_utf8_gives_the_first_byte_of_the_bad_sequence)
{
    static const struct {
        const char *text;
        size_t at;
    } rows[] = {
        {"", STR_NONE},
        {"plain and long enough for eight", STR_NONE},
        {"Süß", STR_NONE},
        {"\xff", 0},
        {"abc\xc3", 3},
        {"12345678\x80", 8},
        {"1234567é9\xe2\x82", 10},
        {"ok \xed\xa0\x80 no", 3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        test_note(t, "row %zu", i);
        CHECK_INT(str_find_bad_utf8(str_from(rows[i].text)), rows[i].at);
    }
}

TEST(str_copy_lives_in_the_arena)
{
    char text[] = "abc";
    struct str copy;
    CHECK_ERR(str_copy(t->arena, str_from(text), &copy), ERR_OK);
    text[0] = 'x';
    CHECK_STR(copy, "abc");
    CHECK_ERR(str_copy(t->arena, (struct str){0}, &copy), ERR_OK);
    CHECK_STR(copy, "");
    CHECK(copy.ptr);
}

TEST(str_cstr_ends_with_nul_and_holds_none)
{
    const char *cstr = NULL;
    CHECK_ERR(str_cstr(t->arena, str_slice(STR("abcdef"), 0, 3), &cstr), ERR_OK);
    CHECK_TEXT(cstr, "abc");
    CHECK_ERR(str_cstr(t->arena, (struct str){0}, &cstr), ERR_OK);
    CHECK_TEXT(cstr, "");
    CHECK_ERR(str_cstr(t->arena, STR("a\0b"), &cstr), ERR_INPUT);
    CHECK_ERR(str_cstr(t->arena, STR("ab\0"), &cstr), ERR_INPUT);
}

static enum err copy_twice(struct test *t, void *arg)
{
    (void)t;
    (void)arg;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct str copy;
    const char *cstr;
    enum err err = str_copy(&arena, STR("one"), &copy);
    arena_release(&arena);
    if (!err)
        err = str_cstr(&arena, STR("two"), &cstr);
    arena_release(&arena);
    return err;
}

TEST(str_copies_tell_when_memory_fails)
{
    TORTURE_EVERY(t, TORTURE_MEMORY, copy_twice, NULL);
}
