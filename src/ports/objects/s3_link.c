/* Links that whoever has them may follow until they end: Signature Version 4 in the query. */
#include <stdio.h>

#include "base/percent.h"
#include "ports/http/sigv4.h"
#include "ports/objects/s3_inside.h"

enum { SCOPE_MAX = S3_TEXT_MAX + 64, TIME_MAX = 64 };

struct link {
    const struct objects_store *store;
    struct ctx *ctx;
    char time[TIME_MAX], day[TIME_MAX], scope[SCOPE_MAX];
    struct str path, query; /* encoded */
};

static const char *const methods[] = {[OBJECTS_LINK_GET] = "GET", [OBJECTS_LINK_PUT] = "PUT"};

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
    s3_add_pair(&out, "X-Amz-Algorithm", STR(SIGV4_ALGORITHM));
    s3_add_pair(&out, "X-Amz-Credential", buf_str(&credential));
    s3_add_pair(&out, "X-Amz-Date", str_from(link->time));
    s3_add_pair(&out, "X-Amz-Expires", buf_str(&lasts));
    s3_add_pair(&out, "X-Amz-SignedHeaders", STR("host"));
    link->query = buf_str(&out);
    return buf_err(&out) || buf_err(&credential) || buf_err(&lasts) ? err_memory(&link->ctx->err)
                                                                    : ERR_OK;
}

static enum err sign(struct link *link, const char *method, char signature[SIGV4_HEX])
{
    struct buf asked;
    struct str rest, host = base_host(link->store, &rest);
    const struct sigv4 scope = {.time = str_from(link->time),
                                .region = str_from(link->store->region),
                                .service = STR("s3")};
    buf_init(&asked, link->ctx->arena, S3_LINK_MAX);
    buf_addf(&asked, "%s\n" STR_FMT "\n" STR_FMT "\nhost:" STR_FMT "\n\nhost\nUNSIGNED-PAYLOAD",
             method, STR_ARG(link->path), STR_ARG(link->query), STR_ARG(host));
    if (buf_err(&asked))
        return err_memory(&link->ctx->err);
    return sigv4_sign(link->ctx, &scope, str_from(link->store->secret), buf_str(&asked), signature);
}

enum err s3_link(struct objects_store *store, struct ctx *ctx, enum objects_link_use use,
                 struct str name, int64_t lasts_s, struct str *url)
{
    struct link link = {.store = store, .ctx = ctx};
    struct civil now = civil_from_us(clock_now_us(ctx->clock));
    struct str base = str_from(store->base), rest;
    struct str host = base_host(store, &rest);
    char signature[SIGV4_HEX];
    struct buf out;
    snprintf(link.day, sizeof link.day, "%04d%02d%02d", now.year, now.month, now.day);
    snprintf(link.time, sizeof link.time, "%.16sT%02d%02d%02dZ", link.day, now.hour, now.minute,
             now.second);
    snprintf(link.scope, sizeof link.scope, "%.16s/%s/s3/" SIGV4_END, link.day, store->region);
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
