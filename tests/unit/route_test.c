/* Requests become typed input, however they are sent; what is wrong is told field by field. */
#include "web/route.h"

#include <string.h>

#include "harness/test.h"
#include "harness/torture.h"
#include "sample_web.h"
#include "text/language.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define ARTICLE "\"article\":\"art_01KAH0XVK4A9N3FYJ0T8Q5RWZC\""
#define ORDER   "/api/orders/berlin/7"
#define DUE     "\"due\":\"2026-01-15T12:00:00Z\",\"gift\":true"
#define FIELD(name, value) \
    "--cut\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"

/* The file has no place in the input, whatever its bytes. */
static const char contact_parts[] = FIELD("name", "Ada Lovelace") FIELD("email", "ada@example.com")
    FIELD("words", "first line\r\nsecond line") FIELD("topic", "returns") FIELD("copy", "true")
        FIELD("budget", "1234.5") FIELD(
            "other",
            "\x01") "--cut\r\nContent-Disposition: form-data; name=\"phone\"; filename=\"f\"\r\n"
                    "\r\n\xff 123456\r\n--cut--\r\n";

static void send(struct test *t, struct sample_call *call, enum http_method method,
                 const char *target, const char *type, const char *body)
{
    t->ctx->language = &languages[LANGUAGE_EN];
    sample_call(t->ctx, call, method, target, type, str_from(body));
}

static void check_contact(struct test *t, const struct sample_call *call)
{
    const struct contact_send_input *input = call->input;
    CHECK_STR(sample_errors(call), "");
    REQUIRE(call->err == ERR_OK);
    CHECK_STR(input->name, "Ada Lovelace");
    CHECK_STR(input->email, "ada@example.com");
    CHECK_STR(input->words, "first line\nsecond line");
    CHECK_INT(input->topic, 1);
    CHECK(input->copy);
    CHECK(!input->has_phone && !input->phone.len);
    CHECK(input->has_budget);
    CHECK_INT(input->budget_minor, 123450);
}

TEST(route_takes_a_form_a_form_with_files_and_json_alike)
{
    struct sample_call call;
    send(t, &call, HTTP_POST, "/contact", SAMPLE_FORM,
         "name=+Ada+Lovelace&email=ada%40example.com&words=first+line%0D%0Asecond+line%0D%0A&topic="
         "returns&copy=on&phone=&budget=1%2C234.50&csrf=x");
    check_contact(t, &call);
    CHECK_STR(route_typed(&call.request, "name"), " Ada Lovelace");
    CHECK_STR(route_typed(&call.request, "budget"), "1,234.50");
    CHECK_STR(route_typed(&call.request, "phone"), "");
    CHECK_STR(route_typed(&call.request, "csrf"), "");

    send(t, &call, HTTP_POST, "/contact", SAMPLE_MULTIPART, contact_parts);
    check_contact(t, &call);
    CHECK_STR(route_typed(&call.request, "words"), "first line\r\nsecond line");

    send(t, &call, HTTP_POST, "/contact", "Application/JSON; charset=UTF-8",
         "{\"name\":\"Ada Lovelace\",\"email\":\"ada@example.com\",\"words\":\"first "
         "line\\nsecond line\",\"topic\":\"returns\",\"copy\":true,\"phone\":null,"
         "\"budget\":123450}");
    check_contact(t, &call);
    CHECK_STR(route_typed(&call.request, "name"), "");
}

TEST(route_calls_its_handlers)
{
    struct sample_call call;
    send(t, &call, HTTP_GET, "/contact/msg_01kah0xvk4a9n3fyj0t8q5rwzc", NULL, "");
    REQUIRE(call.err == ERR_OK);
    CHECK_ERR(call.request.route->handler(&call.request, call.input), ERR_OK);
    CHECK_STR(buf_str(&call.request.response.body), "msg_01KAH0XVK4A9N3FYJ0T8Q5RWZC");

    send(t, &call, HTTP_GET, "/", NULL, "");
    REQUIRE(call.err == ERR_OK);
    CHECK_INT(call.request.route->input_size, 0);
    CHECK_INT(call.request.route->cache_s, 60);
    CHECK_ERR(call.request.route->handler(&call.request, NULL), ERR_OK);

    send(t, &call, HTTP_POST, "/contact", SAMPLE_FORM, "");
    CHECK_ERR(call.request.route->again(&call.request, &call.errors), ERR_OK);
    CHECK_STR(buf_str(&call.request.response.body), "4");
}

