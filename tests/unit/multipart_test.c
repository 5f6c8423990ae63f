/* Forms with files: what is read, what is refused, and that no cut makes a difference. */
#include "web/multipart.h"

#include <string.h>

#include "base/buf.h"
#include "harness/test.h"

enum { STORY_MAX = 1 << 20, SPLIT_STEP = 3 };

#define HEAD(name) "Content-Disposition: form-data; name=\"" name "\"\r\n"
#define PART(name) "--cut\r\n" HEAD(name) "\r\n"
#define END        "\r\n--cut--\r\n"

/* "[name|filename|type]data." for each part, then "!reason", "…" where it is not whole. */
static struct str tell(struct test *t, struct str body, size_t step)
{
    struct multipart *parts = ARENA_NEW(t->arena, struct multipart);
    struct buf story;
    struct str data;
    REQUIRE(parts && multipart_init(parts, STR("multipart/form-data; boundary=cut")) == ERR_OK);
    buf_init(&story, t->arena, STORY_MAX);
    for (size_t at = 0; at < body.len; at += step) {
        char piece[64]; /* a copy, so that nothing can point back into the last one */
        size_t len = body.len - at < step ? body.len - at : step;
        struct str rest = str_slice(body, at, at + len);
        if (len < sizeof piece) {
            memcpy(piece, rest.ptr, len);
            rest = str_make(piece, len);
        }
        for (enum multipart_event event; (event = multipart_read(parts, &rest, &data));) {
            if (event == MULTIPART_BAD) {
                buf_addf(&story, "!%s", parts->reason);
                return buf_str(&story);
            }
            if (event == MULTIPART_PART)
                buf_addf(&story, "[" STR_FMT "|%s" STR_FMT "|" STR_FMT "]", STR_ARG(parts->name),
                         parts->filename.ptr ? "=" : "", STR_ARG(parts->filename),
                         STR_ARG(parts->type));
            else if (event == MULTIPART_DATA)
                buf_add(&story, data);
            else
                buf_addc(&story, '.');
        }
        CHECK_INT(rest.len, 0);
    }
    if (!multipart_is_whole(parts))
        buf_add(&story, STR("…"));
    REQUIRE(buf_err(&story) == ERR_OK);
    return buf_str(&story);
}

#define NO_BEGIN  "!The form begins with something other than its boundary."
#define NO_NAME   "!A part does not say its name as a form does."
#define BEHIND    "!Something stands behind a boundary of the form."
#define BEHIND_IT "!Something stands behind the end of the form."
#define NO_HEADER "!A header of a part has no proper name."
#define CONTROL   "!A header of a part holds a control character, or is not UTF-8."

