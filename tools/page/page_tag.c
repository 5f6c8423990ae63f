/* Walks a tag: its attributes and their values. */
#include "page.h"

/* Browsers drop a newline at once behind <textarea> or <pre>: this one, not the value's own. */
static void begin_content(struct writer *w)
{
    const struct element *element = w->tag.element;
    if (element->flags & ELEMENT_EMPTY && !markup_looks_at(w, "</"))
        page_fail(w->page, w->at, "<%s> is empty here; its text stands in an asset", element->name);
    if (element->flags & ELEMENT_SPACED && markup_looks_at(w, "{{"))
        writer_add(w, STR("\n"));
}

/* A form that changes something. */
static bool posts(const struct tag *tag)
{
    for (size_t i = 0; i < tag->count; i++)
        if (str_equal(tag->attributes[i].name, STR("method")) &&
            str_equal(tag->attributes[i].value, STR("post")))
            return true;
    return false;
}

static void end_tag(struct writer *w, bool is_closed)
{
    const struct element *element = w->tag.element;
    const struct frame *frame = w->frame_count ? &w->frames[w->frame_count - 1] : NULL;
    if (frame && frame->spot == SPOT_TAG)
        page_fail(w->page, w->at,
                  "the tag ends inside of the {{if}} of line %d; write its "
                  "{{end}} before the >",
                  page_line(w->page, frame->at));
    tag_check(w->page, &w->tag);
    w->at += is_closed ? 2 : 1;
    w->spot = SPOT_TEXT;
    writer_add(w, is_closed ? STR("/>") : STR(">"));
    if (is_closed || element->flags & ELEMENT_VOID)
        return;
    if (w->element_count == ELEMENTS_MAX)
        page_fail(w->page, w->tag.at, "more than %d elements are open; make a part of some",
                  ELEMENTS_MAX);
    w->elements[w->element_count].element = element;
    w->elements[w->element_count].at = w->tag.at;
    w->elements[w->element_count].needs_token = posts(&w->tag);
    w->elements[w->element_count].frames = w->frame_count;
    w->elements[w->element_count++].is_untranslated = w->tag.is_untranslated;
    begin_content(w);
}

static bool is_attribute_letter(char c)
{
    return markup_is_letter(c) || c == ':' || c == '_';
}

static struct attribute *add_attribute(struct writer *w, const char *at, struct str name)
{
    struct tag *tag = &w->tag;
    for (size_t i = 0; i < tag->count; i++)
        if (str_equal(tag->attributes[i].name, name) && !tag->attributes[i].is_hidden)
            page_fail(w->page, at, "there are two " STR_FMT "; remove one", STR_ARG(name));
    if (tag->count == ATTRIBUTES_MAX)
        page_fail(w->page, at, "there are more than %d attributes", ATTRIBUTES_MAX);
    struct attribute *attribute = &tag->attributes[tag->count++];
    *attribute = (struct attribute){
        .name = name, .at = at, .kind = attribute_check_name(w->page, at, name, tag->element)};
    return attribute;
}

static void read_attribute(struct writer *w)
{
    const char *at = w->at;
    struct str name = markup_take_while(w, is_attribute_letter);
    if (!name.len)
        page_fail(w->page, at, "an attribute is missing here; write name=\"value\"");
    if (!markup_is_space(at[-1]) && at[-1] != '}')
        page_fail(w->page, at, "a space goes before " STR_FMT, STR_ARG(name));
    struct attribute *attribute = add_attribute(w, at, name);
    writer_add(w, STR(" "));
    writer_add(w, name);
    bool has_value = markup_looks_at(w, "=");
    if (attribute->kind == ATTRIBUTE_BOOLEAN && has_value)
        page_fail(w->page, at,
                  STR_FMT " has no value: it is there or not; {{if …}}" STR_FMT "{{end}}",
                  STR_ARG(name), STR_ARG(name));
    if (!has_value && attribute->kind != ATTRIBUTE_BOOLEAN && !str_starts(name, STR("data-")))
        page_fail(w->page, at, STR_FMT " has no value; write " STR_FMT "=\"…\"", STR_ARG(name),
                  STR_ARG(name));
    if (!has_value)
        return;
    w->at++;
    if (!markup_looks_at(w, "\""))
        page_fail(w->page, w->at, "write the value in \": " STR_FMT "=\"…\"", STR_ARG(name));
    w->at++;
    writer_add(w, STR("=\""));
    attribute->value = str_make(w->at, 0);
    w->spot = SPOT_VALUE;
    w->url = URL_BEGIN;
}

