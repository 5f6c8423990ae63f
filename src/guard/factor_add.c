/* Adding a second factor: the password first, then the app's first code or the passkey's answer. */
#include <string.h>

#include "base/base64.h"
#include "draw/qr.h"
#include "guard/audit_note.h"
#include "guard/factor.h"
#include "guard/factor_msg.h"
#include "guard/guard_pages.h"
#include "guard/guard_routes.h"
#include "guard/notice.h"
#include "guard/session.h"
#include "ports/secrets/secrets.h"

enum { SVG_MAX = 256 << 10, URI_MAX = 2 << 10 };

static const char *const purposes[] = {"app", "passkey"};

/* What is being added in this session. */
struct adding {
    const struct request *request;
    struct challenge challenge;
    char id[SECRET_TEXT];
    const struct guard_who *who;
    struct person_find_row person;
    struct factors factors;
    struct secrets *secrets;
    struct attempt attempt;
    struct totp totp;
    struct str code, name;
    struct webauthn_passkey passkey;
    bool is_right;
    char codes[RECOVERY_CODES][RECOVERY_TEXT_SIZE]; /* written with the first factor */
};

static enum err begin(struct request *request, const char *purpose, struct adding **begun)
{
    struct adding *adding = ARENA_NEW(request->ctx->arena, struct adding);
    if (!adding)
        return err_memory(&request->ctx->err);
    adding->request = request;
    adding->who = guard_who(request);
    adding->secrets = request->ports->secrets;
    secret_hash_pair(str_from(purpose), adding->who->session, adding->id);
    adding->challenge = (struct challenge){
        .purpose = purpose, .id = str_from(adding->id), .person = adding->who->person};
    *begun = adding;
    return ERR_OK;
}

/* Guesses count with those of who changes their password. */
static enum err count_try(struct tx *tx, void *arg)
{
    struct adding *adding = arg;
    adding->attempt = (struct attempt){.limit = &attempt_account, .key = adding->who->person};
    TRY(attempt_begin(tx, &adding->attempt));
    return person_find(tx, adding->who->person, &adding->person);
}

static enum err write_challenge(struct tx *tx, void *arg)
{
    struct adding *adding = arg;
    TRY(attempt_forget_all(tx, &adding->attempt));
    return challenge_write(tx, &adding->challenge);
}

enum err factor_begin(struct request *request, const struct factor_begin_input *input)
{
    struct guard *guard = guard_of(request);
    struct adding *adding;
    enum password_fit fit = PASSWORD_WRONG;
    TRY(begin(request, purposes[input->kind], &adding));
    TRY(db_write(guard->db, request->ctx, count_try, adding));
    if (!adding->attempt.must_wait)
        TRY(password_check(request->ctx, &guard->passwords, input->password,
                           adding->person.password, &fit));
    struct str words = ui_words(request, text_account_current_wrong);
    if (fit == PASSWORD_WRONG)
        return err_input(&request->ctx->err, "password", STR_FMT, STR_ARG(words));
    TRY(challenge_prepare(request->ctx, &adding->challenge));
    if (input->kind == 0) {
        totp_make(&adding->totp, request->ctx->rand);
        TRY(factor_seal(request->ctx, adding->secrets, adding->who->person, &adding->totp,
                        &adding->challenge.secret));
    }
    TRY(db_write(guard->db, request->ctx, write_challenge, adding));
    return respond_redirect(request, "/account/%s", purposes[input->kind]);
}

static enum err read_adding(struct tx *tx, void *arg)
{
    struct adding *adding = arg;
    TRY(challenge_read(tx, &adding->challenge));
    TRY(person_find(tx, adding->who->person, &adding->person));
    return factor_read(tx, adding->who->person, &adding->factors);
}

static enum err open_app(struct ctx *ctx, struct adding *adding)
{
    return factor_open(ctx, adding->secrets, adding->who->person, adding->challenge.secret,
                       &adding->totp);
}

static enum err draw_app(struct request *request, const struct adding *adding,
                         struct app_page *page)
{
    struct ctx *ctx = request->ctx;
    struct buf uri, svg, secret;
    buf_init(&uri, ctx->arena, URI_MAX);
    buf_init(&secret, ctx->arena, URI_MAX);
    buf_init(&svg, ctx->arena, SVG_MAX);
    totp_add_uri(&uri, &adding->totp, str_from(request->site->name), adding->person.email);
    totp_add_secret(&secret, &adding->totp);
    enum err err = buf_err(&uri) ? buf_err(&uri) : buf_err(&secret);
    if (!err)
        err = qr_write(&svg, buf_str(&uri), ui_words(request, text_app_code));
    page->picture = (struct html){buf_str(&svg)};
    page->secret = buf_str(&secret);
    return err ? err_fail(&ctx->err, err, "The code cannot be drawn.", "%s", err_name(err))
               : ERR_OK;
}

static enum err show_app(struct request *request, const struct field_errors *errors)
{
    struct adding *adding;
    struct app_page page = {.errors = errors, .code = ui_value(request, errors, "code")};
    TRY(begin(request, purposes[0], &adding));
    enum err err = db_read(guard_of(request)->db, request->ctx, read_adding, adding);
    if (err == ERR_MISSING)
        return respond_redirect(request, "/account/second");
    TRY(err);
    TRY(open_app(request->ctx, adding));
    TRY(draw_app(request, adding, &page));
    page.frame = guard_frame(request);
    app_page(respond_page(request), &page);
    return ERR_OK;
}

enum err factor_app_form(struct request *request)
{
    return show_app(request, NULL);
}

enum err factor_app_again(struct request *request, const struct field_errors *errors)
{
    return show_app(request, errors);
}

