/* Reads what prints a value: {{x}}, {{text message}}, {{money minor currency}} and their like. */
#include "page.h"

static const struct {
    const char *word;
    const char *function; /* (buf, language, …) */
    int args;
    bool has_width;
    const char *more;
} forms[] = {
    {"number", "text_int", 1, false, ""},
    {"decimal", "text_decimal", 2, false, ""},
    {"percent", "text_percent", 2, false, ""},
    {"money", "text_money", 2, false, ""},
    {"bytes", "text_bytes", 1, false, ""},
    {"date", "html_date", 1, true, ""},
    {"time", "html_time", 1, false, ""},
    {"moment", "html_date_time", 1, true, ""},
    {"ago", "text_relative", 1, false, ", out->now_us"},
    {"iso", "html_iso", 1, false, ""},
    {"language", "html_language", 0, false, ""},
    {"direction", "html_direction", 0, false, ""},
};

enum { FORM_COUNT = sizeof forms / sizeof *forms };

static const char *const widths[] = {"numeric", "medium", "long", "full"};
static const char *const width_names[] = {"DATE_NUMERIC", "DATE_MEDIUM", "DATE_LONG", "DATE_FULL"};

/* How what is printed here is escaped; whatever cannot take it is refused. */
static const char *find_place(struct writer *w, const char *at, bool may_begin_url)
{
    struct attribute *attribute = w->spot == SPOT_VALUE ? &w->tag.attributes[w->tag.count - 1]
                                                        : NULL;
    if (w->spot == SPOT_TAG)
        page_fail(w->page, at, "between attributes stands nothing but {{if}}; put it into a value");
    if (!attribute)
        return markup_is_plain(w, at) ? "ATTRIBUTE" : "TEXT";
    if (attribute->kind == ATTRIBUTE_FIXED || attribute->kind == ATTRIBUTE_SCRIPT)
        page_fail(w->page, at, "nothing is put into " STR_FMT "; write its value here",
                  STR_ARG(attribute->name));
    attribute->is_open = true;
    if (attribute->kind != ATTRIBUTE_URL)
        return "ATTRIBUTE";
    url_check_print(w->page, at, w->url);
    if (w->url != URL_BEGIN)
        return "URL_PART";
    if (!may_begin_url)
        page_fail(w->page, at, "a URL begins with its path, or with {{x}} that is the whole of it");
    w->url = URL_WHOLE;
    return "URL";
}

static void read_value(struct writer *w, struct cursor *cursor, const char *at)
{
    static const struct {
        const char *place, *function;
    } functions[] = {{"TEXT", "html_text"},
                     {"ATTRIBUTE", "html_attribute"},
                     {"URL", "html_url"},
                     {"URL_PART", "html_url_part"}};
    struct buf value;
    size_t i = 0;
    buf_init(&value, w->pages->arena, TOOL_OUTPUT_MAX);
    expr_read(w, cursor, false, &value);
    cursor_end(cursor);
    struct str place = str_from(find_place(w, at, true));
    while (!str_equal(place, str_from(functions[i].place)))
        i++;
    writer_add_line(w, at, "%s(out, " STR_FMT ");", functions[i].function,
                    STR_ARG(buf_str(&value)));
}

static void read_text(struct writer *w, struct cursor *cursor, const char *at)
{
    struct buf message;
    buf_init(&message, w->pages->arena, TOOL_OUTPUT_MAX);
    expr_read_message(w, cursor, &message);
    cursor_end(cursor);
    writer_add_line(w, at, "html_say(out, HTML_%s, " STR_FMT ");", find_place(w, at, false),
                    STR_ARG(buf_str(&message)));
}

static const char *read_width(struct cursor *cursor)
{
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
        if (cursor_take_word(cursor, widths[i]))
            return width_names[i];
    return "DATE_MEDIUM";
}

static void read_form(struct writer *w, struct cursor *cursor, size_t form, const char *at)
{
    struct buf args;
    buf_init(&args, w->pages->arena, TOOL_OUTPUT_MAX);
    for (int i = 0; i < forms[form].args; i++) {
        buf_add(&args, STR(", html_arg("));
        expr_read(w, cursor, false, &args);
        buf_addc(&args, ')');
    }
    if (forms[form].has_width)
        buf_addf(&args, ", %s", read_width(cursor));
    cursor_end(cursor);
    writer_add_line(w, at, "html_say(out, HTML_%s, %s" STR_FMT "%s);", find_place(w, at, false),
                    forms[form].function, STR_ARG(buf_str(&args)), forms[form].more);
}

