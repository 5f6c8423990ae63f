/* Opens the guard, finds out who asks, and says what they may. */
#include "guard/guard.h"

#include <sodium.h>
#include <string.h>

#include "base/mem.h"
#include "guard/aws.h"
#include "guard/bearer.h"
#include "guard/form_token.h"
#include "guard/guard_sql.h"
#include "guard/inside.h"
#include "guard/session.h"
#include "web/route.h"

enum err guard_open(struct ctx *ctx, const struct guard_options *options, struct guard **opened)
{
    struct guard *guard = mem_alloc(sizeof *guard);
    if (!guard || !who_cache_init(&guard->known)) {
        mem_free(guard);
        return err_memory(&ctx->err);
    }
    guard->db = options->db;
    guard->permissions = options->permissions;
    guard->site_url = options->site_url;
    guard->audit = options->audit;
    guard->rate = options->rate;
    guard->staff_second = options->staff_second;
    enum err err = sodium_init() < 0 ? err_fail(&ctx->err, ERR_INTERNAL, "", "libsodium") : ERR_OK;
    if (!err)
        err = letter_box_open(ctx, &guard->letters, options->send, options->send_arg, ctx->log);
    if (err) {
        who_cache_release(&guard->known);
        mem_free(guard);
        return err;
    }
    password_gate_init(&guard->passwords);
    *opened = guard;
    return ERR_OK;
}

void guard_close(struct guard *guard)
{
    letter_box_close(&guard->letters);
    password_gate_release(&guard->passwords);
    who_cache_release(&guard->known);
    mem_free(guard);
}

size_t guard_letters_waiting(struct guard *guard)
{
    return letter_count(&guard->letters);
}

enum err guard_check_routes(struct ctx *ctx, const struct guard_permission *permissions,
                            const struct room_routes *rooms)
{
    for (; rooms->room; rooms++)
        for (const struct route *route = rooms->routes; route->path; route++)
            if (strcmp(route->permission, "anyone") != 0 &&
                !role_with(permissions, route->permission))
                return err_fail(&ctx->err, ERR_INTERNAL, "This release was put together wrongly.",
                                "%s may be used with \"%s\", which no role has; add it to the "
                                "wiring's permissions",
                                route->name, route->permission);
    return ERR_OK;
}

const struct guard_who *guard_who(const struct request *request)
{
    return (const struct guard_who *)request->who;
}

enum err guard_email(struct tx *tx, struct str person, struct str *email)
{
    struct person_find_row row;
    TRY(person_find(tx, person, &row));
    *email = row.email;
    return ERR_OK;
}

static enum err remember(struct request *request, struct str token, const struct known *known)
{
    struct arena *arena = request->ctx->arena;
    struct guard_who *who = ARENA_NEW(arena, struct guard_who);
    struct known *kept = ARENA_NEW(arena, struct known);
    char *form_token = arena_alloc(arena, FORM_TOKEN_TEXT);
    if (!who || !kept || !form_token)
        return err_memory(&request->ctx->err);
    *kept = *known;
    form_token_make(request->ctx->rand, token, form_token);
    *who = (struct guard_who){
        .seen = {.name = str_from(kept->name), .form_token = str_from(form_token)},
        .person = str_from(kept->person),
        .session = str_from(kept->session),
        .roles = kept->roles,
        .strong_us = kept->strong_us,
        .must_change = kept->must_change};
    request->who = &who->seen;
    return ERR_OK;
}

static bool changes(const struct request *request)
{
    enum http_method method = request->head->method;
    return method != HTTP_GET && method != HTTP_HEAD && method != HTTP_OPTIONS;
}

static enum err check_form(const struct request *request, struct str token)
{
    struct str sent = request_header(request, STR("X-Form-Token"));
    if (!sent.len)
        sent = request_form_field(request, STR("form_token"));
    if (form_token_fits(token, sent))
        return ERR_OK;
    return err_fail(&request->ctx->err, ERR_FORBIDDEN,
                    "This form is from before you signed in. Go back, load the page again, and "
                    "send it once more.",
                    "the form's token is %s", sent.len ? "wrong" : "missing");
}

enum err guard_identify(struct request *request)
{
    struct known known;
    struct str token = session_token(request), bearer = key_token(request);
    if (bearer.len)
        return bearer_identify(request, bearer);
    if (aws_signs(request))
        return bearer_identify_signed(request);
    if (!token.len)
        return ERR_OK;
    enum err err = session_look_up(request, token, &known);
    if (err == ERR_MISSING) {
        err_clear(&request->ctx->err);
        return ERR_OK;
    }
    TRY(err);
    TRY(remember(request, token, &known));
    return changes(request) ? check_form(request, token) : ERR_OK;
}

enum err guard_may(struct request *request, const char *permission)
{
    const struct guard_who *who = guard_who(request);
    struct err_record *err = &request->ctx->err;
    if (!who)
        return err_fail(err, ERR_SIGNED_OUT, "Sign in to see this.", "%s", permission);
    if (!(role_with(guard_of(request)->permissions, permission) & who->roles))
        return err_fail(err, ERR_FORBIDDEN, "This is for others in the company.",
                        "%s is not granted to " STR_FMT, permission, STR_ARG(who->person));
    if (who->key && !key_has(who->key, permission))
        return err_fail(err, ERR_FORBIDDEN, "This API key is not for that.",
                        "%s is no scope of " STR_FMT, permission, STR_ARG(who->key->id));
    if (who->must_change && strcmp(permission, "account") != 0)
        return err_fail(err, ERR_FORBIDDEN,
                        "Choose a password of your own first, on the page of your account.",
                        STR_FMT " has a password that others know", STR_ARG(who->person));
    if (guard_of(request)->staff_second && !who->key && (who->roles & ROLES_STAFF) &&
        !who->strong_us && strcmp(permission, "account") != 0)
        return err_fail(err, ERR_FORBIDDEN,
                        "Add a second factor first, on the page of your account.",
                        STR_FMT " is staff and signed in by password alone", STR_ARG(who->person));
    return ERR_OK;
}

enum err guard_small(struct ctx *ctx, struct str text, struct str *small)
{
    char *bytes = arena_alloc(ctx->arena, text.len + 1);
    if (!bytes)
        return err_memory(&ctx->err);
    for (size_t i = 0; i < text.len; i++)
        bytes[i] = (char)(text.ptr[i] >= 'A' && text.ptr[i] <= 'Z' ? text.ptr[i] + ('a' - 'A')
                                                                   : text.ptr[i]);
    *small = str_make(bytes, text.len);
    return ERR_OK;
}
