/* Passkeys: the checks of the Web Authentication standard. */
#include "guard/webauthn.h"

#include <sodium.h>

#include "base/base64.h"
#include "base/json.h"
#include "guard/cbor.h"
#include "guard/cose.h"

enum { HASH_SIZE = crypto_hash_sha256_BYTES, AAGUID_SIZE = 16 };

enum {
    FLAG_PRESENT = 0x01,
    FLAG_VERIFIED = 0x04,
    FLAG_MAY_SYNC = 0x08,
    FLAG_SYNCED = 0x10,
    FLAG_KEY = 0x40,
    FLAG_EXTENSIONS = 0x80,
};

/* The authenticator's data, taken apart. */
struct data {
    struct str site_hash;
    unsigned flags;
    int64_t uses;
    struct str id;
    struct cose_key key; /* with FLAG_KEY alone */
};

static enum err wrong(struct ctx *ctx, const char *what)
{
    return err_fail(&ctx->err, ERR_INPUT, "This passkey could not be checked.", "passkey: %s",
                    what);
}

static void hash_of(struct str text, unsigned char hash[HASH_SIZE])
{
    crypto_hash_sha256(hash, (const unsigned char *)text.ptr, text.len);
}

/* True where the member is a text of these very bytes. */
static bool says(const struct json *object, const char *name, struct str expected)
{
    struct str text;
    return json_str(json_get(object, name), &text) == ERR_OK && str_equal(text, expected);
}

static enum err check_client(struct ctx *ctx, const struct webauthn_site *site,
                             struct str challenge, const char *type, struct str sent)
{
    char bytes[WEBAUTHN_CHALLENGE_SIZE * 2];
    struct buf expected;
    struct json *client;
    bool crossed = false;
    const struct json *cross;
    if (sent.len > WEBAUTHN_CLIENT_MAX)
        return wrong(ctx, "the client's data is too long");
    buf_init_fixed(&expected, bytes, sizeof bytes);
    base64_add(&expected, challenge);
    TRY(buf_err(&expected));
    TRY(json_read(ctx, sent, &client));
    if (!says(client, "type", str_from(type)))
        return wrong(ctx, "an answer to another question");
    if (challenge.len != WEBAUTHN_CHALLENGE_SIZE || !says(client, "challenge", buf_str(&expected)))
        return wrong(ctx, "another challenge");
    if (!says(client, "origin", site->origin))
        return wrong(ctx, "another origin");
    cross = json_get(client, "crossOrigin");
    if ((cross && json_bool(cross, &crossed)) || crossed || json_get(client, "topOrigin"))
        return wrong(ctx, "a page within another site's page");
    return ERR_OK;
}

static bool take(struct str *rest, size_t len, struct str *taken)
{
    if (rest->len < len)
        return false;
    *taken = str_slice(*rest, 0, len);
    *rest = str_slice(*rest, len, rest->len);
    return true;
}

static int64_t number_of(struct str bytes)
{
    int64_t number = 0;
    for (size_t i = 0; i < bytes.len; i++)
        number = number << 8 | (unsigned char)bytes.ptr[i];
    return number;
}

static enum err read_key(struct ctx *ctx, struct str *rest, struct data *data)
{
    struct str aaguid, len;
    if (!take(rest, AAGUID_SIZE, &aaguid) || !take(rest, 2, &len) ||
        !take(rest, (size_t)number_of(len), &data->id))
        return wrong(ctx, "it ends within the passkey's id");
    if (data->id.len < WEBAUTHN_ID_MIN || data->id.len > WEBAUTHN_ID_MAX)
        return wrong(ctx, "an id of a length that none has");
    return cose_read(ctx, rest, &data->key);
}

static enum err read_data(struct ctx *ctx, struct str sent, struct data *data)
{
    struct str flags, uses, rest = sent;
    struct cbor *extensions;
    if (sent.len > WEBAUTHN_DATA_MAX)
        return wrong(ctx, "the authenticator's data is too long");
    if (!take(&rest, HASH_SIZE, &data->site_hash) || !take(&rest, 1, &flags) ||
        !take(&rest, 4, &uses))
        return wrong(ctx, "the authenticator's data is too short");
    data->flags = (unsigned)number_of(flags);
    data->uses = number_of(uses);
    if (data->flags & FLAG_KEY)
        TRY(read_key(ctx, &rest, data));
    if (data->flags & FLAG_EXTENSIONS) {
        TRY(cbor_read(ctx, &rest, &extensions));
        if (extensions->kind != CBOR_MAP)
            return wrong(ctx, "extensions that are no map");
    }
    return rest.len ? wrong(ctx, "something behind the authenticator's data") : ERR_OK;
}

