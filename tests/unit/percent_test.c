/* Tests of percent-encoding. */
#include "base/percent.h"

#include "harness/test.h"

enum { OUT_MAX = 256 };

TEST(percent_encodes_what_is_not_plain)
{
    static const struct {
        const char *text, *also, *encoded;
    } rows[] = {
        {"", "", ""},
        {"az-AZ.09_~", "", "az-AZ.09_~"},
        {"a b", "", "a%20b"},
        {" a", "", "%20a"},
        {"a/b?c=d&e", "", "a%2Fb%3Fc%3Dd%26e"},
        {"a/b c", "/", "a/b%20c"},
        {"\xc3\xbc%", "", "%C3%BC%25"},
        {"@[`{", "", "%40%5B%60%7B"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out;
        buf_init(&out, t->arena, OUT_MAX);
        percent_add(&out, str_from(rows[i].text), rows[i].also);
        CHECK_STR(buf_str(&out), rows[i].encoded);
    }
}

TEST(percent_encodes_a_nul_and_keeps_to_its_limit)
{
    struct buf out;
    buf_init(&out, t->arena, OUT_MAX);
    percent_add(&out, str_make("\0", 1), "/");
    CHECK_STR(buf_str(&out), "%00");
    buf_init(&out, t->arena, 4);
    percent_add(&out, STR("ab cd"), "");
    CHECK_ERR(buf_err(&out), ERR_LIMIT);
}
