/* Links that whoever has them may follow until they end: Signature Version 4 in the query. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/percent.h"
#include "ports/objects/s3_inside.h"

enum { SCOPE_MAX = S3_TEXT_MAX + 64, TIME_MAX = 64, HASH_HEX = 2 * crypto_hash_sha256_BYTES + 1 };

struct link {
    const struct objects_store *store;
    struct ctx *ctx;
    char time[TIME_MAX], day[TIME_MAX], scope[SCOPE_MAX];
    struct str path, query; /* encoded */
};

static const char *const methods[] = {[OBJECTS_LINK_GET] = "GET", [OBJECTS_LINK_PUT] = "PUT"};

static void hash_hex(struct str text, char hex[HASH_HEX])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)text.ptr, text.len);
    sodium_bin2hex(hex, HASH_HEX, hash, sizeof hash);
}

static void mac(const unsigned char *key, size_t key_len, struct str text,
                unsigned char out[crypto_auth_hmacsha256_BYTES])
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, key_len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)text.ptr, text.len);
    crypto_auth_hmacsha256_final(&state, out);
}

/* Scheme and host are the base's up to its third slash. */
static struct str base_host(const struct objects_store *store, struct str *rest)
{
    struct str host = {0}, head;
    *rest = str_from(store->base);
    for (int i = 0; i < 3 && str_cut(rest, '/', &head); i++)
        host = head;
    return host;
}

static enum err make_path(struct link *link, struct str name)
{
    struct buf out;
    struct str bucket;
    base_host(link->store, &bucket);
    buf_init(&out, link->ctx->arena, HTTP_CLIENT_URL_MAX);
    buf_addc(&out, '/');
    buf_add(&out, bucket);
    if (bucket.len)
        buf_addc(&out, '/');
    percent_add(&out, name, "/");
    link->path = buf_str(&out);
    return buf_err(&out) ? err_memory(&link->ctx->err) : ERR_OK;
}

static enum err make_query(struct link *link, int64_t lasts_s)
{
    struct buf out, credential, lasts;
    struct arena *arena = link->ctx->arena;
    buf_init(&out, arena, HTTP_CLIENT_URL_MAX);
    buf_init(&credential, arena, HTTP_CLIENT_URL_MAX);
    buf_init(&lasts, arena, S3_TEXT_MAX);
    buf_addf(&credential, "%s/%s", link->store->key, link->scope);
    buf_add_int(&lasts, lasts_s);
    s3_add_pair(&out, "X-Amz-Algorithm", STR("AWS4-HMAC-SHA256"));
    s3_add_pair(&out, "X-Amz-Credential", buf_str(&credential));
    s3_add_pair(&out, "X-Amz-Date", str_from(link->time));
    s3_add_pair(&out, "X-Amz-Expires", buf_str(&lasts));
    s3_add_pair(&out, "X-Amz-SignedHeaders", STR("host"));
    link->query = buf_str(&out);
    return buf_err(&out) || buf_err(&credential) || buf_err(&lasts) ? err_memory(&link->ctx->err)
                                                                    : ERR_OK;
}

/* The key of the day, the region and the service, over what is asked. */
static enum err sign(struct link *link, const char *method, char signature[HASH_HEX])
{
    unsigned char key[crypto_auth_hmacsha256_BYTES];
    char asked_hash[HASH_HEX], begin[S3_TEXT_MAX + 8];
    struct buf asked, text;
    struct str rest, host = base_host(link->store, &rest);
    buf_init(&asked, link->ctx->arena, S3_LINK_MAX);
    buf_init(&text, link->ctx->arena, HTTP_CLIENT_URL_MAX);
    buf_addf(&asked, "%s\n" STR_FMT "\n" STR_FMT "\nhost:" STR_FMT "\n\nhost\nUNSIGNED-PAYLOAD",
             method, STR_ARG(link->path), STR_ARG(link->query), STR_ARG(host));
    hash_hex(buf_str(&asked), asked_hash);
    buf_addf(&text, "AWS4-HMAC-SHA256\n%s\n%s\n%s", link->time, link->scope, asked_hash);
    if (buf_err(&asked) || buf_err(&text))
        return err_memory(&link->ctx->err);
    int len = snprintf(begin, sizeof begin, "AWS4%s", link->store->secret);
    mac((unsigned char *)begin, (size_t)len, str_from(link->day), key);
    mac(key, sizeof key, str_from(link->store->region), key);
    mac(key, sizeof key, STR("s3"), key);
    mac(key, sizeof key, STR("aws4_request"), key);
    mac(key, sizeof key, buf_str(&text), key);
    sodium_bin2hex(signature, HASH_HEX, key, sizeof key);
    sodium_memzero(begin, sizeof begin);
    return ERR_OK;
}

enum err s3_link(struct objects_store *store, struct ctx *ctx, enum objects_link_use use,
                 struct str name, int64_t lasts_s, struct str *url)
{
    struct link link = {.store = store, .ctx = ctx};
    struct civil now = civil_from_us(clock_now_us(ctx->clock));
    struct str base = str_from(store->base), rest;
    struct str host = base_host(store, &rest);
    char signature[HASH_HEX];
    struct buf out;
    snprintf(link.day, sizeof link.day, "%04d%02d%02d", now.year, now.month, now.day);
    snprintf(link.time, sizeof link.time, "%.16sT%02d%02d%02dZ", link.day, now.hour, now.minute,
             now.second);
    snprintf(link.scope, sizeof link.scope, "%.16s/%s/s3/aws4_request", link.day, store->region);
    TRY(make_path(&link, name));
    TRY(make_query(&link, lasts_s));
    TRY(sign(&link, methods[use], signature));
    buf_init(&out, ctx->arena, S3_LINK_MAX);
    buf_add(&out, str_slice(base, 0, (size_t)(host.ptr - base.ptr) + host.len));
    buf_add(&out, link.path);
    buf_addc(&out, '?');
    buf_add(&out, link.query);
    buf_add(&out, STR("&X-Amz-Signature="));
    buf_add(&out, str_from(signature));
    *url = buf_str(&out);
    return buf_err(&out) ? err_memory(&ctx->err) : ERR_OK;
}
