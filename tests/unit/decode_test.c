/* Each kind of field: what is taken as which value, and in which words the rest is refused. */
#include "web/decode.h"

#include "harness/test.h"
#include "text/language.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

union place {
    struct str text;
    int64_t number;
    bool yes;
};

struct into {
    union place value;
    bool has;
};

#define AT .offset = offsetof(struct into, value), .has_offset = offsetof(struct into, has)

/* Decodes one text, or one JSON value where it is given; the words are empty where it is taken. */
static struct str decode_one(struct test *t, const struct route_field *field, const char *text,
                             const struct json *json, struct into *into)
{
    static struct field_errors errors;
    struct request request = {.ctx = t->ctx};
    struct decoder in;
    *into = (struct into){.has = false};
    decode_init(&in, &request, &errors);
    if (json)
        decode_set_json(&in, field, json, into);
    else
        decode_set_text(&in, field, str_from(text), into);
    REQUIRE(!in.failed && errors.count <= 1);
    return errors.count ? errors.rows[0].words : (struct str){0};
}

#define TEXT(least, most)                                              \
    {                                                                  \
        .name = "f", .kind = ROUTE_TEXT, .min = least, .max = most, AT \
    }
#define LINES(least, most)                                              \
    {                                                                   \
        .name = "f", .kind = ROUTE_LINES, .min = least, .max = most, AT \
    }
#define KIND(of, with)                               \
    {                                                \
        .name = "f", .kind = of, .choices = with, AT \
    }
#define LONGEST   "Use at most 3 characters."
#define SHORTEST  "Use at least 2 characters."
#define CHARACTER "Remove the characters that cannot be used here."
#define REQUIRED  "This field is required."
#define NO_EMAIL  "Enter an email address such as ada@example.com."
#define LABEL63   "aaaaaaaaabaaaaaaaaabaaaaaaaaabaaaaaaaaabaaaaaaaaabaaaaaaaaabaaa"

