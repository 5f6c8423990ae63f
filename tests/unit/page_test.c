/* Pages that gen_html made: what they write, of whatever is handed to them. */
#include "harness/test.h"
#include "harness/torture.h"
#include "sample_pages.h"
#include "web/asset.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { PAGE_MAX = 1 << 20 };

/* The assets that the sample pages name. */
extern const struct asset page_asset_style_css, page_asset_page_js, page_asset_icons_svg;
const struct asset page_asset_style_css = {.path = "/assets/sample/style-1.css"};
const struct asset page_asset_page_js = {.path = "/assets/sample/page-2.js"};
const struct asset page_asset_icons_svg = {.path = "/assets/sample/icons-3.svg"};

static const struct sample_line lines[] = {
    {"bread & \"butter\"", 2, false}, {"<none>", 0, false}, {"card", 1, true}};
static struct sample_order orders[] = {
    {STR("ord_1"), STR("Ada"), 5 * SECOND_US, 123450, lines, 3},
    {STR("ord/2"), STR("<Eve>"), 65 * SECOND_US, 5, lines, 3},
};
static const struct sample_shop shop = {STR("Shop & <Co>"), {orders, 2}, SAMPLE_OPEN};

static void begin(struct test *t, struct html_out *out, struct buf *buf, int language)
{
    buf_init(buf, t->arena, PAGE_MAX);
    html_out_init(out, buf, t->arena, &languages[language], 125 * SECOND_US);
}

static struct str render_list(struct test *t, int language)
{
    struct buf buf;
    struct html_out out;
    begin(t, &out, &buf, language);
    sample_list(&out, &(struct sample_list){&shop, currency_find(STR("EUR"))});
    CHECK_ERR(buf_err(&buf), ERR_OK);
    return buf_str(&buf);
}

TEST(page_writes_loops_branches_and_parts)
{
    CHECK_STR(
        render_list(t, LANGUAGE_EN),
        "<!doctype html>\n"
        "<html lang=\"en\" dir=\"ltr\">\n"
        "<head>\n"
        "<title>Shop &amp; &lt;Co&gt;</title>\n"
        "<link rel=\"stylesheet\" href=\"/assets/sample/style-1.css\">\n"
        "<script src=\"/assets/sample/page-2.js\" defer></script>\n"
        "</head>\n"
        "<body class=\"wide\">\n"
        "<section class=\"box\">\n"
        "<h2>2 items in Shop &amp; &lt;Co&gt;'s \"cart\" \\o/</h2>\n"
        "<main id=\"main\"><section class=\"box\">\n"
        "<h2>Ada</h2>\n"
        "<p>1 Shop &amp; &lt;Co&gt; 3 items in Ada's \"cart\" \\o/</p>\n"
        "<ol>\n"
        "<li><a href=\"/order/ord_1?line=bread%20%26%20%22butter%22\">bread &amp; "
        "\"butter\"</a> 2</li>\n"
        "<li><a href=\"/order/ord_1?line=card\">card</a> 1</li>\n"
        "</ol>\n"
        "<p>January 1, 1970 12:00 AM <time datetime=\"1970-01-01T00:00:05.000000Z\">2 minutes "
        "ago</time>\n"
        "€1,234.50 123.5 kB 1/1/1970, 12:00 AM</p>\n"
        "\n"
        "</section>\n"
        "<section class=\"box\">\n"
        "<h2>&lt;Eve&gt;</h2>\n"
        "<p>2 Shop &amp; &lt;Co&gt; 3 items in &lt;Eve&gt;'s \"cart\" \\o/</p>\n"
        "<ol>\n"
        "<li><a href=\"/order/ord%2F2?line=bread%20%26%20%22butter%22&amp;n=1\">bread &amp; "
        "\"butter\"</a> 2</li>\n"
        "<li><svg aria-hidden=\"true\"><use href=\"/assets/sample/icons-3.svg#gift\"/></svg> "
        "card</li>\n"
        "</ol>\n"
        "<p>January 1, 1970 12:01 AM <time datetime=\"1970-01-01T00:01:05.000000Z\">1 minute "
        "ago</time>\n"
        "€0.05 5 bytes 1/1/1970, 12:01 AM</p>\n"
        "\n"
        "</section>\n"
        "</main>\n"
        "\n"
        "</section>\n"
        "<footer><span translate=\"no\">Stoa</span> · 1234</footer>\n"
        "</body>\n"
        "</html>\n");
}