static enum err show_passkey(struct request *request, const struct field_errors *errors)
{
    struct adding *adding;
    struct webauthn_site site;
    struct passkey_page page = {.errors = errors,
                                .name = ui_value(request, errors, "name"),
                                .passkey = ui_value(request, errors, "data")};
    TRY(begin(request, purposes[1], &adding));
    enum err err = db_read(guard_of(request)->db, request->ctx, read_adding, adding);
    if (err == ERR_MISSING || !factor_site(guard_of(request), &site))
        return respond_redirect(request, "/account/second");
    TRY(err);
    page.frame = guard_frame(request);
    page.site = site.id;
    page.email = adding->person.email;
    page.person = adding->person.name;
    TRY(factor_base64(request->ctx, adding->who->person, &page.user));
    TRY(factor_base64(request->ctx, adding->challenge.secret, &page.challenge));
    TRY(factor_passkey_ids(request->ctx, &adding->factors, &page.ids));
    passkey_page(respond_page(request), &page);
    return ERR_OK;
}

enum err factor_passkey_form(struct request *request)
{
    return show_passkey(request, NULL);
}

enum err factor_passkey_again(struct request *request, const struct field_errors *errors)
{
    return show_passkey(request, errors);
}

/* The first factor brings the recovery codes, and ends the sessions that never showed one. */
static enum err added(struct tx *tx, struct adding *adding)
{
    struct str person = adding->who->person;
    TRY(challenge_take(tx, &adding->challenge));
    TRY(audit_note(tx, adding->request, "factor.add", str_from(adding->challenge.purpose),
                   STR("")));
    TRY(session_strengthen(tx, adding->who->session, clock_now_us(tx->ctx->clock)));
    if (factor_any(&adding->factors))
        return ERR_OK;
    TRY(session_end_all(tx, person, adding->who->session));
    return factor_write_codes(tx, person, adding->codes);
}

static enum err add_app(struct tx *tx, void *arg)
{
    struct adding *adding = arg;
    TRY(read_adding(tx, adding));
    TRY(open_app(tx->ctx, adding));
    adding->totp.last_step = 0;
    TRY(totp_check(tx->ctx, &adding->totp, adding->code, &adding->is_right));
    if (!adding->is_right)
        return challenge_miss(tx, &adding->challenge);
    if (adding->factors.app)
        return err_fail(&tx->ctx->err, ERR_CONFLICT, "You have an authenticator app already.",
                        "a second app of " STR_FMT, STR_ARG(adding->who->person));
    TRY(totp_insert(tx, adding->who->person, adding->challenge.secret, adding->totp.last_step,
                    clock_now_us(tx->ctx->clock)));
    return added(tx, adding);
}

static enum err add_passkey(struct tx *tx, void *arg)
{
    struct adding *adding = arg;
    struct str id;
    TRY(read_adding(tx, adding));
    if (!adding->is_right)
        return challenge_miss(tx, &adding->challenge);
    if (adding->factors.passkeys.count >= PASSKEYS_EACH_MAX)
        return err_fail(&tx->ctx->err, ERR_CONFLICT,
                        "That are too many passkeys. Remove one first.", "%d passkeys",
                        PASSKEYS_EACH_MAX);
    TRY(factor_base64(tx->ctx, adding->passkey.id, &id));
    TRY(passkey_insert(tx, id, adding->who->person, adding->name, adding->passkey.key,
                       adding->passkey.uses, adding->passkey.synced, clock_now_us(tx->ctx->clock)));
    return added(tx, adding);
}

/* Where it was the first factor, the recovery codes are shown: once, here. */
static enum err finish(struct request *request, struct adding *adding, db_fn *add,
                       const char *field, ui_say *words)
{
    struct guard *guard = guard_of(request);
    recovery_make(request->ctx->rand, adding->codes);
    enum err err = db_write(guard->db, request->ctx, add, adding);
    if (err == ERR_MISSING)
        return respond_redirect(request, "/account/second");
    TRY(err);
    if (!adding->is_right)
        return challenge_refuse(request, &adding->challenge, field, words);
    who_cache_drop(&guard->known);
    bool is_app = strcmp(adding->challenge.purpose, purposes[0]) == 0;
    notice_send(request, &adding->person, is_app ? &notice_app_added : &notice_passkey_added);
    if (factor_any(&adding->factors))
        return respond_redirect(request, "/account/second?done=%s", adding->challenge.purpose);
    return factor_show_codes(request, adding->codes);
}

enum err factor_app(struct request *request, const struct factor_app_input *input)
{
    struct adding *adding;
    TRY(begin(request, purposes[0], &adding));
    adding->code = input->code;
    return finish(request, adding, add_app, "code", text_app_wrong);
}

static enum err check_passkey(struct request *request, struct adding *adding,
                              const struct factor_passkey_input *input)
{
    struct webauthn_answer sent;
    struct webauthn_site site;
    TRY(db_read(guard_of(request)->db, request->ctx, read_adding, adding));
    TRY(factor_answer(
        request->ctx,
        &(struct passkey_texts){.id = input->id, .client = input->client, .data = input->data},
        &sent));
    adding->is_right = factor_site(guard_of(request), &site);
    if (adding->is_right)
        TRY(webauthn_register(request->ctx, &site, adding->challenge.secret, &sent,
                              &adding->passkey));
    return ERR_OK;
}

enum err factor_passkey(struct request *request, const struct factor_passkey_input *input)
{
    struct adding *adding;
    TRY(begin(request, purposes[1], &adding));
    adding->name = input->name;
    enum err err = check_passkey(request, adding, input);
    if (err && err != ERR_INPUT && err != ERR_LIMIT && err != ERR_MISSING)
        return err;
    adding->is_right = err == ERR_OK && adding->is_right;
    return finish(request, adding, add_passkey, "data", text_passkey_wrong);
}
