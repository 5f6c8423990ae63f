/* Tests what URLs are decoded to, what is refused, and what is written. */
#include "harness/test.h"
#include "web/url.h"

TEST(url_path_is_decoded_once)
{
    static const struct {
        const char *sent, *path;
    } rows[] = {
        {"/", "/"},
        {"/a/b", "/a/b"},
        {"//a//", "//a//"},
        {"/a%20b+c", "/a b+c"},
        {"/%C3%a4", "/\xc3\xa4"},
        {"/%2541", "/%41"},
        {"/a%2Fb", "/a/b"},
        {"/.", "/"},
        {"/./", "/"},
        {"/a/.", "/a/"},
        {"/a/..", "/"},
        {"/a/./b/../c", "/a/c"},
        {"/a/b/../..", "/"},
        {"/a/%2e%2E/b", "/b"},
        {"/a/..%2fb", "/b"},
        {"/a//..", "/a/"},
        {"/a/...", "/a/..."},
        {"/.well-known/x", "/.well-known/x"},
        {"/..a/.b", "/..a/.b"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str path;
        test_note(t, "%s", rows[i].sent);
        CHECK_ERR(url_path(t->arena, str_from(rows[i].sent), &path), ERR_OK);
        CHECK_STR(path, rows[i].path);
    }
}

TEST(url_path_that_holds_nothing_to_decode_is_not_copied)
{
    struct str sent = STR("/contact/msg_1"), path;
    CHECK_ERR(url_path(NULL, sent, &path), ERR_OK);
    CHECK(path.ptr == sent.ptr);
}

TEST(url_path_refuses_what_is_no_path)
{
    static const char *const texts[] = {
        "",        "a",          "*",     "/%",    "/%4",  "/%4g",     "/%g4",    "/%%41",
        "/%00",    "/a%00b",     "/%0a",  "/%0D",  "/%7f", "/%09",     "/%ff",    "/%c3",
        "/%c0%af", "/%ed%a0%80", "/\xff", "/a\tb", "/..",  "/a/../..", "/%2e%2e", "/a/../../b",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct str path;
        test_note(t, "%s", texts[i]);
        CHECK_ERR(url_path(t->arena, str_from(texts[i]), &path), ERR_INPUT);
    }
}

TEST(url_pairs_are_decoded)
{
    struct url_pairs pairs = url_pairs(t->arena, STR("a=1&b=%20+&&c&=x&%C3%A4=a%3Db%26=c&d="));
    static const char *const expected[][2] = {
        {"a", "1"}, {"b", "  "}, {"c", ""}, {"", "x"}, {"\xc3\xa4", "a=b&=c"}, {"d", ""}};
    struct str name, value;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        REQUIRE(url_next_pair(&pairs, &name, &value));
        CHECK_STR(name, expected[i][0]);
        CHECK_STR(value, expected[i][1]);
    }
    CHECK(!url_next_pair(&pairs, &name, &value));
    CHECK(!url_next_pair(&pairs, &name, &value));
    CHECK_ERR(pairs.err, ERR_OK);
    pairs = url_pairs(t->arena, (struct str){0});
    CHECK(!url_next_pair(&pairs, &name, &value));
    CHECK_ERR(pairs.err, ERR_OK);
}

TEST(url_pairs_refuse_what_is_broken)
{
    static const struct str texts[] = {{"a=%", 3},   {"a=%4", 4},  {"%zz=a", 5}, {"a=%00", 5},
                                       {"a=b\0", 4}, {"a=%ff", 5}, {"a=\xff", 3}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct url_pairs pairs = url_pairs(t->arena, texts[i]);
        struct str name, value;
        test_note(t, STR_FMT, STR_ARG(texts[i]));
        CHECK(!url_next_pair(&pairs, &name, &value));
        CHECK_ERR(pairs.err, ERR_INPUT);
        CHECK(!url_next_pair(&pairs, &name, &value));
    }
}

TEST(url_pairs_are_counted)
{
    struct buf many;
    struct str name, value;
    int count = 0;
    buf_init(&many, t->arena, 1 << 12);
    for (int i = 0; i <= URL_PAIRS_MAX; i++)
        buf_add(&many, STR("a&"));
    struct url_pairs pairs = url_pairs(t->arena, buf_str(&many));
    while (url_next_pair(&pairs, &name, &value))
        count++;
    CHECK_INT(count, URL_PAIRS_MAX);
    CHECK_ERR(pairs.err, ERR_LIMIT);
}

TEST(url_part_is_encoded_and_decodes_to_itself)
{
    struct buf out;
    buf_init(&out, t->arena, 1 << 10);
    url_add_part(&out, STR("aZ09-._~ /?#&=+%\"'\n\xc3\xa4"));
    CHECK_STR(buf_str(&out), "aZ09-._~%20%2F%3F%23%26%3D%2B%25%22%27%0A%C3%A4");
    struct url_pairs pairs = url_pairs(t->arena, buf_str(&out));
    struct str name, value;
    CHECK(url_next_pair(&pairs, &name, &value));
    CHECK_STR(name, "aZ09-._~ /?#&=+%\"'\n\xc3\xa4");
    buf_clear(&out);
    url_add_part(&out, (struct str){0});
    CHECK_INT(out.len, 0);
}

TEST(url_survives_a_lack_of_memory)
{
    struct arena small;
    struct str path, name, value;
    arena_init(&small, 0);
    CHECK_ERR(url_path(&small, STR("/%41"), &path), ERR_MEMORY);
    struct url_pairs pairs = url_pairs(&small, STR("a=%41"));
    CHECK(!url_next_pair(&pairs, &name, &value));
    CHECK_ERR(pairs.err, ERR_MEMORY);
    arena_release(&small);
}
