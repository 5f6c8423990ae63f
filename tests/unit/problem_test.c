/* Tests of src/web/problem.c: what is told of a mistake, and to whom. */
#include "web/problem.h"

#include "base/json.h"
#include "unit/asked.h"

#define PAGE "POST /contact HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nAccept: text/html\r\n\r\n"
#define JSON                                                                                 \
    "POST /contact HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nAccept: application/json\r\n" \
    "\r\n"

static void show_page(struct request *request, int status)
{
    buf_addf(respond_page(request)->buf, "<h1>%d</h1><p>%s</p>", status, request->ctx->err.user);
}

static void show_half_a_page(struct request *request, int status)
{
    (void)status;
    buf_fail(respond_page(request)->buf, ERR_LIMIT);
}

TEST(problem_for_programs_is_json)
{
    struct asked asked;
    ask(t, &asked, JSON);
    buf_add(respond_page(&asked.request)->buf, STR("half a page"));
    enum err err = err_input(&t->ctx->err, "words", "must have at least \"10\" characters");
    struct str head = finish(t, &asked, err);
    CHECK(str_starts(head, STR("HTTP/1.1 400 Bad Request\r\n")));
    CHECK(says(head, "Content-Type: application/problem+json"));
    CHECK_STR(asked.request.response.bytes,
              "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,"
              "\"code\":\"input\",\"detail\":\"must have at least \\\"10\\\" characters\","
              "\"instance\":\"/contact\",\"errors\":[{\"field\":\"words\","
              "\"detail\":\"must have at least \\\"10\\\" characters\"}]}");
}

TEST(problem_names_every_field)
{
    struct asked asked;
    struct field_errors errors = {
        .rows = {{"name", STR("Say who you are.")}, {"lines[2].count", STR("At least 1.")}},
        .count = 2};
    ask(t, &asked, JSON);
    enum err err = err_input(&t->ctx->err, "name", "Say who you are.");
    response_finish(&asked.request, err, &errors, show_page);
    struct json *root;
    head_of(t, &asked);
    REQUIRE(json_read(t->ctx, asked.request.response.bytes, &root) == ERR_OK);
    struct json *list = json_get(root, "errors");
    struct str field;
    REQUIRE(list && list->count == 2);
    CHECK_ERR(json_str(json_get(list->first->next, "field"), &field), ERR_OK);
    CHECK_STR(field, "lines[2].count");
}

TEST(problem_for_people_is_a_page_and_else_a_line)
{
    struct asked asked;
    ask(t, &asked, PAGE);
    enum err err = err_fail(&t->ctx->err, ERR_MISSING, "There is no such page.", "no row");
    response_finish(&asked.request, err, NULL, show_page);
    struct str head = head_of(t, &asked);
    CHECK(str_starts(head, STR("HTTP/1.1 404 Not Found\r\n")));
    CHECK_STR(asked.request.response.bytes, "<h1>404</h1><p>There is no such page.</p>");

    static problem_page *const pages[] = {NULL, show_half_a_page};
    for (size_t i = 0; i < 2; i++) {
        ask(t, &asked, PAGE);
        err = err_fail(&t->ctx->err, ERR_MISSING, "There is no such page.", "no row");
        response_finish(&asked.request, err, NULL, pages[i]);
        head = head_of(t, &asked);
        CHECK(says(head, "Content-Type: text/plain; charset=utf-8"));
        CHECK_STR(asked.request.response.bytes, "There is no such page.\n");
    }
}

TEST(problem_forgets_what_was_said_and_keeps_the_operators_words)
{
    static const char *const asks[] = {PAGE, JSON};
    for (size_t i = 0; i < 2; i++) {
        struct asked asked;
        ask(t, &asked, asks[i]);
        respond_cookie(&asked.request, "session", STR("1"), 60);
        respond_cache(&asked.request, "public");
        respond_fixed(&asked.request, "text/plain", STR("fixed"), STR("\"e\""));
        enum err err = err_fail(&t->ctx->err, ERR_IO, "It could not be saved.",
                                "disk sda1 is full");
        struct str head = finish(t, &asked, err);
        CHECK(str_starts(head, STR("HTTP/1.1 500 ")));
        CHECK(!has_line(head, "Set-Cookie"));
        CHECK(!has_line(head, "ETag"));
        CHECK(says(head, "Cache-Control: no-store"));
        CHECK(str_find(asked.request.response.bytes, STR("saved")) != STR_NONE);
        CHECK(str_find(asked.request.response.bytes, STR("sda1")) == STR_NONE);
        CHECK(str_find(test_log(t), STR("disk sda1 is full")) != STR_NONE);
    }
}

TEST(problem_has_the_status_that_was_said_or_the_codes)
{
    static const struct {
        enum err code;
        int said, retry_s, status;
        const char *line;
    } rows[] = {
        {ERR_INPUT, 0, 0, 400, "Cache-Control: no-store"},
        {ERR_INPUT, 405, 0, 405, "Cache-Control: no-store"},
        {ERR_INPUT, 415, 0, 415, "Cache-Control: no-store"},
        {ERR_TIMEOUT, 408, 0, 408, "Cache-Control: no-store"},
        {ERR_LIMIT, 0, 0, 413, "Cache-Control: no-store"},
        {ERR_LIMIT, 414, 0, 414, "Cache-Control: no-store"},
        {ERR_LIMIT, 431, 0, 431, "Cache-Control: no-store"},
        {ERR_BUSY, 0, 0, 503, "Retry-After: 1"},
        {ERR_BUSY, 0, 30, 503, "Retry-After: 30"},
        {ERR_RATE, 0, 7, 429, "Retry-After: 7"},
        {ERR_RATE, 201, 0, 429, "Retry-After: 1"},
        {ERR_TIMEOUT, 0, 0, 504, "Cache-Control: no-store"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct asked asked;
        ask(t, &asked, JSON);
        if (rows[i].said)
            respond_status(&asked.request, rows[i].said);
        asked.request.response.retry_s = rows[i].retry_s;
        asked.request.response.close = true;
        enum err err = err_fail(&t->ctx->err, rows[i].code, "No.", "no");
        struct str head = finish(t, &asked, err);
        test_note(t, "row %zu", i);
        CHECK_INT(asked.request.response.status, rows[i].status);
        CHECK(says(head, rows[i].line));
        CHECK(says(head, "Connection: close"));
    }
}

/* Mistakes of who asks are not logged, whatever the status; a crowd that is refused is one line. */
TEST(problem_logs_what_is_wrong_here)
{
    static const struct {
        enum err code;
        int said, lines;
    } rows[] = {
        {ERR_INPUT, 0, 0}, {ERR_INPUT, 501, 0}, {ERR_INPUT, 505, 0},
        {ERR_IO, 0, 3},    {ERR_TIMEOUT, 0, 3}, {ERR_BUSY, 0, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t before = test_log(t).len;
        for (int j = 0; j < 3; j++) {
            struct asked asked;
            ask(t, &asked, JSON);
            asked.request.response.status = rows[i].said;
            finish(t, &asked, err_fail(&t->ctx->err, rows[i].code, "No.", "no"));
        }
        struct str log = test_log(t), rest = str_slice(log, before, log.len), line;
        int lines = 0;
        while (str_cut(&rest, '\n', &line) && line.len)
            lines++;
        test_note(t, "row %zu", i);
        CHECK_INT(lines, rows[i].lines);
    }
}
