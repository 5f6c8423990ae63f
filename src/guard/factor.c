/* Second factors of people, as the database has them. */
#include "guard/factor.h"

#include <sodium.h>

#include "base/base64.h"
#include "ports/secrets/secrets.h"

/* A sealed secret: the key's version, the nonce, and the ciphertext with its tag. */
enum {
    VERSION_SIZE = 4,
    NONCE_SIZE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_SIZE = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    SEALED_SIZE = VERSION_SIZE + NONCE_SIZE + TOTP_SECRET_SIZE + TAG_SIZE,
};

_Static_assert(SECRETS_KEY_SIZE == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "the key's size");

enum err factor_read(struct tx *tx, struct str person, struct factors *factors)
{
    struct totp_find_row app;
    struct recovery_count_row left;
    enum err err = totp_find(tx, person, &app);
    if (err && err != ERR_MISSING)
        return err;
    err_clear(&tx->ctx->err);
    TRY(recovery_count(tx, person, &left));
    TRY(passkey_of(tx, person, &factors->passkeys));
    factors->app = err == ERR_OK;
    factors->recovery = left.count;
    return ERR_OK;
}

enum err factor_end_all(struct tx *tx, struct str person)
{
    int64_t changed;
    TRY(totp_end(tx, person, &changed));
    TRY(passkey_end_all(tx, person));
    TRY(recovery_end_all(tx, person));
    return challenge_end_all(tx, person);
}

enum err factor_seal(struct ctx *ctx, struct secrets *secrets, struct str person,
                     const struct totp *totp, struct str *sealed)
{
    unsigned char key[SECRETS_KEY_SIZE], *out = arena_bytes(ctx->arena, SEALED_SIZE);
    uint32_t version = secrets_newest(secrets, "totp");
    if (!out)
        return err_memory(&ctx->err);
    TRY(secrets_key_version(secrets, ctx, "totp", version, key));
    for (int i = 0; i < VERSION_SIZE; i++)
        out[i] = (unsigned char)(version >> (8 * i) & 255);
    rand_fill(ctx->rand, out + VERSION_SIZE, NONCE_SIZE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        out + VERSION_SIZE + NONCE_SIZE, NULL, totp->secret, sizeof totp->secret,
        (const unsigned char *)person.ptr, person.len, NULL, out + VERSION_SIZE, key);
    sodium_memzero(key, sizeof key);
    *sealed = str_make((const char *)out, SEALED_SIZE);
    return ERR_OK;
}

enum err factor_open(struct ctx *ctx, struct secrets *secrets, struct str person, struct str sealed,
                     struct totp *totp)
{
    unsigned char key[SECRETS_KEY_SIZE];
    const unsigned char *in = (const unsigned char *)sealed.ptr;
    uint32_t version = 0;
    int opened = -1;
    for (size_t i = 0; i < VERSION_SIZE && sealed.len == SEALED_SIZE; i++)
        version |= (uint32_t)in[i] << (8 * i);
    if (version) {
        TRY(secrets_key_version(secrets, ctx, "totp", version, key));
        opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
            totp->secret, NULL, NULL, in + VERSION_SIZE + NONCE_SIZE, TOTP_SECRET_SIZE + TAG_SIZE,
            (const unsigned char *)person.ptr, person.len, in + VERSION_SIZE, key);
        sodium_memzero(key, sizeof key);
    }
    if (opened)
        return err_fail(&ctx->err, ERR_INTERNAL, "Your authenticator app cannot be read.",
                        "the secret of " STR_FMT " is not sealed for them", STR_ARG(person));
    return ERR_OK;
}

/* A host of digits and dots, or in brackets, is no name. */
static bool is_name(struct str host)
{
    for (size_t i = 0; i < host.len; i++)
        if (host.ptr[i] != '.' && (host.ptr[i] < '0' || host.ptr[i] > '9'))
            return host.ptr[0] != '[';
    return false;
}

bool factor_site(const struct guard *guard, struct webauthn_site *site)
{
    struct str rest = guard->site_url, host;
    size_t scheme = str_find(rest, STR("://"));
    if (scheme == STR_NONE)
        return false;
    rest = str_slice(rest, scheme + 3, rest.len);
    rest = str_slice(rest, 0, str_find_char(rest, '/'));
    site->origin = str_slice(guard->site_url, 0, scheme + 3 + rest.len);
    site->verified = false;
    if (!str_cut(&rest, ':', &host))
        return false;
    site->id = host;
    return is_name(host);
}

enum { IDS_MAX = PASSKEYS_EACH_MAX * 2 * WEBAUTHN_ID_MAX };

enum err factor_passkey_ids(struct ctx *ctx, const struct factors *factors, struct str *ids)
{
    struct buf out;
    buf_init(&out, ctx->arena, IDS_MAX);
    for (size_t i = 0; i < factors->passkeys.count; i++) {
        buf_add(&out, i ? STR(" ") : STR(""));
        buf_add(&out, factors->passkeys.rows[i].id);
    }
    *ids = buf_str(&out);
    return buf_err(&out) ? err_memory(&ctx->err) : ERR_OK;
}

enum err factor_base64(struct ctx *ctx, struct str bytes, struct str *text)
{
    struct buf out;
    buf_init(&out, ctx->arena, 2 * bytes.len + 4);
    base64_add(&out, bytes);
    *text = buf_str(&out);
    return buf_err(&out) ? err_memory(&ctx->err) : ERR_OK;
}

enum err factor_answer(struct ctx *ctx, const struct passkey_texts *texts,
                       struct webauthn_answer *answer)
{
    const struct {
        struct str text, *bytes;
    } rows[] = {{texts->id, &answer->id},
                {texts->client, &answer->client},
                {texts->data, &answer->data},
                {texts->signature, &answer->signature}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum err err = base64_read(ctx->arena, rows[i].text, rows[i].bytes);
        if (err == ERR_MEMORY)
            return err_memory(&ctx->err);
        if (err)
            return err_fail(&ctx->err, ERR_INPUT, "This passkey could not be checked.",
                            "the passkey's answer is not base64");
    }
    return ERR_OK;
}
