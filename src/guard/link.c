/* Makes links, and the mails that carry them. */
#include "guard/link.h"

#include "guard/account_msg.h"
#include "guard/guard_msg.h"
#include "guard/guard_sql.h"
#include "guard/people_msg.h"

const struct link_kind link_verify = {.purpose = "verify",
                                      .good_us = DAY_US,
                                      .path = "/verify/",
                                      .subject = text_mail_verify_subject,
                                      .text = text_mail_verify};
const struct link_kind link_reset = {.purpose = "reset",
                                     .good_us = HOUR_US,
                                     .path = "/reset/",
                                     .subject = text_mail_reset_subject,
                                     .text = text_mail_reset};
const struct link_kind link_invite = {.purpose = "reset",
                                      .good_us = 7 * DAY_US,
                                      .path = "/reset/",
                                      .subject = text_mail_invite_subject,
                                      .text = text_mail_invite};
const struct link_kind link_email = {.purpose = "email",
                                     .good_us = HOUR_US,
                                     .path = "/account/email/",
                                     .subject = text_mail_email_subject,
                                     .text = text_mail_email};
const struct link_kind link_taken = {.purpose = "none",
                                     .good_us = HOUR_US,
                                     .path = "/forgot",
                                     .goes_bare = true,
                                     .subject = text_mail_email_subject,
                                     .text = text_mail_taken};
const struct link_kind link_known = {.purpose = "none",
                                     .good_us = HOUR_US,
                                     .path = "/forgot",
                                     .goes_bare = true,
                                     .subject = text_mail_known_subject,
                                     .text = text_mail_known};
const struct link_kind link_nobody = {.purpose = "none",
                                      .good_us = HOUR_US,
                                      .path = "/reset/",
                                      .subject = text_mail_reset_subject,
                                      .text = text_mail_reset};

void link_prepare(struct ctx *ctx, struct link *link)
{
    secret_new(ctx->rand, link->token);
    secret_hash(str_from(link->token), link->id);
}

enum err link_write(struct tx *tx, const struct link *link)
{
    int64_t now_us = clock_now_us(tx->ctx->clock);
    TRY(link_prune(tx, now_us));
    return link_add(tx, str_from(link->id), link->person, str_from(link->kind->purpose),
                    link->email, link->name, now_us + link->kind->good_us);
}

enum err link_send(struct request *request, const struct link *link, struct str email,
                   struct str name)
{
    struct ctx *ctx = request->ctx;
    struct guard *guard = guard_of(request);
    struct buf url, subject, text;
    const struct language *language = link->language ? link->language : ctx->language;
    struct str site = str_from(request->site->name);
    buf_init(&url, ctx->arena, LETTER_TEXT_MAX);
    buf_init(&subject, ctx->arena, LETTER_SUBJECT_MAX);
    buf_init(&text, ctx->arena, LETTER_TEXT_MAX);
    buf_addf(&url, STR_FMT "%s%s", STR_ARG(guard->site_url), link->kind->path,
             link->kind->goes_bare ? "" : link->token);
    link->kind->subject(&subject, language, site);
    link->kind->text(&text, language, name, site);
    buf_addf(&text, "\n\n" STR_FMT "\n\n", STR_ARG(buf_str(&url)));
    text_mail_ignore(&text, language);
    buf_addc(&text, '\n');
    if (buf_err(&url) || buf_err(&subject) || buf_err(&text))
        return err_memory(&ctx->err);
    letter_post(ctx, &guard->letters,
                &(struct guard_letter){.to = email,
                                       .subject = buf_str(&subject),
                                       .text = buf_str(&text),
                                       .language = language->code});
    return ERR_OK;
}
