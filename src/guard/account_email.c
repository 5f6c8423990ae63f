/* Another e-mail address for an account: asked for with the password, and changed by a link. */
#include "guard/account_msg.h"
#include "guard/audit_note.h"
#include "guard/guard_msg.h"
#include "guard/guard_pages.h"
#include "guard/guard_routes.h"
#include "guard/link.h"
#include "guard/notice.h"

/* Somebody's wish. Mails to the new address are counted for it and for who asks: neither is
 * anybody written to without end, nor does one person write to everybody. */
struct asking_email {
    const struct request *request;
    struct str person, email;
    struct person_find_row row;
    struct attempt tries, to, by;
    struct link link;
    struct str name; /* whom the mail greets */
    bool sends;
};

static enum err count_try(struct tx *tx, void *arg)
{
    struct asking_email *asking = arg;
    TRY(attempt_begin(tx, &asking->tries));
    return person_find(tx, asking->person, &asking->row);
}

/* An address that somebody has is written to likewise: the mail alone says that nothing comes of
 * it. What was sent before is no longer good. */
static enum err write_wish(struct tx *tx, struct asking_email *asking)
{
    struct person_by_email_row somebody;
    enum err err = person_by_email(tx, asking->email, &somebody);
    if (err && err != ERR_MISSING)
        return err;
    err_clear(&tx->ctx->err);
    bool is_free = err == ERR_MISSING;
    asking->sends = is_free || somebody.disabled_null;
    asking->link.kind = is_free ? &link_email : &link_taken;
    asking->name = is_free ? asking->row.name : somebody.name;
    asking->link.person = is_free ? &asking->person : NULL;
    asking->link.email = is_free ? &asking->email : NULL;
    TRY(link_end_purpose(tx, asking->person, str_from(link_email.purpose)));
    TRY(link_write(tx, &asking->link));
    return audit_note(tx, asking->request, "person.email_ask", asking->person, STR(""));
}

static enum err ask(struct tx *tx, void *arg)
{
    struct asking_email *asking = arg;
    struct person_find_row now;
    asking->sends = false;
    TRY(person_find(tx, asking->person, &now));
    if (!now.disabled_null || !str_equal(now.password, asking->row.password) ||
        !str_equal(now.email, asking->row.email))
        return err_fail(&tx->ctx->err, ERR_CONFLICT, "That has changed just now. Try again.",
                        "the password or the person changed meanwhile");
    TRY(attempt_forget_all(tx, &asking->tries));
    TRY(attempt_begin(tx, &asking->by));
    TRY(attempt_begin(tx, &asking->to));
    return asking->by.must_wait || asking->to.must_wait ? ERR_OK : write_wish(tx, asking);
}

static enum err refuse(struct request *request, const char *field, ui_say *say)
{
    struct str words = ui_words(request, say);
    return err_input(&request->ctx->err, field, STR_FMT, STR_ARG(words));
}

enum err account_email(struct request *request, const struct account_email_input *input)
{
    struct guard *guard = guard_of(request);
    struct str person = guard_who(request)->person;
    enum password_fit fit = PASSWORD_WRONG;
    struct asking_email asking = {.request = request,
                                  .person = person,
                                  .tries = {.limit = &attempt_account, .key = person},
                                  .by = {.limit = &attempt_mail, .key = person}};
    TRY(guard_small(request->ctx, input->email, &asking.email));
    asking.to = (struct attempt){.limit = &attempt_mail, .key = asking.email};
    link_prepare(request->ctx, &asking.link);
    TRY(db_write(guard->db, request->ctx, count_try, &asking));
    if (!asking.tries.must_wait)
        TRY(password_check(request->ctx, &guard->passwords, input->own, asking.row.password, &fit));
    if (fit == PASSWORD_WRONG)
        return refuse(request, "own", text_account_current_wrong);
    if (str_equal(asking.email, asking.row.email))
        return refuse(request, "email", text_account_email_same);
    TRY(db_write(guard->db, request->ctx, ask, &asking));
    if (!asking.by.must_wait && !asking.to.must_wait) {
        TRY(link_send(request, &asking.link, asking.sends ? asking.email : STR(""), asking.name));
        notice_send(request, &asking.row, &notice_email_asked);
    }
    return respond_redirect(request, "/account?done=asked");
}

/* The link in the hand of who asked for it, in a session of theirs: in another's it is none. */
struct moving {
    const struct request *request;
    const struct guard_who *who;
    char id[SECRET_TEXT];
    struct link_find_email_row link;
    struct person_find_row before;
};

static struct moving move(const struct request *request, struct str token)
{
    struct moving moving = {.request = request, .who = guard_who(request)};
    secret_hash(token, moving.id);
    return moving;
}

static enum err find(struct tx *tx, void *arg)
{
    struct moving *moving = arg;
    struct person_by_email_row somebody;
    TRY(link_find_email(tx, str_from(moving->id), moving->who->person, clock_now_us(tx->ctx->clock),
                        &moving->link));
    TRY(person_find(tx, moving->who->person, &moving->before));
    enum err err = person_by_email(tx, moving->link.email, &somebody);
    if (err == ERR_MISSING) {
        err_clear(&tx->ctx->err);
        return ERR_OK;
    }
    return err ? err
               : err_fail(&tx->ctx->err, ERR_MISSING, "This link is no longer good.",
                          "the address became somebody's");
}

/* Links that went to the old address, and whoever else is signed in, are out. */
static enum err change(struct tx *tx, void *arg)
{
    struct moving *moving = arg;
    struct str person = moving->who->person;
    TRY(find(tx, moving));
    TRY(person_set_email(tx, person, moving->link.email));
    TRY(person_verify(tx, person, clock_now_us(tx->ctx->clock)));
    TRY(link_end_all(tx, person));
    TRY(challenge_end_all(tx, person));
    TRY(session_end_all(tx, person, moving->who->session));
    return audit_note(tx, moving->request, "person.email", person, STR(""));
}

enum err account_email_form(struct request *request, const struct account_email_form_input *input)
{
    struct moving moving = move(request, input->token);
    TRY(db_read(guard_of(request)->db, request->ctx, find, &moving));
    email_page(respond_page(request), &(struct email_page){.frame = guard_frame(request),
                                                           .action = request->path,
                                                           .email = moving.link.email});
    return ERR_OK;
}

enum err account_email_use(struct request *request, const struct account_email_use_input *input)
{
    struct guard *guard = guard_of(request);
    struct moving moving = move(request, input->token);
    TRY(db_write(guard->db, request->ctx, change, &moving));
    who_cache_drop(&guard->known);
    notice_send(request, &moving.before, &notice_email_changed);
    return respond_redirect(request, "/account?done=moved");
}
