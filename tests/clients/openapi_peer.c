/* Prints the sample's OpenAPI document and what its routes take, for openapi_peers.sh.
 *
 * Lines of fields between tabs: "document" and the JSON; "body", the path, the method, "taken" or
 * "refused" and the JSON; "answer", the path, the method and the JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "sample_web.h"
#include "text/language.h"

enum { ARENA_MAX = 16 << 20, TEXT_MAX = 1 << 20 };

/* A body as members; one after the other is given each of the values, and left out. */
struct body {
    enum http_method method;
    const char *target, *path; /* as it is asked for, and as the document has it */
    const char *before, *after;
    struct member {
        const char *name, *value;
    } members[8];
};

#define ORDER "/api/orders/berlin/7", "/api/orders/{shop}/{number}"
#define LINE  "{\"article\":\"art_01KAH0XVK4A9N3FYJ0T8Q5RWZC\",\"quantity\":2}"
#define DUE   "\"due\":\"2026-01-15T12:00:00Z\",\"gift\":true"

static const struct body bodies[] = {
    {HTTP_POST,
     "/contact",
     "/contact",
     "{",
     "}",
     {{"name", "\"Ada\""},
      {"email", "\"ada@example.com\""},
      {"words", "\"ten letters\""},
      {"topic", "\"order\""},
      {"copy", "true"},
      {"phone", "\"12345\""},
      {"budget", "100"}}},
    {HTTP_PUT,
     ORDER,
     "{",
     "}",
     {{"email", "\"ada@example.com\""},
      {"note", "\"a\""},
      {"due", "\"2026-01-15T12:00:00Z\""},
      {"gift", "false"},
      {"tip", "5"},
      {"lines", "[" LINE "]"}}},
    {HTTP_PUT,
     ORDER,
     "{" DUE ",\"lines\":[" LINE ",{",
     "}]}",
     {{"article", "\"art_01KAH0XVK4A9N3FYJ0T8Q5RWZC\""},
      {"quantity", "1"},
      {"price", "0"},
      {"parts", "[{\"word\":\"x\",\"level\":-3}]"}}},
};

static const char *const values[] = {
    "0",
    "-6",
    "1",
    "99",
    "1001",
    "100001",
    "1000001",
    "1.5",
    "true",
    "\"x\"",
    "\"other\"",
    "\"four\"",
    "\"a@b.de\"",
    "\"art_01KAH0XVK4A9N3FYJ0T8Q5RWZC\"",
    "\"2026-01-15T12:00:00+02:00\"",
    "\"a text that is longer than any of the short ones may be, and goes on for a while more\"",
    "[]",
    "[" LINE "," LINE "]",
    "[{\"word\":\"y\"}]",
    "[{\"word\":7}]",
    "[{\"x\":1}]",
    "{}",
    NULL, /* left out */
};

static struct str join(struct ctx *ctx, const struct body *body, const char *name,
                       const char *value)
{
    struct buf out;
    const char *comma = "";
    buf_init(&out, ctx->arena, TEXT_MAX);
    buf_add(&out, str_from(body->before));
    for (const struct member *member = body->members; member->name; member++) {
        bool is_it = strcmp(member->name, name) == 0;
        if (is_it && !value)
            continue;
        buf_addf(&out, "%s\"%s\":%s", comma, member->name, is_it ? value : member->value);
        comma = ",";
    }
    if (!*name)
        buf_addf(&out, ",\"unknown\":1");
    buf_add(&out, str_from(body->after));
    return buf_str(&out);
}

static void print_body(struct ctx *ctx, const struct body *body, const char *name,
                       const char *value)
{
    struct sample_call call;
    arena_clear(ctx->arena);
    struct str text = join(ctx, body, name, value);
    sample_call(ctx, &call, body->method, body->target, SAMPLE_JSON, text);
    printf("body\t%s\t%s\t%s\t" STR_FMT "\n", body->path,
           body->method == HTTP_POST ? "post" : "put", call.err ? "refused" : "taken",
           STR_ARG(text));
}

static void print_answer(struct ctx *ctx)
{
    struct sample_call call;
    arena_clear(ctx->arena);
    sample_call(ctx, &call, HTTP_GET, "/api/messages", NULL, STR(""));
    if (call.err || call.request.route->handler(&call.request, call.input))
        exit(EXIT_FAILURE);
    printf("answer\t/api/messages\tget\t" STR_FMT "\n",
           STR_ARG(buf_str(&call.request.response.body)));
}

int main(void)
{
    struct arena arena;
    struct ctx ctx = {.arena = &arena, .language = &languages[LANGUAGE_EN]};
    struct buf document;
    arena_init(&arena, ARENA_MAX);
    buf_init(&document, &arena, TEXT_MAX);
    openapi_write(&document, sample_rooms, STR("1.0.0"));
    printf("document\t" STR_FMT "\n", STR_ARG(buf_str(&document)));
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        print_body(&ctx, &bodies[i], "", NULL);
        for (const struct member *member = bodies[i].members; member->name; member++)
            for (size_t k = 0; k < sizeof values / sizeof *values; k++)
                print_body(&ctx, &bodies[i], member->name, values[k]);
    }
    print_answer(&ctx);
    arena_release(&arena);
    return fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
