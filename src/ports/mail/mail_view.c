/* Takes a composed mail apart for who looks at it: its headers, and its text as people read it. */
#include "ports/mail/mail.h"
#include "ports/mail/mail_encode.h"

static const struct str line_end = STR("\r\n");

struct str mail_find_header(struct str head, struct str name)
{
    size_t at = str_find(head, name);
    if (at == STR_NONE)
        return STR("");
    struct str rest = str_slice(head, at + name.len, head.len), value = rest;
    for (size_t end = 0; end < rest.len; end++)
        if (rest.ptr[end] == '\n' && (end + 1 == rest.len || rest.ptr[end + 1] != ' ')) {
            value = str_slice(rest, 0, end);
            break;
        }
    return str_trim(value);
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* What mail_add_quoted wrote; the lines end by LF then. What is no escape stays as it is. */
static void read_quoted(struct buf *out, struct str body)
{
    for (size_t i = 0; i < body.len; i++) {
        bool has_two = i + 2 < body.len;
        int high = has_two ? hex(body.ptr[i + 1]) : -1, low = has_two ? hex(body.ptr[i + 2]) : -1;
        if (body.ptr[i] == '=' && high >= 0 && low >= 0) {
            buf_addc(out, (char)(high << 4 | low));
            i += 2;
        } else if (body.ptr[i] == '=' && str_starts(str_slice(body, i + 1, body.len), line_end)) {
            i += 2;
        } else if (body.ptr[i] != '\r') {
            buf_addc(out, body.ptr[i]);
        }
    }
}

/* The first part that is text for every reader, wherever it stands among others. */
static enum err read_text(struct buf *out, struct str composed)
{
    const struct str begin = STR("Content-Type: text/plain;"), empty = STR("\r\n\r\n");
    size_t at = str_find(composed, begin);
    if (at == STR_NONE)
        return ERR_OK;
    struct str part = str_slice(composed, at, composed.len);
    at = str_find(part, empty);
    if (at == STR_NONE)
        return ERR_OK;
    struct str head = str_slice(part, 0, at), body = str_slice(part, at + empty.len, part.len);
    body = str_slice(body, 0, str_find(body, STR("\r\n--=_")));
    if (str_find(head, STR("base64")) != STR_NONE)
        return mail_read_base64(out, body) ? ERR_OK : ERR_INPUT;
    read_quoted(out, body);
    return ERR_OK;
}

enum err mail_view(struct ctx *ctx, struct str composed, struct mail_view *view)
{
    struct buf text;
    struct str head = str_slice(composed, 0, str_find(composed, STR("\r\n\r\n")));
    buf_init(&text, ctx->arena, MAIL_TEXT_MAX);
    view->head = head;
    view->has_html = str_find(composed, STR("\r\nContent-Type: text/html;")) != STR_NONE;
    enum err err = mail_read_words(ctx->arena, mail_find_header(head, STR("\nSubject: ")),
                                   &view->subject);
    if (!err)
        err = read_text(&text, composed);
    view->text = buf_str(&text);
    if (!err)
        err = buf_err(&text);
    return err ? err_fail(&ctx->err, err, "This mail cannot be read.", "%s", err_name(err))
               : ERR_OK;
}
