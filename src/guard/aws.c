/* Checks signatures of AWS's kind, and derives the secrets that they are made with. */
#include "guard/aws.h"

#include <sodium.h>
#include <string.h>

#include "base/base64.h"
#include "web/route.h"

enum { ASKED_MAX = 3 * HTTP_HEAD_MAX + (4 << 10), HASH_SIZE = crypto_auth_hmacsha256_BYTES };

static const char purpose[] = "aws";

_Static_assert((int)SECRETS_KEY_SIZE == (int)crypto_auth_hmacsha256_KEYBYTES, "a key of HMAC");

uint32_t aws_newest(const struct secrets *secrets)
{
    return secrets_newest(secrets, purpose);
}

enum err aws_secret(struct secrets *secrets, struct ctx *ctx, uint32_t version, struct str id,
                    char secret[AWS_SECRET_TEXT])
{
    uint8_t key[SECRETS_KEY_SIZE], hash[HASH_SIZE];
    struct buf out;
    TRY(secrets_key_version(secrets, ctx, purpose, version, key));
    crypto_auth_hmacsha256(hash, (const unsigned char *)id.ptr, id.len, key);
    buf_init_fixed(&out, secret, AWS_SECRET_TEXT - 1);
    base64_add(&out, str_make((const char *)hash, sizeof hash));
    secret[out.len] = '\0';
    sodium_memzero(key, sizeof key);
    sodium_memzero(hash, sizeof hash);
    return buf_err(&out);
}

bool aws_signs(const struct request *request)
{
    return str_starts(request_header(request, STR("Authorization")), STR(SIGV4_ALGORITHM));
}

static enum err refuse(struct request *request, const char *field, const char *words)
{
    struct err_record *err = &request->ctx->err;
    request->response.status = 403;
    (void)err_input(err, field, "%s", words);
    err->code = ERR_SIGNED_OUT;
    return ERR_SIGNED_OUT;
}

/* "20261121T072149Z"; what is put between makes RFC 3339 of it. */
static enum err parse_time(struct str text, int64_t *time_us)
{
    static const char pattern[] = "....-..-..T..:..:..Z";
    char full[sizeof pattern];
    size_t at = 0;
    if (text.len != SIGV4_TIME_LEN || text.ptr[SIGV4_DAY_LEN] != 'T')
        return ERR_INPUT;
    for (size_t i = 0; i < sizeof pattern - 1; i++)
        full[i] = strchr("-:", pattern[i]) ? pattern[i] : text.ptr[at++];
    return clock_parse(str_make(full, sizeof pattern - 1), time_us);
}

static enum err check_time(struct request *request, struct aws *aws)
{
    int64_t time_us = 0, now_us = clock_now_us(request->ctx->clock);
    aws->scope.time = request_header(request, STR("X-Amz-Date"));
    if (parse_time(aws->scope.time, &time_us) ||
        !str_equal(aws->day, str_slice(aws->scope.time, 0, SIGV4_DAY_LEN)))
        return refuse(request, "Authorization",
                      "X-Amz-Date must be the time, as in 20261121T072149Z, and the credential's "
                      "day the same.");
    if (time_us < now_us - AWS_WINDOW_US || time_us > now_us + AWS_WINDOW_US)
        return refuse(request, "X-Amz-Date",
                      "The request was signed more than 15 minutes from now. Set the clock.");
    return ERR_OK;
}

enum err aws_read(struct request *request, struct aws *aws)
{
    const struct http_head *head = request->head;
    if (request_header(request, STR("X-Amz-Security-Token")).len)
        return refuse(request, "X-Amz-Security-Token",
                      "Temporary credentials are not taken; use an access key of /admin/keys, "
                      "without a session token.");
    if (!aws_parse(request_header(request, STR("Authorization")), aws))
        return refuse(
            request, "Authorization",
            "Authorization must name Credential, SignedHeaders (host and x-amz-date among "
            "them) and Signature.");
    for (size_t i = 0; i < head->header_count; i++) {
        struct str name = head->headers[i].name;
        if (str_equal_nocase(str_slice(name, 0, 6), STR("x-amz-")) && !aws_names(aws, name))
            return refuse(request, "Authorization", "Each X-Amz-… header must be signed.");
    }
    if (request->route->flags & ROUTE_STREAM)
        return refuse(request, "Authorization", "What is streamed cannot be signed.");
    return check_time(request, aws);
}

enum err aws_refuse_key(struct request *request)
{
    struct err_record found = request->ctx->err;
    (void)refuse(request, "Credential", "This access key is not in force.");
    memcpy(request->ctx->err.operator, found.operator, sizeof found.operator);
    return ERR_SIGNED_OUT;
}

enum err aws_check(struct request *request, const struct aws *aws, const struct key *key)
{
    struct ctx *ctx = request->ctx;
    char secret[AWS_SECRET_TEXT], body_hash[SIGV4_HEX], right[SIGV4_HEX];
    struct str hash = request_header(request, STR("X-Amz-Content-Sha256"));
    struct buf asked;
    sigv4_hash(request->body, body_hash);
    if (hash.len && !str_equal(hash, str_from(body_hash)))
        return refuse(request, "Signature", "X-Amz-Content-Sha256 is not the body's.");
    buf_init(&asked, ctx->arena, ASKED_MAX);
    aws_add_asked(&asked, request->head, aws->names, body_hash);
    if (buf_err(&asked) == ERR_LIMIT)
        return refuse(request, "Signature", "The query is too long.");
    TRY(buf_err(&asked) ? err_memory(&ctx->err) : ERR_OK);
    TRY(aws_secret(request->ports->secrets, ctx, key->signs, key->id, secret));
    enum err err = sigv4_sign(ctx, &aws->scope, str_from(secret), buf_str(&asked), right);
    sodium_memzero(secret, sizeof secret);
    TRY(err);
    return sodium_memcmp(right, aws->signature.ptr, SIGV4_HEX - 1) == 0
               ? ERR_OK
               : refuse(request, "Signature",
                        "The signature is not right. Check the secret access key, and that no "
                        "proxy changes the request's host or path.");
}
