/* Reads the parts of a form with files, one event after another. */
#include "web/multipart.h"

#include <string.h>

static bool is_token(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_all_token(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_token(text.ptr[i]))
            return false;
    return text.len > 0;
}

static struct str skip_spaces(struct str rest)
{
    while (rest.len && (rest.ptr[0] == ' ' || rest.ptr[0] == '\t'))
        rest = str_slice(rest, 1, rest.len);
    return rest;
}

/* A token, or what stands in quotes. A backslash in quotes stands for itself, as browsers mean it;
 * the quote they write as %22. */
static enum err take_value(struct str *rest, struct str *value)
{
    bool quoted = str_starts(*rest, STR("\""));
    size_t len = 0;
    if (quoted) {
        *rest = str_slice(*rest, 1, rest->len);
        len = str_find_char(*rest, '"');
        if (len == STR_NONE)
            return ERR_INPUT;
    } else {
        while (len < rest->len && is_token(rest->ptr[len]))
            len++;
        if (!len)
            return ERR_INPUT;
    }
    *value = str_slice(*rest, 0, len);
    *rest = str_slice(*rest, len + quoted, rest->len);
    return ERR_OK;
}

enum err multipart_parameter(struct str header, const char *name, struct str *value)
{
    struct str rest = header, key, found;
    size_t semicolon = str_find_char(header, ';');
    *value = (struct str){0};
    if (semicolon == STR_NONE)
        return ERR_OK;
    rest = str_slice(header, semicolon, header.len);
    while (rest.len) {
        if (!str_starts(rest, STR(";")))
            return ERR_INPUT;
        rest = skip_spaces(str_slice(rest, 1, rest.len));
        size_t equals = str_find_char(rest, '=');
        if (equals == STR_NONE)
            return ERR_INPUT;
        key = str_slice(rest, 0, equals);
        rest = str_slice(rest, equals + 1, rest.len);
        if (!is_all_token(key))
            return ERR_INPUT;
        TRY(take_value(&rest, &found));
        if (str_equal_nocase(key, str_from(name))) {
            if (value->ptr)
                return ERR_INPUT;
            *value = found;
        }
        rest = skip_spaces(rest);
    }
    return ERR_OK;
}

static bool is_boundary(struct str boundary)
{
    for (size_t i = 0; i < boundary.len; i++) {
        char c = boundary.ptr[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!is_letter && !(c >= '0' && c <= '9') && !(c && strchr("'()+_,-./:=? ", c)))
            return false;
    }
    return boundary.len > 0 && boundary.len <= MULTIPART_BOUNDARY_MAX &&
           boundary.ptr[boundary.len - 1] != ' ';
}

enum err multipart_init(struct multipart *parts, struct str content_type)
{
    struct str boundary;
    TRY(multipart_parameter(content_type, "boundary", &boundary));
    if (!is_boundary(boundary))
        return ERR_INPUT;
    memset(parts, 0, offsetof(struct multipart, head));
    memcpy(parts->delimiter, "\r\n--", 4);
    memcpy(parts->delimiter + 4, boundary.ptr, boundary.len);
    parts->delimiter_len = 4 + boundary.len;
    parts->matched = 2; /* the first one needs no line end before it */
    return ERR_OK;
}

static enum multipart_event refuse(struct multipart *parts, const char *reason)
{
    parts->state = MULTIPART_REFUSED;
    parts->reason = reason;
    return MULTIPART_BAD;
}

static void skip(struct str *bytes, size_t count)
{
    bytes->ptr += count;
    bytes->len -= count;
}

/* The delimiter holds its CR at its beginning alone: what did not match can be the start of
 * another only at the byte that broke it. What had matched is data, and the delimiter has its
 * bytes. */
static enum multipart_event read_data(struct multipart *parts, struct str *bytes, struct str *data)
{
    while (bytes->len && parts->matched < parts->delimiter_len) {
        if (bytes->ptr[0] == parts->delimiter[parts->matched]) {
            parts->matched++;
            skip(bytes, 1);
            continue;
        }
        if (!parts->in_part)
            return refuse(parts, "The form begins with something other than its boundary.");
        if (parts->matched) {
            *data = str_make(parts->delimiter, parts->matched);
            parts->matched = 0;
            return MULTIPART_DATA;
        }
        const char *cr = memchr(bytes->ptr, '\r', bytes->len);
        *data = str_make(bytes->ptr, cr ? (size_t)(cr - bytes->ptr) : bytes->len);
        skip(bytes, data->len);
        return MULTIPART_DATA;
    }
    if (parts->matched < parts->delimiter_len)
        return MULTIPART_MORE;
    parts->matched = 0;
    parts->tail_len = 0;
    parts->state = MULTIPART_BEHIND_BOUNDARY;
    return parts->in_part ? MULTIPART_PART_END : MULTIPART_MORE;
}