TEST(decode_takes_texts)
{
    static const struct {
        struct route_field field;
        const char *text, *value, *words;
    } rows[] = {
        {TEXT(2, 3), "ab", "ab", ""},
        {TEXT(2, 3), " \t ab \r\n", "ab", ""},
        {TEXT(2, 3), "äöü", "äöü", ""},
        {TEXT(2, 3), "😀😀😀", "😀😀😀", ""},
        {TEXT(2, 3), "a\u0301b", "a\u0301b", ""},
        {TEXT(2, 3), "a", "", SHORTEST},
        {TEXT(2, 3), "äöüß", "", LONGEST},
        {TEXT(2, 3), "", "", REQUIRED},
        {TEXT(2, 3), "  ", "", REQUIRED},
        {TEXT(0, 3), "  ", "", ""},
        {TEXT(2, 9), "a\nb", "", CHARACTER},
        {TEXT(2, 9), "a\tb", "", CHARACTER},
        {TEXT(2, 9), "a\x01", "", CHARACTER},
        {TEXT(2, 9), "a\x7f", "", CHARACTER},
        {TEXT(2, 9), "a\xc2\x85\x62", "", CHARACTER},
        {TEXT(2, 9), "a\u00a0b", "a\u00a0b", ""},
        {LINES(2, 9), "a\r\nb\rc\n", "a\nb\nc", ""},
        {LINES(2, 9), "\r\n a\n\n\tb", "a\n\n\tb", ""},
        {LINES(2, 3), "a\r\nb", "a\nb", ""},
        {LINES(2, 9), "a\x0b", "", CHARACTER},
        {KIND(ROUTE_EMAIL, NULL), " ada@example.com ", "ada@example.com", ""},
        {KIND(ROUTE_EMAIL, NULL), "a.b+c!#$%&'*/=?^_`{|}~-@x-y.de",
         "a.b+c!#$%&'*/=?^_`{|}~-@x-y.de", ""},
        {KIND(ROUTE_EMAIL, NULL), "a@" LABEL63 ".de", "a@" LABEL63 ".de", ""},
        {KIND(ROUTE_EMAIL, NULL), "a@b" LABEL63 ".de", "", NO_EMAIL},
        {KIND(ROUTE_EMAIL, NULL), LABEL63 "a@b.de", LABEL63 "a@b.de", ""},
        {KIND(ROUTE_EMAIL, NULL), LABEL63 "ab@b.de", "", NO_EMAIL},
        {KIND(ROUTE_EMAIL, NULL), "a@" LABEL63 "." LABEL63 "." LABEL63 "." LABEL63 ".de", "",
         NO_EMAIL},
        {KIND(ROUTE_EMAIL, NULL), "", "", REQUIRED},
        {KIND(ROUTE_EMAIL, NULL), "ada", "", NO_EMAIL},
        {KIND(ROUTE_EMAIL, NULL), "@b.de", "", NO_EMAIL},
        {KIND(ROUTE_EMAIL, NULL), "a@", "", NO_EMAIL},
        {KIND(ROUTE_EMAIL, NULL), "a@b", "", NO_EMAIL},
        {KIND(ROUTE_EMAIL, NULL), "a@b@c.de", "", NO_EMAIL},
        {KIND(ROUTE_EMAIL, NULL), "a b@c.de", "", NO_EMAIL},
        {KIND(ROUTE_EMAIL, NULL), ".a@c.de", "", NO_EMAIL},
        {KIND(ROUTE_EMAIL, NULL), "a.@c.de", "", NO_EMAIL},
        {KIND(ROUTE_EMAIL, NULL), "a..b@c.de", "", NO_EMAIL},
        {KIND(ROUTE_EMAIL, NULL), "a@.de", "", NO_EMAIL},
        {KIND(ROUTE_EMAIL, NULL), "a@c.de.", "", NO_EMAIL},
        {KIND(ROUTE_EMAIL, NULL), "a@-c.de", "", NO_EMAIL},
        {KIND(ROUTE_EMAIL, NULL), "a@c-.de", "", NO_EMAIL},
        {KIND(ROUTE_EMAIL, NULL), "a@c.-de", "", NO_EMAIL},
        {KIND(ROUTE_EMAIL, NULL), "a@c.de\r\nBcc: x@y.de", "", NO_EMAIL},
        {KIND(ROUTE_EMAIL, NULL), "ä@c.de", "", NO_EMAIL},
        {KIND(ROUTE_ID, "msg"), "msg_01KAH0XVK4A9N3FYJ0T8Q5RWZC", "msg_01KAH0XVK4A9N3FYJ0T8Q5RWZC",
         ""},
        {KIND(ROUTE_ID, "msg"), "MSG_01kah0xvk4a9n3fyj0t8q5rwzc", "msg_01KAH0XVK4A9N3FYJ0T8Q5RWZC",
         ""},
        {KIND(ROUTE_ID, "msg"), "ord_01KAH0XVK4A9N3FYJ0T8Q5RWZC", "",
         "Enter a reference such as msg_01KAHBFG6Y0000000000000000."},
    };
    t->ctx->language = &languages[LANGUAGE_EN];
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct into into;
        struct str words = decode_one(t, &rows[i].field, rows[i].text, NULL, &into);
        test_note(t, "row %zu: %s", i, rows[i].text);
        CHECK_STR(words, rows[i].words);
        CHECK_STR(into.value.text, rows[i].value);
        CHECK(!into.has);
    }
}

#define INT(least, most)                                              \
    {                                                                 \
        .name = "f", .kind = ROUTE_INT, .min = least, .max = most, AT \
    }
#define MONEY(with, least, most)                                                         \
    {                                                                                    \
        .name = "f", .kind = ROUTE_MONEY, .choices = with, .min = least, .max = most, AT \
    }
#define WHOLE  "Enter a whole number."
#define AMOUNT "Enter an amount such as 199.90."
#define DATE   "Enter a date such as 2026-11-21."
#define OPTION "Choose one of the options."
#define NOON   (INT64_C(1768478400) * SECOND_US)

