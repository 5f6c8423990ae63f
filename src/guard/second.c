/* Asks for the second factor, and begins the session with it. */
#include "guard/second.h"

#include "base/base64.h"
#include "guard/factor_msg.h"
#include "guard/guard_pages.h"
#include "guard/guard_routes.h"
#include "guard/session.h"
#include "web/url.h"

static const char purpose[] = "sign_in";

static const char *cookie_name(const struct request *request)
{
    return request->secure ? "__Host-second" : "second";
}

enum err second_prepare(struct request *request, struct second *second, struct str next)
{
    second->challenge = (struct challenge){.purpose = purpose,
                                           .id = str_make(second->id, SECRET_LEN),
                                           .next = url_is_own_path(next) ? next : STR("")};
    secret_new(request->ctx->rand, second->token);
    secret_hash(str_from(second->token), second->id);
    return challenge_prepare(request->ctx, &second->challenge);
}

enum err second_ask(struct tx *tx, struct second *second, struct str person)
{
    struct factors factors;
    TRY(factor_read(tx, person, &factors));
    second->is_asked = factor_any(&factors);
    second->challenge.person = person;
    return second->is_asked ? challenge_write(tx, &second->challenge) : ERR_OK;
}

enum err second_hand_out(struct request *request, const struct second *second)
{
    respond_cookie(request, cookie_name(request), str_from(second->token),
                   CHALLENGE_US / SECOND_US);
    return respond_redirect(request, "/sign-in/second");
}

/* An answer, and what it is held against. */
struct answering {
    struct challenge challenge;
    char id[SECRET_TEXT];
    struct secrets *secrets;
    struct factors factors;
    struct attempt attempt;
    bool is_signed; /* the passkey's signature is right */
    bool is_right;  /* and nobody was first */
    int64_t now_us;
    struct str code;                 /* of an app, or for recovery */
    struct str passkey_id;           /* in base64 */
    struct webauthn_passkey passkey; /* as it was, and then as it is */
    int64_t uses_before;
    struct new_session session;
    struct str old;
};

static enum err begin(struct request *request, struct answering *answering)
{
    struct str token = request_cookie(request, str_from(cookie_name(request)));
    *answering = (struct answering){.challenge.purpose = purpose,
                                    .secrets = request->ports->secrets,
                                    .old = session_token(request)};
    secret_hash(token, answering->id);
    answering->challenge.id = str_from(answering->id);
    return session_prepare(request, &answering->session);
}

static enum err read_asked(struct tx *tx, void *arg)
{
    struct answering *answering = arg;
    TRY(challenge_read(tx, &answering->challenge));
    return factor_read(tx, answering->challenge.person, &answering->factors);
}

static enum err show(struct request *request, const struct field_errors *errors)
{
    struct answering answering;
    struct webauthn_site site;
    struct second_page page = {.errors = errors};
    TRY(begin(request, &answering));
    enum err err = db_read(guard_of(request)->db, request->ctx, read_asked, &answering);
    if (err == ERR_MISSING)
        return respond_redirect(request, "/sign-in");
    TRY(err);
    page.has_passkey = answering.factors.passkeys.count > 0 &&
                       factor_site(guard_of(request), &site);
    if (page.has_passkey) {
        page.site = site.id;
        TRY(factor_base64(request->ctx, answering.challenge.secret, &page.challenge));
        TRY(factor_passkey_ids(request->ctx, &answering.factors, &page.ids));
    }
    page.frame = guard_frame(request);
    page.has_app = answering.factors.app;
    page.code = ui_value(request, errors, "code");
    page.passkey = ui_value(request, errors, "signature");
    second_page(respond_page(request), &page);
    return ERR_OK;
}

enum err second_form(struct request *request)
{
    return show(request, NULL);
}

enum err second_code_again(struct request *request, const struct field_errors *errors)
{
    return show(request, errors);
}

enum err second_passkey_again(struct request *request, const struct field_errors *errors)
{
    return show(request, errors);
}

/* A step that was taken meanwhile is not taken again: then the code is wrong. */
static enum err check_app(struct tx *tx, struct answering *answering)
{
    struct totp_find_row row;
    struct totp totp;
    struct str person = answering->challenge.person;
    int64_t changed = 0;
    TRY(totp_find(tx, person, &row));
    TRY(factor_open(tx->ctx, answering->secrets, person, row.secret, &totp));
    totp.last_step = row.last_step;
    TRY(totp_check(tx->ctx, &totp, answering->code, &answering->is_right));
    if (answering->is_right)
        TRY(totp_use(tx, person, totp.last_step, &changed));
    answering->is_right = changed > 0;
    return ERR_OK;
}

