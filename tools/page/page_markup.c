/* Walks the markup of a page: text, comments, and which element stands where. */
#include "page.h"

#include <string.h>

static struct str rest_of(const struct writer *w)
{
    return str_make(w->at, (size_t)(w->end - w->at));
}

bool markup_looks_at(const struct writer *w, const char *mark)
{
    return str_starts(rest_of(w), str_from(mark));
}

bool markup_is_space(char c)
{
    return c == ' ' || c == '\n';
}

struct str markup_take_while(struct writer *w, bool (*is_part)(char c))
{
    const char *begin = w->at;
    while (w->at < w->end && is_part(*w->at))
        w->at++;
    return str_make(begin, (size_t)(w->at - begin));
}

bool markup_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

static const struct element *innermost(const struct writer *w)
{
    return w->element_count ? w->elements[w->element_count - 1].element : NULL;
}

bool markup_is_inside(const struct writer *w, unsigned flags)
{
    for (size_t i = 0; i < w->element_count; i++)
        if (w->elements[i].element->flags & flags)
            return true;
    return false;
}

static bool is_inside_of(const struct writer *w, const char *name)
{
    for (size_t i = 0; i < w->element_count; i++)
        if (strcmp(w->elements[i].element->name, name) == 0)
            return true;
    return false;
}

static bool is_text_part(char c)
{
    return c != '<' && c != '{' && !markup_is_space(c);
}

bool markup_is_spaced(const struct writer *w)
{
    return markup_is_inside(w, ELEMENT_SPACED);
}

/* White space between words: one space, or a newline where there was one. */
static void read_space(struct writer *w)
{
    struct str space = markup_take_while(w, markup_is_space);
    if (markup_is_spaced(w)) {
        writer_add(w, space);
        return;
    }
    struct str before = buf_str(&w->literal);
    if (!before.len && !w->body.len && !w->piece)
        return; /* the page has not begun */
    if (!before.len || !markup_is_space(before.ptr[before.len - 1]))
        writer_add(w, str_find_char(space, '\n') == STR_NONE ? STR(" ") : STR("\n"));
}

/* Between {{use}} and {{fill}} stands nothing. */
static void check_filled(const struct writer *w, const char *at)
{
    const struct frame *frame = w->frame_count ? &w->frames[w->frame_count - 1] : NULL;
    if (frame && frame->kind == FRAME_USE && frame->part->slots[0].len)
        page_fail(w->page, at,
                  "this stands in no slot of " STR_FMT "; write {{fill " STR_FMT "}} "
                  "before it, and {{end}} behind",
                  STR_ARG(frame->part->name), STR_ARG(frame->part->slots[0]));
}

bool markup_is_plain(const struct writer *w, const char *at)
{
    check_filled(w, at);
    return markup_is_inside(w, ELEMENT_PLAIN);
}

void markup_check_content(const struct writer *w, const char *at)
{
    if (w->spot != SPOT_TEXT || markup_is_plain(w, at))
        page_fail(w->page, at, "parts stand between tags, where elements may stand");
}

static void read_words(struct writer *w)
{
    const char *begin = w->at;
    w->at++;
    markup_take_while(w, is_text_part);
    struct str text = str_make(begin, (size_t)(w->at - begin));
    check_filled(w, begin);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '&')
            text_check_entity(w, text.ptr + i);
        if (text.ptr[i] == '>')
            page_fail(w->page, text.ptr + i, "write &gt; for >");
        if (str_starts(str_slice(text, i, text.len), STR("}}")))
            page_fail(w->page, text.ptr + i, "a }} has no {{ before it; add it, or remove this");
    }
    text_check_words(w, text);
    writer_add(w, text);
}

static void read_comment(struct writer *w)
{
    struct str comment = rest_of(w);
    size_t end = str_find(comment, STR("-->"));
    if (end == STR_NONE)
        page_fail(w->page, w->at, "a comment has no --> behind it; close it");
    size_t open = str_find(str_slice(comment, 0, end), STR("{{"));
    if (open != STR_NONE)
        page_fail(w->page, w->at + open,
                  "nothing is put into a comment: it is left out of the "
                  "page; remove it");
    w->at += end + 3;
}

static void read_doctype(struct writer *w)
{
    static const char doctype[] = "<!doctype html>";
    if (!markup_looks_at(w, doctype) || w->at != w->page->text.ptr + w->page->begin)
        page_fail(w->page, w->at, "write <!doctype html> first, and no other <!");
    writer_add(w, str_from(doctype));
    w->at += sizeof doctype - 1;
}

