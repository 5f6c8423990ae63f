/* Every route, asked by every role and by a visitor: each is let in where its permission says so,
 * and nowhere else. The routes come from the program itself: a new one is in it by being there. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "guard/role.h"
#include "harness/ask.h"
#include "harness/folder.h"
#include "harness/somebody.h"
#include "harness/test.h"

enum { PATH_SIZE = 512, TOKEN_SIZE = 128, HEADERS_SIZE = SOMEBODY_COOKIE_MAX + TOKEN_SIZE };

/* This machine may look at more than others may. */
#define FROM_AFAR "X-Forwarded-For: 192.0.2.7"

extern const struct guard_permission wiring_permissions[];

struct matrix {
    struct test *t;
    struct service service;
    char headers[ROLE_COUNT][HEADERS_SIZE]; /* each one's cookie, and the token of their forms */
    int asked;
};

static void enter(struct matrix *matrix, enum role role)
{
    struct test *t = matrix->t;
    struct answer answer;
    char cookie[SOMEBODY_COOKIE_MAX];
    const struct str before = STR("name=\"form_token\" value=\"");
    const char *name = role_name(role);
    REQUIRE(somebody_sign_in(t, &matrix->service, name, name, cookie) == ERR_OK);
    REQUIRE(ask_as(t->ctx, matrix->service.port, cookie, "GET /account", NULL, STR(""), &answer) ==
            ERR_OK);
    size_t at = str_find(answer.body, before);
    REQUIRE(at != STR_NONE);
    struct str token = str_slice(answer.body, at + before.len, answer.body.len);
    token = str_slice(token, 0, str_find_char(token, '"'));
    snprintf(matrix->headers[role], HEADERS_SIZE, "%s\r\n" FROM_AFAR "\r\nX-Form-Token: " STR_FMT,
             cookie, STR_ARG(token));
}

/* "GET /contact/{id}" as it can be asked without changing anything: HEAD for GET, an x for what has
 * a name, and a body that no route takes. */
static void what_of(char what[PATH_SIZE], struct str method, struct str path)
{
    size_t len = 0;
    bool is_get = str_equal(method, STR("get"));
    char verb[16];
    snprintf(verb, sizeof verb, STR_FMT, STR_ARG(method));
    for (char *c = verb; *c; c++)
        *c = (char)(*c >= 'a' && *c <= 'z' ? *c - ('a' - 'A') : *c);
    len = (size_t)snprintf(what, PATH_SIZE, "%s ", is_get ? "HEAD" : verb);
    for (size_t i = 0; i < path.len && len < PATH_SIZE - 1; i++) {
        what[len++] = path.ptr[i] == '{' ? 'x' : path.ptr[i];
        while (path.ptr[i] == '{' && i + 1 < path.len && path.ptr[i + 1] != '}')
            i++;
        if (i + 1 < path.len && path.ptr[i + 1] == '}')
            i++;
    }
    what[len] = '\0';
}

enum door { IN, SIGNED_OUT, FORBIDDEN };

static enum door door_of(const struct answer *answer)
{
    bool led = answer->status == 303 &&
               str_find(answer->head, STR("Location: /sign-in?next=")) != STR_NONE;
    if (answer->status == 401 || led)
        return SIGNED_OUT;
    return answer->status == 403 ? FORBIDDEN : IN;
}

static enum door try_door(struct matrix *matrix, const char *headers, const char *what)
{
    struct test *t = matrix->t;
    struct answer answer;
    bool sends = strncmp(what, "HEAD ", 5) != 0;
    struct arena_mark mark = arena_mark(t->arena);
    REQUIRE(ask_as(t->ctx, matrix->service.port, headers, what, sends ? "text/plain" : NULL,
                   sends ? STR("x") : STR(""), &answer) == ERR_OK);
    enum door door = door_of(&answer);
    arena_rewind(t->arena, mark);
    matrix->asked++;
    return door;
}

static void try_route(struct matrix *matrix, const char *what, const char *permission)
{
    struct test *t = matrix->t;
    bool is_open = strcmp(permission, "anyone") == 0;
    unsigned roles = role_with(wiring_permissions, permission);
    test_note(t, "%s by a visitor", what);
    bool needs_link = strstr(what, " /objects/") != NULL; /* whoever has one is let in */
    CHECK_INT(try_door(matrix, "nobody=1\r\n" FROM_AFAR, what), needs_link ? FORBIDDEN
                                                                : is_open  ? IN
                                                                           : SIGNED_OUT);
    CHECK(is_open || roles);
    for (enum role role = 0; role < ROLE_COUNT && !is_open; role++) {
        test_note(t, "%s by %s", what, role_name(role));
        CHECK_INT(try_door(matrix, matrix->headers[role], what),
                  roles & ROLE_BIT(role) ? IN : FORBIDDEN);
    }
}

static void try_all(struct matrix *matrix, const struct json *paths)
{
    struct test *t = matrix->t;
    for (const struct json *path = paths->first; path; path = path->next)
        for (const struct json *method = path->first; method; method = method->next) {
            char what[PATH_SIZE], permission[TOKEN_SIZE];
            struct str word = {0};
            REQUIRE(json_str(json_get(method, "x-permission"), &word) == ERR_OK);
            snprintf(permission, sizeof permission, STR_FMT, STR_ARG(word));
            what_of(what, method->name, path->name);
            try_route(matrix, what, permission);
        }
}

TEST(every_route_lets_in_whom_its_permission_says)
{
    struct matrix *matrix = ARENA_NEW(t->arena, struct matrix);
    struct answer answer;
    struct json *root;
    matrix->t = t;
    static const char *const often[] = {"RATE_WRITE=1000000", "RATE_SIGN_IN=1000000", NULL};
    REQUIRE(service_start(t, test_folder(t, "api/matrix"), often, &matrix->service) == ERR_OK);
    for (enum role role = 0; role < ROLE_COUNT; role++)
        enter(matrix, role);
    REQUIRE(ask(t->ctx, matrix->service.port, "GET /openapi.json", NULL, STR(""), &answer) ==
            ERR_OK);
    REQUIRE(json_read(t->ctx, answer.body, &root) == ERR_OK);
    try_all(matrix, json_get(root, "paths"));
    printf("# %d asked\n", matrix->asked);
    CHECK(matrix->asked > ROLE_COUNT);
    CHECK_INT(service_stop(&matrix->service), 0);
}