/* ui/style.css is ui_asset_style_css. */
static void read_asset(struct writer *w, struct cursor *cursor, const char *at)
{
    struct str path = str_trim(str_make(cursor->at, (size_t)(cursor->end - cursor->at))), room;
    struct attribute *attribute = w->spot == SPOT_VALUE ? &w->tag.attributes[w->tag.count - 1]
                                                        : NULL;
    struct buf name;
    buf_init(&name, w->pages->arena, TOOL_OUTPUT_MAX);
    if (!attribute || (attribute->kind != ATTRIBUTE_URL && attribute->kind != ATTRIBUTE_SCRIPT) ||
        w->url != URL_BEGIN)
        page_fail(w->page, at, "an asset begins a URL: src=\"{{asset ui/logo.svg}}\"");
    if (!str_cut(&path, '/', &room) || !source_is_name(room) || !path.len)
        page_fail(w->page, cursor->at, "name the room and the file: {{asset ui/style.css}}");
    buf_addf(&name, STR_FMT "_asset_", STR_ARG(room));
    for (size_t i = 0; i < path.len; i++) {
        char c = path.ptr[i];
        bool is_name = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_name && c != '.' && c != '-' && c != '_' && c != '/')
            page_fail(w->page, path.ptr + i, "an asset's name has letters, digits and . - _ /");
        buf_addc(&name, is_name ? c : '_');
    }
    attribute->is_open = attribute->is_asset = true;
    w->url = URL_WHOLE;
    writer_need_asset(w, buf_str(&name));
    writer_add_line(w, at, "buf_add(out->buf, str_from(" STR_FMT ".path));",
                    STR_ARG(buf_str(&name)));
}

/* A word that wants something behind it is a name where nothing is. */
static bool take_form(struct cursor *cursor, const char *word, bool wants_more)
{
    struct cursor try = *cursor;
    if (!cursor_take_word(&try, word) || (wants_more && cursor_is_done(&try)))
        return false;
    *cursor = try;
    return true;
}

static void print_read(struct writer *w, struct cursor *cursor)
{
    static const char *const declarations[] = {"in", "page", "part", "header", "words"};
    const char *at = cursor->at - 2;
    for (size_t i = 0; i < sizeof declarations / sizeof *declarations; i++)
        if (take_form(cursor, declarations[i], true))
            page_fail(w->page, at, "{{%s}} stands before the markup, at the beginning",
                      declarations[i]);
    if (take_form(cursor, "text", true)) {
        read_text(w, cursor, at);
        return;
    }
    if (take_form(cursor, "asset", true)) {
        read_asset(w, cursor, at);
        return;
    }
    for (size_t i = 0; i < FORM_COUNT; i++)
        if (take_form(cursor, forms[i].word, forms[i].args > 0)) {
            read_form(w, cursor, i, at);
            return;
        }
    read_value(w, cursor, at);
}

/* A directive that is alone on its line leaves no line behind, and no space before the next. */
static void skip_line(struct writer *w, const char *at)
{
    const char *before = at, *behind = w->at;
    while (before > w->page->text.ptr && before[-1] == ' ')
        before--;
    while (behind < w->end && *behind == ' ')
        behind++;
    if ((before > w->page->text.ptr && before[-1] != '\n') || behind == w->end || *behind != '\n')
        return;
    w->at = behind + 1;
    while (!markup_is_spaced(w) && w->at < w->end && (*w->at == ' ' || *w->at == '\n'))
        w->at++;
}

/* Behind what was written, a newline is the space before the next word. */
static bool is_written(const struct writer *w, struct cursor cursor)
{
    const struct frame *frame = w->frame_count ? &w->frames[w->frame_count - 1] : NULL;
    bool ends_use = frame && frame->kind == FRAME_USE && cursor_take_word(&cursor, "end");
    return ends_use || cursor_take_word(&cursor, "put");
}

void directive_read(struct writer *w)
{
    const char *at = w->at;
    struct cursor cursor = cursor_open(w->page, at, &w->at);
    bool writes = is_written(w, cursor);
    if (!flow_read(w, &cursor) && !slots_read(w, &cursor))
        print_read(w, &cursor);
    else if (w->spot == SPOT_TEXT && !writes)
        skip_line(w, at);
}