static const struct {
    const char *body, *story;
} rows[] = {
    {PART("a") "1" END, "[a||]1."},
    {PART("a") "1\r\n" PART("b") "2" END, "[a||]1.[b||]2."},
    {PART("a") END, "[a||]."},
    {PART("a") "1\r\n--cut--", "[a||]1."},
    {"--cut--\r\n", ""},
    {"--cut--", ""},
    {PART("a") "\r\n" END, "[a||]\r\n."},
    {PART("a") "\r" END, "[a||]\r."},
    {PART("a") "\r\r\n--cu\r\n--cux\r\n-\r\n--cutx", "[a||]\r\r\n--cu\r\n--cux\r\n-." BEHIND},
    {PART("a") "--cut--" END, "[a||]--cut--."},
    {PART("a") "\n--cut\n" END, "[a||]\n--cut\n."},
    {PART("ä b;\\") "1" END, "[ä b;\\||]1."},
    {"--cut\r\ncontent-disposition:form-data;name=a\r\n\r\n1" END, "[a||]1."},
    {"--cut\r\nContent-Disposition: form-data; name=\"a\"; filename=\"C:\\x.png\"\r\n"
     "Content-Type: image/png\r\nX-Else: 1\r\n\r\n1" END,
     "[a|=C:\\x.png|image/png]1."},
    {"--cut\r\nContent-Disposition: form-data; filename=\"\"; name=\"a\"\r\n\r\n" END, "[a|=|]."},
    {"--cut\r\n" HEAD("a") "Content-Transfer-Encoding: 8bit\r\n\r\n1" END, "[a||]1."},
    /* not whole */
    {"", "…"},
    {"--cu", "…"},
    {"--cut", "…"},
    {"--cut\r\n" HEAD("a"), "…"},
    {PART("a") "1", "[a||]1…"},
    {PART("a") "1\r\n--cut", "[a||]1.…"},
    {PART("a") "1\r\n--cut-", "[a||]1.…"},
    {PART("a") "1\r\n--cut--\r", "[a||]1.…"},
    /* refused */
    {"\r\n" PART("a") "1" END, NO_BEGIN},
    {"preamble\r\n" PART("a") "1" END, NO_BEGIN},
    {"--cux\r\n", NO_BEGIN},
    {"--cut \r\n" HEAD("a") "\r\n1" END, BEHIND},
    {"--cut\n" HEAD("a") "\r\n1" END, BEHIND},
    {"--cut-\r\n", BEHIND},
    {PART("a") "1\r\n--cuts\r\n--cut--", "[a||]1." BEHIND},
    {PART("a") "1" END "epilogue", "[a||]1." BEHIND_IT},
    {PART("a") "1\r\n--cut--x", "[a||]1." BEHIND_IT},
    {PART("a") "1" END "\r\n", "[a||]1." BEHIND_IT},
    {"--cut\r\n\r\n1" END, NO_NAME},
    {"--cut\r\nX-Else: 1\r\n\r\n1" END, NO_NAME},
    {"--cut\r\nContent-Disposition: form-data\r\n\r\n1" END, NO_NAME},
    {"--cut\r\nContent-Disposition: form-data; name=\"\"\r\n\r\n1" END, NO_NAME},
    {"--cut\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n1" END, NO_NAME},
    {"--cut\r\nContent-Disposition: form-data; name=\"a\"; name=\"b\"\r\n\r\n1" END, NO_NAME},
    {"--cut\r\nContent-Disposition: form-data; name=\"a\r\n\r\n1" END, NO_NAME},
    {"--cut\r\nContent-Disposition: form-data; name=\"a\\\"b\"\r\n\r\n1" END, NO_NAME},
    {"--cut\r\nContent-Disposition: form-data; name=a b\r\n\r\n1" END, NO_NAME},
    {"--cut\r\n" HEAD("a") HEAD("b") "\r\n1" END, NO_NAME},
    {"--cut\r\n" HEAD("a") " folded\r\n\r\n1" END, NO_HEADER},
    {"--cut\r\n" HEAD("a") "no colon\r\n\r\n1" END, NO_HEADER},
    {"--cut\r\n" HEAD("a") ": no name\r\n\r\n1" END, NO_HEADER},
    {"--cut\r\nX : 1\r\n" HEAD("a") "\r\n1" END, NO_HEADER},
    {"--cut\r\nX: \x01\r\n" HEAD("a") "\r\n1" END, CONTROL},
    {"--cut\r\nX: 1\n" HEAD("a") "\r\n1" END, CONTROL},
    {"--cut\r\nX: 1\r" HEAD("a") "\r\n1" END, CONTROL},
    {"--cut\r\nX: \xff\r\n" HEAD("a") "\r\n1" END, CONTROL},
    {"--cut\r\n" HEAD("a") "Content-Transfer-Encoding: base64\r\n\r\nMQ==" END,
     "!A part is coded; send its bytes as they are."},
};

TEST(multipart_reads_the_same_in_any_pieces)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str body = str_from(rows[i].body);
        test_note(t, "row %zu: %s", i, rows[i].body);
        CHECK_STR(tell(t, body, STORY_MAX), rows[i].story);
        for (size_t step = 1; step < body.len; step += step < 8 ? 1 : SPLIT_STEP)
            CHECK_STR(tell(t, body, step), rows[i].story);
    }
}

