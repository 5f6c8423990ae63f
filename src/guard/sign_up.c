/* Signing up, and asking for another password: both end in a mail, and say nothing of who exists. */
#include "guard/guard_pages.h"
#include "guard/guard_routes.h"
#include "guard/guard_sql.h"
#include "guard/inside.h"
#include "guard/link.h"

enum err sign_up_again(struct request *request, const struct field_errors *errors)
{
    sign_up_page(respond_page(request),
                 &(struct sign_up_page){.frame = guard_frame(request),
                                        .errors = errors,
                                        .name = ui_value(request, errors, "name"),
                                        .email = ui_value(request, errors, "email")});
    return ERR_OK;
}

enum err sign_up_form(struct request *request)
{
    return sign_up_again(request, NULL);
}

enum err forgot_again(struct request *request, const struct field_errors *errors)
{
    forgot_page(respond_page(request),
                &(struct forgot_page){.frame = guard_frame(request),
                                      .errors = errors,
                                      .email = ui_value(request, errors, "email")});
    return ERR_OK;
}

enum err forgot_form(struct request *request)
{
    return forgot_again(request, NULL);
}

/* What somebody asked for, and the mail that comes of it. */
struct asking {
    struct str email, name;
    bool signs_up;
    struct attempt mails;
    struct person_by_email_row row;
    struct link link;
    bool sends;
};

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

static enum err ask_and_tell(struct request *request, struct asking *asking, struct str email)
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

enum err sign_up(struct request *request, const struct sign_up_input *input)
{
    struct asking asking = {.signs_up = true, .name = input->name};
    return ask_and_tell(request, &asking, input->email);
}

enum err forgot(struct request *request, const struct forgot_input *input)
{
    struct asking asking = {.signs_up = false};
    return ask_and_tell(request, &asking, input->email);
}
