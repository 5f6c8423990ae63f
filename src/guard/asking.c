/* Answers who signs up or forgot their password, and writes the mail. */
#include "guard/asking.h"

#include "guard/guard_pages.h"

static enum err find(struct tx *tx, struct asking *asking, bool *found)
{
    enum err err = person_by_email(tx, asking->email, &asking->row);
    *found = err == ERR_OK;
    if (err != ERR_MISSING)
        return err;
    err_clear(&tx->ctx->err);
    return ERR_OK;
}

static void ask_to_sign_up(struct asking *asking, bool found)
{
    asking->sends = !found || asking->row.disabled_null;
    asking->link.kind = found ? &link_known : &link_verify;
    asking->link.email = found ? NULL : &asking->email;
    asking->link.name = found ? NULL : &asking->name;
}

static void ask_to_reset(struct asking *asking, bool found)
{
    asking->sends = found && asking->row.disabled_null;
    asking->link.kind = asking->sends ? &link_reset : &link_nobody;
    asking->link.person = asking->sends ? &asking->row.id : NULL;
    asking->name = asking->sends ? asking->row.name : asking->email;
}

/* The same statements in any case: it takes as long whether somebody has the address or not. */
static enum err ask(struct tx *tx, void *arg)
{
    struct asking *asking = arg;
    bool found = false;
    asking->sends = false;
    TRY(attempt_begin(tx, &asking->mails));
    TRY(find(tx, asking, &found));
    if (asking->mails.must_wait)
        return ERR_OK;
    (asking->signs_up ? ask_to_sign_up : ask_to_reset)(asking, found);
    return link_write(tx, &asking->link);
}

enum err asking_answer(struct request *request, struct asking *asking, struct str email)
{
    TRY(guard_small(request->ctx, email, &asking->email));
    asking->mails = (struct attempt){.limit = &attempt_mail, .key = asking->email};
    link_prepare(request->ctx, &asking->link);
    TRY(db_write(guard_of(request)->db, request->ctx, ask, asking));
    if (!asking->mails.must_wait)
        TRY(link_send(request, &asking->link, asking->sends ? asking->email : STR(""),
                      asking->name));
    mail_sent_page(respond_page(request),
                   &(struct mail_sent_page){.frame = guard_frame(request), .email = email});
    return ERR_OK;
}