TEST(multipart_takes_any_bytes_as_data)
{
    struct buf body, expected;
    buf_init(&body, t->arena, STORY_MAX);
    buf_init(&expected, t->arena, STORY_MAX);
    buf_add(&body, STR(PART("a")));
    buf_add(&expected, STR("[a||]"));
    for (int i = 0; i < 1024; i++) {
        buf_addc(&body, (char)i);
        buf_addc(&expected, (char)i);
    }
    buf_add(&body, STR(END));
    buf_addc(&expected, '.');
    for (size_t step = 1; step < 100; step += 7)
        CHECK(str_equal(tell(t, buf_str(&body), step), buf_str(&expected)));
}

TEST(multipart_has_limits)
{
    struct buf body;
    buf_init(&body, t->arena, STORY_MAX);
    buf_add(&body, STR("--cut\r\nX: "));
    for (int i = 0; i < MULTIPART_HEAD_MAX; i++)
        buf_addc(&body, 'x');
    CHECK_STR(tell(t, buf_str(&body), STORY_MAX), "!The headers of a part are too long.");

    buf_clear(&body);
    for (int i = 0; i < MULTIPART_PARTS_MAX; i++)
        buf_add(&body, STR(PART("a") "\r\n"));
    struct str whole = tell(t, buf_str(&body), STORY_MAX);
    CHECK(str_ends(whole, STR("[a||]…")));
    buf_add(&body, STR(PART("a") "\r\n"));
    CHECK(str_ends(tell(t, buf_str(&body), STORY_MAX), STR(".!The form has too many parts.")));
}

TEST(multipart_knows_what_can_be_a_boundary)
{
    static const struct {
        const char *type;
        enum err err;
    } types[] = {
        {"multipart/form-data; boundary=cut", ERR_OK},
        {"multipart/form-data;boundary=\"a b'()+_,-./:=?\"", ERR_OK},
        {"multipart/form-data; charset=utf-8; BOUNDARY=x", ERR_OK},
        {"multipart/form-data; "
         "boundary=1234567890123456789012345678901234567890123456789012345678901234567890",
         ERR_OK},
        {"multipart/form-data; "
         "boundary=12345678901234567890123456789012345678901234567890123456789012345678901",
         ERR_INPUT},
        {"multipart/form-data", ERR_INPUT},
        {"multipart/form-data;", ERR_INPUT},
        {"multipart/form-data; boundary", ERR_INPUT},
        {"multipart/form-data; boundary=", ERR_INPUT},
        {"multipart/form-data; boundary=\"\"", ERR_INPUT},
        {"multipart/form-data; boundary=\"a", ERR_INPUT},
        {"multipart/form-data; boundary=\"a \"", ERR_INPUT},
        {"multipart/form-data; boundary=a; boundary=b", ERR_INPUT},
        {"multipart/form-data; boundary=a b", ERR_INPUT},
        {"multipart/form-data; boundary=\"a;b\"", ERR_INPUT},
        {"multipart/form-data; boundary=ä", ERR_INPUT},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct multipart parts;
        test_note(t, "%s", types[i].type);
        CHECK_ERR(multipart_init(&parts, str_from(types[i].type)), types[i].err);
    }
}

TEST(multipart_parameters_are_found)
{
    struct str value;
    CHECK_ERR(multipart_parameter(STR("text/html"), "charset", &value), ERR_OK);
    CHECK(!value.ptr);
    CHECK_ERR(multipart_parameter(STR("text/html ; a=1 ;\tcharset=\"UTF-8\""), "charset", &value),
              ERR_OK);
    CHECK_STR(value, "UTF-8");
    CHECK_ERR(multipart_parameter(STR("text/html; =1"), "charset", &value), ERR_INPUT);
}
