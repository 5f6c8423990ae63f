/* Takes the URL of a Redis apart. */
#include "ports/cache/redis_url.h"

#include <stdio.h>
#include <string.h>

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) % 16 : -1;
}

/* A part without its percent signs; false for one that is too long or holds a NUL. */
static bool decode(struct str part, char text[REDIS_URL_PART_MAX])
{
    size_t len = 0;
    for (size_t i = 0; i < part.len; i++) {
        int c = (unsigned char)part.ptr[i];
        if (c == '%') {
            int high = i + 1 < part.len ? hex_digit(part.ptr[i + 1]) : -1;
            int low = i + 2 < part.len ? hex_digit(part.ptr[i + 2]) : -1;
            c = high < 0 || low < 0 ? 0 : high * 16 + low;
            i += 2;
        }
        if (!c || len == REDIS_URL_PART_MAX - 1)
            return false;
        text[len++] = (char)c;
    }
    text[len] = '\0';
    return true;
}

/* What stands before the first `c` goes to `head`, and it and the rest stay; false without one. */
static bool cut_at(struct str *rest, char c, struct str *head)
{
    size_t at = str_find_char(*rest, c);
    *head = str_slice(*rest, 0, at == STR_NONE ? 0 : at);
    if (at == STR_NONE)
        return false;
    *rest = str_slice(*rest, at + 1, rest->len);
    return true;
}

static bool read_who(struct str who, struct redis_url *parts)
{
    struct str user;
    cut_at(&who, ':', &user);
    return decode(user, parts->user) && decode(who, parts->password);
}

static bool read_number(struct str text, int64_t min, int64_t max, int64_t preset, char into[8])
{
    int64_t number = preset;
    if (text.len && str_to_int(text, min, max, &number))
        return false;
    snprintf(into, 8, "%d", (int)number);
    return true;
}

static bool read_where(struct str where, struct redis_url *parts)
{
    struct str host = where, port = {0};
    if (str_starts(where, STR("["))) {
        port = str_slice(where, 1, where.len);
        if (!cut_at(&port, ']', &host) || (port.len && port.ptr[0] != ':'))
            return false;
        port = str_slice(port, 1, port.len);
    } else if (cut_at(&where, ':', &host)) {
        port = where;
    } else {
        host = where;
    }
    return host.len && decode(host, parts->host) && str_find_char(host, '%') == STR_NONE &&
           read_number(port, 1, 65535, REDIS_PORT, parts->port);
}

static bool read_parts(struct str rest, struct redis_url *parts)
{
    struct str authority, who;
    if (!cut_at(&rest, '/', &authority)) {
        authority = rest;
        rest = STR("");
    }
    if (!cut_at(&authority, '@', &who))
        who = STR("");
    return str_find_char(authority, '@') == STR_NONE && read_who(who, parts) &&
           read_where(authority, parts) && read_number(rest, 0, REDIS_DB_MAX, 0, parts->db);
}

enum err redis_url_read(struct ctx *ctx, struct str url, struct redis_url *parts)
{
    static const struct str scheme = {"redis://", 8};
    *parts = (struct redis_url){.user = ""};
    if (str_starts(url, scheme) && read_parts(str_slice(url, scheme.len, url.len), parts))
        return ERR_OK;
    return err_input(&ctx->err, "CACHE_URL",
                     "must be redis://host:port/number, with user:password@ before the host "
                     "where that is needed");
}
