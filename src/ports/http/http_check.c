/* Looks at a call before anything is sent: the URL's scheme, host and port, and the headers. */
#include <string.h>

#include "base/buf.h"
#include "ports/http/http_inside.h"

static const char tokens[] = "!#$%&'*+-.^_`|~0123456789"
                             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* Those that say how long the body is are curl's to send. */
static const char *const reserved[] = {"Connection", "Content-Length", "Transfer-Encoding"};

static bool is_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!name.ptr[i] || !strchr(tokens, name.ptr[i]))
            return false;
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (str_equal_nocase(name, str_from(reserved[i])))
            return false;
    return name.len > 0;
}

static bool is_value(struct str value)
{
    for (size_t i = 0; i < value.len; i++)
        if (((unsigned char)value.ptr[i] < ' ' && value.ptr[i] != '\t') || value.ptr[i] == 0x7f)
            return false;
    return true;
}

static enum err check_headers(struct ctx *ctx, const struct http_client_call *call)
{
    if (call->header_count > HTTP_CLIENT_HEADERS_MAX)
        return err_input(&ctx->err, "headers", "must be at most %d", HTTP_CLIENT_HEADERS_MAX);
    for (size_t i = 0; i < call->header_count; i++)
        if (!is_name(call->headers[i].name) || !is_value(call->headers[i].value))
            return err_input(&ctx->err, "headers", "must be names and values of HTTP");
    return ERR_OK;
}

static bool is_part(struct str part)
{
    return is_value(part) && str_find_char(part, ':') == STR_NONE;
}

static enum err check_signing(struct ctx *ctx, const struct http_client_signing *signing)
{
    if (!signing || (signing->region.len + signing->service.len < HTTP_CLIENT_SIGNING_MAX / 2 &&
                     is_part(signing->region) && is_part(signing->service) &&
                     is_value(signing->key) && is_value(signing->secret)))
        return ERR_OK;
    return err_input(&ctx->err, "signing", "must be a key, a secret, a region and a service");
}

/* The URL's host with its port, and whether it is one of http. */
static enum err take_parts(struct http_client_sending *sending, CURLU *parts)
{
    char *scheme = NULL, *name = NULL, *port = NULL;
    struct buf host;
    CURLUcode code = curl_url_set(parts, CURLUPART_URL, sending->url, CURLU_DISALLOW_USER);
    if (!code)
        code = curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0);
    if (!code)
        code = curl_url_get(parts, CURLUPART_HOST, &name, 0);
    if (!code)
        code = curl_url_get(parts, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT);
    bool is_http = !code && (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
    buf_init(&host, sending->ctx->arena, HTTP_CLIENT_URL_MAX);
    if (is_http) {
        sending->is_plain = strcmp(scheme, "http") == 0;
        buf_addf(&host, "%s:%s", name, port);
        sending->host = buf_str(&host);
    }
    curl_free(scheme);
    curl_free(name);
    curl_free(port);
    if (code == CURLUE_OUT_OF_MEMORY || buf_err(&host))
        return err_memory(&sending->ctx->err);
    return is_http ? ERR_OK
                   : err_input(&sending->ctx->err, "url",
                               "must be http://host/… or https://host/… without a user in it");
}

enum err http_client_check(struct http_client_sending *sending)
{
    struct ctx *ctx = sending->ctx;
    TRY(check_headers(ctx, sending->call));
    TRY(check_signing(ctx, sending->call->signing));
    if (sending->call->url.len > HTTP_CLIENT_URL_MAX)
        return err_input(&ctx->err, "url", "must have at most %d bytes", HTTP_CLIENT_URL_MAX);
    enum err err = str_cstr(ctx->arena, sending->call->url, &sending->url);
    if (err == ERR_INPUT)
        return err_input(&ctx->err, "url", "must not hold a NUL");
    if (err)
        return err_memory(&ctx->err);
    CURLU *parts = curl_url();
    if (!parts)
        return err_memory(&ctx->err);
    err = take_parts(sending, parts);
    curl_url_cleanup(parts);
    return err;
}
