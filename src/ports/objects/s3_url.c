/* Reads the URL of a store: s3://KEY:SECRET@host:port/bucket?region=…&style=path&tls=no. */
#include <stdio.h>

#include "ports/objects/s3_inside.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Percent-decodes into room for S3_TEXT_MAX; false for what is empty, too long or not printable. */
static bool decode(struct str text, char *into)
{
    size_t len = 0;
    for (size_t i = 0; i < text.len && len < S3_TEXT_MAX - 1; i++) {
        char c = text.ptr[i];
        if (c == '%') {
            int high = i + 2 < text.len ? hex_digit(text.ptr[i + 1]) : -1;
            int low = i + 2 < text.len ? hex_digit(text.ptr[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high << 4 | low);
            i += 2;
        }
        if (c <= ' ' || c > '~')
            return false;
        into[len++] = c;
    }
    into[len] = 0;
    return len > 0 && len < S3_TEXT_MAX - 1;
}

struct s3_parts {
    struct str host, bucket;
    bool virtual_style, plain;
};

static bool read_option(struct str option, struct objects_store *store, struct s3_parts *parts)
{
    struct str name;
    str_cut(&option, '=', &name);
    if (str_equal(name, STR("region")))
        return decode(option, store->region);
    parts->virtual_style |= str_equal(name, STR("style")) && str_equal(option, STR("virtual"));
    parts->plain |= str_equal(name, STR("tls")) && str_equal(option, STR("no"));
    if (str_equal(name, STR("style")))
        return parts->virtual_style || str_equal(option, STR("path"));
    return str_equal(name, STR("tls")) && (parts->plain || str_equal(option, STR("yes")));
}

static bool is_host(struct str text, const char *more)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!plain && str_find_char(str_from(more), c) == STR_NONE)
            return false;
    }
    return text.len > 0 && text.len < S3_TEXT_MAX / 2;
}

static bool read_url(struct str url, struct objects_store *store, struct s3_parts *parts)
{
    struct str rest = str_slice(url, sizeof "s3://" - 1, url.len), user, key, option;
    if (!str_starts(url, STR("s3://")) || str_find_char(rest, '@') == STR_NONE)
        return false;
    str_cut(&rest, '@', &user);
    if (str_find_char(user, ':') == STR_NONE || !str_cut(&user, ':', &key) ||
        !decode(key, store->key) || !decode(user, store->secret))
        return false;
    str_cut(&rest, '/', &parts->host);
    str_cut(&rest, '?', &parts->bucket);
    snprintf(store->region, sizeof store->region, "us-east-1");
    while (rest.len && str_cut(&rest, '&', &option))
        if (!read_option(option, store, parts))
            return false;
    return is_host(parts->host, ".-:[]") && is_host(parts->bucket, ".-");
}

enum err s3_url_read(struct ctx *ctx, struct str url, struct objects_store *store)
{
    struct s3_parts parts = {.plain = false};
    if (!read_url(url, store, &parts))
        return err_input(&ctx->err, "OBJECTS_URL",
                         "must be as s3://KEY:SECRET@host/bucket?region=eu-central-1, with %%2F "
                         "for a slash in the secret; style=virtual and tls=no may follow");
    const char *scheme = parts.plain ? "http" : "https";
    if (parts.virtual_style)
        snprintf(store->base, sizeof store->base, "%s://" STR_FMT "." STR_FMT, scheme,
                 STR_ARG(parts.bucket), STR_ARG(parts.host));
    else
        snprintf(store->base, sizeof store->base, "%s://" STR_FMT "/" STR_FMT, scheme,
                 STR_ARG(parts.host), STR_ARG(parts.bucket));
    return ERR_OK;
}
