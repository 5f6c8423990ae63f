/* Which bytes may stand where in HTTP: what its readers share.
 *
 *     size_t name_len = http_span(line, HTTP_IN_TOKEN);
 *     if (name_len == line.len || line.ptr[name_len] != ':')
 *         … */
#ifndef STOA_WEB_HTTP_INSIDE_H
#define STOA_WEB_HTTP_INSIDE_H

#include "base/str.h"

enum http_class {
    HTTP_IN_TOKEN = 1,   /* a header's name, a cookie's */
    HTTP_IN_TARGET = 2,  /* a path or a query: visible ASCII but "#" */
    HTTP_IN_HOST = 4,    /* a name or an IPv4 address */
    HTTP_IN_METHOD = 8,  /* capitals, "-" and "_" */
    HTTP_IN_COOKIE = 16, /* a cookie's value */
    HTTP_IN_PART = 32,   /* a part of a URL, without being percent-encoded */
};

extern const uint8_t http_classes[256];

static inline bool http_is_in(char c, enum http_class class)
{
    return http_classes[(unsigned char)c] & class;
}

/* How many bytes at the front are of the class. */
static inline size_t http_span(struct str s, enum http_class class)
{
    size_t at = 0;
    while (at < s.len && http_is_in(s.ptr[at], class))
        at++;
    return at;
}

/* True for a control other than HTAB: no header holds one. */
static inline bool http_is_control(char c)
{
    return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7f;
}

/* What a hex digit counts; -1 for another byte. */
static inline int http_hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

#endif
