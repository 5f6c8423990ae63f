/* An authenticator in software. */
#include "authenticator.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <string.h>

#include "base/base64.h"
#include "guard/cose.h"

enum { BYTES_MAX = 16 << 10, HASH_SIZE = 32, RSA_BITS = 2048, NUMBER_MAX = 512 };

static EVP_PKEY *new_key(int64_t algorithm)
{
    if (algorithm == COSE_RS256)
        return EVP_RSA_gen(RSA_BITS);
    return algorithm == COSE_ES256 ? EVP_EC_gen("P-256") : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
}

void authenticator_init(struct test *t, struct authenticator *key, int64_t algorithm)
{
    *key = (struct authenticator){.algorithm = algorithm,
                                  .key = new_key(algorithm),
                                  .flags = 1,
                                  .origin = STR("https://stoa.example"),
                                  .site = STR("stoa.example"),
                                  .format = STR("none"),
                                  .statement = STR("\xa0")};
    REQUIRE(key->key);
    rand_fill(t->ctx->rand, key->id, sizeof key->id);
}

void authenticator_release(struct authenticator *key)
{
    EVP_PKEY_free(key->key);
}

static void add_head(struct buf *out, unsigned major, size_t number)
{
    if (number < 24) {
        buf_addc(out, (char)(major << 5 | number));
    } else if (number < 256) {
        buf_addc(out, (char)(major << 5 | 24));
        buf_addc(out, (char)number);
    } else {
        buf_addc(out, (char)(major << 5 | 25));
        buf_addc(out, (char)(number >> 8));
        buf_addc(out, (char)(number & 255));
    }
}

static void add_int(struct buf *out, int64_t number)
{
    add_head(out, number < 0, (size_t)(number < 0 ? -1 - number : number));
}

static void add_bytes(struct buf *out, unsigned major, struct str bytes)
{
    add_head(out, major, bytes.len);
    buf_add(out, bytes);
}

static void add_label(struct buf *out, int64_t label, int64_t number)
{
    add_int(out, label);
    add_int(out, number);
}

/* A number of the key, of `size` bytes; 0 as long as it is. */
static void add_number(struct buf *out, int64_t label, const EVP_PKEY *key, const char *name,
                       int size)
{
    BIGNUM *number = NULL;
    unsigned char bytes[NUMBER_MAX];
    if (EVP_PKEY_get_bn_param(key, name, &number) != 1)
        buf_fail(out, ERR_INTERNAL);
    size = size ? size : BN_num_bytes(number);
    if (BN_bn2binpad(number, bytes, size) != size)
        buf_fail(out, ERR_INTERNAL);
    BN_free(number);
    add_int(out, label);
    add_bytes(out, 2, str_make((const char *)bytes, (size_t)size));
}

static void add_ed25519(struct buf *out, const EVP_PKEY *key)
{
    unsigned char bytes[32];
    size_t size = sizeof bytes;
    if (EVP_PKEY_get_raw_public_key(key, bytes, &size) != 1)
        buf_fail(out, ERR_INTERNAL);
    add_int(out, -2);
    add_bytes(out, 2, str_make((const char *)bytes, size));
}

static void add_cose(struct buf *out, const struct authenticator *key)
{
    bool rsa = key->algorithm == COSE_RS256, ec = key->algorithm == COSE_ES256;
    add_head(out, 5, ec ? 5 : 4);
    add_label(out, 1, rsa ? 3 : ec ? 2 : 1);
    add_label(out, 3, key->algorithm);
    if (rsa) {
        add_number(out, -1, key->key, OSSL_PKEY_PARAM_RSA_N, 0);
        add_number(out, -2, key->key, OSSL_PKEY_PARAM_RSA_E, 0);
        return;
    }
    add_label(out, -1, ec ? 1 : 6);
    if (!ec) {
        add_ed25519(out, key->key);
        return;
    }
    add_number(out, -2, key->key, OSSL_PKEY_PARAM_EC_PUB_X, 32);
    add_number(out, -3, key->key, OSSL_PKEY_PARAM_EC_PUB_Y, 32);
}

