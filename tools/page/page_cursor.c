/* Takes the words and marks of what stands between {{ and }}. */
#include <string.h>

#include "page.h"

static bool is_name_begin(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name_inner(char c)
{
    return is_name_begin(c) || (c >= '0' && c <= '9');
}

static struct cursor cursor_make(const struct page *page, const char *at, const char *end)
{
    return (struct cursor){page, at, end};
}

struct cursor cursor_open(const struct page *page, const char *at, const char **behind)
{
    struct str rest = str_make(at + 2, (size_t)(page->text.ptr + page->text.len - at) - 2);
    size_t len = str_find(rest, STR("}}"));
    if (len == STR_NONE)
        page_fail(page, at, "a {{ has no }} behind it; add it");
    *behind = rest.ptr + len + 2;
    struct cursor cursor = cursor_make(page, rest.ptr, rest.ptr + len);
    if (cursor_is_done(&cursor))
        page_fail(page, at, "there is nothing between {{ and }}; name what is to be written");
    return cursor;
}

bool cursor_is_done(struct cursor *cursor)
{
    while (cursor->at < cursor->end && (*cursor->at == ' ' || *cursor->at == '\n'))
        cursor->at++;
    return cursor->at == cursor->end;
}

struct str cursor_take_name(struct cursor *cursor)
{
    cursor_is_done(cursor);
    const char *begin = cursor->at;
    if (begin < cursor->end && is_name_begin(*begin))
        while (cursor->at < cursor->end && is_name_inner(*cursor->at))
            cursor->at++;
    return str_make(begin, (size_t)(cursor->at - begin));
}

bool cursor_take(struct cursor *cursor, const char *mark)
{
    size_t len = strlen(mark);
    cursor_is_done(cursor);
    if ((size_t)(cursor->end - cursor->at) < len || memcmp(cursor->at, mark, len) != 0)
        return false;
    cursor->at += len;
    return true;
}

/* A word is followed by none of what a name or a path of names goes on with. */
bool cursor_take_word(struct cursor *cursor, const char *word)
{
    struct cursor try = *cursor;
    bool is_word = str_equal(cursor_take_name(&try), str_from(word)) &&
                   (try.at == try.end || !strchr(".-[", *try.at));
    if (is_word)
        *cursor = try;
    return is_word;
}

struct str cursor_take_literal(struct cursor *cursor)
{
    cursor_is_done(cursor);
    const char *begin = cursor->at, *at = begin;
    if (at == cursor->end || *at != '"')
        return (struct str){0};
    for (at++; at < cursor->end && *at != '"'; at++)
        if (*at == '\\' || *at == '\n')
            page_fail(cursor->page, at,
                      "a text in quotes goes without \\ and newlines; hand such "
                      "a text in by {{in}}");
    if (at == cursor->end)
        page_fail(cursor->page, begin, "a quote has no other; close the text by \"");
    cursor->at = at + 1;
    return str_make(begin, (size_t)(cursor->at - begin));
}

void cursor_need(struct cursor *cursor, const char *mark, const char *advice)
{
    if (!cursor_take(cursor, mark))
        page_fail(cursor->page, cursor->at, "%s is missing; %s", mark, advice);
}

void cursor_end(struct cursor *cursor)
{
    if (!cursor_is_done(cursor))
        page_fail(cursor->page, cursor->at, "\"" STR_FMT "\" is too much here; remove it",
                  STR_ARG(str_make(cursor->at, (size_t)(cursor->end - cursor->at))));
}
