/* COSE keys, and the signatures they check, by OpenSSL. */
#include "guard/cose.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

#include "guard/cbor.h"

/* The labels of a key's members, and the values they may have. */
enum { LABEL_TYPE = 1, LABEL_ALGORITHM = 3, LABEL_CURVE = -1, LABEL_X = -2, LABEL_Y = -3 };
enum { LABEL_N = -1, LABEL_E = -2 };
enum { TYPE_OKP = 1, TYPE_EC2 = 2, TYPE_RSA = 3 };
enum { CURVE_NONE = 0, CURVE_P256 = 1, CURVE_ED25519 = 6 };
enum { COORDINATE = 32, RSA_MIN = 256, RSA_MAX = 512, EXPONENT = 3 };

/* OpenSSL takes the numbers of an RSA key in the machine's order; turning them round is right here.
 */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "RSA keys are turned round");

typedef EVP_PKEY *open_key(struct ctx *ctx, const struct cose_key *key);

static EVP_PKEY *key_from(const char *type, OSSL_PARAM *params)
{
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    if (maker && EVP_PKEY_fromdata_init(maker) == 1 &&
        EVP_PKEY_fromdata(maker, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        key = NULL;
    EVP_PKEY_CTX_free(maker);
    return key;
}

/* A point that is not on the curve is refused by OpenSSL. */
static EVP_PKEY *open_es256(struct ctx *ctx, const struct cose_key *key)
{
    (void)ctx;
    char group[] = "P-256";
    unsigned char point[1 + 2 * COORDINATE] = {4};
    memcpy(point + 1, key->first.ptr, COORDINATE);
    memcpy(point + 1 + COORDINATE, key->second.ptr, COORDINATE);
    OSSL_PARAM params[] = {
        OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group - 1),
        OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point),
        OSSL_PARAM_END,
    };
    return key_from("EC", params);
}

static EVP_PKEY *open_ed25519(struct ctx *ctx, const struct cose_key *key)
{
    (void)ctx;
    return EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL,
                                          (const unsigned char *)key->first.ptr, COORDINATE);
}

static unsigned char *turned_round(struct ctx *ctx, struct str number)
{
    unsigned char *turned = arena_bytes(ctx->arena, number.len);
    for (size_t i = 0; turned && i < number.len; i++)
        turned[i] = (unsigned char)number.ptr[number.len - 1 - i];
    return turned;
}

static EVP_PKEY *open_rsa(struct ctx *ctx, const struct cose_key *key)
{
    unsigned char *n = turned_round(ctx, key->first), *e = turned_round(ctx, key->second);
    if (!n || !e)
        return NULL;
    OSSL_PARAM params[] = {
        OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_N, n, key->first.len),
        OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_E, e, key->second.len),
        OSSL_PARAM_END,
    };
    return key_from("RSA", params);
}

static const struct algorithm {
    int64_t id, type, curve, first, second; /* the labels of its two texts, 0 where it has one */
    size_t first_min, first_max, second_len;
    const char *digest;
    open_key *open;
} algorithms[] = {
    {COSE_ES256, TYPE_EC2, CURVE_P256, LABEL_X, LABEL_Y, COORDINATE, COORDINATE, COORDINATE,
     "SHA256", open_es256},
    {COSE_EDDSA, TYPE_OKP, CURVE_ED25519, LABEL_X, 0, COORDINATE, COORDINATE, 0, NULL,
     open_ed25519},
    {COSE_RS256, TYPE_RSA, CURVE_NONE, LABEL_N, LABEL_E, RSA_MIN, RSA_MAX, EXPONENT, "SHA256",
     open_rsa},
};

static enum err wrong(struct ctx *ctx, const char *what)
{
    return err_fail(&ctx->err, ERR_INPUT, "This passkey cannot be used here.", "COSE: %s", what);
}

/* What OpenSSL says of its failure is only whether memory was its reason; the rest is forgotten. */
static enum err openssl_wrong(struct ctx *ctx, const char *what)
{
    bool memory = ERR_GET_REASON(ERR_peek_error()) == ERR_R_MALLOC_FAILURE;
    ERR_clear_error();
    return memory ? err_memory(&ctx->err) : wrong(ctx, what);
}

static const struct algorithm *algorithm_find(int64_t id)
{
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++)
        if (algorithms[i].id == id)
            return &algorithms[i];
    return NULL;
}

static bool is_number(const struct cbor *value, int64_t expected)
{
    int64_t number = 0;
    return cbor_int(value, &number) == ERR_OK && number == expected;
}

static enum err read_members(struct ctx *ctx, const struct cbor *map, struct cose_key *key)
{
    if (cbor_int(cbor_at(map, LABEL_ALGORITHM), &key->algorithm))
        return wrong(ctx, "a key without its algorithm");
    const struct algorithm *algorithm = algorithm_find(key->algorithm);
    if (!algorithm)
        return wrong(ctx, "an algorithm that is not taken");
    if (!is_number(cbor_at(map, LABEL_TYPE), algorithm->type) ||
        (algorithm->curve && !is_number(cbor_at(map, LABEL_CURVE), algorithm->curve)))
        return wrong(ctx, "a type or curve that is not its algorithm's");
    if (cbor_bytes(cbor_at(map, algorithm->first), &key->first) ||
        key->first.len < algorithm->first_min || key->first.len > algorithm->first_max)
        return wrong(ctx, "a first number of the wrong length");
    key->second = STR("");
    if (algorithm->second && (cbor_bytes(cbor_at(map, algorithm->second), &key->second) ||
                              key->second.len != algorithm->second_len))
        return wrong(ctx, "a second number of the wrong length");
    return ERR_OK;
}

static enum err key_open(struct ctx *ctx, const struct cose_key *key, EVP_PKEY **opened)
{
    *opened = algorithm_find(key->algorithm)->open(ctx, key);
    return *opened ? ERR_OK : openssl_wrong(ctx, "a key that is none");
}

enum err cose_read(struct ctx *ctx, struct str *rest, struct cose_key *key)
{
    struct cbor *map;
    struct str all = *rest;
    EVP_PKEY *opened;
    TRY(cbor_read(ctx, rest, &map));
    key->bytes = str_slice(all, 0, all.len - rest->len);
    if (key->bytes.len > COSE_KEY_MAX)
        return wrong(ctx, "a key that is too long");
    TRY(read_members(ctx, map, key));
    TRY(key_open(ctx, key, &opened));
    EVP_PKEY_free(opened);
    return ERR_OK;
}

enum err cose_verify(struct ctx *ctx, const struct cose_key *key, struct str message,
                     struct str signature)
{
    EVP_PKEY *opened;
    if (signature.len == 0 || signature.len > COSE_SIGNATURE_MAX)
        return wrong(ctx, "a signature of no right length");
    TRY(key_open(ctx, key, &opened));
    EVP_MD_CTX *checker = EVP_MD_CTX_new();
    const char *digest = algorithm_find(key->algorithm)->digest;
    bool right = checker &&
                 EVP_DigestVerifyInit_ex(checker, NULL, digest, NULL, NULL, opened, NULL) == 1 &&
                 EVP_DigestVerify(checker, (const unsigned char *)signature.ptr, signature.len,
                                  (const unsigned char *)message.ptr, message.len) == 1;
    EVP_MD_CTX_free(checker);
    EVP_PKEY_free(opened);
    return right ? ERR_OK : openssl_wrong(ctx, "a wrong signature");
}