static void read_end_tag(struct writer *w)
{
    const char *at = w->at;
    w->at += 2;
    struct str name = markup_take_while(w, markup_is_letter);
    const struct element *element = element_find(name), *open = innermost(w);
    size_t floor = w->frame_count ? w->frames[w->frame_count - 1].elements : 0;
    if (!element)
        element_fail(w->page, at, name);
    if (element->flags & ELEMENT_VOID)
        page_fail(w->page, at, "<%s> has no end; remove </%s>", element->name, element->name);
    if (!open)
        page_fail(w->page, at, "</%s> closes nothing; remove it", element->name);
    if (open != element)
        page_fail(w->page, at, "</%s> stands where <%s> of line %d is open; close that first",
                  element->name, open->name,
                  page_line(w->page, w->elements[w->element_count - 1].at));
    if (w->element_count == floor)
        page_fail(w->page, at,
                  "</%s> closes what was opened outside of the {{…}} of line %d; "
                  "let both stand inside of it, or outside",
                  element->name, page_line(w->page, w->frames[w->frame_count - 1].at));
    if (w->at == w->end || *w->at != '>')
        page_fail(w->page, w->at, "write </%s>", element->name);
    if (w->elements[w->element_count - 1].needs_token)
        page_fail(w->page, w->elements[w->element_count - 1].at,
                  "who is signed in could be made to send this form by another site; write "
                  "{{put ui_token frame=&frame}} into it, outside of every {{if}}");
    w->at++;
    w->element_count--;
    writer_add(w, str_make(at, (size_t)(w->at - at)));
}

/* What a browser would move elsewhere, or end early. */
static void check_place(const struct writer *w, const char *at, const struct element *element)
{
    static const char *const once[] = {"a", "button", "form", "label", "main"};
    const struct element *parent = innermost(w);
    check_filled(w, at);
    if (parent && parent->flags & (ELEMENT_PLAIN | ELEMENT_EMPTY))
        page_fail(w->page, at, "<%s> holds no elements; close it before <%s>", parent->name,
                  element->name);
    if (parent && !element_may_stand_in(element, parent) && !(parent->flags & ELEMENT_VECTOR))
        page_fail(w->page, at, "<%s> does not stand in <%s>; it stands in one of:%s", element->name,
                  parent->name, element->parents);
    if (element->flags & ELEMENT_BLOCK && is_inside_of(w, "p"))
        page_fail(w->page, at, "<%s> would end the <p> that it stands in; close that before it",
                  element->name);
    for (size_t i = 0; i < sizeof once / sizeof *once; i++)
        if (strcmp(element->name, once[i]) == 0 && is_inside_of(w, once[i]))
            page_fail(w->page, at, "<%s> stands in another <%s>; close that first", once[i],
                      once[i]);
}

static void read_begin_tag(struct writer *w)
{
    const char *at = w->at++;
    struct str name = markup_take_while(w, markup_is_letter);
    if (!name.len)
        page_fail(w->page, at, "a name follows <; write &lt; for the sign");
    const struct element *element = element_find(name);
    if (!element)
        element_fail(w->page, at, name);
    check_place(w, at, element);
    w->tag = (struct tag){.element = element, .at = at};
    w->spot = SPOT_TAG;
    writer_add(w, str_make(at, (size_t)(w->at - at)));
}

static void read_text(struct writer *w)
{
    if (markup_looks_at(w, "<!--"))
        read_comment(w);
    else if (markup_looks_at(w, "<!"))
        read_doctype(w);
    else if (markup_looks_at(w, "</"))
        read_end_tag(w);
    else if (*w->at == '<')
        read_begin_tag(w);
    else if (markup_is_space(*w->at))
        read_space(w);
    else
        read_words(w);
}

static void check_closed(const struct writer *w)
{
    if (w->spot != SPOT_TEXT)
        page_fail(w->page, w->tag.at, "the tag <%s> has no end; close it by >",
                  w->tag.element->name);
    if (w->frame_count)
        page_fail(w->page, w->frames[w->frame_count - 1].at, "this has no {{end}}; add it");
    if (w->element_count)
        page_fail(w->page, w->elements[w->element_count - 1].at, "<%s> is not closed; add </%s>",
                  innermost(w)->name, innermost(w)->name);
}

void markup_read(struct writer *w)
{
    static void (*const reads[])(struct writer *) = {
        [SPOT_TEXT] = read_text, [SPOT_TAG] = tag_read, [SPOT_VALUE] = value_read};
    while (w->at < w->end)
        if (markup_looks_at(w, "{{"))
            directive_read(w);
        else
            reads[w->spot](w);
    check_closed(w);
}
