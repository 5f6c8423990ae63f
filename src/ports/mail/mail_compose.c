/* Composes a mail as MIME.
 *
 *     multipart/mixed                where there are attachments
 *         multipart/alternative      where there is HTML
 *             text/plain
 *             text/html
 *         application/pdf …
 *
 * Everything is made from the mail's fields and its id, the boundaries too: these hold "=_", which
 * neither base64 nor quoted-printable can write, so no part can end before its end. */
#include <string.h>

#include "ports/mail/mail.h"
#include "ports/mail/mail_encode.h"

enum { HEADERS_ROOM = 4 << 10 };
enum { BASE64_SHARE = 4 }; /* from one byte in so many on that is not ASCII, base64 is shorter */

static void add_header(struct buf *out, const char *name, struct str value)
{
    buf_addf(out, "%s: " STR_FMT "\r\n", name, STR_ARG(value));
}

/* Free text: a subject. */
static void add_text_header(struct buf *out, const char *name, struct str value)
{
    buf_addf(out, "%s: ", name);
    if (mail_is_plain(value))
        buf_add(out, value);
    else
        mail_add_words(out, value);
    buf_add(out, STR("\r\n"));
}

static void add_quoted_string(struct buf *out, struct str text)
{
    buf_addc(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"' || text.ptr[i] == '\\')
            buf_addc(out, '\\');
        buf_addc(out, text.ptr[i]);
    }
    buf_addc(out, '"');
}

static void add_person(struct buf *out, const char *name, const struct mail_address *person)
{
    struct str display = str_trim(person->name);
    buf_addf(out, "%s: ", name);
    if (display.len) {
        if (mail_is_plain(display))
            add_quoted_string(out, display);
        else
            mail_add_words(out, display);
        buf_add(out, STR("\r\n "));
    }
    buf_addf(out, "<" STR_FMT ">\r\n", STR_ARG(person->address));
}

/* RFC 5322's date, in UTC. */
static void add_date(struct buf *out, int64_t time_us)
{
    static const char days[] = "MonTueWedThuFriSatSun";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct civil day = civil_from_us(time_us);
    buf_addf(out, "Date: %.3s, %d %.3s %04d %02d:%02d:%02d +0000\r\n",
             days + (ptrdiff_t)3 * (day.weekday - 1), day.day,
             months + (ptrdiff_t)3 * (day.month - 1), day.year, day.hour, day.minute, day.second);
}

static void add_headers(struct buf *out, const struct mail *mail, const struct mail_address *from,
                        const char *id)
{
    struct str domain = from->address, local;
    str_cut(&domain, '@', &local);
    add_date(out, id_time_us(mail->id));
    add_person(out, "From", from);
    add_person(out, "To", &mail->to);
    if (mail->reply_to.address.len)
        add_person(out, "Reply-To", &mail->reply_to);
    add_text_header(out, "Subject", mail->subject);
    buf_addf(out, "Message-ID: <%s@" STR_FMT ">\r\n", id, STR_ARG(domain));
    if (mail->language.len)
        add_header(out, "Content-Language", mail->language);
    if (mail->list_unsubscribe.len) {
        buf_addf(out, "List-Unsubscribe: <" STR_FMT ">\r\n", STR_ARG(mail->list_unsubscribe));
        add_header(out, "List-Unsubscribe-Post", STR("List-Unsubscribe=One-Click"));
    }
    add_header(out, "MIME-Version", STR("1.0"));
}

/* As base64 the ends of lines are part of what is encoded, and are CR LF there too. */
static void add_text_base64(struct buf *out, struct str text)
{
    struct buf lines;
    struct str line;
    buf_init(&lines, out->arena, 2 * (size_t)MAIL_TEXT_MAX + 2);
    while (text.len && str_cut(&text, '\n', &line)) {
        if (text.ptr && str_ends(line, STR("\r")))
            line.len--;
        buf_add(&lines, line);
        buf_add(&lines, STR("\r\n"));
    }
    if (buf_err(&lines))
        buf_fail(out, buf_err(&lines));
    else
        mail_add_base64(out, buf_str(&lines));
}

static void add_text_part(struct buf *out, const char *subtype, struct str text)
{
    size_t foreign = 0;
    for (size_t i = 0; i < text.len; i++)
        foreign += (unsigned char)text.ptr[i] > 127;
    bool base64 = foreign > text.len / BASE64_SHARE;
    buf_addf(out, "Content-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: %s\r\n\r\n",
             subtype, base64 ? "base64" : "quoted-printable");
    if (base64)
        add_text_base64(out, text);
    else
        mail_add_quoted(out, text);
}

static void add_multipart(struct buf *out, const char *subtype, const char *id, char level)
{
    buf_addf(out, "Content-Type: multipart/%s;\r\n boundary=\"=_%s_%c\"\r\n\r\n", subtype, id,
             level);
}

static void add_boundary(struct buf *out, const char *id, char level, const char *end)
{
    buf_addf(out, "\r\n--=_%s_%c%s\r\n", id, level, end);
}

static void add_texts(struct buf *out, const struct mail *mail, const char *id)
{
    if (!mail->html.len) {
        add_text_part(out, "plain", mail->text);
        return;
    }
    add_multipart(out, "alternative", id, 'a');
    add_boundary(out, id, 'a', "");
    add_text_part(out, "plain", mail->text);
    add_boundary(out, id, 'a', "");
    add_text_part(out, "html", mail->html);
    add_boundary(out, id, 'a', "--");
}

static void add_attachment(struct buf *out, const struct mail_attachment *attachment)
{
    buf_addf(out, "Content-Type: " STR_FMT "\r\nContent-Disposition: attachment",
             STR_ARG(attachment->type));
    mail_add_parameter(out, "filename", attachment->name);
    buf_add(out, STR("\r\nContent-Transfer-Encoding: base64\r\n\r\n"));
    mail_add_base64(out, attachment->bytes);
}

/* About as much as it becomes: a mail of many megabytes is then written without being copied. */
static size_t estimate(const struct mail *mail)
{
    size_t size = 2 * (mail->text.len + mail->html.len) + HEADERS_ROOM;
    for (size_t i = 0; i < mail->attachment_count; i++)
        size += mail->attachments[i].bytes.len / 2 * 3 + HEADERS_ROOM;
    return size < MAIL_COMPOSED_MAX ? size : MAIL_COMPOSED_MAX;
}

enum err mail_compose(struct ctx *ctx, const struct mail *mail, const struct mail_address *from,
                      struct buf *out)
{
    char id[ID_TEXT_MAX];
    TRY(mail_check(ctx, mail));
    id_format(mail->id, "mail", id);
    if (out->len == 0 && out->limit >= MAIL_COMPOSED_MAX)
        buf_reserve(out, estimate(mail));
    add_headers(out, mail, from, id);
    if (mail->attachment_count) {
        add_multipart(out, "mixed", id, 'm');
        add_boundary(out, id, 'm', "");
    }
    add_texts(out, mail, id);
    for (size_t i = 0; i < mail->attachment_count; i++) {
        add_boundary(out, id, 'm', "");
        add_attachment(out, &mail->attachments[i]);
    }
    if (mail->attachment_count)
        add_boundary(out, id, 'm', "--");
    if (buf_err(out) == ERR_LIMIT)
        return err_fail(&ctx->err, ERR_LIMIT, "The mail is too long.", "more than %zu bytes",
                        out->limit);
    return buf_err(out) ? err_memory(&ctx->err) : ERR_OK;
}