TEST(decode_takes_numbers_times_and_choices)
{
    static const struct {
        struct route_field field;
        const char *text;
        int64_t value;
        const char *words;
    } rows[] = {
        {INT(-5, 1000), " 7 ", 7, ""},
        {INT(-5, 1000), "-5", -5, ""},
        {INT(-5, 1000), "1,000", 1000, ""},
        {INT(-5, 1000), "1 000", 1000, ""},
        {INT(-5, 1000), "007", 7, ""},
        {INT(-5, 1000), "", 0, REQUIRED},
        {INT(-5, 1000), "1.5", 0, WHOLE},
        {INT(-5, 1000), "1e2", 0, WHOLE},
        {INT(-5, 1000), "x", 0, WHOLE},
        {INT(-5, 1000), "-6", 0, "Enter a number from -5 to 1,000."},
        {INT(-5, 1000), "99999999999999999999", 0, "Enter a number from -5 to 1,000."},
        {INT(INT64_MIN, 9), "10", 0, "Enter 9 or less."},
        {INT(1, INT64_MAX), "0", 0, "Enter 1 or more."},
        {INT(1, INT64_MAX), "9223372036854775807", INT64_MAX, ""},
        {MONEY("EUR", 0, 100000), "19.99", 1999, ""},
        {MONEY("EUR", 0, 100000), "19,99", 1999, ""},
        {MONEY("EUR", 0, 100000), "1,000", 100000, ""},
        {MONEY("EUR", 0, 100000), "0.5", 50, ""},
        {MONEY("EUR", 0, 100000), "1.999", 0, AMOUNT},
        {MONEY("EUR", 0, 100000), "€5", 0, AMOUNT},
        {MONEY("EUR", 0, 100000), "1000.01", 0, "Enter an amount from 0.00 to 1,000.00."},
        {MONEY("EUR", 1, INT64_MAX), "0", 0, "Enter 0.01 or more."},
        {MONEY("EUR", INT64_MIN, 99), "1", 0, "Enter 0.99 or less."},
        {MONEY("JPY", 0, 100000), "1,999", 1999, ""},
        {MONEY("JPY", 0, 100000), "19.99", 0, "Enter an amount such as 19,990."},
        {KIND(ROUTE_TIME, NULL), "2026-01-15T12:00:00Z", NOON, ""},
        {KIND(ROUTE_TIME, NULL), "2026-01-15T13:00:00.000+01:00", NOON, ""},
        {KIND(ROUTE_TIME, NULL), "2026-01-15T12:00", NOON, ""},
        {KIND(ROUTE_TIME, NULL), "2026-01-15T12:00:01", NOON + SECOND_US, ""},
        {KIND(ROUTE_TIME, NULL), "2026-01-15", NOON - 12 * HOUR_US, ""},
        {KIND(ROUTE_TIME, NULL), "15.1.2026", 0, DATE},
        {KIND(ROUTE_TIME, NULL), "2026-02-30", 0, DATE},
        {KIND(ROUTE_TIME, NULL), "sixteen letters!", 0, DATE},
        {KIND(ROUTE_CHOICE, "new read done"), "new", 0, ""},
        {KIND(ROUTE_CHOICE, "new read done"), " done ", 2, ""},
        {KIND(ROUTE_CHOICE, "new read done"), "Done", 0, OPTION},
        {KIND(ROUTE_CHOICE, "new read done"), "new read", 0, OPTION},
        {KIND(ROUTE_CHOICE, "new read done"), "", 0, REQUIRED},
    };
    t->ctx->language = &languages[LANGUAGE_EN];
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct into into;
        struct str words = decode_one(t, &rows[i].field, rows[i].text, NULL, &into);
        test_note(t, "row %zu: %s", i, rows[i].text);
        CHECK_STR(words, rows[i].words);
        CHECK_INT(into.value.number, rows[i].value);
    }
}

