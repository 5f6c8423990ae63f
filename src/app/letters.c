/* Hands guard's letters to the mail port. */
#include "app/letters.h"

#include "ports/mail/mail.h"

enum err letters_send(struct ctx *ctx, void *arg, const struct guard_letter *letter)
{
    return mail_send(arg, ctx,
                     &(struct mail){.id = id_new(ctx->ids),
                                    .to = {.address = letter->to},
                                    .subject = letter->subject,
                                    .text = letter->text,
                                    .language = str_from(letter->language)});
}