TEST(route_answers_with_json)
{
    struct sample_call call;
    send(t, &call, HTTP_GET, "/api/messages?q=%C3%A4&limit=7&open=true", NULL, "");
    const struct message_list_input *input = call.input;
    REQUIRE(call.err == ERR_OK);
    CHECK(input->has_q && input->has_open && input->open && !input->has_since);
    CHECK_INT(input->sort, 0);
    CHECK_ERR(call.request.route->handler(&call.request, input), ERR_OK);
    CHECK_TEXT(call.request.response.type, "application/json");
    CHECK_STR(buf_str(&call.request.response.body),
              "{\"messages\":[{\"id\":\"msg_01KAH0XVK4A9N3FYJ0T8Q5RWZC\",\"made\":\"2026-01-15T12:"
              "00:00.000000Z\",\"topic\":\"returns\",\"phone\":\"123\",\"marks\":[{\"word\":\"red "
              "\\\"1\\\"\"},{\"word\":\"new\"}]},{\"id\":\"msg_01KAH0XVK4A9N3FYJ0T8Q5RWZD\","
              "\"made\":\"1969-12-31T23:59:59.999999Z\",\"topic\":\"order\",\"marks\":[]}],"
              "\"total\":7,\"more\":true,\"paid\":-1999}");
}

TEST(route_decodes_lists_within_lists)
{
    struct sample_call call;
    send(t, &call, HTTP_PUT, ORDER "?dry=1", SAMPLE_JSON,
         "{" DUE ",\"note\":\" a\\r\\nb \",\"lines\":[{" ARTICLE ",\"quantity\":2},{" ARTICLE
         ",\"quantity\":-5,\"price\":1999,\"parts\":[{\"word\":\"x\"},{\"word\":\"y\",\"level\":9}]"
         "}]}");
    const struct order_place_input *input = call.input;
    CHECK_STR(sample_errors(&call), "");
    REQUIRE(call.err == ERR_OK);
    CHECK_INT(input->shop, 1);
    CHECK_INT(input->number, 7);
    CHECK(input->dry && input->gift && !input->has_email && input->has_note);
    CHECK_STR(input->note, "a\nb");
    CHECK_INT(input->due_us, 1768478400 * SECOND_US);
    CHECK_INT(input->tip_minor, 50);
    REQUIRE(input->lines.count == 2);
    CHECK(!input->lines.rows[0].has_price && !input->lines.rows[0].parts.count);
    CHECK_INT(input->lines.rows[1].quantity, -5);
    CHECK_INT(input->lines.rows[1].price_minor, 1999);
    REQUIRE(input->lines.rows[1].parts.count == 2);
    CHECK(!input->lines.rows[1].parts.rows[0].has_level);
    CHECK_STR(input->lines.rows[1].parts.rows[1].word, "y");
    CHECK_INT(input->lines.rows[1].parts.rows[1].level, 9);
}