TEST(decode_takes_yes_and_no)
{
    static const struct route_field box = {
        .name = "f", .kind = ROUTE_BOOL, .place = ROUTE_FORM, AT};
    static const struct {
        const char *text;
        bool yes;
        const char *words;
    } rows[] = {{"on", true, ""},   {"true", true, ""}, {"yes", true, ""},    {"1", true, ""},
                {"off", false, ""}, {"no", false, ""},  {"0", false, ""},     {"false", false, ""},
                {"", false, ""},    {NULL, false, ""},  {"On", false, OPTION}};
    t->ctx->language = &languages[LANGUAGE_EN];
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct into into;
        CHECK_STR(decode_one(t, &box, rows[i].text, NULL, &into), rows[i].words);
        CHECK_INT(into.value.yes, rows[i].yes);
    }
}

TEST(decode_knows_what_may_be_missing)
{
    static const struct route_field optional = {
        .name = "f", .kind = ROUTE_INT, .min = 1, .max = 9, .optional = true, AT};
    static const struct route_field preset = {
        .name = "f", .kind = ROUTE_MONEY, .choices = "EUR", .max = 99, .preset = "0.50", AT};
    static const struct route_field json = {
        .name = "f", .kind = ROUTE_BOOL, .place = ROUTE_JSON, AT};
    struct json null = {.kind = JSON_NULL};
    struct into into;
    t->ctx->language = &languages[LANGUAGE_DE]; /* a preset is not read as a German would */
    CHECK_STR(decode_one(t, &optional, NULL, NULL, &into), "");
    CHECK(!into.has);
    CHECK_STR(decode_one(t, &optional, " ", NULL, &into), "");
    CHECK(!into.has);
    CHECK_STR(decode_one(t, &optional, NULL, &null, &into), "");
    CHECK(!into.has);
    CHECK_STR(decode_one(t, &optional, "3", NULL, &into), "");
    CHECK(into.has);
    CHECK_STR(decode_one(t, &preset, NULL, NULL, &into), "");
    CHECK_INT(into.value.number, 50);
    CHECK_STR(decode_one(t, &preset, "0,75", NULL, &into), "");
    CHECK_INT(into.value.number, 75);
    CHECK_STR(decode_one(t, &json, NULL, &null, &into), "Dieses Feld muss ausgefüllt werden.");
}

TEST(decode_takes_json)
{
    static const struct {
        struct route_field field;
        const char *json, *words;
        int64_t value;
    } rows[] = {
        {INT(1, 100), "7", "", 7},
        {INT(1, 100), "7.0", WHOLE, 0},
        {INT(1, 100), "99999999999999999999", WHOLE, 0},
        {INT(1, 100), "101", "Enter a number from 1 to 100.", 0},
        {INT(1, 100), "\"7\"", "Send a value of the type integer.", 0},
        {MONEY("EUR", 0, 9999), "1999", "", 1999},
        {MONEY("EUR", 0, 9999), "19.99", WHOLE, 0},
        {KIND(ROUTE_TIME, NULL), "\"2026-01-15T12:00:00Z\"", "", NOON},
        {KIND(ROUTE_TIME, NULL), "1768478400", "Send a value of the type string.", 0},
        {KIND(ROUTE_CHOICE, "new read"), "\"read\"", "", 1},
        {KIND(ROUTE_CHOICE, "new read"), "1", "Send a value of the type string.", 0},
        {KIND(ROUTE_CHOICE, "new read"), "\" \"", REQUIRED, 0},
    };
    t->ctx->language = &languages[LANGUAGE_EN];
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct into into;
        struct json *json;
        REQUIRE(json_read(t->ctx, str_from(rows[i].json), &json) == ERR_OK);
        test_note(t, "row %zu: %s", i, rows[i].json);
        CHECK_STR(decode_one(t, &rows[i].field, NULL, json, &into), rows[i].words);
        CHECK_INT(into.value.number, rows[i].value);
    }
}
