/* Reads XML: elements and text, and nothing that a store has no use for. */
#include "ports/objects/xml.h"

static const char spaces[] = " \t\r\n";

static bool is_one_of(char c, const char *set)
{
    for (; *set; set++)
        if (c == *set)
            return true;
    return false;
}

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           is_one_of(c, ":_-.");
}

static bool fail(struct xml *xml, enum err err)
{
    xml->err = err;
    return false;
}

static void skip(struct xml *xml, size_t len)
{
    xml->rest = str_slice(xml->rest, len, xml->rest.len);
}

static void skip_space(struct xml *xml)
{
    while (xml->rest.len && is_one_of(xml->rest.ptr[0], spaces))
        skip(xml, 1);
}

static struct str take_name(struct xml *xml)
{
    size_t len = 0;
    while (len < xml->rest.len && is_name(xml->rest.ptr[len]))
        len++;
    struct str name = str_slice(xml->rest, 0, len);
    skip(xml, len);
    return name;
}

static bool take(struct xml *xml, struct str what)
{
    if (!str_starts(xml->rest, what))
        return false;
    skip(xml, what.len);
    return true;
}

/* Passes over what ends with `end`. */
static bool skip_to(struct xml *xml, struct str end)
{
    size_t at = str_find(xml->rest, end);
    if (at == STR_NONE)
        return fail(xml, ERR_INPUT);
    skip(xml, at + end.len);
    return true;
}

static bool skip_attribute(struct xml *xml)
{
    if (!take_name(xml).len)
        return false;
    skip_space(xml);
    if (!take(xml, STR("=")))
        return false;
    skip_space(xml);
    char quote = xml->rest.len ? xml->rest.ptr[0] : 0;
    if (quote != '"' && quote != '\'')
        return false;
    skip(xml, 1);
    size_t at = str_find_char(xml->rest, quote);
    if (at == STR_NONE || str_find_char(str_slice(xml->rest, 0, at), '<') != STR_NONE)
        return false;
    skip(xml, at + 1);
    return true;
}

static bool read_open(struct xml *xml)
{
    struct str name = take_name(xml);
    if (!name.len || xml->ended || xml->depth == XML_DEPTH_MAX)
        return fail(xml, ERR_INPUT);
    xml->open[xml->depth++] = name;
    for (;;) {
        size_t left = xml->rest.len;
        skip_space(xml);
        if (take(xml, STR(">")))
            return true;
        xml->closes = take(xml, STR("/>"));
        if (xml->closes)
            return true;
        if (xml->rest.len == left || !skip_attribute(xml))
            return fail(xml, ERR_INPUT);
    }
}

static bool read_close(struct xml *xml)
{
    struct str name = take_name(xml);
    skip_space(xml);
    if (!xml->depth || !str_equal(name, xml->open[xml->depth - 1]) || !take(xml, STR(">")))
        return fail(xml, ERR_INPUT);
    return true;
}

static const struct {
    struct str name;
    char c;
} entities[] = {
    {{"amp", 3}, '&'}, {{"lt", 2}, '<'}, {{"gt", 2}, '>'}, {{"quot", 4}, '"'}, {{"apos", 4}, '\''}};

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

/* "#65" or "#x41"; 0, which XML has no letter for, where it is neither. */
static uint32_t read_number(struct str text)
{
    bool hex = str_starts(text, STR("#x"));
    uint32_t number = 0;
    text = str_slice(text, hex ? 2 : 1, text.len);
    for (size_t i = 0; i < text.len; i++) {
        int digit = digit_value(text.ptr[i]);
        if (digit >= (hex ? 16 : 10) || number > 0x10ffff)
            return 0;
        number = number * (hex ? 16 : 10) + (uint32_t)digit;
    }
    return number > 0x10ffff ? 0 : number;
}

static bool add_entity(struct buf *out, struct str name)
{
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (str_equal(name, entities[i].name)) {
            buf_addc(out, entities[i].c);
            return true;
        }
    uint32_t number = str_starts(name, STR("#")) ? read_number(name) : 0;
    if (number)
        buf_add_utf8(out, number);
    return number != 0;
}

static bool decode(struct xml *xml, struct str raw)
{
    struct buf out;
    struct str piece, name;
    buf_init(&out, xml->arena, XML_TEXT_MAX);
    while (raw.len) {
        size_t at = str_find_char(raw, '&');
        piece = str_slice(raw, 0, at);
        buf_add(&out, piece);
        raw = str_slice(raw, piece.len + 1, raw.len);
        if (at == STR_NONE)
            break;
        at = str_find_char(raw, ';');
        if (at == STR_NONE)
            return fail(xml, ERR_INPUT);
        name = str_slice(raw, 0, at);
        raw = str_slice(raw, at + 1, raw.len);
        if (!add_entity(&out, name))
            return fail(xml, ERR_INPUT);
    }
    xml->text = buf_str(&out);
    return !buf_err(&out) || fail(xml, buf_err(&out));
}

/* Up to the next element. */
static bool read_text(struct xml *xml, struct str raw)
{
    skip(xml, raw.len);
    xml->text = raw;
    if (raw.len > XML_TEXT_MAX || !str_is_utf8(raw))
        return fail(xml, ERR_INPUT);
    return str_find_char(raw, '&') == STR_NONE || decode(xml, raw);
}

static bool is_space(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_one_of(text.ptr[i], spaces))
            return false;
    return true;
}

/* What is left of the element that was told last. */
static void leave(struct xml *xml)
{
    xml->depth--;
    xml->ended = xml->depth == 0;
}

static bool next_markup(struct xml *xml, enum xml_event *event, bool *told)
{
    *told = false;
    if (take(xml, STR("<?")))
        return skip_to(xml, STR("?>"));
    if (take(xml, STR("<!--")))
        return skip_to(xml, STR("-->"));
    *told = true;
    if (take(xml, STR("</"))) {
        *event = XML_CLOSE;
        xml->left = true;
        return read_close(xml);
    }
    *event = XML_OPEN;
    skip(xml, 1);
    return read_open(xml);
}

bool xml_next(struct xml *xml, enum xml_event *event)
{
    if (xml->left)
        leave(xml);
    xml->left = false;
    if (xml->closes) {
        xml->closes = false;
        xml->left = true;
        *event = XML_CLOSE;
        return true;
    }
    while (!xml->err && xml->rest.len) {
        struct str text = str_slice(xml->rest, 0, str_find_char(xml->rest, '<'));
        bool told = false;
        if (is_space(text)) {
            skip(xml, text.len);
            if (xml->rest.len && next_markup(xml, event, &told) && told)
                return true;
            continue;
        }
        if (!xml->depth)
            return fail(xml, ERR_INPUT);
        *event = XML_TEXT;
        return read_text(xml, text);
    }
    if (!xml->err && !xml->ended)
        xml->err = ERR_INPUT;
    return false;
}

struct str xml_above(const struct xml *xml, size_t up)
{
    return up < xml->depth ? xml->open[xml->depth - 1 - up] : STR("");
}
