/* Tests what is read of the Cookie header. */
#include <string.h>

#include "harness/test.h"
#include "web/cookie.h"

TEST(cookie_is_found_by_its_name)
{
    static const struct {
        const char *header, *value;
    } rows[] = {
        {"session=abc", "abc"},
        {"theme=dark; session=abc", "abc"},
        {"theme=dark;session=abc ;x=y", "abc"},
        {"session=a=b==", "a=b=="},
        {"Session=abc", ""},
        {"xsession=abc", ""},
        {"session =abc", ""},
        {"session", ""},
        {"session=", ""},
        {"session=abc; session=abc", ""},
        {"session=abc; session=evil", ""},
        {"session=a b", ""},
        {"session=\"abc\"", ""},
        {"session=a,b", ""},
        {"session=a\\b", ""},
        {"session=\xc3\xa4", ""},
        {"x=session=abc", ""},
        {";;=;session=abc", "abc"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        test_note(t, "%s", rows[i].header);
        CHECK_STR(cookie_find(str_from(rows[i].header), STR("session")), rows[i].value);
    }
    CHECK_STR(cookie_find((struct str){0}, STR("session")), "");
}

TEST(cookie_says_what_may_be_set)
{
    CHECK(cookie_is_name(STR("__Host-session")));
    CHECK(!cookie_is_name(STR("")));
    CHECK(!cookie_is_name(STR("a b")));
    CHECK(!cookie_is_name(STR("a=b")));
    CHECK(cookie_is_value(STR("")));
    CHECK(cookie_is_value(STR("a=b/c+d:e!")));
    CHECK(!cookie_is_value(STR("a;b")));
    CHECK(!cookie_is_value(STR("a\r\nb")));
    CHECK(!cookie_is_value(str_make("\0", 1)));
    char letters[COOKIE_LEN_MAX + 1];
    memset(letters, 'a', sizeof letters);
    CHECK(cookie_is_value(str_make(letters, COOKIE_LEN_MAX)));
    CHECK(!cookie_is_value(str_make(letters, sizeof letters)));
    CHECK(!cookie_is_name(str_make(letters, sizeof letters)));
}