/* Right to left, with the shop's own words isolated in the messages. */
TEST(page_is_written_in_the_readers_language)
{
    struct str page = render_list(t, LANGUAGE_AR);
    static const char *const parts[] = {
        "<!doctype html>\n<html lang=\"ar\" dir=\"rtl\">\n",
        "<h2>منتجان في سلة \u2068Shop &amp; &lt;Co&gt;\u2069</h2>\n",
        "<p>2 Shop &amp; &lt;Co&gt; 3 منتجات في سلة \u2068&lt;Eve&gt;\u2069</p>\n",
        "T00:01:05.000000Z\">قبل دقيقة واحدة</time>\n",
        "</html>\n",
    };
    for (size_t i = 0; i < COUNT(parts); i++) {
        size_t at = str_find(page, str_from(parts[i]));
        test_note(t, "%s", parts[i]);
        REQUIRE(at != STR_NONE);
        page = str_slice(page, at, page.len);
    }
}

static struct str render_places(struct test *t, const char *x, struct html markup)
{
    struct buf buf;
    struct html_out out;
    begin(t, &out, &buf, LANGUAGE_EN);
    sample_places(&out, &(struct sample_places){str_from(x), x, markup});
    CHECK_ERR(buf_err(&buf), ERR_OK);
    CHECK(str_is_utf8(buf_str(&buf)));
    return buf_str(&buf);
}

TEST(page_escapes_by_the_place)
{
    CHECK_STR(
        render_places(t, "a\"'<b>&amp; /?\u00e4", (struct html){STR("<b>1</b>")}),
        "<i class=\"a a&quot;&#39;&lt;b&gt;&amp;amp; /?\u00e4 b\" "
        "data-x=\"a&quot;&#39;&lt;b&gt;&amp;amp; /?\u00e4\" title=\"1 item in "
        "a&quot;&#39;&lt;b&gt;&amp;amp; /?\u00e4&#39;s &quot;cart&quot; \\o/\"></i>\n"
        "<p>a\"'&lt;b&gt;&amp;amp; /?\u00e4|a\"'&lt;b&gt;&amp;amp; /?\u00e4|1 item in "
        "a\"'&lt;b&gt;&amp;amp; /?\u00e4's \"cart\" \\o/|<b>1</b></p>\n"
        "<a href=\"a%22%27%3Cb%3E&amp;amp;%20/?%C3%A4\"></a><a "
        "href=\"a%22%27%3Cb%3E&amp;amp;%20/?%C3%A4?q=a%22%27%3Cb%3E%26amp%3B%20%2F%3F%C3%A4#a%2"
        "2%27%3Cb%3E%26amp%3B%20%2F%3F%C3%A4\"></a><a "
        "href=\"/p/a%22%27%3Cb%3E%26amp%3B%20%2F%3F%C3%A4/a%22%27%3Cb%3E%26amp%3B%20%2F%3F%C3%A"
        "4?q=a%22%27%3Cb%3E%26amp%3B%20%2F%3F%C3%A4\"></a><a "
        "href=\"mailto:?subject=1%20item%20in%20a%22%27%3Cb%3E%26amp%3B%20%2F%3F%C3%A4%27s%20%2"
        "2cart%22%20%5Co%2F\"></a>\n"
        "<svg><title>a&quot;&#39;&lt;b&gt;&amp;amp; /?\u00e4</title><path "
        "d=\"a&quot;&#39;&lt;b&gt;&amp;amp; /?\u00e4\"/></svg>\n"
        "<textarea name=\"t\">\n"
        "a&quot;&#39;&lt;b&gt;&amp;amp; /?\u00e4</textarea>\n"
        "<pre>\n"
        "  a\"'&lt;b&gt;&amp;amp; /?\u00e4\n"
        "    .</pre>\n");
}

