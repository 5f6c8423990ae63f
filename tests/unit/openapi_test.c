/* The document of all routes: every route is in it, with schemas that say what decoding does. */
#include <string.h>

#include "base/json.h"
#include "harness/test.h"
#include "sample_web.h"

enum { DOCUMENT_MAX = 1 << 20 };

static struct json *write_document(struct test *t, const struct room_routes *rooms)
{
    struct buf out;
    struct json *root = NULL;
    buf_init(&out, t->arena, DOCUMENT_MAX);
    openapi_write(&out, rooms, STR("1.2.3 \"x\""));
    REQUIRE(buf_err(&out) == ERR_OK);
    REQUIRE(json_read(t->ctx, buf_str(&out), &root) == ERR_OK);
    return root;
}

/* What stands at "paths|/contact|post|tags|0", as text. */
static struct str at(struct test *t, const struct json *root, const char *path)
{
    struct str rest = str_from(path), step;
    struct buf out;
    while (str_cut(&rest, '|', &step)) {
        int64_t place;
        const char *name;
        REQUIRE(!str_cstr(t->arena, step, &name));
        if (root && root->kind == JSON_ARRAY && !str_to_int(step, 0, 1000, &place))
            for (root = root->first; root && place > 0; place--)
                root = root->next;
        else
            root = json_get(root, name);
    }
    buf_init(&out, t->arena, DOCUMENT_MAX);
    if (root)
        json_write(&out, root);
    return buf_str(&out);
}

TEST(openapi_says_what_routes_take_and_give)
{
    static const struct {
        const char *path, *json;
    } rows[] = {
        {"openapi", "\"3.1.0\""},
        {"info", "{\"title\":\"Stoa\",\"version\":\"1.2.3 \\\"x\\\"\"}"},
        {"paths|/contact|post|operationId", "\"contact_send\""},
        {"paths|/contact|post|tags", "[\"sample\"]"},
        {"paths|/contact|post|summary", "\"Takes a visitor's message.\""},
        {"paths|/contact|post|x-permission", "\"anyone\""},
        {"paths|/contact|post|parameters", "[]"},
        {"paths|/contact|post|requestBody|required", "true"},
#define SENT      "paths|/contact|post|requestBody|content|"
#define FORM      SENT "application/x-www-form-urlencoded|schema|"
#define FORM_JSON SENT "application/json|schema|"
        {FORM "required", "[\"name\",\"email\",\"words\",\"topic\"]"},
        {FORM "properties|name", "{\"type\":\"string\",\"minLength\":1,\"maxLength\":80,"
                                 "\"description\":\"how we may call you\"}"},
        {FORM "properties|email", "{\"type\":\"string\",\"format\":\"email\",\"maxLength\":254}"},
        {FORM "properties|topic",
         "{\"type\":\"string\",\"enum\":[\"order\",\"returns\",\"other\"]}"},
        {FORM "properties|copy", "{\"type\":\"boolean\",\"description\":\"send me a copy\"}"},
        {FORM "properties|budget", "{\"x-currency\":\"EUR\",\"type\":\"string\",\"pattern\":"
                                   "\"^-?[0-9]+([.][0-9]{1,2})?$\"}"},
        {FORM "additionalProperties", ""},
        {FORM_JSON "properties|budget", "{\"x-currency\":\"EUR\",\"type\":\"integer\",\"format\":"
                                        "\"int64\",\"minimum\":100,\"maximum\":1000000}"},
        {FORM_JSON "additionalProperties", "false"},
        {"paths|/contact|post|responses|303|description",
         "\"Done; what came of it is at Location.\""},
        {"paths|/contact/{id}|get|operationId", "\"contact_show\""},
        {"paths|/contact/{id}|delete|operationId", "\"contact_forget\""},
        {"paths|/contact/{id}|get|requestBody", ""},
        {"paths|/contact/{id}|get|parameters|0",
         "{\"name\":\"id\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\","
         "\"pattern\":\"^msg_[0-7][0-9A-HJKMNP-TV-Z]{25}$\"}}"},
        {"paths|/api/messages|get|parameters|1",
         "{\"name\":\"limit\",\"in\":\"query\",\"required\":false,\"schema\":{\"type\":\"integer\","
         "\"format\":\"int64\",\"minimum\":1,\"maximum\":100,\"default\":20}}"},
#define OUT "paths|/api/messages|get|responses|200|content|application/json|schema|"
        {OUT "required", "[\"messages\",\"total\",\"more\",\"paid\"]"},
        {OUT "properties|messages|maxItems", "100"},
        {OUT "properties|messages|items|properties|made",
         "{\"type\":\"string\",\"format\":\"date-time\"}"},
        {OUT "properties|messages|items|properties|marks|items|required", "[\"word\"]"},
        {OUT "properties|messages|items|additionalProperties", ""},
#define ORDER "paths|/api/orders/{shop}/{number}|put|requestBody|content|"
        {ORDER "application/x-www-form-urlencoded", ""},
        {ORDER "application/json|schema|required", "[\"due\",\"gift\",\"lines\"]"},
        {ORDER "application/json|schema|properties|tip|default", "50"},
        {ORDER "application/json|schema|properties|lines|minItems", "1"},
        {ORDER "application/json|schema|properties|lines|items|additionalProperties", "false"},
        {ORDER "application/json|schema|properties|lines|items|properties|price",
         "{\"x-currency\":\"JPY\",\"type\":\"integer\",\"format\":\"int64\",\"minimum\":0}"},
        {"paths|/upload/{name}|post|requestBody",
         "{\"required\":true,\"content\":{\"application/octet-stream\":{}}}"},
        {"paths|/upload/{name}|post|responses|204", "{\"description\":\"Done.\"}"},
        {"paths|/healthz|get|responses|200|content", "{\"application/json\":{}}"},
        {"paths|/healthz|get|responses|default", "{\"$ref\":\"#/components/responses/Problem\"}"},
        {"components|schemas|Problem|required", "[\"type\",\"title\",\"status\"]"},
    };
    const struct json *root = write_document(t, sample_rooms);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        test_note(t, "%s", rows[i].path);
        CHECK_STR(at(t, root, rows[i].path), rows[i].json);
    }
}

