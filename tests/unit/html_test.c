/* Escaping: every place, held against one that goes byte by byte. */
#include "web/html_page.h"

#include <stdio.h>

#include "base/rand.h"
#include "harness/test.h"
#include "harness/torture.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { OUT_MAX = 8 << 10, PAGE_MAX = 1 << 20, TEXT_MAX = 80, ROUNDS = 20000 };

/* What html_add_text and html_add_attribute must do, in the slowest way. */
static struct str escape_slowly(struct test *t, struct str text, bool quotes)
{
    struct buf repaired, out;
    buf_init(&repaired, t->arena, OUT_MAX);
    buf_init(&out, t->arena, OUT_MAX);
    buf_add_repaired(&repaired, text);
    for (size_t i = 0; i < repaired.len; i++) {
        char c = repaired.ptr[i];
        if (c == '&')
            buf_add(&out, STR("&amp;"));
        else if (c == '<')
            buf_add(&out, STR("&lt;"));
        else if (c == '>')
            buf_add(&out, STR("&gt;"));
        else if (c == '"' && quotes)
            buf_add(&out, STR("&quot;"));
        else if (c == '\'' && quotes)
            buf_add(&out, STR("&#39;"));
        else if (c == '\0')
            buf_add(&out, STR("\xef\xbf\xbd"));
        else
            buf_addc(&out, c);
    }
    REQUIRE(!buf_err(&out));
    return buf_str(&out);
}

/* With room for the worst, and with none. */
static void check_escaped(struct test *t, struct str text)
{
    for (int i = 0; i < 4; i++) {
        struct buf out;
        bool quotes = i & 1, roomy = i & 2;
        buf_init(&out, t->arena, OUT_MAX);
        if (roomy)
            REQUIRE(buf_reserve(&out, OUT_MAX / 2));
        (quotes ? html_add_attribute : html_add_text)(&out, text);
        REQUIRE(str_equal(buf_str(&out), escape_slowly(t, text, quotes)));
    }
}

/* Mostly letters, so that specials stand in every place of a step, and alone. */
static void fill(struct test *t, char *bytes, size_t len)
{
    static const char rare[] = "&<>\"'\0\x80\xc3\xa4\xf0\x9f\x98\x80\xff=?;%$#!";
    uint64_t often = rand_below(t->ctx->rand, 40) + 1;
    for (size_t i = 0; i < len; i++)
        bytes[i] = rand_below(t->ctx->rand, often) == 0
                       ? rare[rand_below(t->ctx->rand, sizeof rare - 1)]
                       : (char)('a' + rand_below(t->ctx->rand, 26));
}

TEST(html_escapes_as_byte_by_byte)
{
    char bytes[TEXT_MAX];
    for (int round = 0; round < ROUNDS; round++) {
        struct arena_mark mark = arena_mark(t->arena);
        size_t len = rand_below(t->ctx->rand, TEXT_MAX),
               at = len ? rand_below(t->ctx->rand, len) : 0;
        fill(t, bytes, len);
        check_escaped(t, str_make(bytes + at, len - at));
        arena_rewind(t->arena, mark);
    }
}

TEST(html_escapes_each_byte_at_each_place)
{
    char bytes[40];
    for (size_t at = 0; at < sizeof bytes; at++)
        for (int c = 0; c < 256; c++) {
            struct arena_mark mark = arena_mark(t->arena);
            memset(bytes, 'a', sizeof bytes);
            bytes[at] = (char)c;
            check_escaped(t, str_make(bytes, sizeof bytes));
            check_escaped(t, str_make(bytes, at + 1));
            arena_rewind(t->arena, mark);
        }
}

TEST(html_writes_nothing_of_nothing)
{
    struct buf out;
    buf_init(&out, t->arena, OUT_MAX);
    html_add_text(&out, (struct str){0});
    html_add_attribute_c(&out, NULL);
    html_add_text_c(&out, "");
    html_add_url_part(&out, (struct str){0});
    html_add_markup(&out, (struct html){0});
    CHECK_STR(buf_str(&out), "");
}

