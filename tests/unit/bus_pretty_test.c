/* JSON as people read it: a line a member, short values on one. */
#include "flow/bus_page.h"
#include "harness/test.h"
#include "harness/torture.h"

#define LONG "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

TEST(bus_pretty_breaks_what_is_long)
{
    static const struct {
        const char *json, *pretty;
    } rows[] = {
        {"{}", "{}"},
        {"[]", "[]"},
        {"12.50", "12.50"},
        {"{\"a\":[1,true,null],\"b\":{\"c\":\"d\"}}",
         "{\n  \"a\": [1, true, null],\n  \"b\": {\"c\": \"d\"}\n}"},
        {"{\"a\":[\"" LONG "\",{}]}", "{\n  \"a\": [\n    \"" LONG "\",\n    {}\n  ]\n}"},
        {"{\"a\":{\"" LONG "\":[]}}", "{\n  \"a\": {\n    \"" LONG "\": []\n  }\n}"},
        {"{\"a\":", "{\"a\":"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str text = STR("");
        test_note(t, "%s", rows[i].json);
        CHECK_ERR(bus_pretty(t->ctx, str_from(rows[i].json), &text), ERR_OK);
        CHECK_STR(text, rows[i].pretty);
        CHECK(!t->ctx->err.user[0]);
    }
}

static enum err make_one(struct test *t, void *arg)
{
    struct str text = STR("");
    (void)arg;
    return bus_pretty(t->ctx, STR("{\"a\":[1,2],\"b\":\"" LONG "\"}"), &text);
}

TEST(bus_pretty_survives_every_failed_allocation)
{
    TORTURE_EVERY(t, TORTURE_MEMORY, make_one, NULL);
}