static enum err check_recovery(struct tx *tx, struct answering *answering)
{
    char hash[RECOVERY_HASH_TEXT];
    int64_t changed = 0;
    if (recovery_hash(answering->challenge.person, answering->code, hash) == ERR_OK)
        TRY(recovery_use(tx, str_from(hash), answering->challenge.person, &changed));
    answering->is_right = changed > 0;
    return ERR_OK;
}

static enum err check_passkey(struct tx *tx, struct answering *answering)
{
    int64_t changed = 0;
    if (answering->is_signed)
        TRY(passkey_use(tx, answering->passkey_id, answering->uses_before, answering->passkey.uses,
                        answering->passkey.synced, answering->now_us, &changed));
    answering->is_right = changed > 0;
    return ERR_OK;
}

static enum err check(struct tx *tx, struct answering *answering)
{
    if (answering->passkey_id.len)
        return check_passkey(tx, answering);
    if (answering->factors.app)
        TRY(check_app(tx, answering));
    return answering->is_right ? ERR_OK : check_recovery(tx, answering);
}

/* Within one transaction: no two answers find the same challenge, code or counter. */
static enum err answer(struct tx *tx, void *arg)
{
    struct answering *answering = arg;
    answering->is_right = false;
    answering->now_us = clock_now_us(tx->ctx->clock);
    TRY(read_asked(tx, answering));
    answering->attempt = (struct attempt){.limit = &attempt_second,
                                          .key = answering->challenge.person};
    TRY(attempt_begin(tx, &answering->attempt));
    if (!answering->attempt.must_wait)
        TRY(check(tx, answering));
    if (!answering->is_right)
        return challenge_miss(tx, &answering->challenge);
    TRY(challenge_take(tx, &answering->challenge));
    TRY(attempt_forget_all(tx, &answering->attempt));
    answering->session.strong_us = &answering->now_us;
    return session_begin(tx, &answering->session, answering->challenge.person, answering->old);
}

static enum err finish(struct request *request, struct answering *answering, const char *field,
                       ui_say *words)
{
    struct guard *guard = guard_of(request);
    enum err err = db_write(guard->db, request->ctx, answer, answering);
    if (err == ERR_MISSING)
        return respond_redirect(request, "/sign-in");
    TRY(err);
    if (!answering->is_right)
        return challenge_refuse(request, &answering->challenge, field, words);
    who_cache_drop(&guard->known);
    respond_cookie(request, cookie_name(request), STR(""), 0);
    session_hand_out(request, &answering->session);
    struct str next = answering->challenge.next;
    return respond_redirect(request, STR_FMT, STR_ARG(next.len ? next : STR("/account")));
}

enum err second_code(struct request *request, const struct second_code_input *input)
{
    struct answering answering;
    TRY(begin(request, &answering));
    answering.code = input->code;
    return finish(request, &answering, "code", text_second_wrong);
}

struct finding {
    struct answering *answering;
    struct passkey_find_row row;
};

static enum err find_passkey(struct tx *tx, void *arg)
{
    struct finding *finding = arg;
    TRY(read_asked(tx, finding->answering));
    return passkey_find(tx, finding->answering->passkey_id, finding->answering->challenge.person,
                        &finding->row);
}

/* What needs no row locked is checked before the transaction that counts it. */
static enum err check_signature(struct request *request, struct answering *answering,
                                const struct passkey_texts *texts)
{
    struct webauthn_answer sent;
    struct webauthn_site site;
    struct finding finding = {.answering = answering};
    enum err err = db_read(guard_of(request)->db, request->ctx, find_passkey, &finding);
    if (err == ERR_OK && factor_site(guard_of(request), &site)) {
        err = factor_answer(request->ctx, texts, &sent);
        answering->uses_before = finding.row.uses;
        answering->passkey = (struct webauthn_passkey){
            .id = sent.id, .key = finding.row.public_key, .uses = finding.row.uses};
        if (!err)
            err = webauthn_check(request->ctx, &site, answering->challenge.secret, &sent,
                                 &answering->passkey);
        answering->is_signed = err == ERR_OK;
    }
    return err == ERR_INPUT || err == ERR_LIMIT || err == ERR_MISSING ? ERR_OK : err;
}

enum err second_passkey(struct request *request, const struct second_passkey_input *input)
{
    struct answering answering;
    TRY(begin(request, &answering));
    answering.passkey_id = input->id;
    TRY(check_signature(request, &answering,
                        &(struct passkey_texts){.id = input->id,
                                                .client = input->client,
                                                .data = input->data,
                                                .signature = input->signature}));
    return finish(request, &answering, "signature", text_second_passkey_wrong);
}
