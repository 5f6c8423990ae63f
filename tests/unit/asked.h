/* A request as it came over the wire, and its answer as it would go back.
 *
 *     struct asked asked;
 *     ask(t, &asked, "GET /page HTTP/1.1\r\nHost: a.example\r\n\r\n");
 *     buf_add(respond_body(&asked.request, "text/plain"), STR("yes"));
 *     CHECK(says(finish(t, &asked, ERR_OK), "Content-Length: 3"));
 *
 * The date is the fake clock's. */
#ifndef STOA_TESTS_UNIT_ASKED_H
#define STOA_TESTS_UNIT_ASKED_H

#include <stdarg.h>

#include "harness/test.h"
#include "text/language.h"
#include "web/response.h"
#include "web/route.h"

struct asked {
    struct http_head http;
    struct request request;
    char bytes[RESPONSE_HEAD_MAX];
};

static inline void ask(struct test *t, struct asked *asked, const char *text)
{
    size_t searched = 0;
    *asked = (struct asked){.request = {.ctx = t->ctx, .head = &asked->http}};
    REQUIRE(http_read_head(&asked->http, str_from(text), &searched) == HTTP_WHOLE);
    asked->request.path = asked->http.path;
    t->ctx->language = &languages[LANGUAGE_EN];
    err_clear(&t->ctx->err);
    response_init(&asked->request);
}

/* The same of its parts; `headers` are whole lines. */
static inline void ask_with(struct test *t, struct asked *asked, const char *method,
                            const char *headers)
{
    struct buf text;
    buf_init(&text, t->arena, 4 << 10);
    buf_addf(&text, "%s /page HTTP/1.1\r\nHost: a.example\r\n%s\r\n", method, headers);
    buf_addc(&text, '\0');
    REQUIRE(buf_err(&text) == ERR_OK);
    ask(t, asked, text.ptr);
}

/* The head of the answer; the body is asked->request.response.bytes. */
static inline struct str head_of(struct test *t, struct asked *asked)
{
    struct buf head;
    buf_init_fixed(&head, asked->bytes, sizeof asked->bytes);
    response_head(&asked->request, &head);
    CHECK_ERR(buf_err(&head), ERR_OK);
    CHECK(str_ends(buf_str(&head), STR("\r\n\r\n")));
    return buf_str(&head);
}

static inline struct str finish(struct test *t, struct asked *asked, enum err err)
{
    response_finish(&asked->request, err, NULL, NULL);
    return head_of(t, asked);
}

/* True where that line stands in the head. */
static inline bool says(struct str head, const char *text)
{
    struct str line;
    while (str_cut(&head, '\n', &line))
        if (str_equal(str_trim(line), str_from(text)))
            return true;
    return false;
}

static inline bool has_line(struct str head, const char *name)
{
    struct str line;
    while (str_cut(&head, '\n', &line))
        if (str_starts(line, str_from(name)))
            return true;
    return false;
}

#endif
