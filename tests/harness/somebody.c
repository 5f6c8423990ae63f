/* Makes somebody by the command, and signs them in by the pages. */
#include "harness/somebody.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "harness/ask.h"
#include "harness/process.h"
#include "harness/test.h"

enum { LINE_SIZE = 512, FORM_MAX = 4 << 10 };

static const char form_type[] = "application/x-www-form-urlencoded";

/* What stands between the two, or nothing. */
static struct str between(struct str text, struct str before, struct str after)
{
    size_t at = str_find(text, before);
    if (at == STR_NONE)
        return STR("");
    text = str_slice(text, at + before.len, text.len);
    return str_slice(text, 0, str_find(text, after));
}

/* The program's own data, without what makes the service fail. */
static enum err make(struct test *t, const struct service *service, const char *email,
                     const char *role, struct str *password)
{
    struct process_result result;
    char data[LINE_SIZE];
    const char *environment[3] = {data};
    snprintf(data, sizeof data, "STOA_DATA=%s/data", service->folder);
    for (size_t i = 0; service->environment[i]; i++)
        if (strncmp(service->environment[i], "DATABASE_URL=", 13) == 0)
            environment[1] = service->environment[i];
    TRY(process_run(t, (const char *[]){test_built(t, "stoa"), "person", email, role, NULL},
                    environment, &result));
    *password = between(result.out, STR("with the password "), STR(","));
    return password->len
               ? ERR_OK
               : err_fail(&t->ctx->err, ERR_PEER, "", "person: " STR_FMT, STR_ARG(result.err));
}

static enum err take_cookie(struct test *t, const struct answer *answer, char *cookie)
{
    struct str token = between(answer->head, STR("Set-Cookie: "), STR(";"));
    snprintf(cookie, SOMEBODY_COOKIE_MAX, STR_FMT, STR_ARG(token));
    return answer->status == 303 && token.len
               ? ERR_OK
               : err_fail(&t->ctx->err, ERR_PEER, "", "not signed in: " STR_FMT,
                          STR_ARG(answer->head));
}

static enum err enter(struct test *t, int port, const char *email, struct str password,
                      char *cookie)
{
    struct answer answer;
    struct buf form;
    buf_init(&form, t->arena, FORM_MAX);
    buf_addf(&form, "email=%s&password=" STR_FMT, email, STR_ARG(password));
    TRY(ask(t->ctx, port, "POST /sign-in", form_type, buf_str(&form), &answer));
    return take_cookie(t, &answer, cookie);
}

static enum err choose_password(struct test *t, int port, struct str password, char *cookie)
{
    struct answer answer;
    struct buf form;
    buf_init(&form, t->arena, FORM_MAX);
    TRY(ask_as(t->ctx, port, cookie, "GET /account", NULL, STR(""), &answer));
    struct str token = between(answer.body, STR("name=\"form_token\" value=\""), STR("\""));
    buf_addf(&form, "form_token=" STR_FMT "&current=" STR_FMT "&password=" SOMEBODY_PASSWORD,
             STR_ARG(token), STR_ARG(password));
    TRY(ask_as(t->ctx, port, cookie, "POST /account/password", form_type, buf_str(&form), &answer));
    return take_cookie(t, &answer, cookie);
}

enum err somebody_sign_in(struct test *t, const struct service *service, const char *name,
                          const char *role, char cookie[SOMEBODY_COOKIE_MAX])
{
    char email[LINE_SIZE];
    struct str password;
    snprintf(email, sizeof email, "%s@stoa.example", name);
    TRY(make(t, service, email, role, &password));
    TRY(enter(t, service->port, email, password, cookie));
    return choose_password(t, service->port, password, cookie);
}