TEST(route_tells_all_that_is_wrong)
{
    static const struct {
        const char *target, *type, *body, *errors;
    } rows[] = {
        {"/contact", SAMPLE_FORM, "",
         "name: This field is required.; email: This field is required.; words: This field is "
         "required.; topic: This field is required."},
        {"/contact", SAMPLE_FORM, "name=A&email=x&words=short&topic=no&copy=maybe&phone=1&budget=x",
         "email: Enter an email address such as ada@example.com.; words: Use at least 10 "
         "characters.; topic: Choose one of the options.; copy: Choose one of the options.; phone: "
         "Use at least 5 characters.; budget: Enter an amount such as 199.90."},
        {"/contact", SAMPLE_FORM,
         "name=A&name=B&email=a@b.de&words=1234567890&topic=order&other=1&other=2",
         "name: This field was sent more than once."},
        {"/contact", SAMPLE_JSON,
         "{\"name\":1,\"email\":true,\"words\":[],\"topic\":{},\"copy\":\"on\",\"phone\":2,"
         "\"budget\":\"1\",\"a\\u0000\":1,\"\":2}",
         "name: Send a value of the type string.; email: Send a value of the type string.; words: "
         "Send a value of the type string.; topic: Send a value of the type string.; copy: Send a "
         "value of the type boolean.; phone: Send a value of the type string.; budget: Send a "
         "value of the type integer.; a?: There is no such field.; : There is no such field."},
        {ORDER, SAMPLE_JSON, "{}",
         "due: This field is required.; gift: This field is required.; lines: This field is "
         "required."},
        {ORDER "?dry=x", SAMPLE_JSON, "{" DUE ",\"lines\":[],\"tip\":1.5}",
         "tip: Enter a whole number.; lines: Number of entries: 1 to 50.; dry: Choose one of the "
         "options."},
        {ORDER, SAMPLE_JSON, "{" DUE ",\"lines\":{}}", "lines: Send a value of the type array."},
        {ORDER, SAMPLE_JSON,
         "{" DUE ",\"lines\":[{" ARTICLE ",\"quantity\":1},7,{\"quantity\":1001,\"price\":-1,"
         "\"parts\":[{\"word\":\"w\"},{\"word\":\"\",\"level\":10,\"x\":1}]}]}",
         "lines[1]: Send a value of the type object.; lines[2].article: This field is required.; "
         "lines[2].quantity: Enter a number from -5 to 1,000.; lines[2].price: Enter 0 or more.; "
         "lines[2].parts[1].word: This field is required.; lines[2].parts[1].level: Enter 9 or "
         "less.; lines[2].parts[1].x: There is no such field."},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sample_call call;
        bool order = str_starts(str_from(rows[i].target), STR("/api"));
        send(t, &call, order ? HTTP_PUT : HTTP_POST, rows[i].target, rows[i].type, rows[i].body);
        test_note(t, "row %zu: %s", i, rows[i].body);
        CHECK_ERR(call.err, ERR_INPUT);
        CHECK_STR(sample_errors(&call), rows[i].errors);
        REQUIRE(call.errors.count > 0);
        CHECK_TEXT(t->ctx->err.field, call.errors.rows[0].field);
        CHECK_STR(call.errors.rows[0].words, t->ctx->err.user);
        CHECK_INT(call.request.response.status, 200);
    }
}

TEST(route_speaks_the_readers_language)
{
    static const struct {
        int language;
        const char *errors;
    } rows[] = {
        {LANGUAGE_DE, "limit: Bitte eine Zahl von 1 bis 100 eingeben.; since: Bitte ein Datum wie "
                      "2026-11-21 eingeben."},
        {LANGUAGE_FR, "limit: Saisissez un nombre compris entre 1 et 100.; since: Saisissez une "
                      "date, par exemple 2026-11-21."},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sample_call call;
        t->ctx->language = &languages[rows[i].language];
        sample_call(t->ctx, &call, HTTP_GET, "/api/messages?limit=1000&since=x", NULL, STR(""));
        CHECK_STR(sample_errors(&call), rows[i].errors);
    }
}

TEST(route_whose_path_cannot_be_is_missing)
{
    static const char *const paths[] = {
        "/api/orders/rome/7",    "/api/orders/paris/0",  "/api/orders/paris/1000000",
        "/api/orders/paris/+7",  "/api/orders/paris/07", "/api/orders/paris/7 ",
        "/api/orders/paris/1,0", "/api/orders/Paris/7",
    };
    struct sample_call call;
    for (size_t i = 0; i < COUNT(paths); i++) {
        send(t, &call, HTTP_PUT, paths[i], SAMPLE_JSON, "{}");
        test_note(t, "%s", paths[i]);
        CHECK_ERR(call.err, ERR_MISSING);
        CHECK(call.request.route && !call.errors.count);
    }
    send(t, &call, HTTP_GET, "/contact/ord_01KAH0XVK4A9N3FYJ0T8Q5RWZC", NULL, "");
    CHECK_ERR(call.err, ERR_MISSING);
}

