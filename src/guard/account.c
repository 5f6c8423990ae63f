/* The page of one's account: name, password, and where one is signed in. */
#include "guard/audit_note.h"
#include "guard/guard_pages.h"
#include "guard/guard_routes.h"
#include "guard/guard_sql.h"
#include "guard/notice.h"
#include "guard/session.h"

struct account {
    struct str person;
    struct person_find_row row;
    struct session_of_rows sessions;
};

static enum err read_account(struct tx *tx, void *arg)
{
    struct account *account = arg;
    TRY(person_find(tx, account->person, &account->row));
    return session_of(tx, account->person, SESSIONS_EACH_MAX, &account->sessions);
}

static enum err show(struct request *request, const struct field_errors *errors, int64_t done)
{
    const struct guard_who *who = guard_who(request);
    struct account account = {.person = who->person};
    TRY(db_read(guard_of(request)->db, request->ctx, read_account, &account));
    struct ui_value name = ui_value(request, errors, "name");
    if (!name.wrong.len)
        name.typed = account.row.name;
    account_page(respond_page(request),
                 &(struct account_page){.frame = guard_frame(request),
                                        .errors = errors,
                                        .who = who,
                                        .email = account.row.email,
                                        .name = name,
                                        .own = ui_value(request, errors, "own"),
                                        .email_new = ui_value(request, errors, "email"),
                                        .current = ui_value(request, errors, "current"),
                                        .password = ui_value(request, errors, "password"),
                                        .sessions = &account.sessions,
                                        .done = done});
    return ERR_OK;
}

enum err account_show(struct request *request, const struct account_show_input *input)
{
    return show(request, NULL, input->has_done ? input->done + 1 : 0);
}

enum err account_name_again(struct request *request, const struct field_errors *errors)
{
    return show(request, errors, 0);
}

enum err account_password_again(struct request *request, const struct field_errors *errors)
{
    return show(request, errors, 0);
}

enum err account_email_again(struct request *request, const struct field_errors *errors)
{
    return show(request, errors, 0);
}

struct renaming {
    struct str person, name;
    const char *language;
};

static enum err rename_person(struct tx *tx, void *arg)
{
    const struct renaming *renaming = arg;
    return person_set_name(tx, renaming->person, renaming->name, str_from(renaming->language));
}

enum err account_name(struct request *request, const struct account_name_input *input)
{
    struct guard *guard = guard_of(request);
    struct renaming renaming = {.person = guard_who(request)->person,
                                .name = input->name,
                                .language = request->ctx->language->code};
    TRY(db_write(guard->db, request->ctx, rename_person, &renaming));
    who_cache_drop(&guard->known);
    return respond_redirect(request, "/account?done=name");
}

/* A password that is being changed by who knows the old one. Guessing it is counted apart: nobody
 * who found an open session keeps its owner from signing in. */
struct changing {
    const struct request *request;
    struct str person, old_hash, new_hash;
    struct person_find_row row; /* as it is written */
    struct attempt attempt;
    struct new_session session;
};

static enum err count_try(struct tx *tx, void *arg)
{
    struct changing *changing = arg;
    struct person_find_row row;
    TRY(attempt_begin(tx, &changing->attempt));
    TRY(person_find(tx, changing->person, &row));
    changing->old_hash = row.password;
    return ERR_OK;
}

static enum err change(struct tx *tx, void *arg)
{
    struct changing *changing = arg;
    struct person_find_row *row = &changing->row;
    TRY(person_find(tx, changing->person, row));
    if (!row->disabled_null || !str_equal(row->password, changing->old_hash))
        return err_fail(&tx->ctx->err, ERR_CONFLICT, "That has changed just now. Try again.",
                        "the password or the person changed meanwhile");
    TRY(attempt_forget_all(tx, &changing->attempt));
    TRY(person_set_password(tx, changing->person, changing->new_hash, false));
    TRY(link_end_all(tx, changing->person));
    TRY(session_end_all(tx, changing->person, STR("")));
    TRY(audit_note(tx, changing->request, "person.password", changing->person, STR("")));
    return session_begin(tx, &changing->session, changing->person, STR(""));
}

static enum err check_current(struct request *request, struct changing *changing,
                              const struct account_password_input *input)
{
    struct guard *guard = guard_of(request);
    enum password_fit fit = PASSWORD_WRONG;
    TRY(db_write(guard->db, request->ctx, count_try, changing));
    if (!changing->attempt.must_wait)
        TRY(password_check(request->ctx, &guard->passwords, input->current, changing->old_hash,
                           &fit));
    struct str words = ui_words(request, text_account_current_wrong);
    if (fit == PASSWORD_WRONG)
        return err_input(&request->ctx->err, "current", STR_FMT, STR_ARG(words));
    words = ui_words(request, text_account_password_same);
    if (str_equal(input->current, input->password))
        return err_input(&request->ctx->err, "password", STR_FMT, STR_ARG(words));
    return ERR_OK;
}

enum err account_password(struct request *request, const struct account_password_input *input)
{
    struct guard *guard = guard_of(request);
    const struct guard_who *who = guard_who(request);
    struct changing changing = {.request = request,
                                .person = who->person,
                                .attempt = {.limit = &attempt_account, .key = who->person}};
    TRY(check_current(request, &changing, input));
    TRY(password_hash(request->ctx, &guard->passwords, input->password, &changing.new_hash));
    TRY(session_prepare(request, &changing.session));
    changing.session.strong_us = who->strong_us ? &who->strong_us : NULL;
    TRY(db_write(guard->db, request->ctx, change, &changing));
    who_cache_drop(&guard->known);
    session_hand_out(request, &changing.session);
    notice_send(request, &changing.row, &notice_password);
    return respond_redirect(request, "/account?done=password");
}

struct ending {
    const struct request *request;
    const struct guard_who *who;
    struct str session; /* empty: all but their own */
};

static enum err end_sessions(struct tx *tx, void *arg)
{
    const struct ending *ending = arg;
    TRY(ending->session.len ? session_end_of(tx, ending->session, ending->who->person)
                            : session_end_all(tx, ending->who->person, ending->who->session));
    return audit_note(tx, ending->request, "session.end_others", ending->session, STR(""));
}

enum err account_sessions(struct request *request, const struct account_sessions_input *input)
{
    struct guard *guard = guard_of(request);
    struct ending ending = {
        .request = request, .who = guard_who(request), .session = input->session};
    TRY(db_write(guard->db, request->ctx, end_sessions, &ending));
    who_cache_drop(&guard->known);
    return respond_redirect(request, "/account?done=sessions");
}
