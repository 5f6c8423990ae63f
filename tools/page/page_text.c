/* Checks the words that stand in a page: whose language they are, and how signs are written. */
#include "page.h"

/* Letters of any language; neither digits, nor punctuation, nor symbols. */
static bool is_letter(struct str text)
{
    unsigned char c = (unsigned char)text.ptr[0];
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c < 0xc3 || c == 0xe2 || c >= 0xf0 || text.len < 2)
        return false; /* Latin signs, arrows and marks, pictures */
    return c > 0xc3 || ((unsigned char)text.ptr[1] != 0x97 && (unsigned char)text.ptr[1] != 0xb7);
}

static bool is_translated(const struct writer *w)
{
    for (size_t i = 0; i < w->element_count; i++)
        if (w->elements[i].is_untranslated)
            return false;
    return !w->page->has_words && !markup_is_inside(w, ELEMENT_CODE);
}

void text_check_words(const struct writer *w, struct str text)
{
    for (size_t i = 0; i < text.len && is_translated(w); i++) {
        if (text.ptr[i] == '&') {
            size_t end = str_find_char(str_slice(text, i, text.len), ';');
            i += end == STR_NONE ? 0 : end;
        } else if (is_letter(str_slice(text, i, text.len))) {
            page_fail(w->page, text.ptr + i,
                      "words come from text/, in the reader's language: write {{text message}}; "
                      "translate=\"no\" on an element is for names, {{words en}} for a page of "
                      "one language");
        }
    }
}

void text_check_entity(const struct writer *w, const char *at)
{
    static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&nbsp;", "&shy;", "&#"};
    struct str text = str_make(at, (size_t)(w->end - at));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_starts(text, str_from(names[i])))
            return;
    page_fail(w->page, at,
              "write &amp; for &; other signs stand as they are, but for &lt; "
              "&gt; &quot; &nbsp; &shy; and &#…;");
}
