/* Signing in and out. */
#include "guard/audit_note.h"
#include "guard/guard_pages.h"
#include "guard/guard_routes.h"
#include "guard/guard_sql.h"
#include "guard/inside.h"
#include "guard/second.h"
#include "guard/session.h"
#include "web/url.h"

struct ui_frame guard_frame(struct request *request)
{
    return ui_frame(request, NULL);
}

static enum err show(struct request *request, const struct field_errors *errors, struct str next,
                     const struct sign_in_page *notices)
{
    struct sign_in_page page = *notices;
    page.frame = guard_frame(request);
    page.errors = errors;
    page.email = ui_value(request, errors, "email");
    page.password = ui_value(request, errors, "password");
    page.next = url_is_own_path(next) ? next : STR("");
    sign_in_page(respond_page(request), &page);
    return ERR_OK;
}

enum err sign_in_form(struct request *request, const struct sign_in_form_input *input)
{
    struct sign_in_page notices = {.has_password = input->has_done && input->done == 0,
                                   .is_out = input->has_done && input->done == 1};
    return show(request, NULL, input->next, &notices);
}

enum err sign_in_again(struct request *request, const struct field_errors *errors)
{
    struct sign_in_page none = {.errors = NULL};
    return show(request, errors, route_typed(request, "next"), &none);
}

struct signing_in {
    struct str email, password, old;
    struct attempt account, address;
    struct person_by_email_row row;
    struct str hash;     /* that was compared; empty where there is nobody who may */
    struct str new_hash; /* where the old one is out of date; else empty */
    struct new_session session;
    struct second second;
};

static enum err count_try(struct tx *tx, void *arg)
{
    struct signing_in *in = arg;
    TRY(attempt_begin(tx, &in->address));
    TRY(attempt_begin(tx, &in->account));
    in->row = (struct person_by_email_row){.disabled_null = true};
    enum err err = person_by_email(tx, in->email, &in->row);
    if (err && err != ERR_MISSING)
        return err;
    err_clear(&tx->ctx->err);
    in->hash = in->row.disabled_null ? in->row.password : STR("");
    return ERR_OK;
}

/* Whatever changed while the password was compared counts. */
static enum err let_in(struct tx *tx, void *arg)
{
    struct signing_in *in = arg;
    TRY(person_by_email(tx, in->email, &in->row));
    if (!in->row.disabled_null || !str_equal(in->row.password, in->hash))
        return err_fail(&tx->ctx->err, ERR_CONFLICT, "That has changed just now. Try again.",
                        "the password or the person changed meanwhile");
    TRY(attempt_forget_all(tx, &in->account));
    TRY(attempt_take_back(tx, &in->address));
    if (in->new_hash.len)
        TRY(person_set_password(tx, in->row.id, in->new_hash, in->row.must_change));
    TRY(second_ask(tx, &in->second, in->row.id));
    return in->second.is_asked ? ERR_OK : session_begin(tx, &in->session, in->row.id, in->old);
}

/* One sentence for all that may be wrong. */
static enum err turn_away(struct request *request)
{
    struct str words = ui_words(request, text_sign_in_wrong);
    return err_input(&request->ctx->err, "password", STR_FMT, STR_ARG(words));
}

/* An account that has to wait is compared all the same: its owner, signing in, ends the wait of
 * one that is somebody's, and the time of the answer would tell. What waits for an address is told
 * by that address alone. */
static enum err compare(struct request *request, struct signing_in *in)
{
    struct guard *guard = guard_of(request);
    enum password_fit fit = PASSWORD_WRONG;
    if (in->address.must_wait)
        return turn_away(request);
    TRY(password_check(request->ctx, &guard->passwords, in->password, in->hash, &fit));
    if (fit == PASSWORD_WRONG || in->account.must_wait)
        return turn_away(request);
    if (fit == PASSWORD_OLD)
        TRY(password_hash(request->ctx, &guard->passwords, in->password, &in->new_hash));
    return ERR_OK;
}

enum err sign_in(struct request *request, const struct sign_in_input *input)
{
    struct guard *guard = guard_of(request);
    struct signing_in in = {.password = input->password, .old = session_token(request)};
    TRY(guard_small(request->ctx, input->email, &in.email));
    TRY(session_prepare(request, &in.session));
    TRY(second_prepare(request, &in.second, input->next));
    in.account = (struct attempt){.limit = &attempt_account, .key = in.email};
    in.address = (struct attempt){.limit = &attempt_address, .key = in.session.address};
    TRY(db_write(guard->db, request->ctx, count_try, &in));
    TRY(compare(request, &in));
    TRY(db_write(guard->db, request->ctx, let_in, &in));
    if (in.second.is_asked)
        return second_hand_out(request, &in.second);
    if (in.old.len)
        who_cache_drop(&guard->known);
    session_hand_out(request, &in.session);
    bool goes_on = url_is_own_path(input->next) && !in.row.must_change;
    return respond_redirect(request, STR_FMT, STR_ARG(goes_on ? input->next : STR("/account")));
}

static enum err end_session(struct tx *tx, void *arg)
{
    const struct request *request = arg;
    struct str session = guard_who(request)->session;
    TRY(session_end(tx, session));
    return audit_note(tx, request, "session.end", session, STR(""));
}

enum err sign_out(struct request *request)
{
    struct guard *guard = guard_of(request);
    const struct guard_who *who = guard_who(request);
    if (who && !who->key) {
        TRY(db_write(guard->db, request->ctx, end_session, request));
        who_cache_drop(&guard->known);
        session_take_back(request);
    }
    return respond_redirect(request, "/sign-in?done=out");
}
