/* Writes to somebody what was changed in their account. */
#include "guard/notice.h"

#include "base/log.h"
#include "guard/account_msg.h"

/* Who still has the address asks for another password; who lost it can only write to us. */
#define BY_PASSWORD text_notice_choose, "/forgot"
#define BY_LETTER   text_notice_write, "/contact"

const struct notice notice_password = {text_notice_password, BY_PASSWORD};
const struct notice notice_email_asked = {text_notice_email_asked, BY_PASSWORD};
const struct notice notice_email_changed = {text_notice_email_changed, BY_LETTER};
const struct notice notice_app_added = {text_notice_app_added, BY_PASSWORD};
const struct notice notice_passkey_added = {text_notice_passkey_added, BY_PASSWORD};
const struct notice notice_factor_removed = {text_notice_factor_removed, BY_PASSWORD};
const struct notice notice_codes = {text_notice_codes, BY_PASSWORD};
const struct notice notice_key_made = {text_notice_key_made, BY_PASSWORD};
const struct notice notice_key_revoked = {text_notice_key_revoked, BY_PASSWORD};

static enum err write(struct request *request, const struct person_find_row *person,
                      const struct notice *notice, struct guard_letter *letter)
{
    struct ctx *ctx = request->ctx;
    struct str site = str_from(request->site->name);
    const struct language *own = language_find(person->language);
    const struct language *language = own ? own : ctx->language;
    struct buf subject, text;
    buf_init(&subject, ctx->arena, LETTER_SUBJECT_MAX);
    buf_init(&text, ctx->arena, LETTER_TEXT_MAX);
    text_notice_subject(&subject, language, site);
    text_notice_hello(&text, language, person->name, site);
    buf_add(&text, STR("\n\n"));
    notice->what(&text, language);
    buf_add(&text, STR("\n\n"));
    notice->to_do(&text, language);
    buf_addf(&text, "\n\n" STR_FMT "%s\n", STR_ARG(guard_of(request)->site_url), notice->path);
    *letter = (struct guard_letter){.to = person->email,
                                    .subject = buf_str(&subject),
                                    .text = buf_str(&text),
                                    .language = language->code};
    return buf_err(&subject) || buf_err(&text) ? err_memory(&ctx->err) : ERR_OK;
}

void notice_send(struct request *request, const struct person_find_row *person,
                 const struct notice *notice)
{
    struct guard_letter letter;
    struct err_record before = request->ctx->err;
    if (write(request, person, notice, &letter))
        log_failure(request->ctx, "a mail about a changed account was not written");
    else
        letter_post(request->ctx, &guard_of(request)->letters, &letter);
    request->ctx->err = before;
}
