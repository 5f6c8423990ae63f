/* Base64, quoted-printable, encoded words and parameters. */
#include "ports/mail/mail_encode.h"
#include "base/base64.h"

#include <string.h>

enum {
    BASE64_LINE = 57,   /* bytes that make 76 letters */
    WORD_BYTES = 39,    /* that make an encoded word of at most 64, behind a header's name */
    PARAMETER_MAX = 60, /* letters of a value on one line */
};

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char hex[] = "0123456789ABCDEF";
static const char word_begin[] = "=?UTF-8?B?", word_end[] = "?=";

void mail_add_base64(struct buf *out, struct str bytes)
{
    for (size_t i = 0; i < bytes.len; i += BASE64_LINE) {
        base64_add_padded(out, str_slice(bytes, i, i + BASE64_LINE));
        buf_add(out, STR("\r\n"));
    }
}

/* One line without its end. A space at its end would be lost on the way. */
static void add_quoted_line(struct buf *out, struct str line)
{
    size_t column = 0;
    for (size_t i = 0; i < line.len; i++) {
        unsigned char c = (unsigned char)line.ptr[i];
        bool plain = c == ' ' ? i + 1 < line.len : c > ' ' && c < 127 && c != '=';
        size_t size = plain ? 1 : 3;
        if (column + size > MAIL_LINE_MAX - 1) {
            buf_add(out, STR("=\r\n"));
            column = 0;
        }
        if (plain) {
            buf_addc(out, (char)c);
        } else {
            const char escape[] = {'=', hex[c >> 4], hex[c & 15]};
            buf_add(out, str_make(escape, sizeof escape));
        }
        column += size;
    }
}

void mail_add_quoted(struct buf *out, struct str text)
{
    struct str line;
    while (text.len && str_cut(&text, '\n', &line)) {
        if (text.ptr && str_ends(line, STR("\r")))
            line.len--;
        add_quoted_line(out, line);
        buf_add(out, STR("\r\n"));
    }
}

/* The end of the piece that begins at `from`: no character is cut in two. */
static size_t piece_end(struct str text, size_t from, size_t size)
{
    size_t end = from + size;
    if (end >= text.len)
        return text.len;
    while (end > from + 1 && ((unsigned char)text.ptr[end] & 0xc0) == 0x80)
        end--;
    return end;
}

void mail_add_words(struct buf *out, struct str text)
{
    for (size_t from = 0, end; from < text.len; from = end) {
        end = piece_end(text, from, WORD_BYTES);
        buf_add(out, from ? STR("\r\n ") : STR(""));
        buf_add(out, str_from(word_begin));
        base64_add_padded(out, str_slice(text, from, end));
        buf_add(out, str_from(word_end));
    }
}

bool mail_is_plain(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < ' ' || text.ptr[i] > '~')
            return false;
    return text.len <= PARAMETER_MAX && str_find(text, STR("=?")) == STR_NONE &&
           !str_starts(text, STR(" ")) && !str_ends(text, STR(" "));
}

/* What RFC 2231 lets stand in a value as it is, and a little less. */
static bool is_parameter_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
}

/* One line of a long value: name*0*=UTF-8''…; the place where the next begins. */
static size_t add_parameter_part(struct buf *out, const char *name, struct str value, size_t from,
                                 size_t part)
{
    buf_addf(out, ";\r\n %s*%zu*=%s", name, part, part ? "" : "UTF-8''");
    size_t i = from;
    for (size_t used = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];
        bool plain = is_parameter_plain((char)c);
        used += plain ? 1 : 3;
        if (used > PARAMETER_MAX - strlen(name))
            break;
        if (plain)
            buf_addc(out, (char)c);
        else
            buf_addf(out, "%%%c%c", hex[c >> 4], hex[c & 15]);
    }
    return i;
}

void mail_add_parameter(struct buf *out, const char *name, struct str value)
{
    bool quotable = mail_is_plain(value) && str_find_char(value, '"') == STR_NONE &&
                    str_find_char(value, '\\') == STR_NONE;
    if (quotable) {
        buf_addf(out, ";\r\n %s=\"" STR_FMT "\"", name, STR_ARG(value));
        return;
    }
    size_t part = 0, from = 0;
    while (from < value.len && !buf_err(out))
        from = add_parameter_part(out, name, value, from, part++);
}

static bool read_group(const char group[4], struct buf *out)
{
    uint32_t bits = 0;
    size_t count = group[3] != '=' ? 3 : group[2] != '=' ? 2 : 1;
    for (size_t i = 0; i < 4; i++) {
        const char *at = i > count ? letters : memchr(letters, group[i], sizeof letters - 1);
        if (!at)
            return false;
        bits = bits << 6 | (uint32_t)(at - letters);
    }
    for (size_t i = 0; i < count; i++)
        buf_addc(out, (char)(bits >> (16 - 8 * i) & 255));
    return true;
}

bool mail_read_base64(struct buf *out, struct str text)
{
    struct str line;
    while (str_cut(&text, '\n', &line)) {
        line = str_trim(line);
        for (size_t i = 0; i < line.len; i += 4)
            if (line.len - i < 4 || !read_group(line.ptr + i, out))
                return false;
    }
    return true;
}

static bool read_word(struct str word, struct buf *out)
{
    struct str begin = str_from(word_begin), end = str_from(word_end);
    if (word.len < begin.len + end.len || !str_starts(word, begin) || !str_ends(word, end))
        return false;
    word = str_slice(word, begin.len, word.len - end.len);
    for (size_t i = 0; i < word.len; i += 4)
        if (word.len - i < 4 || !read_group(word.ptr + i, out))
            return false;
    return true;
}

enum err mail_read_words(struct arena *arena, struct str header, struct str *text)
{
    struct buf out;
    struct str rest = header, line;
    bool words = str_starts(header, str_from(word_begin));
    *text = header;
    if (!words)
        return ERR_OK;
    buf_init(&out, arena, header.len + 4);
    while (words && str_cut(&rest, '\n', &line))
        words = read_word(str_trim(line), &out);
    if (buf_err(&out))
        return buf_err(&out);
    *text = words ? buf_str(&out) : header;
    return ERR_OK;
}
