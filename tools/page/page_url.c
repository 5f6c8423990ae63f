/* Follows a URL through its attribute: what it began with decides what may come next.
 *
 * Each {{x}} but a whole URL is percent-encoded, so that it can add neither : nor / to what stands
 * before it. What is left to refuse is an empty one that brings two / together, and one that would
 * be a host. */
#include "page.h"

#include <string.h>

static void check_characters(const struct page *page, struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\\' || text.ptr[i] == ' ')
            page_fail(page, text.ptr + i, "a URL has neither spaces nor \\; write %%20, or /");
        else if (text.ptr[i] == '&' && !str_starts(str_slice(text, i, text.len), STR("&amp;")))
            page_fail(page, text.ptr + i,
                      "a URL has no entity but &amp;; write what it stands for");
}

static size_t find_any(struct str text, const char *signs)
{
    size_t at = 0;
    while (at < text.len && !strchr(signs, text.ptr[at]))
        at++;
    return at;
}

static enum url_state begin(const struct page *page, struct str text)
{
    static const char *const schemes[] = {"http", "https", "mailto", "tel"};
    size_t end = find_any(text, ":/?#"), i = 0;
    struct str scheme = str_slice(text, 0, end), rest = str_slice(text, end + 1, text.len);
    if (str_starts(text, STR("//")))
        page_fail(page, text.ptr, "write the scheme before //: https://");
    if (end == text.len || text.ptr[end] != ':')
        return str_equal(text, STR("/")) ? URL_ROOT : URL_PART;
    while (i < sizeof schemes / sizeof *schemes && !str_equal(scheme, str_from(schemes[i])))
        i++;
    if (i == sizeof schemes / sizeof *schemes)
        page_fail(page, text.ptr,
                  "a URL does not begin with " STR_FMT ":; there are http, https, mailto, tel, and "
                  "paths",
                  STR_ARG(scheme));
    if (!str_starts(scheme, STR("http")))
        return URL_PART;
    rest = str_slice(rest, 2, rest.len);
    return find_any(rest, "/?#") < rest.len ? URL_PART : URL_HOST;
}

enum url_state url_add_literal(const struct page *page, struct str text, enum url_state state)
{
    check_characters(page, text);
    switch (state) {
    case URL_BEGIN:
        return begin(page, text);
    case URL_ROOT:
        if (text.ptr[0] == '/')
            page_fail(page, text.ptr, "write the scheme before //: https://");
        return URL_PART;
    case URL_HOST:
        return find_any(text, "/?#") < text.len ? URL_PART : URL_HOST;
    case URL_WHOLE:
        if (!strchr("?#&", text.ptr[0]))
            page_fail(page, text.ptr,
                      "behind a whole URL goes ?, & or #; hand in the whole of it, or begin with "
                      "the path");
        return URL_PART;
    case URL_PART:
        break;
    }
    return URL_PART;
}

void url_check_print(const struct page *page, const char *at, enum url_state state)
{
    if (state == URL_ROOT)
        page_fail(page, at,
                  "a path begins with a word, /order/{{id}}: were {{id}} empty, // would lead to "
                  "another host");
    if (state == URL_HOST)
        page_fail(page, at,
                  "the host of a URL is not put in; write it with the / behind it, or hand in the "
                  "whole URL");
}

enum url_state url_merge(const struct page *page, const char *at, enum url_state a,
                         enum url_state b)
{
    if (a == b)
        return a;
    if (a == URL_BEGIN || b == URL_BEGIN || (a != URL_PART && b != URL_PART))
        page_fail(page, at,
                  "the branches begin the URL in ways that do not go together; let each begin it "
                  "alike, or write its beginning before the {{if}}");
    return a == URL_PART ? b : a;
}
