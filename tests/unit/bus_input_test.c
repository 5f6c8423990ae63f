/* Tests of what a target is given of an event. */
#include "flow/bus_input.h"

#include <string.h>

#include "harness/test.h"
#include "harness/torture.h"

static const char event_text[] =
    "{\"id\":\"evt_1\",\"source\":\"shop\",\"detail\":{\"number\":7,\"who\":\"Ada \\\"A\\\"\","
    "\"lines\":[{\"sku\":\"bread\"},{\"sku\":\"milk\"}],\"paid\":true,\"note\":null,\"a-b\":{}}}";

static enum err make(struct test *t, const char *input, struct str *body)
{
    struct json *event;
    struct str text = str_from(event_text);
    TRY(json_read(t->ctx, text, &event));
    TRY(bus_input_check(t->ctx, str_from(input)));
    return bus_input_make(t->ctx, str_from(input), event, text, body);
}

TEST(bus_input_is_the_event_a_part_or_a_text)
{
    static const char *const rows[][2] = {
        {"", event_text},
        {"$", event_text},
        {"$.source", "\"shop\""},
        {"$.detail.number", "7"},
        {"$.detail.lines[1].sku", "\"milk\""},
        {"$.detail.lines[0]", "{\"sku\":\"bread\"}"},
        {"$.detail.note", "null"},
        {"$.detail.a-b", "{}"},
        {"{\"n\": <$.detail.number>}", "{\"n\": 7}"},
        {"{\"n\": \"<$.detail.number>\"}", "{\"n\": \"7\"}"},
        {"{\"w\": <$.detail.who>}", "{\"w\": \"Ada \\\"A\\\"\"}"},
        {"{\"w\": \"to <$.detail.who>!\"}", "{\"w\": \"to Ada \\\"A\\\"!\"}"},
        {"\"<$.detail.lines[0]>\"", "\"{\\\"sku\\\":\\\"bread\\\"}\""},
        {"[<$.detail.paid>, <$.detail.note>, <$.nothing>]", "[true, null, null]"},
        {"\"<$.nothing>|<$.detail.note>|<$.detail.lines[9].sku>\"", "\"|null|\""},
        {"\"\\\"<$.id>\\\\\"", "\"\\\"evt_1\\\\\""},
        {"{\"all\": <$>}", NULL},
        {"{\"plain\": \"1 < 2\"}", "{\"plain\": \"1 < 2\"}"},
        {"\"<$.source><$.source>\"", "\"shopshop\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str body = STR("");
        struct json *tree;
        test_note(t, "%s", rows[i][0]);
        CHECK_ERR(make(t, rows[i][0], &body), ERR_OK);
        if (rows[i][1])
            CHECK_STR(body, rows[i][1]);
        CHECK_ERR(json_read(t->ctx, body, &tree), ERR_OK);
    }
}

TEST(bus_input_refuses_what_is_no_json_or_no_path)
{
    static const char *const rows[] = {"$detail",       "$.",      "$..a",    "$.a[",
                                       "$.a[x]",        "$.a[-1]", "$.a b",   "$[]",
                                       "<$.a",          "{<$.a}",  "plain",   "{",
                                       "[<$.a> <$.b>]", "<$.a>x",  "\"<$.a>", "{\"a\": <$.a.>}",
                                       "[<$.a>,]"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        test_note(t, "%s", rows[i]);
        CHECK_ERR(bus_input_check(t->ctx, str_from(rows[i])), ERR_INPUT);
        CHECK_TEXT(t->ctx->err.field, "input");
    }
}

TEST(bus_input_that_leads_to_nothing_is_missing)
{
    struct str body = STR("");
    CHECK_ERR(make(t, "$.detail.lines[2].sku", &body), ERR_MISSING);
    CHECK_ERR(make(t, "$.source.more", &body), ERR_MISSING);
    CHECK_ERR(make(t, "$.detail.number[0]", &body), ERR_MISSING);
}

TEST(bus_input_has_a_limit)
{
    struct buf text, input;
    struct json *event = NULL;
    struct str body = STR("");
    buf_init(&text, t->arena, 1 << 20);
    buf_add(&text, STR("{\"a\":\""));
    for (int i = 0; i < 100000; i++)
        buf_addc(&text, 'x');
    buf_add(&text, STR("\"}"));
    buf_init(&input, t->arena, BUS_INPUT_MAX);
    buf_add(&input, STR("[<$.a>,<$.a>,<$.a>]"));
    REQUIRE(json_read(t->ctx, buf_str(&text), &event) == ERR_OK);
    CHECK_ERR(bus_input_make(t->ctx, STR("[<$.a>,<$.a>]"), event, buf_str(&text), &body), ERR_OK);
    CHECK_ERR(bus_input_make(t->ctx, buf_str(&input), event, buf_str(&text), &body), ERR_LIMIT);
    while (!buf_err(&input))
        buf_addc(&input, ' ');
    input.len = BUS_INPUT_MAX;
    CHECK_ERR(bus_input_check(t->ctx, str_make(text.ptr, BUS_INPUT_MAX + 1)), ERR_INPUT);
}

static enum err make_one(struct test *t, void *arg)
{
    struct str body;
    (void)arg;
    return make(t, "{\"w\": \"<$.detail.who>\", \"l\": \"<$.detail.lines>\"}", &body);
}

TEST(bus_input_survives_every_failed_allocation)
{
    TORTURE_EVERY(t, TORTURE_MEMORY, make_one, NULL);
}
