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

static enum err ask_to_sign_up(struct tx *tx, struct asking *asking, bool found)
{
    asking->sends = !found || asking->row.disabled_null;
    asking->link.kind = found ? &link_known : &link_verify;
    asking->link.email = &asking->email;
    asking->link.name = &asking->name;
    return found ? ERR_OK : link_write(tx, &asking->link);
}

static enum err ask_to_reset(struct tx *tx, struct asking *asking, bool found)
{
    asking->sends = found && asking->row.disabled_null;
    asking->link.kind = &link_reset;
    asking->link.person = &asking->row.id;
    asking->name = asking->row.name;
    return asking->sends ? link_write(tx, &asking->link) : ERR_OK;
}

/* A write in any case: it takes as long whether somebody has the address or not. */
static enum err ask(struct tx *tx, void *arg)
{
    struct asking *asking = arg;
    bool found = false;
    asking->sends = false;
    TRY(attempt_begin(tx, &asking->mails));
    TRY(find(tx, asking, &found));
    if (asking->mails.must_wait)
        return ERR_OK;
    return asking->signs_up ? ask_to_sign_up(tx, asking, found) : ask_to_reset(tx, asking, found);
}

enum err asking_answer(struct request *request, struct asking *asking, struct str email)
{
    TRY(guard_small(request->ctx, email, &asking->email));
    asking->mails = (struct attempt){.limit = &attempt_mail, .key = asking->email};
    link_prepare(request->ctx, &asking->link);
    TRY(db_write(guard_of(request)->db, request->ctx, ask, asking));
    if (asking->sends)
        TRY(link_send(request, &asking->link, asking->email, asking->name));
    mail_sent_page(respond_page(request),
                   &(struct mail_sent_page){.frame = guard_frame(request), .email = email});
    return ERR_OK;
}