/* A path that two rooms share is written once, with the methods of both. */
TEST(openapi_gathers_the_rooms)
{
    static const struct route_field none[] = {{0}};
    static const struct route one[] = {{.method = HTTP_GET,
                                        .path = "/x",
                                        .name = "x_get",
                                        .answers = "page",
                                        .fields = none,
                                        .permission = "anyone",
                                        .summary = "Gets."},
                                       {0}};
    static const struct route two[] = {{.method = HTTP_PUT,
                                        .path = "/x",
                                        .name = "x_put",
                                        .answers = "events",
                                        .fields = none,
                                        .permission = "anyone",
                                        .summary = "Puts."},
                                       {0}};
    const struct room_routes rooms[] = {{"one", one, NULL, NULL}, {"two", two, NULL, NULL}, {0}};
    const struct json *root = write_document(t, rooms);
    CHECK_INT(json_get(root, "paths")->count, 1);
    CHECK_STR(at(t, root, "paths|/x|get|tags"), "[\"one\"]");
    CHECK_STR(at(t, root, "paths|/x|put|tags"), "[\"two\"]");
    CHECK_STR(at(t, root, "paths|/x|put|responses|200|content"), "{\"text/event-stream\":{}}");
}

TEST(openapi_that_does_not_fit_says_so)
{
    char bytes[100];
    struct buf out;
    buf_init_fixed(&out, bytes, sizeof bytes);
    openapi_write(&out, sample_rooms, STR("1"));
    CHECK_ERR(buf_err(&out), ERR_LIMIT);
}
