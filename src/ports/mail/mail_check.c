/* Whether a mail can be sent as it is said, and which field is to blame where it cannot. */
#include "ports/mail/mail.h"

enum { LOCAL_MAX = 64, LABEL_MAX = 63, TYPE_MAX = 100, URL_MAX = 900, LANGUAGE_MAX = 35 };

static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_one_of(char c, const char *set)
{
    return c && str_find_char(str_from(set), c) != STR_NONE;
}

/* Letters, digits and those of `others`, at least one. */
static bool is_made_of(struct str text, const char *others)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_alnum(text.ptr[i]) && !is_one_of(text.ptr[i], others))
            return false;
    return text.len > 0;
}

static bool is_domain(struct str domain)
{
    struct str label;
    while (str_cut(&domain, '.', &label))
        if (!is_made_of(label, "-") || label.len > LABEL_MAX || str_starts(label, STR("-")) ||
            str_ends(label, STR("-")))
            return false;
    return true;
}

bool mail_is_address(struct str address)
{
    struct str domain = address, local, atom;
    if (address.len > MAIL_ADDRESS_MAX || !str_cut(&domain, '@', &local) || !domain.ptr ||
        local.len > LOCAL_MAX)
        return false;
    while (str_cut(&local, '.', &atom))
        if (!is_made_of(atom, "!#$%&'*+-/=?^_`{|}~"))
            return false;
    return is_domain(domain);
}

bool mail_read_address(struct str text, struct mail_address *address)
{
    struct str rest = str_trim(text), name;
    *address = (struct mail_address){.address = rest};
    if (str_ends(rest, STR(">"))) {
        str_cut(&rest, '<', &name);
        address->name = str_trim(name);
        address->address = rest.len ? str_slice(rest, 0, rest.len - 1) : STR("");
        struct str bare = address->name;
        if (bare.len >= 2 && str_starts(bare, STR("\"")) && str_ends(bare, STR("\"")))
            address->name = str_slice(bare, 1, bare.len - 1);
    }
    return mail_is_address(address->address);
}

/* What stands in a header: one line of UTF-8 in which nothing can begin another. */
static enum err check_line(struct ctx *ctx, const char *field, struct str text, size_t max)
{
    if (text.len > max)
        return err_input(&ctx->err, field, "must have at most %zu bytes", max);
    if (!str_is_utf8(text))
        return err_input(&ctx->err, field, "must be UTF-8");
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 127)
            return err_input(&ctx->err, field, "must be one line without controls");
    return ERR_OK;
}

static enum err check_person(struct ctx *ctx, const char *field, const struct mail_address *person)
{
    TRY(check_line(ctx, field, person->name, MAIL_NAME_MAX));
    return mail_is_address(person->address)
               ? ERR_OK
               : err_input(&ctx->err, field, "must be an address like ada@example.com");
}

static enum err check_body(struct ctx *ctx, const char *field, struct str text)
{
    if (text.len > MAIL_TEXT_MAX)
        return err_input(&ctx->err, field, "must have at most %d bytes", MAIL_TEXT_MAX);
    if (!str_is_utf8(text) || str_find_char(text, '\0') != STR_NONE)
        return err_input(&ctx->err, field, "must be UTF-8 without NUL");
    return ERR_OK;
}

static bool is_type(struct str type)
{
    struct str rest = type, main_type;
    return type.len <= TYPE_MAX && str_cut(&rest, '/', &main_type) && rest.ptr &&
           is_made_of(main_type, "-") && is_made_of(rest, "!#$&^_.+-") &&
           !str_equal_nocase(main_type, STR("multipart")) &&
           !str_equal_nocase(main_type, STR("message"));
}

static enum err check_attachments(struct ctx *ctx, const struct mail *mail)
{
    size_t bytes = 0;
    if (mail->attachment_count > MAIL_ATTACHMENTS_MAX)
        return err_input(&ctx->err, "attachments", "must be at most %d", MAIL_ATTACHMENTS_MAX);
    for (size_t i = 0; i < mail->attachment_count; i++) {
        const struct mail_attachment *attachment = &mail->attachments[i];
        TRY(check_line(ctx, "attachment_name", attachment->name, MAIL_NAME_MAX));
        if (!attachment->name.len)
            return err_input(&ctx->err, "attachment_name", "must not be empty");
        if (!is_type(attachment->type))
            return err_input(&ctx->err, "attachment_type", "must be a type like application/pdf");
        if (attachment->bytes.len > MAIL_BYTES_MAX - bytes)
            return err_input(&ctx->err, "attachments", "must have at most %d bytes together",
                             MAIL_BYTES_MAX);
        bytes += attachment->bytes.len;
    }
    return ERR_OK;
}

static enum err check_unsubscribe(struct ctx *ctx, struct str url)
{
    bool wrong = !str_starts(url, STR("https://")) || url.len > URL_MAX;
    for (size_t i = 0; i < url.len; i++)
        wrong = wrong || url.ptr[i] <= ' ' || url.ptr[i] > '~' || is_one_of(url.ptr[i], "<>\"\\");
    return url.len && wrong
               ? err_input(&ctx->err, "list_unsubscribe", "must be an https: URL in ASCII")
               : ERR_OK;
}

enum err mail_check(struct ctx *ctx, const struct mail *mail)
{
    TRY(check_person(ctx, "to", &mail->to));
    if (mail->reply_to.address.len || mail->reply_to.name.len)
        TRY(check_person(ctx, "reply_to", &mail->reply_to));
    TRY(check_line(ctx, "subject", mail->subject, MAIL_SUBJECT_MAX));
    if (!mail->subject.len)
        return err_input(&ctx->err, "subject", "must not be empty");
    if (!mail->text.len)
        return err_input(&ctx->err, "text", "must not be empty");
    TRY(check_body(ctx, "text", mail->text));
    TRY(check_body(ctx, "html", mail->html));
    if (mail->language.len &&
        (!is_made_of(mail->language, "-") || mail->language.len > LANGUAGE_MAX))
        return err_input(&ctx->err, "language", "must be a language like de or pt-BR");
    TRY(check_unsubscribe(ctx, mail->list_unsubscribe));
    return check_attachments(ctx, mail);
}
