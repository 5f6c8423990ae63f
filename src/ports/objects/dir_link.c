/* Links of our own to the objects of a folder: signed with a key, checked by the route that serves
 * them. */
#include <sodium.h>
#include <string.h>

#include "base/percent.h"
#include "ports/objects/dir_inside.h"

enum { SIGNATURE_HEX = 2 * crypto_auth_hmacsha256_BYTES };

static const char *const uses[] = {[OBJECTS_LINK_GET] = "GET", [OBJECTS_LINK_PUT] = "PUT"};

/* Of a text with one meaning: no part of it but the name, at its end, holds a line's end. */
static enum err sign(const struct objects_store *store, struct ctx *ctx, enum objects_link_use use,
                     struct str name, int64_t until_s, char hex[SIGNATURE_HEX + 1])
{
    unsigned char signature[crypto_auth_hmacsha256_BYTES];
    struct buf text;
    buf_init(&text, ctx->arena, DIR_PATH_MAX);
    buf_addf(&text, "%s\n", uses[use]);
    buf_add_int(&text, until_s);
    buf_addc(&text, '\n');
    buf_add(&text, name);
    if (buf_err(&text))
        return err_memory(&ctx->err);
    crypto_auth_hmacsha256(signature, (const unsigned char *)text.ptr, text.len, store->link_key);
    sodium_bin2hex(hex, SIGNATURE_HEX + 1, signature, sizeof signature);
    return ERR_OK;
}

enum err dir_link(struct objects_store *store, struct ctx *ctx, enum objects_link_use use,
                  struct str name, int64_t lasts_s, struct str *url)
{
    char signature[SIGNATURE_HEX + 1];
    int64_t until_s = clock_now_us(ctx->clock) / SECOND_US + lasts_s;
    struct buf out;
    if (!store->link_base[0])
        return err_fail(&ctx->err, ERR_CONFLICT, "Links to files are not set up.",
                        "the store was opened without a key and a base for links");
    TRY(sign(store, ctx, use, name, until_s, signature));
    buf_init(&out, ctx->arena, DIR_PATH_MAX + DIR_LINK_BASE_MAX);
    buf_add(&out, str_from(store->link_base));
    percent_add(&out, name, "/");
    buf_add(&out, STR("?until="));
    buf_add_int(&out, until_s);
    buf_add(&out, STR("&signature="));
    buf_add(&out, str_from(signature));
    *url = buf_str(&out);
    return buf_err(&out) ? err_memory(&ctx->err) : ERR_OK;
}

static enum err bad_link(struct ctx *ctx)
{
    return err_fail(&ctx->err, ERR_FORBIDDEN, "This link is not valid, or not any more.",
                    "a link to an object that is not signed so, or is too old");
}

enum err dir_link_check(struct objects_store *store, struct ctx *ctx, enum objects_link_use use,
                        struct str name, struct str query)
{
    char signature[SIGNATURE_HEX + 1];
    struct str until, begin = STR("until="), middle = STR("signature=");
    int64_t until_s = 0;
    if (!store->link_base[0] || !str_starts(query, begin))
        return bad_link(ctx);
    query = str_slice(query, begin.len, query.len);
    if (!str_cut(&query, '&', &until) || str_to_int(until, 0, INT64_MAX, &until_s) ||
        !str_starts(query, middle) || query.len != middle.len + SIGNATURE_HEX)
        return bad_link(ctx);
    TRY(sign(store, ctx, use, name, until_s, signature));
    if (sodium_memcmp(signature, query.ptr + middle.len, SIGNATURE_HEX) != 0 ||
        until_s <= clock_now_us(ctx->clock) / SECOND_US)
        return bad_link(ctx);
    return ERR_OK;
}