/* Two bytes decide: a line end, then a head follows; or two dashes, then nothing does. */
static enum multipart_event read_tail(struct multipart *parts, struct str *bytes)
{
    parts->in_part = false;
    parts->tail[parts->tail_len++] = bytes->ptr[0];
    skip(bytes, 1);
    if (memcmp(parts->tail, "\r\n", parts->tail_len) == 0)
        parts->state = parts->tail_len < 2 ? parts->state : MULTIPART_IN_HEAD;
    else if (memcmp(parts->tail, "--", parts->tail_len) == 0)
        parts->state = parts->tail_len < 2 ? parts->state : MULTIPART_BEHIND_END;
    else
        return refuse(parts, "Something stands behind a boundary of the form.");
    if (parts->tail_len == 2) {
        parts->tail_len = 0;
        parts->head_len = 0;
    }
    if (parts->state == MULTIPART_IN_HEAD && ++parts->parts > MULTIPART_PARTS_MAX)
        return refuse(parts, "The form has too many parts.");
    return MULTIPART_MORE;
}

static bool is_plain(struct str line)
{
    for (size_t i = 0; i < line.len; i++)
        if ((unsigned char)line.ptr[i] < ' ' || line.ptr[i] == 0x7f)
            return false;
    return str_is_utf8(line);
}

static bool read_disposition(struct multipart *parts, struct str value)
{
    struct str kind = str_slice(value, 0, str_find_char(value, ';'));
    return !parts->name.ptr && str_equal_nocase(str_trim(kind), STR("form-data")) &&
           !multipart_parameter(value, "name", &parts->name) &&
           !multipart_parameter(value, "filename", &parts->filename) && parts->name.len > 0;
}

/* What a part is sent as is not coded any more: RFC 7578, 4.7. */
static bool is_uncoded(struct str coding)
{
    return str_equal_nocase(coding, STR("binary")) || str_equal_nocase(coding, STR("8bit")) ||
           str_equal_nocase(coding, STR("7bit"));
}

static const char *read_header(struct multipart *parts, struct str line)
{
    struct str name;
    size_t colon = str_find_char(line, ':');
    if (!is_plain(line))
        return "A header of a part holds a control character, or is not UTF-8.";
    if (colon == STR_NONE || !is_all_token(str_slice(line, 0, colon)))
        return "A header of a part has no proper name.";
    name = str_slice(line, 0, colon);
    struct str value = str_trim(str_slice(line, colon + 1, line.len));
    if (str_equal_nocase(name, STR("Content-Disposition")) && !read_disposition(parts, value))
        return "A part does not say its name as a form does.";
    if (str_equal_nocase(name, STR("Content-Transfer-Encoding")) && !is_uncoded(value))
        return "A part is coded; send its bytes as they are.";
    if (str_equal_nocase(name, STR("Content-Type")))
        parts->type = value;
    return NULL;
}

/* The head without its last, empty line. */
static enum multipart_event end_head(struct multipart *parts)
{
    struct str rest = str_make(parts->head, parts->head_len - 2), line;
    parts->name = parts->filename = parts->type = (struct str){0};
    while (rest.len) {
        size_t end = str_find(rest, STR("\r\n"));
        line = str_slice(rest, 0, end);
        rest = str_slice(rest, end + 2, rest.len);
        const char *reason = read_header(parts, line);
        if (reason)
            return refuse(parts, reason);
    }
    if (!parts->name.ptr)
        return refuse(parts, "A part does not say its name as a form does.");
    parts->in_part = true;
    parts->matched = 0;
    parts->state = MULTIPART_IN_DATA;
    return MULTIPART_PART;
}

static enum multipart_event read_head(struct multipart *parts, struct str *bytes)
{
    while (bytes->len) {
        if (parts->head_len == MULTIPART_HEAD_MAX)
            return refuse(parts, "The headers of a part are too long.");
        parts->head[parts->head_len++] = bytes->ptr[0];
        skip(bytes, 1);
        struct str head = str_make(parts->head, parts->head_len);
        if (str_equal(head, STR("\r\n")) || str_ends(head, STR("\r\n\r\n")))
            return end_head(parts);
    }
    return MULTIPART_MORE;
}

/* A line end at the most. */
static enum multipart_event read_end(struct multipart *parts, struct str *bytes)
{
    for (; bytes->len; skip(bytes, 1))
        if (parts->tail_len == 2 || bytes->ptr[0] != "\r\n"[parts->tail_len++])
            return refuse(parts, "Something stands behind the end of the form.");
    return MULTIPART_MORE;
}

enum multipart_event multipart_read(struct multipart *parts, struct str *bytes, struct str *data)
{
    while (bytes->len) {
        enum multipart_event event = MULTIPART_BAD;
        switch (parts->state) {
        case MULTIPART_IN_DATA:
            event = read_data(parts, bytes, data);
            break;
        case MULTIPART_BEHIND_BOUNDARY:
            event = read_tail(parts, bytes);
            break;
        case MULTIPART_IN_HEAD:
            event = read_head(parts, bytes);
            break;
        case MULTIPART_BEHIND_END:
            event = read_end(parts, bytes);
            break;
        case MULTIPART_REFUSED:
            break;
        }
        if (event != MULTIPART_MORE)
            return event;
    }
    return MULTIPART_MORE;
}

bool multipart_is_whole(const struct multipart *parts)
{
    return parts->state == MULTIPART_BEHIND_END && parts->tail_len != 1;
}