static enum err check_data(struct ctx *ctx, const struct webauthn_site *site,
                           const struct data *data, bool is_new)
{
    unsigned char hash[HASH_SIZE];
    hash_of(site->id, hash);
    if (!str_equal(data->site_hash, str_make((const char *)hash, sizeof hash)))
        return wrong(ctx, "another site");
    if (!(data->flags & FLAG_PRESENT))
        return wrong(ctx, "nobody was there");
    if (site->verified && !(data->flags & FLAG_VERIFIED))
        return wrong(ctx, "the person was not verified");
    if ((data->flags & FLAG_SYNCED) && !(data->flags & FLAG_MAY_SYNC))
        return wrong(ctx, "synced, though it never may be");
    if (!(data->flags & FLAG_KEY) == is_new)
        return wrong(ctx, is_new ? "no key" : "a key where none is due");
    return ERR_OK;
}

/* "none" has an empty statement; every other is read as far as CBOR goes. */
static enum err read_attestation(struct ctx *ctx, struct str sent, struct str *data)
{
    struct cbor *root;
    struct str format, rest = sent;
    const struct cbor *statement;
    if (sent.len > WEBAUTHN_MADE_MAX)
        return wrong(ctx, "the attestation is too long");
    TRY(cbor_read(ctx, &rest, &root));
    statement = cbor_get(root, "attStmt");
    if (rest.len || cbor_text(cbor_get(root, "fmt"), &format) || !statement ||
        statement->kind != CBOR_MAP || cbor_bytes(cbor_get(root, "authData"), data))
        return wrong(ctx, "an attestation that is none");
    if (str_equal(format, STR("none")) && statement->count)
        return wrong(ctx, "a statement where none was said");
    return ERR_OK;
}

enum err webauthn_register(struct ctx *ctx, const struct webauthn_site *site, struct str challenge,
                           const struct webauthn_answer *answer, struct webauthn_passkey *passkey)
{
    struct str bytes;
    struct data data = {0};
    TRY(check_client(ctx, site, challenge, "webauthn.create", answer->client));
    TRY(read_attestation(ctx, answer->data, &bytes));
    TRY(read_data(ctx, bytes, &data));
    TRY(check_data(ctx, site, &data, true));
    if (!str_equal(data.id, answer->id))
        return wrong(ctx, "an id that is not the key's");
    *passkey = (struct webauthn_passkey){.id = data.id,
                                         .key = data.key.bytes,
                                         .uses = data.uses,
                                         .synced = (data.flags & FLAG_SYNCED) != 0};
    return ERR_OK;
}

/* What is signed: the authenticator's data, and the hash of the client's. */
static enum err check_signature(struct ctx *ctx, const struct webauthn_answer *answer,
                                struct str stored_key)
{
    unsigned char hash[HASH_SIZE];
    struct buf message;
    struct cose_key key;
    hash_of(answer->client, hash);
    buf_init(&message, ctx->arena, WEBAUTHN_DATA_MAX + HASH_SIZE);
    buf_add(&message, answer->data);
    buf_add(&message, str_make((const char *)hash, sizeof hash));
    if (buf_err(&message))
        return err_memory(&ctx->err);
    TRY(cose_read(ctx, &stored_key, &key));
    return cose_verify(ctx, &key, buf_str(&message), answer->signature);
}

enum err webauthn_check(struct ctx *ctx, const struct webauthn_site *site, struct str challenge,
                        const struct webauthn_answer *answer, struct webauthn_passkey *passkey)
{
    struct data data = {0};
    TRY(check_client(ctx, site, challenge, "webauthn.get", answer->client));
    TRY(read_data(ctx, answer->data, &data));
    TRY(check_data(ctx, site, &data, false));
    if (!str_equal(answer->id, passkey->id))
        return wrong(ctx, "another passkey");
    TRY(check_signature(ctx, answer, passkey->key));
    if ((data.uses || passkey->uses) && data.uses <= passkey->uses)
        return wrong(ctx, "its counter went back: it may have been copied");
    passkey->uses = data.uses;
    passkey->synced = (data.flags & FLAG_SYNCED) != 0;
    return ERR_OK;
}