void tag_read(struct writer *w)
{
    if (markup_is_space(*w->at))
        markup_take_while(w, markup_is_space);
    else if (*w->at == '>')
        end_tag(w, false);
    else if (markup_looks_at(w, "/>") && w->tag.element->flags & ELEMENT_VECTOR)
        end_tag(w, true);
    else if (markup_looks_at(w, "/>"))
        page_fail(w->page, w->at, "write > for />: <%s> %s", w->tag.element->name,
                  w->tag.element->flags & ELEMENT_VOID ? "has no end" : "is closed by its end tag");
    else
        read_attribute(w);
}

static struct attribute *open_attribute(struct writer *w)
{
    return &w->tag.attributes[w->tag.count - 1];
}

/* Literal ids are counted; in a loop even one would be many. */
static void add_id(struct writer *w, const struct attribute *attribute)
{
    for (size_t i = 0; i < w->frame_count; i++)
        if (w->frames[i].kind == FRAME_EACH)
            page_fail(w->page, attribute->at,
                      "this id would be there for each " STR_FMT "; put "
                      "something into it that tells them apart",
                      STR_ARG(w->frames[i].row));
    for (size_t i = 0; i < w->id_count; i++)
        if (str_equal(w->ids[i].name, attribute->value) && !w->ids[i].is_hidden)
            page_fail(w->page, attribute->at, "there are two ids \"" STR_FMT "\"; rename one",
                      STR_ARG(attribute->value));
    if (w->id_count == IDS_MAX)
        page_fail(w->page, attribute->at, "there are more than %d ids; make a part of some",
                  IDS_MAX);
    w->ids[w->id_count++] = (struct id){.name = attribute->value};
}

static void end_value(struct writer *w)
{
    struct attribute *attribute = open_attribute(w);
    const struct frame *frame = w->frame_count ? &w->frames[w->frame_count - 1] : NULL;
    if (frame && frame->spot == SPOT_VALUE)
        page_fail(w->page, w->at,
                  "the value ends inside of the {{if}} of line %d; write its "
                  "{{end}} before the \"",
                  page_line(w->page, frame->at));
    attribute->value = str_make(attribute->value.ptr, (size_t)(w->at - attribute->value.ptr));
    attribute->is_asset &= str_find(str_slice(attribute->value, 1, attribute->value.len),
                                    STR("{{")) == STR_NONE;
    if (attribute->kind == ATTRIBUTE_SCRIPT && !attribute->is_asset)
        page_fail(w->page, attribute->at, "a script is an asset: src=\"{{asset ui/page.js}}\"");
    if (attribute->kind == ATTRIBUTE_ID && !attribute->is_open) {
        if (!attribute->value.len || str_find_char(attribute->value, ' ') != STR_NONE)
            page_fail(w->page, attribute->at, "an id is one word");
        add_id(w, attribute);
    }
    if (str_equal(attribute->name, STR("translate")))
        w->tag.is_untranslated = str_equal(attribute->value, STR("no"));
    w->at++;
    w->spot = SPOT_TAG;
    writer_add(w, STR("\""));
}

static bool is_value_part(char c)
{
    return c != '"' && c != '{' && c != '\n';
}

static void check_value(struct writer *w, struct str text)
{
    const struct attribute *attribute = open_attribute(w);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '&')
            text_check_entity(w, text.ptr + i);
        if (text.ptr[i] == '<' || text.ptr[i] == '>')
            page_fail(w->page, text.ptr + i, "write &lt; for < and &gt; for >");
    }
    if (attribute->kind == ATTRIBUTE_SCRIPT)
        page_fail(w->page, text.ptr, "a script is an asset: src=\"{{asset ui/page.js}}\"");
    if (attribute->kind == ATTRIBUTE_SPOKEN)
        text_check_words(w, text);
    if (attribute->kind == ATTRIBUTE_URL)
        w->url = url_add_literal(w->page, text, w->url);
}

void value_read(struct writer *w)
{
    const char *begin = w->at;
    if (*w->at == '"') {
        end_value(w);
        return;
    }
    if (*w->at == '\n') {
        if (open_attribute(w)->kind == ATTRIBUTE_URL)
            page_fail(w->page, w->at, "a URL has no newline; write it on one line");
        markup_take_while(w, markup_is_space);
        writer_add(w, STR(" "));
        return;
    }
    w->at++;
    markup_take_while(w, is_value_part);
    while (markup_looks_at(w, "{") && !markup_looks_at(w, "{{")) {
        w->at++;
        markup_take_while(w, is_value_part);
    }
    struct str text = str_make(begin, (size_t)(w->at - begin));
    check_value(w, text);
    writer_add(w, text);
}