TEST(route_refuses_bodies_that_it_cannot_read)
{
    static const struct {
        const char *target, *type, *body;
        int status;
        const char *words;
    } rows[] = {
#define EITHER "Send application/json, application/x-www-form-urlencoded or multipart/form-data."
        {"/contact", NULL, "name=A", 415, EITHER},
        {"/contact", "text/plain", "name=A", 415, EITHER},
        {"/contact", "application/json2", "{}", 415, EITHER},
        {"/contact", "application/json; charset=latin1", "{}", 415, EITHER},
        {"/contact", "application/json; charset", "{}", 415, EITHER},
        {ORDER, SAMPLE_FORM, "gift=on", 415, "Send application/json."},
        {"/contact", SAMPLE_JSON, "[]", 200, "The body must be an object: {…}"},
        {"/contact", SAMPLE_JSON, "{", 200, NULL},
        {"/contact", SAMPLE_JSON, "{\"name\":1,\"name\":2}", 200, NULL},
        {"/contact", SAMPLE_FORM, "name=%zz", 200, NULL},
        {"/contact", SAMPLE_FORM, "name=%ff", 200, NULL},
        {"/contact?a=%0", SAMPLE_FORM, "name=A", 200, NULL},
        {"/contact", "multipart/form-data", "--cut--", 200,
         "The Content-Type has no proper boundary."},
        {"/contact", SAMPLE_MULTIPART, "x", 200,
         "The form begins with something other than its boundary."},
        {"/contact", SAMPLE_MULTIPART, FIELD("name", "A"), 200,
         "The form ends before its last boundary."},
        {"/contact", SAMPLE_MULTIPART, FIELD("name", "\xff") "--cut--", 200,
         "A field of the form is not UTF-8."},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sample_call call;
        bool order = str_starts(str_from(rows[i].target), STR("/api"));
        send(t, &call, order ? HTTP_PUT : HTTP_POST, rows[i].target, rows[i].type, rows[i].body);
        test_note(t, "row %zu: %s", i, rows[i].body);
        CHECK_ERR(call.err, ERR_INPUT);
        CHECK_INT(call.errors.count, 0);
        CHECK_INT(call.request.response.status, rows[i].status);
        CHECK_TEXT(t->ctx->err.field, "");
        if (rows[i].words)
            CHECK_TEXT(t->ctx->err.user, rows[i].words);
    }
}

/* However many mistakes a body makes, what is told of them is bounded. */
TEST(route_tells_so_many_mistakes_and_no_more)
{
    struct sample_call call;
    struct buf body;
    const char *text;
    buf_init(&body, t->arena, 1 << 20);
    buf_add(&body, STR("{\""));
    for (int i = 0; i < 1000; i++)
        buf_add(&body, STR("ä"));
    buf_add(&body, STR("\":1"));
    for (int i = 0; i < 50000; i++)
        buf_addf(&body, ",\"x%d\":1", i);
    buf_addc(&body, '}');
    REQUIRE(!str_cstr(t->arena, buf_str(&body), &text));
    send(t, &call, HTTP_POST, "/contact", SAMPLE_JSON, text);
    CHECK_ERR(call.err, ERR_INPUT);
    CHECK_INT(call.errors.count, ROUTE_FIELDS_MAX);
    struct str name = str_from(call.errors.rows[4].field);
    CHECK(name.len < ERR_FIELD_MAX && name.len > ERR_FIELD_MAX - 4 && str_is_utf8(name));
}

struct call_row {
    enum http_method method;
    const char *target, *type, *body;
    bool answers;
};

static enum err call_once(struct test *t, void *arg)
{
    const struct call_row *row = arg;
    struct sample_call call;
    send(t, &call, row->method, row->target, row->type, row->body);
    if (call.err == ERR_INPUT && call.errors.count)
        return ERR_OK;
    TRY(call.err);
    return row->answers ? call.request.route->handler(&call.request, call.input) : ERR_OK;
}

TEST(route_without_memory_says_so)
{
    static const struct call_row rows[] = {
        {HTTP_POST, "/contact", SAMPLE_FORM,
         "name=%41&email=a%40b.de&words=first%0D%0Asecond&topic=order", false},
        {HTTP_POST, "/contact", SAMPLE_MULTIPART,
         FIELD("name", "A") FIELD("words", "1\r\n2") "--cut--", false},
        {HTTP_PUT, ORDER, SAMPLE_JSON,
         "{" DUE ",\"note\":\"a\\r\\nb\",\"lines\":[{" ARTICLE ",\"quantity\":\"x\",\"y\":1}]}",
         false},
        {HTTP_GET, "/api/messages?q=%C3%A4", NULL, "", true},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK(TORTURE_EVERY(t, TORTURE_MEMORY, call_once, (void *)&rows[i]) > 0);
}