struct str authenticator_cose(struct test *t, const struct authenticator *key)
{
    struct buf out;
    buf_init(&out, t->arena, BYTES_MAX);
    add_cose(&out, key);
    REQUIRE(!buf_err(&out));
    return buf_str(&out);
}

static struct str client_data(struct test *t, const struct authenticator *key, const char *type,
                              struct str challenge)
{
    struct buf out;
    buf_init(&out, t->arena, BYTES_MAX);
    buf_addf(&out, "{\"type\":\"%s\",\"challenge\":\"", type);
    base64_add(&out, challenge);
    buf_add(&out, STR("\",\"origin\":\""));
    buf_add(&out, key->origin);
    buf_addc(&out, '"');
    buf_add(&out, key->client_more);
    buf_addc(&out, '}');
    REQUIRE(!buf_err(&out));
    return buf_str(&out);
}

static void add_data(struct buf *out, const struct authenticator *key, bool is_new)
{
    unsigned char hash[HASH_SIZE] = {0};
    EVP_Digest(key->site.ptr, key->site.len, hash, NULL, EVP_sha256(), NULL);
    buf_add(out, str_make((const char *)hash, sizeof hash));
    buf_addc(out, (char)(key->flags | (is_new ? 0x40 : 0)));
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_addc(out, (char)(key->uses >> shift & 255));
    if (is_new) {
        for (int i = 0; i < 16; i++)
            buf_addc(out, '\0');
        buf_addc(out, '\0');
        buf_addc(out, (char)sizeof key->id);
        buf_add(out, str_make(key->id, sizeof key->id));
        add_cose(out, key);
    }
    buf_add(out, key->data_more);
}

struct webauthn_answer authenticator_make(struct test *t, struct authenticator *key,
                                          struct str challenge)
{
    struct buf data, out;
    buf_init(&data, t->arena, BYTES_MAX);
    buf_init(&out, t->arena, BYTES_MAX);
    add_data(&data, key, true);
    add_head(&out, 5, 3);
    add_bytes(&out, 3, STR("fmt"));
    add_bytes(&out, 3, key->format);
    add_bytes(&out, 3, STR("attStmt"));
    buf_add(&out, key->statement);
    add_bytes(&out, 3, STR("authData"));
    add_bytes(&out, 2, buf_str(&data));
    REQUIRE(!buf_err(&data) && !buf_err(&out));
    return (struct webauthn_answer){.id = str_make(key->id, sizeof key->id),
                                    .client = client_data(t, key, "webauthn.create", challenge),
                                    .data = buf_str(&out)};
}

static struct str signature_of(struct test *t, const struct authenticator *key, struct str data,
                               struct str client)
{
    struct buf message;
    unsigned char hash[HASH_SIZE] = {0}, *signature = arena_bytes(t->arena, NUMBER_MAX);
    size_t size = NUMBER_MAX;
    const char *digest = key->algorithm == COSE_EDDSA ? NULL : "SHA256";
    EVP_MD_CTX *signer = EVP_MD_CTX_new();
    EVP_Digest(client.ptr, client.len, hash, NULL, EVP_sha256(), NULL);
    buf_init(&message, t->arena, BYTES_MAX);
    buf_add(&message, data);
    buf_add(&message, str_make((const char *)hash, sizeof hash));
    REQUIRE(signature && !buf_err(&message));
    REQUIRE(EVP_DigestSignInit_ex(signer, NULL, digest, NULL, NULL, key->key, NULL) == 1);
    REQUIRE(EVP_DigestSign(signer, signature, &size, (const unsigned char *)message.ptr,
                           message.len) == 1);
    EVP_MD_CTX_free(signer);
    return str_make((const char *)signature, size);
}

struct webauthn_answer authenticator_sign(struct test *t, struct authenticator *key,
                                          struct str challenge)
{
    struct buf data;
    struct webauthn_answer answer = {.id = str_make(key->id, sizeof key->id),
                                     .client = client_data(t, key, "webauthn.get", challenge)};
    buf_init(&data, t->arena, BYTES_MAX);
    key->uses++;
    add_data(&data, key, false);
    REQUIRE(!buf_err(&data));
    answer.data = buf_str(&data);
    answer.signature = signature_of(t, key, answer.data, answer.client);
    return answer;
}