TEST(html_takes_urls_that_lead_nowhere_else)
{
    static const struct {
        const char *url, *written;
    } rows[] = {
        {"/contact/msg_1?a=b&c=d#e", "/contact/msg_1?a=b&amp;c=d#e"},
        {"contact", "contact"},
        {"?page=2", "?page=2"},
        {"#main", "#main"},
        {"https://example.org/x", "https://example.org/x"},
        {"HTTP://example.org/x:y", "HTTP://example.org/x:y"},
        {"mailto:ada@example.org", "mailto:ada@example.org"},
        {"tel:+49123", "tel:+49123"},
        {"/a b\"c'd<e>", "/a%20b%22c%27d%3Ce%3E"},
        {"/\u00e4", "/%C3%A4"},
        {"/%41%", "/%41%"},
        {"/x:y", "/x:y"},
        {"", "#"},
        {"javascript:alert(1)", "#"},
        {"JavaScript:alert(1)", "#"},
        {" javascript:alert(1)", "#"},
        {"java\nscript:alert(1)", "#"},
        {"java\tscript:alert(1)", "#"},
        {"\x01javascript:alert(1)", "#"},
        {"data:text/html,x", "#"},
        {"vbscript:x", "#"},
        {"//evil.example", "#"},
        {"/\\evil.example", "#"},
        {"\\\\evil.example", "#"},
        {"/\t/evil.example", "#"},
        {":", "#"},
        {"&colon;", "&amp;colon;"},
        {"javascript&colon;alert(1)", "javascript&amp;colon;alert(1)"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf out;
        buf_init(&out, t->arena, OUT_MAX);
        html_add_url_c(&out, rows[i].url);
        test_note(t, "%s", rows[i].url);
        CHECK_STR(buf_str(&out), rows[i].written);
    }
}

TEST(html_encodes_what_is_put_into_a_url)
{
    struct buf out;
    buf_init(&out, t->arena, OUT_MAX);
    html_add_url_part(&out, STR("a-Z_0.~@/?#&=+%:\"'<> \u00e4\0\xff"));
    CHECK_STR(buf_str(&out), "a-Z_0.~@%2F%3F%23%26%3D%2B%25%3A%22%27%3C%3E%20%C3%A4%00%FF");
}

TEST(html_chooses_by_the_type)
{
    struct buf buf;
    struct html_out out;
    char text[] = "<d>";
    buf_init(&buf, t->arena, OUT_MAX);
    html_out_init(&out, &buf, t->arena, &languages[0], 0);
    html_text(&out, STR("<a>"));
    html_text(&out, (struct html){STR("<b>")});
    html_text(&out, "<c>");
    html_text(&out, text);
    html_text(&out, -1);
    html_text(&out, (uint8_t)255);
    html_text(&out, INT64_MIN);
    html_text(&out, UINT64_MAX);
    html_attribute(&out, (size_t)7);
    html_url_part(&out, (short)-8);
    CHECK_STR(buf_str(&buf), "&lt;a&gt;<b>&lt;c&gt;&lt;d&gt;-1255-9223372036854775808"
                             "184467440737095516157-8");
}

TEST(html_asks_what_is_there)
{
    const char *none = NULL;
    CHECK(html_is(STR("x")) && !html_is(STR("")));
    CHECK(html_is((struct html){STR("x")}) && !html_is((struct html){0}));
    CHECK(html_is("x") && !html_is("") && !html_is(none));
    CHECK(html_is(-1) && !html_is(0) && html_is((size_t)1) && !html_is(false));
    CHECK(html_is(t) && !html_is((struct test *)NULL));
}

static void say(struct buf *out, const struct language *language, const char *text)
{
    (void)language;
    buf_add(out, str_from(text));
}

TEST(html_escapes_what_is_said)
{
    struct buf buf;
    struct html_out out;
    buf_init(&buf, t->arena, OUT_MAX);
    html_out_init(&out, &buf, t->arena, &languages[0], 0);
    html_say(&out, HTML_TEXT, say, "a<\"b ");
    html_say(&out, HTML_ATTRIBUTE, say, "a<\"b ");
    html_say(&out, HTML_URL_PART, say, "a<\"b ");
    html_say(&out, HTML_TEXT, say, "\xff\u00e4");
    html_say(&out, HTML_URL_PART, say, "");
    CHECK_STR(buf_str(&buf), "a&lt;\"b a&lt;&quot;b a%3C%22b%20\xef\xbf\xbd\u00e4");
    CHECK_INT(out.words.len, 0);
}

TEST(html_keeps_words_until_they_are_forgotten)
{
    struct buf buf;
    struct html_out out;
    char long_text[2000] = {0};
    buf_init(&buf, t->arena, OUT_MAX);
    html_out_init(&out, &buf, t->arena, &languages[0], 0);
    struct str first = html_keep(&out, say, "first");
    size_t at = out.words.len;
    memset(long_text, 'x', sizeof long_text - 1);
    struct str second = html_keep(&out, say, long_text);
    CHECK_STR(first, "first");
    CHECK_INT(second.len, sizeof long_text - 1);
    html_forget(&out, at);
    CHECK_INT(out.words.len, sizeof "first" - 1);
}

/* Half a message must not pass for a whole one. */
TEST(html_fails_with_words_beyond_the_limit)
{
    struct buf buf;
    struct html_out out;
    char *text = arena_bytes(t->arena, HTML_WORDS_MAX + 2);
    REQUIRE(text);
    memset(text, '<', HTML_WORDS_MAX + 1);
    text[HTML_WORDS_MAX + 1] = '\0';
    buf_init(&buf, t->arena, 2 * HTML_WORDS_MAX);
    html_out_init(&out, &buf, t->arena, &languages[0], 0);
    html_say(&out, HTML_TEXT, say, text);
    CHECK_ERR(buf_err(&buf), ERR_LIMIT);
    CHECK_INT(buf.len, 0);
    buf_clear(&buf);
    CHECK_STR(html_keep(&out, say, text), "");
    CHECK_ERR(buf_err(&buf), ERR_LIMIT);
    html_forget(&out, 0);
    CHECK_STR(html_keep(&out, say, "x"), "x");
}

TEST(html_stops_at_the_limit_of_the_page)
{
    char bytes[8];
    struct buf buf;
    buf_init_fixed(&buf, bytes, sizeof bytes);
    html_add_text(&buf, STR("abcde<f"));
    CHECK_ERR(buf_err(&buf), ERR_LIMIT);
    CHECK_STR(buf_str(&buf), "abcde");
    buf_clear(&buf);
    html_add_url_part(&buf, STR("<<<<"));
    CHECK_ERR(buf_err(&buf), ERR_LIMIT);
}

static enum err write_all(struct test *t, void *arg)
{
    struct buf buf;
    struct html_out out;
    (void)arg;
    buf_init(&buf, t->arena, PAGE_MAX);
    html_out_init(&out, &buf, t->arena, &languages[0], 0);
    for (int i = 0; i < 2000; i++) {
        html_say(&out, HTML_ATTRIBUTE, say, "a<\"b\xff ");
        html_text(&out, STR("<>&"));
        html_url_part(&out, "<>&");
        html_text(&out, html_keep(&out, say, "kept "));
    }
    TRY(buf_err(&buf));
    CHECK_INT(buf.len, 2000 * 43);
    return ERR_OK;
}

TEST(html_fails_whole_without_memory)
{
    CHECK(TORTURE_EVERY(t, TORTURE_MEMORY, write_all, NULL) > 0);
}