/* What attacks have been made of. Whatever comes in, the markup is the page's own. */
static const char *const attacks[] = {
    "<script>alert(1)</script>",
    "\"><script>alert(1)</script>",
    "'><img src=x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</pre></p></svg><script>alert(1)</script>",
    "-->",
    "<!--",
    "]]>",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "\x01javascript:alert(1)",
    " javascript:alert(1)",
    "javascript&colon;alert(1)",
    "&#106;avascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "//evil.example/",
    "\\\\evil.example/",
    "/\\evil.example/",
    "https:evil.example",
    "{{x}}",
    "\xc0\xbcscript\xc0\xbe",
    "\xe2\x80",
    "\xf0\x9f\x98",
    "+ADw-script+AD4-",
    "\u2028<\u2029",
    "`onmouseover=alert(1)",
    "\nonmouseover=alert(1)",
    "&lt;script&gt;",
    "%3Cscript%3E",
};

/* Tags and quotes: nothing that comes in may change their number. */
static size_t count_marks(struct str page)
{
    size_t count = 0;
    for (size_t i = 0; i < page.len; i++)
        count += page.ptr[i] == '<' || page.ptr[i] == '>';
    return count;
}

/* The quotes of the tags; in text they are only words. */
static size_t count_quotes(struct str page)
{
    size_t count = 0;
    bool inside = false;
    for (size_t i = 0; i < page.len; i++) {
        inside = page.ptr[i] == '<' || (inside && page.ptr[i] != '>');
        count += inside && (page.ptr[i] == '"' || page.ptr[i] == '\'');
    }
    return count;
}

TEST(page_keeps_its_markup_whatever_comes_in)
{
    struct str plain = render_places(t, "x", (struct html){0});
    for (size_t i = 0; i < COUNT(attacks); i++) {
        struct str page = render_places(t, attacks[i], (struct html){0});
        test_note(t, "%s\n%.*s", attacks[i], STR_ARG(page));
        CHECK_INT(count_marks(page), count_marks(plain));
        CHECK_INT(count_quotes(page), count_quotes(plain));
        CHECK(str_find(page, STR("href=\"j")) == STR_NONE || i == 16);
        CHECK(str_find(page, STR("href=\"d")) == STR_NONE);
        CHECK(str_find(page, STR("href=\"v")) == STR_NONE);
        CHECK(str_find(page, STR("href=\"//")) == STR_NONE);
        CHECK(str_find(page, STR("href=\" ")) == STR_NONE);
    }
}

/* A value that begins with a newline keeps it: browsers drop the first behind <textarea>. */
TEST(page_keeps_a_newline_in_a_textarea)
{
    struct str page = render_places(t, "\nx", (struct html){0});
    CHECK(str_find(page, STR("<textarea name=\"t\">\n\nx</textarea>")) != STR_NONE);
}

TEST(page_of_nothing_is_whole)
{
    struct buf buf;
    struct html_out out;
    begin(t, &out, &buf, LANGUAGE_DE);
    sample_list(&out, &(struct sample_list){&(struct sample_shop){.state = SAMPLE_CLOSED}, NULL});
    CHECK_ERR(buf_err(&buf), ERR_OK);
    CHECK(str_find(buf_str(&buf), STR("<body>\n")) != STR_NONE);
    CHECK(str_find(buf_str(&buf), STR("<main id=\"main\"></main>")) != STR_NONE);
    CHECK_INT(out.words.len, 0);
}

static enum err render(struct test *t, void *arg)
{
    struct buf buf;
    struct html_out out;
    begin(t, &out, &buf, LANGUAGE_EN);
    sample_list(&out, &(struct sample_list){&shop, currency_find(STR("EUR"))});
    TRY(buf_err(&buf));
    CHECK_INT(buf.len, *(size_t *)arg);
    return ERR_OK;
}

TEST(page_fails_whole_without_memory)
{
    size_t len = render_list(t, LANGUAGE_EN).len;
    CHECK(TORTURE_EVERY(t, TORTURE_MEMORY, render, &len) > 0);
}
