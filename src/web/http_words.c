/* The words of HTTP: methods, statuses, and headers looked up by name. */
#include "base/assert.h"
#include "web/http.h"
#include "web/http_inside.h"

enum {
    TARGET = HTTP_IN_TARGET,
    VALUE = HTTP_IN_TARGET | HTTP_IN_COOKIE,
    MARK = VALUE | HTTP_IN_TOKEN,
    PART = MARK | HTTP_IN_PART,
    HOST = PART | HTTP_IN_HOST,
    METHOD = HOST | HTTP_IN_METHOD,
};

const uint8_t http_classes[256] = {
    ['!'] = MARK,          ['"'] = TARGET,        ['#'] = HTTP_IN_TOKEN | HTTP_IN_COOKIE,
    ['$' ... '\''] = MARK, ['(' ... ')'] = VALUE, ['*' ... '+'] = MARK,
    [','] = TARGET,        ['-'] = METHOD,        ['.'] = HOST,
    ['/'] = VALUE,         ['0' ... '9'] = HOST,  [':'] = VALUE,
    [';'] = TARGET,        ['<' ... '@'] = VALUE, ['A' ... 'Z'] = METHOD,
    ['['] = VALUE,         ['\\'] = TARGET,       [']'] = VALUE,
    ['^'] = MARK,          ['_'] = METHOD,        ['`'] = MARK,
    ['a' ... 'z'] = HOST,  ['{'] = VALUE,         ['|'] = MARK,
    ['}'] = VALUE,         ['~'] = PART,
};

const char *http_method_name(enum http_method method)
{
    static const char *const names[HTTP_METHOD_COUNT] = {
        [HTTP_GET] = "GET",         [HTTP_HEAD] = "HEAD",   [HTTP_POST] = "POST",
        [HTTP_PUT] = "PUT",         [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE",
        [HTTP_OPTIONS] = "OPTIONS",
    };
    ASSERT((unsigned)method < HTTP_METHOD_COUNT);
    return names[method];
}

const char *http_status_words(int status)
{
    static const struct {
        int status;
        const char *words;
    } rows[] = {
        {100, "Continue"},
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {206, "Partial Content"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {303, "See Other"},
        {304, "Not Modified"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {411, "Length Required"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {416, "Range Not Satisfiable"},
        {417, "Expectation Failed"},
        {422, "Unprocessable Content"},
        {428, "Precondition Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
        {505, "HTTP Version Not Supported"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].status == status)
            return rows[i].words;
    return "Unknown";
}

struct str http_header(const struct http_head *head, struct str name)
{
    for (size_t i = 0; i < head->header_count; i++)
        if (str_equal_nocase(head->headers[i].name, name))
            return head->headers[i].value;
    return (struct str){0};
}

struct str http_header_last(const struct http_head *head, struct str name)
{
    for (size_t i = head->header_count; i > 0; i--)
        if (str_equal_nocase(head->headers[i - 1].name, name))
            return head->headers[i - 1].value;
    return (struct str){0};
}

bool http_list_has(struct str list, struct str word)
{
    struct str member;
    while (str_cut(&list, ',', &member))
        if (str_equal_nocase(str_trim(member), word))
            return true;
    return false;
}
